/* SPDX-License-Identifier: MIT */

#include "failure-inside.h"

#include <h3/format/json-writer.h>
#include <h3/http/event-inside.h>

#include <stdarg.h>
#include <stdatomic.h>

/* Not G_DEFINE_QUARK: what it remembers is a plain variable, which workers write at once. */
GQuark
h3_http_error_quark (void)
{
    static _Atomic GQuark known;
    GQuark quark = atomic_load_explicit (&known, memory_order_relaxed);

    if (quark == 0) {
        quark = g_quark_from_static_string ("h3-http-error-quark");
        atomic_store_explicit (&known, quark, memory_order_relaxed);
    }
    return quark;
}

GError *
h3_http_error_new (guint status, const char *format, ...)
{
    g_autofree char *detail = NULL;
    va_list arguments;

    g_return_val_if_fail (status >= 400 && status <= 599, NULL);
    if (format != NULL) {
        va_start (arguments, format);
        detail = g_strdup_vprintf (format, arguments);
        va_end (arguments);
    }
    return g_error_new_literal (H3_HTTP_ERROR, (int) status, detail != NULL ? detail : "");
}

guint
h3_http_error_get_status (const GError *error)
{
    g_return_val_if_fail (error != NULL, 500);
    if (error->domain != H3_HTTP_ERROR || error->code < 400 || error->code > 599)
        return 500;
    return (guint) error->code;
}

void
h3_event_fail_status (H3Event *event, guint status, const char *detail)
{
    g_return_if_fail (event != NULL);
    h3_event_fail (event, h3_http_error_new (status, detail != NULL ? "%s" : NULL, detail));
}

/* What the problem+json has beside the members that all have. */
typedef struct {
    guint status;
    H3View members; /* borrowed: the arena */
} Details;

static const char details_key[] = "h3 problem details";

void
failure_set_members (H3Event *event, guint status, H3View members)
{
    Details *details = h3_arena_new0 (event->arena, Details);

    *details = (Details){ status, members };
    h3_event_set_data (event, details_key, details, NULL);
}

H3View
failure_get_members (const H3Event *event, const GError *error)
{
    const Details *details = h3_event_get_data (event, details_key);

    if (details == NULL || details->status != h3_http_error_get_status (error))
        return H3_VIEW_EMPTY;
    return details->members;
}

void
failure_fill (H3Response *response, H3Arena *arena, const GError *error, H3View members)
{
    guint status = h3_http_error_get_status (error);
    H3JsonWriter *writer = h3_json_writer_new (arena);
    H3View text;

    h3_json_writer_begin_object (writer);
    h3_json_writer_set_string (writer, "type", "about:blank");
    h3_json_writer_set_string (writer, "title", h3_status_get_reason (status));
    h3_json_writer_set_int (writer, "status", status);
    if (error->domain == H3_HTTP_ERROR && error->message[0] != '\0')
        h3_json_writer_set_string (writer, "detail", error->message);
    h3_json_writer_end_object (writer);
    h3_response_set_status (response, status);
    response_set_type_literal (response, "application/problem+json");
    text = h3_json_writer_get_view (writer);
    if (members.length > 0) {
        char *longer = h3_arena_alloc (arena, text.length + members.length + 1);

        memcpy (longer, text.data, text.length - 1);
        longer[text.length - 1] = ',';
        memcpy (longer + text.length, members.data, members.length);
        longer[text.length + members.length] = '}';
        text = h3_view (longer, text.length + members.length + 1);
    }
    response_set_memory (response, text);
}
