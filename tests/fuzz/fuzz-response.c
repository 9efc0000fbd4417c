/* SPDX-License-Identifier: MIT
 *
 * Heads of answers, one behind the other: the lint and the reader give the same whole and cut into
 * pieces, and what the plain reading gives. */

#include "fuzz.h"
#include "h3/wire/http1-lint.h"
#include "h3/wire/http1-response-reader.h"
#include "plain-response.h"

typedef struct {
    LintResult result;
    const char *fault; /* static: of the lint */
    HeadIndex index;   /* its fields: those below */
    HeadField *fields; /* owned */
} Linted;

/* Inputs near a small limit say more than huge ones. */
static void
choose (H3Limits *limits, PlainQuestion *question, FuzzChoice *choice)
{
    static const H3Method methods[] = { H3_METHOD_GET, H3_METHOD_HEAD, H3_METHOD_CONNECT,
                                        H3_METHOD_OTHER };
    static const H3View upgrades[] = { { "", 0 }, { "websocket", 9 }, { "h2c", 3 } };

    question->method = methods[fuzz_choose (choice, G_N_ELEMENTS (methods))];
    question->upgrade = upgrades[fuzz_choose (choice, G_N_ELEMENTS (upgrades))];
    h3_limits_init (limits);
    if (fuzz_choose (choice, 2) == 0)
        return;
    limits->field_line = 64 + fuzz_choose (choice, 64);
    limits->head = 256 + fuzz_choose (choice, 256);
    limits->fields = 1 + fuzz_choose (choice, 12);
}

static void
lint_init (Http1Lint *lint, Linted *linted, const H3Limits *limits)
{
    linted->result = LINT_MORE;
    linted->fields = g_new0 (HeadField, (gsize) limits->fields);
    http1_lint_init_response (lint, linted->fields, (guint16) limits->fields);
}

static void
lint_finish (const Http1Lint *lint, Linted *linted)
{
    linted->fault = linted->result == LINT_REFUSED ? http1_lint_explain (lint) : NULL;
    linted->index = lint->index;
}

static void
lint_whole (Linted *linted, const H3Limits *limits, H3View bytes)
{
    Http1Lint lint;

    lint_init (&lint, linted, limits);
    linted->result = http1_lint_step (&lint, limits, bytes.data, bytes.length);
    lint_finish (&lint, linted);
}

/* Each time the bytes lie elsewhere, with nothing behind them. */
static void
lint_cut (Linted *linted, const H3Limits *limits, H3View bytes)
{
    Http1Lint lint;
    FuzzCuts cuts;
    gsize end;

    lint_init (&lint, linted, limits);
    fuzz_cuts_init (&cuts, bytes);
    while (linted->result == LINT_MORE && fuzz_cuts_next (&cuts, &end)) {
        g_autofree char *copy = fuzz_copy (bytes.data, end);

        linted->result = http1_lint_step (&lint, limits, copy, end);
    }
    lint_finish (&lint, linted);
}

static void
assert_same_lint (const Linted *a, const Linted *b)
{
    const HeadIndex *x = &a->index, *y = &b->index;

    FUZZ_ASSERT (a->result == b->result && a->fault == b->fault, "whole: %d (%s), cut: %d (%s)",
                 a->result, a->fault, b->result, b->fault);
    if (a->result != LINT_WHOLE)
        return;
    FUZZ_ASSERT (x->n_fields == y->n_fields && x->start == y->start && x->length == y->length
                     && x->target == y->target && x->target_length == y->target_length
                     && x->minor == y->minor && x->doubled == y->doubled
                     && memcmp (x->known, y->known, sizeof x->known) == 0
                     && memcmp (x->fields, y->fields, x->n_fields * sizeof *x->fields) == 0,
                 "another index of %u bytes when cut", x->length);
}

static void
assert_view (const char *what, H3View found, H3View expected)
{
    FUZZ_ASSERT (h3_view_equal (found, expected), "%s is '%.*s', not '%.*s'", what,
                 H3_VIEW_ARGS (found), H3_VIEW_ARGS (expected));
}

static void
assert_same_response (const Http1Response *response, const PlainResponse *plain)
{
    FUZZ_ASSERT (response->status == plain->status && response->minor == plain->minor
                     && response->head.length == plain->length
                     && response->head.n_fields == plain->lines->len,
                 "%u of HTTP/1.%u, %u bytes", response->status, response->minor,
                 response->head.length);
    assert_view ("reason", response->reason, plain->reason);
    for (guint i = 0; i < plain->lines->len; i++) {
        const PlainLine *line = &g_array_index (plain->lines, PlainLine, i);

        assert_view ("name", http1_response_get_name (response, i), line->name);
        assert_view ("value", http1_response_get_value (response, i), line->value);
    }
    FUZZ_ASSERT (response->framing == plain->framing && response->has_length == plain->has_length
                     && response->length == plain->body
                     && response->keep_alive == plain->keep_alive,
                 "framing %d, length %" G_GUINT64_FORMAT ", keep-alive %u", response->framing,
                 response->length, response->keep_alive);
    FUZZ_ASSERT (response->is_upgrade == (plain->status == 101), "upgrade %u",
                 response->is_upgrade);
}

/* How many bytes the answer has, where another may follow; 0: none may. */
static gsize
read_one (Http1ResponseReader *reader, const H3Limits *limits, const PlainQuestion *question,
          H3View bytes)
{
    Linted whole, in_pieces;
    PlainResponse plain;
    gsize used = 0;

    lint_whole (&whole, limits, bytes);
    lint_cut (&in_pieces, limits, bytes);
    assert_same_lint (&whole, &in_pieces);
    plain_response_read (&plain, limits, question, bytes);
    FUZZ_ASSERT (whole.result != LINT_MORE || !plain.whole, "a whole head that wants more");
    FUZZ_ASSERT (whole.result != LINT_WHOLE || plain.whole, "a whole head that is not");
    FUZZ_ASSERT (whole.result != LINT_REFUSED || !plain.whole || plain.wrong != NULL, "refused: %s",
                 whole.fault);
    /* Twice: the reader remembers verdicts. */
    for (guint i = 0; i < 2 && whole.result == LINT_WHOLE; i++) {
        Http1Response response;
        const char *fault = http1_response_read (reader, bytes.data, &whole.index, question->method,
                                                 question->upgrade, &response);

        FUZZ_ASSERT ((fault == NULL) == (plain.wrong == NULL), "%s, but plainly: %s", fault,
                     plain.wrong);
        if (fault != NULL)
            break;
        assert_same_response (&response, &plain);
        if (response.framing == FRAMING_NONE && !response.is_upgrade)
            used = plain.length;
        else if (response.framing == FRAMING_LENGTH && response.length < bytes.length)
            used = plain.length + (gsize) response.length;
    }
    plain_response_clear (&plain);
    g_free (whole.fields);
    g_free (in_pieces.fields);
    return used;
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
    g_autofree char *copy = fuzz_copy (data, size);
    H3View rest = h3_view (copy, size);
    FuzzChoice choice = fuzz_choice_of (rest);
    Http1ResponseReader *reader = http1_response_reader_new ();
    PlainQuestion question;
    H3Limits limits;

    choose (&limits, &question, &choice);
    while (rest.length > 0) {
        gsize used = read_one (reader, &limits, &question, rest);

        if (used == 0 || used > rest.length)
            break;
        rest = h3_view (rest.data + used, rest.length - used);
    }
    http1_response_reader_free (reader);
    return 0;
}
