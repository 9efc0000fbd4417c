/* SPDX-License-Identifier: MIT
 *
 * What any loop asks of a queue: the words are made there, go to the queue's loop, and what comes
 * of them goes back. */

#include "run-json.h"
#include "run-queue-private.h"

#include <h3/base/error.h>
#include <h3/loop/loop.h>

typedef enum { ASK_ADD, ASK_RUN, ASK_CANCEL } AskKind;

typedef struct {
    RunQueue *queue; /* ref */
    AskKind kind;
    GString *words; /* owned; NULL: sent */
    Loop *loop;     /* ref: the asker's */
    void (*answer) (void);
    gpointer data;
    GDestroyNotify dropped;
    GError *error;  /* owned */
    char *document; /* owned */
    gsize length;
    gboolean has_ended;
} Ask;

static void
free_ask (Ask *ask)
{
    if (ask->words != NULL)
        g_string_free (ask->words, TRUE);
    run_queue_unref (ask->queue);
    loop_unref (ask->loop);
    g_clear_error (&ask->error);
    g_free (ask->document);
    g_free (ask);
}

static void
drop (gpointer data)
{
    Ask *ask = data;

    if (ask->dropped != NULL)
        ask->dropped (ask->data);
    free_ask (ask);
}

static void
deliver (gpointer data)
{
    Ask *ask = data;
    RunDocument document = { ask->document, ask->length, ask->has_ended };

    if (ask->kind == ASK_RUN)
        ((RunAnswer) ask->answer) (ask->document != NULL ? &document : NULL, ask->error, ask->data);
    else
        ((RunKeptAnswer) ask->answer) (ask->error, ask->data);
    free_ask (ask);
}

static void
read_document (Ask *ask, RedisReply *reply)
{
    RedisReply *text;

    if (reply->kind != REDIS_ARRAY || reply->length != 2)
        return;
    text = reply->elements[0];
    if (text->kind != REDIS_TEXT)
        return;
    ask->length = text->length;
    ask->document = g_memdup2 (text->text, text->length + 1);
    ask->has_ended = reply->elements[1]->kind == REDIS_TEXT;
}

static void
read_reply (Ask *ask, const RedisReply *reply)
{
    gint64 number = reply->kind == REDIS_NUMBER ? reply->number : -1;

    if (ask->kind == ASK_RUN)
        read_document (ask, (RedisReply *) reply);
    else if (ask->kind == ASK_ADD && number == 0)
        g_set_error (&ask->error, H3_ERROR, H3_ERROR_LIMIT,
                     "%u runs wait or are under way: wait until some have ended", RUN_QUEUE_MAX);
    else if (ask->kind == ASK_CANCEL && number == 0)
        g_set_error_literal (&ask->error, H3_ERROR, H3_ERROR_NOT_FOUND, "there is no such run");
    else if (ask->kind == ASK_CANCEL && number == 2)
        g_set_error_literal (&ask->error, H3_ERROR, H3_ERROR_CLOSED, "the run has ended");
}

static void
on_replied (const RedisReply *reply, const GError *error, gpointer data)
{
    Ask *ask = data;

    if (!ask->queue->has_ended)
        run_queue_note (ask->queue, error);
    if (error != NULL)
        g_set_error (&ask->error, H3_ERROR,
                     ask->queue->has_ended ? H3_ERROR_CLOSED : H3_ERROR_FAILED,
                     "the queue of runs: %s", error->message);
    else
        read_reply (ask, reply);
    loop_post (ask->loop, deliver, ask, drop);
}

static void
send (gpointer data)
{
    Ask *ask = data;

    if (!ask->queue->has_ended) {
        redis_connection_tell (ask->queue->telling, g_steal_pointer (&ask->words), on_replied, ask);
        return;
    }
    g_set_error_literal (&ask->error, H3_ERROR, H3_ERROR_CLOSED, "the queue of runs has ended");
    loop_post (ask->loop, deliver, ask, drop);
}

static void
ask_queue (RunQueue *queue, AskKind kind, GString *words, void (*answer) (void), gpointer data,
           GDestroyNotify dropped)
{
    Ask *ask = g_new0 (Ask, 1);

    ask->queue = run_queue_ref (queue);
    ask->kind = kind;
    ask->words = words;
    ask->loop = loop_ref (loop_get_current ());
    ask->answer = answer;
    ask->data = data;
    ask->dropped = dropped;
    loop_post (queue->loop, send, ask, drop);
}

void
run_queue_add (RunQueue *queue, const RunRecord *run, const char *document, RunKeptAnswer answer,
               gpointer data, GDestroyNotify dropped)
{
    g_autofree char *key = run_queue_dup_key (queue, run->id);
    g_autoptr (GString) text = g_string_new ("{");
    GString *words;

    run_json_add_text (text, "workflow", run->workflow);
    run_json_add_text (text, "plan", run->plan);
    run_json_add_text (text, "input", run->input);
    run_json_add_number (text, "at", run->at);
    g_string_append_c (text, '}');
    words = run_words_new_script (RUN_SCRIPT_ADD, 2, queue->stream, key, run->id, text->str,
                                  document, RUN_QUEUE_KEEP, G_STRINGIFY (RUN_QUEUE_MAX), NULL);
    ask_queue (queue, ASK_ADD, words, (void (*) (void)) answer, data, dropped);
}

void
run_queue_ask (RunQueue *queue, const char *id, RunAnswer answer, gpointer data,
               GDestroyNotify dropped)
{
    g_autofree char *key = run_queue_dup_key (queue, id);

    ask_queue (queue, ASK_RUN, run_words_new ("HMGET", key, "doc", "ended", NULL),
               (void (*) (void)) answer, data, dropped);
}

void
run_queue_cancel (RunQueue *queue, const char *id, RunKeptAnswer answer, gpointer data,
                  GDestroyNotify dropped)
{
    g_autofree char *key = run_queue_dup_key (queue, id);
    GString *words =
        run_words_new_script (RUN_SCRIPT_CANCEL, 1, key, id, queue->to, "3600000", NULL);

    ask_queue (queue, ASK_CANCEL, words, (void (*) (void)) answer, data, dropped);
}
