/* SPDX-License-Identifier: MIT
 *
 * A proxy between a client and a server that does what a script says, for the programs that test
 * it. For one test program each; main thread. */

#pragma once

#include "tests/support/scripted-server.h"
#include "tests/support/suite.h"
#include "tests/support/test-server.h"

#include "h3/h3.h"

static TestServer server;
static ScriptedServer behind;
static H3Proxy *proxy;    /* owned */
static RawClient *client; /* owned */

/* The proxy is there, with the scripted server behind it, and may still be set up. */
static inline void
prepare (const ScriptStep *script)
{
    test_server_init (&server);
    scripted_server_start (&behind, NULL, script);
    proxy = h3_proxy_new_for_url (behind.url, NULL);
    ck_assert_ptr_nonnull (proxy);
    ck_assert (h3_proxy_set_name (proxy, "edge"));
}

static inline void
begin (void)
{
    h3_app_use (server.app, "/", h3_proxy_to_middleware (proxy));
    test_server_start (&server);
    client = test_server_connect (&server);
}

static inline void
start (const ScriptStep *script)
{
    prepare (script);
    begin ();
}

static inline void
finish (void)
{
    g_clear_pointer (&client, raw_client_free);
    scripted_server_clear (&behind);
    g_clear_pointer (&proxy, h3_proxy_unref);
    test_server_end (&server);
}
