/* SPDX-License-Identifier: MIT
 *
 * Forms in parts. The input's first line is a Content-Type, the rest a body: boundary and parts are
 * those of the plain reading, and the same whole and cut into pieces. */

#include "fuzz.h"
#include "plain-form.h"

typedef struct {
    GString *parts; /* owned */
    guint status;
    guint64 offset;
} Outcome;

/* Inputs near a small limit say more than huge ones. */
static H3MultipartLimits
choose_limits (FuzzChoice *choice)
{
    H3MultipartLimits limits = H3_MULTIPART_LIMITS_INIT;

    if (fuzz_choose (choice, 2) == 0)
        return limits;
    limits.parts = 1 + fuzz_choose (choice, 3);
    limits.fields = 1 + fuzz_choose (choice, 3);
    limits.head = 30 + fuzz_choose (choice, 100);
    limits.name = 1 + fuzz_choose (choice, 10);
    return limits;
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

/* Feeds one piece, from a block of its own. */
static void
feed (H3Multipart *reader, H3View piece, GString *parts)
{
    g_autofree char *copy = fuzz_copy (piece.data, piece.length);
    H3View rest = h3_view (copy, piece.length), data;
    H3MultipartResult result;

    while ((result = h3_multipart_read (reader, &rest, &data)) != H3_MULTIPART_MORE
           && result != H3_MULTIPART_REFUSED) {
        FUZZ_ASSERT (result != H3_MULTIPART_DATA || data.length > 0, "an empty piece");
        if (result == H3_MULTIPART_PART)
            append_part (parts, h3_multipart_get_part (reader));
        else if (result == H3_MULTIPART_DATA)
            g_string_append_len (parts, data.data, (gssize) data.length);
        else
            g_string_append_c (parts, ';');
    }
    FUZZ_ASSERT (result == H3_MULTIPART_REFUSED || rest.length == 0, "%zu bytes left", rest.length);
}

static Outcome
read_form (const char *boundary, const H3MultipartLimits *limits, H3View body, gboolean is_cut)
{
    g_autoptr (H3Multipart) reader = h3_multipart_new (boundary, limits);
    Outcome outcome = { .parts = g_string_new (NULL) };
    gsize from = 0, end;
    FuzzCuts cuts;

    fuzz_cuts_init (&cuts, body);
    while (from < body.length) {
        end = body.length;
        if (is_cut)
            (void) fuzz_cuts_next (&cuts, &end);
        feed (reader, h3_view (body.data + from, end - from), outcome.parts);
        from = end;
    }
    (void) h3_multipart_end (reader);
    outcome.status = h3_multipart_get_status (reader);
    outcome.offset = h3_multipart_get_offset (reader);
    FUZZ_ASSERT (outcome.status == 0 || outcome.status == 400 || outcome.status == 413, "%u",
                 outcome.status);
    FUZZ_ASSERT (outcome.offset <= body.length, "%u", (guint) outcome.offset);
    return outcome;
}

static void
compare (const char *boundary, const H3MultipartLimits *limits, H3View body)
{
    Outcome whole = read_form (boundary, limits, body, FALSE);
    Outcome in_pieces = read_form (boundary, limits, body, TRUE);
    GString *plain = plain_form_read (boundary, limits, body);

    FUZZ_ASSERT (whole.status == in_pieces.status && whole.offset == in_pieces.offset
                     && g_string_equal (whole.parts, in_pieces.parts),
                 "whole %u at %u %s, in pieces %u at %u %s", whole.status, (guint) whole.offset,
                 whole.parts->str, in_pieces.status, (guint) in_pieces.offset,
                 in_pieces.parts->str);
    FUZZ_ASSERT ((plain == NULL) == (whole.status != 0), "%u at %u, plainly %s", whole.status,
                 (guint) whole.offset, plain != NULL ? plain->str : "refused");
    if (plain != NULL) {
        FUZZ_ASSERT (g_string_equal (plain, whole.parts), "%s, plainly %s", whole.parts->str,
                     plain->str);
        g_string_free (plain, TRUE);
    }
    g_string_free (whole.parts, TRUE);
    g_string_free (in_pieces.parts, TRUE);
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
    g_autofree char *copy = fuzz_copy (data, size);
    H3View body = h3_view (copy, size), type = H3_VIEW_EMPTY;
    FuzzChoice choice = fuzz_choice_of (body);
    H3MultipartLimits limits = choose_limits (&choice);
    char boundary[H3_MULTIPART_MAX_BOUNDARY + 1] = "b";
    g_autofree char *plain = NULL;
    gboolean is_found;

    (void) fuzz_take_line (&body, &type);
    if (body.data == NULL)
        body = H3_VIEW_EMPTY;
    is_found = h3_multipart_find_boundary (type, boundary);
    plain = plain_form_dup_boundary (type);
    FUZZ_ASSERT (is_found == (plain != NULL), "boundary %s, plainly %s", boundary,
                 plain != NULL ? plain : "none");
    FUZZ_ASSERT (plain == NULL || strcmp (plain, boundary) == 0, "boundary %s, plainly %s",
                 boundary, plain);
    compare (boundary, &limits, body);
    return 0;
}
