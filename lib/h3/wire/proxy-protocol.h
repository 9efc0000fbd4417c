/* SPDX-License-Identifier: MIT
 *
 * What a proxy says of its client before the client's first byte: the PROXY protocol, versions 1
 * and 2 (haproxy's doc/proxy-protocol.txt). Read strictly: whoever is let speak it must. Keeps
 * nothing. Any thread. */

#pragma once

#include <h3/format/address.h>

G_BEGIN_DECLS

/* Of a header of version 1, CR LF included: as the protocol has it. */
#define PROXY_PROTOCOL_MAX_LINE 107
/* Of a header of version 2, as far as it is taken: addresses and what stands behind them. */
#define PROXY_PROTOCOL_MAX_BLOCK (16 + 4096)

typedef struct {
    gboolean is_told;            /* FALSE: the proxy speaks for itself, or does not know */
    gboolean is_secure;          /* the client came to it by TLS */
    H3SocketAddress client;      /* H3_ADDRESS_UNIX without more */
    H3SocketAddress destination; /* whom the client meant */
} ProxyHeader;

typedef enum { PROXY_NEEDS_MORE, PROXY_WHOLE, PROXY_REFUSED } ProxyResult;

/* Looks at all that has come since the beginning. `*out_length` is the header's length where it is
 * WHOLE, and what is behind it is the client's. REFUSED where it cannot become a header, at the
 * latest with as many bytes as the bounds above; `*out_header` is set where it is WHOLE only. */
ProxyResult proxy_protocol_read (H3View bytes, ProxyHeader *out_header, gsize *out_length);

G_END_DECLS
