/* SPDX-License-Identifier: MIT */

#include "redis-command.h"

#include "redis-script.h"

/* As much of a server's words as an error repeats. */
#define MAX_MESSAGE 200

static void
write_head (GString *out, guint n)
{
    g_string_append_printf (out, "*%u\r\n", n);
}

static void
write_word (GString *out, H3View word)
{
    g_string_append_printf (out, "$%" G_GSIZE_FORMAT "\r\n", word.length);
    if (word.length > 0)
        g_string_append_len (out, word.data, (gssize) word.length);
    g_string_append_len (out, "\r\n", 2);
}

static void
write_number (GString *out, gint64 number)
{
    char text[24];

    g_snprintf (text, sizeof text, "%" G_GINT64_FORMAT, number);
    write_word (out, h3_view_of (text));
}

static void
write_bytes (GString *out, GBytes *bytes)
{
    gsize length = 0;
    const char *data = bytes != NULL ? g_bytes_get_data (bytes, &length) : NULL;

    write_word (out, h3_view (data, length));
}

/* Whether there are any, then which. */
static void
write_optional (GString *out, GBytes *bytes)
{
    write_word (out, bytes != NULL ? H3_VIEW ("1") : H3_VIEW ("0"));
    write_bytes (out, bytes);
}

void
redis_write_words (GString *out, guint n, const H3View *words)
{
    write_head (out, n);
    for (guint i = 0; i < n; i++)
        write_word (out, words[i]);
}

static void
write_key (GString *out, const char *prefix, H3View key)
{
    gsize length = strlen (prefix);

    g_string_append_printf (out, "$%" G_GSIZE_FORMAT "\r\n", length + key.length);
    g_string_append_len (out, prefix, (gssize) length);
    g_string_append_len (out, key.data, (gssize) key.length);
    g_string_append_len (out, "\r\n", 2);
}

/* The verb, and the key. */
static void
begin_plain (GString *out, guint n, H3View verb, const StoreOrder *order, const char *prefix)
{
    write_head (out, n);
    write_word (out, verb);
    write_key (out, prefix, order->key);
}

static void
begin_script (RedisCommand *command, RedisScript script, guint n_arguments, const StoreOrder *order,
              const char *prefix)
{
    command->script = script;
    command->n_arguments = n_arguments;
    write_word (command->bytes, H3_VIEW ("1"));
    write_key (command->bytes, prefix, order->key);
}

static void
write_scripted (RedisCommand *command, const StoreOrder *order, const char *prefix)
{
    GString *out = command->bytes;

    if (order->act == STORE_COMPARE) {
        begin_script (command, REDIS_COMPARE, 5, order, prefix);
        write_optional (out, order->expected);
        write_optional (out, order->value);
        write_number (out, order->ttl);
        return;
    }
    begin_script (command, order->act == STORE_ADD ? REDIS_ADD : REDIS_FILL, 3, order, prefix);
    write_number (out, order->amount);
    write_number (out, order->bound);
    write_number (out, order->ttl);
}

static void
write_plain (RedisCommand *command, const StoreOrder *order, const char *prefix)
{
    GString *out = command->bytes;

    switch (order->act) {
    case STORE_GET:
        command->n_replies = 2;
        begin_plain (out, 2, H3_VIEW ("GET"), order, prefix);
        begin_plain (out, 2, H3_VIEW ("PTTL"), order, prefix);
        break;
    case STORE_PUT:
        begin_plain (out, 5, H3_VIEW ("SET"), order, prefix);
        write_bytes (out, order->value);
        write_word (out, H3_VIEW ("PX"));
        write_number (out, order->ttl);
        break;
    case STORE_REMOVE:
        begin_plain (out, 2, H3_VIEW ("DEL"), order, prefix);
        break;
    case STORE_TOUCH:
        begin_plain (out, 3, H3_VIEW ("PEXPIRE"), order, prefix);
        write_number (out, order->ttl);
        break;
    default:
        redis_write_words (out, 1, &H3_VIEW ("DBSIZE"));
        break;
    }
}

RedisCommand *
redis_command_new (const StoreOrder *order, const char *prefix)
{
    RedisCommand *command = g_new0 (RedisCommand, 1);

    command->act = order->act;
    command->ttl = order->ttl;
    command->n_replies = 1;
    command->bytes = g_string_new (NULL);
    if (order->act == STORE_COMPARE || order->act == STORE_ADD || order->act == STORE_FILL)
        write_scripted (command, order, prefix);
    else
        write_plain (command, order, prefix);
    return command;
}

