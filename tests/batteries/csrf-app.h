/* SPDX-License-Identifier: MIT
 *
 * An app that gives tokens out and wants them back, and short ways to ask it. The test's thread. */

#pragma once

#include "session-app.h"

#include <h3/base/error.h>
#include <h3/batteries/csrf.h>
#include <h3/batteries/form.h>
#include <h3/batteries/principal.h>

static inline void
give_token (H3Event *event, gpointer user_data)
{
    GError *error = NULL;
    const char *token = h3_event_get_csrf_token (event, &error);

    if (token == NULL) {
        h3_event_fail (event, error);
        return;
    }
    ck_assert_str_eq (h3_event_get_csrf_token (event, NULL), token);
    h3_event_send_text (event, token);
}

static inline void
change (H3Event *event, gpointer user_data)
{
    GBytes *body = h3_request_get_body (h3_event_get_request (event));
    g_autofree char *text =
        g_strdup_printf ("changed %u", body != NULL ? (guint) g_bytes_get_size (body) : 0);

    h3_event_send_text (event, text);
}

static inline void
say_name (H3Event *event, gpointer user_data)
{
    H3Form *form = h3_event_get_form (event, NULL);

    ck_assert_ptr_nonnull (form);
    h3_event_send_text (event, h3_form_get (form, "name"));
}

static inline void
read_name (H3Event *event, gpointer user_data)
{
    h3_event_read_form (event, NULL, say_name, NULL, NULL);
}

/* As an authentication that takes one password and one token. */
static inline void
authenticate (H3Event *event, gpointer user_data)
{
    const char *shown = h3_request_get_header (h3_event_get_request (event), "Authorization");

    if (g_strcmp0 (shown, "Bearer good") == 0)
        h3_event_set_principal (event, h3_principal_new ("bearer", "machine", NULL));
    else if (g_strcmp0 (shown, "Basic good") == 0)
        h3_event_set_principal (event, h3_principal_new ("basic", "zoe", NULL));
    h3_event_next (event);
}

/* Takes the middleware (transfer full). */
static inline H3App *
csrf_app (H3Middleware *middleware)
{
    H3SessionsOptions options;
    H3App *made;

    h3_sessions_options_init (&options);
    options.absolute_time = 48 * 3600;
    made = session_app (h3_sessions_new_full (&options, NULL));
    h3_app_use (made, "/", h3_middleware_new (authenticate, NULL, NULL));
    h3_app_use (made, "/", middleware);
    h3_app_get (made, "/token", give_token, NULL);
    h3_app_all (made, "/change", change, NULL);
    h3_app_post (made, "/name", say_name, NULL);
    h3_route_set_body (h3_app_post (made, "/streamed", read_name, NULL), H3_BODY_STREAMED, 0);
    h3_route_set_body (h3_app_post (made, "/none", change, NULL), H3_BODY_NONE, 0);
    return made;
}

/* (transfer full) */
static inline char *
get_token (SessionClient *client, const char *target)
{
    g_autoptr (H3Injected) answer = session_client_send (client, "GET", target, NULL, NULL);

    ck_assert_uint_eq (h3_injected_get_status (answer), 200);
    ck_assert_uint_eq (strlen (h3_injected_get_text (answer)), 43);
    ck_assert_str_eq (h3_injected_get_header (answer, "Vary"), "Cookie");
    return g_strdup (h3_injected_get_text (answer));
}

/* The status, with fields: names and values by turns, NULL at the end. */
static inline guint G_GNUC_NULL_TERMINATED
request_with (SessionClient *client, const char *method, const char *target, const char *body, ...)
{
    g_autoptr (H3Headers) headers = h3_headers_new ();
    g_autoptr (H3Injected) answer = NULL;
    const char *name;
    va_list fields;

    va_start (fields, body);
    while ((name = va_arg (fields, const char *)) != NULL)
        h3_headers_set (headers, name, va_arg (fields, const char *));
    va_end (fields);
    answer = session_client_send (client, method, target, headers, body);
    if (h3_injected_get_status (answer) >= 400)
        ck_assert_str_eq (h3_injected_get_header (answer, "Content-Type"),
                          "application/problem+json");
    if (h3_injected_get_status (answer) == 503)
        ck_assert_str_eq (h3_injected_get_header (answer, "Retry-After"), "1");
    return h3_injected_get_status (answer);
}

static inline guint
post (SessionClient *client, const char *token)
{
    return request_with (client, "POST", "/change", "x", "X-CSRF-Token", token, NULL);
}
