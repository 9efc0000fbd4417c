/* SPDX-License-Identifier: MIT
 *
 * An app whose routes each do one thing to the session, as their path says. The test's thread. */

#pragma once

#include "session-client.h"

#include <h3/batteries/session.h>

static inline H3Session *
session_of (H3Event *event)
{
    H3Session *session = h3_event_get_session (event);

    ck_assert_ptr_nonnull (session);
    return session;
}

static inline void
answer_written (H3Event *event, gboolean is_written, GError *error)
{
    if (is_written)
        h3_event_send_text (event, "done");
    else
        h3_event_fail (event, h3_http_error_new (400, "%s", error->message));
    g_clear_error (&error);
}

static inline void
do_nothing (H3Event *event, gpointer user_data)
{
    h3_event_send_text (event, "nothing");
}

static inline void
do_get (H3Event *event, gpointer user_data)
{
    H3Session *session = session_of (event);
    const char *value = h3_session_get_string (session, h3_event_get_param (event, "name"));
    g_autofree char *text = g_strdup_printf ("%s%s", h3_session_is_new (session) ? "new " : "",
                                             value != NULL ? value : "(none)");

    h3_event_send_text (event, text);
}

static inline void
do_set (H3Event *event, gpointer user_data)
{
    GError *error = NULL;
    gboolean is_set = h3_session_set_string (session_of (event), h3_event_get_param (event, "name"),
                                             h3_event_get_param (event, "value"), &error);

    answer_written (event, is_set, error);
}

static inline void
do_add (H3Event *event, gpointer user_data)
{
    g_autofree char *text = NULL;
    gint64 sum;

    ck_assert (h3_session_add_int (session_of (event), "n", 1, &sum, NULL));
    text = g_strdup_printf ("%" G_GINT64_FORMAT, sum);
    h3_event_send_text (event, text);
}

static inline void
do_take (H3Event *event, gpointer user_data)
{
    g_autofree char *text =
        h3_session_take_string (session_of (event), h3_event_get_param (event, "name"));

    h3_event_send_text (event, text != NULL ? text : "(none)");
}

static inline void
do_login (H3Event *event, gpointer user_data)
{
    ck_assert (h3_session_regenerate (session_of (event), NULL));
    ck_assert (h3_session_set_string (session_of (event), "user", "zoe", NULL));
    h3_event_send_text (event, "done");
}

static inline void
do_logout (H3Event *event, gpointer user_data)
{
    h3_session_destroy (session_of (event));
    ck_assert (!h3_session_set_string (session_of (event), "late", "x", NULL));
    h3_event_send_text (event, "done");
}

static inline void
do_fail (H3Event *event, gpointer user_data)
{
    ck_assert (h3_session_set_string (session_of (event), "failed", "once", NULL));
    h3_event_fail_status (event, 418, "no coffee");
}

/* Takes the middleware (transfer full), and trusts the test as a proxy. */
static inline H3App *
session_app (H3Middleware *middleware)
{
    H3App *app = h3_app_new_with_preset (H3_PRESET_TESTING);

    ck_assert (h3_app_trust_proxy (app, "127.0.0.0/8", NULL));
    ck_assert_ptr_nonnull (middleware);
    h3_app_use (app, "/", middleware);
    h3_app_get (app, "/nothing", do_nothing, NULL);
    h3_app_get (app, "/get/:name", do_get, NULL);
    h3_app_get (app, "/set/:name/:value", do_set, NULL);
    h3_app_get (app, "/take/:name", do_take, NULL);
    h3_app_get (app, "/add", do_add, NULL);
    h3_app_get (app, "/login", do_login, NULL);
    h3_app_get (app, "/logout", do_logout, NULL);
    h3_app_get (app, "/fail", do_fail, NULL);
    return app;
}
