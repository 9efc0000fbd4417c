/* SPDX-License-Identifier: MIT */

#include "offload.h"

#include <h3/base/counters.h>
#include <h3/base/standing-delay.h>
#include <h3/loop/clock.h>

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <time.h>

#define REST_MILLISECONDS 10000
#define PACE_WEIGHT       8 /* of so many, the last counts as one */

typedef struct _Job Job;
struct _Job {
    Job *next;  /* owned: the queue */
    Loop *loop; /* ref */
    OffloadWork work;
    OffloadDone done;
    gpointer data;          /* owned, by way of destroy */
    GDestroyNotify destroy; /* (nullable) */
    gint64 queued;          /* microseconds; where waits are measured */
};

typedef struct _Thread Thread;
struct _Thread {
    Thread *next;     /* owned: the list of ended ones */
    Offload *offload; /* borrowed: joins this before it goes */
    pthread_t id;
};

struct _Offload {
    pthread_mutex_t lock;   /* guards all below; nobody is called while it is held */
    pthread_cond_t changed; /* a job came, a thread ended, or the end has come */
    Job *first, **last;     /* owned: the queue */
    guint n_queued;
    guint n_threads; /* started, and not among the ended */
    guint n_resting;
    guint max_threads;
    guint rest; /* milliseconds a thread waits for a job before it ends */
    gboolean is_ending;
    Thread *ended;      /* owned: to be joined */
    gboolean measures;  /* set before the first job */
    StandingDelay late; /* of the queue */
    gint64 left;        /* when a job left others behind in the queue; 0: it left none */
    gint64 pace;        /* microseconds from one leaving to the next, on the average of late */
};

static void
free_job (Job *job)
{
    if (job->destroy != NULL)
        job->destroy (job->data);
    loop_unref (job->loop);
    counters_add (COUNTER_JOBS_LIVE, -1);
    g_free (job);
}

/* Where the loop, or the pool, ended first. */
static void
drop_job (gpointer data)
{
    free_job (data);
}

/* The loop's thread. */
static void
finish_job (gpointer data)
{
    Job *job = data;

    job->done (job->data);
    free_job (job);
}

/* Under the lock: `job` has left the queue. */
static void
measure_leaving (Offload *offload, const Job *job)
{
    gint64 now = clock_get_fine ();

    standing_delay_note (&offload->late, now - job->queued, now);
    if (offload->left != 0)
        offload->pace += (now - offload->left - offload->pace) / PACE_WEIGHT;
    offload->left = offload->first != NULL ? now : 0;
}

/* Under the lock, before `job` comes to the end of the queue: where all threads are held up for
 * long none leaves it, and only who stands at its head tells. */
static void
measure_coming (Offload *offload, Job *job)
{
    job->queued = clock_get_fine ();
    if (offload->first != NULL && job->queued - offload->first->queued >= offload->late.limit)
        standing_delay_note (&offload->late, job->queued - offload->first->queued, job->queued);
}

/* Under the lock. */
static Job *
pop (Offload *offload)
{
    Job *job = offload->first;

    if (job == NULL)
        return NULL;
    offload->first = job->next;
    if (offload->first == NULL)
        offload->last = &offload->first;
    offload->n_queued--;
    if (offload->measures)
        measure_leaving (offload, job);
    return job;
}

/* Under the lock, which it gives up meanwhile. NULL: the thread has rested enough, or must end. */
static Job *
wait_for_job (Offload *offload)
{
    struct timespec until;
    Job *job;
    int result = 0;

    clock_gettime (CLOCK_MONOTONIC, &until);
    until.tv_sec += offload->rest / 1000;
    until.tv_nsec += (long) (offload->rest % 1000) * 1000000;
    if (until.tv_nsec >= 1000000000) {
        until.tv_sec++;
        until.tv_nsec -= 1000000000;
    }
    offload->n_resting++;
    while ((job = pop (offload)) == NULL && !offload->is_ending && result != ETIMEDOUT)
        result = pthread_cond_timedwait (&offload->changed, &offload->lock, &until);
    offload->n_resting--;
    return job;
}

static void
run_job (Job *job)
{
    job->work (job->data);
    loop_post (job->loop, finish_job, job, drop_job);
}

static void *
run_thread (void *data)
{
    Thread *thread = data;
    Offload *offload = thread->offload;
    Job *job;

    pthread_mutex_lock (&offload->lock);
    while ((job = wait_for_job (offload)) != NULL) {
        pthread_mutex_unlock (&offload->lock);
        run_job (job);
        pthread_mutex_lock (&offload->lock);
    }
    offload->n_threads--;
    thread->next = offload->ended;
    offload->ended = thread;
    pthread_cond_broadcast (&offload->changed);
    pthread_mutex_unlock (&offload->lock);
    return NULL;
}

