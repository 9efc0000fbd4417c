/* SPDX-License-Identifier: MIT */

#include "json-lines.h"

#include <h3/base/error.h>
#include <h3/format/json.h>
#include <h3/format/ndjson.h>
#include <h3/http/body.h>
#include <h3/http/event-flow.h>
#include <h3/http/failure.h>

/* Found again by whoever resumes. */
#define DATA_KEY "h3 json lines"

/* The event's datum; while it reads, it holds the event. */
typedef struct {
    H3Event *event;         /* ref; NULL: the end was told */
    H3NdjsonReader *reader; /* owned */
    H3JsonLineFunction function;
    gpointer user_data;
    GDestroyNotify destroy; /* of user_data */
    gboolean body_ended;
    gboolean is_paused; /* by the program */
} Lines;

static void
free_lines (gpointer data)
{
    Lines *lines = data;

    h3_ndjson_reader_free (lines->reader);
    g_free (lines);
}

/* Whoever calls this is within a frame of the event, or of its end: `lines` outlives it. */
static void
tell_end (Lines *lines, const GError *error)
{
    H3Event *event = g_steal_pointer (&lines->event);

    (void) lines->function (event, NULL, error, lines->user_data);
    if (lines->destroy != NULL)
        lines->destroy (lines->user_data);
    h3_event_unref (event);
}

static void
tell_failure (Lines *lines, const GError *problem)
{
    g_autoptr (GError) error = NULL;

    if (g_error_matches (problem, H3_ERROR, H3_ERROR_LIMIT))
        error = h3_http_error_new (413, "The body cannot be taken: %s.", problem->message);
    else
        error = h3_http_error_new (400, "The body is no NDJSON: %s.", problem->message);
    tell_end (lines, error);
}

/* Gives documents until there are none, or no more are wanted. */
static void
give (Lines *lines)
{
    while (lines->event != NULL && !lines->is_paused) {
        g_autoptr (json_t) document = NULL;
        g_autoptr (GError) problem = NULL;
        H3NdjsonStep step = h3_ndjson_reader_take (lines->reader, &document, &problem);

        if (step == H3_NDJSON_WAIT)
            return;
        if (step == H3_NDJSON_DOCUMENT)
            lines->is_paused = !lines->function (lines->event, document, NULL, lines->user_data);
        else if (step == H3_NDJSON_END)
            tell_end (lines, NULL);
        else
            tell_failure (lines, problem);
    }
    if (lines->event != NULL && !lines->body_ended)
        h3_event_pause_body (lines->event);
}

static void
on_piece (H3Event *event, const char *data, gsize length, const GError *error, gpointer user_data)
{
    Lines *lines = user_data;

    lines->body_ended = data == NULL;
    if (lines->event == NULL)
        return;
    if (error != NULL) {
        tell_end (lines, error);
        return;
    }
    if (data != NULL)
        h3_ndjson_reader_feed (lines->reader, data, length);
    else
        h3_ndjson_reader_end (lines->reader);
    give (lines);
}

/* The body had come, and documents of it were waiting to be wanted. */
static void
on_disposed (H3Event *event, H3Outcome outcome, gpointer user_data)
{
    Lines *lines = user_data;
    g_autoptr (GError) error = NULL;

    if (lines->event == NULL)
        return;
    error = g_error_new_literal (H3_ERROR, H3_ERROR_CLOSED, "the exchange is over");
    tell_end (lines, error);
}

void
h3_event_read_json_lines (H3Event *event, H3JsonLineFunction function, gpointer user_data,
                          GDestroyNotify destroy)
{
    Lines *lines;

    g_return_if_fail (event != NULL && function != NULL);
    g_return_if_fail (event_is_on_worker (event));
    g_return_if_fail (h3_event_get_data (event, DATA_KEY) == NULL);
    lines = g_new0 (Lines, 1);
    lines->event = h3_event_defer (event);
    lines->reader =
        h3_ndjson_reader_new ((gsize) event->limits->json_line, (guint) event->limits->json_depth);
    lines->function = function;
    lines->user_data = user_data;
    lines->destroy = destroy;
    h3_event_set_data (event, DATA_KEY, lines, free_lines);
    h3_event_on_dispose (event, on_disposed, lines, NULL);
    if (lines->event != NULL)
        h3_event_read_body (event, on_piece, lines, NULL);
}

static void
give_again (gpointer data)
{
    H3Event *event = data;
    Lines *lines = h3_event_get_data (event, DATA_KEY);

    event_enter (event);
    if (!lines->is_paused) {
        give (lines);
        if (lines->event != NULL && !lines->is_paused && !lines->body_ended)
            h3_event_resume_body (event);
    }
    event_leave (event);
    h3_event_unref (event);
}

void
h3_event_resume_json_lines (H3Event *event)
{
    Lines *lines;

    g_return_if_fail (event != NULL);
    g_return_if_fail (event_is_on_worker (event));
    lines = h3_event_get_data (event, DATA_KEY);
    g_return_if_fail (lines != NULL);
    if (!lines->is_paused || lines->event == NULL)
        return;
    lines->is_paused = FALSE;
    loop_defer (event->loop, give_again, h3_event_ref (event));
}

/* Its own thread only: before the head has left nobody else may write. */
static void
choose_type (H3Event *event)
{
    if (event_is_on_worker (event) && event->phase == EVENT_OPEN
        && h3_response_get_content_type (&event->response) == NULL)
        response_set_type_literal (&event->response, "application/x-ndjson");
}

gboolean
h3_event_write_json_line (H3Event *event, json_t *document)
{
    g_autofree char *text = NULL;
    gsize length;

    g_return_val_if_fail (event != NULL, FALSE);
    if (document != NULL)
        text = h3_json_to_text (document, H3_JSON_COMPACT);
    json_decref (document);
    if (text == NULL) {
        h3_event_fail (event, g_error_new_literal (H3_ERROR, H3_ERROR_INVALID,
                                                   "a line to be written is no JSON"));
        return FALSE;
    }
    choose_type (event);
    length = strlen (text);
    text[length] = '\n'; /* in the place of its NUL: bytes need none */
    return h3_event_write (event, text, length + 1);
}
