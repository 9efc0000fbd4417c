/* SPDX-License-Identifier: MIT
 *
 * Runs come: new ones, those of processes that are no more; and what is wanted of those that came.
 */

#include "run-queue-private.h"

#include <h3/format/json.h>
#include <h3/loop/clock.h>
#include <h3/loop/loop.h>

#define WAIT      "10000" /* milliseconds that a command waits at the server */
#define MAX_DEPTH 8       /* of a run's text: nothing in it is deep */

/* A run that is being taken. */
typedef struct {
    RunQueue *queue; /* ref */
    char *id;        /* owned, as all texts here */
    char *entry;
    char *run;
} Taking;

static void
free_taking (Taking *taking)
{
    run_queue_unref (taking->queue);
    g_free (taking->id);
    g_free (taking->entry);
    g_free (taking->run);
    g_free (taking);
}

static gboolean
is_text (const RedisReply *reply)
{
    return reply != NULL && reply->kind == REDIS_TEXT;
}

static gboolean
is_array (const RedisReply *reply, gsize at_least)
{
    return reply != NULL && reply->kind == REDIS_ARRAY && reply->length >= at_least;
}

static gboolean
is_number (const RedisReply *reply, gint64 number)
{
    return reply->kind == REDIS_NUMBER && reply->number == number;
}

static void
tell_taken (const Taking *taking, const RedisReply *reply)
{
    RunQueue *queue = taking->queue;
    g_autoptr (json_t) run = h3_json_parse (h3_view_of (taking->run), MAX_DEPTH, NULL);
    RunTaken taken = { .run = { .id = taking->id } };
    gint64 at = 0;

    taken.run.workflow = h3_json_get_string (run, "workflow");
    taken.run.plan = h3_json_get_string (run, "plan");
    taken.run.input = h3_json_get_string (run, "input");
    (void) h3_json_get_int (run, "at", &at);
    taken.run.at = at;
    /* It was read and, as we were late, claimed as well: the first of the two has it. */
    if (g_hash_table_contains (queue->held, taking->id))
        return;
    run_queue_hold (queue, taking->id, taking->entry);
    if (queue->is_draining) {
        run_queue_release (queue, taking->id, is_number (reply->elements[1], 1));
        return;
    }
    if (taken.run.workflow == NULL || taken.run.plan == NULL) {
        g_debug ("run %s in the queue is no run", taking->id);
        run_queue_end (queue, taking->id, NULL, 0);
        return;
    }
    taken.was_begun = is_number (reply->elements[1], 1);
    taken.is_cancelled = is_number (reply->elements[2], 1);
    taken.document = reply->elements[3]->length > 0 ? reply->elements[3]->text : NULL;
    queue->room -= queue->room > 0;
    queue->listener.taken (&taken, queue->data);
}

/* It may have come again while it was asked for. */
static gboolean
is_new (const Taking *taking, const RedisReply *reply)
{
    return is_array (reply, 4) && is_text (reply->elements[3]) && is_number (reply->elements[0], 1)
           && !g_hash_table_contains (taking->queue->held, taking->id);
}

static void
on_taken (const RedisReply *reply, const GError *error, gpointer data)
{
    Taking *taking = data;
    RunQueue *queue = taking->queue;

    queue->n_reserved--;
    if (!queue->has_ended) {
        run_queue_note (queue, error);
        if (error == NULL && is_new (taking, reply))
            tell_taken (taking, reply);
        run_queue_go_on (queue);
    }
    free_taking (taking);
}

/* One that is here came once more because we were late. */
static void
take (RunQueue *queue, const char *entry, const char *id, const char *run)
{
    g_autofree char *key = NULL;
    Taking *taking;

    if (g_hash_table_contains (queue->held, id))
        return;
    key = run_queue_dup_key (queue, id);
    taking = g_new (Taking, 1);
    *taking = (Taking){ run_queue_ref (queue), g_strdup (id), g_strdup (entry), g_strdup (run) };
    queue->n_reserved++;
    redis_connection_tell (queue->telling,
                           run_words_new_script (RUN_SCRIPT_TAKE, 2, queue->stream, key,
                                                 queue->consumer, RUN_QUEUE_KEEP, RUN_QUEUE_GROUP,
                                                 entry, NULL),
                           on_taken, taking);
}

/* The text behind a name in an entry's fields. */
static const char *
find_field (const RedisReply *fields, const char *name)
{
    for (gsize i = 0; i + 1 < fields->length; i += 2) {
        if (is_text (fields->elements[i]) && is_text (fields->elements[i + 1])
            && strcmp (fields->elements[i]->text, name) == 0)
            return fields->elements[i + 1]->text;
    }
    return NULL;
}

typedef void (*EntryFunction) (RunQueue *queue, const char *entry, const RedisReply *fields);

static void
foreach_entry (RunQueue *queue, const RedisReply *entries, EntryFunction function)
{
    for (gsize i = 0; i < entries->length; i++) {
        const RedisReply *entry = entries->elements[i];

        if (is_array (entry, 2) && is_text (entry->elements[0]) && is_array (entry->elements[1], 0))
            function (queue, entry->elements[0]->text, entry->elements[1]);
    }
}

