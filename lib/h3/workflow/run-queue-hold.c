/* SPDX-License-Identifier: MIT
 *
 * Runs that are here: what is known of each is published, and each is held, until it has ended. */

#include "run-queue-private.h"

#include <h3/loop/clock.h>
#include <h3/loop/loop.h>

#define PUBLISH_PAUSE 100 /* milliseconds: what changes meanwhile is published once */

typedef struct {
    RunQueue *queue; /* ref */
    RunHeld *held;   /* borrowed: the queue's; it stays while something is under way */
    RunHold hold;    /* as it was then */
    char *document;  /* owned: to be sent once more, where this fails and no newer one came */
} Sent;

void
run_held_free (gpointer data)
{
    RunHeld *held = data;

    g_free (held->id);
    g_free (held->entry);
    g_free (held->document);
    g_free (held);
}

void
run_queue_hold (RunQueue *queue, const char *id, const char *entry)
{
    RunHeld *held = g_new0 (RunHeld, 1);

    held->id = g_strdup (id);
    held->entry = g_strdup (entry);
    g_hash_table_insert (queue->held, held->id, held);
}

/* Nobody finds it any more; it ends when nothing of it is under way. */
static void
let_go (RunQueue *queue, RunHeld *held)
{
    if (held->hold != RUN_GONE)
        g_hash_table_steal (queue->held, held->id);
    held->hold = RUN_GONE;
    if (!held->is_under_way)
        run_held_free (held);
}

void
run_queue_lose (RunQueue *queue, const char *id)
{
    RunHeld *held = g_hash_table_lookup (queue->held, id);
    g_autofree char *kept = g_strdup (id);
    gboolean is_news;

    if (held == NULL)
        return;
    is_news = held->hold == RUN_HELD;
    let_go (queue, held);
    if (is_news && queue->listener.lost != NULL)
        queue->listener.lost (kept, queue->data);
}

/* A document that was not taken is to be sent again, unless there is a newer one. */
static void
keep_document (RunHeld *held, Sent *sent)
{
    if (held->document == NULL)
        held->document = g_steal_pointer (&sent->document);
}

static void
take_reply (Sent *sent, const RedisReply *reply, const GError *error)
{
    RunQueue *queue = sent->queue;
    RunHeld *held = sent->held;

    held->is_under_way = FALSE;
    if (held->hold == RUN_GONE)
        run_held_free (held);
    else if (error != NULL)
        keep_document (held, sent);
    else if (sent->hold != RUN_HELD)
        let_go (queue, held);
    else if (reply->kind == REDIS_NUMBER && reply->number == 0)
        run_queue_lose (queue, held->id);
}

static void
on_sent (const RedisReply *reply, const GError *error, gpointer data)
{
    Sent *sent = data;
    RunQueue *queue = sent->queue;

    take_reply (sent, reply, error);
    if (!queue->has_ended) {
        run_queue_note (queue, error);
        if (error == NULL)
            run_queue_go_on (queue);
    }
    g_free (sent->document);
    g_free (sent);
    run_queue_unref (queue);
}

static GString *
make_words (const RunQueue *queue, const RunHeld *held)
{
    g_autofree char *key = run_queue_dup_key (queue, held->id);
    g_autofree char *idle = NULL;

    if (held->hold == RUN_HELD)
        return run_words_new_script (RUN_SCRIPT_PUBLISH, 1, key, queue->consumer, RUN_QUEUE_KEEP,
                                     held->document, NULL);
    if (held->hold == RUN_ENDING)
        return run_words_new_script (RUN_SCRIPT_END, 2, queue->stream, key, queue->consumer,
                                     RUN_QUEUE_KEEP, RUN_QUEUE_GROUP, held->entry,
                                     held->document != NULL ? held->document : "", NULL);
    idle = g_strdup_printf ("%u", queue->claim_time);
    return run_words_new_script (RUN_SCRIPT_RELEASE, 2, queue->stream, key, queue->consumer,
                                 RUN_QUEUE_GROUP, held->entry, idle, held->was_begun ? "1" : "",
                                 held->document != NULL ? held->document : "", NULL);
}

static gboolean
is_to_be_sent (const RunHeld *held)
{
    return held->hold != RUN_HELD || held->document != NULL;
}

