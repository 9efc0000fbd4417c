/* SPDX-License-Identifier: MIT */

#include "upstream-breaker.h"

void
breaker_init (Breaker *breaker)
{
    *breaker = (Breaker){ .growth = 1 };
    atomic_init (&breaker->state, BREAKER_CLOSED);
    atomic_init (&breaker->due, 0);
    pthread_mutex_init (&breaker->lock, NULL);
}

void
breaker_clear (Breaker *breaker)
{
    pthread_mutex_destroy (&breaker->lock);
}

static BreakerState
get_state (const Breaker *breaker)
{
    return (BreakerState) atomic_load_explicit (&((Breaker *) breaker)->state,
                                                memory_order_acquire);
}

BreakerState
breaker_get_state (const Breaker *breaker)
{
    return get_state (breaker);
}

/* Under the lock, as all that changes it. */
static void
set_state (Breaker *breaker, BreakerState state)
{
    atomic_store_explicit (&breaker->state, (unsigned char) state, memory_order_release);
}

static void
open_until (Breaker *breaker, gint64 due)
{
    /* Whoever sees that it is open sees until when. */
    atomic_store_explicit (&breaker->due, due, memory_order_relaxed);
    set_state (breaker, BREAKER_OPEN);
}

static void
close_anew (Breaker *breaker)
{
    breaker->in_row = 0;
    breaker->growth = 1;
    breaker->newer = breaker->older = (BreakerCount){ 0 };
    set_state (breaker, BREAKER_CLOSED);
}

gint64
breaker_get_due (const Breaker *breaker)
{
    return atomic_load_explicit (&((Breaker *) breaker)->due, memory_order_relaxed);
}

static gboolean
is_due (const Breaker *breaker, gint64 now)
{
    return breaker_get_due (breaker) <= now;
}

gboolean
breaker_admits (const Breaker *breaker, gint64 now)
{
    BreakerState state = get_state (breaker);

    return G_LIKELY (state == BREAKER_CLOSED) || is_due (breaker, now);
}

gboolean
breaker_enter (Breaker *breaker, gint64 now, guint *out_trial)
{
    gboolean may_enter = TRUE;

    *out_trial = 0;
    if (G_LIKELY (get_state (breaker) == BREAKER_CLOSED))
        return TRUE;
    pthread_mutex_lock (&breaker->lock);
    if (get_state (breaker) != BREAKER_CLOSED) {
        may_enter = is_due (breaker, now);
        if (may_enter) {
            /* 0 is no trial's number. */
            breaker->trial += breaker->trial == G_MAXUINT ? 2 : 1;
            *out_trial = breaker->trial;
            /* Whoever sees that it is tried sees until when. */
            atomic_store_explicit (&breaker->due, now + BREAKER_TRIAL, memory_order_relaxed);
            set_state (breaker, BREAKER_TRIED);
        }
    }
    pthread_mutex_unlock (&breaker->lock);
    return may_enter;
}

/* The window is two halves, of which the older is dropped when the newer is full: it is never
 * shorter than half of what was asked for, and costs no list of moments. */
static void
count (Breaker *breaker, const BreakerSettings *settings, gint64 now, gboolean has_failed)
{
    gint64 half = settings->window / 2;

    if (now - breaker->half >= half) {
        breaker->older = now - breaker->half < 2 * half ? breaker->newer : (BreakerCount){ 0 };
        breaker->newer = (BreakerCount){ 0 };
        breaker->half = now;
    }
    breaker->newer.answers++;
    breaker->newer.failures += has_failed;
    breaker->in_row = has_failed ? breaker->in_row + 1 : 0;
}

static gboolean
is_too_much (const Breaker *breaker, const BreakerSettings *settings)
{
    guint64 answers = (guint64) breaker->newer.answers + breaker->older.answers;
    guint64 failures = (guint64) breaker->newer.failures + breaker->older.failures;

    if (breaker->in_row >= settings->failures)
        return TRUE;
    return settings->window > 0 && answers >= 2 * (guint64) settings->failures
           && 2 * failures >= answers;
}

/* A tenth more or less of the while that it is this time. */
static void
open_for_a_while (Breaker *breaker, const BreakerSettings *settings, gint64 now, guint random)
{
    gint64 length = settings->open * breaker->growth;

    breaker->growth = MIN (2 * breaker->growth, BREAKER_MAX_GROWTH);
    open_until (breaker, now + length - length / 10 + (gint64) random % (length / 5 + 1));
}

static gboolean
is_trial (const Breaker *breaker, guint trial)
{
    return trial != 0 && trial == breaker->trial && get_state (breaker) == BREAKER_TRIED;
}

gboolean
breaker_note_success (Breaker *breaker, const BreakerSettings *settings, guint trial, gint64 now)
{
    gboolean has_changed;

    if (settings->failures == 0)
        return FALSE;
    pthread_mutex_lock (&breaker->lock);
    has_changed = is_trial (breaker, trial);
    if (has_changed)
        close_anew (breaker);
    else if (get_state (breaker) == BREAKER_CLOSED)
        count (breaker, settings, now, FALSE);
    pthread_mutex_unlock (&breaker->lock);
    return has_changed;
}

gboolean
breaker_note_failure (Breaker *breaker, const BreakerSettings *settings, guint trial, gint64 now,
                      guint random)
{
    gboolean has_changed;

    if (settings->failures == 0)
        return FALSE;
    pthread_mutex_lock (&breaker->lock);
    has_changed = is_trial (breaker, trial);
    if (!has_changed && get_state (breaker) == BREAKER_CLOSED) {
        count (breaker, settings, now, TRUE);
        has_changed = is_too_much (breaker, settings);
    }
    if (has_changed)
        open_for_a_while (breaker, settings, now, random);
    pthread_mutex_unlock (&breaker->lock);
    return has_changed;
}

gboolean
breaker_give_up (Breaker *breaker, guint trial, gint64 now)
{
    gboolean has_changed;

    if (G_LIKELY (trial == 0))
        return FALSE;
    pthread_mutex_lock (&breaker->lock);
    has_changed = is_trial (breaker, trial);
    if (has_changed)
        open_until (breaker, now);
    pthread_mutex_unlock (&breaker->lock);
    return has_changed;
}

gboolean
breaker_reset (Breaker *breaker)
{
    gboolean has_changed;

    pthread_mutex_lock (&breaker->lock);
    has_changed = get_state (breaker) != BREAKER_CLOSED;
    close_anew (breaker);
    pthread_mutex_unlock (&breaker->lock);
    return has_changed;
}
