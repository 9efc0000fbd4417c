/* SPDX-License-Identifier: MIT */

#include "redis-calls.h"

#include <h3/loop/clock.h>
#include <h3/loop/loop.h>

typedef struct {
    RedisReplied replied;
    gpointer data;
    RedisReply *reply; /* owned; NULL: */
    GError *error;     /* owned */
} Told;

static void
deliver (gpointer data)
{
    Told *told = data;

    told->replied (told->reply, told->error, told->data);
    redis_reply_free (told->reply);
    g_clear_error (&told->error);
    g_free (told);
}

/* Takes both. */
static void
tell (const RedisAsker *asker, RedisReply *reply, GError *error)
{
    Told *told = g_new (Told, 1);

    *told = (Told){ asker->replied, asker->data, reply, error };
    loop_defer (loop_get_current (), deliver, told);
}

void
redis_asker_fail (const RedisAsker *asker, H3StoreError code, const char *message)
{
    if (asker->question != NULL)
        store_question_fail (asker->question, code, message);
    else
        tell (asker, NULL, g_error_new_literal (H3_STORE_ERROR, (int) code, message));
}

static void
init_queue (RedisCallQueue *queue)
{
    queue->first = NULL;
    queue->last = &queue->first;
}

static void
push (RedisCallQueue *queue, RedisCall *call)
{
    call->next = NULL;
    *queue->last = call;
    queue->last = &call->next;
}

static RedisCall *
pop (RedisCallQueue *queue)
{
    RedisCall *call = queue->first;

    queue->first = call->next;
    if (queue->first == NULL)
        queue->last = &queue->first;
    return call;
}

void
redis_calls_init (RedisCalls *calls, gint64 timeout)
{
    *calls = (RedisCalls){ .timeout = timeout };
    init_queue (&calls->unsent);
    init_queue (&calls->sent);
}

/* Nobody waits for it any more. */
static RedisAsker
take_asker (RedisCalls *calls, RedisCall *call)
{
    RedisAsker asker = call->asker;

    *(call->sooner != NULL ? &call->sooner->later : &calls->soonest) = call->later;
    *(call->later != NULL ? &call->later->sooner : &calls->latest) = call->sooner;
    call->sooner = call->later = NULL;
    call->asker = (RedisAsker){ 0 };
    return asker;
}

static void
fail_call (RedisCalls *calls, RedisCall *call, H3StoreError code, const char *message)
{
    RedisAsker asker = take_asker (calls, call);

    redis_asker_fail (&asker, code, message);
}

static void
free_call (RedisCalls *calls, RedisCall *call)
{
    calls->n--;
    calls->n_bytes -= call->command->bytes->len;
    redis_reply_free (call->replies[0]);
    redis_reply_free (call->replies[1]);
    redis_command_free (call->command);
    g_free (call);
}

void
redis_calls_add (RedisCalls *calls, RedisCommand *command, const RedisAsker *asker)
{
    RedisCall *call = g_new0 (RedisCall, 1);

    call->command = command;
    call->asker = *asker;
    call->deadline = clock_get_now () + calls->timeout;
    call->sooner = calls->latest;
    *(calls->latest != NULL ? &calls->latest->later : &calls->soonest) = call;
    calls->latest = call;
    push (&calls->unsent, call);
    calls->n++;
    calls->n_bytes += command->bytes->len;
}

void
redis_calls_send (RedisCalls *calls, GString *out)
{
    while (calls->unsent.first != NULL) {
        RedisCall *call = pop (&calls->unsent);

        redis_command_write (call->command, FALSE, out);
        push (&calls->sent, call);
    }
}

/* It keeps its deadline. */
static void
send_in_full (RedisCalls *calls, RedisCall *call, GString *out)
{
    g_clear_pointer (&call->replies[0], redis_reply_free);
    call->n_replies = 0;
    redis_command_write (call->command, TRUE, out);
    push (&calls->sent, call);
}

/* FALSE: the server has not the script. */
static gboolean
answer_question (RedisCalls *calls, RedisCall *call)
{
    H3StoreAnswer answer;
    GBytes *value;
    GError *error;

    if (!redis_command_read (call->command, call->replies, &answer, &value, &error))
        return FALSE;
    store_question_answer (take_asker (calls, call).question, &answer, error, value);
    return TRUE;
}

static void
hand_on (RedisCalls *calls, RedisCall *call)
{
    RedisReply *reply = g_steal_pointer (&call->replies[0]);
    RedisAsker asker = take_asker (calls, call);

    tell (&asker, reply, reply->kind == REDIS_ERROR ? redis_error_read (reply) : NULL);
}

gboolean
redis_calls_take_reply (RedisCalls *calls, RedisReply *reply, GString *out)
{
    RedisCall *call = calls->sent.first;

    if (call == NULL) {
        redis_reply_free (reply);
        return FALSE;
    }
    call->replies[call->n_replies++] = reply;
    if (call->n_replies < call->command->n_replies)
        return TRUE;
    (void) pop (&calls->sent);
    if (call->asker.replied != NULL) {
        hand_on (calls, call);
    } else if (call->asker.question != NULL && !answer_question (calls, call)) {
        send_in_full (calls, call, out);
        return TRUE;
    }
    free_call (calls, call);
    return TRUE;
}

/* One that was not sent yet never will be. */
static void
drop_unsent (RedisCalls *calls)
{
    while (calls->unsent.first != NULL && !redis_asker_is_there (&calls->unsent.first->asker))
        free_call (calls, pop (&calls->unsent));
}

void
redis_calls_expire (RedisCalls *calls, gint64 now)
{
    while (calls->soonest != NULL && calls->soonest->deadline <= now)
        fail_call (calls, calls->soonest, H3_STORE_ERROR_TIMEOUT,
                   "the Redis server has not answered in time");
    drop_unsent (calls);
}

gint64
redis_calls_get_due (const RedisCalls *calls)
{
    gint64 due = calls->soonest != NULL ? calls->soonest->deadline : G_MAXINT64;

    if (calls->sent.first != NULL)
        due = MIN (due, calls->sent.first->deadline + calls->timeout);
    return due;
}

gboolean
redis_calls_are_stuck (const RedisCalls *calls, gint64 now)
{
    return calls->sent.first != NULL && calls->sent.first->deadline + calls->timeout <= now;
}

static void
fail_queue (RedisCalls *calls, RedisCallQueue *queue, const GError *error)
{
    while (queue->first != NULL) {
        RedisCall *call = pop (queue);

        if (redis_asker_is_there (&call->asker))
            fail_call (calls, call, (H3StoreError) error->code, error->message);
        free_call (calls, call);
    }
}

void
redis_calls_fail (RedisCalls *calls, gboolean only_sent, const GError *error)
{
    fail_queue (calls, &calls->sent, error);
    if (!only_sent)
        fail_queue (calls, &calls->unsent, error);
}
