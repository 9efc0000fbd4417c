/* SPDX-License-Identifier: MIT */

#include "h3/base/error.h"
#include "h3/crypto/token.h"
#include "h3/loop/clock.h"

#include "tests/support/suite.h"

#include <string.h>

static GBytes *
secret_of (guint8 first)
{
    guint8 secret[H3_SEALER_MIN_SECRET];

    for (guint i = 0; i < sizeof secret; i++)
        secret[i] = (guint8) (first + i);
    return g_bytes_new (secret, sizeof secret);
}

static void
add_key (H3Sealer *sealer, guint8 first)
{
    g_autoptr (GBytes) secret = secret_of (first);

    ck_assert (h3_sealer_add_key (sealer, secret, NULL));
}

static H3Sealer *
new_sealer (guint8 first)
{
    H3Sealer *sealer = h3_sealer_new ();

    add_key (sealer, first);
    return sealer;
}

static char *
seal (H3Sealer *sealer, const char *data)
{
    char *token = h3_sealer_seal (sealer, "test", data, strlen (data), H3_SEALER_NEVER, NULL);

    ck_assert_ptr_nonnull (token);
    return token;
}

static void
assert_opens (H3Sealer *sealer, const char *token, const char *data)
{
    g_autoptr (GError) error = NULL;
    g_autoptr (GBytes) opened = h3_sealer_open (sealer, "test", token, &error);

    ck_assert_msg (opened != NULL, "%s", error != NULL ? error->message : "no error");
    ck_assert_uint_eq (g_bytes_get_size (opened), strlen (data));
    ck_assert_int_eq (memcmp (g_bytes_get_data (opened, NULL), data, strlen (data)), 0);
}

static void
assert_refused (H3Sealer *sealer, const char *purpose, const char *token, H3Error code)
{
    g_autoptr (GError) error = NULL;

    ck_assert_ptr_null (h3_sealer_open (sealer, purpose, token, &error));
    ck_assert (g_error_matches (error, H3_ERROR, code));
}

START_TEST (token_opens_as_what_was_sealed)
{
    g_autoptr (H3Sealer) sealer = new_sealer (0);
    g_autofree char *token = seal (sealer, "some data");
    g_autofree char *again = seal (sealer, "some data");
    g_autofree char *empty = h3_sealer_seal (sealer, "test", NULL, 0, H3_SEALER_NEVER, NULL);

    assert_opens (sealer, token, "some data");
    assert_opens (sealer, again, "some data");
    assert_opens (sealer, empty, "");
    ck_assert_str_ne (token, again);
    ck_assert_uint_eq (strspn (token,
                               "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
                               "-_"),
                       strlen (token));
}
END_TEST

/* Made by another program: tokens in use stay good when the library changes. */
START_TEST (token_of_an_earlier_version_opens)
{
    static const char token[] =
        "AVB3FohAQUJDREVGR0hJSktMTU5PUFFSU1RVVlel-qbouDaVB_0KjxVl3Cgni6zZOXLXzkqnoib27w";
    g_autoptr (H3Sealer) sealer = new_sealer (0);
    g_autoptr (GBytes) opened = h3_sealer_open (sealer, "session", token, NULL);

    ck_assert_ptr_nonnull (opened);
    ck_assert_uint_eq (g_bytes_get_size (opened), 5);
    ck_assert_mem_eq (g_bytes_get_data (opened, NULL), "hello", 5);
}
END_TEST

START_TEST (token_with_any_character_changed_is_refused)
{
    g_autoptr (H3Sealer) sealer = new_sealer (0);
    g_autofree char *token = seal (sealer, "x");
    gsize length = strlen (token);

    for (gsize i = 0; i < length; i++) {
        char was = token[i];

        token[i] = was == 'A' ? 'B' : 'A';
        assert_refused (sealer, "test", token, H3_ERROR_INVALID);
        token[i] = was;
    }
    assert_opens (sealer, token, "x");
    for (; length > 0; length--) {
        token[length - 1] = '\0';
        assert_refused (sealer, "test", token, H3_ERROR_INVALID);
    }
}
END_TEST

START_TEST (token_is_for_one_purpose)
{
    g_autoptr (H3Sealer) sealer = new_sealer (0);
    g_autofree char *token = seal (sealer, "x");

    assert_refused (sealer, "tes", token, H3_ERROR_INVALID);
    assert_refused (sealer, "test2", token, H3_ERROR_INVALID);
    assert_opens (sealer, token, "x");
}
END_TEST

START_TEST (token_opens_until_it_expires)
{
    g_autoptr (H3Sealer) sealer = new_sealer (0);
    g_autofree char *token = NULL;
    g_autofree char *past = NULL;
    gint64 now;

    clock_take_control ();
    now = clock_get_real_seconds ();
    token = h3_sealer_seal (sealer, "test", "x", 1, now + 10, NULL);
    past = h3_sealer_seal (sealer, "test", "x", 1, G_MININT64, NULL);
    assert_refused (sealer, "test", past, H3_ERROR_TIMEOUT);
    assert_opens (sealer, token, "x");
    while (clock_get_real_seconds () < now + 9)
        clock_drive (100);
    assert_opens (sealer, token, "x");
    clock_drive (1000);
    assert_refused (sealer, "test", token, H3_ERROR_TIMEOUT);
}
END_TEST

