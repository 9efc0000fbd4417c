/* SPDX-License-Identifier: MIT
 *
 * Sessions of TLS that servers have offered to go on with, by host and port: as bytes, so that no
 * object of OpenSSL's is in the hands of two threads. They are few, small, and not for long. Owned
 * by whoever made them; they have a mutex of their own. Any thread. */

#pragma once

#include <glib.h>
#include <openssl/ssl.h>

G_BEGIN_DECLS

typedef struct _ClientTlsSessions ClientTlsSessions;

/* So many servers, those asked longest ago make room … */
#define CLIENT_TLS_SESSIONS_SERVERS 512
/* … so many tickets of each, the oldest makes room … */
#define CLIENT_TLS_SESSIONS_TICKETS 4
/* … of so many bytes at most, the server's certificate included … */
#define CLIENT_TLS_SESSIONS_BYTES 8192
/* … for so long at most, whatever the server says: then its certificate is looked at again, be it
 * resumed as often as it may. */
#define CLIENT_TLS_SESSIONS_SECONDS (12 * 3600)

ClientTlsSessions *client_tls_sessions_new (void);
/* NULL is allowed. */
void client_tls_sessions_free (ClientTlsSessions *sessions);

/* What a server offers; one that is too large is not kept. `since`: when its certificate was looked
 * at, in clock_get_now () milliseconds: a session that was resumed has that of the one before. */
void client_tls_sessions_put (ClientTlsSessions *sessions, const char *place, SSL_SESSION *session,
                              gint64 since);
/* (transfer full) (nullable): the youngest. Those of TLS 1.3 are given out once, so that nobody can
 * tell by them that two connections are of the same client (RFC 8446 §C.4). */
SSL_SESSION *client_tls_sessions_take (ClientTlsSessions *sessions, const char *place,
                                       gint64 *out_since);
/* A handshake failed: the next is not to fail for the same reason. */
void client_tls_sessions_forget (ClientTlsSessions *sessions, const char *place);

G_END_DECLS
