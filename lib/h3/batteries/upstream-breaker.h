/* SPDX-License-Identifier: MIT
 *
 * What keeps requests from a server that fails. Embedded in the server; any thread: it has a lock
 * of its own, and who only asks takes none.
 *
 *              ┌──────────────── breaker_note_success (the trial's), breaker_reset ───────────────┐
 *              ▼                                                                                  │
 *     CLOSED ── breaker_note_failure ──▶ OPEN ── breaker_enter, when its while is over ──▶ TRIED
 *                                          ▲                                                      │
 *                                          └──── breaker_note_failure, breaker_give_up (its) ─────┘
 *
 *   CLOSED  all may come; failures are counted, in a row and in a window
 *   OPEN    nobody may come before `due`
 *   TRIED   one has come, the trial: what it tells decides; nobody else may come before `due`. It
 *           may be one whose client keeps it from telling anything: then another is the trial. What
 *           others tell that came before, in this state and in OPEN, is too old to count */

#pragma once

#include <glib.h>
#include <pthread.h>
#include <stdatomic.h>

G_BEGIN_DECLS

typedef enum { BREAKER_CLOSED, BREAKER_OPEN, BREAKER_TRIED } BreakerState;

/* Times are milliseconds. */
typedef struct {
    guint failures; /* in a row, that open it; 0: it never opens */
    gint64 window;  /* 0: only those in a row count */
    gint64 open;    /* for so long, the first time */
} BreakerSettings;

/* The longest while is so many times the first. */
#define BREAKER_MAX_GROWTH 10
/* So many milliseconds a trial keeps others out. */
#define BREAKER_TRIAL 10000

typedef struct {
    guint answers, failures;
} BreakerCount;

typedef struct {
    pthread_mutex_t lock; /* for all that is written, and for the rest */
    atomic_uchar state;
    _Atomic gint64 due; /* when it may be tried (again); clock_get_now () */
    guint in_row;
    guint growth; /* the next while is so many times the first */
    guint trial;  /* the number of the last one */
    gint64 half;  /* when the newer half of the window began */
    BreakerCount newer, older;
} Breaker;

void breaker_init (Breaker *breaker);
void breaker_clear (Breaker *breaker);

BreakerState breaker_get_state (const Breaker *breaker);
/* When one that is open may be tried. */
gint64 breaker_get_due (const Breaker *breaker);
/* Whether breaker_enter () would let somebody in, if nobody else is faster. */
gboolean breaker_admits (const Breaker *breaker, gint64 now);
/* FALSE: it is open, or somebody else tries. `*out_trial` is the number of the trial that this is,
 * else 0; what became of it must be told. */
gboolean breaker_enter (Breaker *breaker, gint64 now, guint *out_trial);

/* What became of somebody who was let in, with the number of its trial or 0. TRUE: the state is
 * another now. `random`: any number, so that whiles of several servers do not end together. */
gboolean breaker_note_success (Breaker *breaker, const BreakerSettings *settings, guint trial,
                               gint64 now);
gboolean breaker_note_failure (Breaker *breaker, const BreakerSettings *settings, guint trial,
                               gint64 now, guint random);
/* It says nothing: the next may try at once. */
gboolean breaker_give_up (Breaker *breaker, guint trial, gint64 now);
/* The server is known to be well. */
gboolean breaker_reset (Breaker *breaker);

G_END_DECLS
