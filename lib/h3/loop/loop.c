/* SPDX-License-Identifier: MIT */

#include "loop.h"

#include <h3/base/counters.h>
#include <h3/base/error.h>
#include <h3/loop/alarms.h>
#include <h3/loop/clock.h>
#include <h3/loop/descriptors.h>

#include <errno.h>
#include <event2/event.h>
#include <pthread.h>
#include <stdatomic.h>
#include <sys/eventfd.h>
#include <unistd.h>

#define KEPT_CALLS    256 /* room for calls that a turn leaves in place for the next */
#define N_DESCRIPTORS 5   /* the wake-up, the alarms' timer, and libevent's epoll and pipe */

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
    Endings endings;
    ClockWatch clock_watch;
    gboolean is_stepping;
    gboolean is_running;  /* libevent goes from turn to turn by itself */
    gboolean turn_is_due; /* and finds turn_end behind all callbacks of this one */

    /* Any thread, under the lock. Nobody is called while it is held. */
    pthread_mutex_t lock;
    GArray *mailbox;   /* owned; of Call */
    int wake_fd;       /* owned; -1: closed */
    gboolean is_awake; /* written to since the mailbox was last taken out */
    gboolean is_closed;
};

/* The loop whose thread this is; borrowed: whoever entered it. */
static __thread Loop *current;

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
    loop->wake_fd = -1;
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
    loop->wake_fd = eventfd (0, EFD_NONBLOCK | EFD_CLOEXEC);
    if (loop->wake_fd >= 0)
        loop->base = new_base ();
    if (loop->base != NULL) {
        loop->alarms = alarms_new (loop->base);
        loop->wake_event =
            event_new (loop->base, loop->wake_fd, EV_READ | EV_PERSIST, on_wake, loop);
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
    Loop *outer = current;

    g_return_if_fail (!loop->is_stepping);
    if (loop->base == NULL)
        return;
    clock_unwatch (&loop->clock_watch);
    pthread_mutex_lock (&loop->lock);
    loop->is_closed = TRUE;
    pthread_mutex_unlock (&loop->lock);
    current = loop;
    loop->is_stepping = TRUE;
    run_posted (loop);
    endings_come (&loop->endings, ENDING_CLOSE);
    do {
        run_deferred (loop);
        alarms_drop (loop->alarms);
    } while (loop->deferred->len > 0);
    loop->is_stepping = FALSE;
    current = outer;
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

Loop *
loop_get_current (void)
{
    return current;
}

void
loop_enter (Loop *loop)
{
    g_return_if_fail (current == NULL);
    current = loop;
}

void
loop_leave (Loop *loop)
{
    g_return_if_fail (current == loop);
    current = NULL;
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
    Loop *outer = current;

    g_return_val_if_fail (loop->base != NULL && !loop->is_stepping, FALSE);
    if (atomic_load_explicit (&loop->is_stopped, memory_order_acquire))
        return FALSE;
    current = loop;
    loop->is_stepping = TRUE;
    /* What was deferred outside a turn does not wait for something to happen. */
    if (loop->deferred->len > 0 || (clock_is_driven () && alarms_are_due (loop->alarms)))
        wait = FALSE;
    (void) event_base_loop (loop->base, wait ? EVLOOP_ONCE : EVLOOP_NONBLOCK);
    if (G_UNLIKELY (clock_is_driven ()))
        alarms_run (loop->alarms);
    run_deferred (loop);
    loop->is_stepping = FALSE;
    current = outer;
    return !atomic_load_explicit (&loop->is_stopped, memory_order_acquire);
}

/* Until somebody stops the loop, or drives its clock. Libevent goes from turn to turn by itself,
 * and hears of the end of one only where something was deferred: a turn is some 90 instructions
 * cheaper than a loop_step (). */
static void
run_turns (Loop *loop)
{
    Loop *outer = current;

    current = loop;
    loop->is_stepping = loop->is_running = TRUE;
    (void) event_base_loop (loop->base, EVLOOP_NO_EXIT_ON_EMPTY);
    loop->is_running = FALSE;
    if (loop->turn_is_due) {
        (void) event_del (loop->turn_end);
        loop->turn_is_due = FALSE;
    }
    run_deferred (loop);
    loop->is_stepping = FALSE;
    current = outer;
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
