/* SPDX-License-Identifier: MIT */

#include "answer.h"

#include <string.h>

#define PERIOD   65521 /* a prime: no power of two of bytes that get lost goes unseen */
#define MAX_HEAD 16384
#define AT_ONCE  512 /* bytes that are looked at for the end of a line */

static char pattern[PERIOD];

void
pattern_init (guint32 seed)
{
    g_autoptr (GRand) rand = g_rand_new_with_seed (seed);

    for (gsize i = 0; i < PERIOD; i++)
        pattern[i] = (char) g_rand_int_range (rand, 'A', 'z');
}

const char *
pattern_at (guint64 offset, gsize length, gsize *out_there)
{
    gsize start = (gsize) (offset % PERIOD);

    *out_there = MIN (length, PERIOD - start);
    return &pattern[start];
}

enum { IN_HEAD, IN_BODY, IN_CHUNK_SIZE, IN_CHUNK, IN_CHUNK_END, IN_TRAILER };

void
answer_reader_init (AnswerReader *reader, const GArray *expected)
{
    *reader = (AnswerReader){ .expected = expected,
                              .line = g_string_new (NULL),
                              .text = g_string_new (NULL) };
}

void
answer_reader_clear (AnswerReader *reader)
{
    g_string_free (reader->line, TRUE);
    g_string_free (reader->text, TRUE);
}

static const Expected *
get_expected (const AnswerReader *reader)
{
    return reader->n_done < reader->expected->len
               ? &g_array_index (reader->expected, Expected, reader->n_done)
               : NULL;
}

/* (transfer none) (nullable): behind the colon and its blank; up to CR. */
static const char *
find_field (const char *head, const char *name)
{
    const char *at = head;

    while ((at = strstr (at, "\r\n")) != NULL) {
        at += 2;
        if (g_ascii_strncasecmp (at, name, strlen (name)) == 0 && at[strlen (name)] == ':')
            return at + strlen (name) + 2;
    }
    return NULL;
}

static char *
finish_body (AnswerReader *reader)
{
    const Expected *expected = get_expected (reader);
    const char *text = reader->text->str;

    reader->phase = IN_HEAD;
    if (expected->kind == BODY_TEXT && !expected->no_body && strcmp (text, expected->text) != 0)
        return g_strdup_printf ("the body is '%.200s', not '%.200s'", text, expected->text);
    if (expected->kind == BODY_HAS && !expected->no_body && strstr (text, expected->text) == NULL)
        return g_strdup_printf ("the body is '%.200s', without '%.200s'", text, expected->text);
    if (expected->kind == BODY_PATTERN && reader->taken != expected->length)
        return g_strdup_printf ("the body has %" G_GUINT64_FORMAT " bytes, not %" G_GUINT64_FORMAT,
                                reader->taken, expected->length);
    reader->n_done++;
    return NULL;
}

static char *
begin_body (AnswerReader *reader, const char *head, guint status, gboolean no_body)
{
    const char *length = find_field (head, "Content-Length");
    const char *coding = find_field (head, "Transfer-Encoding");

    reader->taken = 0;
    g_string_truncate (reader->text, 0);
    if (coding != NULL && length != NULL)
        return g_strdup ("two lengths in one head");
    if (no_body || status == 204 || status == 304)
        return finish_body (reader);
    if (coding != NULL) {
        reader->phase = IN_CHUNK_SIZE;
        return NULL;
    }
    reader->phase = IN_BODY;
    reader->left = length != NULL ? (gint64) g_ascii_strtoull (length, NULL, 10) : -1;
    return reader->left == 0 ? finish_body (reader) : NULL;
}

static char *
take_head (AnswerReader *reader)
{
    const Expected *expected = get_expected (reader);
    g_autofree char *head = g_strndup (reader->line->str, reader->line->len - 2);
    const char *connection = find_field (head, "Connection");
    guint status;

    g_string_truncate (reader->line, 0);
    if (!g_str_has_prefix (head, "HTTP/1.1 ") || strlen (head) < 12)
        return g_strdup_printf ("a head begins '%.40s'", head);
    status = (guint) g_ascii_strtoull (head + 9, NULL, 10);
    if (status == 100 || status == 103)
        return NULL;
    if (expected == NULL)
        return g_strdup_printf ("an answer nobody asked for: '%.40s'", head);
    if (status != expected->status)
        return g_strdup_printf ("answer %u has status %u, not %u", reader->n_done, status,
                                expected->status);
    reader->closes |= connection != NULL && g_ascii_strncasecmp (connection, "close", 5) == 0;
    return begin_body (reader, head, status, expected->no_body);
}

