/* SPDX-License-Identifier: MIT */

#include "h3/base/error.h"
#include "h3/crypto/digest.h"

#include "tests/crypto/wycheproof.h"

static void
assert_hex (const guint8 *bytes, gsize length, const char *expected)
{
    g_autofree char *hex = h3_digest_to_hex (bytes, length);

    ck_assert_str_eq (hex, expected);
}

/* RFC 5869 §A.1 to §A.3 */
START_TEST (hkdf_agrees_with_the_published_examples)
{
    guint8 secret[22], salt[13], info[10], out[82];

    memset (secret, 0x0b, sizeof secret);
    for (guint i = 0; i < sizeof salt; i++)
        salt[i] = (guint8) i;
    for (guint i = 0; i < sizeof info; i++)
        info[i] = (guint8) (0xf0 + i);
    ck_assert (h3_digest_derive_hkdf (H3_DIGEST_SHA256, secret, sizeof secret, salt, sizeof salt,
                                      info, sizeof info, out, 42, NULL));
    assert_hex (out, 42,
                "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b88718"
                "5865");
    ck_assert (h3_digest_derive_hkdf (H3_DIGEST_SHA256, secret, sizeof secret, NULL, 0, NULL, 0,
                                      out, 42, NULL));
    assert_hex (out, 42,
                "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a"
                "96c8");
    ck_assert (h3_digest_derive_hkdf (H3_DIGEST_SHA1, secret, sizeof secret, NULL, 0, NULL, 0, out,
                                      42, NULL));
    assert_hex (out, 42,
                "0ac1af7002b3d761d1e55298da9d0506b9ae52057220a306e07b6b87e8df21d0ea00033de03984d3"
                "4918");
}
END_TEST

START_TEST (hkdf_gives_at_most_255_blocks)
{
    g_autofree guint8 *out = g_malloc (255 * 32 + 1);
    g_autoptr (GError) error = NULL;

    ck_assert (h3_digest_derive_hkdf (H3_DIGEST_SHA256, "secret", 6, NULL, 0, NULL, 0, out,
                                      255 * 32, NULL));
    ck_assert (!h3_digest_derive_hkdf (H3_DIGEST_SHA256, "secret", 6, NULL, 0, NULL, 0, out,
                                       255 * 32 + 1, &error));
    ck_assert (g_error_matches (error, H3_ERROR, H3_ERROR_INVALID));
}
END_TEST

/* RFC 6070 §2 (its fourth example takes some seconds) and RFC 7914 §11 */
START_TEST (pbkdf2_agrees_with_the_published_examples)
{
    guint8 out[64];

    ck_assert (
        h3_digest_derive_pbkdf2 (H3_DIGEST_SHA1, "password", 8, "salt", 4, 1, out, 20, NULL));
    assert_hex (out, 20, "0c60c80f961f0e71f3a9b524af6012062fe037a6");
    ck_assert (
        h3_digest_derive_pbkdf2 (H3_DIGEST_SHA1, "password", 8, "salt", 4, 4096, out, 20, NULL));
    assert_hex (out, 20, "4b007901b765489abead49d926f721d065a429c1");
    ck_assert (h3_digest_derive_pbkdf2 (H3_DIGEST_SHA1, "passwordPASSWORDpassword", 24,
                                        "saltSALTsaltSALTsaltSALTsaltSALTsalt", 36, 4096, out, 25,
                                        NULL));
    assert_hex (out, 25, "3d2eec4fe41c849b80c8d83662c0e44a8b291a964cf2f07038");
    ck_assert (h3_digest_derive_pbkdf2 (H3_DIGEST_SHA1, "pass\0word", 9, "sa\0lt", 5, 4096, out, 16,
                                        NULL));
    assert_hex (out, 16, "56fa6aa75548099dcc37d7f03425e0c3");
    ck_assert (
        h3_digest_derive_pbkdf2 (H3_DIGEST_SHA256, "passwd", 6, "salt", 4, 1, out, 64, NULL));
    assert_hex (out, 64,
                "55ac046e56e3089fec1691c22544b605f94185216dde0465e68b9d57c20dacbc"
                "49ca9cccf179b645991664b39d77ef317c71b845b1e30bd509112041d3a19783");
}
END_TEST

START_TEST (pbkdf2_refuses_no_iteration)
{
    g_autoptr (GError) error = NULL;
    guint8 out[20];

    ck_assert (!h3_digest_derive_pbkdf2 (H3_DIGEST_SHA1, "p", 1, "s", 1, 0, out, 20, &error));
    ck_assert (g_error_matches (error, H3_ERROR, H3_ERROR_INVALID));
}
END_TEST

