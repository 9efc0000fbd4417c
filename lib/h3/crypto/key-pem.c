/* SPDX-License-Identifier: MIT */

#include "key-text.h"

#include "key-private.h"
#include "library-error.h"
#include "secret.h"

#include <openssl/bio.h>
#include <openssl/decoder.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <string.h>

/* DER's tag. */
#define SEQUENCE 0x30

/* What a block of PEM may be called that has a key in it. */
static const struct {
    const char *label;
    gboolean is_private;
    gboolean is_encrypted;
} labels[] = {
    { "PRIVATE KEY", TRUE, FALSE },     { "ENCRYPTED PRIVATE KEY", TRUE, TRUE },
    { "RSA PRIVATE KEY", TRUE, FALSE }, { "EC PRIVATE KEY", TRUE, FALSE },
    { "PUBLIC KEY", FALSE, FALSE },     { "RSA PUBLIC KEY", FALSE, FALSE },
};

typedef struct {
    const char *start; /* borrowed: the text */
    gsize length;
    gboolean is_private;
    gboolean is_encrypted;
} Block;

static gboolean
find_label (const char *label, gsize length, Block *block)
{
    for (gsize i = 0; i < G_N_ELEMENTS (labels); i++)
        if (strlen (labels[i].label) == length && memcmp (labels[i].label, label, length) == 0) {
            block->is_private = labels[i].is_private;
            block->is_encrypted = labels[i].is_encrypted;
            return TRUE;
        }
    return FALSE;
}

/* The first block with a key; one without an end reaches to that of the text. */
static gboolean
find_block (const char *pem, Block *block)
{
    static const char begin[] = "-----BEGIN ", dashes[] = "-----";
    const char *at = pem;

    while ((at = strstr (at, begin)) != NULL) {
        const char *label = at + strlen (begin);
        const char *label_end = strstr (label, dashes);
        const char *end;

        if (label_end == NULL)
            return FALSE;
        end = strstr (label_end + strlen (dashes), "-----END ");
        end = end != NULL ? strstr (end + strlen ("-----END "), dashes) : NULL;
        end = end != NULL ? end + strlen (dashes) : at + strlen (at);
        if (find_label (label, (gsize) (label_end - label), block)) {
            block->start = at;
            block->length = (gsize) (end - at);
            block->is_encrypted |=
                g_strstr_len (at, (gssize) block->length, "Proc-Type: 4,ENCRYPTED") != NULL;
            return TRUE;
        }
        at = end;
    }
    return FALSE;
}

/* Without a passphrase one that is encrypted fails: nobody is asked at the terminal. `*data` moves
 * behind what was read. */
static EVP_PKEY *
decode (const char *form, gboolean is_private, const char *passphrase, const guint8 **data,
        gsize *length)
{
    EVP_PKEY *pkey = NULL;
    OSSL_DECODER_CTX *context = OSSL_DECODER_CTX_new_for_pkey (
        &pkey, form, NULL, NULL, is_private ? EVP_PKEY_KEYPAIR : EVP_PKEY_PUBLIC_KEY, NULL, NULL);

    if (context != NULL
        && (passphrase == NULL
            || OSSL_DECODER_CTX_set_passphrase (context, (const guint8 *) passphrase,
                                                strlen (passphrase))
                   == 1))
        (void) OSSL_DECODER_from_data (context, data, length);
    OSSL_DECODER_CTX_free (context);
    return pkey;
}

static gboolean
fail (GError **error, H3Error code, const char *message)
{
    g_set_error_literal (error, H3_ERROR, (gint) code, message);
    return FALSE;
}

H3Key *
h3_key_new_from_pem (const char *pem, const char *passphrase, GError **error)
{
    const guint8 *data;
    gsize length;
    EVP_PKEY *pkey;
    Block block;

    g_return_val_if_fail (pem != NULL, NULL);
    if (strnlen (pem, H3_KEY_MAX_TEXT + 1) > H3_KEY_MAX_TEXT) {
        (void) fail (error, H3_ERROR_LIMIT, "the text is too long for a key");
        return NULL;
    }
    if (!find_block (pem, &block)) {
        (void) fail (error, H3_ERROR_NOT_FOUND, "there is no key in the text");
        return NULL;
    }
    if (block.is_encrypted && passphrase == NULL) {
        (void) fail (error, H3_ERROR_INVALID, "the key is encrypted: it needs a passphrase");
        return NULL;
    }
    data = (const guint8 *) block.start;
    length = block.length;
    pkey = decode ("PEM", block.is_private, passphrase, &data, &length);
    if (pkey == NULL) {
        library_error_set (error, H3_ERROR_SYNTAX,
                           block.is_encrypted ? "the key does not open with this passphrase"
                                              : "the key cannot be read");
        return NULL;
    }
    ERR_clear_error ();
    return key_take (pkey, block.is_private, error);
}

