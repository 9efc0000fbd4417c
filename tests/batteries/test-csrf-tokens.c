/* SPDX-License-Identifier: MIT */

#include "tests/support/suite.h"

#include <h3/batteries/csrf-tokens.h>

static void
fill (guint8 *digest, guint n)
{
    memset (digest, (int) n, CSRF_DIGEST_LENGTH);
}

static gboolean
have (const CsrfTokens *tokens, guint n)
{
    guint8 digest[CSRF_DIGEST_LENGTH];

    fill (digest, n);
    return csrf_tokens_have (tokens, digest);
}

static void
add (CsrfTokens *tokens, guint n, gint64 end)
{
    guint8 digest[CSRF_DIGEST_LENGTH];

    fill (digest, n);
    csrf_tokens_add (tokens, digest, end);
}

static void
read_at (CsrfTokens *tokens, GBytes *bytes, gint64 now)
{
    gsize length;
    const char *data = g_bytes_get_data (bytes, &length);

    csrf_tokens_read (tokens, h3_view (data, length), now);
}

START_TEST (the_sixth_token_ends_the_first)
{
    CsrfTokens tokens;

    csrf_tokens_read (&tokens, H3_VIEW_EMPTY, 0);
    for (guint n = 1; n <= 6; n++)
        add (&tokens, n, 100);
    ck_assert_uint_eq (tokens.n_tokens, 5);
    ck_assert (!have (&tokens, 1));
    for (guint n = 2; n <= 6; n++)
        ck_assert_msg (have (&tokens, n), "%u", n);
    ck_assert (!have (&tokens, 7));
}
END_TEST

START_TEST (places_without_a_token_have_none)
{
    CsrfTokens tokens;

    csrf_tokens_read (&tokens, H3_VIEW_EMPTY, 0);
    ck_assert (!have (&tokens, 0));
    add (&tokens, 1, 100);
    ck_assert (!have (&tokens, 0));
}
END_TEST

START_TEST (what_is_written_is_read_again_but_for_what_has_ended)
{
    g_autoptr (GBytes) bytes = NULL;
    CsrfTokens tokens;

    csrf_tokens_read (&tokens, H3_VIEW_EMPTY, 0);
    for (guint n = 1; n <= 5; n++)
        add (&tokens, n, 100 * n);
    bytes = csrf_tokens_write (&tokens);
    read_at (&tokens, bytes, 0);
    ck_assert_uint_eq (tokens.n_tokens, 5);
    read_at (&tokens, bytes, 299);
    ck_assert_uint_eq (tokens.n_tokens, 3);
    ck_assert (have (&tokens, 3));
    read_at (&tokens, bytes, 300);
    ck_assert (!have (&tokens, 3));
    ck_assert (have (&tokens, 4));
    read_at (&tokens, bytes, 500);
    ck_assert_uint_eq (tokens.n_tokens, 0);
}
END_TEST

START_TEST (what_is_something_else_has_no_tokens)
{
    g_autoptr (GBytes) bytes = NULL;
    CsrfTokens tokens;
    const char *data;
    gsize length;

    csrf_tokens_read (&tokens, H3_VIEW_EMPTY, 0);
    for (guint n = 1; n <= 5; n++)
        add (&tokens, n, 100);
    bytes = csrf_tokens_write (&tokens);
    data = g_bytes_get_data (bytes, &length);
    ck_assert_uint_eq (length, 201);
    for (gsize cut = 0; cut < length; cut++) {
        csrf_tokens_read (&tokens, h3_view (data, cut), 0);
        ck_assert_uint_eq (tokens.n_tokens, cut % 40 == 1 ? cut / 40 : 0);
    }
    for (guint version = 0; version < 256; version++) {
        g_autofree char *copy = g_malloc0 (length + 40);

        memcpy (copy, data, length);
        copy[0] = (char) version;
        csrf_tokens_read (&tokens, h3_view (copy, length), 0);
        ck_assert_uint_eq (tokens.n_tokens, version == 1 ? 5 : 0);
        csrf_tokens_read (&tokens, h3_view (copy, length + 40), 0);
        ck_assert_uint_eq (tokens.n_tokens, 0);
    }
}
END_TEST

static void
add_tests (Suite *suite)
{
    suite_add_case (suite, "tokens", the_sixth_token_ends_the_first,
                    places_without_a_token_have_none,
                    what_is_written_is_read_again_but_for_what_has_ended,
                    what_is_something_else_has_no_tokens, NULL);
}

int
main (void)
{
    return suite_run ("batteries/csrf-tokens", add_tests);
}
