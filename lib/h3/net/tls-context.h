/* SPDX-License-Identifier: MIT
 *
 * Certificates as they were read at one moment, ready for handshakes. Never changed once it is
 * made: files that are read anew make another, and sessions keep the one they began with.
 * Reference-counted; any thread. */

#pragma once

#include <h3/net/tls-settings.h>
#include <h3/net/tls-tickets.h>

G_BEGIN_DECLS

typedef struct _TlsContext TlsContext;

/* Reads the files. NULL with H3_ERROR, which names the file at fault. */
TlsContext *tls_context_new (const H3TlsSettings *settings, TlsTickets *tickets, GError **error);
TlsContext *tls_context_ref (TlsContext *context);
void tls_context_unref (TlsContext *context);

/* (transfer full) (nullable): a session of a server, which must be freed before the context is let
 * go. NULL: there is no memory. */
SSL *tls_context_open (TlsContext *context);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TlsContext, tls_context_unref)

G_END_DECLS
