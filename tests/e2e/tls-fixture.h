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
    h3_app_post (server.app, "/echo", echo, NULL);
}

static inline void
start (void)
{
    h3_server_set_tls (h3_app_get_server (server.app), settings);
    g_clear_pointer (&settings, h3_tls_settings_free);
    test_server_start (&server);
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