/* RFC 7914 §12 */
START_TEST (scrypt_agrees_with_the_published_examples)
{
    guint8 out[64];

    ck_assert (h3_digest_derive_scrypt ("", 0, "", 0, 16, 1, 1, 1 << 20, out, 64, NULL));
    assert_hex (out, 64,
                "77d6576238657b203b19ca42c18a0497f16b4844e3074ae8dfdffa3fede21442"
                "fcd0069ded0948f8326a753a0fc81f17e8d3e0fb2e0d3628cf35e20c38d18906");
    ck_assert (
        h3_digest_derive_scrypt ("password", 8, "NaCl", 4, 1024, 8, 16, 4 << 20, out, 64, NULL));
    assert_hex (out, 64,
                "fdbabe1c9d3472007856e7190d01e9fe7c6ad7cbc8237830e77376634b373162"
                "2eaf30d92e22a3886ff109279d9830dac727afb94a83ee6d8360cbdfa2cc0640");
}
END_TEST

START_TEST (scrypt_keeps_within_its_memory)
{
    g_autoptr (GError) error = NULL;
    g_autoptr (GError) odd = NULL;
    guint8 out[64];

    ck_assert (!h3_digest_derive_scrypt ("p", 1, "s", 1, 1 << 14, 8, 1, 1 << 20, out, 64, &error));
    ck_assert (g_error_matches (error, H3_ERROR, H3_ERROR_INVALID));
    ck_assert (!h3_digest_derive_scrypt ("p", 1, "s", 1, 1000, 8, 1, 32 << 20, out, 64, &odd));
    ck_assert (g_error_matches (odd, H3_ERROR, H3_ERROR_INVALID));
}
END_TEST

static void
judge_hkdf (json_t *group, json_t *one)
{
    g_autoptr (GByteArray) secret = wycheproof_bytes (one, "ikm");
    g_autoptr (GByteArray) salt = wycheproof_bytes (one, "salt");
    g_autoptr (GByteArray) info = wycheproof_bytes (one, "info");
    gboolean valid = wycheproof_is_valid (one);
    gsize size = (gsize) json_integer_value (json_object_get (one, "size"));
    g_autofree guint8 *out = g_malloc (size);

    ck_assert_int_eq (h3_digest_derive_hkdf (H3_DIGEST_SHA256, secret->data, secret->len,
                                             salt->data, salt->len, info->data, info->len, out,
                                             size, NULL),
                      valid);
    if (valid)
        assert_hex (out, size, wycheproof_string (one, "okm"));
}

static void
judge_pbkdf2 (json_t *group, json_t *one)
{
    g_autoptr (GByteArray) password = wycheproof_bytes (one, "password");
    g_autoptr (GByteArray) salt = wycheproof_bytes (one, "salt");
    guint iterations = (guint) json_integer_value (json_object_get (one, "iterationCount"));
    gsize size = (gsize) json_integer_value (json_object_get (one, "dkLen"));
    g_autofree guint8 *out = g_malloc (size);

    ck_assert (wycheproof_is_valid (one));
    ck_assert (h3_digest_derive_pbkdf2 (H3_DIGEST_SHA256, (const char *) password->data,
                                        password->len, salt->data, salt->len, iterations, out, size,
                                        NULL));
    assert_hex (out, size, wycheproof_string (one, "dk"));
}

START_TEST (derived_keys_agree_with_the_published_cases)
{
    guint hkdf = wycheproof_judge ("hkdf_sha256_test.json", judge_hkdf);
    guint pbkdf2 = wycheproof_judge ("pbkdf2_hmacsha256_test.json", judge_pbkdf2);

    ck_assert ((hkdf == 0 && pbkdf2 == 0) || (hkdf == 86 && pbkdf2 == 60));
}
END_TEST

static void
add_tests (Suite *suite)
{
    suite_add_case (suite, "hkdf", hkdf_agrees_with_the_published_examples,
                    hkdf_gives_at_most_255_blocks, NULL);
    suite_add_case (suite, "passwords", pbkdf2_agrees_with_the_published_examples,
                    pbkdf2_refuses_no_iteration, scrypt_agrees_with_the_published_examples,
                    scrypt_keeps_within_its_memory, NULL);
    suite_add_case (suite, "published", derived_keys_agree_with_the_published_cases, NULL);
}

int
main (void)
{
    return suite_run ("crypto/digest-derive", add_tests);
}