RedisCommand *
redis_command_new_of_words (GString *words)
{
    RedisCommand *command = g_new0 (RedisCommand, 1);

    command->n_replies = 1;
    command->bytes = words;
    return command;
}

void
redis_command_free (RedisCommand *command)
{
    if (command == NULL)
        return;
    g_string_free (command->bytes, TRUE);
    g_free (command);
}

void
redis_command_write (const RedisCommand *command, gboolean in_full, GString *out)
{
    if (command->script != REDIS_NO_SCRIPT) {
        write_head (out, command->n_arguments + 4);
        write_word (out, in_full ? H3_VIEW ("EVAL") : H3_VIEW ("EVALSHA"));
        write_word (out, in_full ? redis_script_get_text (command->script)
                                 : redis_script_get_name (command->script));
    }
    g_string_append_len (out, command->bytes->str, (gssize) command->bytes->len);
}

void
redis_write_script_load (GString *out, RedisScript script)
{
    H3View words[] = { H3_VIEW ("SCRIPT"), H3_VIEW ("LOAD"), redis_script_get_text (script) };

    redis_write_words (out, G_N_ELEMENTS (words), words);
}

/* A server's errors begin with a word; where a script met one, older servers have it in midst. */
static const struct {
    const char *word;
    H3StoreError code;
    const char *meaning;
} errors[] = {
    { "WRONGTYPE", H3_STORE_ERROR_KIND, "what this key has in the store is of another kind" },
    { "LOADING", H3_STORE_ERROR_BUSY, "the Redis server is still loading its data" },
    { "BUSY", H3_STORE_ERROR_BUSY, "the Redis server is busy with a script" },
    { "OOM", H3_STORE_ERROR_FULL, "the Redis server's memory is used up" },
    { "READONLY", H3_STORE_ERROR_REFUSED,
      "the Redis server is a replica, which is not written to" },
    { "MOVED", H3_STORE_ERROR_REFUSED,
      "the Redis server is part of a cluster, which a store cannot use" },
    { "ASK", H3_STORE_ERROR_REFUSED,
      "the Redis server is part of a cluster, which a store cannot use" },
    { "CLUSTERDOWN", H3_STORE_ERROR_REFUSED,
      "the Redis server is part of a cluster, which a store cannot use" },
    { "NOAUTH", H3_STORE_ERROR_REFUSED, "the Redis server wants a password" },
    { "WRONGPASS", H3_STORE_ERROR_REFUSED,
      "the Redis server does not know this user and password" },
    { "NOPERM", H3_STORE_ERROR_REFUSED,
      "the Redis server does not let this user do what stores do" },
};

static gboolean
is_error (const RedisReply *reply, const char *word)
{
    gsize length = strlen (word);

    return strncmp (reply->text, word, length) == 0 && !g_ascii_isalnum (reply->text[length]);
}

/* Within "ERR Error running script (…): @user_script:1: -OOM command not allowed …". */
static gboolean
has_error (const RedisReply *reply, const char *word)
{
    g_autofree char *inner = g_strconcat (" -", word, " ", NULL);

    return is_error (reply, "ERR") && strstr (reply->text, inner) != NULL;
}

static char *
dup_words (const RedisReply *reply)
{
    char *text = g_strndup (reply->text, MAX_MESSAGE);

    for (char *at = text; *at != '\0'; at++) {
        if (*at < ' ' || *at > '~')
            *at = '?';
    }
    return text;
}

GError *
redis_error_read (const RedisReply *reply)
{
    g_autofree char *words = dup_words (reply);

    for (guint i = 0; i < G_N_ELEMENTS (errors); i++) {
        if (is_error (reply, errors[i].word) || has_error (reply, errors[i].word))
            return g_error_new (H3_STORE_ERROR, (int) errors[i].code, "%s (%s)", errors[i].meaning,
                                words);
    }
    return g_error_new (H3_STORE_ERROR, H3_STORE_ERROR_REFUSED, "the Redis server refuses: %s",
                        words);
}

static gboolean
is_number (const RedisReply *reply)
{
    return reply->kind == REDIS_NUMBER;
}

static GBytes *
take_text (RedisReply *reply)
{
    GBytes *bytes = g_bytes_new_take (reply->text, reply->length);

    reply->text = NULL;
    reply->length = 0;
    return bytes;
}

/* PTTL tells of a key that has gone, or has no end. */
static gint64
read_rest (const RedisReply *reply)
{
    return MAX (reply->number, 0);
}

