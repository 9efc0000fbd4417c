/* SPDX-License-Identifier: MIT */

#include "run-queue-private.h"

#include <h3/base/error.h>
#include <h3/loop/clock.h>
#include <h3/loop/loop.h>

#define CLAIM_TIME  15000     /* milliseconds, as all of these */
#define WAITING     10000     /* as long as a command waits at the server */
#define FORGOTTEN   "3600000" /* a consumer that has nothing, after this */
#define FIRST_PAUSE 100       /* doubled with each failure */
#define LAST_PAUSE  5000

RunQueue *
run_queue_ref (RunQueue *queue)
{
    atomic_fetch_add_explicit (&queue->references, 1, memory_order_relaxed);
    return queue;
}

void
run_queue_unref (RunQueue *queue)
{
    if (atomic_fetch_sub_explicit (&queue->references, 1, memory_order_acq_rel) != 1)
        return;
    loop_unref (queue->loop);
    store_url_free (queue->url);
    store_url_free (queue->waiting_url);
    g_hash_table_unref (queue->held);
    g_free (queue->consumer);
    g_free (queue->stream);
    g_free (queue->runs);
    g_free (queue->to);
    g_free (queue->own);
    g_free (queue->cursor);
    g_free (queue->heard);
    g_free (queue->why);
    g_free (queue);
}

char *
run_queue_dup_key (const RunQueue *queue, const char *id)
{
    return g_strconcat (queue->runs, id, NULL);
}

void
run_queue_tell (RunQueue *queue, GString *words, RedisReplied replied)
{
    redis_connection_tell (queue->telling, words, replied, run_queue_ref (queue));
}

static void
arm (RunQueue *queue, Alarm *alarm, gint64 milliseconds)
{
    alarms_set (loop_get_alarms (queue->loop), alarm, clock_get_now () + milliseconds);
}

static void
answer_drained (RunQueue *queue, const GError *error)
{
    RunKeptAnswer drained = queue->drained;

    queue->drained = NULL;
    drained (error, queue->drained_data);
}

/* The server was begun anew, and has not the group. */
static gboolean
is_unknown_group (const GError *error)
{
    return strstr (error->message, "NOGROUP") != NULL;
}

static void
set_why (RunQueue *queue, const char *why)
{
    gboolean is_new = (queue->why == NULL) != (why == NULL);

    g_free (queue->why);
    queue->why = g_strdup (why);
    if (is_new && queue->listener.changed != NULL)
        queue->listener.changed (why, queue->data);
}

static void
note_failure (RunQueue *queue, const GError *error)
{
    gint64 pause = MIN ((gint64) FIRST_PAUSE << MIN (queue->n_failures, 10), LAST_PAUSE);

    if (is_unknown_group (error))
        queue->has_begun = FALSE;
    /* Who lives has renewed its runs by then: nobody could while the server was away. */
    queue->claims_from = clock_get_now () + queue->claim_time;
    if (queue->retry.place == 0) {
        arm (queue, &queue->retry, pause - g_random_int_range (0, (gint32) (pause / 4)));
        queue->n_failures++;
    }
    set_why (queue, error->message);
    if (queue->drained != NULL)
        answer_drained (queue, error);
}

/* While one of the connections cannot be made, what goes well on another is not all. */
void
run_queue_note (RunQueue *queue, const GError *error)
{
    if (error != NULL) {
        note_failure (queue, error);
        return;
    }
    if (queue->retry.place != 0 || !queue->has_begun
        || atomic_load_explicit (&queue->n_failing, memory_order_relaxed) != 0)
        return;
    queue->n_failures = 0;
    set_why (queue, NULL);
}

static void
on_begun (const RedisReply *reply, const GError *error, gpointer data)
{
    RunQueue *queue = data;

    queue->is_beginning = FALSE;
    if (!queue->has_ended) {
        queue->has_begun = error == NULL;
        run_queue_note (queue, error);
        run_queue_go_on (queue);
    }
    run_queue_unref (queue);
}

static void
begin (RunQueue *queue)
{
    if (queue->is_beginning)
        return;
    queue->is_beginning = TRUE;
    run_queue_tell (
        queue,
        run_words_new_script (RUN_SCRIPT_BEGIN, 1, queue->stream, RUN_QUEUE_GROUP, FORGOTTEN, NULL),
        on_begun);
}

static gboolean
is_busy (const RunQueue *queue)
{
    return queue->room > 0 || g_hash_table_size (queue->held) > 0;
}

static void
on_left (const RedisReply *reply, const GError *error, gpointer data)
{
    RunQueue *queue = data;

    if (!queue->has_ended && queue->drained != NULL)
        answer_drained (queue, error);
    run_queue_unref (queue);
}

/* All that was told is there: the server may forget this process. */
static void
leave (RunQueue *queue)
{
    if (queue->has_left)
        return;
    queue->has_left = TRUE;
    run_queue_tell (queue,
                    run_words_new_script (RUN_SCRIPT_LEAVE, 2, queue->stream, queue->own,
                                          queue->consumer, RUN_QUEUE_GROUP, NULL),
                    on_left);
}

