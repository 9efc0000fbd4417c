/* SPDX-License-Identifier: MIT */

#include "h3/base/error.h"
#include "h3/crypto/base64.h"
#include "h3/crypto/key-text.h"
#include "h3/format/json.h"

#include "tests/crypto/make-key.h"
#include "tests/support/suite.h"

#include <openssl/err.h>
#include <string.h>

/* The examples of RFC 7515 §A.1 and §A.3, RFC 8037 §A.1 and RFC 7638 §3.1. */
#define OCT                                                                                        \
    "{\"kty\":\"oct\",\"k\":\"AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-"                       \
    "1qS0gZH75aKtMN3Yj0iPS4h"                                                                      \
    "cgUuTwjAzZr1Z9CAow\"}"
#define X         "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU"
#define Y         "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"
#define D         "jpsQnnGQmL-YBIffH1136cspYG6-0iY7X1fCE9-E9LI"
#define EC(more)  "{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"" X "\",\"y\":\"" Y "\"" more "}"
#define OKP_X     "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"
#define OKP_D     "nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A"
#define OKP(more) "{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":\"" OKP_X "\"" more "}"
#define N                                                                                          \
    "0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECP" \
    "ebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY" \
    "368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0f" \
    "M4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw"
#define RSA(more) "{\"kty\":\"RSA\",\"n\":\"" N "\",\"e\":\"AQAB\"" more "}"

static H3Key *
read_jwk (const char *text)
{
    g_autoptr (GError) error = NULL;
    H3Key *key = h3_key_new_from_jwk_text (text, &error);

    ck_assert_msg (key != NULL, "%s", error != NULL ? error->message : "no error");
    return key;
}

static void
assert_refused (const char *text, H3Error code, const char *reason)
{
    g_autoptr (GError) error = NULL;

    ck_assert_msg (h3_key_new_from_jwk_text (text, &error) == NULL, "%s", text);
    ck_assert_msg (g_error_matches (error, H3_ERROR, (gint) code)
                       && strstr (error->message, reason) != NULL,
                   "%s: %s", text, error->message);
    ck_assert_uint_eq (ERR_peek_error (), 0);
}

static void
assert_verifies (const char *jwk, H3SignatureKind kind, const char *text, const char *signature)
{
    g_autoptr (H3Key) key = read_jwk (jwk);
    g_autoptr (GBytes) bytes = h3_base64_unescape (signature, H3_BASE64_URL);

    ck_assert (h3_key_verify (key, kind, text, strlen (text), g_bytes_get_data (bytes, NULL),
                              g_bytes_get_size (bytes)));
}

#define PAYLOAD                                                                                    \
    ".eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnV" \
    "lfQ"

START_TEST (published_signatures_are_those_of_published_keys)
{
    assert_verifies (OCT, H3_SIGNATURE_HS256, "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9" PAYLOAD,
                     "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk");
    assert_verifies (
        EC (""), H3_SIGNATURE_ES256, "eyJhbGciOiJFUzI1NiJ9" PAYLOAD,
        "DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-"
        "Kg6NU1Q");
    assert_verifies (
        OKP (""), H3_SIGNATURE_EDDSA, "eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc",
        "hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_"
        "MuM0KAg");
}
END_TEST

static void
assert_thumbprint (const char *jwk, const char *expected)
{
    g_autoptr (H3Key) key = read_jwk (jwk);
    g_autofree char *thumbprint = h3_key_dup_thumbprint (key, NULL);

    ck_assert_str_eq (thumbprint, expected);
}

START_TEST (thumbprints_are_the_published_ones)
{
    assert_thumbprint (RSA (",\"alg\":\"RS256\",\"kid\":\"2011-04-29\""),
                       "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs");
    assert_thumbprint (OKP (""), "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k");
    assert_thumbprint (OKP (",\"d\":\"" OKP_D "\""), "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k");
}
END_TEST

