/* SPDX-License-Identifier: MIT
 *
 * What a store reads: its URL, on the first line, and a Redis server's replies, behind it. In
 * pieces or at once the replies are the same, and so is what they mean; none of them is larger than
 * it may be; a URL that is taken tells no password. */

#include "fuzz.h"

#include "h3/store/redis-command.h"
#include "h3/store/redis-greeting.h"
#include "h3/store/store-url.h"

static void
append_reply (GString *out, const RedisReply *reply)
{
    g_string_append_printf (out, "%d:", reply->kind);
    switch (reply->kind) {
    case REDIS_NUMBER:
        g_string_append_printf (out, "%" G_GINT64_FORMAT, reply->number);
        break;
    case REDIS_ARRAY:
        FUZZ_ASSERT (reply->length <= REDIS_MAX_ELEMENTS, "%" G_GSIZE_FORMAT, reply->length);
        for (gsize i = 0; i < reply->length; i++)
            append_reply (out, reply->elements[i]);
        break;
    case REDIS_NOTHING:
        break;
    default:
        FUZZ_ASSERT (reply->length <= REDIS_MAX_TEXT && reply->text[reply->length] == '\0',
                     "%" G_GSIZE_FORMAT, reply->length);
        g_string_append_printf (out, "%" G_GSIZE_FORMAT "=", reply->length);
        g_string_append_len (out, reply->text, (gssize) reply->length);
    }
    g_string_append_c (out, ';');
}

static void
take_all (RedisReader *reader, GPtrArray *replies, gboolean *has_failed)
{
    RedisReply *reply = NULL;

    while (!*has_failed) {
        *has_failed = !redis_reader_take (reader, &reply);
        if (reply == NULL)
            return;
        g_ptr_array_add (replies, reply);
    }
}

/* (transfer full): the replies, as far as they are some. */
static GPtrArray *
read_replies (H3View bytes, gboolean in_pieces)
{
    RedisReader *reader = redis_reader_new ();
    GPtrArray *replies = g_ptr_array_new_with_free_func ((GDestroyNotify) redis_reply_free);
    gboolean has_failed = FALSE;
    FuzzCuts cuts;
    gsize at = 0, end;

    fuzz_cuts_init (&cuts, bytes);
    if (!in_pieces) {
        redis_reader_feed (reader, bytes.data, bytes.length);
        take_all (reader, replies, &has_failed);
    }
    while (in_pieces && fuzz_cuts_next (&cuts, &end)) {
        g_autofree char *piece = fuzz_copy (bytes.data + at, end - at);

        redis_reader_feed (reader, piece, end - at);
        take_all (reader, replies, &has_failed);
        at = end;
    }
    redis_reader_free (reader);
    return replies;
}

static void
check_answer (const RedisCommand *command, RedisReply *const *replies)
{
    H3StoreAnswer answer;
    GBytes *value;
    GError *error;

    if (!redis_command_read (command, replies, &answer, &value, &error)) {
        FUZZ_ASSERT (command->script != REDIS_NO_SCRIPT, "%d", command->act);
        return;
    }
    FUZZ_ASSERT ((answer.outcome == H3_STORE_FAILED) == (error != NULL), "%d", answer.outcome);
    FUZZ_ASSERT (value == NULL || answer.outcome == H3_STORE_DONE
                     || answer.outcome == H3_STORE_CHANGED,
                 "%d", answer.outcome);
    FUZZ_ASSERT (answer.expires_in >= -1, "%" G_GINT64_FORMAT, answer.expires_in);
    if (error != NULL) {
        FUZZ_ASSERT (error->domain == H3_STORE_ERROR, "%s", error->message);
        FUZZ_ASSERT (g_utf8_validate (error->message, -1, NULL) && strlen (error->message) < 400,
                     "%s", error->message);
        g_error_free (error);
    }
    if (value != NULL)
        g_bytes_unref (value);
}

static void
check_meaning (GPtrArray *replies, FuzzChoice *choice)
{
    StoreOrder order = { .key = H3_VIEW ("key"), .amount = 1, .bound = 2, .ttl = 3 };
    g_autoptr (RedisCommand) command = NULL;
    g_autoptr (GBytes) value = g_bytes_new_static ("value", 5);

    order.act = (StoreAct) fuzz_choose (choice, STORE_COUNT + 1);
    order.value = value;
    command = redis_command_new (&order, "prefix:");
    for (guint i = 0; i < replies->len; i++) {
        GError *why = redis_greeting_judge (replies->pdata[i], fuzz_choose (choice, 6));

        g_clear_error (&why);
    }
    for (guint i = 0; i + command->n_replies <= replies->len; i += command->n_replies)
        check_answer (command, (RedisReply *const *) &replies->pdata[i]);
}

static void
check_replies (H3View bytes, FuzzChoice *choice)
{
    g_autoptr (GPtrArray) whole = read_replies (bytes, FALSE);
    g_autoptr (GPtrArray) pieces = read_replies (bytes, TRUE);
    g_autoptr (GString) one = g_string_new (NULL);
    g_autoptr (GString) other = g_string_new (NULL);

    for (guint i = 0; i < whole->len; i++)
        append_reply (one, whole->pdata[i]);
    for (guint i = 0; i < pieces->len; i++)
        append_reply (other, pieces->pdata[i]);
    FUZZ_ASSERT (g_string_equal (one, other), "'%s' '%s'", one->str, other->str);
    check_meaning (whole, choice);
}

static void
check_url (H3View line)
{
    g_autofree char *text = h3_view_dup (line);
    g_autoptr (GError) error = NULL;
    g_autoptr (StoreUrl) url = store_url_parse (text, &error);
    g_autofree char *label = NULL;
    g_autoptr (StoreUrl) again = NULL;

    FUZZ_ASSERT ((url == NULL) == (error != NULL), "%s", text);
    if (url == NULL)
        return;
    label = store_url_dup_label (url);
    FUZZ_ASSERT (url->kind == STORE_URL_MEMORY || (url->path != NULL) != (url->host != NULL), "%s",
                 text);
    FUZZ_ASSERT (url->kind == STORE_URL_MEMORY
                     ? url->max_entries >= 1 && url->max_bytes >= 4096
                     : url->timeout >= 1 && url->max_waiting >= 1 && strlen (url->prefix) <= 128,
                 "%s", text);
    /* A path, and the zone of an address, may have characters in them that a URL has not. */
    if (url->path == NULL && (url->host == NULL || strchr (url->host, '%') == NULL)) {
        again = store_url_parse (label, NULL);
        FUZZ_ASSERT (again != NULL && g_strcmp0 (again->host, url->host) == 0
                         && again->port == url->port && again->database == url->database
                         && again->password == NULL,
                     "%s: %s", text, label);
    }
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
    g_autofree char *copy = fuzz_copy (data, size);
    H3View rest = h3_view (copy, size), line;
    FuzzChoice choice = fuzz_choice_of (rest);

    if (fuzz_take_line (&rest, &line))
        check_url (line);
    if (rest.data != NULL)
        check_replies (rest, &choice);
    return 0;
}
