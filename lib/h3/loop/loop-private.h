/* SPDX-License-Identifier: MIT
 *
 * What loop.c (its turns) and loop-thread.c (which loop a thread has) share. */

#pragma once

#include "loop.h"

#include <h3/loop/clock.h>

#include <pthread.h>
#include <stdatomic.h>

G_BEGIN_DECLS

typedef struct {
    LoopFunction function;
    gpointer data; /* its function's */
} Call;

struct _Loop {
    atomic_int references;
    atomic_bool is_stopped;

    /* The loop's thread only. */
    struct event_base *base;  /* owned; NULL: closed */
    struct event *wake_event; /* owned */
    struct event *turn_end;   /* owned: made active where a turn has something to do at its end */
    Alarms *alarms;           /* owned; NULL: closed */
    GArray *deferred;         /* owned; of Call */
    GArray *running;          /* owned; of Call: room for what is taken out of the mailbox */
    GArray *running_deferred; /* owned; of Call: the same for deferred */
    Offload *offload;         /* borrowed: the server's, which outlives the loop */
    Deadlines *deadlines;     /* borrowed: the worker's; NULL: none */
    gpointer lodger;          /* borrowed: whoever set it; NULL: nothing */
    Endings endings;
    ClockWatch clock_watch;
    Loop *outer; /* borrowed: entered before this one, on its thread; NULL: none */
    gboolean is_guest;
    gboolean is_stepping;
    gboolean is_running;  /* libevent goes from turn to turn by itself */
    gboolean turn_is_due; /* and finds turn_end behind all callbacks of this one */

    /* Any thread, under the lock. Nobody is called while it is held. */
    pthread_mutex_t lock;
    GArray *mailbox;   /* owned; of Call */
    int wake_fd;       /* owned: written to; -1: closed */
    int woken_fd;      /* owned where it is not the same: read from */
    gboolean is_awake; /* written to since the mailbox was last taken out */
    gboolean is_closed;
};

/* loop-thread.c: the loop is the current one in between, and is stepping. Returns what
 * loop_end_turn () takes. */
Loop *loop_begin_turn (Loop *loop);
void loop_end_turn (Loop *loop, Loop *outer);

G_END_DECLS
