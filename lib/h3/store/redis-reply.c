/* SPDX-License-Identifier: MIT */

#include "redis-reply.h"

void
redis_reply_free (RedisReply *reply)
{
    if (reply == NULL)
        return;
    /* As deep as the reader goes, which is seven. */
    for (gsize i = 0; reply->kind == REDIS_ARRAY && i < reply->length; i++)
        redis_reply_free (reply->elements[i]);
    g_free (reply->text);
    g_free (reply);
}
