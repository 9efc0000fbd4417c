/* SPDX-License-Identifier: MIT */

#include "loop-private.h"

#include <h3/base/counters.h>
#include <h3/base/error.h>
#include <h3/loop/alarms.h>
#include <h3/loop/clock.h>
#include <h3/loop/descriptors.h>

#include <errno.h>
#include <event2/event.h>
#include <pthread.h>
#include <stdatomic.h>
#include <sys/resource.h>
#include <sys/select.h>
#include <unistd.h>

#define KEPT_CALLS    256 /* room for calls that a turn leaves in place for the next */
#define N_DESCRIPTORS 6   /* the wake-up, the alarms' timer, and libevent's epoll and pipe */

static GArray *
new_calls (void)
{
    return g_array_new (FALSE, FALSE, sizeof (Call));
}

/* Empties `calls` for the next turn; a rare rush leaves no room behind. */
static void
clear_calls (GArray **calls)
{
    if ((*calls)->len > KEPT_CALLS) {
        g_array_unref (*calls);
        *calls = new_calls ();
    } else {
        g_array_set_size (*calls, 0);
    }
}

/* Under the lock. */
static void
wake (Loop *loop)
{
    guint64 one = 1;

    if (loop->is_awake || loop->wake_fd < 0)
        return;
    /* It can fail only by being full, and then it is awake. */
    while (write (loop->wake_fd, &one, sizeof one) < 0 && errno == EINTR)
        ;
    loop->is_awake = TRUE;
}

static void
wake_from_outside (Loop *loop)
{
    pthread_mutex_lock (&loop->lock);
    wake (loop);
    pthread_mutex_unlock (&loop->lock);
}

static void
on_clock_driven (ClockWatch *watch)
{
    wake_from_outside ((Loop *) ((char *) watch - G_STRUCT_OFFSET (Loop, clock_watch)));
}

static void
run_posted (Loop *loop)
{
    GArray *calls = loop->running;

    pthread_mutex_lock (&loop->lock);
    loop->running = loop->mailbox;
    loop->mailbox = calls;
    loop->is_awake = FALSE;
    pthread_mutex_unlock (&loop->lock);
    calls = loop->running;
    for (guint i = 0; i < calls->len; i++) {
        Call call = g_array_index (calls, Call, i);

        counters_add (COUNTER_POSTS_LIVE, -1);
        call.function (call.data);
    }
    clear_calls (&loop->running);
}

/* What a deferred function defers runs too, before the turn ends. */
static void
run_deferred (Loop *loop)
{
    while (loop->deferred->len > 0) {
        GArray *calls = loop->deferred;

        loop->deferred = loop->running_deferred;
        loop->running_deferred = calls;
        for (guint i = 0; i < calls->len; i++) {
            Call call = g_array_index (calls, Call, i);

            call.function (call.data);
        }
        clear_calls (&loop->running_deferred);
    }
}

static void
on_turn_end (evutil_socket_t fd, short what, void *data)
{
    Loop *loop = data;

    run_deferred (loop);
    loop->turn_is_due = FALSE;
}

static void
on_wake (evutil_socket_t fd, short what, void *data)
{
    Loop *loop = data;
    guint64 count;

    while (read (fd, &count, sizeof count) < 0 && errno == EINTR)
        ;
    run_posted (loop);
    if (loop->is_running
        && (clock_is_driven () || atomic_load_explicit (&loop->is_stopped, memory_order_acquire)))
        (void) event_base_loopbreak (loop->base);
}

static struct event_base *
new_base (void)
{
    struct event_config *config = event_config_new ();
    struct event_base *base = NULL;

    /* One thread has it: no locks. Timers are few, so asking for the time when one is set costs
     * less than remembering it every turn. EVENT_BASE_FLAG_EPOLL_USE_CHANGELIST is left out: it
     * loses events of descriptors that have a duplicate, as all have while a child is being
     * spawned. */
    if (config != NULL
        && event_config_set_flag (config, EVENT_BASE_FLAG_NOLOCK | EVENT_BASE_FLAG_NO_CACHE_TIME)
               == 0)
        base = event_base_new_with_config (config);
    if (config != NULL)
        event_config_free (config);
    return base;
}

/* Of all loops: libevent chooses by what the process has. */
static atomic_uint descriptor_bound = G_MAXUINT;

guint
loop_get_descriptor_bound (void)
{
    return atomic_load_explicit (&descriptor_bound, memory_order_relaxed);
}