/* The key may have ended between the two. FALSE: this is no answer to what was asked, as below. */
static gboolean
read_get (RedisReply *const *replies, H3StoreAnswer *answer, GBytes **out_value)
{
    if (!is_number (replies[1])
        || (replies[0]->kind != REDIS_TEXT && replies[0]->kind != REDIS_NOTHING))
        return FALSE;
    if (replies[0]->kind == REDIS_NOTHING || replies[1]->number == -2) {
        answer->outcome = H3_STORE_ABSENT;
        return TRUE;
    }
    answer->expires_in = read_rest (replies[1]);
    *out_value = take_text (replies[0]);
    return TRUE;
}

static gboolean
read_whether (const RedisReply *reply, H3StoreAnswer *answer)
{
    if (!is_number (reply))
        return FALSE;
    if (reply->number == 0)
        *answer = (H3StoreAnswer){ .outcome = H3_STORE_ABSENT };
    return TRUE;
}

static gboolean
read_compared (const RedisCommand *command, const RedisReply *reply, H3StoreAnswer *answer,
               GBytes **out_value)
{
    if (reply->kind != REDIS_ARRAY || reply->length < 1 || !is_number (reply->elements[0]))
        return FALSE;
    if (reply->elements[0]->number == 1) {
        answer->expires_in = command->ttl;
        return TRUE;
    }
    if (reply->elements[0]->number == 2) {
        answer->outcome = H3_STORE_ABSENT;
        return TRUE;
    }
    if (reply->length != 3 || reply->elements[1]->kind != REDIS_TEXT
        || !is_number (reply->elements[2]))
        return FALSE;
    answer->outcome = H3_STORE_CHANGED;
    answer->expires_in = read_rest (reply->elements[2]);
    *out_value = take_text (reply->elements[1]);
    return TRUE;
}

static gboolean
read_numbers (const RedisCommand *command, const RedisReply *reply, H3StoreAnswer *answer)
{
    if (reply->kind != REDIS_ARRAY || reply->length != 3)
        return FALSE;
    for (guint i = 0; i < 3; i++) {
        if (!is_number (reply->elements[i]))
            return FALSE;
    }
    if (reply->elements[0]->number != 1)
        answer->outcome = H3_STORE_REFUSED;
    answer->number = reply->elements[1]->number;
    answer->expires_in = command->script == REDIS_FILL ? MAX (reply->elements[2]->number, -1)
                                                       : read_rest (reply->elements[2]);
    return TRUE;
}

static gboolean
read_answer (const RedisCommand *command, RedisReply *const *replies, H3StoreAnswer *answer,
             GBytes **out_value)
{
    const RedisReply *reply = replies[0];

    switch (command->act) {
    case STORE_GET:
        return read_get (replies, answer, out_value);
    case STORE_PUT:
        answer->expires_in = command->ttl;
        return reply->kind == REDIS_STATUS && strcmp (reply->text, "OK") == 0;
    case STORE_TOUCH:
        answer->expires_in = command->ttl;
        return read_whether (reply, answer);
    case STORE_REMOVE:
        return read_whether (reply, answer);
    case STORE_COMPARE:
        return read_compared (command, reply, answer, out_value);
    case STORE_COUNT:
        answer->number = reply->number;
        return is_number (reply);
    default:
        return read_numbers (command, reply, answer);
    }
}

gboolean
redis_command_read (const RedisCommand *command, RedisReply *const *replies,
                    H3StoreAnswer *out_answer, GBytes **out_value, GError **out_error)
{
    *out_answer = (H3StoreAnswer){ 0 };
    *out_value = NULL;
    *out_error = NULL;
    if (replies[0]->kind == REDIS_ERROR && command->script != REDIS_NO_SCRIPT
        && is_error (replies[0], "NOSCRIPT"))
        return FALSE;
    for (guint i = 0; i < command->n_replies && *out_error == NULL; i++) {
        if (replies[i]->kind == REDIS_ERROR)
            *out_error = redis_error_read (replies[i]);
    }
    if (*out_error == NULL && !read_answer (command, replies, out_answer, out_value))
        *out_error = g_error_new_literal (H3_STORE_ERROR, H3_STORE_ERROR_PROTOCOL,
                                          "the Redis server's answer is not to what was asked");
    if (*out_error != NULL)
        *out_answer = (H3StoreAnswer){ .outcome = H3_STORE_FAILED };
    return TRUE;
}
