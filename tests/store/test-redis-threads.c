/* SPDX-License-Identifier: MIT
 *
 * Threads with and without loops that share one Redis store, whose connections are cut meanwhile.
 * The clock is the real one; nothing is said of time. */

#include "h3/loop/loop.h"
#include "h3/store/redis-store.h"
#include "tests/support/asked-store.h"
#include "tests/support/assert-nothing-left.h"
#include "tests/support/latch.h"
#include "tests/support/redis-proxy.h"
#include "tests/support/redis-server.h"
#include "tests/support/suite.h"

#define N_THREADS 4
#define N_ROUNDS  150
#define N_CUTS    6
#define BOUND     50
#define HOUR      3600000

typedef struct {
    pthread_t id;
    H3Store *store; /* ref: dropped by the thread */
    Latch *rounds;
    gboolean has_loop;
    guint n_added, n_failed;
} Asker;

static void
note (Asker *asker, const StoreAnswer *answer)
{
    asker->n_added += answer->outcome == H3_STORE_DONE;
    asker->n_failed += answer->outcome == H3_STORE_FAILED;
}

static void
ask_all (Asker *asker)
{
    StoreAnswer later = { 0 };

    for (guint i = 0; i < N_ROUNDS; i++) {
        char key[32];

        g_snprintf (key, sizeof key, "%u", i);
        h3_store_get (asker->store, key, store_answer_note, &later);
        (void) ask_put (asker->store, key, key, HOUR);
        note (asker, ask_add (asker->store, "sum", 1, BOUND, HOUR));
        latch_raise (asker->rounds);
    }
    store_answer_wait (&later, N_ROUNDS);
    store_answer_clear (&later);
    while (ask_add (asker->store, "sum", 1, BOUND, HOUR)->outcome != H3_STORE_REFUSED)
        continue;
}

static void *
run (void *data)
{
    Asker *asker = data;
    Loop *loop = asker->has_loop ? loop_new (NULL) : NULL;
    GMainContext *context = loop == NULL ? g_main_context_new () : NULL;

    if (loop != NULL)
        loop_enter (loop);
    else
        g_main_context_push_thread_default (context);
    ask_all (asker);
    g_clear_object (&asker->store);
    ask_clear ();
    if (loop != NULL) {
        loop_close (loop);
        loop_leave (loop);
        loop_unref (loop);
    } else {
        g_main_context_pop_thread_default (context);
        g_main_context_unref (context);
    }
    return NULL;
}

/* (transfer full) (nullable) */
static H3Store *
open_store (RedisServer *server, RedisProxy *proxy)
{
    g_autofree char *url = NULL;

    if (!redis_server_start (server, NULL))
        return NULL;
    redis_proxy_start (proxy, server->socket);
    url = redis_proxy_dup_url (proxy, "127.0.0.1", "?timeout=600000");
    return h3_redis_store_new (url, NULL);
}

START_TEST (redis_store_serves_threads_whose_connections_are_cut)
{
    /* The default context has a descriptor, which stays. */
    GMainContext *first = g_main_context_default ();
    LiveSnapshot before = live_snapshot_take ();
    Latch rounds = LATCH_INIT;
    Asker askers[N_THREADS] = { 0 };
    RedisServer server = { 0 };
    RedisProxy proxy;
    H3Store *store = open_store (&server, &proxy);
    guint n_added = 0, n_failed = 0;

    ck_assert_ptr_nonnull (first);
    if (store == NULL)
        return;
    for (guint i = 0; i < N_THREADS; i++) {
        askers[i].store = g_object_ref (store);
        askers[i].rounds = &rounds;
        askers[i].has_loop = i % 2 == 0;
        ck_assert_int_eq (pthread_create (&askers[i].id, NULL, run, &askers[i]), 0);
    }
    g_object_unref (store);
    for (guint i = 1; i <= N_CUTS; i++) {
        latch_wait (&rounds, i * N_THREADS * N_ROUNDS / (N_CUTS + 2), "rounds");
        redis_proxy_cut (&proxy);
    }
    for (guint i = 0; i < N_THREADS; i++) {
        pthread_join (askers[i].id, NULL);
        n_added += askers[i].n_added;
        n_failed += askers[i].n_failed;
    }
    /* One that failed may have been done. */
    ck_assert_uint_le (n_added, BOUND);
    ck_assert_uint_gt (n_added + n_failed, 0);
    redis_proxy_stop (&proxy);
    redis_server_clear (&server);
    assert_nothing_left (&before);
}
END_TEST

static void
add (Suite *suite)
{
    suite_add_case (suite, "threads", redis_store_serves_threads_whose_connections_are_cut, NULL);
}

int
main (void)
{
    return suite_run ("store/redis-threads", add);
}
