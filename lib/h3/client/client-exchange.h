/* SPDX-License-Identifier: MIT
 *
 * One request and its answer on the wire: no redirects, cookies, codings. It is its own until its
 * end has been told, or it is cancelled; then it is gone. One loop's; its thread only (but for the
 * cancellable). */

#pragma once

#include <h3/client/client-loop.h>
#include <h3/client/client-peer.h>
#include <h3/wire/http1-response-reader.h>

#include <gio/gio.h>

G_BEGIN_DECLS

typedef struct _ClientExchange ClientExchange;

/* So much may wait to be sent before a write says that it is enough. */
#define CLIENT_EXCHANGE_WAIT_MARK (256 * 1024)
/* So long a body waits for 100 (Continue) where it is expected. */
#define CLIENT_EXCHANGE_CONTINUE_MILLISECONDS 1000

typedef struct {
    H3View method, target, host;    /* borrowed for the call; target as "/path?query", or "*" */
    const H3Headers *headers;       /* (nullable): borrowed for the call; framing and connection
                                     * fields, and Host, are the exchange's own */
    gint64 length;                  /* of the body; 0: there is none; -1: sent in chunks */
    GBytes *body;                   /* (nullable): ref taken; `length` is then its own.
                                     * NULL: the body comes by client_exchange_write () */
    const char *upgrade;            /* (nullable): borrowed for the call: "websocket", what a
                                     * 101 may change to */
    gboolean expects_continue;      /* the body waits for 100, or a second */
    gint64 connect_milliseconds;    /* for a connection: a place in line, name, TCP, proxy, TLS */
    gint64 first_byte_milliseconds; /* from the request sent to the first byte of the final head */
    gint64 idle_milliseconds;       /* between bytes of the answer's body; for bytes to be taken */
    gint64 total_milliseconds;      /* 0, here as above: for ever */
    guint64 max_body;               /* of the answer, as it comes; G_MAXUINT64: any */
    gboolean is_safe_to_repeat;     /* where a kept connection was dead before a byte of an answer
                                     * came: sent once more, if the body is there to be sent again */
    GCancellable *cancellable;      /* (nullable): ref taken; may be cancelled on any thread */
} ClientCall;

/* All on the loop's thread, never within a call of the program's. The exchange may be cancelled in
 * each. Those that nobody wants are NULL, but on_end. */
typedef struct {
    /* 103 and the like; 100 and 101 never. The response is borrowed for the call. */
    void (*on_interim) (ClientExchange *exchange, const Http1Response *response, gpointer data);
    /* The final head, or 101: borrowed for the call. */
    void (*on_head) (ClientExchange *exchange, const Http1Response *response, gpointer data);
    /* A piece of the body, borrowed for the call. After 101: bytes of the other protocol. */
    void (*on_body) (ClientExchange *exchange, H3View piece, gpointer data);
    /* A body by client_exchange_write () is wanted from now on; or after a write that said FALSE,
     * what waited was taken. */
    void (*on_room) (ClientExchange *exchange, gpointer data);
    /* Once, last. `trailers` (nullable) and `error` (nullable, of H3_CLIENT_ERROR) are borrowed for
     * the call. After 101 without an error: the other side has ended, or its connection has. */
    void (*on_end) (ClientExchange *exchange, const H3Headers *trailers, const GError *error,
                    gpointer data);
} ClientListener;

/* (transfer none): until on_end has returned, or it is cancelled. `listener` is static. What cannot
 * be sent ends it with H3_CLIENT_ERROR_INVALID_URL, by on_end as everything. */
ClientExchange *client_exchange_start (ClientLoop *client, ClientPeer *peer, const ClientCall *call,
                                       const ClientListener *listener, gpointer data);

/* More of the body, also before there is a connection. FALSE: more waits than should; nothing is
 * lost, but the next is for on_room. A body that becomes longer than was promised, or is finished
 * before, ends the exchange with H3_CLIENT_ERROR_CANCELLED: the server sees it cut. */
gboolean client_exchange_write (ClientExchange *exchange, const char *data, gsize length);
gboolean client_exchange_write_bytes (ClientExchange *exchange, GBytes *bytes);
/* The body is whole. After 101: this side has ended. */
void client_exchange_finish (ClientExchange *exchange);

/* No on_body, nor an end without an error, until resumed: the server is slowed down. */
void client_exchange_pause (ClientExchange *exchange);
void client_exchange_resume (ClientExchange *exchange);

/* Nothing is called any more, on_end neither; the connection is closed, the exchange gone. */
void client_exchange_cancel (ClientExchange *exchange);

/* Microseconds of clock_get_precise (); 0: was not. */
typedef struct {
    gint64 started, resolved, connected, secured, sent, first_byte, ended;
    gboolean is_reused; /* on a connection that was kept */
} ClientTiming;

void client_exchange_get_timing (const ClientExchange *exchange, ClientTiming *out);

G_END_DECLS
