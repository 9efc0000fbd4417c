/* SPDX-License-Identifier: MIT
 *
 * In place of the reader of replies, where the library is built without hiredis: it says so to who
 * wants a Redis server, so no connection is made. It reads nothing. */

#include "redis-reply.h"

#include <h3/base/error.h>

struct _RedisReader {
    gboolean has_input;
};

gboolean
redis_reader_is_there (GError **error)
{
    g_set_error_literal (error, H3_ERROR, H3_ERROR_UNSUPPORTED,
                         "h3-glib was built without Redis: configure it --with-redis");
    return FALSE;
}

RedisReader *
redis_reader_new (void)
{
    return g_new0 (RedisReader, 1);
}

void
redis_reader_free (RedisReader *reader)
{
    g_free (reader);
}

void
redis_reader_feed (RedisReader *reader, const char *data, gsize length)
{
    reader->has_input = length > 0;
}

gboolean
redis_reader_take (RedisReader *reader, RedisReply **out_reply)
{
    *out_reply = NULL;
    return !reader->has_input;
}
