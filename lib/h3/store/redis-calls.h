/* SPDX-License-Identifier: MIT
 *
 * The questions that wait for a Redis server on one connection: not sent yet, or sent and in the
 * order their replies will come in. Each is answered in time; one whose reply comes too late stays
 * in the order until that has come, and is thrown away. Embedded in the connection; the loop's
 * thread only. */

#pragma once

#include <h3/store/redis-command.h>

G_BEGIN_DECLS

/* What a server says to words that no store asks for: `reply` is borrowed; `error` is set where it
 * is NULL, or the server's error. At the end of a turn of the loop, never inline. */
typedef void (*RedisReplied) (const RedisReply *reply, const GError *error, gpointer data);

/* Who waits: for a store's answer, or for the reply itself. */
typedef struct {
    StoreQuestion *question; /* owned; NULL: */
    RedisReplied replied;    /* NULL: nobody */
    gpointer data;
} RedisAsker;

static inline gboolean
redis_asker_is_there (const RedisAsker *asker)
{
    return asker->question != NULL || asker->replied != NULL;
}

void redis_asker_fail (const RedisAsker *asker, H3StoreError code, const char *message);

typedef struct _RedisCall RedisCall;
struct _RedisCall {
    RedisCall *next;           /* owned: its queue */
    RedisCall *sooner, *later; /* borrowed: those who wait, by their deadlines */
    RedisCommand *command;     /* owned */
    RedisAsker asker;          /* nobody: answered */
    gint64 deadline;           /* clock_get_now () milliseconds */
    RedisReply *replies[2];    /* owned */
    guint n_replies;
};

typedef struct {
    RedisCall *first, **last;
} RedisCallQueue;

typedef struct {
    RedisCallQueue unsent, sent;
    RedisCall *soonest, *latest; /* borrowed: who waits */
    guint n;                     /* in both queues, those too that nobody waits for */
    gsize n_bytes;               /* of their commands */
    gint64 timeout;              /* milliseconds */
} RedisCalls;

void redis_calls_init (RedisCalls *calls, gint64 timeout);

/* Takes both (transfer full): to wait for being sent. */
void redis_calls_add (RedisCalls *calls, RedisCommand *command, const RedisAsker *asker);

/* Appends what is not sent yet to `out`, and has it wait for its replies. */
void redis_calls_send (RedisCalls *calls, GString *out);

/* Takes the next reply (transfer full). FALSE: nobody waits for one. A script that the server has
 * not is to be sent once more, in full: its command is appended to `out`. */
gboolean redis_calls_take_reply (RedisCalls *calls, RedisReply *reply, GString *out);

/* Answers those whose time is up. */
void redis_calls_expire (RedisCalls *calls, gint64 now);

/* When something is to be done next: somebody's time is up, or the server has been silent for so
 * long that it must be taken for gone. G_MAXINT64: never. */
gint64 redis_calls_get_due (const RedisCalls *calls);
/* Whether it has been: a reply is due for twice the time that a question has. */
gboolean redis_calls_are_stuck (const RedisCalls *calls, gint64 now);

/* Answers all with this error; none is left. `only_sent`: but those not sent yet. */
void redis_calls_fail (RedisCalls *calls, gboolean only_sent, const GError *error);

G_END_DECLS
