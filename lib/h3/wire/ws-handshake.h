/* SPDX-License-Identifier: MIT
 *
 * How HTTP/1.1 becomes WebSocket (RFC 6455 §4): whether a request may, and what the answer says.
 * What is found is borrowed from the request, the arena and the caller's lists; the request's
 * thread. */

#pragma once

#include <h3/http/request-inside.h>

G_BEGIN_DECLS

/* The answer to a key: base64 of a SHA-1, and a NUL. */
#define WS_ACCEPT_SIZE 29

/* What permessage-deflate was agreed on (RFC 7692 §7.1). */
typedef struct {
    guint8 is_on;
    guint8 server_keeps_nothing; /* server_no_context_takeover */
    guint8 client_keeps_nothing; /* client_no_context_takeover */
    guint8 server_bits;          /* 8 … 15 */
    guint8 client_bits;          /* 8 … 15 */
    guint8 names_server_bits;    /* the client asked for server_max_window_bits */
    guint8 names_client_bits;    /* the client takes client_max_window_bits */
} WsDeflateTerms;

/* What a server would take and say. */
typedef struct {
    const char *const *protocols; /* (nullable): those it speaks, the one it likes best first */
    WsDeflateTerms deflate;       /* the most it would agree on */
} WsHandshakeTerms;

typedef struct {
    guint status;         /* 101, or what to answer with: 400, 426 */
    const char *detail;   /* (nullable): why, static */
    const char *protocol; /* borrowed: the terms; NULL: none */
    char accept[WS_ACCEPT_SIZE];
    WsDeflateTerms deflate;
} WsHandshake;

/* FALSE: the request may not, see `status`. With 426 goes Upgrade: websocket, and, where it is the
 * version that does not fit, Sec-WebSocket-Version: 13; both are right in any case. */
gboolean ws_handshake_read (const H3Request *request, const WsHandshakeTerms *terms, H3Arena *arena,
                            WsHandshake *out);

/* The answer to `key`, whatever it is. FALSE: the system has no SHA-1. */
gboolean ws_handshake_answer_key (H3View key, char out[WS_ACCEPT_SIZE]);

/* Of the offers of Sec-WebSocket-Extensions the first that can be had. FALSE: the field is
 * malformed. */
gboolean ws_handshake_choose_deflate (H3View field, const WsDeflateTerms *most,
                                      WsDeflateTerms *out);

/* Returns: (transfer full): what Sec-WebSocket-Extensions says of terms that are on. */
char *ws_handshake_write_deflate (const WsDeflateTerms *terms);

/* Whether `origin` ("https://example.com:8443") is where `host` is served. A port that is the
 * scheme's own may be left out. */
gboolean ws_handshake_is_same_origin (H3View origin, H3View host);

G_END_DECLS
