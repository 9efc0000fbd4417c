/* SPDX-License-Identifier: MIT */

#include "h3/crypto/jwt.h"

#include "h3/base/error.h"
#include "h3/crypto/key-text.h"
#include "h3/format/json.h"
#include "h3/loop/clock.h"

#include "tests/crypto/jwt-forge.h"

#include <pthread.h>

#define HS256 "{\"alg\":\"HS256\"}"

/* (transfer full): of one secret, for tokens without an end. */
static H3JwtVerifier *
verifier_of_secret (H3Key *key)
{
    H3JwtVerifier *verifier = h3_jwt_verifier_new ();

    ck_assert (h3_jwt_verifier_add_key (verifier, key, H3_SIGNATURE_HS256, NULL));
    h3_jwt_verifier_set_needs_expiry (verifier, FALSE);
    return verifier;
}

static void
assert_header_refused (H3JwtVerifier *verifier, H3Key *key, const char *header, H3JwtError code)
{
    g_autofree char *token = forge (key, H3_SIGNATURE_HS256, header, "{}");

    assert_refused (verifier, token, code);
}

START_TEST (nothing_is_no_algorithm)
{
    static const char *const spellings[] = { "none", "None",         "NONE",  "nOnE",
                                             "",     "HS256 ",       "hs256", "HS1",
                                             "HMAC", "ECDSA-SHA256", "dir",   "A128KW" };
    g_autoptr (H3Key) key = secret_of ("a");
    g_autoptr (H3JwtVerifier) verifier = verifier_of_secret (key);

    for (gsize i = 0; i < G_N_ELEMENTS (spellings); i++) {
        g_autofree char *header = g_strdup_printf ("{\"alg\":\"%s\"}", spellings[i]);
        g_autofree char *bare = forge (NULL, H3_SIGNATURE_HS256, header, "{}");

        assert_refused (verifier, bare, H3_JWT_ERROR_ALGORITHM);
        assert_header_refused (verifier, key, header, H3_JWT_ERROR_ALGORITHM);
    }
    assert_header_refused (verifier, key, "{}", H3_JWT_ERROR_MALFORMED);
    assert_header_refused (verifier, key, "{\"alg\":null}", H3_JWT_ERROR_MALFORMED);
    assert_header_refused (verifier, key, "{\"alg\":[\"HS256\"]}", H3_JWT_ERROR_MALFORMED);
}
END_TEST

/* (transfer full): a secret that is the text of a public key. */
static H3Key *
secret_of_public (H3Key *key, gboolean is_der)
{
    g_autoptr (GBytes) der = h3_key_to_der (key, NULL);
    g_autofree char *pem = h3_key_to_pem (key, NULL);
    g_autoptr (GBytes) text = g_bytes_new (pem, strlen (pem));

    return h3_key_new_secret (is_der ? der : text, NULL);
}

/* What everybody has must not become a secret because the token says so. */
START_TEST (a_public_key_is_no_secret)
{
    g_autoptr (H3Key) key = h3_key_generate (H3_KEY_RSA, H3_KEY_MIN_RSA_BITS, NULL);
    g_autoptr (H3Key) public = h3_key_dup_public (key);
    g_autoptr (H3JwtVerifier) verifier = h3_jwt_verifier_new ();

    h3_jwt_verifier_set_needs_expiry (verifier, FALSE);
    ck_assert (h3_jwt_verifier_add_key (verifier, public, H3_SIGNATURE_RS256, NULL));
    for (int is_der = FALSE; is_der <= TRUE; is_der++) {
        g_autoptr (H3Key) confused = secret_of_public (public, is_der);
        g_autofree char *token = forge (confused, H3_SIGNATURE_HS256, HS256, "{}");
        g_autofree char *as_rsa = forge (confused, H3_SIGNATURE_HS256, "{\"alg\":\"RS256\"}", "{}");

        assert_refused (verifier, token, H3_JWT_ERROR_ALGORITHM);
        assert_refused (verifier, as_rsa, H3_JWT_ERROR_SIGNATURE);
    }
    ck_assert (!h3_jwt_verifier_add_key (verifier, public, H3_SIGNATURE_HS256, NULL));
}
END_TEST

