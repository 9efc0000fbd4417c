/* SPDX-License-Identifier: MIT
 *
 * A thread with its loop, pools and connections. Owned by its server, on whose thread all these
 * functions are called; what they ask is posted to the worker. */

#pragma once

#include <h3/engine/admission.h>
#include <h3/engine/connection-bound.h>
#include <h3/engine/connection.h>
#include <h3/engine/listen-group.h>
#include <h3/loop/offload.h>
#include <h3/net/tls.h>

G_BEGIN_DECLS

typedef struct _Worker Worker;

/* Handed down by the app: what a worker does with events. */
typedef struct {
    /* Before each start: FALSE with H3_ERROR where there is something that cannot be. */
    gboolean (*prepare) (gpointer data, GError **error);
    /* (transfer full): what the app keeps for one worker; on its thread. */
    gpointer (*start_worker) (gpointer data);
    void (*stop_worker) (gpointer worker_data);
    void (*begin) (gpointer worker_data, H3Event *event);
    void (*run) (gpointer worker_data, H3Event *event);
    void (*refused) (gpointer worker_data, H3Event *event);
    /* Where requests may be refused: the gate of this worker (borrowed; outlives what the app keeps
     * for it), and what then takes the place of `begin`. */
    void (*set_gate) (gpointer worker_data, Gate *gate);
    void (*begin_at_gate) (gpointer worker_data, H3Event *event);
    /* Whether memory is short, as AdmissionSettings says. */
    gboolean (*is_short) (guint64 budget, gboolean was);
    /* Behind all that a start which prepare () allowed has brought about, on any thread. */
    void (*end) (gpointer data);
    gpointer data;  /* borrowed: the app */
    GObject *owner; /* borrowed: the app, which a running server holds */
} ServerDispatch;

typedef struct {
    H3Limits limits;
    ServerDispatch dispatch;
    Offload *offload;       /* borrowed: the server's */
    ConnectionBound *bound; /* borrowed: the server's */
    Admission *admission;   /* borrowed: the server's; NULL: nothing is refused */
    Tls *tls;               /* borrowed: the server's; NULL: nobody speaks it */
    guint pooled_events;    /* at rest, at most; 0: no pooling */
    guint n_workers;        /* of the server */
    gboolean is_guest;      /* no thread of its own: its loop is stepped by that of the start */
    /* On the worker's thread: it accepts no more; its last transport has gone. */
    void (*deaf) (gpointer data);
    void (*emptied) (gpointer data);
    gpointer data; /* borrowed: the server */
} WorkerSettings;

/* worker-dispatch.c, on the worker's thread: sets up what it hands events to. (transfer full)
 * (nullable): the gate that they pass. */
Gate *worker_open_dispatch (const WorkerSettings *settings, Loop *loop, Dispatch *out_dispatch);

/* What was asked for is done; called on the worker's thread. */
typedef void (*WorkerTold) (gpointer data);

/* NULL with H3_ERROR. */
Worker *worker_new (const WorkerSettings *settings, GError **error);
/* Joins the thread where it runs; a guest's functions are called on its own one, behind the last
 * turn of its loop, and so is this. */
void worker_free (Worker *worker);

/* Before the start: whom it asks for room for a client where it can make none (borrowed; all of a
 * server's workers are a ring). */
void worker_set_next (Worker *worker, Worker *next);
gboolean worker_start (Worker *worker, GError **error);
/* (transfer none) */
Loop *worker_get_loop (Worker *worker);

/* Accepts on the group's descriptor for this worker from now on; it is borrowed until the worker no
 * longer listens. Where `choose` is not NULL (shared sockets), it chooses the worker that takes a
 * connection. */
typedef Worker *(*WorkerChooser) (gpointer data);
void worker_listen (Worker *worker, const ListenGroup *group, guint index, WorkerChooser choose,
                    gpointer data);

/* How many connections it has. Any thread. */
guint worker_count_connections (const Worker *worker);

/* Is told when the worker's loop has come to it. */
void worker_ask (Worker *worker, WorkerTold turned, gpointer data);

/* What waits in the queues of sockets that nobody else has: is it accepted before, or reset? */
typedef enum { WORKER_LEAVE_REST, WORKER_ACCEPT_REST } WorkerRest;

/* No new connections; the descriptors given to worker_listen () may be closed when told (`deaf` of
 * the settings). Once. */
void worker_stop_listening (Worker *worker, WorkerRest rest);
/* Each connection may bring one more request; told (`emptied`) when the last transport has gone. */
void worker_part (Worker *worker);
/* What runs ends, idle connections are closed; told (`emptied`), where it was not yet, when the
 * last transport has gone. */
void worker_drain (Worker *worker);
/* What still runs is cut. */
void worker_cut (Worker *worker);

G_END_DECLS
