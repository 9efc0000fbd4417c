/* SPDX-License-Identifier: MIT
 *
 * A certificate for a server of a test, and a fixture whose peer speaks TLS and believes it. Main
 * thread. */

#pragma once

#include "client-fixture.h"

#include "h3/net/client-tls-context.h"
#include "tests/support/scripted-server.h"
#include "tests/support/tls-authority.h"

/* A server with a certificate, and what believes it. */
typedef struct {
    FileTree tree;
    TlsAuthority authority;
    ScriptedWish wish;
    ClientTlsContext *context;
    char *certificate, *key;
} ClientSecure;

/* The fixture's settings become secure ones; the peer is for the test to make. */
void client_secure_init (ClientSecure *secure, ClientFixture *fixture);
/* Once the server has ended. */
void client_secure_clear (ClientSecure *secure, ClientFixture *fixture);
