/* SPDX-License-Identifier: MIT
 *
 * What the files of the proxy share: its settings, and a request on its way through. */

#pragma once

#include <h3/batteries/failure-notice.h>
#include <h3/batteries/proxy-fields.h>
#include <h3/batteries/proxy.h>
#include <h3/batteries/upstreams-inside.h>
#include <h3/client/client-exchange.h>
#include <h3/engine/stream.h>
#include <h3/http/event-inside.h>
#include <h3/loop/deadlines.h>
#include <h3/wire/ws-handshake.h>

#include <pthread.h>

G_BEGIN_DECLS

struct _H3Proxy {
    gatomicrefcount references;
    H3Upstreams *upstreams; /* ref */
    char *name;             /* owned */
    char *from, *to;        /* owned: without the slash at the end; "" for all */
    H3Headers *set;         /* owned */
    H3Headers *removed;     /* owned: names with empty values */
    guint64 max_body;
    gint64 websocket_idle;
    gboolean keep_host;
    gboolean rewrite;
    pthread_mutex_t lock; /* held while it is frozen */
    atomic_bool is_frozen;
    FailureNotice notice;
};

/* One request on its way through. It lasts until its event is over and its exchange too; the
 * worker's thread only.
 *
 *   ASKING ── final head ──▶ ANSWERING ── end ──▶ (gone)
 *     │  ▲
 *     │  └─ the next server   101 ──▶ TUNNEL ── both ends ──▶ (gone)
 *     └── failed, client gone ──▶ (gone)
 *
 *   ASKING     nothing of an answer has been handed back
 *   ANSWERING  its head has
 *   TUNNEL     bytes of WebSocket go both ways; there is no event any more */
typedef enum { PASSAGE_ASKING, PASSAGE_ANSWERING, PASSAGE_TUNNEL } PassageState;

typedef struct {
    guint refs;
    PassageState state;
    H3Proxy *proxy;           /* ref */
    H3Event *event;           /* ref; NULL: let go */
    ClientLoop *client;       /* borrowed: the loop's */
    ClientExchange *exchange; /* borrowed: its own; NULL: none, or over. Holds a ref to us */
    H3Stream *stream;         /* ref; NULL: no tunnel, or over */
    UpstreamUse use;          /* of the exchange's server */
    DeadlineNode quiet;       /* of a tunnel: neither side has sent anything */
    GPtrArray *tried;         /* owned: servers that failed it, borrowed; NULL: none */
    H3Headers *fields;        /* owned: what the servers are told */
    GString *target;          /* owned */
    const char *upgrade;      /* static; NULL: none */
    char accept[WS_ACCEPT_SIZE];
    guint8 streams_body; /* it comes in pieces, and is handed on so */
    guint8 has_taken;    /* of those, some: they cannot be sent once more */
} Passage;

/* FALSE with H3_ERROR: there is no server, or one that cannot be. Any thread, also together. */
gboolean proxy_freeze (H3Proxy *proxy, GError **error);

Passage *passage_ref (Passage *passage);
void passage_unref (Passage *passage);

/* Has a server chosen and asked; takes `fields` and `target` over. */
void passage_begin (H3Proxy *proxy, H3Event *event, H3Headers *fields, GString *target);

/* The exchange is over, or is to be: nothing more is heard of it. `error` is what that says of the
 * server. */
void passage_drop_exchange (Passage *passage, const GError *error);
/* The exchange ended by itself. */
void passage_forget_exchange (Passage *passage, const GError *error);
/* The event is somebody else's, or over. */
void passage_let_go (Passage *passage);

/* Another server than `failed`, and those before it, is asked where that may be. FALSE: the
 * exchange that there is goes on. */
gboolean passage_try_elsewhere (Passage *passage, Upstream *failed);
/* Nothing has been handed back: the client is told why not, the operator more. */
void passage_fail (Passage *passage, const GError *error);
/* What was handed back is not all: the client must see it. */
void passage_cut (Passage *passage, const GError *error);
/* Now and then, for who runs it. */
void passage_tell (Passage *passage, const char *what, const GError *error);

/* Where answers come from. */
ProxyPlace passage_get_place (const Passage *passage);

/* proxy-answer.c */
extern const ClientListener passage_listener;

/* proxy-tunnel.c: a 101 has come; then, bytes, room, and the end. */
void passage_open_tunnel (Passage *passage, const Http1Response *response);
void passage_tunnel_piece (Passage *passage, H3View piece);
void passage_tunnel_room (Passage *passage);
void passage_tunnel_end (Passage *passage);

G_END_DECLS
