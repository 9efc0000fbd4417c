/* SPDX-License-Identifier: MIT
 *
 * One accepted client: reads heads, has events dispatched, carries them, keeps alive or closes.
 * Knows neither routes nor handlers. Owned by its worker until it is closed and frees itself; the
 * worker's thread only. */

#pragma once

#include <h3/engine/stream-inside.h>
#include <h3/http/event-pool.h>
#include <h3/net/transport.h>
#include <h3/wire/http1-body.h>
#include <h3/wire/http1-lint.h>
#include <h3/wire/http1-reader.h>
#include <h3/wire/http1-writer.h>

G_BEGIN_DECLS

typedef struct _Connection Connection;
typedef struct _Activity Activity;

/* Handed down by the app through server and worker. */
typedef struct {
    /* A head is whole: find the route, say in event->wish how it wants the body, or answer. */
    void (*begin) (gpointer data, H3Event *event);
    /* The body is as wished: run the handlers. */
    void (*run) (gpointer data, H3Event *event);
    /* An event is about to be answered for which nothing is run: its head, or the body that was to
     * be whole, cannot be read. NULL: nobody asks. */
    void (*refused) (gpointer data, H3Event *event);
    gpointer data; /* borrowed: the app */
} Dispatch;

/* The waits of connections, each a list of one length. */
typedef struct {
    DeadlineList *first_byte, *head, *idle, *rate, *write, *discard;
    Deadlines *all; /* borrowed: the worker */
    /* Lists for answers, by length, made when first asked for. */
    struct {
        gint64 milliseconds;
        DeadlineList *list;
    } answer[32];
    guint n_answer;
} ConnectionDeadlines;

/* What a worker lends its connections; outlives them. */
typedef struct {
    Loop *loop;               /* borrowed */
    TransportShared *shared;  /* borrowed */
    Buffers *buffers;         /* borrowed */
    EventPool *events;        /* borrowed */
    Http1Reader *reader;      /* borrowed */
    HeadField *fields;        /* borrowed: room for limits->fields */
    const H3Limits *limits;   /* borrowed: the server's */
    const Dispatch *dispatch; /* borrowed: the server's */
    Http1Writer writer;
    Http1BodyLimits body_limits;
    ConnectionDeadlines deadlines;
    StreamList streams;
    Activity *activities; /* owned: those that nobody has */
    guint n_activities;
    Connection *connections; /* all that are open, newest first */
    guint n_connections;
    gboolean draining; /* each answer is its connection's last */
    gboolean parting;  /* … and who idles may still ask */
    gint64 now; /* milliseconds, as the last answer of this turn found it; 0: there was none */
    /* The second of the Date, asked for anew where the coarse clock has moved on. */
    gint64 date_read; /* milliseconds */
    gint64 date;      /* seconds since 1970 */
    char *receive;    /* borrowed: what `shared` receives into */
    gsize receive_size;
    /* A connection has ended; its client's address. */
    void (*on_closed) (gpointer data, const H3Address *peer);
    gpointer on_closed_data; /* borrowed: the worker */
} ConnectionContext;

/* Fills in what follows from limits: body limits, deadlines. */
void connection_context_init (ConnectionContext *context, Deadlines *deadlines);

/* After the last connection has been freed. */
void connection_context_clear (ConnectionContext *context);

/* Takes `fd` over. FALSE where the system refuses; the descriptor is closed then. */
gboolean connection_accept (ConnectionContext *context, int fd);

/* The same, with its peer remembered: after a reset the socket knows none, and who counts peers
 * counts this one out by the address it came in with. */
gboolean connection_accept_from (ConnectionContext *context, int fd, const H3SocketAddress *peer);

/* The same of a transport whose first bytes somebody else has read; takes it over. What of them is
 * the client's (`received`, in the receive buffer) is read at once. */
void connection_adopt (ConnectionContext *context, Transport *transport, H3View received);

/* Another client wants in, and there is no room: closes one connection that waits for its client,
 * if there is one that may be. The loop's own turn only: not with one of them on the stack. */
gboolean connection_context_make_room (ConnectionContext *context);

/* Writes what a client is told for which there is no room into `answer`; returns its length. */
#define CONNECTION_FULL_SIZE 256
gsize connection_write_full (char *answer);

/* Each may bring one more request, whose answer says that the connection ends. */
void connection_context_part (ConnectionContext *context);

/* Idle ones are closed now, the others after the answer that is under way. */
void connection_context_drain (ConnectionContext *context);

/* What still runs is cut. */
void connection_context_cut (ConnectionContext *context);

G_END_DECLS
