/* SPDX-License-Identifier: MIT */

#include "h3/base/error.h"
#include "h3/crypto/key-text.h"

#include "tests/crypto/make-key.h"
#include "tests/crypto/wycheproof.h"

#include <openssl/err.h>

static const H3SignatureKind first_of[] = {
    [H3_KEY_SECRET] = H3_SIGNATURE_HS256, [H3_KEY_RSA] = H3_SIGNATURE_RS256,
    [H3_KEY_P256] = H3_SIGNATURE_ES256,   [H3_KEY_P384] = H3_SIGNATURE_ES384,
    [H3_KEY_P521] = H3_SIGNATURE_ES512,   [H3_KEY_ED25519] = H3_SIGNATURE_EDDSA,
};

static gboolean
verify (H3Key *key, int kind, const char *text, GBytes *signature)
{
    return h3_key_verify (key, (H3SignatureKind) kind, text, strlen (text),
                          g_bytes_get_data (signature, NULL), g_bytes_get_size (signature));
}

static void
assert_signs (H3Key *key, H3Key *public, H3Key *stranger, int kind)
{
    g_autoptr (GError) error = NULL;
    g_autoptr (GBytes) signature = h3_key_sign (key, (H3SignatureKind) kind, "text", 4, &error);
    g_autoptr (GByteArray) changed = NULL;
    gsize length;

    ck_assert_msg (signature != NULL, "%s", error != NULL ? error->message : "no error");
    length = g_bytes_get_size (signature);
    ck_assert (verify (public, kind, "text", signature) && verify (key, kind, "text", signature));
    ck_assert (!verify (public, kind, "texT", signature) && !verify (public, kind, "", signature));
    ck_assert (!verify (stranger, kind, "text", signature));
    changed = g_bytes_unref_to_array (g_bytes_ref (signature));
    for (gsize i = 0; i<length; i += length> 100 ? 31 : 1) {
        changed->data[i] ^= 4;
        ck_assert (
            !h3_key_verify (public, (H3SignatureKind) kind, "text", 4, changed->data, length));
        ck_assert (!h3_key_verify (public, (H3SignatureKind) kind, "text", 4, changed->data, i));
        changed->data[i] ^= 4;
    }
    for (int other = H3_SIGNATURE_HS256; other <= H3_SIGNATURE_ECDSA_SHA512; other++)
        ck_assert (other == kind || !verify (public, other, "text", signature));
    ck_assert_uint_eq (ERR_peek_error (), 0);
}

START_TEST (signature_is_of_key_text_and_kind)
{
    for (int kind = H3_KEY_SECRET; kind <= H3_KEY_ED25519; kind++) {
        g_autoptr (H3Key) key = make_key (kind);
        g_autoptr (H3Key) stranger = kind == H3_KEY_RSA
                                         ? h3_key_new_from_pem (KEY_RSA_OTHER_PUBLIC, NULL, NULL)
                                         : make_key (kind);
        g_autoptr (H3Key) half = h3_key_dup_public (key);
        guint n = 0;

        for (int s = H3_SIGNATURE_HS256; s <= H3_SIGNATURE_ECDSA_SHA512; s++)
            if (h3_key_can_sign (key, (H3SignatureKind) s)) {
                assert_signs (key, half != NULL ? half : key, stranger, s);
                n++;
            }
        ck_assert_uint_gt (n, 0);
    }
}
END_TEST

START_TEST (signatures_of_jose_have_one_length)
{
    static const gsize lengths[] = { 32, 256, 64, 96, 132, 64 };

    for (int kind = H3_KEY_SECRET; kind <= H3_KEY_ED25519; kind++) {
        g_autoptr (H3Key) key = make_key (kind);

        /* Of one in 128 an r or s begins with a zero. */
        for (guint i = 0; i < (kind == H3_KEY_P256 ? 50 : 3); i++) {
            g_autoptr (GBytes) signature = h3_key_sign (key, first_of[kind], &i, sizeof i, NULL);

            ck_assert_uint_eq (g_bytes_get_size (signature), lengths[kind]);
            ck_assert (h3_key_verify (key, first_of[kind], &i, sizeof i,
                                      g_bytes_get_data (signature, NULL), lengths[kind]));
        }
    }
}
END_TEST

