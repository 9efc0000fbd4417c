/* SPDX-License-Identifier: MIT */

#include "tests/support/suite.h"

#include <h3/base/error.h>
#include <h3/format/json.h>
#include <h3/format/ndjson.h>

#define MAX_LINE  20
#define MAX_DEPTH 3

/* What is read, in pieces of that size: each document with its line, then how it ended. */
static char *
dup_read (H3View text, gsize piece)
{
    g_autoptr (H3NdjsonReader) reader = h3_ndjson_reader_new (MAX_LINE, MAX_DEPTH);
    GString *heard = g_string_new (NULL);
    gsize at = 0;

    for (;;) {
        g_autoptr (json_t) document = NULL;
        g_autoptr (GError) error = NULL;
        H3NdjsonStep step = h3_ndjson_reader_take (reader, &document, &error);

        if (step == H3_NDJSON_DOCUMENT) {
            g_autofree char *shown = h3_json_to_text (document, H3_JSON_COMPACT);

            g_string_append_printf (heard, "%u:%s|", (guint) h3_ndjson_reader_get_line (reader),
                                    shown);
        } else if (step == H3_NDJSON_WAIT && at < text.length) {
            /* In a block of its own, so that a sanitizer sees who keeps it. */
            gsize length = MIN (piece, text.length - at);
            g_autofree char *copy = g_memdup2 (text.data + at, length);

            h3_ndjson_reader_feed (reader, copy, length);
            at += length;
        } else if (step == H3_NDJSON_WAIT) {
            h3_ndjson_reader_end (reader);
        } else {
            g_string_append (heard, step == H3_NDJSON_END ? "." : error->message);
            ck_assert_int_eq (h3_ndjson_reader_take (reader, &document, NULL), step);
            return g_string_free (heard, FALSE);
        }
    }
}

static const struct {
    H3View text;
    const char *heard;
} cases[] = {
    { H3_VIEW (""), "." },
    { H3_VIEW ("1"), "1:1|." },
    { H3_VIEW ("1\n"), "1:1|." },
    { H3_VIEW ("1\r\n\"a\"\n{\"a\":[1]}\nnull"), "1:1|2:\"a\"|3:{\"a\":[1]}|4:null|." },
    { H3_VIEW ("\n\r\n \t\n1\n\n\n2\n  "), "4:1|7:2|." },
    { H3_VIEW (" [ 1 ] \n"), "1:[1]|." },
    { H3_VIEW ("1\n{\"a\" 1}\n3"), "1:1|line 2, column 6: a colon must stand here" },
    { H3_VIEW ("1\n\n1 2"), "1:1|line 3, column 3: nothing may follow the value" },
    { H3_VIEW ("[1,\n2]\n"), "line 1, column 4: it ends too early" },
    { H3_VIEW ("1\n{\"a\":1,\"a\":2}"), "1:1|line 2, column 10: an object has this name twice" },
    { H3_VIEW ("[[[1]]]\n[[[[1]]]]"), "1:[[[1]]]|line 2, column 4: it nests too deep" },
    { H3_VIEW ("\xef\xbb\xbf"
               "1"),
      "line 1, column 1: a value must stand here" },
    { H3_VIEW ("\"\xff\""), "line 1, column 2: it is not UTF-8" },
    { H3_VIEW ("1\n\0\n"), "1:1|line 2, column 1: a NUL cannot stand in JSON" },
    { H3_VIEW ("\"345678901234567890\"\r\n1"), "1:\"345678901234567890\"|2:1|." },
    { H3_VIEW ("\"3456789012345678901\"\n1"), "line 1: it has more than 20 bytes" },
    { H3_VIEW ("1\n\"34567890123456789012"), "1:1|line 2: it has more than 20 bytes" },
    { H3_VIEW ("1\n                         \n"), "1:1|line 2: it has more than 20 bytes" },
    { H3_VIEW ("                   \r\r\n1"), "2:1|." },
    { H3_VIEW ("                    \r\r\n1"), "line 1: it has more than 20 bytes" },
};

START_TEST (documents_are_read_however_they_are_cut)
{
    for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
        for (gsize piece = 1; piece <= cases[i].text.length + 1; piece++) {
            g_autofree char *heard = dup_read (cases[i].text, piece);

            ck_assert_msg (strcmp (heard, cases[i].heard) == 0,
                           "case %u in pieces of %zu: %s\nnot %s", i, piece, heard, cases[i].heard);
        }
    }
}
END_TEST

START_TEST (a_failure_has_its_kind)
{
    g_autoptr (H3NdjsonReader) malformed = h3_ndjson_reader_new (10, 3);
    g_autoptr (H3NdjsonReader) endless = h3_ndjson_reader_new (10, 3);
    g_autoptr (GError) syntax = NULL;
    g_autoptr (GError) limit = NULL;
    json_t *document;

    h3_ndjson_reader_feed (malformed, "x\n", 2);
    ck_assert_int_eq (h3_ndjson_reader_take (malformed, &document, &syntax), H3_NDJSON_FAILED);
    ck_assert (g_error_matches (syntax, H3_ERROR, H3_ERROR_SYNTAX));
    h3_ndjson_reader_feed (malformed, "1\n", 2);
    ck_assert_int_eq (h3_ndjson_reader_take (malformed, &document, NULL), H3_NDJSON_FAILED);
    /* It need not end to be too long. */
    h3_ndjson_reader_feed (endless, "12345678901", 11);
    ck_assert_int_eq (h3_ndjson_reader_take (endless, &document, &limit), H3_NDJSON_FAILED);
    ck_assert (g_error_matches (limit, H3_ERROR, H3_ERROR_LIMIT));
}
END_TEST

static void
add_tests (Suite *suite)
{
    suite_add_case (suite, "reader", documents_are_read_however_they_are_cut,
                    a_failure_has_its_kind, NULL);
}

int
main (void)
{
    return suite_run ("format/ndjson", add_tests);
}