START_TEST (an_algorithm_is_taken_only_where_it_was_said)
{
    g_autoptr (H3Key) key = h3_key_generate (H3_KEY_RSA, H3_KEY_MIN_RSA_BITS, NULL);
    g_autoptr (H3JwtVerifier) verifier = h3_jwt_verifier_new ();
    g_autofree char *token = h3_jwt_sign_text (key, H3_SIGNATURE_PS256, "{}", NULL, NULL);

    h3_jwt_verifier_set_needs_expiry (verifier, FALSE);
    assert_refused (verifier, token, H3_JWT_ERROR_ALGORITHM);
    ck_assert (h3_jwt_verifier_add_key (verifier, key, H3_SIGNATURE_RS256, NULL));
    assert_refused (verifier, token, H3_JWT_ERROR_ALGORITHM);
    ck_assert (h3_jwt_verifier_add_key (verifier, key, H3_SIGNATURE_PS256, NULL));
    assert_taken (verifier, token, "{}");
}
END_TEST

START_TEST (what_is_critical_is_refused)
{
    static const char *const headers[] = {
        "{\"alg\":\"HS256\",\"crit\":[\"exp\"],\"exp\":1}",
        "{\"alg\":\"HS256\",\"crit\":[]}",
        "{\"alg\":\"HS256\",\"crit\":[\"b64\"],\"b64\":true}",
        "{\"alg\":\"HS256\",\"b64\":false}",
        "{\"alg\":\"HS256\",\"crit\":null}",
    };
    g_autoptr (H3Key) key = secret_of ("a");
    g_autoptr (H3JwtVerifier) verifier = verifier_of_secret (key);

    for (gsize i = 0; i < G_N_ELEMENTS (headers); i++)
        assert_header_refused (verifier, key, headers[i], H3_JWT_ERROR_EXTENSION);
}
END_TEST

/* The token brings its own key, and is signed with it. */
START_TEST (keys_in_the_token_are_not_looked_at)
{
    g_autoptr (H3Key) ours = secret_of ("a");
    g_autoptr (H3Key) theirs = secret_of ("b");
    g_autoptr (H3JwtVerifier) verifier = verifier_of_secret (ours);
    g_autoptr (json_t) jwk = h3_key_to_private_jwk (theirs, NULL);
    g_autofree char *jwk_text = h3_json_to_text (jwk, H3_JSON_COMPACT);
    g_autofree char *header = g_strdup_printf (
        "{\"alg\":\"HS256\",\"jwk\":%s,\"jku\":\"http://127.0.0.1/\",\"x5u\":\"file:///etc\","
        "\"x5c\":[\"AA==\"]}",
        jwk_text);
    g_autofree char *forged = forge (theirs, H3_SIGNATURE_HS256, header, "{}");
    g_autofree char *honest = forge (ours, H3_SIGNATURE_HS256, header, "{}");

    assert_refused (verifier, forged, H3_JWT_ERROR_SIGNATURE);
    assert_taken (verifier, honest, "{}");
}
END_TEST

START_TEST (a_name_only_chooses_among_the_keys)
{
    static const char *const names[] = { "c", "../../dev/null", "' OR 1=1 --", "", "A" };
    g_autoptr (H3Key) secret_a = secret_of ("a");
    g_autoptr (H3Key) secret_b = secret_of ("b");
    g_autoptr (H3Key) a = h3_key_dup_named (secret_a, "a");
    g_autoptr (H3Key) b = h3_key_dup_named (secret_b, "b");
    g_autoptr (H3JwtVerifier) verifier = verifier_of_secret (a);
    g_autofree char *by_b =
        forge (b, H3_SIGNATURE_HS256, "{\"alg\":\"HS256\",\"kid\":\"b\"}", "{}");
    g_autofree char *as_a =
        forge (b, H3_SIGNATURE_HS256, "{\"alg\":\"HS256\",\"kid\":\"a\"}", "{}");
    g_autofree char *bare = forge (b, H3_SIGNATURE_HS256, HS256, "{}");

    assert_refused (verifier, by_b, H3_JWT_ERROR_KEY);
    ck_assert (h3_jwt_verifier_add_key (verifier, b, H3_SIGNATURE_HS256, NULL));
    assert_taken (verifier, by_b, "{}");
    assert_taken (verifier, bare, "{}");
    assert_refused (verifier, as_a, H3_JWT_ERROR_SIGNATURE);
    for (gsize i = 0; i < G_N_ELEMENTS (names); i++) {
        g_autofree char *header = g_strdup_printf ("{\"alg\":\"HS256\",\"kid\":\"%s\"}", names[i]);

        assert_header_refused (verifier, b, header, H3_JWT_ERROR_KEY);
    }
    assert_header_refused (verifier, b, "{\"alg\":\"HS256\",\"kid\":1}", H3_JWT_ERROR_MALFORMED);
}
END_TEST

