/* SPDX-License-Identifier: MIT
 *
 * What server.c (set-up, start), server-service.c (what others are told) and server-end.c (drain,
 * end) share.
 *
 *   STOPPED ── h3_server_start ─▶ RUNNING ── h3_server_stop ─▶ DRAINING ── last worker empty ─▶
 * STOPPED
 *
 * A thread of the server's own, the steward, with a loop of its own, leads the drain: it may wait
 * for workers, which none of them could. */

#pragma once

#include "server-inside.h"
#include "service-notices.h"

#include <h3/engine/listen-address.h>
#include <h3/engine/listen-group.h>
#include <h3/engine/listener.h>
#include <h3/loop/alarms.h>

#include <pthread.h>

G_BEGIN_DECLS

typedef enum { SERVER_STOPPED, SERVER_RUNNING, SERVER_DRAINING } ServerState;

struct _H3Server {
    GObject parent_instance;
    ServerDispatch dispatch;
    GPtrArray *addresses; /* owned: char * */
    guint n_wanted, n_offload, pooled_events;
    gboolean is_supervised;      /* the service manager is told */
    H3TlsSettings *tls_settings; /* owned; NULL: none */
    H3Limits limits;
    pthread_mutex_t mutex; /* guards state, finished, groups as shown to others */
    pthread_cond_t changed;
    pthread_mutex_t reloading; /* held while files are read anew: one after another */
    ServerState state;
    gboolean finished;
    gboolean has_steward; /* its thread is to be joined */
    pthread_t steward;
    GMainContext *told; /* owned: where "stopped" is emitted */
    /* A run's. Written before its threads start, and by the steward. */
    Loop *loop;              /* ref: the steward's; posted to under the mutex */
    char **texts;            /* owned: addresses as bound */
    GArray *secure;          /* owned: gboolean, which of them have TLS */
    guint port;              /* of the first of TCP */
    GPtrArray *groups;       /* owned: ListenGroup */
    GPtrArray *workers;      /* owned: Worker */
    Offload *offload;        /* owned */
    ConnectionBound *bound;  /* owned */
    Tls *tls;                /* owned; NULL: none. Goes under the mutex `reloading` */
    ServiceNotices *notices; /* owned; NULL: nobody is told */
    guint n_deaf, n_empty;
    guint n_stops;
    Alarm deadline;
};

extern guint server_stopped_signal, server_reload_signal;

/* The steward's thread; `data` is the server (ref). */
void *server_run_steward (void *data);
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
/* Nothing of it is left; called on any thread, the steward's too. */
void server_join_steward (H3Server *server);
/* Drops all that a run made but its loop. */
void server_clear_run (H3Server *server);

G_END_DECLS