H3Key *
h3_key_new_from_file (const char *path, const char *passphrase, GError **error)
{
    g_autoptr (GError) inner = NULL;
    g_autofree char *name = NULL;
    char *text = NULL;
    gsize length = 0;
    H3Key *key = NULL;

    g_return_val_if_fail (path != NULL, NULL);
    if (g_file_get_contents (path, &text, &length, &inner)) {
        key = h3_key_new_from_pem (text, passphrase, &inner);
        h3_digest_wipe (text, length);
        g_free (text);
    }
    if (key != NULL)
        return key;
    name = g_filename_display_name (path);
    g_set_error (error, H3_ERROR,
                 inner->domain == H3_ERROR           ? inner->code
                 : inner->code == G_FILE_ERROR_NOENT ? (gint) H3_ERROR_NOT_FOUND
                                                     : (gint) H3_ERROR_FAILED,
                 "%s: %s", name, inner->message);
    return NULL;
}

H3Key *
h3_key_new_from_der (GBytes *der, GError **error)
{
    const guint8 *data;
    gsize length;
    gboolean is_private = TRUE;
    EVP_PKEY *pkey;

    g_return_val_if_fail (der != NULL, NULL);
    if (g_bytes_get_size (der) > H3_KEY_MAX_TEXT) {
        (void) fail (error, H3_ERROR_LIMIT, "there are too many bytes for a key");
        return NULL;
    }
    data = g_bytes_get_data (der, &length);
    /* All forms begin so; to try each takes OpenSSL long. */
    if (length == 0 || data[0] != SEQUENCE) {
        (void) fail (error, H3_ERROR_SYNTAX, "the key cannot be read");
        return NULL;
    }
    pkey = decode ("DER", is_private, NULL, &data, &length);
    if (pkey == NULL) {
        is_private = FALSE;
        data = g_bytes_get_data (der, &length);
        pkey = decode ("DER", is_private, NULL, &data, &length);
    }
    if (pkey == NULL) {
        library_error_set (error, H3_ERROR_SYNTAX, "the key cannot be read");
        return NULL;
    }
    ERR_clear_error ();
    if (length > 0) {
        EVP_PKEY_free (pkey);
        (void) fail (error, H3_ERROR_SYNTAX, "there are bytes behind the key");
        return NULL;
    }
    return key_take (pkey, is_private, error);
}

/* What was written, `as_text` with a NUL behind it. OpenSSL wipes its own. */
static gpointer
take_memory (BIO *memory, gboolean is_written, gboolean as_text, GError **error)
{
    char *data;
    long length = memory != NULL ? BIO_get_mem_data (memory, &data) : 0;
    gpointer taken = NULL;

    if (!is_written || length <= 0)
        library_error_set (error, H3_ERROR_FAILED, "the key cannot be written");
    else if (as_text)
        taken = g_strndup (data, (gsize) length);
    else
        taken = secret_copy (data, (gsize) length);
    BIO_free (memory);
    return taken;
}

static gboolean
has_public_half (const H3Key *key, GError **error)
{
    return key->kind != H3_KEY_SECRET
           || fail (error, H3_ERROR_INVALID, "a secret has no public half");
}

static gboolean
has_private_half (const H3Key *key, GError **error)
{
    if (key->kind == H3_KEY_SECRET)
        return fail (error, H3_ERROR_INVALID, "a secret is written as a JSON Web Key only");
    return key->is_private || fail (error, H3_ERROR_INVALID, "the key has no private half");
}

char *
h3_key_to_pem (H3Key *key, GError **error)
{
    BIO *memory;

    g_return_val_if_fail (key != NULL, NULL);
    if (!has_public_half (key, error))
        return NULL;
    memory = BIO_new (BIO_s_mem ());
    return take_memory (memory, memory != NULL && PEM_write_bio_PUBKEY (memory, key->pkey) == 1,
                        TRUE, error);
}

GBytes *
h3_key_to_der (H3Key *key, GError **error)
{
    BIO *memory;

    g_return_val_if_fail (key != NULL, NULL);
    if (!has_public_half (key, error))
        return NULL;
    memory = BIO_new (BIO_s_mem ());
    return take_memory (memory, memory != NULL && i2d_PUBKEY_bio (memory, key->pkey) == 1, FALSE,
                        error);
}

char *
h3_key_to_private_pem (H3Key *key, const char *passphrase, GError **error)
{
    BIO *memory;

    g_return_val_if_fail (key != NULL && (passphrase == NULL || *passphrase != '\0'), NULL);
    if (!has_private_half (key, error))
        return NULL;
    memory = BIO_new (BIO_s_mem ());
    return take_memory (memory,
                        memory != NULL
                            && PEM_write_bio_PKCS8PrivateKey (
                                   memory, key->pkey,
                                   passphrase != NULL ? EVP_aes_256_cbc () : NULL, passphrase,
                                   passphrase != NULL ? (int) strlen (passphrase) : 0, NULL, NULL)
                                   == 1,
                        TRUE, error);
}

GBytes *
h3_key_to_private_der (H3Key *key, GError **error)
{
    BIO *memory;

    g_return_val_if_fail (key != NULL, NULL);
    if (!has_private_half (key, error))
        return NULL;
    memory = BIO_new (BIO_s_mem ());
    return take_memory (
        memory,
        memory != NULL
            && i2d_PKCS8PrivateKey_bio (memory, key->pkey, NULL, NULL, 0, NULL, NULL) == 1,
        FALSE, error);
}
