/* SPDX-License-Identifier: MIT */

#include "conformance-program.h"

#include "h3/h3.h"

#include <h3/format/json.h>

#define FIXED "hello world"

static void
append_params (H3Event *event, GString *text)
{
    static const char *const names[] = { "a", "b" };

    for (guint i = 0; i < G_N_ELEMENTS (names); i++) {
        const char *value = h3_event_get_param (event, names[i]);

        if (value != NULL)
            g_string_append_printf (text, "%s(%s=%s)", i == 0 ? " " : "", names[i], value);
    }
}

static void
append_trailers (const H3Request *request, GString *text)
{
    static const char *const names[] = {
        "X",    "Y",          "Content-Length", "Transfer-Encoding",
        "Host", "Connection", "Authorization",  "Content-Type"
    };

    for (guint i = 0; i < G_N_ELEMENTS (names); i++) {
        const char *value = h3_request_get_trailer (request, names[i]);

        if (value != NULL)
            g_string_append_printf (text, "{%s: %s}", names[i], value);
    }
}

static void
echo (H3Event *event, gpointer user_data)
{
    const H3Request *request = h3_event_get_request (event);
    const char *query = h3_request_get_query_string (request);
    GBytes *body = h3_request_get_body (request);
    g_autoptr (GString) text = g_string_new (h3_request_get_method_name (request));
    const char *name, *value;

    g_string_append_printf (text, " %s", h3_request_get_path (request));
    if (query != NULL)
        g_string_append_printf (text, "?%s", query);
    append_params (event, text);
    for (guint i = 0; h3_request_get_header_at (request, i, &name, &value); i++)
        g_string_append_printf (text, " [%s: %s]", name, value);
    g_string_append (text, " <");
    if (body != NULL)
        g_string_append_len (text, g_bytes_get_data (body, NULL), (gssize) g_bytes_get_size (body));
    g_string_append_c (text, '>');
    append_trailers (request, text);
    h3_event_send_data (event, "application/octet-stream", text->str, text->len);
}

static void
send_fixed (H3Event *event, gpointer user_data)
{
    h3_event_send_text (event, FIXED);
}

static void
send_empty (H3Event *event, gpointer user_data)
{
    h3_event_send_empty (event, GPOINTER_TO_UINT (user_data));
}

static void
send_body_with_204 (H3Event *event, gpointer user_data)
{
    h3_event_set_status (event, 204);
    h3_event_send_text (event, FIXED);
}

static void
send_forbidden (H3Event *event, gpointer user_data)
{
    h3_event_fail (event, h3_http_error_new (403, "no"));
}

static void
send_fresh (H3Event *event, gpointer user_data)
{
    if (!h3_event_check_fresh (event, "\"x\"", -1))
        h3_event_send_text (event, FIXED);
}

static void
send_hints (H3Event *event, gpointer user_data)
{
    g_autoptr (H3Headers) hints = h3_headers_new ();

    (void) h3_headers_set (hints, "Link", "</style.css>; rel=preload");
    h3_event_send_early_hints (event, hints);
    h3_event_send_text (event, FIXED);
}

static void
send_stream (H3Event *event, gpointer user_data)
{
    h3_event_start_stream (event, GPOINTER_TO_INT (user_data));
    (void) h3_event_write (event, FIXED, 5);
    (void) h3_event_write (event, &FIXED[5], strlen (FIXED) - 5);
    h3_event_finish (event);
}

static void
send_sum (H3Event *event, gpointer user_data)
{
    (void) h3_event_declare_trailer (event, "X-Sum");
    (void) h3_event_set_trailer (event, "X-Sum", "11");
    send_stream (event, user_data);
}

static void
send_empty_stream (H3Event *event, gpointer user_data)
{
    h3_event_set_status (event, 204);
    h3_event_start_stream (event, -1);
    h3_event_finish (event);
}

