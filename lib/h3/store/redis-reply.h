/* SPDX-License-Identifier: MIT
 *
 * What a Redis server says, as a small tree, and the reader that makes it of bytes as they come.
 * Bounded: a reply that is larger than any this library asks for is a fault of the server. Owned by
 * whoever read it; one thread at a time. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The longest text, and the most elements of an array. */
#define REDIS_MAX_TEXT     (16 * 1024 * 1024)
#define REDIS_MAX_ELEMENTS 8

typedef enum {
    REDIS_TEXT,
    REDIS_STATUS, /* a text too */
    REDIS_ERROR,  /* a text too */
    REDIS_NUMBER,
    REDIS_NOTHING,
    REDIS_ARRAY,
} RedisReplyKind;

typedef struct _RedisReply RedisReply;
struct _RedisReply {
    RedisReplyKind kind;
    gint64 number;
    gsize length;                             /* of the text, or elements */
    char *text;                               /* owned: ends with a NUL too */
    RedisReply *elements[REDIS_MAX_ELEMENTS]; /* owned; only of an array */
};

/* NULL is allowed. */
void redis_reply_free (RedisReply *reply);

typedef struct _RedisReader RedisReader;

/* FALSE with H3_ERROR_UNSUPPORTED: the library was built without it. To be asked before anything
 * that will want one. */
gboolean redis_reader_is_there (GError **error);

RedisReader *redis_reader_new (void);
void redis_reader_free (RedisReader *reader);

void redis_reader_feed (RedisReader *reader, const char *data, gsize length);
/* FALSE: what came is no reply, and the reader is done for. Else `*out_reply` is the next (transfer
 * full), NULL where it is not there yet. */
gboolean redis_reader_take (RedisReader *reader, RedisReply **out_reply);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RedisReply, redis_reply_free)

G_END_DECLS
