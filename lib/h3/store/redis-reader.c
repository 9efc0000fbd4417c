/* SPDX-License-Identifier: MIT
 *
 * The reader of replies, which is hiredis's. */

#include "redis-reply.h"

#include <hiredis/read.h>

#include <string.h>

/* Bytes that may be waiting for the rest of a reply. */
#define MAX_UNREAD (REDIS_MAX_TEXT + 64 * 1024)

struct _RedisReader {
    redisReader *reader; /* owned */
    gboolean has_failed;
};

static void
free_reply (void *data)
{
    redis_reply_free (data);
}

/* The reader keeps the first itself, and frees it; the others hang on the one they stand in. */
static RedisReply *
add_reply (const redisReadTask *task, RedisReplyKind kind)
{
    RedisReply *reply = g_new0 (RedisReply, 1);

    reply->kind = kind;
    if (task->parent != NULL)
        ((RedisReply *) task->parent->obj)->elements[task->idx] = reply;
    return reply;
}

/* NULL is taken for want of memory: the reader fails. */
static void *
create_text (const redisReadTask *task, char *text, size_t length)
{
    RedisReply *reply;

    if (length > REDIS_MAX_TEXT)
        return NULL;
    reply = add_reply (task, task->type == REDIS_REPLY_STATUS  ? REDIS_STATUS
                             : task->type == REDIS_REPLY_ERROR ? REDIS_ERROR
                                                               : REDIS_TEXT);
    reply->text = g_malloc (length + 1);
    reply->length = length;
    if (length > 0)
        memcpy (reply->text, text, length);
    reply->text[length] = '\0';
    return reply;
}

static void *
create_array (const redisReadTask *task, int n)
{
    RedisReply *reply;

    if (n < 0 || n > REDIS_MAX_ELEMENTS)
        return NULL;
    reply = add_reply (task, REDIS_ARRAY);
    reply->length = (gsize) n;
    return reply;
}

static void *
create_number (const redisReadTask *task, long long number)
{
    RedisReply *reply = add_reply (task, REDIS_NUMBER);

    reply->number = number;
    return reply;
}

static void *
create_nothing (const redisReadTask *task)
{
    return add_reply (task, REDIS_NOTHING);
}

gboolean
redis_reader_is_there (GError **error)
{
    return TRUE;
}

RedisReader *
redis_reader_new (void)
{
    static redisReplyObjectFunctions functions = { create_text, create_array, create_number,
                                                   create_nothing, free_reply };
    RedisReader *reader = g_new0 (RedisReader, 1);

    reader->reader = redisReaderCreateWithFunctions (&functions);
    if (reader->reader == NULL)
        g_error ("no memory for the reader of a Redis server's replies");
    return reader;
}

void
redis_reader_free (RedisReader *reader)
{
    if (reader == NULL)
        return;
    redisReaderFree (reader->reader);
    g_free (reader);
}

void
redis_reader_feed (RedisReader *reader, const char *data, gsize length)
{
    if (redisReaderFeed (reader->reader, data, length) != REDIS_OK)
        reader->has_failed = TRUE;
}

gboolean
redis_reader_take (RedisReader *reader, RedisReply **out_reply)
{
    void *reply = NULL;

    *out_reply = NULL;
    if (reader->has_failed || redisReaderGetReply (reader->reader, &reply) != REDIS_OK
        || (reply == NULL && reader->reader->len - reader->reader->pos > MAX_UNREAD)) {
        reader->has_failed = TRUE;
        return FALSE;
    }
    *out_reply = reply;
    return TRUE;
}