START_TEST (private_members_make_a_private_key)
{
    g_autoptr (H3Key) ec = read_jwk (EC (",\"d\":\"" D "\""));
    g_autoptr (H3Key) okp = read_jwk (OKP (",\"d\":\"" OKP_D "\""));
    g_autoptr (H3Key) public = read_jwk (EC (""));

    ck_assert (h3_key_is_private (ec) && h3_key_is_private (okp) && !h3_key_is_private (public));
    ck_assert (h3_key_is_equal (ec, public));
    ck_assert (h3_key_can_sign (ec, H3_SIGNATURE_ES256));
    ck_assert (h3_key_can_sign (okp, H3_SIGNATURE_EDDSA));
}
END_TEST

START_TEST (what_a_jwk_does_not_name_its_key_is_not_for)
{
    g_autoptr (H3Key) plain = read_jwk (RSA (""));
    g_autoptr (H3Key) one = read_jwk (RSA (",\"kid\":\"a\",\"alg\":\"PS256\""));
    g_autoptr (H3Key) enc = read_jwk (RSA (",\"use\":\"enc\""));
    g_autoptr (H3Key) sig = read_jwk (RSA (",\"use\":\"sig\""));
    g_autoptr (H3Key) odd = read_jwk (RSA (",\"use\":\"dance\""));
    g_autoptr (H3Key) none = read_jwk (RSA (",\"key_ops\":[]"));
    g_autoptr (H3Key) verify = read_jwk (RSA (",\"key_ops\":[\"verify\",\"dance\"]"));
    const struct {
        H3Key *key;
        gboolean rs256, ps256, encrypts;
    } expected[] = {
        { plain, TRUE, TRUE, TRUE },   { one, FALSE, TRUE, FALSE },  { enc, FALSE, FALSE, TRUE },
        { sig, TRUE, TRUE, FALSE },    { odd, FALSE, FALSE, FALSE }, { none, FALSE, FALSE, FALSE },
        { verify, TRUE, TRUE, FALSE },
    };

    ck_assert_str_eq (h3_key_get_id (one), "a");
    for (guint i = 0; i < G_N_ELEMENTS (expected); i++) {
        g_autoptr (GBytes) encrypted =
            h3_key_encrypt (expected[i].key, H3_DIGEST_SHA256, "x", 1, NULL);

        ck_assert_int_eq (h3_key_can_verify (expected[i].key, H3_SIGNATURE_RS256),
                          expected[i].rs256);
        ck_assert_int_eq (h3_key_can_verify (expected[i].key, H3_SIGNATURE_PS256),
                          expected[i].ps256);
        ck_assert_int_eq (encrypted != NULL, expected[i].encrypts);
    }
}
END_TEST

START_TEST (algorithm_of_another_kind_is_refused)
{
    static const char *const names[] = { "HS256", "ES256", "EdDSA", "none", "", "RSA-OAEP" };

    for (guint i = 0; i < G_N_ELEMENTS (names); i++) {
        g_autofree char *text = g_strdup_printf (
            "{\"kty\":\"RSA\",\"n\":\"" N "\",\"e\":\"AQAB\",\"alg\":\"%s\"}", names[i]);

        assert_refused (text, H3_ERROR_INVALID, "\"alg\"");
    }
    assert_refused (EC (",\"alg\":\"ES384\""), H3_ERROR_INVALID, "\"alg\"");
    assert_refused (EC (",\"alg\":1"), H3_ERROR_INVALID, "\"alg\"");
}
END_TEST

