/* SPDX-License-Identifier: MIT */

#include "h3/base/error.h"
#include "h3/crypto/password.h"

#include "tests/support/suite.h"

#include <string.h>

/* As little as there may be: what is asked here does not hang on it. */
static const H3PasswordCost cheap = { H3_PASSWORD_MIN_LOG_N, 8, 1 };

#define SALT "aM15713r3Xsvxbi31lqr1Q"
#define HASH "nFNh2CVHVjNldFVKDHDlm4CbdRSCdEBsjjJxD+iCs5E"

static char *
hash (const char *password, const H3PasswordCost *cost)
{
    g_autoptr (GError) error = NULL;
    char *text = h3_password_hash (password, cost, &error);

    ck_assert_msg (text != NULL, "%s", error != NULL ? error->message : "no error");
    return text;
}

START_TEST (password_is_verified_and_no_other)
{
    g_autofree char *text = hash ("pässword", &cheap);
    g_autofree char *again = hash ("pässword", &cheap);

    ck_assert (g_str_has_prefix (text, "$scrypt$ln=10,r=8,p=1$"));
    ck_assert_str_ne (text, again);
    ck_assert (h3_password_verify ("pässword", text) && h3_password_verify ("pässword", again));
    ck_assert (!h3_password_verify ("passwörd", text));
    ck_assert (!h3_password_verify ("", text));
    ck_assert (!h3_password_verify ("pässword ", text));
}
END_TEST

START_TEST (hash_of_another_library_is_verified)
{
    ck_assert (h3_password_verify ("password", "$scrypt$ln=16,r=8,p=1$" SALT "$" HASH));
    ck_assert (!h3_password_verify ("Password", "$scrypt$ln=16,r=8,p=1$" SALT "$" HASH));
    ck_assert (h3_password_verify (
        "pleaseletmein", "$scrypt$ln=10,r=8,p=1$U29kaXVtQ2hsb3JpZGU$"
                         "VBc2h9Jl5DImvZFLAVJn4v3UEIqgWTf7VJ7OsMJ2ooX+WeIpP1qj/iiPDn5VJ5Da"
                         "pNjXnAkpRmMVKstxndIluA"));
}
END_TEST

START_TEST (default_cost_needs_no_rehash)
{
    g_autofree char *text = hash ("password", NULL);
    const H3PasswordCost other = { 15, 8, 4 };

    ck_assert (g_str_has_prefix (text, "$scrypt$ln=15,r=8,p=3$"));
    ck_assert (h3_password_verify ("password", text));
    ck_assert (!h3_password_needs_rehash (text, NULL));
    ck_assert (h3_password_needs_rehash (text, &other));
    ck_assert (h3_password_needs_rehash ("$scrypt$ln=16,r=8,p=1$" SALT "$" HASH, NULL));
    ck_assert (h3_password_needs_rehash ("no hash", NULL));
}
END_TEST

START_TEST (nobody_has_no_password)
{
    ck_assert (!h3_password_verify ("password", NULL));
    ck_assert (!h3_password_verify ("", NULL));
}
END_TEST