/* select () is told of descriptors in a set of bits, and behind its end is other memory. */
static gboolean
bound_descriptors (const struct event_base *base, int fd)
{
    struct rlimit limit;

    if (g_strcmp0 (event_base_get_method (base), "select") != 0)
        return TRUE;
    atomic_store_explicit (&descriptor_bound, FD_SETSIZE, memory_order_relaxed);
    if (getrlimit (RLIMIT_NOFILE, &limit) != 0)
        return FALSE;
    if (fd >= FD_SETSIZE) {
        errno = EMFILE;
        return FALSE;
    }
    if (limit.rlim_cur <= FD_SETSIZE)
        return TRUE;
    limit.rlim_cur = FD_SETSIZE;
    return setrlimit (RLIMIT_NOFILE, &limit) == 0;
}

/* Frees what libevent and the kernel gave. */
static void
clear_base (Loop *loop)
{
    alarms_free (loop->alarms);
    loop->alarms = NULL;
    if (loop->wake_event != NULL)
        event_free (loop->wake_event);
    loop->wake_event = NULL;
    if (loop->turn_end != NULL)
        event_free (loop->turn_end);
    loop->turn_end = NULL;
    if (loop->base != NULL)
        event_base_free (loop->base);
    loop->base = NULL;
    pthread_mutex_lock (&loop->lock);
    if (loop->wake_fd >= 0)
        (void) close (loop->wake_fd);
    if (loop->woken_fd != loop->wake_fd)
        (void) close (loop->woken_fd);
    loop->wake_fd = loop->woken_fd = -1;
    pthread_mutex_unlock (&loop->lock);
}

static void
free_loop (Loop *loop)
{
    g_array_unref (loop->mailbox);
    g_array_unref (loop->running);
    g_array_unref (loop->running_deferred);
    g_array_unref (loop->deferred);
    pthread_mutex_destroy (&loop->lock);
    g_free (loop);
}

Loop *
loop_new (GError **error)
{
    Loop *loop;

    /* Without descriptors for its pipe libevent would end the process. */
    if (!descriptors_are_left (N_DESCRIPTORS, "a thread's loop", error))
        return NULL;
    loop = g_new0 (Loop, 1);
    atomic_init (&loop->references, 1);
    pthread_mutex_init (&loop->lock, NULL);
    loop->mailbox = new_calls ();
    loop->running = new_calls ();
    loop->running_deferred = new_calls ();
    loop->deferred = new_calls ();
    loop->wake_fd = loop->woken_fd = -1;
    if (descriptors_open_wake (&loop->woken_fd, &loop->wake_fd))
        loop->base = new_base ();
    if (loop->base != NULL && bound_descriptors (loop->base, loop->woken_fd)) {
        loop->alarms = alarms_new (loop->base);
        loop->wake_event =
            event_new (loop->base, loop->woken_fd, EV_READ | EV_PERSIST, on_wake, loop);
        loop->turn_end = event_new (loop->base, -1, 0, on_turn_end, loop);
    }
    if (loop->alarms == NULL || loop->wake_event == NULL || loop->turn_end == NULL
        || event_add (loop->wake_event, NULL) != 0) {
        g_set_error (error, H3_ERROR, H3_ERROR_FAILED, "cannot make an event loop: %s",
                     g_strerror (errno));
        clear_base (loop);
        free_loop (loop);
        return NULL;
    }
    loop->clock_watch.on_driven = on_clock_driven;
    clock_watch (&loop->clock_watch);
    return loop;
}

Loop *
loop_ref (Loop *loop)
{
    atomic_fetch_add_explicit (&loop->references, 1, memory_order_relaxed);
    return loop;
}

void
loop_close (Loop *loop)
{
    Loop *outer;

    g_return_if_fail (!loop->is_stepping);
    if (loop->base == NULL)
        return;
    clock_unwatch (&loop->clock_watch);
    pthread_mutex_lock (&loop->lock);
    loop->is_closed = TRUE;
    pthread_mutex_unlock (&loop->lock);
    outer = loop_begin_turn (loop);
    run_posted (loop);
    endings_come (&loop->endings, ENDING_CLOSE);
    do {
        run_deferred (loop);
        alarms_drop (loop->alarms);
    } while (loop->deferred->len > 0);
    loop_end_turn (loop, outer);
    clear_base (loop);
}