START_TEST (malformed_keys_are_refused_with_the_member)
{
    static const struct {
        const char *text;
        H3Error code;
        const char *reason;
    } cases[] = {
        { "", H3_ERROR_SYNTAX, "" },
        { "[]", H3_ERROR_INVALID, "object" },
        { "{}", H3_ERROR_INVALID, "\"kty\"" },
        { "{\"kty\":1}", H3_ERROR_INVALID, "\"kty\"" },
        { "{\"kty\":\"rsa\"}", H3_ERROR_INVALID, "\"kty\"" },
        { "{\"kty\":\"oct\",\"kty\":\"oct\"}", H3_ERROR_SYNTAX, "" },
        { "{\"kty\":\"oct\"}", H3_ERROR_INVALID, "\"k\"" },
        { "{\"kty\":\"oct\",\"k\":\"AAAA\"}", H3_ERROR_INVALID, "secret" },
        { "{\"kty\":\"oct\",\"k\":\"A+/=\"}", H3_ERROR_INVALID, "\"k\"" },
        { "{\"kty\":\"EC\"}", H3_ERROR_INVALID, "\"crv\"" },
        { "{\"kty\":\"EC\",\"crv\":\"Ed25519\"}", H3_ERROR_INVALID, "\"crv\"" },
        { "{\"kty\":\"OKP\",\"crv\":\"P-256\"}", H3_ERROR_INVALID, "\"crv\"" },
        { "{\"kty\":\"OKP\",\"crv\":\"X25519\"}", H3_ERROR_INVALID, "\"crv\"" },
        { "{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"" X "\"}", H3_ERROR_INVALID, "\"y\"" },
        { "{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"" X "\",\"y\":\"" X "\"}", H3_ERROR_INVALID,
          "no key" },
        { "{\"kty\":\"EC\",\"crv\":\"P-384\",\"x\":\"" X "\",\"y\":\"" Y "\"}", H3_ERROR_INVALID,
          "\"x\"" },
        { EC (",\"d\":\"AA\""), H3_ERROR_INVALID, "\"d\"" },
        { EC (",\"d\":\"" X "\""), H3_ERROR_INVALID, "belong" },
        { EC (",\"kid\":7"), H3_ERROR_INVALID, "\"kid\"" },
        { EC (",\"use\":[]"), H3_ERROR_INVALID, "\"use\"" },
        { EC (",\"key_ops\":\"sign\""), H3_ERROR_INVALID, "\"key_ops\"" },
        { EC (",\"key_ops\":[1]"), H3_ERROR_INVALID, "\"key_ops\"" },
        { OKP (",\"d\":\"" X "\""), H3_ERROR_INVALID, "\"x\"" },
        { "{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":\"AAAA\"}", H3_ERROR_INVALID, "\"x\"" },
        { "{\"kty\":\"RSA\",\"n\":\"" N "\"}", H3_ERROR_INVALID, "\"e\"" },
        { "{\"kty\":\"RSA\",\"n\":\"" N "\",\"e\":\"\"}", H3_ERROR_INVALID, "\"e\"" },
        { "{\"kty\":\"RSA\",\"n\":\"" N "\",\"e\":\"AAEAAQ\"}", H3_ERROR_INVALID, "\"e\"" },
        { "{\"kty\":\"RSA\",\"n\":\"" N "\",\"e\":\"AQ\"}", H3_ERROR_INVALID, "exponent" },
        { "{\"kty\":\"RSA\",\"n\":\"" N "\",\"e\":\"AQAA\"}", H3_ERROR_INVALID, "exponent" },
        { "{\"kty\":\"RSA\",\"n\":\"AAD" N "\",\"e\":\"AQAB\"}", H3_ERROR_INVALID, "\"n\"" },
        { "{\"kty\":\"RSA\",\"n\":\"AQAB\",\"e\":\"AQAB\"}", H3_ERROR_INVALID, "bits" },
        { RSA (",\"d\":\"AQAB\",\"oth\":[]"), H3_ERROR_INVALID, "\"oth\"" },
        { RSA (",\"d\":\"AQAB\",\"p\":\"AQAB\""), H3_ERROR_INVALID, "\"q\"" },
        { RSA (",\"d\":\"AQAB\""), H3_ERROR_INVALID, "" },
    };

    for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
        assert_refused (cases[i].text, cases[i].code, cases[i].reason);
}
END_TEST

static void
assert_same_use (const H3Key *a, const H3Key *b)
{
    for (int s = H3_SIGNATURE_HS256; s <= H3_SIGNATURE_ECDSA_SHA512; s++) {
        ck_assert_int_eq (h3_key_can_sign (a, (H3SignatureKind) s),
                          h3_key_can_sign (b, (H3SignatureKind) s));
        ck_assert_int_eq (h3_key_can_verify (a, (H3SignatureKind) s),
                          h3_key_can_verify (b, (H3SignatureKind) s));
    }
    ck_assert_str_eq (h3_key_get_id (a), h3_key_get_id (b));
}

