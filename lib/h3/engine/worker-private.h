/* SPDX-License-Identifier: MIT
 *
 * What worker.c (its life, who it takes in) and worker-end.c (how it comes to an end) share. */

#pragma once

#include "worker.h"

#include <h3/engine/greeting.h>
#include <h3/engine/listener.h>
#include <h3/loop/deadlines.h>
#include <h3/loop/main-context.h>
#include <h3/net/buffers.h>

#include <pthread.h>
#include <stdatomic.h>

G_BEGIN_DECLS

struct _Worker {
    WorkerSettings settings;
    Worker *next; /* borrowed: the server's; may be itself */
    Loop *loop;   /* ref */
    pthread_t thread;
    gboolean is_running; /* the thread was started and not joined */
    atomic_uint n_connections;
    /* The rest is its own thread's, once it runs. */
    GPtrArray *accepters;      /* owned: Accepter */
    MainContext *main_context; /* owned; NULL: a guest, whose host has one */
    Deadlines *deadlines;      /* owned */
    Buffers *buffers;          /* owned */
    TransportShared *shared;   /* owned */
    EventPool *events;         /* owned */
    Http1Reader *reader;       /* owned */
    HeadField *fields;         /* owned */
    Gate *gate;                /* owned; NULL: nothing is refused */
    Dispatch dispatch;
    ConnectionContext context;
    Greetings *greetings; /* owned */
    WorkerRest rest;      /* written before it is asked to be deaf */
    gboolean is_emptied;  /* the last transport has gone, and that was told */
    gboolean is_drained;  /* it takes nobody in any more */
};

typedef struct {
    Worker *worker;                  /* borrowed: its owner */
    Listener *listener;              /* owned */
    const ListenGroup *group;        /* borrowed: stays until the worker no longer listens */
    const H3TrustedProxies *proxies; /* borrowed: the group; NULL: clients come themselves */
    GreetingWays ways;
    WorkerChooser choose;
    gpointer data; /* borrowed: the server */
} Accepter;

G_END_DECLS