START_TEST (malformed_and_unbearable_hashes_are_none)
{
    static const char *const bad[] = {
        "",
        "$",
        "$scrypt$",
        "$scrypt$ln=16,r=8,p=1$" SALT "$",
        "$scrypt$ln=16,r=8,p=1$" SALT,
        "$scrypt$ln=16,r=8,p=1$$" HASH,
        "$scrypt$ln=16,r=8,p=1$" SALT "$" HASH "$",
        "$scrypt$ln=16,r=8,p=1$" SALT "$" HASH "=",
        "$scrypt$ln=16,r=8,p=1$" SALT "$ " HASH,
        "$scrypt$ln=16,r=8,p=1$AAAA$" HASH,
        "$scrypt$ln=16,r=8,p=1$" SALT "$AAAA",
        "$scrypt$ln=16,r=8,p=1$" SALT "$" HASH HASH HASH,
        "$scrypt$ln=16,r=8,p=1$" SALT "$" HASH "AA",
        "$scrypt$r=8,ln=16,p=1$" SALT "$" HASH,
        "$scrypt$ln=16,r=8$" SALT "$" HASH,
        "$scrypt$ln=016,r=8,p=1$" SALT "$" HASH,
        "$scrypt$ln=+16,r=8,p=1$" SALT "$" HASH,
        "$scrypt$ln=0,r=8,p=1$" SALT "$" HASH,
        "$scrypt$ln=16,r=0,p=1$" SALT "$" HASH,
        "$scrypt$ln=16,r=8,p=0$" SALT "$" HASH,
        "$scrypt$ln=18,r=8,p=1$" SALT "$" HASH,
        "$scrypt$ln=30,r=8,p=1$" SALT "$" HASH,
        "$scrypt$ln=64,r=8,p=1$" SALT "$" HASH,
        "$scrypt$ln=4294967312,r=8,p=1$" SALT "$" HASH,
        "$scrypt$ln=16,r=1024,p=1$" SALT "$" HASH,
        "$scrypt$ln=16,r=8,p=17$" SALT "$" HASH,
        "$scrypt$ln=17,r=1,p=1$" SALT "$" HASH,
        "$scrypt$ln=1,r=1,p=1025$" SALT "$" HASH,
        "$argon2id$v=19$m=65536,t=2,p=1$" SALT "$" HASH,
    };

    ck_assert (h3_password_is_hash ("$scrypt$ln=16,r=8,p=1$" SALT "$" HASH));
    for (guint i = 0; i < G_N_ELEMENTS (bad); i++) {
        ck_assert_msg (!h3_password_is_hash (bad[i]), "%s", bad[i]);
        ck_assert (!h3_password_verify ("password", bad[i]));
    }
}
END_TEST

START_TEST (impossible_costs_and_passwords_are_not_hashed)
{
    static const H3PasswordCost costs[] = {
        { 0, 8, 1 }, { 9, 8, 1 }, { 18, 8, 1 }, { 31, 1, 1 }, { 10, 0, 1 }, { 10, 8, 0 },
    };
    g_autofree char *longest = g_strnfill (H3_PASSWORD_MAX_LENGTH, 'x');
    g_autofree char *too_long = g_strnfill (H3_PASSWORD_MAX_LENGTH + 1, 'x');
    g_autofree char *text = hash (longest, &cheap);
    g_autoptr (GError) empty = NULL;
    g_autoptr (GError) long_one = NULL;

    ck_assert (h3_password_verify (longest, text) && !h3_password_verify (too_long, text));
    ck_assert_ptr_null (h3_password_hash (too_long, &cheap, &long_one));
    ck_assert (g_error_matches (long_one, H3_ERROR, H3_ERROR_INVALID));
    ck_assert_ptr_null (h3_password_hash ("", &cheap, &empty));
    ck_assert (g_error_matches (empty, H3_ERROR, H3_ERROR_INVALID));
    for (guint i = 0; i < G_N_ELEMENTS (costs); i++) {
        g_autoptr (GError) error = NULL;

        ck_assert_ptr_null (h3_password_hash ("password", &costs[i], &error));
        ck_assert (g_error_matches (error, H3_ERROR, H3_ERROR_INVALID));
    }
}
END_TEST

static void
add_tests (Suite *suite)
{
    suite_add_case (suite, "hashes", password_is_verified_and_no_other,
                    hash_of_another_library_is_verified, default_cost_needs_no_rehash,
                    nobody_has_no_password, NULL);
    suite_add_case (suite, "bounds", malformed_and_unbearable_hashes_are_none,
                    impossible_costs_and_passwords_are_not_hashed, NULL);
}

int
main (void)
{
    return suite_run ("crypto/password", add_tests);
}