static void
assert_comes_back (H3Key *key)
{
    g_autoptr (H3Key) half = h3_key_dup_public (key);
    g_autoptr (json_t) public = half != NULL ? h3_key_to_jwk (key, NULL) : NULL;
    g_autoptr (json_t) private = h3_key_to_private_jwk (key, NULL);
    g_autoptr (H3Key) a = public != NULL ? h3_key_new_from_jwk (public, NULL) : NULL;
    g_autoptr (H3Key) b = h3_key_new_from_jwk (private, NULL);

    ck_assert_ptr_nonnull (b);
    ck_assert (h3_key_is_equal (b, key) && h3_key_is_private (b));
    assert_same_use (b, key);
    ck_assert (half == NULL || a != NULL);
    if (half == NULL)
        return;
    ck_assert (h3_key_is_equal (a, key) && !h3_key_is_private (a));
    ck_assert_ptr_null (json_object_get (public, "d"));
    ck_assert_ptr_null (json_object_get (public, "p"));
    ck_assert_ptr_null (h3_key_to_private_jwk (half, NULL));
    assert_same_use (a, half);
}

START_TEST (written_keys_are_read_again)
{
    for (int kind = H3_KEY_SECRET; kind <= H3_KEY_ED25519; kind++) {
        g_autoptr (H3Key) plain = make_key (kind);
        g_autoptr (H3Key) key = h3_key_dup_named (plain, "é \"");
        guint n = 0;

        assert_comes_back (key);
        /* One does for RSA, whose primes are looked at each time that it is read. */
        for (int s = H3_SIGNATURE_HS256; s <= H3_SIGNATURE_EDDSA; s++)
            if (h3_key_can_sign (key, (H3SignatureKind) s)
                && (kind != H3_KEY_RSA || s == H3_SIGNATURE_PS256)) {
                g_autoptr (H3Key) restricted =
                    h3_key_dup_restricted (key, (H3SignatureKind) s, NULL);

                assert_comes_back (restricted);
                n++;
            }
        ck_assert_uint_gt (n, 0);
    }
}
END_TEST

/* Its x and its d begin with zeros, and so do an r and an s that another program signed with it. */
START_TEST (texts_of_keys_are_what_documents_are)
{
    g_autoptr (H3Key) key = make_key (H3_KEY_P256);
    g_autoptr (H3Key) half = h3_key_dup_public (key);
    g_autoptr (H3Key) secret = make_key (H3_KEY_SECRET);
    g_autofree char *public_text = h3_key_to_jwk_text (key, NULL);
    g_autofree char *private_text = h3_key_to_private_jwk_text (key, NULL);
    g_autoptr (H3Key) public_again = h3_key_new_from_jwk_text (public_text, NULL);
    g_autoptr (H3Key) private_again = h3_key_new_from_jwk_text (private_text, NULL);
    g_autoptr (GError) error = NULL;

    ck_assert (h3_key_is_equal (public_again, key) && !h3_key_is_private (public_again));
    ck_assert (h3_key_is_equal (private_again, key) && h3_key_is_private (private_again));
    ck_assert_ptr_null (h3_key_to_private_jwk_text (half, NULL));
    ck_assert_ptr_null (h3_key_to_jwk_text (secret, &error));
    ck_assert (g_error_matches (error, H3_ERROR, H3_ERROR_INVALID));
}
END_TEST