static char *
take_body (AnswerReader *reader, const char *data, gsize length)
{
    const Expected *expected = get_expected (reader);

    for (gsize there, done = 0; done < length; done += there) {
        const char *right = pattern_at (reader->taken + done, length - done, &there);

        if (expected->kind == BODY_PATTERN && memcmp (data + done, right, there) != 0)
            return g_strdup_printf ("the body differs near byte %" G_GUINT64_FORMAT,
                                    reader->taken + done);
    }
    if (expected->kind == BODY_TEXT || expected->kind == BODY_HAS)
        g_string_append_len (reader->text, data, (gssize) length);
    reader->taken += length;
    return NULL;
}

/* Takes no byte beyond `end`; FALSE: that has not come yet. */
static gboolean
take_line (AnswerReader *reader, const char *data, gsize length, const char *end, gsize *out_taken)
{
    gsize had = reader->line->len;
    const char *found;

    g_string_append_len (reader->line, data, (gssize) MIN (length, AT_ONCE));
    found = g_strstr_len (reader->line->str, (gssize) reader->line->len, end);
    if (found != NULL)
        g_string_truncate (reader->line, (gsize) (found - reader->line->str) + strlen (end));
    *out_taken = reader->line->len - had;
    return found != NULL;
}

static char *
take_chunk_line (AnswerReader *reader)
{
    gboolean is_trailer = reader->phase == IN_TRAILER;
    gboolean is_empty = reader->line->len == 2;

    if (reader->phase == IN_CHUNK_SIZE) {
        reader->left = (gint64) g_ascii_strtoull (reader->line->str, NULL, 16);
        reader->phase = reader->left > 0 ? IN_CHUNK : IN_TRAILER;
    } else if (reader->phase == IN_CHUNK_END) {
        reader->phase = IN_CHUNK_SIZE;
    }
    g_string_truncate (reader->line, 0);
    return is_trailer && is_empty ? finish_body (reader) : NULL;
}

/* One step: takes some bytes, says how many. */
static char *
step (AnswerReader *reader, const char *data, gsize length, gsize *out_taken)
{
    gboolean has_body = reader->phase == IN_BODY || reader->phase == IN_CHUNK;
    char *wrong;

    if (!has_body) {
        if (!take_line (reader, data, length, reader->phase == IN_HEAD ? "\r\n\r\n" : "\r\n",
                        out_taken))
            return reader->line->len > MAX_HEAD ? g_strdup ("a head without an end") : NULL;
        return reader->phase == IN_HEAD ? take_head (reader) : take_chunk_line (reader);
    }
    *out_taken = reader->left < 0 ? length : MIN (length, (gsize) reader->left);
    wrong = take_body (reader, data, *out_taken);
    if (wrong != NULL || reader->left < 0)
        return wrong;
    reader->left -= (gint64) *out_taken;
    if (reader->left > 0)
        return NULL;
    if (reader->phase == IN_BODY)
        return finish_body (reader);
    reader->phase = IN_CHUNK_END;
    return NULL;
}

char *
answer_reader_feed (AnswerReader *reader, const char *data, gsize length)
{
    while (length > 0) {
        gsize taken;
        char *wrong = step (reader, data, length, &taken);

        if (wrong != NULL)
            return wrong;
        data += taken;
        length -= taken;
    }
    return NULL;
}

gboolean
answer_reader_is_inside (const AnswerReader *reader)
{
    return reader->phase != IN_HEAD || reader->line->len > 0;
}

char *
answer_reader_end (AnswerReader *reader)
{
    if (reader->phase == IN_BODY && reader->left < 0)
        return finish_body (reader);
    return answer_reader_is_inside (reader) ? g_strdup ("the connection ended inside an answer")
                                            : NULL;
}
