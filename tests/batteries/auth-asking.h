/* SPDX-License-Identifier: MIT
 *
 * What the tests of authentication share: requests with credentials, and what their answers ask
 * for. The test's thread only. */

#pragma once

#include "tests/app/ask.h"

#include <h3/batteries/auth.h>
#include <h3/crypto/base64.h>

/* Answers with the scheme, the name and the scopes of who came. */
static inline void
tell_principal (H3Event *event, gpointer user_data)
{
    H3Principal *principal = h3_event_get_principal (event);
    g_autofree char *scopes = NULL;
    g_autofree char *text = NULL;

    if (principal == NULL) {
        h3_event_send_text (event, "nobody");
        return;
    }
    scopes = g_strjoinv ("+", (GStrv) h3_principal_get_scopes (principal));
    text = g_strjoin (" ", h3_principal_get_scheme (principal), h3_principal_get_name (principal),
                      scopes, NULL);
    h3_event_send_text (event, text);
}

/* (transfer full): an app that has this middleware before all, and tells who came at "/". Takes the
 * middleware. */
static inline H3App *
app_behind (H3Middleware *middleware)
{
    H3App *app = h3_app_new_with_preset (H3_PRESET_TESTING);

    h3_app_use (app, "/", middleware);
    h3_app_get (app, "/", tell_principal, NULL);
    h3_app_post (app, "/", tell_principal, NULL);
    return app;
}

/* (transfer full) */
static inline char *
basic_of (const char *user, const char *password)
{
    g_autofree char *both = g_strconcat (user, ":", password, NULL);
    g_autoptr (GBytes) bytes = g_bytes_new (both, strlen (both));
    g_autofree char *text = h3_base64_escape (bytes, H3_BASE64_STANDARD);

    return g_strconcat ("Basic ", text, NULL);
}

/* `authorization` may be NULL. */
static inline H3Injected *
ask_as (H3App *app, const char *target, const char *authorization)
{
    return authorization != NULL ? ask_field (app, target, "Authorization", authorization)
                                 : ask (app, "GET", target);
}

/* It comes in, as this. */
static inline void
assert_comes_in (H3App *app, const char *authorization, const char *as)
{
    assert_answer (ask_as (app, "/", authorization), 200, as);
}

/* It is answered so, with these challenges, joined, as problem+json. */
static inline void
assert_stays_out (H3App *app, const char *target, const char *authorization, guint status,
                  const char *challenges)
{
    g_autoptr (H3Injected) answer = ask_as (app, target, authorization);
    g_autofree char *found =
        h3_headers_dup_joined (h3_injected_get_headers (answer), "WWW-Authenticate");

    ck_assert_uint_eq (h3_injected_get_status (answer), status);
    ck_assert_msg (g_strcmp0 (found, challenges) == 0, "%s: %s", authorization, found);
    ck_assert_str_eq (h3_injected_get_header (answer, "Content-Type"), "application/problem+json");
}
