/* SPDX-License-Identifier: MIT
 *
 * What the tests of TLS share: a server with a certificate of an authority of their own, and
 * handlers that say what they see. Included by one source each; main thread. */

#pragma once

#include "tests/support/suite.h"
#include "tests/support/test-server.h"
#include "tests/support/tls-authority.h"
#include "tests/support/tls-client.h"

#include "h3/h3.h"
#include "h3/loop/clock.h"

#define GET(path) "GET " path " HTTP/1.1\r\nHost: localhost\r\n\r\n"

static FileTree tree;
static TlsAuthority authority;
static TestServer server;
static H3TlsSettings *settings; /* owned; NULL once the server has it */
static char *authority_path;    /* owned */

static void
show_scheme (H3Event *event, gpointer user_data)
{
    h3_event_send_text (event, h3_event_get_scheme (event));
}

static const char *
or_none (const char *text)
{
    return text != NULL ? text : "-";
}

/* Which cipher it is, OpenSSL decides. */
static void
show_tls (H3Event *event, gpointer user_data)
{
    const H3TlsInfo *tls = h3_event_get_tls (event);
    g_autofree char *text = NULL;

    ck_assert_ptr_nonnull (tls);
    ck_assert_ptr_nonnull (tls->cipher);
    ck_assert_ptr_eq (h3_event_get_tls (event), tls);
    ck_assert_uint_eq (tls->client_fingerprint != NULL ? strlen (tls->client_fingerprint) : 64, 64);
    ck_assert ((tls->client != NULL) == (tls->client_fingerprint != NULL));
    text = g_strdup_printf ("%s %s %s %s %s", tls->version, or_none (tls->protocol),
                            or_none (tls->server_name), tls->is_resumed ? "resumed" : "new",
                            or_none (tls->client));
    h3_event_send_text (event, text);
}

static void
echo (H3Event *event, gpointer user_data)
{
    h3_event_send_bytes (event, "application/octet-stream",
                         h3_request_get_body (h3_event_get_request (event)));
}

/* Adds the certificate of NAME.pem and NAME.key to the settings. */
static inline void
use_certificate (const char *name)
{
    g_autofree char *certificate = g_strconcat (name, ".pem", NULL);
    g_autofree char *key = g_strconcat (name, ".key", NULL);
    g_autofree char *certificate_path = file_tree_path (&tree, certificate);
    g_autofree char *key_path = file_tree_path (&tree, key);

    h3_tls_settings_add_certificate (settings, certificate_path, key_path);
}

/* Whatever comes first in the process is made before anything is counted. */
static inline void
warm_up (void)
{
    SSL_CTX *context = SSL_CTX_new (TLS_method ());

    ck_assert_ptr_nonnull (context);
    SSL_CTX_free (context);
}

/* The server is not started yet. */
static inline void
set_up (void)
{
    warm_up ();
    file_tree_init (&tree);
    tls_authority_init (&authority, "Test authority");
    tls_authority_write (&authority, &tree, "authority.pem");
    authority_path = file_tree_path (&tree, "authority.pem");
    tls_authority_sign (&authority, &tree, "first",
                        &(TlsWish){ .subject = "first", .names = "DNS:localhost" });
    settings = h3_tls_settings_new ();
    test_server_init (&server);
    h3_app_get (server.app, "/scheme", show_scheme, NULL);
    h3_app_get (server.app, "/tls", show_tls, NULL);
    h3_app_post (server.app, "/echo", echo, NULL);
}

static inline void
start (void)
{
    h3_server_set_tls (h3_app_get_server (server.app), settings);
    g_clear_pointer (&settings, h3_tls_settings_free);
    test_server_start (&server);
}

/* Fails the test unless the handshake does, and the server says why. */
static inline void
expect_refusal (const TlsWishes *wishes, int alert)
{
    g_autoptr (RawClient) client = tls_client_connect (server.address, wishes);
    int said = 0;

    /* By TLS 1.3 a client believes that all is well before the server has seen its certificate. */
    if (tls_client_try (client, &said)) {
        raw_client_expect_end (client);
        said = tls_client_get_alert (client);
    }
    ck_assert_int_eq (said, alert);
}

/* Fails the test unless the answer to GET /tls is so. */
static inline void
expect_tls (const TlsWishes *wishes, const char *shown)
{
    g_autoptr (RawClient) client = tls_client_new (server.address, wishes);

    raw_client_expect (client, GET ("/tls"), 200, shown);
}

static inline void
set_up_and_start (void)
{
    set_up ();
    use_certificate ("first");
    start ();
}

static inline void
tear_down (void)
{
    if (server.address != NULL)
        test_server_end (&server);
    else
        g_clear_object (&server.app);
    g_clear_pointer (&settings, h3_tls_settings_free);
    g_clear_pointer (&authority_path, g_free);
    tls_authority_clear (&authority);
    file_tree_clear (&tree);
}
