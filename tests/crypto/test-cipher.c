/* SPDX-License-Identifier: MIT */

#include "h3/base/error.h"
#include "h3/crypto/cipher.h"
#include "h3/crypto/digest.h"

#include "tests/crypto/wycheproof.h"

static const guint8 key[H3_CIPHER_MAX_KEY_LENGTH] = "0123456789abcdef0123456789abcde";
static const guint8 nonce[H3_CIPHER_NONCE_LENGTH] = "nonce nonce";

static H3Cipher *
new_cipher (int kind)
{
    gsize length = h3_cipher_get_key_length ((H3CipherKind) kind);
    H3Cipher *cipher = h3_cipher_new ((H3CipherKind) kind, key, length, NULL);

    ck_assert_ptr_nonnull (cipher);
    ck_assert_int_eq (h3_cipher_get_kind (cipher), kind);
    return cipher;
}

START_TEST (sealed_text_of_any_length_opens_also_in_place)
{
    for (int kind = H3_CIPHER_AES_128_GCM; kind <= H3_CIPHER_CHACHA20_POLY1305; kind++)
        for (gsize length = 0; length < 70; length++) {
            g_autoptr (H3Cipher) cipher = new_cipher (kind);
            guint8 text[70], apart[70 + H3_CIPHER_TAG_LENGTH], block[70 + H3_CIPHER_TAG_LENGTH];

            memset (text, (int) length, sizeof text);
            memcpy (block, text, length);
            ck_assert (h3_cipher_seal (cipher, nonce, "a", 1, text, length, apart, NULL));
            ck_assert (h3_cipher_seal (cipher, nonce, "a", 1, block, length, block, NULL));
            ck_assert_mem_eq (apart, block, length + H3_CIPHER_TAG_LENGTH);
            ck_assert (length < 16 || memcmp (apart, text, length) != 0);
            ck_assert (h3_cipher_open (cipher, nonce, "a", 1, block, length + H3_CIPHER_TAG_LENGTH,
                                       block, NULL));
            ck_assert_int_eq (memcmp (block, text, length), 0);
        }
}
END_TEST

START_TEST (changed_bytes_do_not_open_and_leave_nothing)
{
    static const char text[] = "what nobody may read";
    static const guint8 zeros[sizeof text];

    for (int kind = H3_CIPHER_AES_128_GCM; kind <= H3_CIPHER_CHACHA20_POLY1305; kind++) {
        g_autoptr (H3Cipher) cipher = new_cipher (kind);
        guint8 sealed[sizeof text + H3_CIPHER_TAG_LENGTH], opened[sizeof text];

        ck_assert (h3_cipher_seal (cipher, nonce, NULL, 0, text, sizeof text, sealed, NULL));
        for (gsize i = 0; i < sizeof sealed; i++) {
            g_autoptr (GError) error = NULL;

            sealed[i] ^= 1;
            memset (opened, 0x55, sizeof opened);
            ck_assert (
                !h3_cipher_open (cipher, nonce, NULL, 0, sealed, sizeof sealed, opened, &error));
            ck_assert (g_error_matches (error, H3_ERROR, H3_ERROR_INVALID));
            ck_assert_mem_eq (opened, zeros, sizeof opened);
            sealed[i] ^= 1;
        }
        ck_assert (!h3_cipher_open (cipher, nonce, "a", 1, sealed, sizeof sealed, opened, NULL));
        ck_assert (!h3_cipher_open (cipher, key, NULL, 0, sealed, sizeof sealed, opened, NULL));
        ck_assert (
            !h3_cipher_open (cipher, nonce, NULL, 0, sealed, sizeof sealed - 1, opened, NULL));
        ck_assert (!h3_cipher_open (cipher, nonce, NULL, 0, sealed, 15, opened, NULL));
        ck_assert (h3_cipher_open (cipher, nonce, NULL, 0, sealed, sizeof sealed, opened, NULL));
        ck_assert_str_eq ((const char *) opened, text);
    }
}
END_TEST

START_TEST (keys_have_one_length)
{
    for (int kind = H3_CIPHER_AES_128_GCM; kind <= H3_CIPHER_CHACHA20_POLY1305; kind++)
        for (gsize length = 0; length <= sizeof key; length++) {
            g_autoptr (GError) error = NULL;
            g_autoptr (H3Cipher) cipher = h3_cipher_new ((H3CipherKind) kind, key, length, &error);

            if (length == h3_cipher_get_key_length ((H3CipherKind) kind))
                ck_assert_ptr_nonnull (cipher);
            else
                ck_assert (g_error_matches (error, H3_ERROR, H3_ERROR_INVALID));
        }
}
END_TEST

