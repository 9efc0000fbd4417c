/* SPDX-License-Identifier: MIT */

#include "h3/crypto/base64.h"

#include "tests/support/suite.h"

static void
assert_text (const char *bytes, gsize length, H3Base64Kind kind, const char *text)
{
    g_autoptr (GBytes) in = g_bytes_new (bytes, length);
    g_autofree char *out = h3_base64_escape (in, kind);
    g_autoptr (GBytes) back = h3_base64_unescape (text, kind);

    ck_assert_str_eq (out, text);
    ck_assert_msg (back != NULL && g_bytes_equal (in, back), "%s", text);
}

/* RFC 4648 §10 */
START_TEST (base64_agrees_with_the_examples_of_its_standard)
{
    static const char *const padded[] = { "",         "Zg==",     "Zm8=",    "Zm9v",
                                          "Zm9vYg==", "Zm9vYmE=", "Zm9vYmFy" };
    static const char *const bare[] = { "", "Zg", "Zm8", "Zm9v", "Zm9vYg", "Zm9vYmE", "Zm9vYmFy" };

    for (gsize i = 0; i < G_N_ELEMENTS (padded); i++) {
        assert_text ("foobar", i, H3_BASE64_STANDARD, padded[i]);
        assert_text ("foobar", i, H3_BASE64_URL, bare[i]);
    }
    assert_text ("\xfb\xef\xff", 3, H3_BASE64_STANDARD, "++//");
    assert_text ("\xfb\xef\xff", 3, H3_BASE64_URL, "--__");
}
END_TEST

START_TEST (base64_refuses_what_is_no_text_of_its_kind)
{
    static const char *const standard[] = {
        "Z",        "Zg",   "Zg=",      "Zh==",    "Zm9=",   "=",     "==",
        "====",     "Z===", "Zg===",    "-_==",    "Zm9v\n", " Zm9v", "Zm 9v",
        "Zg==Zg==", "Zg=a", "Zm9v====", "Zm9\xc3", "Zm9v=",
    };
    static const char *const url[] = { "Z", "Zg==", "Zh", "Zm9", "+/", "Zm9vY", "Zm9v\n", "Zm8=" };

    for (gsize i = 0; i < G_N_ELEMENTS (standard); i++)
        ck_assert_msg (h3_base64_unescape (standard[i], H3_BASE64_STANDARD) == NULL, "%s",
                       standard[i]);
    for (gsize i = 0; i < G_N_ELEMENTS (url); i++)
        ck_assert_msg (h3_base64_unescape (url[i], H3_BASE64_URL) == NULL, "%s", url[i]);
}
END_TEST

START_TEST (base64_knows_each_digit_and_no_other_byte)
{
    for (guint byte = 1; byte < 256; byte++) {
        const char text[] = { 'A', 'A', 'A', (char) byte };
        char out[8];
        gsize length;

        ck_assert_int_eq (h3_base64_decode (h3_view (text, 4), H3_BASE64_STANDARD, out, &length),
                          g_ascii_isalnum (byte) || byte == '+' || byte == '/' || byte == '=');
        ck_assert_int_eq (h3_base64_decode (h3_view (text, 4), H3_BASE64_URL, out, &length),
                          g_ascii_isalnum (byte) || byte == '-' || byte == '_');
    }
}
END_TEST

START_TEST (base64_agrees_with_another_writer_at_every_length)
{
    guint8 bytes[100];
    char text[H3_BASE64_ROOM (sizeof bytes)];

    for (gsize i = 0; i < sizeof bytes; i++)
        bytes[i] = (guint8) (i * 151 + 7);
    for (gsize length = 0; length <= sizeof bytes; length++) {
        g_autofree char *expected = g_base64_encode (bytes, length);
        gsize back;

        ck_assert_uint_eq (h3_base64_encode (bytes, length, H3_BASE64_STANDARD, text),
                           strlen (expected));
        ck_assert_str_eq (text, expected);
        /* In place. */
        ck_assert (h3_base64_decode (h3_view_of (text), H3_BASE64_STANDARD, text, &back));
        ck_assert_uint_eq (back, length);
        ck_assert_int_eq (memcmp (text, bytes, length), 0);
    }
}
END_TEST

static void
add_tests (Suite *suite)
{
    suite_add_case (suite, "texts", base64_agrees_with_the_examples_of_its_standard,
                    base64_refuses_what_is_no_text_of_its_kind,
                    base64_knows_each_digit_and_no_other_byte,
                    base64_agrees_with_another_writer_at_every_length, NULL);
}

int
main (void)
{
    return suite_run ("crypto/base64", add_tests);
}
