/* SPDX-License-Identifier: MIT
 *
 * A client's TLS as its settings were at one moment: whom it believes, its own certificate, and the
 * sessions that servers have offered to go on with. Never changed once it is made, but for the
 * sessions, which have a mutex of their own. Reference-counted; any thread. */

#pragma once

#include <h3/net/client-tls.h>

G_BEGIN_DECLS

typedef struct _ClientTlsContext ClientTlsContext;

/* Reads the files. NULL with H3_ERROR, which names the file at fault. */
ClientTlsContext *client_tls_context_new (const H3ClientTls *settings, GError **error);
ClientTlsContext *client_tls_context_ref (ClientTlsContext *context);
/* NULL is allowed. */
void client_tls_context_unref (ClientTlsContext *context);

typedef struct ssl_st SSL;

/* (transfer full) (nullable): a session with a server, which must be freed before the context is
 * let go. `host`: a name, which is asked for and has to be in the server's certificate, or an
 * address, which has to be there too; nothing of either where the settings are unverified. NULL:
 * there is no memory, or `host` can be neither. */
SSL *client_tls_context_open (ClientTlsContext *context, const char *host, guint16 port);

/* Of such a session, (nullable) (borrowed): why the server's certificate was refused. */
const char *client_tls_context_get_refusal (const SSL *ssl);
/* Whether the server asked for a certificate of ours, and there was none. */
gboolean client_tls_context_was_asked (const SSL *ssl);
/* The session came to nothing: what the server offered is not tried again. */
void client_tls_context_forget (ClientTlsContext *context, const SSL *ssl);

/* For messages. */
gboolean client_tls_context_has_own (const ClientTlsContext *context);
gboolean client_tls_context_is_1_3 (const ClientTlsContext *context);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ClientTlsContext, client_tls_context_unref)

G_END_DECLS
