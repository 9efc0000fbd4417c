/* SPDX-License-Identifier: MIT
 *
 * A server's TLS: its settings, the certificates as they are in use now, the keys of tickets.
 * Owned by the server, which outlives whoever asks; it has a mutex of its own. Any thread. */

#pragma once

#include <h3/net/tls-settings.h>

G_BEGIN_DECLS

typedef struct _Tls Tls;
typedef struct _TlsContext TlsContext;

/* Reads the files that the settings name, which are copied. NULL with H3_ERROR, which names the
 * file at fault. */
Tls *tls_new (const H3TlsSettings *settings, GError **error);
/* NULL is allowed. */
void tls_free (Tls *tls);

/* Reads them anew. Handshakes that begin from now on have what was read; sessions that there are
 * stay. FALSE with H3_ERROR, and nothing is changed. */
gboolean tls_reload (Tls *tls, GError **error);

/* (transfer full): for one handshake. */
TlsContext *tls_ref_context (Tls *tls);

G_END_DECLS
