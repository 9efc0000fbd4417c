/* SPDX-License-Identifier: MIT */

#include "h3/loop/loop.h"
#include "h3/store/memory-store.h"
#include "tests/support/asked-store.h"
#include "tests/support/assert-nothing-left.h"
#include "tests/support/suite.h"

#include <pthread.h>
#include <stdlib.h>

#define N_THREADS 5
#define N_ROUNDS  400
#define BOUND     (N_THREADS * N_ROUNDS / 2)
#define HOUR      G_GINT64_CONSTANT (3600000)

typedef struct {
    pthread_t id;
    H3Store *store; /* ref: dropped by the thread */
    gboolean has_loop;
    gint64 n_added, n_filled, n_changed;
} Asker;

/* Like the counter, under compare-and-set. */
static gboolean
raise_value (H3Store *store)
{
    const StoreAnswer *answer = ask_get (store, "value");
    g_autofree char *before = NULL;
    g_autofree char *after = NULL;

    if (answer->outcome == H3_STORE_DONE)
        before =
            g_strndup (g_bytes_get_data (answer->value, NULL), g_bytes_get_size (answer->value));
    after = g_strdup_printf ("%d", before != NULL ? atoi (before) + 1 : 1);
    return ask_compare (store, "value", before, after, HOUR)->outcome == H3_STORE_DONE;
}

/* Many keys that come and go, beside the few that are counted by. */
static void
ask_all (Asker *asker)
{
    for (guint i = 0; i < N_ROUNDS; i++) {
        char key[32];

        g_snprintf (key, sizeof key, "%u", i * 37 % 500);
        ask_put (asker->store, key, key, i % 3 + 1);
        if (ask_get (asker->store, key)->outcome == H3_STORE_DONE)
            ask_touch (asker->store, key, i % 5 + 1);
        asker->n_added += ask_add (asker->store, "sum", 1, BOUND, HOUR)->outcome == H3_STORE_DONE;
        asker->n_filled +=
            ask_fill (asker->store, "bucket", 1, BOUND, 10000 * HOUR)->outcome == H3_STORE_DONE;
        asker->n_changed += raise_value (asker->store);
    }
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

START_TEST (memory_store_serves_threads_at_once)
{
    /* The default context has a descriptor, which stays. */
    GMainContext *first = g_main_context_default ();
    LiveSnapshot before = live_snapshot_take ();
    Asker askers[N_THREADS] = { 0 };
    H3Store *store = h3_memory_store_new (100000, 1 << 26);
    gint64 n_added = 0, n_filled = 0, n_changed = 0;

    ck_assert_ptr_nonnull (first);
    for (guint i = 0; i < N_THREADS; i++) {
        askers[i].store = g_object_ref (store);
        askers[i].has_loop = i > 0;
        ck_assert_int_eq (pthread_create (&askers[i].id, NULL, run, &askers[i]), 0);
    }
    g_object_unref (store);
    for (guint i = 0; i < N_THREADS; i++) {
        pthread_join (askers[i].id, NULL);
        n_added += askers[i].n_added;
        n_filled += askers[i].n_filled;
        n_changed += askers[i].n_changed;
    }
    ck_assert_int_eq (n_added, BOUND);
    ck_assert_int_ge (n_filled, BOUND);
    ck_assert_int_lt (n_filled, BOUND + 10);
    ck_assert_int_gt (n_changed, 0);
    assert_nothing_left (&before);
}
END_TEST

static void
add (Suite *suite)
{
    suite_add_case (suite, "threads", memory_store_serves_threads_at_once, NULL);
}

int
main (void)
{
    return suite_run ("store/memory-threads", add);
}
