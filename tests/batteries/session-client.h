/* SPDX-License-Identifier: MIT
 *
 * A client of an app with sessions: it keeps the cookies it is given, as browsers do, and asks
 * without a socket. The test's thread, or one of its own each. */

#pragma once

#include "tests/app/ask.h"

#include <h3/batteries/sessions.h>

typedef struct {
    H3App *app;
    GHashTable *cookies; /* owned: values by name */
    gboolean by_tls;     /* as a trusted proxy says */
    guint n_set;         /* Set-Cookie fields of the last answer */
    char *set;           /* owned: the last of them; NULL: none */
} SessionClient;

static inline SessionClient
session_client (H3App *app)
{
    SessionClient client = { app, NULL, FALSE, 0, NULL };

    client.cookies = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
    return client;
}

static inline void
session_client_clear (SessionClient *client)
{
    g_clear_pointer (&client->cookies, g_hash_table_unref);
    g_clear_pointer (&client->set, g_free);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (SessionClient, session_client_clear)

static inline gboolean
session_client_take (const char *name, const char *value, gpointer user_data)
{
    SessionClient *client = user_data;
    g_auto (GStrv) parts = g_strsplit (value, "; ", -1);
    g_auto (GStrv) pair = g_strsplit (parts[0], "=", 2);

    client->n_set++;
    g_free (client->set);
    client->set = g_strdup (value);
    if (g_strv_contains ((const char *const *) parts, "Max-Age=0"))
        g_hash_table_remove (client->cookies, pair[0]);
    else
        g_hash_table_insert (client->cookies, g_strdup (pair[0]), g_strdup (pair[1]));
    return TRUE;
}

static inline char *
session_client_write (const SessionClient *client)
{
    GString *text = g_string_new (NULL);
    GHashTableIter iter;
    gpointer name, value;

    g_hash_table_iter_init (&iter, client->cookies);
    while (g_hash_table_iter_next (&iter, &name, &value))
        g_string_append_printf (text, "%s%s=%s", text->len > 0 ? "; " : "", (char *) name,
                                (char *) value);
    return g_string_free (text, FALSE);
}

/* (transfer full): with `headers` (nullable) beside the cookies. */
static inline H3Injected *
session_client_send (SessionClient *client, const char *method, const char *target,
                     H3Headers *headers, const char *body)
{
    g_autoptr (H3Headers) own = headers != NULL ? h3_headers_ref (headers) : h3_headers_new ();
    g_autofree char *cookies = session_client_write (client);
    H3Injected *answer;

    if (*cookies != '\0')
        h3_headers_set (own, "Cookie", cookies);
    if (client->by_tls)
        h3_headers_set (own, "X-Forwarded-Proto", "https");
    answer = ask_with (client->app, method, target, own, body);
    client->n_set = 0;
    g_clear_pointer (&client->set, g_free);
    h3_headers_foreach_value (h3_injected_get_headers (answer), "Set-Cookie", session_client_take,
                              client);
    return answer;
}

/* Fails the test unless a GET is answered so. */
static inline void
session_client_expect (SessionClient *client, const char *target, guint status, const char *text)
{
    g_autoptr (H3Injected) answer = session_client_send (client, "GET", target, NULL, NULL);

    ck_assert_msg (h3_injected_get_status (answer) == status, "%u to %s: %s",
                   h3_injected_get_status (answer), target, h3_injected_get_text (answer));
    if (text != NULL)
        ck_assert_str_eq (h3_injected_get_text (answer), text);
}

static inline const char *
session_client_get (const SessionClient *client, const char *name)
{
    return g_hash_table_lookup (client->cookies, name);
}

static inline void
session_client_set (SessionClient *client, const char *name, const char *value)
{
    g_hash_table_insert (client->cookies, g_strdup (name), g_strdup (value));
}