START_TEST (few_keys_are_tried_for_one_token)
{
    g_autoptr (H3JwtVerifier) verifier = h3_jwt_verifier_new ();
    g_autoptr (H3Key) last = NULL;
    g_autofree char *bare = NULL;
    g_autofree char *named = NULL;

    h3_jwt_verifier_set_needs_expiry (verifier, FALSE);
    for (guint i = 0; i <= H3_JWT_MAX_TRIES; i++) {
        g_autofree char *name = g_strdup_printf ("key %u", i);
        g_autoptr (H3Key) secret = secret_of (name);

        h3_key_unref (g_steal_pointer (&last));
        last = h3_key_dup_named (secret, name);
        ck_assert (h3_jwt_verifier_add_key (verifier, last, H3_SIGNATURE_HS256, NULL));
        bare = (g_free (bare), forge (last, H3_SIGNATURE_HS256, HS256, "{}"));
        if (i < H3_JWT_MAX_TRIES)
            assert_taken (verifier, bare, "{}");
    }
    assert_refused (verifier, bare, H3_JWT_ERROR_KEY);
    named = h3_jwt_sign_text (last, H3_SIGNATURE_HS256, "{}", NULL, NULL);
    assert_taken (verifier, named, "{}");
}
END_TEST

START_TEST (keys_are_bounded)
{
    g_autoptr (H3JwtVerifier) verifier = h3_jwt_verifier_new ();
    g_autoptr (H3Key) key = secret_of ("a");
    g_autoptr (GError) error = NULL;

    for (guint i = 0; i < H3_JWT_MAX_KEYS; i++)
        ck_assert (h3_jwt_verifier_add_key (verifier, key, H3_SIGNATURE_HS256, NULL));
    ck_assert (!h3_jwt_verifier_add_key (verifier, key, H3_SIGNATURE_HS256, &error));
    ck_assert (g_error_matches (error, H3_ERROR, H3_ERROR_LIMIT));
    ck_assert_uint_eq (h3_jwt_verifier_count_keys (verifier), H3_JWT_MAX_KEYS);
}
END_TEST

START_TEST (what_is_no_token_is_malformed)
{
    static const char *const texts[] = {
        "",
        ".",
        "..",
        "...",
        "a.b.c",
        "e30.e30.e30.",
        "e30.e30",
        "e30..e30",
        ".e30.e30",
        "eyJhbGciOiJIUzI1NiJ9.e30.e30.e30.e30",
        "eyJhbGciOiJIUzI1NiJ9=.e30.AA",
        "eyJhbGciOiJIUzI1NiJ9.e30.A",
        "eyJhbGciOiJIUzI1NiJ9.e30.AB",
        "eyJhbGciOiJIUzI1NiJ9.e30.A+",
        " eyJhbGciOiJIUzI1NiJ9.e30.AA",
        "eyJhbGciOiJIUzI1NiJ9.e30.AA\n",
        "W10.e30.AA",
        "{\"payload\":\"e30\"}",
    };
    g_autoptr (H3Key) key = secret_of ("a");
    g_autoptr (H3JwtVerifier) verifier = verifier_of_secret (key);

    for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
        assert_refused (verifier, texts[i], H3_JWT_ERROR_MALFORMED);
    assert_header_refused (verifier, key, "{\"alg\":\"HS256\",\"alg\":\"HS256\"}",
                           H3_JWT_ERROR_MALFORMED);
    assert_header_refused (verifier, key, "{\"alg\":\"HS256\"} x", H3_JWT_ERROR_MALFORMED);
    assert_header_refused (verifier, key, "{\"alg\":\"HS256\",\"typ\":1}", H3_JWT_ERROR_MALFORMED);
    assert_header_refused (verifier, key, "{\"alg\":\"HS256\",\"a\":\"\xff\"}",
                           H3_JWT_ERROR_MALFORMED);
}
END_TEST

/* (transfer full): {"a":[[…]]} of so many brackets. */
static char *
nest (guint depth)
{
    g_autofree char *opening = g_strnfill (depth, '[');
    g_autofree char *closing = g_strnfill (depth, ']');

    return g_strconcat ("{\"a\":", opening, closing, "}", NULL);
}

