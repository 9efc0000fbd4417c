/* SPDX-License-Identifier: MIT */

#include "ranged-answer.h"

#include <h3/base/error.h>
#include <h3/base/random.h>
#include <h3/http/answer-inside.h>
#include <h3/http/body.h>
#include <h3/http/conditional.h>
#include <h3/http/failure.h>

#include <unistd.h>

/* A part's head beside its type: delimiter, names, three numbers. */
#define MAX_PART_HEAD 256
/* What is asked for in one go of who makes the bytes. */
#define MAX_PIECE 65536

/* What of a representation is to be sent. */
typedef struct {
    BodyPart *parts; /* borrowed: the event's arena */
    guint n;
    gint64 length; /* of all, with the texts between */
} Selection;

static void
set_content_range (H3Event *event, const H3Range *range, guint64 size)
{
    g_autofree char *text =
        g_strdup_printf ("bytes %" G_GUINT64_FORMAT "-%" G_GUINT64_FORMAT "/%" G_GUINT64_FORMAT,
                         range->first, range->last, size);

    h3_response_set_header (&event->response, "Content-Range", text);
}

static void
fail_unsatisfiable (H3Event *event, guint64 size)
{
    g_autofree char *text = g_strdup_printf ("bytes */%" G_GUINT64_FORMAT, size);

    h3_response_set_header_always (&event->response, "Content-Range", text);
    answer_fail_condition (event, 416);
}

static void
select_one (H3Event *event, guint64 offset, guint64 length, Selection *out)
{
    out->parts = h3_arena_new0 (event->arena, BodyPart);
    out->parts[0] = (BodyPart){ H3_VIEW_EMPTY, offset, length };
    out->n = 1;
    out->length = (gint64) length;
}

/* FALSE without a boundary: then nothing is in parts. */
static gboolean
make_boundary (char out_text[33])
{
    guint64 bits[2];

    if (!random_fill (bits, sizeof bits))
        return FALSE;
    g_snprintf (out_text, 33, "%016" G_GINT64_MODIFIER "x%016" G_GINT64_MODIFIER "x", bits[0],
                bits[1]);
    return TRUE;
}

static H3View
write_part_head (H3Event *event, const char *boundary, const char *type, const H3Range *range,
                 guint64 size, gboolean is_first)
{
    gsize room = MAX_PART_HEAD + (type != NULL ? strlen (type) : 0);
    char *text = h3_arena_alloc (event->arena, room);
    int length = g_snprintf (text, room,
                             "%s--%s\r\n%s%s%sContent-Range: bytes %" G_GUINT64_FORMAT
                             "-%" G_GUINT64_FORMAT "/%" G_GUINT64_FORMAT "\r\n\r\n",
                             is_first ? "" : "\r\n", boundary, type != NULL ? "Content-Type: " : "",
                             type != NULL ? type : "", type != NULL ? "\r\n" : "", range->first,
                             range->last, size);

    return h3_view (text, (gsize) length);
}

/* FALSE where the length of all cannot be said. */
static gboolean
sum_up (Selection *selection)
{
    guint64 sum = 0;

    for (guint i = 0; i < selection->n; i++)
        sum += selection->parts[i].text.length + selection->parts[i].length;
    selection->length = (gint64) sum;
    return sum <= G_MAXINT64;
}

/* The whole body in the form of RFC 9110 §14.6. FALSE, with nothing changed, where that cannot be.
 */
static gboolean
select_several (H3Event *event, const H3Range *ranges, guint n, guint64 size, Selection *out)
{
    const char *type = h3_response_get_content_type (&event->response);
    g_autofree char *new_type = NULL;
    char boundary[33];
    char *text;

    if (!make_boundary (boundary))
        return FALSE;
    out->n = n + 1;
    out->parts = h3_arena_alloc (event->arena, out->n * sizeof *out->parts);
    for (guint i = 0; i < n; i++)
        out->parts[i] =
            (BodyPart){ write_part_head (event, boundary, type, &ranges[i], size, i == 0),
                        ranges[i].first, ranges[i].last - ranges[i].first + 1 };
    text = h3_arena_alloc (event->arena, MAX_PART_HEAD);
    g_snprintf (text, MAX_PART_HEAD, "\r\n--%s--\r\n", boundary);
    out->parts[n] = (BodyPart){ h3_view_of (text), 0, 0 };
    if (!sum_up (out))
        return FALSE;
    new_type = g_strconcat ("multipart/byteranges; boundary=", boundary, NULL);
    answer_set_type (event, new_type);
    return TRUE;
}

static void
accept_ranges (H3Event *event)
{
    if (h3_response_get_header (&event->response, "Accept-Ranges") == NULL)
        h3_response_set_header (&event->response, "Accept-Ranges", "bytes");
}

