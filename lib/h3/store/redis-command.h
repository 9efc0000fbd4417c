/* SPDX-License-Identifier: MIT
 *
 * What a store is asked, in the words of a Redis server, and its answer back. Nothing here knows of
 * connections. Owned by whoever made it; one thread at a time.
 *
 * Bytes are strings, a counter is a hash with the field "n", a bucket one with "l", "p" and "s". */

#pragma once

#include <h3/store/redis-reply.h>
#include <h3/store/store-inside.h>

G_BEGIN_DECLS

/* What takes more than one look at a key is done by a script, which nothing comes between. */
typedef enum {
    REDIS_NO_SCRIPT,
    REDIS_COMPARE,
    REDIS_ADD,
    REDIS_FILL,
    N_REDIS_SCRIPTS,
} RedisScript;

typedef struct {
    StoreAct act;
    RedisScript script;
    guint n_arguments; /* of a script */
    guint n_replies;   /* 1 or 2 */
    gint64 ttl;
    GString *bytes; /* owned: the command; of one with a script, what stands behind its name */
} RedisCommand;

RedisCommand *redis_command_new (const StoreOrder *order, const char *prefix);
/* Any other command, of one reply: takes `words` (transfer full). */
RedisCommand *redis_command_new_of_words (GString *words);
/* NULL is allowed. */
void redis_command_free (RedisCommand *command);

/* Appends the command as it goes out. `in_full`: with the script itself, for a server that does not
 * have it. */
void redis_command_write (const RedisCommand *command, gboolean in_full, GString *out);

/* Appends the command of so many words. */
void redis_write_words (GString *out, guint n, const H3View *words);
/* Appends what gives a server a script, whose name it answers. */
void redis_write_script_load (GString *out, RedisScript script);

/* What a server's replies, as many as were to come, mean. FALSE: it has not the script.
 * `*out_value` and `*out_error` are (transfer full) (nullable). */
gboolean redis_command_read (const RedisCommand *command, RedisReply *const *replies,
                             H3StoreAnswer *out_answer, GBytes **out_value, GError **out_error);

/* (transfer full): what an error of a server means, in its words. */
GError *redis_error_read (const RedisReply *reply);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RedisCommand, redis_command_free)

G_END_DECLS
