/* SPDX-License-Identifier: MIT
 *
 * A request's head: the lint and the reader give the same whole and cut into pieces, and what the
 * plain reading gives. What they refuse, that refuses for a reason with the same status. */

#include "fuzz.h"
#include "h3/wire/http1-lint.h"
#include "h3/wire/http1-reader.h"
#include "plain-head.h"

typedef struct {
    LintResult result;
    guint status;
    HeadIndex index;   /* its fields: those below */
    HeadField *fields; /* owned */
} Linted;

/* Inputs near a small limit say more than huge ones. */
static void
choose_limits (H3Limits *limits, H3View bytes)
{
    FuzzChoice choice = fuzz_choice_of (bytes);

    h3_limits_init (limits);
    if (fuzz_choose (&choice, 2) == 0)
        return;
    limits->target = 16 + fuzz_choose (&choice, 64);
    limits->field_line = 64 + fuzz_choose (&choice, 64);
    limits->head = 256 + fuzz_choose (&choice, 256);
    limits->fields = 1 + fuzz_choose (&choice, 12);
}

static void
lint_whole (Linted *linted, const H3Limits *limits, H3View bytes)
{
    Http1Lint lint;

    linted->fields = g_new0 (HeadField, (gsize) limits->fields);
    http1_lint_init (&lint, linted->fields, (guint16) limits->fields);
    linted->result = http1_lint_step (&lint, limits, bytes.data, bytes.length);
    linted->status = linted->result == LINT_REFUSED ? lint.status : 0;
    linted->index = lint.index;
}

/* Each time the bytes lie elsewhere, with nothing behind them. */
static void
lint_cut (Linted *linted, const H3Limits *limits, H3View bytes)
{
    Http1Lint lint;
    FuzzCuts cuts;
    gsize end;

    linted->fields = g_new0 (HeadField, (gsize) limits->fields);
    linted->result = LINT_MORE;
    http1_lint_init (&lint, linted->fields, (guint16) limits->fields);
    fuzz_cuts_init (&cuts, bytes);
    while (linted->result == LINT_MORE && fuzz_cuts_next (&cuts, &end)) {
        g_autofree char *copy = fuzz_copy (bytes.data, end);

        linted->result = http1_lint_step (&lint, limits, copy, end);
    }
    linted->status = linted->result == LINT_REFUSED ? lint.status : 0;
    linted->index = lint.index;
}

static void
assert_same_lint (const Linted *a, const Linted *b)
{
    const HeadIndex *x = &a->index, *y = &b->index;

    FUZZ_ASSERT (a->result == b->result && a->status == b->status,
                 "whole: %d with %u, cut: %d with %u", a->result, a->status, b->result, b->status);
    if (a->result != LINT_WHOLE)
        return;
    FUZZ_ASSERT (x->n_fields == y->n_fields && x->start == y->start && x->length == y->length
                     && x->method_length == y->method_length && x->target == y->target
                     && x->target_length == y->target_length && x->minor == y->minor
                     && x->target_flags == y->target_flags && x->doubled == y->doubled
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
assert_same_texts (const H3Request *request, const PlainHead *plain)
{
    const HeadIndex *head = &request->head;

    FUZZ_ASSERT (head->length == plain->length && head->minor == plain->minor
                     && head->n_fields == plain->fields->len,
                 "%u bytes, %u fields, not %zu and %u", head->length, head->n_fields, plain->length,
                 plain->fields->len);
    assert_view ("method", h3_view_of (request->base + head->start), plain->method);
    assert_view ("target", h3_view_of (request->base + head->target), plain->target);
    assert_view ("path", request_path (request), h3_view (plain->path->str, plain->path->len));
    assert_view ("host", request->host, plain->host);
    FUZZ_ASSERT ((request->query != 0) == (plain->query.data != NULL), "the query's presence");
    if (request->query != 0)
        assert_view ("query", h3_view (request->base + request->query, request->query_length),
                     plain->query);
    for (guint i = 0; i < plain->fields->len; i++) {
        const PlainField *field = &g_array_index (plain->fields, PlainField, i);

        assert_view ("name", request_field_name (request, i), field->name);
        assert_view ("value", request_field_value (request, i), field->value);
    }
}

static void
assert_same_request (const H3Request *request, const PlainHead *plain)
{
    assert_same_texts (request, plain);
    FUZZ_ASSERT (request->chunked == plain->chunked && request->has_body == plain->has_body
                     && request->content_length == plain->content_length
                     && request->expects_continue == plain->expects_continue,
                 "chunked %u, body %u, length %" G_GUINT64_FORMAT ", expects %u", request->chunked,
                 request->has_body, request->content_length, request->expects_continue);
    FUZZ_ASSERT (request->keep_alive == plain->keep_alive
                     && request->wants_upgrade == plain->wants_upgrade,
                 "keep-alive %u, upgrade %u", request->keep_alive, request->wants_upgrade);
}

static void
assert_same_verdict (guint status, const PlainHead *plain)
{
    g_autofree char *why = plain_head_explain (plain);

    FUZZ_ASSERT ((status == 0) == (plain->reasons == 0), "status %u, but plainly: %s", status, why);
    FUZZ_ASSERT (status == 0 || plain_head_allows (plain, status), "status %u, but plainly: %s",
                 status, why);
}

/* Read twice by one reader: it remembers verdicts and hosts. */
static void
read_and_compare (const Linted *linted, const H3Limits *limits, H3View bytes,
                  const PlainHead *plain)
{
    Http1Reader *reader = http1_reader_new (limits);
    g_autoptr (H3Arena) arena = h3_arena_new ();

    for (guint i = 0; i < 2; i++) {
        g_autofree char *base = fuzz_copy (bytes.data, linted->index.length);
        H3Request request = { 0 };
        guint status = http1_reader_read (reader, base, &linted->index, arena, &request);

        assert_same_verdict (status, plain);
        if (status == 0)
            assert_same_request (&request, plain);
        request_clear (&request);
        h3_arena_reset (arena);
    }
    http1_reader_free (reader);
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
    g_autofree char *copy = fuzz_copy (data, size);
    H3View bytes = h3_view (copy, size);
    Linted whole, in_pieces;
    H3Limits limits;
    PlainHead plain;

    if (size == 0)
        return 0;
    choose_limits (&limits, bytes);
    lint_whole (&whole, &limits, bytes);
    lint_cut (&in_pieces, &limits, bytes);
    assert_same_lint (&whole, &in_pieces);
    plain_head_read (&plain, &limits, bytes);
    FUZZ_ASSERT (whole.result != LINT_MORE || !plain.whole, "a whole head that wants more");
    FUZZ_ASSERT (whole.result != LINT_WHOLE || plain.whole, "a whole head that is not");
    if (whole.result == LINT_REFUSED && plain.whole)
        assert_same_verdict (whole.status, &plain);
    if (whole.result == LINT_WHOLE)
        read_and_compare (&whole, &limits, bytes, &plain);
    plain_head_clear (&plain);
    g_free (whole.fields);
    g_free (in_pieces.fields);
    return 0;
}