static void
send (RunQueue *queue, RunHeld *held)
{
    Sent *sent;

    if (held->is_under_way || !is_to_be_sent (held) || queue->retry.place != 0)
        return;
    held->is_under_way = TRUE;
    sent = g_new0 (Sent, 1);
    sent->queue = run_queue_ref (queue);
    sent->held = held;
    sent->hold = held->hold;
    redis_connection_tell (queue->telling, make_words (queue, held), on_sent, sent);
    sent->document = g_steal_pointer (&held->document);
}

void
run_queue_flush (RunQueue *queue)
{
    GHashTableIter iter;
    gpointer held;

    g_hash_table_iter_init (&iter, queue->held);
    while (g_hash_table_iter_next (&iter, NULL, &held))
        send (queue, held);
}

gboolean
run_queue_is_flushed (const RunQueue *queue)
{
    GHashTableIter iter;
    gpointer value;

    if (queue->n_reserved > 0)
        return FALSE;
    g_hash_table_iter_init (&iter, queue->held);
    while (g_hash_table_iter_next (&iter, NULL, &value)) {
        const RunHeld *held = value;

        if (held->is_under_way || is_to_be_sent (held))
            return FALSE;
    }
    return TRUE;
}

static void
on_renewed (const RedisReply *reply, const GError *error, gpointer data)
{
    RunQueue *queue = data;

    if (!queue->has_ended) {
        run_queue_note (queue, error);
        for (gsize i = 0; error == NULL && reply->kind == REDIS_ARRAY && i < reply->length; i++) {
            if (reply->elements[i]->kind == REDIS_TEXT)
                run_queue_lose (queue, reply->elements[i]->text);
        }
    }
    run_queue_unref (queue);
}

static void
send_renewal (RunQueue *queue, GPtrArray *words)
{
    run_queue_tell (queue,
                    run_words_new_script_of (RUN_SCRIPT_RENEW, 1, words->len,
                                             (const char *const *) words->pdata),
                    on_renewed);
    g_ptr_array_set_size (words, 5);
}

/* A few a command: each of them may be answered. */
void
run_queue_renew (RunQueue *queue)
{
    g_autoptr (GPtrArray) words = g_ptr_array_new ();
    GHashTableIter iter;
    gpointer value;

    g_ptr_array_add (words, queue->stream);
    g_ptr_array_add (words, queue->runs);
    g_ptr_array_add (words, queue->consumer);
    g_ptr_array_add (words, (char *) RUN_QUEUE_KEEP);
    g_ptr_array_add (words, (char *) RUN_QUEUE_GROUP);
    g_hash_table_iter_init (&iter, queue->held);
    while (g_hash_table_iter_next (&iter, NULL, &value)) {
        RunHeld *held = value;

        /* Behind the release it would be ours again, and nobody here would run it. */
        if (held->hold == RUN_RELEASING)
            continue;
        g_ptr_array_add (words, held->entry);
        g_ptr_array_add (words, held->id);
        if (words->len == 5 + 2 * RUN_QUEUE_BATCH)
            send_renewal (queue, words);
    }
    if (words->len > 5)
        send_renewal (queue, words);
}

/* One that may be told of; NULL: it is not here, or not any more. */
static RunHeld *
find_held (RunQueue *queue, const char *id)
{
    RunHeld *held = g_hash_table_lookup (queue->held, id);

    return held != NULL && held->hold == RUN_HELD ? held : NULL;
}

static void
set_document (RunHeld *held, const char *json, gsize length)
{
    g_free (held->document);
    held->document = g_strndup (json, length);
}

gboolean
run_queue_publish (RunQueue *queue, const char *id, const char *json, gsize length)
{
    RunHeld *held = find_held (queue, id);

    if (length > RUN_QUEUE_DOCUMENT_MAX)
        return FALSE;
    if (held == NULL)
        return TRUE;
    set_document (held, json, length);
    if (queue->publish.place == 0)
        alarms_set (loop_get_alarms (queue->loop), &queue->publish,
                    clock_get_now () + PUBLISH_PAUSE);
    return TRUE;
}

void
run_queue_end (RunQueue *queue, const char *id, const char *json, gsize length)
{
    RunHeld *held = find_held (queue, id);

    if (held == NULL)
        return;
    if (json != NULL && length <= RUN_QUEUE_DOCUMENT_MAX)
        set_document (held, json, length);
    held->hold = RUN_ENDING;
    send (queue, held);
}

void
run_queue_release (RunQueue *queue, const char *id, gboolean was_begun)
{
    RunHeld *held = find_held (queue, id);

    if (held == NULL)
        return;
    held->was_begun = was_begun;
    held->hold = RUN_RELEASING;
    send (queue, held);
}
