/* SPDX-License-Identifier: MIT */

#include "h3/base/bytes.h"

#include "tests/support/suite.h"

#define LONGEST 70

/* (transfer full): `length` bytes that differ from one another, with nothing behind them. */
static char *
make_bytes (gsize length)
{
    char *bytes = g_malloc (length + 1);

    for (gsize i = 0; i < length; i++)
        bytes[i] = (char) (i + 1);
    return g_realloc (bytes, MAX (length, 1));
}

START_TEST (bytes_of_every_length_are_copied_and_no_more)
{
    for (gsize length = 0; length <= LONGEST; length++) {
        g_autofree char *from = make_bytes (length);
        char to[LONGEST + 2];

        memset (to, 'x', sizeof to);
        bytes_copy (to + 1, from, length);
        ck_assert_int_eq (memcmp (to + 1, from, length), 0);
        ck_assert_int_eq (to[0], 'x');
        ck_assert_int_eq (to[length + 1], 'x');
    }
}
END_TEST

START_TEST (bytes_are_equal_unless_one_differs)
{
    for (gsize length = 0; length <= LONGEST; length++) {
        g_autofree char *a = make_bytes (length);
        g_autofree char *b = make_bytes (length);

        ck_assert (bytes_are_equal (a, b, length));
        for (gsize i = 0; i < length; i++) {
            b[i] ^= 0x40;
            ck_assert (!bytes_are_equal (a, b, length));
            b[i] ^= 0x40;
        }
    }
}
END_TEST

START_TEST (word_is_found_in_any_case_and_no_other_text_is_it)
{
    static const char *const words[] = { "host", "close", "expect", "keep-alive",
                                         "transfer-encoding" };

    for (guint w = 0; w < G_N_ELEMENTS (words); w++) {
        gsize length = strlen (words[w]);
        g_autofree char *upper = g_ascii_strup (words[w], -1);

        ck_assert (bytes_are_word (words[w], words[w], length));
        ck_assert (bytes_are_word (upper, words[w], length));
        for (gsize i = 0; i < length; i++) {
            g_autofree char *text = g_strdup (words[w]);

            for (guint byte = 0; byte < 256; byte++) {
                text[i] = (char) byte;
                if (byte != '\r')
                    ck_assert_int_eq (bytes_are_word (text, words[w], length),
                                      g_ascii_tolower ((char) byte) == words[w][i]);
            }
        }
    }
}
END_TEST

static void
add_cases (Suite *suite)
{
    suite_add_case (suite, "bytes", bytes_of_every_length_are_copied_and_no_more,
                    bytes_are_equal_unless_one_differs,
                    word_is_found_in_any_case_and_no_other_text_is_it, NULL);
}

int
main (void)
{
    return suite_run ("base/bytes", add_cases);
}