static void
on_dropped (const RedisReply *reply, const GError *error, gpointer data)
{
    run_queue_unref (data);
}

static void
take_entry (RunQueue *queue, const char *entry, const RedisReply *fields)
{
    const char *id = find_field (fields, "id"), *run = find_field (fields, "run");

    if (id != NULL && run != NULL) {
        take (queue, entry, id, run);
        return;
    }
    g_debug ("entry %s in the queue is no run", entry);
    run_queue_tell (queue, run_words_new ("XACK", queue->stream, RUN_QUEUE_GROUP, entry, NULL),
                    on_dropped);
    run_queue_tell (queue, run_words_new ("XDEL", queue->stream, entry, NULL), on_dropped);
}

/* Entries of one stream, as XREAD and XREADGROUP give them; NULL: none has come in time. */
static const RedisReply *
find_entries (const RedisReply *reply)
{
    if (!is_array (reply, 1) || !is_array (reply->elements[0], 2)
        || !is_array (reply->elements[0]->elements[1], 1))
        return NULL;
    return reply->elements[0]->elements[1];
}

static void
on_read (const RedisReply *reply, const GError *error, gpointer data)
{
    RunQueue *queue = data;
    const RedisReply *entries = find_entries (reply);

    queue->is_taking = FALSE;
    /* What comes while it drains is left for others to claim. */
    if (!queue->has_ended && !queue->is_draining) {
        run_queue_note (queue, error);
        if (entries != NULL)
            foreach_entry (queue, entries, take_entry);
        run_queue_go_on (queue);
    }
    run_queue_unref (queue);
}

/* One at a time: others want theirs, and a run of somebody who died may come meanwhile. */
void
run_queue_take (RunQueue *queue)
{
    if (queue->is_taking || queue->room <= queue->n_reserved)
        return;
    queue->is_taking = TRUE;
    redis_connection_tell (queue->taking,
                           run_words_new ("XREADGROUP", "GROUP", RUN_QUEUE_GROUP, queue->consumer,
                                          "COUNT", "1", "BLOCK", WAIT, "STREAMS", queue->stream,
                                          ">", NULL),
                           on_read, run_queue_ref (queue));
}

static void
on_claimed (const RedisReply *reply, const GError *error, gpointer data)
{
    RunQueue *queue = data;

    queue->is_claiming = FALSE;
    if (!queue->has_ended && !queue->is_draining) {
        run_queue_note (queue, error);
        if (error == NULL && is_array (reply, 2) && is_text (reply->elements[0])
            && is_array (reply->elements[1], 0)) {
            g_free (queue->cursor);
            queue->cursor = g_strdup (reply->elements[0]->text);
            foreach_entry (queue, reply->elements[1], take_entry);
            /* A part of them has been looked at. */
            if (strcmp (queue->cursor, "0-0") != 0)
                run_queue_claim (queue);
        }
    }
    run_queue_unref (queue);
}

void
run_queue_claim (RunQueue *queue)
{
    g_autofree char *idle = g_strdup_printf ("%u", queue->claim_time), *count = NULL;
    guint room = queue->room > queue->n_reserved ? queue->room - queue->n_reserved : 0;

    if (queue->is_claiming || room == 0 || clock_get_now () < queue->claims_from)
        return;
    queue->is_claiming = TRUE;
    count = g_strdup_printf ("%u", MIN (room, RUN_QUEUE_BATCH));
    run_queue_tell (queue,
                    run_words_new ("XAUTOCLAIM", queue->stream, RUN_QUEUE_GROUP, queue->consumer,
                                   idle, queue->cursor, "COUNT", count, NULL),
                    on_claimed);
}

static void
hear_entry (RunQueue *queue, const char *entry, const RedisReply *fields)
{
    const char *id = find_field (fields, "cancel");
    const RunHeld *held = id != NULL ? g_hash_table_lookup (queue->held, id) : NULL;

    g_free (queue->heard);
    queue->heard = g_strdup (entry);
    /* One that is being taken still tells of it itself. */
    if (held != NULL && held->hold == RUN_HELD && queue->listener.cancelled != NULL)
        queue->listener.cancelled (id, queue->data);
}

static void
on_heard (const RedisReply *reply, const GError *error, gpointer data)
{
    RunQueue *queue = data;
    const RedisReply *entries = find_entries (reply);

    queue->is_hearing = FALSE;
    if (!queue->has_ended && !queue->is_draining) {
        run_queue_note (queue, error);
        if (entries != NULL)
            foreach_entry (queue, entries, hear_entry);
        run_queue_go_on (queue);
    }
    run_queue_unref (queue);
}

void
run_queue_hear (RunQueue *queue)
{
    if (queue->is_hearing)
        return;
    queue->is_hearing = TRUE;
    redis_connection_tell (queue->hearing,
                           run_words_new ("XREAD", "COUNT", "8", "BLOCK", WAIT, "STREAMS",
                                          queue->own, queue->heard, NULL),
                           on_heard, run_queue_ref (queue));
}
