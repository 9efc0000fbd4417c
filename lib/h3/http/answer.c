/* SPDX-License-Identifier: MIT */

#include "answer.h"

#include <h3/base/arena-inside.h>
#include <h3/base/bytes.h>
#include <h3/base/error.h>
#include <h3/format/json.h>
#include <h3/http/answer-inside.h>
#include <h3/http/failure.h>

/* A copy beyond this is a GBytes, which the socket's queue references instead of copying again. */
#define MAX_ARENA_COPY 16384

static gboolean
has_type_field (const H3Response *response)
{
    return response->headers != NULL && h3_headers_has (response->headers, "Content-Type");
}

/* A type that lives as long as the event, in the place of any other; NUL-terminated. */
static inline void
replace_type (H3Event *event, H3View type)
{
    if (G_UNLIKELY (has_type_field (&event->response)))
        h3_response_set_content_type (&event->response, type.data);
    event->response.type = type.data;
    event->response.type_length = type.length;
}

void
answer_set_type (H3Event *event, const char *type)
{
    if (type == NULL)
        return;
    if (h3_headers_is_value (h3_view_of (type)))
        replace_type (event, h3_view_of (h3_arena_strdup (event->arena, type)));
    else
        g_critical ("a media type with controls is not sent");
}

static inline void
copy_body (H3Event *event, H3View body)
{
    char *copy;

    if (body.length > MAX_ARENA_COPY) {
        g_autoptr (GBytes) bytes = g_bytes_new (body.data, body.length);

        h3_response_set_body_bytes (&event->response, bytes);
        return;
    }
    copy = arena_alloc (event->arena, body.length);
    bytes_copy (copy, body.data, body.length);
    response_set_memory (&event->response, h3_view (copy, body.length));
}

/* `type` is a literal of ours, which gives way to one that was set. */
static inline void
send_text (H3Event *event, const char *type, const char *text)
{
    if (!event_claim (event))
        return;
    response_set_type_literal (&event->response, type);
    copy_body (event, h3_view_of (text));
    event_answer (event);
}

void
h3_event_send_text (H3Event *event, const char *text)
{
    g_return_if_fail (event != NULL && text != NULL);
    send_text (event, "text/plain; charset=utf-8", text);
}

void
h3_event_send_html (H3Event *event, const char *html)
{
    g_return_if_fail (event != NULL && html != NULL);
    send_text (event, "text/html; charset=utf-8", html);
}

void
h3_event_send_data (H3Event *event, const char *type, const char *data, gsize length)
{
    g_return_if_fail (event != NULL && (data != NULL || length == 0));
    if (!event_claim (event))
        return;
    answer_set_type (event, type);
    copy_body (event, h3_view (data, length));
    event_answer (event);
}

/* A literal does not change: the one that was looked at last need not be looked at again. */
static __thread H3View last_literal; /* borrowed: lives as long as the program */

/* FALSE where it has controls. */
static G_GNUC_NO_INLINE gboolean
look_at_literal (const char *type)
{
    if (type == NULL || !h3_headers_is_value (h3_view_of (type)))
        return FALSE;
    last_literal = h3_view_of (type);
    return TRUE;
}

void
h3_event_send_static (H3Event *event, const char *type, H3View body)
{
    gboolean is_sound = type == last_literal.data || look_at_literal (type);

    g_return_if_fail (event != NULL && type != NULL && is_sound);
    if (!event_claim (event))
        return;
    replace_type (event, last_literal);
    response_set_memory (&event->response, body);
    event_answer (event);
}

void
h3_event_send_bytes (H3Event *event, const char *type, GBytes *bytes)
{
    g_return_if_fail (event != NULL && bytes != NULL);
    if (!event_claim (event))
        return;
    answer_set_type (event, type);
    h3_response_set_body_bytes (&event->response, bytes);
    event_answer (event);
}

void
h3_event_send_empty (H3Event *event, guint status)
{
    g_return_if_fail (event != NULL && status >= 200 && status <= 599);
    if (!event_claim (event))
        return;
    h3_response_set_status (&event->response, status);
    h3_response_clear_body (&event->response);
    event_answer (event);
}

static const char media_type_of_json[] = "application/json";

/* What was to be sent cannot be: the program's fault, told to its error handler, not to the client.
 */
static void
fail_json (H3Event *event, const char *why)
{
    h3_event_fail (event,
                   g_error_new (H3_ERROR, H3_ERROR_INVALID, "no JSON to answer with: %s", why));
}

static void
send_document (H3Event *event, json_t *given, H3JsonStyle style)
{
    g_autoptr (json_t) document = given;
    g_autofree char *text = NULL;
    g_autoptr (GBytes) bytes = NULL;
    gsize length;

    if (!event_claim (event))
        return;
    if (document == NULL) {
        fail_json (event, "the document is NULL");
        return;
    }
    text = h3_json_to_text (document, style);
    if (text == NULL) {
        fail_json (event, "the document contains itself");
        return;
    }
    length = strlen (text);
    bytes = g_bytes_new_take (g_steal_pointer (&text), length);
    response_set_type_literal (&event->response, media_type_of_json);
    h3_response_set_body_bytes (&event->response, bytes);
    event_answer (event);
}

void
h3_event_send_json (H3Event *event, json_t *document)
{
    g_return_if_fail (event != NULL);
    send_document (event, document, event->writes_pretty ? H3_JSON_PRETTY : H3_JSON_COMPACT);
}

void
h3_event_send_json_pretty (H3Event *event, json_t *document)
{
    g_return_if_fail (event != NULL);
    send_document (event, document, H3_JSON_PRETTY);
}

void
h3_event_send_json_text (H3Event *event, const char *text)
{
    g_return_if_fail (event != NULL && text != NULL);
    send_text (event, media_type_of_json, text);
}

void
h3_event_send_json_writer (H3Event *event, H3JsonWriter *writer)
{
    H3View text;

    g_return_if_fail (event != NULL && writer != NULL);
    if (!event_claim (event))
        return;
    if (!h3_json_writer_finish (writer, &text)) {
        const char *problem = h3_json_writer_get_problem (writer);

        fail_json (event, problem != NULL ? problem : "it is not finished");
        return;
    }
    response_set_type_literal (&event->response, media_type_of_json);
    response_set_memory (&event->response, text);
    event_answer (event);
}