START_TEST (key_signs_only_what_it_is_for)
{
    for (int kind = H3_KEY_SECRET; kind <= H3_KEY_ED25519; kind++) {
        g_autoptr (H3Key) key = make_key (kind);
        g_autoptr (H3Key) public = h3_key_dup_public (key);

        for (int s = H3_SIGNATURE_HS256; s <= H3_SIGNATURE_ECDSA_SHA512; s++) {
            g_autoptr (GError) error = NULL;
            g_autoptr (GError) not_private = NULL;
            g_autoptr (GBytes) signature = NULL;

            signature = h3_key_sign (key, (H3SignatureKind) s, "x", 1, &error);
            ck_assert_int_eq (signature != NULL, h3_key_can_sign (key, (H3SignatureKind) s));
            if (signature == NULL)
                ck_assert (g_error_matches (error, H3_ERROR, H3_ERROR_INVALID));
            if (public == NULL)
                continue;
            ck_assert_ptr_null (h3_key_sign (public, (H3SignatureKind) s, "x", 1, &not_private));
            ck_assert (g_error_matches (not_private, H3_ERROR, H3_ERROR_INVALID));
        }
    }
}
END_TEST

/* The public half, taken for a secret by its text, is what forgers of tokens try. */
START_TEST (mac_by_the_text_of_a_public_key_is_no_signature)
{
    g_autoptr (H3Key) key = make_key (H3_KEY_RSA);
    g_autoptr (H3Key) public = h3_key_dup_public (key);
    g_autofree char *pem = h3_key_to_pem (key, NULL);
    g_autoptr (GBytes) text = g_bytes_new_static (pem, strlen (pem));
    g_autoptr (H3Key) forger = h3_key_new_secret (text, NULL);
    g_autoptr (GBytes) signature = h3_key_sign (forger, H3_SIGNATURE_HS256, "text", 4, NULL);

    ck_assert_ptr_nonnull (signature);
    ck_assert (verify (forger, H3_SIGNATURE_HS256, "text", signature));
    for (int s = H3_SIGNATURE_HS256; s <= H3_SIGNATURE_ECDSA_SHA512; s++)
        ck_assert (!verify (public, s, "text", signature));
}
END_TEST

START_TEST (encrypted_bytes_decrypt_with_the_private_half_only)
{
    static const guint8 data[190] = "some key";
    g_autoptr (H3Key) key = make_key (H3_KEY_RSA);
    g_autoptr (H3Key) public = h3_key_dup_public (key);
    g_autoptr (GBytes) encrypted = h3_key_encrypt (public, H3_DIGEST_SHA256, data, 190, NULL);
    g_autoptr (GBytes) empty = h3_key_encrypt (public, H3_DIGEST_SHA1, NULL, 0, NULL);
    g_autoptr (GBytes) decrypted = NULL;
    g_autoptr (GBytes) nothing = NULL;
    g_autoptr (GError) error = NULL;
    gsize length;
    gconstpointer bytes = g_bytes_get_data (encrypted, &length);

    decrypted = h3_key_decrypt (key, H3_DIGEST_SHA256, bytes, length, NULL);
    ck_assert_uint_eq (g_bytes_get_size (decrypted), 190);
    ck_assert_mem_eq (g_bytes_get_data (decrypted, NULL), data, 190);
    nothing = h3_key_decrypt (key, H3_DIGEST_SHA1, g_bytes_get_data (empty, NULL), length, NULL);
    ck_assert_uint_eq (g_bytes_get_size (nothing), 0);
    ck_assert_ptr_null (h3_key_decrypt (public, H3_DIGEST_SHA256, bytes, length, NULL));
    ck_assert_ptr_null (h3_key_decrypt (key, H3_DIGEST_SHA1, bytes, length, NULL));
    ck_assert_ptr_null (h3_key_decrypt (key, H3_DIGEST_SHA256, bytes, length - 1, &error));
    ck_assert (g_error_matches (error, H3_ERROR, H3_ERROR_INVALID));
    ck_assert_ptr_null (h3_key_encrypt (public, H3_DIGEST_SHA256, data, 191, NULL));
    ck_assert_ptr_null (h3_key_encrypt (public, H3_DIGEST_MD5, data, 1, NULL));
    ck_assert_uint_eq (ERR_peek_error (), 0);
}
END_TEST

