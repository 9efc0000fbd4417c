/* SPDX-License-Identifier: MIT
 *
 * Publishers on threads of their own, subscribers on two loops that come and go meanwhile. */

#include "h3/engine/channel.h"
#include "h3/engine/message-inside.h"
#include "h3/loop/loop.h"
#include "tests/support/assert-nothing-left.h"
#include "tests/support/latch.h"
#include "tests/support/suite.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#define N_LOOPS      2
#define N_PUBLISHERS 3
#define N_MESSAGES   2000 /* of each publisher */
#define CHANGE_EVERY 50
#define N_STAYERS    4 /* on each loop */

typedef struct {
    Loop *loop; /* owned by the test */
    pthread_t thread;
    H3Subscription *comer; /* ref: one that comes and goes; its loop's thread */
    guint n_comers;
} Side;

static H3Channel *channel;
static Latch ready = LATCH_INIT, ended = LATCH_INIT, changed = LATCH_INIT, broken = LATCH_INIT;

/* What one heard. Its loop's thread, until that has ended. */
typedef struct {
    guint64 last, n_heard;
    gboolean is_broken; /* a message was missing, double or not in order */
} Hearer;

static Side sides[N_LOOPS];
static Hearer stayers[N_LOOPS][N_STAYERS];

static GBytes *
copy (const H3Message *message)
{
    return g_bytes_new (message->data.data, message->data.length);
}

static guint64
hear (H3Subscription *subscription, H3Message *const *messages, guint n, gpointer user_data)
{
    Hearer *hearer = user_data;

    for (guint i = 0; i < n; i++) {
        if (hearer->last != 0 && messages[i]->sequence != hearer->last + 1)
            hearer->is_broken = TRUE;
        if (!h3_view_equal (message_get_form (messages[i], copy), messages[i]->data))
            hearer->is_broken = TRUE;
        hearer->last = messages[i]->sequence;
        hearer->n_heard++;
    }
    return 0;
}

static void
hear_end (H3Subscription *subscription, H3ChannelEnd why, gpointer user_data)
{
    latch_raise (&ended);
}

static void *
run_loop (void *data)
{
    Side *side = data;

    loop_enter (side->loop);
    loop_run (side->loop);
    loop_close (side->loop);
    g_clear_pointer (&side->comer, h3_subscription_unref);
    loop_leave (side->loop);
    return NULL;
}

static void
subscribe_stayers (gpointer data)
{
    Hearer *mine = stayers[(Side *) data - sides];

    for (guint i = 0; i < N_STAYERS; i++)
        h3_subscription_unref (
            h3_channel_subscribe (channel, NULL, hear, hear_end, &mine[i], NULL));
    latch_raise (&ready);
}

/* What a comer heard is looked at when it goes. */
static void
free_comer (gpointer data)
{
    Hearer *comer = data;

    if (comer->is_broken)
        latch_raise (&broken);
    g_free (comer);
}

/* One goes, another comes, out of what is kept or not. */
static void
change_comer (gpointer data)
{
    Side *side = data;

    h3_subscription_cancel (side->comer);
    h3_subscription_unref (side->comer);
    side->comer = h3_channel_subscribe (channel, side->n_comers++ % 2 == 0 ? "" : NULL, hear, NULL,
                                        g_new0 (Hearer, 1), free_comer);
    latch_raise (&changed);
}

/* What all messages are of: ThreadSanitizer does not see how GLib counts who has bytes, and would
 * take it for a race where a publisher frees what another thread has read. */
static char text[20000];

static void *
publish (void *data)
{
    g_autoptr (GRand) rand = g_rand_new_with_seed (GPOINTER_TO_UINT (data));

    for (guint i = 0; i < N_MESSAGES; i++) {
        gsize length = (gsize) g_rand_int_range (rand, 0, i % 100 == 0 ? sizeof text : 200);
        GBytes *bytes = g_bytes_new_static (text, length);

        /* No assertion: check's are not for several threads at once. */
        if (!h3_channel_publish (channel, NULL, NULL, bytes))
            latch_raise (&broken);
        g_bytes_unref (bytes);
        if (i % CHANGE_EVERY == 0)
            loop_post (sides[i / CHANGE_EVERY % N_LOOPS].loop, change_comer,
                       &sides[i / CHANGE_EVERY % N_LOOPS], NULL);
    }
    return NULL;
}

