/* SPDX-License-Identifier: MIT */

#include "client-thread.h"

#include <h3/base/error.h>
#include <h3/loop/main-context.h>

#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>

struct _ClientThread {
    atomic_int references;
    Loop *loop; /* ref */
    pthread_t id;
};

/* What the thread has of its own: it may outlive the struct above. */
typedef struct {
    Loop *loop;                /* ref */
    MainContext *main_context; /* owned */
} Running;

static void
free_running (Running *running)
{
    main_context_free (running->main_context);
    loop_unref (running->loop);
    g_free (running);
}

static void *
run (void *data)
{
    Running *running = data;
    Loop *loop = running->loop;

    loop_enter (loop);
    main_context_enter (running->main_context);
    loop_run (loop);
    main_context_free (g_steal_pointer (&running->main_context));
    loop_close (loop);
    loop_leave (loop);
    free_running (running);
    return NULL;
}

/* (transfer full) (nullable) */
static Running *
make_running (GError **error)
{
    Running *running = g_new0 (Running, 1);

    running->loop = loop_new (error);
    if (running->loop != NULL)
        running->main_context = main_context_new (running->loop, error);
    if (running->main_context != NULL)
        return running;
    free_running (running);
    return NULL;
}

/* Signals are for the program's own threads; a broken pipe is told by send (). */
ClientThread *
client_thread_new (GError **error)
{
    Running *running = make_running (error);
    ClientThread *thread;
    sigset_t all, before;
    int result;

    if (running == NULL)
        return NULL;
    thread = g_new0 (ClientThread, 1);
    atomic_init (&thread->references, 1);
    thread->loop = loop_ref (running->loop);
    sigfillset (&all);
    pthread_sigmask (SIG_SETMASK, &all, &before);
    result = pthread_create (&thread->id, NULL, run, running);
    pthread_sigmask (SIG_SETMASK, &before, NULL);
    if (result == 0)
        return thread;
    g_set_error (error, H3_ERROR, H3_ERROR_FAILED, "a client's thread cannot be started: %s",
                 g_strerror (result));
    free_running (running);
    loop_unref (thread->loop);
    g_free (thread);
    return NULL;
}

ClientThread *
client_thread_ref (ClientThread *thread)
{
    atomic_fetch_add_explicit (&thread->references, 1, memory_order_relaxed);
    return thread;
}

static void
stop (gpointer data)
{
    loop_stop (data);
}

void
client_thread_unref (ClientThread *thread)
{
    if (thread == NULL
        || atomic_fetch_sub_explicit (&thread->references, 1, memory_order_acq_rel) != 1)
        return;
    loop_post (thread->loop, stop, thread->loop, NULL);
    if (pthread_equal (pthread_self (), thread->id))
        (void) pthread_detach (thread->id);
    else
        (void) pthread_join (thread->id, NULL);
    loop_unref (thread->loop);
    g_free (thread);
}

Loop *
client_thread_get_loop (const ClientThread *thread)
{
    return thread->loop;
}
