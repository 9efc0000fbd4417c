/* SPDX-License-Identifier: MIT
 *
 * Several processes of one program. The first, the master, has bound the sockets; it forks the
 * others before any thread is there, starts anew what ends unasked, and ends with the last of them.
 * It serves nobody itself. One in a process, by its main thread. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct _Prefork Prefork;

/* So many that end unasked within so long are too many: all end then. */
#define PREFORK_MAX_CRASHES 3
#define PREFORK_CRASH_TIME  5000 /* milliseconds */
/* After so long one that could not be forked is tried again. */
#define PREFORK_RETRY_TIME 1000 /* milliseconds */
/* Processes, at most. */
#define PREFORK_MAX_PROCESSES 256

typedef enum {
    PREFORK_IS_PROCESS, /* this is one of the processes, with all its life before it */
    PREFORK_ENDED,      /* this is the master; all have ended well */
    PREFORK_CUT,        /* … and what one of them did was cut */
    PREFORK_FAILED,     /* … they could not start (who could not has said why, where no error is
                           set), or ended unasked too often */
} PreforkEnd;

/* What the master wants of this process; on its main context. */
typedef struct {
    void (*part) (gpointer data); /* another serves in its place: ends, and nobody notices */
    void (*stop) (gpointer data); /* also where the master has gone */
    void (*cut) (gpointer data);  /* stops now; it may not have been asked to before */
    gpointer data;
} PreforkOrders;

/* NULL with H3_ERROR where there are threads already, which no process would have, or what it needs
 * is not to be had. */
Prefork *prefork_new (guint n_processes, GError **error);
void prefork_free (Prefork *prefork);

/* What happens in the master. */
typedef struct {
    void (*ready) (gpointer data);  /* all have told that they serve */
    void (*reopen) (gpointer data); /* logs are to be opened anew by who is forked from now on */
    void (*stop) (gpointer data);   /* all end: nobody is to come any more */
    /* SIGHUP: sets up what is forked from now on, and says how many there are to be then; 0: all
     * stays as it was. NULL: the processes reload themselves. */
    guint (*reload) (gpointer data);
    /* The end of it: all that serve are of what was set up; FALSE: a process of it could not serve,
     * and what is forked from now on is to be as it was before. */
    void (*reloaded) (gboolean is_followed, gpointer data);
    gpointer data;
} PreforkEvents;

/* Returns at once in each process, and in the master at the end.
 *
 * The master takes SIGTERM and SIGINT (all end; again: what runs is cut; once more: killed),
 * SIGUSR1 (passed on), SIGUSR2 (one process after another gives way to a new one that serves), and
 * SIGHUP (passed on; or, with `events->reload`, likewise one after another gives way). What the
 * service manager hears of it is the master's. */
PreforkEnd prefork_run (Prefork *prefork, const PreforkEvents *events, GError **error);

/* In a process: which it is, from 0. */
guint prefork_get_index (const Prefork *prefork);
/* (transfer full): in a process: tells the master's orders; `orders` is copied. */
GSource *prefork_create_source (const Prefork *prefork, const PreforkOrders *orders);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Prefork, prefork_free)

G_END_DECLS
