/* SPDX-License-Identifier: MIT
 *
 * A transport that speaks TLS, as its server or its client: first nothing but the handshake, which
 * its owner drives; from then on its owner sees what is inside. The loop's thread only. */

#pragma once

#include <h3/base/view.h>
#include <h3/net/tls-facts.h>
#include <h3/net/transport.h>

G_BEGIN_DECLS

typedef struct _TlsContext TlsContext;
typedef struct _ClientTlsContext ClientTlsContext;

/* As transport_new (), of one that will speak TLS. Until it does, bytes are what they are. */
Transport *transport_new_for_tls (TransportShared *shared, int fd,
                                  const TransportOwner *owner_functions, gpointer owner);

/* From now on only transport_handshake () and the ends are for the owner to call. A reference to
 * `context` is kept; what has come already (`received`) is copied. FALSE: there is no memory. */
gboolean transport_begin_tls (Transport *transport, TlsContext *context, H3View received);

/* The same as a client, which begins; all that came before has been received. `host`: the server
 * that is meant, a name or an address without brackets; its certificate has to be for that. What is
 * spoken inside is agreed to be HTTP/1.1. FALSE: there is no memory, or it is no name that could be
 * asked for. */
gboolean transport_begin_client_tls (Transport *transport, ClientTlsContext *context,
                                     const char *host, guint16 port);

/* One more step, now and whenever on_readable calls. DONE: read and write as without TLS; what is
 * inside may have come already (transport_has_unread ()). FAILED: close it, so that the peer sees
 * why. NO_TLS, of a server only: the peer speaks HTTP without TLS, and can be told so: it is a
 * plain one again. */
typedef enum {
    TLS_HANDSHAKE_WAIT,
    TLS_HANDSHAKE_DONE,
    TLS_HANDSHAKE_FAILED,
    TLS_HANDSHAKE_NO_TLS,
} TlsHandshake;
TlsHandshake transport_handshake (Transport *transport);

/* Of a client: why its handshake failed, or, as servers that want a certificate say so only then,
 * why it could not receive: H3_CLIENT_ERROR_TLS in words. `host` is for the message, and may have
 * its port. Before it is closed. */
void transport_set_tls_error (const Transport *transport, const char *host, GError **error);
/* Whether it is TLS that ended it, not the socket. */
gboolean transport_has_tls_fault (const Transport *transport);

/* Whether something can be received that the socket does not tell of. */
gboolean transport_has_unread (const Transport *transport);

/* FALSE: it does not speak TLS, or not yet. */
gboolean transport_get_tls_facts (const Transport *transport, TlsFacts *out_facts);

G_END_DECLS
