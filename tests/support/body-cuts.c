/* SPDX-License-Identifier: MIT */

#include "body-cuts.h"

#include <check.h>

#define MAX_CUTS 4096

const Http1BodyLimits wide_limits = {
    .max_body = G_MAXINT64,
    .max_extension = 256,
    .max_extensions = 8192,
    .max_trailer_bytes = 8192,
    .max_trailers = 32,
};

void
outcome_clear (Outcome *outcome)
{
    g_string_free (outcome->data, TRUE);
    g_string_free (outcome->trailers, TRUE);
}

static void
append_trailer (H3View name, H3View value, gpointer user_data)
{
    g_string_append_printf (user_data, "%.*s=%.*s;", H3_VIEW_ARGS (name), H3_VIEW_ARGS (value));
}

/* Feeds one piece from memory of exactly its size, so that a byte read past it is found. */
static Http1BodyResult
feed (Http1Body *body, const char *bytes, gsize length, Outcome *outcome)
{
    g_autofree char *piece = g_memdup2 (bytes, length);
    H3View input = h3_view (piece, length), data;
    Http1BodyResult result;

    while ((result = http1_body_step (body, &input, &data)) == HTTP1_BODY_DATA) {
        ck_assert_uint_gt (data.length, 0);
        ck_assert (data.data >= piece && data.data + data.length == input.data);
        g_string_append_len (outcome->data, data.data, (gssize) data.length);
    }
    outcome->used += length - input.length;
    if (result == HTTP1_BODY_NEEDS_MORE)
        ck_assert_uint_eq (input.length, 0);
    return result;
}

Outcome
outcome_read_cut (const Http1BodyLimits *limits, guint64 length, H3View bytes, const gsize *cuts,
                  gsize n)
{
    Outcome outcome = { .data = g_string_new (NULL), .trailers = g_string_new (NULL) };
    Http1Body body;
    gsize from = 0;

    if (length == CHUNKED)
        http1_body_init_chunked (&body, limits);
    else if (length == UNTIL_CLOSE)
        http1_body_init_until_close (&body, limits);
    else
        http1_body_init_exact (&body, limits, length);
    outcome.result = HTTP1_BODY_NEEDS_MORE;
    for (gsize i = 0; i <= n && outcome.result == HTTP1_BODY_NEEDS_MORE; i++) {
        gsize to = i < n ? cuts[i] : bytes.length;

        outcome.result = feed (&body, bytes.data + from, to - from, &outcome);
        from = to;
    }
    if (outcome.result != HTTP1_BODY_NEEDS_MORE) {
        gsize used = outcome.used;

        ck_assert_int_eq (feed (&body, "5\r\n", 3, &outcome), outcome.result);
        ck_assert_uint_eq (outcome.used, used);
    }
    outcome.status = body.status;
    outcome.received = body.received;
    http1_body_foreach_trailer (&body, append_trailer, outcome.trailers);
    outcome.is_whole = http1_body_end_of_input (&body);
    ck_assert_int_eq (http1_body_end_of_input (&body), outcome.is_whole);
    http1_body_clear (&body);
    http1_body_clear (&body);
    return outcome;
}

static void
assert_same (const Outcome *a, const Outcome *b, H3View bytes, const char *how)
{
    if (a->result == b->result && a->status == b->status && a->used == b->used
        && a->is_whole == b->is_whole && a->received == b->received
        && g_string_equal (a->data, b->data) && g_string_equal (a->trailers, b->trailers))
        return;
    ck_abort_msg ("cut %s: %d %u used %zu, whole: %d %u used %zu, of: %.*s", how, (int) b->result,
                  b->status, b->used, (int) a->result, a->status, a->used, H3_VIEW_ARGS (bytes));
}

static void
assert_random_cuts_agree (const Http1BodyLimits *limits, guint64 length, H3View bytes,
                          const Outcome *whole, GRand *random, guint32 seed)
{
    for (guint turn = 0; turn < 20; turn++) {
        g_autofree char *how = g_strdup_printf ("at random, seed %u", seed);
        gsize cuts[MAX_CUTS], n = 0;

        for (gsize at = 0; n < MAX_CUTS;) {
            at += (gsize) g_rand_int_range (random, 0, 8);
            if (at >= bytes.length)
                break;
            cuts[n++] = at;
        }
        g_auto (Outcome) other = outcome_read_cut (limits, length, bytes, cuts, n);
        assert_same (whole, &other, bytes, how);
    }
}

Outcome
outcome_read_all_ways (const Http1BodyLimits *limits, guint64 length, H3View bytes)
{
    guint32 seed = g_random_int ();
    g_autoptr (GRand) random = g_rand_new_with_seed (seed);
    Outcome whole = outcome_read_cut (limits, length, bytes, NULL, 0);
    gsize cuts[MAX_CUTS];

    for (gsize i = 1; i < bytes.length; i++) {
        g_auto (Outcome) other = outcome_read_cut (limits, length, bytes, &i, 1);

        assert_same (&whole, &other, bytes, "once");
    }
    if (bytes.length < MAX_CUTS) {
        for (gsize i = 1; i < bytes.length; i++)
            cuts[i - 1] = i;
        g_auto (Outcome) other =
            outcome_read_cut (limits, length, bytes, cuts, bytes.length > 0 ? bytes.length - 1 : 0);
        assert_same (&whole, &other, bytes, "everywhere");
    }
    assert_random_cuts_agree (limits, length, bytes, &whole, random, seed);
    return whole;
}

void
assert_chunked (const Http1BodyLimits *limits, H3View bytes, Http1BodyResult result, guint16 status,
                const char *data, const char *trailers)
{
    g_auto (Outcome) outcome = outcome_read_all_ways (limits, CHUNKED, bytes);

    if (outcome.result != result || outcome.status != status)
        ck_abort_msg ("result %d, status %u of: %.*s", (int) outcome.result, outcome.status,
                      H3_VIEW_ARGS (bytes));
    if (data != NULL)
        ck_assert_str_eq (outcome.data->str, data);
    ck_assert_str_eq (outcome.trailers->str, trailers);
    if (result == HTTP1_BODY_NEEDS_MORE)
        ck_assert_uint_eq (outcome.used, bytes.length);
}

void
assert_read (H3View bytes, const char *data, const char *trailers)
{
    assert_chunked (&wide_limits, bytes, HTTP1_BODY_END, 0, data, trailers);
}

void
assert_refused (H3View bytes, guint16 status)
{
    assert_chunked (&wide_limits, bytes, HTTP1_BODY_REFUSED, status, NULL, "");
}