static guint n_judged;

/* What sealing gives, or must not, and what opening says of it. */
static void
judge (H3CipherKind kind, json_t *one)
{
    g_autoptr (GByteArray) secret = wycheproof_bytes (one, "key");
    g_autoptr (GByteArray) iv = wycheproof_bytes (one, "iv");
    g_autoptr (GByteArray) associated = wycheproof_bytes (one, "aad");
    g_autoptr (GByteArray) text = wycheproof_bytes (one, "msg");
    g_autoptr (GByteArray) sealed = wycheproof_bytes (one, "ct");
    g_autoptr (GByteArray) tag = wycheproof_bytes (one, "tag");
    g_autoptr (H3Cipher) cipher = h3_cipher_new (kind, secret->data, secret->len, NULL);
    g_autofree guint8 *ours = g_malloc (text->len + H3_CIPHER_TAG_LENGTH);
    g_autofree guint8 *opened = g_malloc (text->len + 1);
    gboolean valid = wycheproof_is_valid (one);

    g_byte_array_append (sealed, tag->data, tag->len);
    ck_assert_ptr_nonnull (cipher);
    ck_assert_int_eq (h3_cipher_open (cipher, iv->data, associated->data, associated->len,
                                      sealed->data, sealed->len, opened, NULL),
                      valid);
    ck_assert (h3_cipher_seal (cipher, iv->data, associated->data, associated->len, text->data,
                               text->len, ours, NULL));
    ck_assert_msg ((memcmp (ours, sealed->data, sealed->len) == 0) == valid, "case %d",
                   wycheproof_id (one));
    if (valid && text->len > 0)
        ck_assert_int_eq (memcmp (opened, text->data, text->len), 0);
    n_judged++;
}

/* Nonces of other lengths, which are of no use, and keys of 24 bytes are not offered. */
static gboolean
is_offered (json_t *group)
{
    return json_integer_value (json_object_get (group, "ivSize")) == 8 * H3_CIPHER_NONCE_LENGTH
           && json_integer_value (json_object_get (group, "keySize")) != 192;
}

static void
judge_gcm (json_t *group, json_t *one)
{
    if (is_offered (group))
        judge (json_integer_value (json_object_get (group, "keySize")) == 128
                   ? H3_CIPHER_AES_128_GCM
                   : H3_CIPHER_AES_256_GCM,
               one);
}

static void
judge_chacha (json_t *group, json_t *one)
{
    if (is_offered (group))
        judge (H3_CIPHER_CHACHA20_POLY1305, one);
}

START_TEST (aes_gcm_agrees_with_the_published_cases)
{
    n_judged = 0;
    if (wycheproof_judge ("aes_gcm_test.json", judge_gcm) > 0)
        ck_assert_uint_eq (n_judged, 133);
}
END_TEST

START_TEST (chacha20_poly1305_agrees_with_the_published_cases)
{
    n_judged = 0;
    if (wycheproof_judge ("chacha20_poly1305_test.json", judge_chacha) > 0)
        ck_assert_uint_eq (n_judged, 316);
}
END_TEST

static gpointer
seal_in_thread (gpointer data)
{
    const H3Cipher *cipher = data;

    for (guint i = 0; i < 500; i++) {
        guint8 block[8 + H3_CIPHER_TAG_LENGTH] = "seventy";

        if (!h3_cipher_seal (cipher, nonce, NULL, 0, block, 8, block, NULL)
            || !h3_cipher_open (cipher, nonce, NULL, 0, block, sizeof block, block, NULL)
            || memcmp (block, "seventy", 8) != 0)
            return NULL;
    }
    return data;
}

START_TEST (several_threads_seal_with_one_cipher)
{
    g_autoptr (H3Cipher) cipher = new_cipher (H3_CIPHER_AES_256_GCM);
    GThread *threads[4];

    for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
        threads[i] = g_thread_new ("seal", seal_in_thread, cipher);
    for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
        ck_assert_ptr_eq (g_thread_join (threads[i]), cipher);
}
END_TEST

static void
add_tests (Suite *suite)
{
    suite_add_case (suite, "sealing", sealed_text_of_any_length_opens_also_in_place,
                    changed_bytes_do_not_open_and_leave_nothing, keys_have_one_length,
                    several_threads_seal_with_one_cipher, NULL);
    suite_add_case (suite, "published", aes_gcm_agrees_with_the_published_cases,
                    chacha20_poly1305_agrees_with_the_published_cases, NULL);
}

int
main (void)
{
    return suite_run ("crypto/cipher", add_tests);
}
