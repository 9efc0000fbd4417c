/* SPDX-License-Identifier: MIT */

#include "redis-links.h"

#include "redis-connection.h"

#include <h3/loop/offload.h>

#include <pthread.h>
#include <signal.h>

/* Referenced by the list, while it is in it, and by its loop, until it is told to end. */
typedef struct _Link Link;
struct _Link {
    atomic_uint references;
    Link *next;                  /* owned: the list, under its lock */
    RedisLinks *links;           /* ref */
    Loop *loop;                  /* ref */
    RedisConnection *connection; /* owned; the loop's thread, as all below; NULL: has ended */
    EndingNode ending;           /* of the loop */
};

struct _RedisLinks {
    atomic_uint references;
    atomic_uint n_failing;
    StoreUrl *url;        /* owned */
    pthread_mutex_t lock; /* guards the rest; nobody is called while it is held */
    Link *first;          /* owned */
    Loop *own_loop;       /* ref; NULL: nobody asked without a loop yet */
    pthread_t own_thread; /* where there is an own loop */
};

static void
unref_links (RedisLinks *links)
{
    if (atomic_fetch_sub_explicit (&links->references, 1, memory_order_acq_rel) != 1)
        return;
    pthread_mutex_destroy (&links->lock);
    store_url_free (links->url);
    g_free (links);
}

static RedisLinks *
ref_links (RedisLinks *links)
{
    atomic_fetch_add_explicit (&links->references, 1, memory_order_relaxed);
    return links;
}

RedisLinks *
redis_links_new (StoreUrl *url)
{
    RedisLinks *links = g_new0 (RedisLinks, 1);

    atomic_init (&links->references, 1);
    atomic_init (&links->n_failing, 0);
    pthread_mutex_init (&links->lock, NULL);
    links->url = url;
    return links;
}

const StoreUrl *
redis_links_get_url (const RedisLinks *links)
{
    return links->url;
}

gboolean
redis_links_are_well (RedisLinks *links)
{
    return atomic_load_explicit (&links->n_failing, memory_order_relaxed) == 0;
}

static void
unref_link (gpointer data)
{
    Link *link = data;

    if (atomic_fetch_sub_explicit (&link->references, 1, memory_order_acq_rel) != 1)
        return;
    unref_links (link->links);
    loop_unref (link->loop);
    g_free (link);
}

/* The loop's part of it, once. */
static void
end_link (Link *link)
{
    if (link->connection == NULL)
        return;
    redis_connection_free (g_steal_pointer (&link->connection));
    endings_remove (loop_get_endings (link->loop), &link->ending);
    unref_link (link);
}

static void
on_loop_ending (EndingNode *node)
{
    Link *link = (Link *) (void *) ((char *) node - G_STRUCT_OFFSET (Link, ending));
    RedisLinks *links = link->links;
    gboolean was_listed = FALSE;

    pthread_mutex_lock (&links->lock);
    for (Link **at = &links->first; *at != NULL && !was_listed; at = &(*at)->next) {
        if (*at == link) {
            *at = link->next;
            was_listed = TRUE;
            break;
        }
    }
    pthread_mutex_unlock (&links->lock);
    if (was_listed)
        unref_link (link);
    end_link (link);
}

static Link *
find_link (RedisLinks *links, Loop *loop)
{
    Link *link;

    pthread_mutex_lock (&links->lock);
    for (link = links->first; link != NULL && link->loop != loop; link = link->next)
        ;
    pthread_mutex_unlock (&links->lock);
    /* Only its own loop, which is this thread's, takes it out. */
    return link;
}

/* The loop's thread. */
static Link *
add_link (RedisLinks *links, Loop *loop)
{
    Link *link = g_new0 (Link, 1);

    atomic_init (&link->references, 2);
    link->links = ref_links (links);
    link->loop = loop_ref (loop);
    link->connection = redis_connection_new (loop, links->url, &links->n_failing);
    link->ending.on_ending = on_loop_ending;
    endings_add (loop_get_endings (loop), ENDING_CLOSE, &link->ending);
    pthread_mutex_lock (&links->lock);
    link->next = links->first;
    links->first = link;
    pthread_mutex_unlock (&links->lock);
    return link;
}