START_TEST (newest_key_seals_and_all_open)
{
    g_autoptr (H3Sealer) old = new_sealer (0);
    g_autoptr (H3Sealer) both = new_sealer (0);
    g_autoptr (H3Sealer) new = new_sealer (1);
    g_autofree char *of_old = seal (old, "x");
    g_autofree char *of_both = NULL;
    g_autofree char *of_old_again = NULL;

    add_key (both, 1);
    ck_assert_uint_eq (h3_sealer_get_n_keys (both), 2);
    of_both = seal (both, "y");
    assert_opens (both, of_old, "x");
    assert_opens (new, of_both, "y");
    assert_refused (old, "test", of_both, H3_ERROR_INVALID);
    assert_refused (new, "test", of_old, H3_ERROR_INVALID);
    add_key (both, 0);
    ck_assert_uint_eq (h3_sealer_get_n_keys (both), 2);
    of_old_again = seal (both, "z");
    assert_opens (old, of_old_again, "z");
    assert_opens (both, of_both, "y");
}
END_TEST

START_TEST (oldest_key_goes_when_there_are_too_many)
{
    g_autoptr (H3Sealer) sealer = new_sealer (0);
    g_autofree char *first = seal (sealer, "x");
    g_autofree char *second = NULL;

    add_key (sealer, 1);
    second = seal (sealer, "y");
    for (guint8 i = 2; i < H3_SEALER_MAX_KEYS; i++)
        add_key (sealer, i);
    assert_opens (sealer, first, "x");
    add_key (sealer, H3_SEALER_MAX_KEYS);
    ck_assert_uint_eq (h3_sealer_get_n_keys (sealer), H3_SEALER_MAX_KEYS);
    assert_refused (sealer, "test", first, H3_ERROR_INVALID);
    assert_opens (sealer, second, "y");
}
END_TEST

START_TEST (short_secrets_and_no_keys_are_refused)
{
    g_autoptr (H3Sealer) sealer = h3_sealer_new ();
    g_autoptr (GBytes) secret = g_bytes_new_static ("0123456789012345678901234567890", 31);
    g_autoptr (GError) error = NULL;
    g_autoptr (GError) no_key = NULL;

    ck_assert (!h3_sealer_add_key (sealer, secret, &error));
    ck_assert (g_error_matches (error, H3_ERROR, H3_ERROR_INVALID));
    ck_assert_ptr_null (h3_sealer_seal (sealer, "test", "x", 1, H3_SEALER_NEVER, &no_key));
    ck_assert (g_error_matches (no_key, H3_ERROR, H3_ERROR_NOT_FOUND));
}
END_TEST

START_TEST (generated_keys_are_nobody_elses)
{
    g_autoptr (H3Sealer) a = h3_sealer_new ();
    g_autoptr (H3Sealer) b = h3_sealer_new ();
    g_autofree char *token = NULL;

    ck_assert (h3_sealer_generate_key (a, NULL) && h3_sealer_generate_key (b, NULL));
    token = seal (a, "x");
    assert_opens (a, token, "x");
    assert_refused (b, "test", token, H3_ERROR_INVALID);
}
END_TEST

static gpointer
seal_in_thread (gpointer data)
{
    H3Sealer *sealer = h3_sealer_ref (data);

    for (guint8 i = 0; i < 100; i++) {
        g_autofree char *token = h3_sealer_seal (sealer, "test", &i, 1, H3_SEALER_NEVER, NULL);
        g_autoptr (GBytes) opened =
            token != NULL ? h3_sealer_open (sealer, "test", token, NULL) : NULL;

        if (opened == NULL)
            data = NULL;
    }
    h3_sealer_unref (sealer);
    return data;
}

START_TEST (several_threads_seal_while_a_key_is_added)
{
    g_autoptr (H3Sealer) sealer = new_sealer (0);
    GThread *threads[4];

    for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
        threads[i] = g_thread_new ("seal", seal_in_thread, sealer);
    for (guint8 i = 1; i < H3_SEALER_MAX_KEYS; i++)
        add_key (sealer, i);
    for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
        ck_assert_ptr_eq (g_thread_join (threads[i]), sealer);
}
END_TEST

static void
add_tests (Suite *suite)
{
    suite_add_case (suite, "tokens", token_opens_as_what_was_sealed,
                    token_of_an_earlier_version_opens, token_with_any_character_changed_is_refused,
                    token_is_for_one_purpose, token_opens_until_it_expires, NULL);
    suite_add_case (suite, "keys", newest_key_seals_and_all_open,
                    oldest_key_goes_when_there_are_too_many, short_secrets_and_no_keys_are_refused,
                    generated_keys_are_nobody_elses, several_threads_seal_while_a_key_is_added,
                    NULL);
}

int
main (void)
{
    return suite_run ("crypto/token", add_tests);
}