START_TEST (every_digest_but_md5_encrypts)
{
    g_autoptr (H3Key) key = make_key (H3_KEY_RSA);

    for (int kind = H3_DIGEST_SHA1; kind <= H3_DIGEST_SHA512_256; kind++) {
        g_autoptr (GBytes) encrypted = h3_key_encrypt (key, (H3DigestKind) kind, "x", 1, NULL);
        g_autoptr (GBytes) decrypted = NULL;

        ck_assert_ptr_nonnull (encrypted);
        decrypted = h3_key_decrypt (key, (H3DigestKind) kind, g_bytes_get_data (encrypted, NULL),
                                    g_bytes_get_size (encrypted), NULL);
        ck_assert_uint_eq (g_bytes_get_size (decrypted), 1);
    }
}
END_TEST

static void
judge (json_t *group, json_t *one, H3SignatureKind kind)
{
    g_autoptr (GByteArray) der = wycheproof_bytes (group, "publicKeyDer");
    g_autoptr (GByteArray) text = wycheproof_bytes (one, "msg");
    g_autoptr (GByteArray) signature = wycheproof_bytes (one, "sig");
    g_autoptr (GBytes) bytes = g_bytes_new_static (der->data, der->len);
    g_autoptr (H3Key) key = h3_key_new_from_der (bytes, NULL);

    ck_assert_msg (key != NULL, "the key of case %d", wycheproof_id (one));
    /* What is "acceptable" is signed otherwise than the standard says, and refused. */
    ck_assert_msg (h3_key_verify (key, kind, text->data, text->len, signature->data, signature->len)
                       == wycheproof_is_valid (one),
                   "case %d", wycheproof_id (one));
}

static void
judge_pkcs1 (json_t *group, json_t *one)
{
    judge (group, one, H3_SIGNATURE_RS256);
}

static void
judge_pss (json_t *group, json_t *one)
{
    judge (group, one, H3_SIGNATURE_PS256);
}

static void
judge_ecdsa (json_t *group, json_t *one)
{
    judge (group, one, H3_SIGNATURE_ECDSA_SHA256);
}

static void
judge_ed25519 (json_t *group, json_t *one)
{
    judge (group, one, H3_SIGNATURE_EDDSA);
}

START_TEST (signatures_agree_with_the_published_cases)
{
    static const struct {
        const char *name;
        WycheproofJudge judge;
        guint n;
    } files[] = {
        { "rsa_signature_2048_sha256_test.json", judge_pkcs1, 259 },
        { "rsa_pss_2048_sha256_mgf1_32_test.json", judge_pss, 108 },
        { "ecdsa_secp256r1_sha256_test.json", judge_ecdsa, 484 },
        { "ed25519_test.json", judge_ed25519, 151 },
    };

    for (guint i = 0; i < G_N_ELEMENTS (files); i++) {
        guint n = wycheproof_judge (files[i].name, files[i].judge);

        ck_assert (n == 0 || n == files[i].n);
    }
}
END_TEST

static void
add_tests (Suite *suite)
{
    suite_add_case (suite, "signatures", signature_is_of_key_text_and_kind,
                    signatures_of_jose_have_one_length, key_signs_only_what_it_is_for,
                    mac_by_the_text_of_a_public_key_is_no_signature, NULL);
    suite_add_case (suite, "encryption", encrypted_bytes_decrypt_with_the_private_half_only,
                    every_digest_but_md5_encrypts, NULL);
    suite_add_case (suite, "published", signatures_agree_with_the_published_cases, NULL);
}

int
main (void)
{
    return suite_run ("crypto/key-sign", add_tests);
}
