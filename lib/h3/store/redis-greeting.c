/* SPDX-License-Identifier: MIT */

#include "redis-greeting.h"

#include "redis-command.h"

#define N_SCRIPTS (N_REDIS_SCRIPTS - 1)

guint
redis_greeting_write (const StoreUrl *url, GString *out)
{
    H3View auth[3] = { H3_VIEW ("AUTH") }, select[2] = { H3_VIEW ("SELECT") };
    guint n_words = 1, n_commands = 0;
    char database[16];

    if (url->user != NULL)
        auth[n_words++] = h3_view_of (url->user);
    if (url->password != NULL) {
        auth[n_words++] = h3_view_of (url->password);
        redis_write_words (out, n_words, auth);
        n_commands++;
    }
    g_snprintf (database, sizeof database, "%u", url->database);
    select[1] = h3_view_of (database);
    redis_write_words (out, 2, select);
    n_commands++;
    for (RedisScript i = REDIS_NO_SCRIPT + 1; i < N_REDIS_SCRIPTS; i++)
        redis_write_script_load (out, i);
    return n_commands + N_SCRIPTS;
}

/* A server that keeps scripts from being loaded may yet run those that come in full. */
static gboolean
is_bearable (const RedisReply *reply, guint n_left)
{
    return n_left < N_SCRIPTS
           && (g_str_has_prefix (reply->text, "NOPERM")
               || g_str_has_prefix (reply->text, "ERR unknown"));
}

GError *
redis_greeting_judge (const RedisReply *reply, guint n_left)
{
    if (reply->kind == REDIS_ERROR)
        return is_bearable (reply, n_left) ? NULL : redis_error_read (reply);
    if (reply->kind == (n_left < N_SCRIPTS ? REDIS_TEXT : REDIS_STATUS))
        return NULL;
    return g_error_new_literal (H3_STORE_ERROR, H3_STORE_ERROR_PROTOCOL,
                                "the server says what no Redis server does");
}
