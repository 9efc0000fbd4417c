/* SPDX-License-Identifier: MIT */

#include "ndjson.h"

#include <h3/base/error.h>
#include <h3/format/json.h>

struct _H3NdjsonReader {
    GString *text; /* owned: fed; what lies before `at` has been taken */
    gsize at;      /* where the next line begins */
    gsize seen;    /* where the search for its end goes on */
    gsize max_line;
    guint max_depth;
    guint64 line; /* the last that was taken */
    gboolean has_ended;
    gboolean has_failed;
};

H3NdjsonReader *
h3_ndjson_reader_new (gsize max_line, guint max_depth)
{
    H3NdjsonReader *reader = g_new0 (H3NdjsonReader, 1);

    reader->text = g_string_new (NULL);
    reader->max_line = max_line;
    reader->max_depth = max_depth;
    return reader;
}

void
h3_ndjson_reader_free (H3NdjsonReader *reader)
{
    if (reader == NULL)
        return;
    g_string_free (reader->text, TRUE);
    g_free (reader);
}

void
h3_ndjson_reader_feed (H3NdjsonReader *reader, const char *data, gsize length)
{
    g_return_if_fail (reader != NULL && (data != NULL || length == 0) && !reader->has_ended);
    if (reader->has_failed)
        return;
    g_string_erase (reader->text, 0, (gssize) reader->at);
    reader->seen -= reader->at;
    reader->at = 0;
    g_string_append_len (reader->text, data, (gssize) length);
}

void
h3_ndjson_reader_end (H3NdjsonReader *reader)
{
    g_return_if_fail (reader != NULL);
    reader->has_ended = TRUE;
}

static H3NdjsonStep
fail (H3NdjsonReader *reader, GError *why, GError **error)
{
    g_propagate_error (error, why);
    reader->has_failed = TRUE;
    g_string_truncate (reader->text, 0);
    reader->at = reader->seen = 0;
    return H3_NDJSON_FAILED;
}

/* Takes a line that is whole off the front. FALSE: there is none. */
static gboolean
take_line (H3NdjsonReader *reader, H3View *out_line)
{
    const char *start = reader->text->str + reader->at;
    gsize left = reader->text->len - reader->at;
    const char *end =
        memchr (reader->text->str + reader->seen, '\n', reader->text->len - reader->seen);

    reader->seen = reader->text->len;
    if (end == NULL && (!reader->has_ended || left == 0))
        return FALSE;
    *out_line = h3_view (start, end != NULL ? (gsize) (end - start) : left);
    reader->at += out_line->length + (end != NULL);
    reader->seen = reader->at;
    reader->line++;
    if (out_line->length > 0 && out_line->data[out_line->length - 1] == '\r')
        out_line->length--;
    return TRUE;
}

static gboolean
is_blank (H3View line)
{
    while (line.length > 0
           && (line.data[line.length - 1] == ' ' || line.data[line.length - 1] == '\t'
               || line.data[line.length - 1] == '\r'))
        line.length--;
    return line.length == 0;
}

static GError *
make_too_long (const H3NdjsonReader *reader, guint64 line)
{
    return g_error_new (H3_ERROR, H3_ERROR_LIMIT,
                        "line %" G_GUINT64_FORMAT ": it has more than %" G_GSIZE_FORMAT " bytes",
                        line, reader->max_line);
}

/* A line has no LF, so its reader always speaks of line 1. */
static GError *
make_malformed (const H3NdjsonReader *reader, const GError *problem)
{
    g_assert (g_str_has_prefix (problem->message, "line 1,"));
    return g_error_new (H3_ERROR, H3_ERROR_SYNTAX, "line %" G_GUINT64_FORMAT "%s", reader->line,
                        problem->message + strlen ("line 1"));
}

/* Whatever the pieces: a line is too long when its first bytes are, and they may all be there but
 * the CR that belongs to its end. */
static gboolean
is_too_long (const H3NdjsonReader *reader)
{
    gsize left = reader->text->len - reader->at;

    return left > reader->max_line
           && (left > reader->max_line + 1 || reader->text->str[reader->text->len - 1] != '\r');
}

H3NdjsonStep
h3_ndjson_reader_take (H3NdjsonReader *reader, json_t **out_document, GError **error)
{
    g_autoptr (GError) problem = NULL;
    H3View line;

    g_return_val_if_fail (reader != NULL && out_document != NULL, H3_NDJSON_FAILED);
    while (!reader->has_failed && take_line (reader, &line)) {
        if (line.length > reader->max_line)
            return fail (reader, make_too_long (reader, reader->line), error);
        if (is_blank (line))
            continue;
        *out_document = h3_json_parse (line, reader->max_depth, &problem);
        return *out_document != NULL ? H3_NDJSON_DOCUMENT
                                     : fail (reader, make_malformed (reader, problem), error);
    }
    if (reader->has_failed)
        return H3_NDJSON_FAILED;
    if (is_too_long (reader))
        return fail (reader, make_too_long (reader, reader->line + 1), error);
    return reader->has_ended ? H3_NDJSON_END : H3_NDJSON_WAIT;
}

guint64
h3_ndjson_reader_get_line (const H3NdjsonReader *reader)
{
    g_return_val_if_fail (reader != NULL, 0);
    return reader->line;
}
