/* SPDX-License-Identifier: MIT */

#include "form-cuts.h"

#include <check.h>

#define MAX_CUTS 65536

void
form_outcome_clear (FormOutcome *outcome)
{
    g_string_free (outcome->parts, TRUE);
}

static void
append_part (GString *parts, const H3MultipartPart *part)
{
    g_string_append (parts, part->name);
    if (part->filename != NULL)
        g_string_append_printf (parts, "/%s", part->filename);
    if (part->type != NULL)
        g_string_append_printf (parts, " %s", part->type);
    g_string_append_c (parts, '=');
}

/* Feeds one piece from memory of exactly its size, so that a byte read past it is found. */
static void
feed (H3Multipart *reader, const char *bytes, gsize length, GString *parts)
{
    g_autofree char *piece = g_memdup2 (bytes, length);
    H3View rest = h3_view (piece, length), data;
    H3MultipartResult result;

    while ((result = h3_multipart_read (reader, &rest, &data)) != H3_MULTIPART_MORE
           && result != H3_MULTIPART_REFUSED) {
        if (result == H3_MULTIPART_PART) {
            append_part (parts, h3_multipart_get_part (reader));
        } else if (result == H3_MULTIPART_DATA) {
            ck_assert_uint_gt (data.length, 0);
            g_string_append_len (parts, data.data, (gssize) data.length);
        } else {
            g_string_append_c (parts, ';');
        }
    }
    if (result == H3_MULTIPART_MORE)
        ck_assert_uint_eq (rest.length, 0);
}

FormOutcome
form_read_cut (const char *boundary, const H3MultipartLimits *limits, H3View bytes,
               const gsize *cuts, gsize n)
{
    g_autoptr (H3Multipart) reader = h3_multipart_new (boundary, limits);
    FormOutcome outcome = { .parts = g_string_new (NULL) };
    gboolean is_whole;
    gsize from = 0;

    for (gsize i = 0; i <= n; i++) {
        gsize to = i < n ? cuts[i] : bytes.length;

        feed (reader, bytes.data + from, to - from, outcome.parts);
        from = to;
    }
    is_whole = h3_multipart_end (reader);
    outcome.status = h3_multipart_get_status (reader);
    outcome.offset = h3_multipart_get_offset (reader);
    ck_assert_int_eq (is_whole, outcome.status == 0);
    ck_assert_int_eq (is_whole, h3_multipart_get_problem (reader) == NULL);
    return outcome;
}

static void
assert_same (const FormOutcome *a, const FormOutcome *b, H3View bytes, const char *how)
{
    if (a->status == b->status && a->offset == b->offset && g_string_equal (a->parts, b->parts))
        return;
    ck_abort_msg ("cut %s: %u at %u %s, whole: %u at %u %s, of: %.*s", how, b->status,
                  (guint) b->offset, b->parts->str, a->status, (guint) a->offset, a->parts->str,
                  H3_VIEW_ARGS (bytes));
}

static void
assert_random_cuts_agree (const char *boundary, const H3MultipartLimits *limits, H3View bytes,
                          const FormOutcome *whole)
{
    guint32 seed = g_random_int ();
    g_autoptr (GRand) random = g_rand_new_with_seed (seed);
    g_autofree char *how = g_strdup_printf ("at random, seed %u", seed);
    g_autofree gsize *cuts = g_new (gsize, MAX_CUTS);

    for (guint turn = 0; turn < 20; turn++) {
        gsize n = 0;

        for (gsize at = 0; n < MAX_CUTS;) {
            at += (gsize) g_rand_int_range (random, 0, 8);
            if (at >= bytes.length)
                break;
            cuts[n++] = at;
        }
        g_auto (FormOutcome) other = form_read_cut (boundary, limits, bytes, cuts, n);
        assert_same (whole, &other, bytes, how);
    }
}

FormOutcome
form_read_all_ways (const char *boundary, const H3MultipartLimits *limits, H3View bytes)
{
    FormOutcome whole = form_read_cut (boundary, limits, bytes, NULL, 0);
    g_autofree gsize *cuts = g_new (gsize, bytes.length + 1);

    for (gsize i = 1; i < bytes.length; i++) {
        g_auto (FormOutcome) other = form_read_cut (boundary, limits, bytes, &i, 1);

        assert_same (&whole, &other, bytes, "once");
        cuts[i - 1] = i;
    }
    if (bytes.length > 0) {
        g_auto (FormOutcome) other =
            form_read_cut (boundary, limits, bytes, cuts, bytes.length - 1);

        assert_same (&whole, &other, bytes, "everywhere");
    }
    assert_random_cuts_agree (boundary, limits, bytes, &whole);
    return whole;
}
