/* SPDX-License-Identifier: MIT
 *
 * A body, chunked, of an exact length or until the end of the connection: the decoder gives the
 * same whole and cut into pieces, and what the plain reading gives. */

#include "fuzz.h"
#include "plain-body.h"

typedef struct {
    Http1BodyResult result;
    guint status;
    gsize used;
    gboolean is_whole; /* where nothing comes any more */
    GString *data;     /* owned */
    GString *trailers; /* owned */
} Outcome;

/* Inputs near a small limit say more than huge ones. */
static void
choose_limits (Http1BodyLimits *limits, FuzzChoice *choice)
{
    *limits = (Http1BodyLimits){ 1 << 20, 256, 8192, 8192, 32 };
    if (fuzz_choose (choice, 2) == 0)
        return;
    limits->max_body = fuzz_choose (choice, 40);
    limits->max_extension = fuzz_choose (choice, 12);
    limits->max_extensions = fuzz_choose (choice, 24);
    limits->max_trailer_bytes = fuzz_choose (choice, 48);
    limits->max_trailers = fuzz_choose (choice, 4);
}

static void
add_trailer (H3View name, H3View value, gpointer user_data)
{
    g_string_append_printf (user_data, "%.*s=%.*s;", H3_VIEW_ARGS (name), H3_VIEW_ARGS (value));
}

/* Feeds one piece, from a block of its own. */
static void
feed (Outcome *outcome, Http1Body *body, H3View piece)
{
    g_autofree char *copy = fuzz_copy (piece.data, piece.length);
    H3View input = h3_view (copy, piece.length), data;

    while ((outcome->result = http1_body_step (body, &input, &data)) == HTTP1_BODY_DATA) {
        FUZZ_ASSERT (data.length > 0, "an empty piece");
        g_string_append_len (outcome->data, data.data, (gssize) data.length);
    }
    outcome->used += piece.length - input.length;
}

static void
finish (Outcome *outcome, Http1Body *body)
{
    outcome->status = outcome->result == HTTP1_BODY_REFUSED ? body->status : 0;
    http1_body_foreach_trailer (body, add_trailer, outcome->trailers);
    outcome->is_whole = http1_body_end_of_input (body);
    http1_body_clear (body);
}

static void
outcome_init (Outcome *outcome)
{
    *outcome = (Outcome){ .result = HTTP1_BODY_NEEDS_MORE,
                          .data = g_string_new (NULL),
                          .trailers = g_string_new (NULL) };
}

static void
outcome_clear (Outcome *outcome)
{
    g_string_free (outcome->data, TRUE);
    g_string_free (outcome->trailers, TRUE);
}

static void
read_whole (Outcome *outcome, Http1Body *body, H3View bytes)
{
    outcome_init (outcome);
    feed (outcome, body, bytes);
    finish (outcome, body);
}

static void
read_cut (Outcome *outcome, Http1Body *body, H3View bytes)
{
    FuzzCuts cuts;
    gsize from = 0, end;

    outcome_init (outcome);
    fuzz_cuts_init (&cuts, bytes);
    do {
        end = from;
        (void) fuzz_cuts_next (&cuts, &end);
        feed (outcome, body, h3_view (bytes.data + from, end - from));
        from = end;
    } while (outcome->result == HTTP1_BODY_NEEDS_MORE && end < bytes.length);
    finish (outcome, body);
}

static void
assert_same (const Outcome *found, Http1BodyResult result, guint status, gsize used,
             const GString *data, const GString *trailers)
{
    FUZZ_ASSERT (found->result == result && found->status == status, "%d with %u, not %d with %u",
                 found->result, found->status, result, status);
    FUZZ_ASSERT (result != HTTP1_BODY_END || found->used == used, "%zu bytes used, not %zu",
                 found->used, used);
    FUZZ_ASSERT (found->is_whole == (result == HTTP1_BODY_END), "whole: %d", found->is_whole);
    FUZZ_ASSERT (g_string_equal (found->data, data), "data of %zu bytes, not %zu", found->data->len,
                 data->len);
    FUZZ_ASSERT (result != HTTP1_BODY_END || g_string_equal (found->trailers, trailers),
                 "trailers '%s', not '%s'", found->trailers->str, trailers->str);
}