void
loop_unref (Loop *loop)
{
    if (loop == NULL || atomic_fetch_sub_explicit (&loop->references, 1, memory_order_acq_rel) != 1)
        return;
    loop_close (loop);
    free_loop (loop);
}

gint
loop_get_timeout (Loop *loop)
{
    return alarms_get_timeout (loop->alarms);
}

gboolean
loop_is_due (Loop *loop)
{
    return loop->deferred->len > 0
           || event_base_get_num_events (loop->base, EVENT_BASE_COUNT_ACTIVE) > 0
           || (clock_is_driven () && alarms_are_due (loop->alarms));
}

struct event_base *
loop_get_base (Loop *loop)
{
    return loop->base;
}

Alarms *
loop_get_alarms (Loop *loop)
{
    return loop->alarms;
}

gboolean
loop_step (Loop *loop, gboolean wait)
{
    int flags = wait ? EVLOOP_ONCE : EVLOOP_NONBLOCK;
    Loop *outer;

    g_return_val_if_fail (loop->base != NULL && !loop->is_stepping, FALSE);
    if (atomic_load_explicit (&loop->is_stopped, memory_order_acquire))
        return FALSE;
    outer = loop_begin_turn (loop);
    /* What was deferred outside a turn does not wait for something to happen, nor does what is due
     * already wait until nothing happens any more. */
    if (loop->deferred->len > 0 || (clock_is_driven () && alarms_are_due (loop->alarms)))
        flags |= EVLOOP_NONBLOCK;
    (void) event_base_loop (loop->base, flags);
    if (G_UNLIKELY (clock_is_driven ()))
        alarms_run (loop->alarms);
    run_deferred (loop);
    loop_end_turn (loop, outer);
    return !atomic_load_explicit (&loop->is_stopped, memory_order_acquire);
}

/* Until somebody stops the loop, or drives its clock. Libevent goes from turn to turn by itself,
 * and hears of the end of one only where something was deferred: a turn is some 90 instructions
 * cheaper than a loop_step (). */
static void
run_turns (Loop *loop)
{
    Loop *outer = loop_begin_turn (loop);

    loop->is_running = TRUE;
    (void) event_base_loop (loop->base, EVLOOP_NO_EXIT_ON_EMPTY);
    loop->is_running = FALSE;
    if (loop->turn_is_due) {
        (void) event_del (loop->turn_end);
        loop->turn_is_due = FALSE;
    }
    run_deferred (loop);
    loop_end_turn (loop, outer);
}

/* What was deferred before is the first step's. */
void
loop_run (Loop *loop)
{
    while (loop_step (loop, TRUE)) {
        if (!clock_is_driven ())
            run_turns (loop);
    }
}

void
loop_stop (Loop *loop)
{
    atomic_store_explicit (&loop->is_stopped, TRUE, memory_order_release);
    wake_from_outside (loop);
}

void
loop_post (Loop *loop, LoopFunction function, gpointer data, GDestroyNotify dropped)
{
    Call call = { function, data };
    gboolean is_closed;

    pthread_mutex_lock (&loop->lock);
    is_closed = loop->is_closed;
    if (!is_closed) {
        counters_add (COUNTER_POSTS_LIVE, 1);
        g_array_append_val (loop->mailbox, call);
        wake (loop);
    }
    pthread_mutex_unlock (&loop->lock);
    /* The last reference may be what `data` holds: the loop is not touched any more. */
    if (is_closed && dropped != NULL)
        dropped (data);
}

void
loop_defer (Loop *loop, LoopFunction function, gpointer data)
{
    Call call = { function, data };

    g_array_append_val (loop->deferred, call);
    if (loop->is_running && !loop->turn_is_due) {
        loop->turn_is_due = TRUE;
        event_active (loop->turn_end, 0, 0);
    }
}

Endings *
loop_get_endings (Loop *loop)
{
    return &loop->endings;
}

void
loop_set_offload (Loop *loop, Offload *offload)
{
    loop->offload = offload;
}

Offload *
loop_get_offload (Loop *loop)
{
    return loop->offload;
}

void
loop_set_deadlines (Loop *loop, Deadlines *deadlines)
{
    loop->deadlines = deadlines;
}

Deadlines *
loop_get_deadlines (Loop *loop)
{
    return loop->deadlines;
}

void
loop_set_lodger (Loop *loop, gpointer lodger)
{
    loop->lodger = lodger;
}

gpointer
loop_get_lodger (Loop *loop)
{
    return loop->lodger;
}
