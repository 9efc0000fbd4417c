/* SPDX-License-Identifier: MIT */

#define _GNU_SOURCE /* memmem */

#include "wire-answer.h"

#include <string.h>

/* One answer; the fields are lines without their ends. */
typedef struct {
    guint status;
    char **lines;  /* owned */
    GString *body; /* owned */
} Answer;

static void
answer_clear (Answer *answer)
{
    g_strfreev (answer->lines);
    if (answer->body != NULL)
        g_string_free (answer->body, TRUE);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Answer, answer_clear)

/* The value of a field, NULL without it; `out_n` (nullable): how many there are. */
static const char *
get_field (const Answer *answer, const char *name, guint *out_n)
{
    gsize length = strlen (name);
    const char *value = NULL;
    guint n = 0;

    for (guint i = 1; answer->lines[i] != NULL; i++) {
        const char *line = answer->lines[i];

        if (g_ascii_strncasecmp (line, name, length) == 0 && line[length] == ':') {
            value = line + length + 1;
            n++;
        }
    }
    if (out_n != NULL)
        *out_n = n;
    return value != NULL && *value == ' ' ? value + 1 : value;
}

static gboolean
take (const GString *text, gsize *at, GString *into, guint64 length)
{
    if (length > text->len - *at)
        return FALSE;
    g_string_append_len (into, text->str + *at, (gssize) length);
    *at += (gsize) length;
    return TRUE;
}

/* Each in braces. */
static gboolean
take_trailers (const GString *text, gsize *at, GString *into)
{
    for (;;) {
        const char *start = text->str + *at;
        const char *end = strstr (start, "\r\n");

        if (end == NULL)
            return FALSE;
        *at = (gsize) (end + 2 - text->str);
        if (end == start)
            return TRUE;
        g_string_append_printf (into, "{%.*s}", (int) (end - start), start);
    }
}

static gboolean
take_chunks (const GString *text, gsize *at, GString *into)
{
    for (;;) {
        const char *start = text->str + *at;
        char *end = NULL;
        guint64 size = g_ascii_strtoull (start, &end, 16);

        if (end == start || !g_ascii_isxdigit (*start) || !g_str_has_prefix (end, "\r\n"))
            return FALSE;
        *at = (gsize) (end + 2 - text->str);
        if (size == 0)
            return take_trailers (text, at, into);
        if (!take (text, at, into, size) || !g_str_has_prefix (text->str + *at, "\r\n"))
            return FALSE;
        *at += 2;
    }
}

static const char *
check_head (const Answer *answer, const WireExpected *expected)
{
    const char *line = answer->lines[0];
    const char *date;
    guint n_lengths, n_codings, n;

    if (!g_str_has_prefix (line, "HTTP/1.1 ") || !g_ascii_isdigit (line[9])
        || !g_ascii_isdigit (line[10]) || !g_ascii_isdigit (line[11]) || line[12] != ' ')
        return "no status line";
    for (guint i = 1; answer->lines[i] != NULL; i++) {
        if (strchr ("\t :", answer->lines[i][0]) != NULL || strchr (answer->lines[i], ':') == NULL
            || strpbrk (answer->lines[i], "\r\n") != NULL)
            return "no field line";
    }
    (void) get_field (answer, "Content-Length", &n_lengths);
    (void) get_field (answer, "Transfer-Encoding", &n_codings);
    if (answer->status < 200 && expected->is_old)
        return "an interim answer to HTTP/1.0";
    if (n_codings > 0 && expected->is_old)
        return "a transfer coding to HTTP/1.0";
    if ((answer->status < 200 || answer->status == 204 || answer->status == 304)
        && n_lengths + n_codings > 0)
        return "a length where there is no body";
    if (n_lengths + n_codings > 1)
        return "two lengths";
    if (answer->status < 200)
        return NULL;
    date = get_field (answer, "Date", &n);
    if (n != 1 || strlen (date) != 29 || !g_str_has_suffix (date, " GMT"))
        return "no Date";
    if (answer->status == 405 && get_field (answer, "Allow", NULL) == NULL)
        return "a 405 without Allow";
    return NULL;
}

