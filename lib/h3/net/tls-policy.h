/* SPDX-License-Identifier: MIT
 *
 * What is agreed on in a handshake, and how sessions behave, be it as a server or as a client. Any
 * thread. */

#pragma once

#include <h3/net/tls-settings.h>

#include <openssl/ssl.h>

G_BEGIN_DECLS

/* FALSE: OpenSSL's queue of errors says why. */
gboolean tls_policy_apply (SSL_CTX *context, H3TlsVersion minimum);

G_END_DECLS
