/* SPDX-License-Identifier: MIT
 *
 * What server.c (set-up, start), server-listen.c (its sockets), server-service.c (what others are
 * told) and server-end.c (drain, end) share.
 *
 *   STOPPED ── h3_server_start ─▶ RUNNING ── h3_server_stop ─▶ DRAINING ── last worker empty ─▶
 * STOPPED
 *
 * A thread of the server's own, the steward, with a loop of its own, leads the drain: it may wait
 * for workers, which none of them could. Where the server is single-threaded that loop and the only
 * worker's are guests of the GMainContext of who started it (server-single.c), and "the steward's
 * thread" below is that of the start. */

#pragma once

#include "server-inside.h"
#include "service-notices.h"

#include <h3/engine/listen-address.h>
#include <h3/engine/listen-group.h>
#include <h3/engine/listener.h>
#include <h3/loop/alarms.h>
#include <h3/loop/guest.h>

#include <pthread.h>

G_BEGIN_DECLS

typedef enum { SERVER_STOPPED, SERVER_RUNNING, SERVER_DRAINING } ServerState;

/* Of a run, as its steward leads it:
 *
 *   ACCEPTING ── server_part () ─▶ PARTING ── H3Limits.parting_time, or h3_server_stop () ─┐
 *       └──────────── h3_server_stop () ──────────────────────────────────────────────▶ ENDING
 *                                                              last worker empty: ─▶ OVER
 *
 * Where it parts, who has a connection may bring one more request; where it ends, nobody may. */
typedef enum { STAGE_ACCEPTING, STAGE_PARTING, STAGE_ENDING, STAGE_OVER } ServerStage;

struct _H3Server {
    GObject parent_instance;
    ServerDispatch dispatch;
    GPtrArray *addresses; /* owned: char * */
    guint n_wanted, n_offload, pooled_events;
    ServerBound on_bound;        /* NULL: nobody asks */
    gpointer bound_data;         /* borrowed: of `on_bound` */
    gboolean is_supervised;      /* the service manager is told */
    gboolean is_single;          /* no threads of its own serve */
    gboolean is_prepared;        /* the app has been asked to, and not told of the end */
    H3TlsSettings *tls_settings; /* owned; NULL: none */
    H3Limits limits;
    pthread_mutex_t mutex; /* guards state, finished, groups as shown to others */
    pthread_cond_t changed;
    pthread_mutex_t reloading; /* held while files are read anew: one after another */
    ServerState state;
    gboolean finished;
    gboolean has_steward; /* its thread is to be joined */
    pthread_t steward;
    pthread_t host;     /* of the start, where it is single-threaded */
    Guest *guest;       /* owned: the host's; NULL: none */
    GMainContext *told; /* owned: where "stopped" is emitted */
    GPtrArray *kept;    /* owned: ListenGroup, bound before the start; NULL: none */
    /* A run's. Written before its threads start, and by the steward. */
    Loop *loop;              /* ref: the steward's; posted to under the mutex */
    char **texts;            /* owned: addresses as bound */
    GArray *secure;          /* owned: gboolean, which of them have TLS */
    guint port;              /* of the first of TCP */
    GPtrArray *groups;       /* owned: ListenGroup */
    GPtrArray *workers;      /* owned: Worker. Goes under the mutex */
    Offload *offload;        /* owned */
    ConnectionBound *bound;  /* owned */
    Admission *admission;    /* owned; NULL: nothing is refused. Goes under the mutex */
    Tls *tls;                /* owned; NULL: none. Goes under the mutex `reloading` */
    ServiceNotices *notices; /* owned; NULL: nobody is told */
    ServerStage stage;       /* the steward's */
    guint n_deaf, n_empty;
    guint n_stops;
    Alarm deadline;
};

extern guint server_stopped_signal, server_reload_signal;

/* The steward's thread; `data` is the server (ref). */
void *server_run_steward (void *data);
/* What its loop begins with, and what follows it; `loop` (transfer full) is that one. */
void server_begin_run (H3Server *server);
void server_end_run (H3Server *server, Loop *loop);
/* server-single.c: in the place of the steward's thread; whether this is the host's, while it runs,
 * which then waits for the end by running its context. */
void server_start_guest (H3Server *server);
gboolean server_is_host (H3Server *server);
void server_wait_as_host (H3Server *server);
void server_install_properties (GObjectClass *class);
/* server-end.c, on a worker's thread: it accepts no more; its last transport has gone. */
void server_post_deaf (gpointer server);
void server_post_emptied (gpointer server);
guint server_count_workers (const H3Server *server);
/* server-listen.c: (transfer full) (nullable) (element-type ListenGroup): the sockets of a server,
 * for another; NULL: it does not run, or stops already. */
GPtrArray *server_share_groups (H3Server *server);
/* Binds all addresses but those in `there` (nullable), which it takes out of it. */
gboolean server_open_groups (H3Server *server, guint n_workers, GPtrArray *there, GError **error);
/* (transfer full) (nullable): what was bound before the start. */
GPtrArray *server_share_kept (H3Server *server);
/* Whether one connection can be had, its files too, and each listener have the spare with which it
 * refuses the next: a server that can neither answer nor refuse must not listen. */
gboolean server_has_room (H3Server *server, GError **error);
/* Of the paths of Unix sockets that were there already. */
gboolean server_set_permissions (H3Server *server, GError **error);
/* Has the workers accept; on the steward's thread, before it can be asked to stop them. */
void server_listen (H3Server *server);
/* server-tls.c: reads the files where there are settings; whether an address has TLS; what a reload
 * does about it. */
gboolean server_open_tls (H3Server *server, GError **error);
gboolean server_choose_tls (const H3Server *server, const ListenAddress *address, const char *text,
                            gboolean *out_is_secure, GError **error);
void server_reload_tls (H3Server *server);
void server_close_tls (H3Server *server);
/* server-service.c: before the threads start; on the steward's thread, once all listen. */
gboolean server_open_notices (H3Server *server, GError **error);
void server_start_notices (H3Server *server);
/* server-admission.c: by the limits; before the threads start; on the steward's thread; the end. */
void server_open_admission (H3Server *server);
void server_start_admission (H3Server *server);
void server_close_admission (H3Server *server);
/* What the app was asked to prepare for is over. */
void server_end_dispatch (H3Server *server);
/* Nothing of it is left; called on any thread, the steward's too. */
void server_join_steward (H3Server *server);
/* Drops all that a run made but its loop. */
void server_clear_run (H3Server *server);

G_END_DECLS
