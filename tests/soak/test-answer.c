/* SPDX-License-Identifier: MIT
 *
 * That the soak's client sees what is wrong with an answer, however it is cut. */

#include "answer.h"

#include "tests/support/suite.h"

#include <string.h>

#define OK "HTTP/1.1 200 OK\r\n"

/* Fed whole, and at every byte: `wrong` NULL, or part of what is said. */
static void
expect_reading (const char *text, const Expected *expected, guint n, const char *wrong)
{
    g_autoptr (GArray) all = g_array_new (FALSE, FALSE, sizeof (Expected));

    g_array_append_vals (all, expected, n);
    for (gsize piece = 1; piece <= strlen (text); piece = piece == 1 ? strlen (text) : piece + 1) {
        g_autofree char *found = NULL;
        AnswerReader reader;

        answer_reader_init (&reader, all);
        for (gsize at = 0; at < strlen (text) && found == NULL; at += piece)
            found = answer_reader_feed (&reader, text + at, piece);
        if (found == NULL)
            found = answer_reader_end (&reader);
        if (wrong == NULL) {
            ck_assert_msg (found == NULL, "%s", found);
            ck_assert_uint_eq (reader.n_done, n);
        } else {
            ck_assert_msg (found != NULL && strstr (found, wrong) != NULL, "%s", found);
        }
        answer_reader_clear (&reader);
    }
}

static const Expected hello = { .status = 200, .kind = BODY_TEXT, .text = "hello" };

START_TEST (right_answers_are_taken_one_after_the_other)
{
    const Expected three[] = { hello, { .status = 204 }, { .status = 200, .no_body = TRUE } };

    expect_reading ("HTTP/1.1 100 Continue\r\n\r\n" OK "Content-Length: 5\r\n\r\nhello"
                    "HTTP/1.1 204 No Content\r\n\r\n" OK "Content-Length: 9\r\n\r\n",
                    three, 3, NULL);
}
END_TEST

START_TEST (chunks_are_put_together)
{
    expect_reading (OK "Transfer-Encoding: chunked\r\n\r\n2\r\nhe\r\n3;a\r\nllo\r\n0\r\nX: "
                       "1\r\n\r\n",
                    &hello, 1, NULL);
}
END_TEST

START_TEST (body_without_a_length_ends_with_the_connection)
{
    expect_reading (OK "\r\nhello", &hello, 1, NULL);
}
END_TEST

START_TEST (wrong_answers_are_named)
{
    expect_reading ("HTTP/1.1 500 Oh\r\nContent-Length: 0\r\n\r\n", &hello, 1, "status 500");
    expect_reading (OK "Content-Length: 5\r\n\r\nhullo", &hello, 1, "not 'hello'");
    expect_reading (OK "Content-Length: 4\r\n\r\nhell", &hello, 1, "not 'hello'");
    expect_reading (OK "Content-Length: 6\r\n\r\nhello", &hello, 1, "ended inside");
    expect_reading (OK "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n", &hello, 1,
                    "two lengths");
    expect_reading ("HTTP/1.0 200 OK\r\n\r\n", &hello, 1, "a head begins");
    expect_reading (OK "Content-Length: 5\r\n\r\nhello" OK "Content-Length: 0\r\n\r\n", &hello, 1,
                    "nobody asked for");
}
END_TEST

START_TEST (pattern_is_compared_byte_for_byte)
{
    Expected expected = { .status = 200, .kind = BODY_PATTERN, .length = 300 };
    g_autoptr (GString) text = g_string_new (OK "Content-Length: 300\r\n\r\n");
    gsize there;

    pattern_init (1);
    g_string_append_len (text, pattern_at (0, 300, &there), 300);
    ck_assert_uint_eq (there, 300);
    expect_reading (text->str, &expected, 1, NULL);
    text->str[text->len - 1] ^= 1;
    expect_reading (text->str, &expected, 1, "differs");
    text->str[text->len - 1] ^= 1;
    expected.length = 299;
    expect_reading (text->str, &expected, 1, "300 bytes, not 299");
}
END_TEST

static void
add_cases (Suite *suite)
{
    suite_add_case (suite, "right", right_answers_are_taken_one_after_the_other,
                    chunks_are_put_together, body_without_a_length_ends_with_the_connection, NULL);
    suite_add_case (suite, "wrong", wrong_answers_are_named, pattern_is_compared_byte_for_byte,
                    NULL);
}

int
main (void)
{
    return suite_run ("soak/answer", add_cases);
}
