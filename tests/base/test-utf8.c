/* SPDX-License-Identifier: MIT */

#include "h3/base/utf8.h"

#include "tests/support/suite.h"

#include <string.h>

static const char edges[] = "\x01\x41\x7f\x80\x8f\x90\x9f\xa0\xbf\xc0\xc1\xc2\xdf\xe0\xe1\xec"
                            "\xed\xee\xef\xf0\xf1\xf3\xf4\xf5\xf8\xfe\xff";
static const char followers[] = "\x80\x90\xa0\xbf";

/* Whether something behind `text` makes it valid: GLib says so. */
static gboolean
can_be_completed (const char *text, gsize length, guint more)
{
    char longer[8];

    if (g_utf8_validate_len (text, length, NULL))
        return TRUE;
    for (gsize i = 0; more > 0 && i < strlen (followers); i++) {
        memcpy (longer, text, length);
        longer[length] = followers[i];
        if (can_be_completed (longer, length + 1, more - 1))
            return TRUE;
    }
    return FALSE;
}

static void
judge (const char *text, gsize length)
{
    Utf8Check check = { 0 };
    gboolean can_be = utf8_check (&check, text, length);

    ck_assert_int_eq (can_be, can_be_completed (text, length, 3));
    if (can_be)
        ck_assert_int_eq (utf8_check_is_whole (&check), g_utf8_validate_len (text, length, NULL));
}

START_TEST (each_text_is_refused_at_the_first_byte_that_cannot_be)
{
    char text[3];

    for (gsize a = 0; a < strlen (edges); a++) {
        text[0] = edges[a];
        judge (text, 1);
        for (gsize b = 0; b < strlen (edges); b++) {
            text[1] = edges[b];
            judge (text, 2);
            for (gsize c = 0; c < strlen (edges); c++) {
                text[2] = edges[c];
                judge (text, 3);
            }
        }
    }
}
END_TEST

START_TEST (each_character_is_taken_wherever_it_is_cut)
{
    for (gunichar character = 0; character <= 0x110000; character += character < 0x3000 ? 1 : 97) {
        char text[6 + 16];
        gsize length = (gsize) g_unichar_to_utf8 (character, text);
        gboolean valid = character == 0 || g_unichar_validate (character);

        memset (text + length, 'a', 16);
        for (gsize cut = 0; cut <= length + 16; cut++) {
            Utf8Check check = { 0 };

            ck_assert_int_eq (utf8_check (&check, text, cut)
                                  && utf8_check (&check, text + cut, length + 16 - cut)
                                  && utf8_check_is_whole (&check),
                              valid);
        }
    }
}
END_TEST

START_TEST (bad_byte_is_found_at_every_place)
{
    char text[41];

    for (gsize length = 1; length <= sizeof text; length++)
        for (gsize at = 0; at < length; at++) {
            Utf8Check check = { 0 };

            memset (text, 'a', sizeof text);
            text[at] = (char) 0xff;
            ck_assert (!utf8_check (&check, text, length));
        }
}
END_TEST

static void
add_tests (Suite *suite)
{
    suite_add_case (suite, "check", each_text_is_refused_at_the_first_byte_that_cannot_be,
                    each_character_is_taken_wherever_it_is_cut, bad_byte_is_found_at_every_place,
                    NULL);
}

int
main (void)
{
    return suite_run ("base/utf8", add_tests);
}
