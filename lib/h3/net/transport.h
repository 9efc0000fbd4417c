/* SPDX-License-Identifier: MIT
 *
 * One non-blocking stream socket: hands bytes in, sends what it is given at once or keeps what the
 * kernel refuses in its output queue, lingers, closes. It owns its descriptor, and itself from
 * transport_close () on: it ends when its queue has drained and the peer has closed, or the linger
 * is up; its owner hears nothing more. The loop's thread only.
 *
 *     OPEN ── transport_close ──▶ DRAINING ── queue empty: shutdown (SHUT_WR) ──▶ LINGERING ──▶
 * freed └──── transport_reset ──▶ freed at the end of the turn           (peer's end, or deadline)
 */

#pragma once

#include <h3/format/address.h>
#include <h3/loop/deadlines.h>
#include <h3/net/output-queue.h>

G_BEGIN_DECLS

typedef struct _Transport Transport;

/* What all transports of a loop share; made by its worker, outlives them. */
typedef struct _TransportShared TransportShared;

/* Limits of the linger: at most this many bytes are read and thrown away, for so long. */
#define TRANSPORT_LINGER_BYTES (256 * 1024)

typedef struct {
    Loop *loop;                      /* borrowed */
    Buffers *buffers;                /* borrowed */
    Deadlines *deadlines;            /* borrowed */
    gint64 linger_milliseconds;      /* 5000 */
    gint64 write_grace_milliseconds; /* 5000: after that … */
    guint write_bytes_per_second;    /* … the peer must take 240 B/s; 0: no bound */
} TransportSettings;

TransportShared *transport_shared_new (const TransportSettings *settings);
void transport_shared_free (TransportShared *shared);
/* How many transports are left, those that linger too; `on_empty` is called (deferred) when the
 * last has gone, or where none is there now. */
guint transport_shared_count (const TransportShared *shared);
/* The loop's receive buffer (64 KiB): what was read lies there until the owner returns to the loop,
 * no longer. */
char *transport_shared_get_receive_buffer (TransportShared *shared, gsize *out_size);
void transport_shared_on_empty (TransportShared *shared, LoopFunction on_empty, gpointer data);
/* Ends all those that drain and linger, now. */
void transport_shared_cut_lingering (TransportShared *shared);

/* The owner of `transport` promises to flush or close it before it returns to the loop, or to
 * withdraw the promise (NULL); so nobody need look after what it forgot. */
void transport_shared_hold (TransportShared *shared, const Transport *transport);

/* Called on the loop's thread. The transport may be closed or reset inside each of them. */
typedef struct {
    /* Something can be read: bytes, the end, or an error that transport_receive () will tell. */
    void (*on_readable) (gpointer owner);
    /* What waits fell to half of TRANSPORT_WAIT_MARK or below, having been above the mark; or all
     * that the kernel had refused has left; or transport_want_drained () asked. At the end of the
     * turn. */
    void (*on_drained) (gpointer owner);
    /* Sending failed, or the peer takes too little (ETIMEDOUT); nothing more will be sent. */
    void (*on_failed) (gpointer owner, int error_number);
} TransportOwner;

/* (transfer none) (nullable): an owner with these functions whose peer takes less than the least
 * rate, measured over at least so long. So many are looked at, those measured longest first. */
gpointer transport_shared_find_slow (TransportShared *shared, const TransportOwner *functions,
                                     gint64 milliseconds, guint looked_at);

/* So many bytes waiting pause whoever produces them. */
#define TRANSPORT_WAIT_MARK (256 * 1024)

/* Takes the descriptor over (non-blocking, close-on-exec already), sets TCP_NODELAY where it is
 * TCP; reading starts off. NULL where libevent takes no more: the descriptor is then closed. */
Transport *transport_new (TransportShared *shared, int fd, const TransportOwner *owner_functions,
                          gpointer owner);

/* A new owner (a connection taken over). */
void transport_set_owner (Transport *transport, const TransportOwner *owner_functions,
                          gpointer owner);

/* Whether on_readable is called. One persistent libevent event; cheap when nothing changes. Off is
 * told to the kernel only when something comes meanwhile; a peer that resets is told by on_failed
 * even then. After the peer's end or an error was received it stays off. */
void transport_set_reading (Transport *transport, gboolean reading);

/* > 0: bytes read into `data`; the rest as named. */
typedef enum { RECEIVE_END = 0, RECEIVE_WAIT = -1, RECEIVE_FAILED = -2 } ReceiveResult;
gssize transport_receive (Transport *transport, char *data, gsize length);

/* Sending. All of one turn goes first into the loop's one 64 KiB output buffer, contiguous, and
 * leaves in one send () at transport_flush (); what the kernel refuses, and what is too large,
 * goes into the queue. Whoever writes flushes before returning to the loop (what is forgotten
 * leaves at the end of the turn); where the buffer holds another transport's bytes, the writer's go
 * into its own queue. After a failure all that is written is thrown away.
 *
 * reserve: `length` (≤ 64 KiB) contiguous bytes to be written by the caller, commit: so many of
 * them were, at once after it. NULL where there is no memory or sending has failed: on_failed tells
 * or has told. */
char *transport_reserve (Transport *transport, gsize length);
void transport_commit (Transport *transport, gsize length);
void transport_write (Transport *transport, const char *data, gsize length); /* copies */
/* Bodies above some 8 KiB are queued by reference, smaller ones copied. */
void transport_write_bytes (Transport *transport, GBytes *bytes, gsize offset, gsize length);
void transport_write_file (Transport *transport, int fd, gint64 offset,
                           guint64 length); /* takes fd; a small one is read at once */
/* Borrows `fd`, which a write_file () that follows in this turn must take. */
void transport_write_segment (Transport *transport, int fd, gint64 offset, guint64 length);
/* Sends; returns what transport_get_waiting () would then. A failure is told by on_failed, deferred
 * to the end of the turn, once. */
guint64 transport_flush (Transport *transport);

/* Bytes that have come and were not received yet. */
gsize transport_get_arrived (const Transport *transport);
/* Bytes not yet taken by the kernel. */
guint64 transport_get_waiting (const Transport *transport);
/* Bytes taken by the kernel so far. */
guint64 transport_get_sent (const Transport *transport);
gboolean transport_has_failed (const Transport *transport);
/* The peer's end came without the word for it that TLS has: what it sent may have been cut short by
 * somebody between. */
gboolean transport_is_truncated (const Transport *transport);

/* Asks for on_drained when nothing waits (once; never inline). */
void transport_want_drained (Transport *transport);

/* The addresses; `H3_ADDRESS_UNIX` or none for Unix sockets. */
void transport_get_peer (const Transport *transport, H3SocketAddress *out_address);
void transport_get_local (const Transport *transport, H3SocketAddress *out_address);

/* Says that nothing more will be written, where nothing waits; reading goes on. Once. */
void transport_end_sending (Transport *transport);

/* (transfer full) to itself: see above. The owner's pointer is forgotten at once. */
void transport_close (Transport *transport);
/* The same at once: what the kernel does not take is thrown away, and the peer is not waited for.
 */
void transport_drop (Transport *transport);
/* At once, with RST (SO_LINGER 0) where it is TCP: what waits is thrown away. */
void transport_reset (Transport *transport);

G_END_DECLS