static void
ask_on_loop (RedisLinks *links, Loop *loop, RedisCommand *command, StoreQuestion *question)
{
    Link *link = find_link (links, loop);

    if (link == NULL && loop_get_endings (loop)->has_come[ENDING_CLOSE]) {
        store_question_fail (question, H3_STORE_ERROR_CLOSED, "the worker is coming to its end");
        redis_command_free (command);
        return;
    }
    if (link == NULL)
        link = add_link (links, loop);
    redis_connection_ask (link->connection, command, question);
}

static void *
run_own (void *data)
{
    Loop *loop = data; /* ref */
    Offload *offload = offload_new (1);

    loop_set_offload (loop, offload);
    loop_enter (loop);
    loop_run (loop);
    loop_close (loop);
    loop_leave (loop);
    offload_free (offload);
    loop_unref (loop);
    return NULL;
}

/* Under the lock. Signals are for the program's own threads; a broken pipe is told by send (). */
static gboolean
start_own (RedisLinks *links, GError **error)
{
    Loop *loop = loop_new (error);
    sigset_t all, before;
    int result;

    if (loop == NULL)
        return FALSE;
    sigfillset (&all);
    pthread_sigmask (SIG_SETMASK, &all, &before);
    result = pthread_create (&links->own_thread, NULL, run_own, loop_ref (loop));
    pthread_sigmask (SIG_SETMASK, &before, NULL);
    if (result == 0) {
        links->own_loop = loop;
        return TRUE;
    }
    g_set_error (error, H3_STORE_ERROR, H3_STORE_ERROR_UNREACHABLE, "no thread for a store: %s",
                 g_strerror (result));
    loop_unref (loop);
    loop_unref (loop);
    return FALSE;
}

/* A question on its way to the own thread. */
typedef struct {
    RedisLinks *links;       /* ref */
    RedisCommand *command;   /* owned */
    StoreQuestion *question; /* owned */
} Errand;

static void
run_errand (gpointer data)
{
    Errand *errand = data;

    ask_on_loop (errand->links, loop_get_current (), errand->command, errand->question);
    unref_links (errand->links);
    g_free (errand);
}

static void
drop_errand (gpointer data)
{
    Errand *errand = data;

    store_question_fail (errand->question, H3_STORE_ERROR_CLOSED, "the store is coming to its end");
    redis_command_free (errand->command);
    unref_links (errand->links);
    g_free (errand);
}

void
redis_links_ask (RedisLinks *links, Loop *loop, RedisCommand *command, StoreQuestion *question)
{
    g_autoptr (GError) error = NULL;
    gboolean is_there;
    Errand *errand;

    if (loop != NULL) {
        ask_on_loop (links, loop, command, question);
        return;
    }
    pthread_mutex_lock (&links->lock);
    is_there = links->own_loop != NULL || start_own (links, &error);
    pthread_mutex_unlock (&links->lock);
    if (!is_there) {
        store_question_fail (question, H3_STORE_ERROR_UNREACHABLE, error->message);
        redis_command_free (command);
        return;
    }
    errand = g_new (Errand, 1);
    *errand = (Errand){ ref_links (links), command, question };
    loop_post (links->own_loop, run_errand, errand, drop_errand);
}

static void
on_links_ended (gpointer data)
{
    end_link (data);
    unref_link (data);
}

static void
end_own (RedisLinks *links)
{
    if (links->own_loop == NULL)
        return;
    loop_stop (links->own_loop);
    if (pthread_equal (pthread_self (), links->own_thread))
        (void) pthread_detach (links->own_thread);
    else
        (void) pthread_join (links->own_thread, NULL);
    loop_unref (links->own_loop);
}

void
redis_links_end (RedisLinks *links)
{
    Link *list;

    pthread_mutex_lock (&links->lock);
    list = links->first;
    links->first = NULL;
    pthread_mutex_unlock (&links->lock);
    while (list != NULL) {
        Link *link = list;

        list = link->next;
        loop_post (link->loop, on_links_ended, link, unref_link);
    }
    end_own (links);
    unref_links (links);
}
