/* SPDX-License-Identifier: MIT */

#include "tests/support/form-cuts.h"
#include "tests/support/suite.h"

#include <stdlib.h>
#include <string.h>

/* What a published case says: the form in the words of form-cuts.h, or where it is wrong. */
typedef struct {
    char *boundary;   /* owned */
    GString *parts;   /* owned */
    gint64 offset;    /* of the error; -1: none */
    GString *content; /* owned; base64 of the part that is being read */
} Case;

/* Where ours refuses on purpose, or says so at another place. */
static const struct {
    const char *name;
    const char *reason;
} exceptions[] = {
    { "base64_encoding", "RFC 7578 §4.7 deprecates transfer codings: refused, never handed on" },
    { "mixed_case_headers", "the same" },
    { "mixed_plain_and_base64_encoding", "the same" },
    { "quoted_printable_encoding", "the same" },
    { "bad_initial_boundary", "RFC 2046 §5.1.1 allows a preamble: refused where no part follows" },
    { "empty_message_with_bad_end", "the same" },
    { "single_field_blocks", "its body has another boundary than it names" },
};

static gboolean
is_exception (const char *name)
{
    for (guint i = 0; i < G_N_ELEMENTS (exceptions); i++) {
        if (strcmp (exceptions[i].name, name) == 0)
            return TRUE;
    }
    return FALSE;
}

static void
finish_part (Case *published)
{
    gsize length;
    g_autofree guchar *content = NULL;

    if (published->content == NULL)
        return;
    content = g_base64_decode (published->content->str, &length);
    g_string_append_c (published->parts, '=');
    g_string_append_len (published->parts, (const char *) content, (gssize) length);
    g_string_append_c (published->parts, ';');
    g_string_free (g_steal_pointer (&published->content), TRUE);
}

/* The value of a line "key: value", without its quotes. */
static const char *
take_value (char *line, const char *key)
{
    gsize length = strlen (key);
    char *value;

    if (strncmp (line, key, length) != 0 || line[length] != ':')
        return NULL;
    value = g_strstrip (line + length + 1);
    length = strlen (value);
    if (length >= 2 && (*value == '\'' || *value == '"') && value[length - 1] == *value) {
        value[length - 1] = '\0';
        value++;
    }
    return value;
}

/* The few words of YAML that the cases are written in. */
static void
take_line (Case *published, char *line)
{
    char *text = g_strstrip (line);
    const char *value;

    if (g_str_has_prefix (text, "- "))
        text += 2;
    if ((value = take_value (text, "boundary")) != NULL) {
        published->boundary = g_strdup (value);
    } else if ((value = take_value (text, "error")) != NULL) {
        published->offset = g_ascii_strtoll (value, NULL, 10);
    } else if ((value = take_value (text, "name")) != NULL) {
        finish_part (published);
        g_string_append (published->parts, value);
    } else if ((value = take_value (text, "file_name")) != NULL) {
        g_string_append_printf (published->parts, "/%s", value);
    } else if ((value = take_value (text, "content_type")) != NULL) {
        g_string_append_printf (published->parts, " %s", value);
    } else if (take_value (text, "data") != NULL) {
        published->content = g_string_new (NULL);
    } else if (published->content != NULL) {
        g_string_append (published->content, text);
    }
}

static void
read_case (Case *published, char *text)
{
    g_auto (GStrv) lines = g_strsplit (text, "\n", -1);

    *published = (Case){ .parts = g_string_new (NULL), .offset = -1 };
    for (guint i = 0; lines[i] != NULL; i++)
        take_line (published, lines[i]);
    finish_part (published);
}

static void
check_case (const char *name, const Case *published, H3View body)
{
    g_auto (FormOutcome) outcome = form_read_all_ways (published->boundary, NULL, body);

    if (is_exception (name)) {
        ck_assert_msg (outcome.status == 400, "%s: %s", name, outcome.parts->str);
        return;
    }
    if (published->offset >= 0) {
        ck_assert_msg (outcome.status == 400, "%s: %s", name, outcome.parts->str);
        ck_assert_msg (outcome.offset == (guint64) published->offset, "%s: at %u", name,
                       (guint) outcome.offset);
        return;
    }
    ck_assert_msg (outcome.status == 0, "%s: refused at %u", name, (guint) outcome.offset);
    /* Its field has no type, and the case gives the default (RFC 7578 §4.4). */
    if (strcmp (name, "single_field_single_file") == 0)
        ck_assert_str_eq (outcome.parts->str, "field=test1;file/file.txt text/plain=test2;");
    else
        ck_assert_msg (g_string_equal (outcome.parts, published->parts), "%s: %s, not %s", name,
                       outcome.parts->str, published->parts->str);
}

START_TEST (multipart_agrees_with_the_published_cases)
{
    g_autofree char *folder = suite_dup_vector_path ("multipart");
    g_autoptr (GDir) cases = NULL;
    const char *file;
    guint run = 0;

    if (folder == NULL)
        return;
    cases = g_dir_open (folder, 0, NULL);
    while ((file = g_dir_read_name (cases)) != NULL) {
        g_autofree char *name = g_strndup (file, strcspn (file, "."));
        g_autofree char *expected_path = g_strconcat (folder, "/", name, ".yaml", NULL);
        g_autofree char *body_path = g_strconcat (folder, "/", name, ".http", NULL);
        g_autofree char *expected = NULL;
        g_autofree char *body = NULL;
        Case published;
        gsize length;

        if (!g_str_has_suffix (file, ".http"))
            continue;
        ck_assert (g_file_get_contents (expected_path, &expected, NULL, NULL));
        ck_assert (g_file_get_contents (body_path, &body, &length, NULL));
        read_case (&published, expected);
        check_case (name, &published, h3_view (body, length));
        g_free (published.boundary);
        g_string_free (published.parts, TRUE);
        run++;
    }
    ck_assert_uint_ge (run, 30);
}
END_TEST

static void
add_tests (Suite *suite)
{
    suite_add_case (suite, "published", multipart_agrees_with_the_published_cases, NULL);
}

int
main (void)
{
    return suite_run ("format/multipart-vectors", add_tests);
}