START_TEST (tokens_are_bounded)
{
    g_autoptr (H3Key) key = secret_of ("a");
    g_autoptr (H3JwtVerifier) verifier = verifier_of_secret (key);
    g_autofree char *deep = nest (H3_JWT_MAX_DEPTH - 1);
    g_autofree char *too_deep = nest (H3_JWT_MAX_DEPTH);
    g_autofree char *taken = forge (key, H3_SIGNATURE_HS256, HS256, deep);
    g_autofree char *refused = forge (key, H3_SIGNATURE_HS256, HS256, too_deep);
    g_autofree char *filler = g_strnfill (H3_JWT_MAX_LENGTH / 4 * 3, 'a');
    g_autofree char *long_claims = g_strdup_printf ("{\"a\":\"%s\"}", filler);
    g_autofree char *too_long = forge (key, H3_SIGNATURE_HS256, HS256, long_claims);

    assert_taken (verifier, taken, deep);
    assert_refused (verifier, refused, H3_JWT_ERROR_MALFORMED);
    assert_refused (verifier, too_long, H3_JWT_ERROR_MALFORMED);
}
END_TEST

/* Two members of one name: whoever checked one of them had the other. */
START_TEST (claims_are_one_object)
{
    static const char *const payloads[] = { "{\"sub\":\"a\",\"sub\":\"b\"}",
                                            "[]",
                                            "\"a\"",
                                            "null",
                                            "{}{}",
                                            "",
                                            "{\"a\":01}",
                                            "{\"a\":\"\\u0000\"}" };
    g_autoptr (H3Key) key = secret_of ("a");
    g_autoptr (H3JwtVerifier) verifier = verifier_of_secret (key);

    for (gsize i = 0; i < G_N_ELEMENTS (payloads); i++) {
        g_autofree char *token = forge (key, H3_SIGNATURE_HS256, HS256, payloads[i]);

        assert_refused (verifier, token, H3_JWT_ERROR_MALFORMED);
    }
}
END_TEST

START_TEST (a_type_is_checked_where_it_is_asked_for)
{
    static const char *const right[] = { "at+jwt", "AT+JWT", "application/at+jwt" };
    static const char *const wrong[] = { "JWT", "at+jwt ", "application/a/at+jwt", "" };
    g_autoptr (H3Key) key = secret_of ("a");
    g_autoptr (H3JwtVerifier) verifier = verifier_of_secret (key);

    h3_jwt_verifier_set_type (verifier, "at+jwt");
    for (gsize i = 0; i < G_N_ELEMENTS (right); i++) {
        g_autofree char *token = h3_jwt_sign_text (key, H3_SIGNATURE_HS256, "{}", right[i], NULL);

        assert_taken (verifier, token, "{}");
    }
    for (gsize i = 0; i < G_N_ELEMENTS (wrong); i++) {
        g_autofree char *token = h3_jwt_sign_text (key, H3_SIGNATURE_HS256, "{}", wrong[i], NULL);

        assert_refused (verifier, token, H3_JWT_ERROR_CLAIM);
    }
    assert_header_refused (verifier, key, HS256, H3_JWT_ERROR_CLAIM);
}
END_TEST

/* Of these keys one is for encryption, one of another curve, one is a secret, one cannot be read.
 */
static const char key_set[] =
    "{\"keys\":[{\"kty\":\"EC\",\"kid\":\"one\",\"crv\":\"P-256\",\"x\":"
    "\"f83OJ3D2xF1Bg8vub9tLe1gHMzV"
    "76e8Tus9uPHvRVEU\",\"y\":\"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0\"},"
    "{\"kty\":\"EC\",\"kid\":\"two\",\"use\":\"enc\",\"crv\":\"P-256\",\"x\":"
    "\"f83OJ3D2xF1Bg8vub9tLe1"
    "gHMzV76e8Tus9uPHvRVEU\",\"y\":\"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0\"},"
    "{\"kty\":\"OKP\",\"crv\":\"X25519\",\"x\":\"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo\"},"
    "{\"kty\":\"oct\",\"kid\":\"a\",\"k\":"
    "\"YQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
    "AAAAAAAAAAAAAAAAAAAAAAA\"},7,{\"kty\":\"new\"}]}";