/* All tests may run in one process. */
static void
begin (void)
{
    ready.value = ended.value = changed.value = broken.value = 0;
    memset (sides, 0, sizeof sides);
    memset (stayers, 0, sizeof stayers);
    memset (text, 'x', sizeof text);
}

static void
start_loops (void)
{
    begin ();
    for (guint i = 0; i < N_LOOPS; i++) {
        sides[i].loop = loop_new (NULL);
        ck_assert_ptr_nonnull (sides[i].loop);
        loop_post (sides[i].loop, subscribe_stayers, &sides[i], NULL);
        ck_assert_int_eq (pthread_create (&sides[i].thread, NULL, run_loop, &sides[i]), 0);
    }
    latch_wait (&ready, N_LOOPS, "loops on which somebody listens");
}

static void
stop_loops (void)
{
    for (guint i = 0; i < N_LOOPS; i++) {
        loop_stop (sides[i].loop);
        pthread_join (sides[i].thread, NULL);
    }
}

static void
free_loops (void)
{
    for (guint i = 0; i < N_LOOPS; i++)
        loop_unref (sides[i].loop);
}

START_TEST (channel_has_one_order_for_all_whatever_comes_and_goes)
{
    LiveSnapshot before = live_snapshot_take ();
    guint32 seed = g_random_int ();
    pthread_t publishers[N_PUBLISHERS];

    g_print ("seed %u\n", seed);
    channel = h3_channel_new ();
    h3_channel_set_replay (channel, 500, 1024 * 1024);
    start_loops ();
    for (guint i = 0; i < N_PUBLISHERS; i++)
        ck_assert_int_eq (
            pthread_create (&publishers[i], NULL, publish, GUINT_TO_POINTER (seed + i)), 0);
    for (guint i = 0; i < N_PUBLISHERS; i++)
        pthread_join (publishers[i], NULL);
    latch_wait (&changed, N_PUBLISHERS * N_MESSAGES / CHANGE_EVERY, "comers");
    /* The last reference goes while all listen. */
    h3_channel_unref (channel);
    latch_wait (&ended, N_LOOPS * N_STAYERS, "ends heard");
    stop_loops ();
    free_loops ();
    for (guint i = 0; i < N_LOOPS * N_STAYERS; i++) {
        ck_assert (!stayers[i / N_STAYERS][i % N_STAYERS].is_broken);
        ck_assert_uint_eq (stayers[i / N_STAYERS][i % N_STAYERS].n_heard,
                           N_PUBLISHERS * N_MESSAGES);
    }
    ck_assert_uint_eq (latch_get (&broken), 0);
    assert_nothing_left (&before);
}
END_TEST

/* Half of the messages are published to workers that are on their way out. */
START_TEST (channel_outlives_its_workers)
{
    LiveSnapshot before = live_snapshot_take ();
    pthread_t publisher;

    channel = h3_channel_new ();
    h3_channel_set_replay (channel, 500, 1024 * 1024);
    start_loops ();
    ck_assert_int_eq (pthread_create (&publisher, NULL, publish, GUINT_TO_POINTER (1)), 0);
    stop_loops ();
    ck_assert_uint_eq (latch_get (&ended), N_LOOPS * N_STAYERS);
    pthread_join (publisher, NULL);
    ck_assert_uint_eq (latch_get (&broken), 0);
    h3_channel_unref (channel);
    free_loops ();
    assert_nothing_left (&before);
}
END_TEST

static void
add (Suite *suite)
{
    suite_add_case (suite, "threads", channel_has_one_order_for_all_whatever_comes_and_goes,
                    channel_outlives_its_workers, NULL);
}

int
main (void)
{
    return suite_run ("engine/channel-threads", add);
}
