/* SPDX-License-Identifier: MIT */

#include "counters.h"

#include "shared-count.h"

#include <pthread.h>

#define CACHE_LINE 64

/* A thread's set, in a list of all; aligned, so that no two threads write one cache line. */
typedef struct _Member Member;
struct _Member {
    CounterSet set;          /* first: counters_own points at it */
    Member *next, *previous; /* borrowed: the list */
};

__thread CounterSet *counters_own;

/* Guards the list and what ended threads left behind. Nobody is called while it is held. */
static pthread_mutex_t registry_lock = PTHREAD_MUTEX_INITIALIZER;
static Member *members; /* owned */
static gint64 retired_values[N_COUNTERS];
static gint64 retired_peaks[N_COUNTERS];

static pthread_key_t exit_key;
static pthread_once_t exit_key_once = PTHREAD_ONCE_INIT;

/* At a thread's end. A later destructor of that thread that counts joins again, which brings this
 * one back for another round. */
static void
retire (gpointer data)
{
    Member *member = data;

    counters_own = NULL;
    pthread_mutex_lock (&registry_lock);
    for (guint i = 0; i < N_COUNTERS; i++) {
        retired_values[i] += atomic_load_explicit (&member->set.values[i], memory_order_relaxed);
        retired_peaks[i] += atomic_load_explicit (&member->set.peaks[i], memory_order_relaxed);
    }
    if (member->previous != NULL)
        member->previous->next = member->next;
    else
        members = member->next;
    if (member->next != NULL)
        member->next->previous = member->previous;
    pthread_mutex_unlock (&registry_lock);
    g_aligned_free (member);
}

static void
make_exit_key (void)
{
    if (pthread_key_create (&exit_key, retire) != 0)
        g_error ("no thread-specific key is left for the counters");
}

CounterSet *
counters_join (void)
{
    Member *member = g_aligned_alloc0 (1, sizeof *member, CACHE_LINE);

    pthread_once (&exit_key_once, make_exit_key);
    if (pthread_setspecific (exit_key, member) != 0)
        g_error ("no memory for this thread's counters");
    pthread_mutex_lock (&registry_lock);
    member->next = members;
    if (members != NULL)
        members->previous = member;
    members = member;
    pthread_mutex_unlock (&registry_lock);
    counters_own = &member->set;
    return counters_own;
}

gint64
counters_read (Counter counter)
{
    gint64 sum;

    g_return_val_if_fail (counter < N_COUNTERS, 0);
    pthread_mutex_lock (&registry_lock);
    sum = retired_values[counter] + shared_count_read (counter);
    for (Member *member = members; member != NULL; member = member->next)
        sum += atomic_load_explicit (&member->set.values[counter], memory_order_relaxed);
    pthread_mutex_unlock (&registry_lock);
    return sum;
}

gint64
counters_read_peak (Counter counter)
{
    gint64 sum;

    g_return_val_if_fail (counter < N_COUNTERS, 0);
    if (counter >= FIRST_GROWING_COUNTER)
        return counters_read (counter);
    pthread_mutex_lock (&registry_lock);
    sum = retired_peaks[counter] + shared_count_read_peak (counter);
    for (Member *member = members; member != NULL; member = member->next)
        sum += atomic_load_explicit (&member->set.peaks[counter], memory_order_relaxed);
    pthread_mutex_unlock (&registry_lock);
    return sum;
}

static const struct {
    const char *name, *description;
} texts[N_COUNTERS] = {
#define X(identifier, name, what) { name, what },
    COUNTERS (X)
#undef X
};

const char *
counters_get_name (Counter counter)
{
    g_return_val_if_fail (counter < N_COUNTERS, NULL);
    return texts[counter].name;
}

const char *
counters_get_description (Counter counter)
{
    g_return_val_if_fail (counter < N_COUNTERS, NULL);
    return texts[counter].description;
}