void
run_queue_go_on (RunQueue *queue)
{
    if (queue->retry.place != 0)
        return;
    if (queue->is_draining) {
        run_queue_flush (queue);
        if (run_queue_is_flushed (queue))
            leave (queue);
        return;
    }
    if (!is_busy (queue))
        return;
    if (!queue->has_begun) {
        begin (queue);
        return;
    }
    run_queue_flush (queue);
    run_queue_take (queue);
    run_queue_hear (queue);
    if (queue->renew.place == 0)
        arm (queue, &queue->renew, queue->claim_time / 3);
}

#define QUEUE_OF(alarm, member)                                                                    \
    ((RunQueue *) (void *) ((char *) (alarm) -G_STRUCT_OFFSET (RunQueue, member)))

static void
on_retry (Alarm *alarm)
{
    run_queue_go_on (QUEUE_OF (alarm, retry));
}

static void
on_renew (Alarm *alarm)
{
    RunQueue *queue = QUEUE_OF (alarm, renew);

    if (queue->retry.place == 0 && queue->has_begun) {
        run_queue_renew (queue);
        run_queue_claim (queue);
    }
    if (is_busy (queue))
        arm (queue, &queue->renew, queue->claim_time / 3);
}

static void
on_publish (Alarm *alarm)
{
    run_queue_flush (QUEUE_OF (alarm, publish));
}

/* NULL: it cannot be, with an error. The second may wait for longer. */
static StoreUrl *
parse (const char *url, GError **error)
{
    g_autoptr (StoreUrl) parsed = store_url_parse (url, error);

    if (parsed == NULL)
        return NULL;
    if (parsed->kind == STORE_URL_REDIS)
        return redis_reader_is_there (error) ? g_steal_pointer (&parsed) : NULL;
    g_set_error_literal (error, H3_ERROR, H3_ERROR_INVALID,
                         "a queue's URL: it begins with redis:// or redis+unix:");
    return NULL;
}

static void
set_keys (RunQueue *queue)
{
    const char *prefix = queue->url->prefix;

    queue->stream = g_strconcat (prefix, "h3:runs", NULL);
    queue->runs = g_strconcat (prefix, "h3:run:", NULL);
    queue->to = g_strconcat (prefix, "h3:to:", NULL);
    queue->own = g_strconcat (queue->to, queue->consumer, NULL);
}

static void
connect_all (RunQueue *queue)
{
    queue->telling = redis_connection_new (queue->loop, queue->url, &queue->n_failing);
    queue->taking = redis_connection_new (queue->loop, queue->waiting_url, &queue->n_failing);
    queue->hearing = redis_connection_new (queue->loop, queue->waiting_url, &queue->n_failing);
}

RunQueue *
run_queue_new (Loop *loop, const char *url, const char *consumer, const RunQueueListener *listener,
               gpointer data, GError **error)
{
    g_autoptr (StoreUrl) parsed = parse (url, error);
    RunQueue *queue;

    if (parsed == NULL)
        return NULL;
    queue = g_new0 (RunQueue, 1);
    atomic_init (&queue->references, 1);
    atomic_init (&queue->n_failing, 0);
    queue->loop = loop_ref (loop);
    queue->url = g_steal_pointer (&parsed);
    queue->waiting_url = parse (url, NULL);
    queue->waiting_url->timeout += WAITING;
    queue->consumer = g_strdup (consumer);
    set_keys (queue);
    queue->listener = *listener;
    queue->data = data;
    queue->held = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, run_held_free);
    queue->claim_time = CLAIM_TIME;
    queue->cursor = g_strdup ("0-0");
    queue->heard = g_strdup ("0-0");
    queue->retry.on_due = on_retry;
    queue->renew.on_due = on_renew;
    queue->publish.on_due = on_publish;
    connect_all (queue);
    return queue;
}

static void
clear_alarms (RunQueue *queue)
{
    Alarms *alarms = loop_get_alarms (queue->loop);

    alarms_clear (alarms, &queue->retry);
    alarms_clear (alarms, &queue->renew);
    alarms_clear (alarms, &queue->publish);
}

void
run_queue_free (RunQueue *queue)
{
    if (queue == NULL)
        return;
    queue->has_ended = TRUE;
    clear_alarms (queue);
    g_clear_pointer (&queue->telling, redis_connection_free);
    g_clear_pointer (&queue->taking, redis_connection_free);
    g_clear_pointer (&queue->hearing, redis_connection_free);
    run_queue_unref (queue);
}

void
run_queue_set_claim_time (RunQueue *queue, guint milliseconds)
{
    queue->claim_time = MAX (milliseconds, 3);
}

void
run_queue_set_room (RunQueue *queue, guint n)
{
    if (queue->is_draining)
        return;
    queue->room = n;
    run_queue_go_on (queue);
}

void
run_queue_drain (RunQueue *queue, RunKeptAnswer answer, gpointer data)
{
    g_return_if_fail (!queue->is_draining);
    queue->is_draining = TRUE;
    queue->drained = answer;
    queue->drained_data = data;
    queue->room = 0;
    g_clear_pointer (&queue->taking, redis_connection_free);
    g_clear_pointer (&queue->hearing, redis_connection_free);
    run_queue_go_on (queue);
}
