/* SPDX-License-Identifier: MIT
 *
 * What prefork.c (the master's life), prefork-signals.c (what it is told by signals) and
 * prefork-process.c (one process) share.
 *
 *   STARTING ── "READY=1" ─▶ READY ── another serves in its place, or all end ─▶ LEAVING ─▶ reaped
 *
 * A place is filled while a process of it is STARTING or READY; a place has two of them only while
 * the older gives way. What is set up anew is another generation: as long as the master rolls, a
 * process of another one than is forked now gives way, one place after the other. */

#pragma once

#include "prefork.h"
#include "service-notices.h"

#include <sys/types.h>

G_BEGIN_DECLS

typedef enum { PROCESS_STARTING, PROCESS_READY, PROCESS_LEAVING } ProcessStage;

/* Orders, a byte each. */
typedef enum { ORDER_PART = 'p', ORDER_STOP = 's', ORDER_CUT = 'c' } ProcessOrder;

typedef struct {
    pid_t pid;
    guint place;
    guint generation;
    int fd; /* owned: to the process; a datagram is an order, or what it tells a service manager */
    ProcessStage stage;
    gboolean has_turned; /* it gave a sign of life since the service manager had one */
    gboolean has_served; /* it has been READY */
    gboolean is_loading; /* it was asked to reload, or is to be, and has not told that it has */
    int late;            /* a signal that it could not hear yet, and has when it serves; 0: none */
    gboolean is_silent;  /* its end is closed: it is about to be reaped */
} Process;

struct _Prefork {
    guint n_places;
    guint n_wanted; /* places there are to be when all give way that have to */
    PreforkEvents events;
    GPtrArray *processes;                /* owned: Process, oldest first */
    int signals;                         /* owned: where the master reads them */
    ServiceNotices *notices;             /* owned; NULL: nobody is told */
    gint64 crashes[PREFORK_MAX_CRASHES]; /* the last ones: milliseconds; a ring */
    guint n_crashes;
    gint64 retry; /* milliseconds: no process could be had, and none is tried for before; 0: any
                     time */
    guint n_stops;
    gboolean is_ready; /* all have served at once */
    gboolean reloads;  /* and the service manager has been told */
    gboolean has_failed, was_cut;
    guint generation;        /* of those that are forked now */
    guint generation_before; /* … and were before what is being followed */
    guint n_generations;     /* that there were: the next has this number */
    gboolean rolls;          /* some are to give way … */
    gboolean follows;        /* … for what a reload has set up */
    gboolean wants_restart;  /* asked for, and to begin when nothing else is under way */
    gboolean wants_reload;   /* likewise */
    GError *error;           /* owned: why it fails */
    /* In a process. */
    gboolean is_process;
    guint index;
    int master; /* owned; -1: this is the master */
};

/* prefork.c: takes note of all that have ended. */
void prefork_reap (Prefork *prefork);
/* prefork-signals.c: does what those ask for that have come. */
void prefork_take_signals (Prefork *prefork);
/* All end; called again: by force. */
void prefork_stop (Prefork *prefork);
/* Tells that all have reloaded, if they have. */
void prefork_end_reload (Prefork *prefork);
/* prefork-roll.c: has the next give way, where some are to; begins what is asked for. TRUE: there
 * is more to do; FALSE: what happens next is to be awaited, or this is a process. */
gboolean prefork_roll (Prefork *prefork);
/* A new one cannot be had, or did not come up. */
void prefork_give_up_rolling (Prefork *prefork, const char *why);
/* prefork.c: who has the place, or is about to; `other` (nullable) apart. NULL: it is to be filled.
 */
Process *prefork_find (const Prefork *prefork, guint place, const Process *other);
/* prefork-process.c: FALSE with H3_ERROR where none can be had. In the process too it returns TRUE,
 * with prefork->is_process. */
gboolean prefork_fork (Prefork *prefork, guint place, GError **error);
void process_free (Process *process);
void process_order (const Process *process, ProcessOrder order);
/* (transfer full) (nullable): the next that it tells; NULL: there is nothing. */
char *process_hear (const Process *process);
/* (transfer full): how it ended, by what waitpid () says. */
char *process_describe_end (const Process *process, int status);

G_END_DECLS
