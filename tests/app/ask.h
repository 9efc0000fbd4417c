/* SPDX-License-Identifier: MIT
 *
 * What the tests of the app share: short ways to ask an app and to look at its answer. The test's
 * thread only. */

#pragma once

#include <h3/app/inject.h>
#include <h3/http/answer.h>
#include <h3/http/body.h>
#include <h3/http/content.h>
#include <h3/http/failure.h>
#include <h3/http/work.h>

#include "tests/support/suite.h"

/* (transfer full) */
static inline H3Injected *
ask_with (H3App *app, const char *method, const char *target, H3Headers *headers, const char *body)
{
    g_autoptr (GError) error = NULL;
    g_autoptr (GBytes) bytes = body != NULL ? g_bytes_new (body, strlen (body)) : NULL;
    H3Injected *injected = h3_app_inject (app, method, target, headers, bytes, &error);

    ck_assert_msg (injected != NULL, "%s", error != NULL ? error->message : "no error");
    return injected;
}

/* (transfer full) */
static inline H3Injected *
ask (H3App *app, const char *method, const char *target)
{
    return ask_with (app, method, target, NULL, NULL);
}

/* (transfer full): a body of the type given. */
static inline H3Injected *
ask_body (H3App *app, const char *method, const char *target, const char *type, const char *body)
{
    g_autoptr (H3Headers) headers = h3_headers_new ();

    if (type != NULL)
        h3_headers_set (headers, "Content-Type", type);
    return ask_with (app, method, target, headers, body);
}

/* (transfer full): with one field. */
static inline H3Injected *
ask_field (H3App *app, const char *target, const char *name, const char *value)
{
    g_autoptr (H3Headers) headers = h3_headers_new ();

    h3_headers_set (headers, name, value);
    return ask_with (app, "GET", target, headers, NULL);
}

/* (transfer full): a request byte for byte. */
static inline H3Injected *
ask_raw (H3App *app, const char *text)
{
    g_autoptr (GError) error = NULL;
    g_autoptr (GBytes) bytes = g_bytes_new (text, strlen (text));
    H3Injected *injected = h3_app_inject_raw (app, bytes, &error);

    ck_assert_ptr_nonnull (injected);
    return injected;
}

static inline guint
ask_status (H3App *app, const char *method, const char *target)
{
    g_autoptr (H3Injected) injected = ask (app, method, target);

    return h3_injected_get_status (injected);
}

/* The answer to a GET is this text. */
static inline void
assert_gets (H3App *app, const char *target, const char *text)
{
    g_autoptr (H3Injected) injected = ask (app, "GET", target);

    ck_assert_str_eq (h3_injected_get_text (injected), text);
}

static inline void
assert_answer (H3Injected *injected, guint status, const char *text)
{
    ck_assert_uint_eq (h3_injected_get_status (injected), status);
    ck_assert_str_eq (h3_injected_get_text (injected), text);
    h3_injected_unref (injected);
}

/* Frees it. */
static inline void
assert_status (H3Injected *injected, guint status)
{
    ck_assert_uint_eq (h3_injected_get_status (injected), status);
    h3_injected_unref (injected);
}

/* Answers with its user data. */
static inline void
say (H3Event *event, gpointer user_data)
{
    h3_event_send_text (event, user_data);
}