/* Threads of the pool take no signals: those are for the program's own. */
static gboolean
start_thread (Offload *offload)
{
    Thread *thread = g_new0 (Thread, 1);
    sigset_t all, before;
    gboolean is_started;

    thread->offload = offload;
    sigfillset (&all);
    pthread_sigmask (SIG_SETMASK, &all, &before);
    is_started = pthread_create (&thread->id, NULL, run_thread, thread) == 0;
    pthread_sigmask (SIG_SETMASK, &before, NULL);
    if (!is_started)
        g_free (thread);
    return is_started;
}

static void
join_threads (Thread *threads)
{
    while (threads != NULL) {
        Thread *thread = threads;

        threads = thread->next;
        pthread_join (thread->id, NULL);
        g_free (thread);
    }
}

Offload *
offload_new (guint max_threads)
{
    Offload *offload = g_new0 (Offload, 1);
    pthread_condattr_t attributes;

    g_assert (max_threads >= 1);
    pthread_mutex_init (&offload->lock, NULL);
    pthread_condattr_init (&attributes);
    pthread_condattr_setclock (&attributes, CLOCK_MONOTONIC);
    pthread_cond_init (&offload->changed, &attributes);
    pthread_condattr_destroy (&attributes);
    offload->last = &offload->first;
    offload->max_threads = max_threads;
    offload->rest = REST_MILLISECONDS;
    return offload;
}

void
offload_set_rest (Offload *offload, guint milliseconds)
{
    pthread_mutex_lock (&offload->lock);
    offload->rest = milliseconds;
    pthread_mutex_unlock (&offload->lock);
}

void
offload_set_delay_limit (Offload *offload, gint64 limit)
{
    standing_delay_init (&offload->late, limit);
    offload->measures = TRUE;
}

gboolean
offload_is_late (const Offload *offload, gint64 now)
{
    return offload->measures && standing_delay_is_on (&offload->late, now);
}

/* The queue before it, at the pace at which it has been moving; or the one at its head has waited
 * too long already. */
gboolean
offload_would_wait (Offload *offload, gint64 now)
{
    gboolean would_wait;

    pthread_mutex_lock (&offload->lock);
    would_wait = offload->first != NULL
                 && (offload->n_queued * offload->pace >= offload->late.limit
                     || now - offload->first->queued >= offload->late.limit);
    pthread_mutex_unlock (&offload->lock);
    return would_wait;
}

void
offload_note_refused (Offload *offload, gint64 now)
{
    standing_delay_extend (&offload->late, now);
}

guint
offload_count_threads (Offload *offload)
{
    guint count;

    pthread_mutex_lock (&offload->lock);
    count = offload->n_threads;
    pthread_mutex_unlock (&offload->lock);
    return count;
}

void
offload_run (Offload *offload, Loop *loop, OffloadWork work, OffloadDone done, gpointer data,
             GDestroyNotify destroy)
{
    Job *job = g_new0 (Job, 1), *unable = NULL;
    Thread *ended;

    job->loop = loop_ref (loop);
    job->work = work;
    job->done = done;
    job->data = data;
    job->destroy = destroy;
    counters_add (COUNTER_JOBS_LIVE, 1);
    pthread_mutex_lock (&offload->lock);
    ended = g_steal_pointer (&offload->ended);
    if (offload->measures)
        measure_coming (offload, job);
    *offload->last = job;
    offload->last = &job->next;
    offload->n_queued++;
    if (offload->n_queued > offload->n_resting && offload->n_threads < offload->max_threads) {
        if (start_thread (offload))
            offload->n_threads++;
        else if (offload->n_threads == 0)
            unable = pop (offload);
    }
    pthread_cond_signal (&offload->changed);
    pthread_mutex_unlock (&offload->lock);
    join_threads (ended);
    /* No thread to be had and none to wait for: a loop that stands still for a moment is better
     * than a job that is never done. */
    if (unable != NULL)
        run_job (unable);
}

void
offload_free (Offload *offload)
{
    Job *jobs;

    if (offload == NULL)
        return;
    pthread_mutex_lock (&offload->lock);
    offload->is_ending = TRUE;
    jobs = offload->first;
    offload->first = NULL;
    offload->last = &offload->first;
    offload->n_queued = 0;
    pthread_cond_broadcast (&offload->changed);
    pthread_mutex_unlock (&offload->lock);
    while (jobs != NULL) {
        Job *job = jobs;

        jobs = job->next;
        drop_job (job);
    }
    pthread_mutex_lock (&offload->lock);
    while (offload->n_threads > 0)
        pthread_cond_wait (&offload->changed, &offload->lock);
    pthread_mutex_unlock (&offload->lock);
    join_threads (offload->ended);
    pthread_cond_destroy (&offload->changed);
    pthread_mutex_destroy (&offload->lock);
    g_free (offload);
}