START_TEST (zeros_before_a_number_are_kept)
{
    static const char text[] =
        "{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"AFVDiUrz0A7X10Cr29dclrBod7eH219w7qeLkKjXwAo\","
        "\"y\":\"u0yFo9jqKe-q-iRAaRLdhNWxTcMr9lbvbGvVil2UP5I\","
        "\"d\":\"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAXs\"}";
    g_autoptr (json_t) jwk = json_loads (text, 0, NULL);
    g_autoptr (H3Key) key = read_jwk (text);
    g_autoptr (json_t) again = h3_key_to_private_jwk (key, NULL);

    ck_assert (json_equal (jwk, again));
    assert_verifies (
        text, H3_SIGNATURE_ES256, "text",
        "AM65anuQXqTFHe_LDS_km1E6Gr2U4gq8fkPIguw0KLePIEKAT2Wc-NAOEGQjcR4BbskQ6Qg75KmkriN"
        "UvaGDig");
    assert_verifies (
        text, H3_SIGNATURE_ES256, "text",
        "ZPObMJpXuRaoMK4kS-zkrSE4o4ze5KkMwSBUresYfGcAyqtIYydmZcloQmbjou8bD3GFerwTWoANoGP"
        "NQYcucA");
}
END_TEST

START_TEST (operations_are_written_and_read_again)
{
    static const char *const operations[] = {
        "[\"sign\"]", "[\"verify\"]",  "[\"sign\",\"verify\"]",
        "[]",         "[\"decrypt\"]", "[\"sign\",\"decrypt\"]"
    };

    for (guint i = 0; i < G_N_ELEMENTS (operations); i++) {
        g_autofree char *text =
            g_strdup_printf ("{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"" X "\",\"y\":\"" Y
                             "\",\"d\":\"" D "\",\"kid\":\"k\",\"key_ops\":%s}",
                             operations[i]);
        g_autoptr (H3Key) key = read_jwk (text);

        ck_assert_int_eq (h3_key_can_sign (key, H3_SIGNATURE_ES256),
                          strstr (operations[i], "sign") != NULL);
        ck_assert_int_eq (h3_key_can_verify (key, H3_SIGNATURE_ES256),
                          strstr (operations[i], "verify") != NULL);
        assert_comes_back (key);
    }
}
END_TEST

/* As RFC 7518 §6.3.2 allows it. */
START_TEST (rsa_key_is_read_without_its_primes)
{
    g_autoptr (H3Key) key = make_key (H3_KEY_RSA);
    g_autoptr (json_t) jwk = h3_key_to_private_jwk (key, NULL);
    g_autoptr (json_t) wrong = NULL;
    g_autoptr (H3Key) slow = NULL;
    g_autoptr (json_t) again = NULL;
    g_autoptr (GBytes) signature = NULL;
    static const char *const quicker[] = { "p", "q", "dp", "dq", "qi" };

    wrong = json_deep_copy (jwk);
    json_object_set_new (wrong, "dp",
                         json_string (json_string_value (json_object_get (jwk, "dq"))));
    ck_assert_ptr_null (h3_key_new_from_jwk (wrong, NULL));
    for (guint i = 0; i < G_N_ELEMENTS (quicker); i++)
        ck_assert_int_eq (json_object_del (jwk, quicker[i]), 0);
    slow = h3_key_new_from_jwk (jwk, NULL);
    ck_assert_ptr_nonnull (slow);
    signature = h3_key_sign (slow, H3_SIGNATURE_RS256, "x", 1, NULL);
    ck_assert (h3_key_verify (key, H3_SIGNATURE_RS256, "x", 1, g_bytes_get_data (signature, NULL),
                              g_bytes_get_size (signature)));
    again = h3_key_to_private_jwk (slow, NULL);
    ck_assert (json_equal (jwk, again));
}
END_TEST

static void
add_tests (Suite *suite)
{
    suite_add_case (suite, "published", published_signatures_are_those_of_published_keys,
                    thumbprints_are_the_published_ones, NULL);
    suite_add_case (
        suite, "reading", private_members_make_a_private_key,
        what_a_jwk_does_not_name_its_key_is_not_for, algorithm_of_another_kind_is_refused,
        malformed_keys_are_refused_with_the_member, rsa_key_is_read_without_its_primes, NULL);
    suite_add_case (suite, "writing", written_keys_are_read_again,
                    texts_of_keys_are_what_documents_are, zeros_before_a_number_are_kept,
                    operations_are_written_and_read_again, NULL);
}

int
main (void)
{
    return suite_run ("crypto/key-jwk", add_tests);
}