static void
read_json (H3Event *event, gpointer user_data)
{
    g_autoptr (GError) error = NULL;
    json_t *document = h3_event_parse_json (event, &error);

    if (document == NULL) {
        h3_event_fail (event, g_steal_pointer (&error));
        return;
    }
    json_decref (document);
    h3_event_send_text (event, "a document");
}

static void
read_form (H3Event *event, gpointer user_data)
{
    g_autoptr (GError) error = NULL;

    if (h3_event_parse_form (event, &error) == NULL)
        h3_event_fail (event, g_steal_pointer (&error));
    else
        h3_event_send_text (event, "a form");
}

static gboolean
count_cookie (const char *name, const char *value, gpointer user_data)
{
    ++*(guint *) user_data;
    return TRUE;
}

static void
count_cookies (H3Event *event, gpointer user_data)
{
    g_autofree char *text = NULL;
    guint n = 0;

    h3_event_foreach_cookie (event, count_cookie, &n);
    text = g_strdup_printf ("%u", n);
    h3_event_send_text (event, text);
}

/* Of a body of 2^63 - 1 bytes: how many ranges are to be sent, "all", or 416. */
static void
count_ranges (H3Event *event, gpointer user_data)
{
    H3View field = h3_request_get_header_view (h3_event_get_request (event), H3_VIEW ("Range"));
    H3Range ranges[H3_RANGES_MAX];
    g_autofree char *text = NULL;
    guint n = 0;

    switch (h3_ranges_parse (field, G_MAXINT64, ranges, H3_RANGES_MAX, &n)) {
    case H3_RANGES_SATISFIABLE:
        text = g_strdup_printf ("%u", n);
        h3_event_set_status (event, 206);
        break;
    case H3_RANGES_NOT_SATISFIABLE:
        h3_event_set_status (event, 416);
        break;
    default:
        break;
    }
    h3_event_send_text (event, text != NULL ? text : "all");
}

void
conformance_program_add (H3App *app)
{
    H3Route *route;

    (void) h3_app_get (app, "/fixed", send_fixed, NULL);
    (void) h3_app_get (app, "/empty", send_empty, GUINT_TO_POINTER (200));
    (void) h3_app_get (app, "/no-content", send_empty, GUINT_TO_POINTER (204));
    (void) h3_app_get (app, "/reset", send_empty, GUINT_TO_POINTER (205));
    (void) h3_app_get (app, "/no-content-with-body", send_body_with_204, NULL);
    (void) h3_app_get (app, "/no-content-stream", send_empty_stream, NULL);
    (void) h3_app_get (app, "/forbidden", send_forbidden, NULL);
    (void) h3_app_get (app, "/fresh", send_fresh, NULL);
    (void) h3_app_get (app, "/hints", send_hints, NULL);
    (void) h3_app_get (app, "/stream", send_stream, GINT_TO_POINTER (-1));
    (void) h3_app_get (app, "/stream-of-11", send_stream, GINT_TO_POINTER (strlen (FIXED)));
    (void) h3_app_get (app, "/sum", send_sum, GINT_TO_POINTER (-1));
    (void) h3_app_get (app, "/sum-of-11", send_sum, GINT_TO_POINTER (strlen (FIXED)));
    (void) h3_app_post (app, "/whole", send_fixed, NULL);
    (void) h3_app_post (app, "/json", read_json, NULL);
    (void) h3_app_post (app, "/form", read_form, NULL);
    (void) h3_app_get (app, "/cookies", count_cookies, NULL);
    (void) h3_app_get (app, "/ranges", count_ranges, NULL);
    (void) h3_app_route (app, "LOCK", "/lockable", send_fixed, NULL, NULL);
    route = h3_app_post (app, "/unread", send_fixed, NULL);
    h3_route_set_body (route, H3_BODY_NONE, 0);
    (void) h3_app_route (app, "GET HEAD POST PUT PATCH DELETE QUERY", "/params/:a/:b", echo, NULL,
                         NULL);
    (void) h3_app_route (app, "GET HEAD POST PUT PATCH DELETE QUERY", "/**", echo, NULL, NULL);
}