/* The body, where there is one: by its length, in chunks, or up to the end. */
static const char *
take_body (const GString *text, gsize *at, Answer *answer, const WireExpected *expected)
{
    const char *length = get_field (answer, "Content-Length", NULL);
    const char *coding = get_field (answer, "Transfer-Encoding", NULL);

    answer->body = g_string_new (NULL);
    if (expected->is_head || answer->status < 200 || answer->status == 204 || answer->status == 304)
        return NULL;
    if (coding != NULL) {
        if (strcmp (coding, "chunked") != 0 || !take_chunks (text, at, answer->body))
            return "bad chunks";
    } else if (length != NULL) {
        if (!take (text, at, answer->body, g_ascii_strtoull (length, NULL, 10)))
            return "a body that is cut short";
    } else if (expected->ends) {
        (void) take (text, at, answer->body, text->len - *at);
    } else {
        return "a body of no length";
    }
    return NULL;
}

static const char *
check_connection (const Answer *answer, const WireExpected *expected)
{
    const char *connection = get_field (answer, "Connection", NULL);

    if (expected->ends)
        return g_strcmp0 (connection, "close") != 0 ? "no Connection: close" : NULL;
    if (expected->is_old)
        return g_strcmp0 (connection, "keep-alive") != 0 ? "no Connection: keep-alive" : NULL;
    return connection != NULL ? "a Connection field" : NULL;
}

static const char *
check_wants (const Answer *answer, const char *wants)
{
    g_auto (GStrv) lines = g_strsplit (wants, "\n", -1);

    for (guint i = 0; lines[i] != NULL; i++) {
        char *colon = strchr (lines[i], ':');
        const char *value;

        if (lines[i][0] == '=') {
            if (strcmp (answer->body->str, lines[i] + 1) != 0)
                return "another body";
            continue;
        }
        if (lines[i][0] == '-') {
            if (get_field (answer, lines[i] + 1, NULL) != NULL)
                return "a field that should not be there";
            continue;
        }
        *colon = '\0';
        value = get_field (answer, lines[i], NULL);
        if (value == NULL || !g_str_has_prefix (value, colon + 2))
            return "no field, or another, than was wanted";
    }
    return NULL;
}

static const char *
check_final (const Answer *answer, const WireExpected *expected)
{
    const char *wrong;

    if (expected->status == 0 ? answer->status > 299
                              : answer->status != expected->status
                                    && (expected->other == 0 || answer->status != expected->other))
        return "another status";
    wrong = check_connection (answer, expected);
    if (wrong == NULL && expected->wants != NULL)
        wrong = check_wants (answer, expected->wants);
    if (wrong != NULL || expected->sees == NULL)
        return wrong;
    if (expected->is_head) {
        const char *length = get_field (answer, "Content-Length", NULL);

        if (length == NULL || g_ascii_strtoull (length, NULL, 10) != strlen (expected->sees))
            return "not the length that GET has";
    } else if (strcmp (answer->body->str, expected->sees) != 0) {
        return "the handler saw something else";
    }
    return NULL;
}

/* One final answer with the interim ones before it. */
static const char *
check_answer (const GString *text, gsize *at, const WireExpected *expected)
{
    for (;;) {
        g_auto (Answer) answer = { 0 };
        const char *end = memmem (text->str + *at, text->len - *at, "\r\n\r\n", 4);
        g_autofree char *head = NULL;
        const char *wrong;

        if (end == NULL)
            return "no answer";
        head = g_strndup (text->str + *at, (gsize) (end - text->str) - *at);
        *at = (gsize) (end + 4 - text->str);
        answer.lines = g_strsplit (head, "\r\n", -1);
        if (strlen (answer.lines[0]) > 12)
            answer.status = (guint) g_ascii_strtoull (answer.lines[0] + 9, NULL, 10);
        wrong = check_head (&answer, expected);
        if (wrong == NULL)
            wrong = take_body (text, at, &answer, expected);
        if (wrong != NULL)
            return wrong;
        if (answer.status >= 200)
            return check_final (&answer, expected);
        if (answer.status == 100 && !expected->expects_continue)
            return "a 100 nobody waits for";
    }
}

char *
wire_answers_check (const GString *text, const WireExpected *expected, guint n)
{
    gsize at = 0;

    for (guint i = 0; i < n; i++) {
        const char *wrong = check_answer (text, &at, &expected[i]);

        if (wrong != NULL)
            return g_strdup_printf ("answer %u of %u: %s, in:\n%s\n", i + 1, n, wrong, text->str);
    }
    if (at < text->len)
        return g_strdup_printf ("more than %u answers:\n%s\n", n, text->str + at);
    return NULL;
}