/* FALSE: the event is answered. */
static gboolean
select_ranges (H3Event *event, guint64 size, Selection *out)
{
    H3Range ranges[H3_RANGES_MAX];
    H3RangesResult result = H3_RANGES_IGNORE;
    guint n = 0;

    if (event->request.method == H3_METHOD_GET && answer_range_counts (event))
        result = h3_ranges_parse (
            request_join_field (&event->request, H3_VIEW ("Range"), ", ", event->arena), size,
            ranges, H3_RANGES_MAX, &n);
    if (result == H3_RANGES_NOT_SATISFIABLE) {
        fail_unsatisfiable (event, size);
        return FALSE;
    }
    accept_ranges (event);
    if (n == 1) {
        set_content_range (event, &ranges[0], size);
        select_one (event, ranges[0].first, ranges[0].last - ranges[0].first + 1, out);
    } else if (n == 0 || !select_several (event, ranges, n, size, out)) {
        select_one (event, 0, size, out);
        return TRUE;
    }
    h3_response_set_status (&event->response, 206);
    return TRUE;
}

/* FALSE: the event is answered: with 304, 412 or 416. */
static gboolean
choose (H3Event *event, guint64 size, Selection *out)
{
    gboolean may_be_cut = answer_has_conditions (event);

    if (may_be_cut && answer_is_asked_for_less (event))
        return !answer_weigh (event) && select_ranges (event, size, out);
    if (may_be_cut)
        accept_ranges (event);
    select_one (event, 0, size, out);
    return TRUE;
}

void
answer_send_file (H3Event *event, int fd, guint64 size)
{
    H3Response *response = &event->response;
    Selection selection;

    if (!choose (event, size, &selection)) {
        (void) close (fd);
        return;
    }
    if (selection.n > 1) {
        response_set_parts (response, selection.parts, selection.n, selection.length, NULL, fd);
    } else if (selection.length > 0) {
        response_set_file (response, fd, (gint64) selection.parts[0].offset, selection.length);
    } else {
        (void) close (fd);
        response_set_memory (response, H3_VIEW_EMPTY);
    }
    event_answer (event);
}

void
answer_send_bytes (H3Event *event, GBytes *bytes)
{
    H3Response *response = &event->response;
    Selection selection;

    if (!choose (event, g_bytes_get_size (bytes), &selection))
        return;
    if (selection.n > 1) {
        response_set_parts (response, selection.parts, selection.n, selection.length, bytes, -1);
    } else {
        g_autoptr (GBytes) slice = g_bytes_new_from_bytes (bytes, (gsize) selection.parts[0].offset,
                                                           (gsize) selection.parts[0].length);

        h3_response_set_body_bytes (response, slice);
    }
    event_answer (event);
}

void
h3_event_send_ranged_bytes (H3Event *event, const char *type, GBytes *bytes)
{
    g_return_if_fail (event != NULL && bytes != NULL);
    if (!event_claim (event))
        return;
    answer_set_type (event, type);
    answer_send_bytes (event, bytes);
}

/* Who makes the bytes of a selection, and how far that is. */
typedef struct {
    Selection selection;
    guint at;     /* of the part */
    guint64 done; /* of its bytes */
    H3RangeFunction function;
    gpointer user_data;
    GDestroyNotify destroy; /* of user_data */
} Source;

static void
free_source (gpointer data)
{
    Source *source = data;

    if (source->destroy != NULL)
        source->destroy (source->user_data);
    g_free (source);
}

static GBytes *
make_bytes (Source *source, const BodyPart *part, GError **error)
{
    guint64 length = MIN (part->length - source->done, MAX_PIECE);
    GBytes *bytes =
        source->function (part->offset + source->done, length, source->user_data, error);

    if (bytes == NULL)
        return NULL;
    if (g_bytes_get_size (bytes) > length) {
        g_bytes_unref (bytes);
        g_set_error_literal (error, H3_ERROR, H3_ERROR_FAILED, "more bytes than were asked for");
        return NULL;
    }
    source->done += g_bytes_get_size (bytes);
    return bytes;
}

static GBytes *
make_piece (gpointer user_data, GError **error)
{
    Source *source = user_data;

    for (; source->at < source->selection.n; source->at++, source->done = 0) {
        BodyPart *part = &source->selection.parts[source->at];
        H3View text = part->text;

        part->text.length = 0;
        if (text.length > 0)
            return g_bytes_new (text.data, text.length);
        if (source->done < part->length)
            return make_bytes (source, part, error);
    }
    return NULL;
}

void
h3_event_send_ranged (H3Event *event, const char *type, guint64 size, H3RangeFunction function,
                      gpointer user_data, GDestroyNotify destroy)
{
    Source *source;
    gboolean claimed;

    g_return_if_fail (event != NULL && function != NULL && size <= G_MAXINT64);
    source = g_new0 (Source, 1);
    source->function = function;
    source->user_data = user_data;
    source->destroy = destroy;
    claimed = event_claim (event);
    if (claimed)
        answer_set_type (event, type);
    if (!claimed || !choose (event, size, &source->selection)) {
        free_source (source);
        return;
    }
    response_set_generator (&event->response, source->selection.length, make_piece, source,
                            free_source);
    event_answer (event);
}