static void
compare_chunked (const Http1BodyLimits *limits, H3View bytes)
{
    Outcome whole, in_pieces;
    PlainBody plain;
    Http1Body body;

    http1_body_init_chunked (&body, limits);
    read_whole (&whole, &body, bytes);
    http1_body_init_chunked (&body, limits);
    read_cut (&in_pieces, &body, bytes);
    plain_body_read (&plain, limits, bytes);
    assert_same (&whole, plain.result, plain.status, plain.used, plain.data, plain.trailers);
    assert_same (&in_pieces, plain.result, plain.status, plain.used, plain.data, plain.trailers);
    plain_body_clear (&plain);
    outcome_clear (&whole);
    outcome_clear (&in_pieces);
}

/* Nothing of an exact body depends on its bytes. */
static void
compare_exact (const Http1BodyLimits *limits, guint64 length, H3View bytes)
{
    gboolean refused = length > limits->max_body;
    gsize used = refused ? 0 : (gsize) MIN (length, bytes.length);
    Http1BodyResult result = refused                 ? HTTP1_BODY_REFUSED
                             : length > bytes.length ? HTTP1_BODY_NEEDS_MORE
                                                     : HTTP1_BODY_END;
    g_autoptr (GString) data = g_string_new_len (bytes.data, (gssize) used);
    g_autoptr (GString) trailers = g_string_new (NULL);
    Outcome whole, in_pieces;
    Http1Body body;

    http1_body_init_exact (&body, limits, length);
    read_whole (&whole, &body, bytes);
    http1_body_init_exact (&body, limits, length);
    read_cut (&in_pieces, &body, bytes);
    assert_same (&whole, result, refused ? 413 : 0, used, data, trailers);
    assert_same (&in_pieces, result, refused ? 413 : 0, used, data, trailers);
    outcome_clear (&whole);
    outcome_clear (&in_pieces);
}

/* Nor of one that ends with the connection, which is whole wherever it does. */
static void
compare_until_close (const Http1BodyLimits *limits, H3View bytes)
{
    gboolean refused = bytes.length > limits->max_body;
    gsize length = (gsize) MIN (bytes.length, limits->max_body);
    Outcome outcomes[2];
    Http1Body body;

    http1_body_init_until_close (&body, limits);
    read_whole (&outcomes[0], &body, bytes);
    http1_body_init_until_close (&body, limits);
    read_cut (&outcomes[1], &body, bytes);
    for (guint i = 0; i < G_N_ELEMENTS (outcomes); i++) {
        H3View found = h3_view (outcomes[i].data->str, outcomes[i].data->len);

        FUZZ_ASSERT (outcomes[i].result == (refused ? HTTP1_BODY_REFUSED : HTTP1_BODY_NEEDS_MORE)
                         && outcomes[i].status == (refused ? 413 : 0)
                         && outcomes[i].is_whole == !refused,
                     "%d with %u", outcomes[i].result, outcomes[i].status);
        FUZZ_ASSERT (h3_view_equal (found, h3_view (bytes.data, length)), "%zu bytes",
                     found.length);
        outcome_clear (&outcomes[i]);
    }
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
    g_autofree char *copy = fuzz_copy (data, size);
    H3View bytes = h3_view (copy, size);
    FuzzChoice choice = fuzz_choice_of (bytes);
    Http1BodyLimits limits;

    choose_limits (&limits, &choice);
    compare_chunked (&limits, bytes);
    compare_until_close (&limits, bytes);
    compare_exact (&limits, fuzz_choose (&choice, (guint) size + 8), bytes);
    return 0;
}
