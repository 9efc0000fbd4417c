/* SPDX-License-Identifier: MIT
 *
 * What is known of a request's connection that came by TLS. It lives as long as its event; any
 * thread that may read the event. Since: 0.1 */

#pragma once

#include <h3/http/event.h>

G_BEGIN_DECLS

/**
 * H3TlsInfo:
 * @version: "TLSv1.2" or "TLSv1.3"
 * @cipher: the suite, as OpenSSL calls it
 * @protocol: (nullable): agreed on by ALPN; %NULL where the client offered none
 * @server_name: (nullable): asked for by SNI
 * @is_resumed: the session is one from before
 * @client: (nullable): the subject of the client's certificate, as RFC 4514 writes it; %NULL where
 *   it has none that is good
 * @client_fingerprint: (nullable): SHA-256 of that certificate, in hexadecimal
 *
 * What is known of a connection that came by TLS. All of it lives as long as the event.
 *
 * Since: 0.1
 */
typedef struct {
    const char *version;
    const char *cipher;
    const char *protocol;
    const char *server_name;
    gboolean is_resumed;
    const char *client;
    const char *client_fingerprint;
} H3TlsInfo;

/**
 * h3_event_get_tls:
 * @event: an event
 *
 * Tells what is known of the TLS connection that the request came by, and of whoever stands at the
 * other end of it: behind a proxy that speaks TLS to this server, of the proxy.
 *
 * First asked for on the event's worker, before the exchange is over.
 *
 * Returns: (transfer none) (nullable): what is known, as long as the event; %NULL where it came
 *   without TLS
 *
 * Since: 0.1
 */
const H3TlsInfo *h3_event_get_tls (H3Event *event);

G_END_DECLS