START_TEST (a_key_set_gives_the_keys_that_are_asked_for)
{
    static const H3SignatureKind public[] = { H3_SIGNATURE_RS256, H3_SIGNATURE_ES256 };
    static const H3SignatureKind both[] = { H3_SIGNATURE_ES256, H3_SIGNATURE_HS256 };
    static const H3SignatureKind neither[] = { H3_SIGNATURE_EDDSA };
    g_autoptr (H3JwtVerifier) verifier = h3_jwt_verifier_new ();
    g_autoptr (H3Key) secret = secret_of ("a");
    g_autoptr (GError) error = NULL;
    g_autofree char *token = forge (secret, H3_SIGNATURE_HS256, HS256, "{}");

    h3_jwt_verifier_set_needs_expiry (verifier, FALSE);
    ck_assert (h3_jwt_verifier_set_key_set (verifier, key_set, public, 2, NULL));
    ck_assert_uint_eq (h3_jwt_verifier_count_keys (verifier), 1);
    assert_refused (verifier, token, H3_JWT_ERROR_ALGORITHM);
    ck_assert (h3_jwt_verifier_set_key_set (verifier, key_set, both, 2, NULL));
    ck_assert_uint_eq (h3_jwt_verifier_count_keys (verifier), 2);
    assert_taken (verifier, token, "{}");
    ck_assert (!h3_jwt_verifier_set_key_set (verifier, key_set, neither, 1, &error));
    ck_assert (g_error_matches (error, H3_ERROR, H3_ERROR_NOT_FOUND));
    ck_assert (!h3_jwt_verifier_set_key_set (verifier, "[]", both, 2, NULL));
    ck_assert (!h3_jwt_verifier_set_key_set (verifier, "{", both, 2, NULL));
    ck_assert_uint_eq (h3_jwt_verifier_count_keys (verifier), 2);
}
END_TEST

START_TEST (keys_that_were_added_stay_beside_a_set)
{
    static const H3SignatureKind kinds[] = { H3_SIGNATURE_ES256 };
    g_autoptr (H3Key) key = secret_of ("a");
    g_autoptr (H3JwtVerifier) verifier = verifier_of_secret (key);
    g_autofree char *token = forge (key, H3_SIGNATURE_HS256, HS256, "{}");

    for (guint i = 0; i < 3; i++)
        ck_assert (h3_jwt_verifier_set_key_set (verifier, key_set, kinds, 1, NULL));
    ck_assert_uint_eq (h3_jwt_verifier_count_keys (verifier), 2);
    assert_taken (verifier, token, "{}");
}
END_TEST

static void *
verify_many_times (void *data)
{
    g_autoptr (H3Key) key = secret_of ("a");
    g_autofree char *token = forge (key, H3_SIGNATURE_HS256, HS256, "{}");

    for (guint i = 0; i < 200; i++) {
        g_autofree char *claims = h3_jwt_verifier_verify_text (data, token, NULL);

        ck_assert_ptr_nonnull (claims);
    }
    return NULL;
}

START_TEST (keys_change_while_threads_verify)
{
    static const H3SignatureKind kinds[] = { H3_SIGNATURE_ES256, H3_SIGNATURE_HS256 };
    g_autoptr (H3JwtVerifier) verifier = h3_jwt_verifier_new ();
    pthread_t threads[3];

    h3_jwt_verifier_set_needs_expiry (verifier, FALSE);
    ck_assert (h3_jwt_verifier_set_key_set (verifier, key_set, kinds, 2, NULL));
    for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
        ck_assert_int_eq (pthread_create (&threads[i], NULL, verify_many_times, verifier), 0);
    for (guint i = 0; i < 50; i++)
        ck_assert (h3_jwt_verifier_set_key_set (verifier, key_set, kinds, 2, NULL));
    for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
        ck_assert_int_eq (pthread_join (threads[i], NULL), 0);
}
END_TEST

static void
add_tests (Suite *suite)
{
    suite_add_case (suite, "algorithm", nothing_is_no_algorithm, a_public_key_is_no_secret,
                    an_algorithm_is_taken_only_where_it_was_said, NULL);
    suite_add_case (suite, "header", what_is_critical_is_refused,
                    keys_in_the_token_are_not_looked_at, a_name_only_chooses_among_the_keys,
                    a_type_is_checked_where_it_is_asked_for, NULL);
    suite_add_case (suite, "text", what_is_no_token_is_malformed, tokens_are_bounded,
                    claims_are_one_object, NULL);
    suite_add_case (suite, "keys", few_keys_are_tried_for_one_token, keys_are_bounded,
                    a_key_set_gives_the_keys_that_are_asked_for,
                    keys_that_were_added_stay_beside_a_set, keys_change_while_threads_verify, NULL);
}

int
main (void)
{
    return suite_run ("crypto/jwt-verifier", add_tests);
}
