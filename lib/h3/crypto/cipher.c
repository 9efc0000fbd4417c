/* SPDX-License-Identifier: MIT */

#include "cipher.h"

#include <h3/base/error.h>

#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <pthread.h>

struct _H3Cipher {
    H3CipherKind kind;
    guint8 key[H3_CIPHER_MAX_KEY_LENGTH];
};

static const struct {
    const char *name;
    gsize key_length;
} kinds[] = {
    [H3_CIPHER_AES_128_GCM] = { "AES-128-GCM", 16 },
    [H3_CIPHER_AES_256_GCM] = { "AES-256-GCM", 32 },
    [H3_CIPHER_CHACHA20_POLY1305] = { "ChaCha20-Poly1305", 32 },
};

/* Looked up once: that takes longer than to seal a short text. They stay until the program ends. */
static EVP_CIPHER *methods[G_N_ELEMENTS (kinds)];
static pthread_once_t methods_once = PTHREAD_ONCE_INIT;

static void
fetch_methods (void)
{
    for (gsize i = 0; i < G_N_ELEMENTS (kinds); i++)
        methods[i] = EVP_CIPHER_fetch (NULL, kinds[i].name, NULL);
    ERR_clear_error ();
}

static gboolean
is_kind (H3CipherKind kind)
{
    return (guint) kind < G_N_ELEMENTS (kinds);
}

gsize
h3_cipher_get_key_length (H3CipherKind kind)
{
    g_return_val_if_fail (is_kind (kind), 0);
    return kinds[kind].key_length;
}

H3Cipher *
h3_cipher_new (H3CipherKind kind, const void *key, gsize key_length, GError **error)
{
    H3Cipher *cipher;

    g_return_val_if_fail (is_kind (kind) && (key != NULL || key_length == 0), NULL);
    if (key_length != kinds[kind].key_length) {
        g_set_error (error, H3_ERROR, H3_ERROR_INVALID,
                     "a key for %s has %" G_GSIZE_FORMAT " bytes, not %" G_GSIZE_FORMAT,
                     kinds[kind].name, kinds[kind].key_length, key_length);
        return NULL;
    }
    (void) pthread_once (&methods_once, fetch_methods);
    if (methods[kind] == NULL) {
        g_set_error (error, H3_ERROR, H3_ERROR_FAILED, "the system's OpenSSL has no %s",
                     kinds[kind].name);
        return NULL;
    }
    cipher = g_new0 (H3Cipher, 1);
    cipher->kind = kind;
    memcpy (cipher->key, key, key_length);
    return cipher;
}

void
h3_cipher_free (H3Cipher *cipher)
{
    if (cipher == NULL)
        return;
    OPENSSL_cleanse (cipher->key, sizeof cipher->key);
    g_free (cipher);
}

H3CipherKind
h3_cipher_get_kind (const H3Cipher *cipher)
{
    g_return_val_if_fail (cipher != NULL, H3_CIPHER_AES_256_GCM);
    return cipher->kind;
}

/* OpenSSL counts in an int. */
static gboolean
fits (gsize length, const char *what, GError **error)
{
    if (length <= G_MAXINT - H3_CIPHER_TAG_LENGTH)
        return TRUE;
    g_set_error (error, H3_ERROR, H3_ERROR_INVALID,
                 "%s of %" G_GSIZE_FORMAT " bytes is too long for a cipher", what, length);
    return FALSE;
}

/* Associated data, then the text, in one direction. A piece of no bytes is not shown to OpenSSL: to
 * some versions it is the end. */
static gboolean
pass (EVP_CIPHER_CTX *context, const void *associated, gsize associated_length, const void *data,
      gsize length, guint8 *out)
{
    guint8 nothing[EVP_MAX_BLOCK_LENGTH];
    int written;

    if (associated_length > 0
        && EVP_CipherUpdate (context, NULL, &written, associated, (int) associated_length) != 1)
        return FALSE;
    if (length > 0
        && (EVP_CipherUpdate (context, out, &written, data, (int) length) != 1
            || written != (int) length))
        return FALSE;
    return EVP_CipherFinal_ex (context, nothing, &written) == 1 && written == 0;
}

gboolean
h3_cipher_seal (const H3Cipher *cipher, const guint8 *nonce, const void *associated,
                gsize associated_length, const void *data, gsize length, guint8 *out,
                GError **error)
{
    EVP_CIPHER_CTX *context;
    gboolean done;

    g_return_val_if_fail (cipher != NULL && nonce != NULL && out != NULL, FALSE);
    g_return_val_if_fail (associated != NULL || associated_length == 0, FALSE);
    g_return_val_if_fail (data != NULL || length == 0, FALSE);
    if (!fits (length, "a text", error) || !fits (associated_length, "associated data", error))
        return FALSE;
    context = EVP_CIPHER_CTX_new ();
    done =
        context != NULL
        && EVP_EncryptInit_ex2 (context, methods[cipher->kind], cipher->key, nonce, NULL) == 1
        && pass (context, associated, associated_length, data, length, out)
        && EVP_CIPHER_CTX_ctrl (context, EVP_CTRL_AEAD_GET_TAG, H3_CIPHER_TAG_LENGTH, out + length)
               == 1;
    EVP_CIPHER_CTX_free (context);
    if (done)
        return TRUE;
    ERR_clear_error ();
    OPENSSL_cleanse (out, length + H3_CIPHER_TAG_LENGTH);
    g_set_error (error, H3_ERROR, H3_ERROR_FAILED, "the system's OpenSSL does not seal with %s",
                 kinds[cipher->kind].name);
    return FALSE;
}

gboolean
h3_cipher_open (const H3Cipher *cipher, const guint8 *nonce, const void *associated,
                gsize associated_length, const void *sealed, gsize length, guint8 *out,
                GError **error)
{
    guint8 tag[H3_CIPHER_TAG_LENGTH];
    EVP_CIPHER_CTX *context;
    gboolean done;

    g_return_val_if_fail (cipher != NULL && nonce != NULL && out != NULL, FALSE);
    g_return_val_if_fail (associated != NULL || associated_length == 0, FALSE);
    g_return_val_if_fail (sealed != NULL || length == 0, FALSE);
    if (!fits (length, "a text", error) || !fits (associated_length, "associated data", error))
        return FALSE;
    if (length < sizeof tag) {
        g_set_error_literal (error, H3_ERROR, H3_ERROR_INVALID,
                             "what was sealed is shorter than its tag");
        return FALSE;
    }
    length -= sizeof tag;
    memcpy (tag, (const guint8 *) sealed + length, sizeof tag);
    context = EVP_CIPHER_CTX_new ();
    done = context != NULL
           && EVP_DecryptInit_ex2 (context, methods[cipher->kind], cipher->key, nonce, NULL) == 1
           && EVP_CIPHER_CTX_ctrl (context, EVP_CTRL_AEAD_SET_TAG, sizeof tag, tag) == 1
           && pass (context, associated, associated_length, sealed, length, out);
    EVP_CIPHER_CTX_free (context);
    if (done)
        return TRUE;
    ERR_clear_error ();
    OPENSSL_cleanse (out, length);
    g_set_error_literal (error, H3_ERROR, H3_ERROR_INVALID,
                         "what was sealed does not open: it was changed, or sealed otherwise");
    return FALSE;
}
