/* SPDX-License-Identifier: MIT */

#include "token.h"

#include "base64.h"
#include "cipher.h"
#include "digest.h"
#include "secret.h"

#include <h3/base/error.h>
#include <h3/loop/clock.h>

#include <pthread.h>
#include <stdatomic.h>
#include <string.h>

/* What stands before the sealed part, and is sealed with it as associated data. */
enum {
    VERSION = 1,
    ID_LENGTH = 4,
    SALT_LENGTH = 24,
    SALT_AT = 1 + ID_LENGTH,
    HEAD_LENGTH = SALT_AT + SALT_LENGTH,
    EXPIRY_LENGTH = 8,
    LEAST_LENGTH = HEAD_LENGTH + EXPIRY_LENGTH + H3_CIPHER_TAG_LENGTH,
};

#define MAX_DATA ((gsize) 1 << 30)

typedef struct {
    guint8 secret[32];
    guint8 id[ID_LENGTH];
} SealerKey;

struct _H3Sealer {
    atomic_int references;
    pthread_mutex_t lock; /* guards what follows */
    SealerKey keys[H3_SEALER_MAX_KEYS];
    guint n_keys; /* the newest is the last */
};

G_DEFINE_BOXED_TYPE (H3Sealer, h3_sealer, h3_sealer_ref, h3_sealer_unref)

H3Sealer *
h3_sealer_new (void)
{
    H3Sealer *sealer = g_new0 (H3Sealer, 1);

    atomic_init (&sealer->references, 1);
    (void) pthread_mutex_init (&sealer->lock, NULL);
    return sealer;
}

H3Sealer *
h3_sealer_ref (H3Sealer *sealer)
{
    g_return_val_if_fail (sealer != NULL, NULL);
    atomic_fetch_add_explicit (&sealer->references, 1, memory_order_relaxed);
    return sealer;
}

void
h3_sealer_unref (H3Sealer *sealer)
{
    if (sealer == NULL
        || atomic_fetch_sub_explicit (&sealer->references, 1, memory_order_acq_rel) != 1)
        return;
    h3_digest_wipe (sealer->keys, sizeof sealer->keys);
    (void) pthread_mutex_destroy (&sealer->lock);
    g_free (sealer);
}

/* Under the lock: takes the key at `place` out; those behind it move up. */
static void
drop_key (H3Sealer *sealer, guint place)
{
    sealer->n_keys--;
    memmove (&sealer->keys[place], &sealer->keys[place + 1],
             (sealer->n_keys - place) * sizeof *sealer->keys);
    h3_digest_wipe (&sealer->keys[sealer->n_keys], sizeof *sealer->keys);
}

static void
add_key (H3Sealer *sealer, const SealerKey *key)
{
    (void) pthread_mutex_lock (&sealer->lock);
    for (guint i = sealer->n_keys; i-- > 0;)
        if (h3_digest_equal (&sealer->keys[i], key, sizeof *key))
            drop_key (sealer, i);
    if (sealer->n_keys == H3_SEALER_MAX_KEYS)
        drop_key (sealer, 0);
    sealer->keys[sealer->n_keys++] = *key;
    (void) pthread_mutex_unlock (&sealer->lock);
}

/* The secret itself may be what other keys are made of: ours and its number are derived. */
static gboolean
derive_key (const void *secret, gsize length, SealerKey *key, GError **error)
{
    static const char info[] = "h3-glib sealed tokens 1";
    guint8 derived[sizeof key->secret + ID_LENGTH];
    gboolean done = h3_digest_derive_hkdf (H3_DIGEST_SHA256, secret, length, NULL, 0, info,
                                           sizeof info - 1, derived, sizeof derived, error);

    if (done) {
        memcpy (key->secret, derived, sizeof key->secret);
        memcpy (key->id, derived + sizeof key->secret, ID_LENGTH);
    }
    h3_digest_wipe (derived, sizeof derived);
    return done;
}

gboolean
h3_sealer_add_key (H3Sealer *sealer, GBytes *secret, GError **error)
{
    const void *data;
    SealerKey key;
    gsize length;

    g_return_val_if_fail (sealer != NULL && secret != NULL, FALSE);
    data = g_bytes_get_data (secret, &length);
    if (length < H3_SEALER_MIN_SECRET) {
        g_set_error (error, H3_ERROR, H3_ERROR_INVALID,
                     "a secret for sealed tokens has at least %d bytes, not %" G_GSIZE_FORMAT,
                     H3_SEALER_MIN_SECRET, length);
        return FALSE;
    }
    if (!derive_key (data, length, &key, error))
        return FALSE;
    add_key (sealer, &key);
    h3_digest_wipe (&key, sizeof key);
    return TRUE;
}

gboolean
h3_sealer_generate_key (H3Sealer *sealer, GError **error)
{
    guint8 secret[H3_SEALER_MIN_SECRET];
    SealerKey key;
    gboolean done;

    g_return_val_if_fail (sealer != NULL, FALSE);
    done = h3_digest_fill_random (secret, sizeof secret, error)
           && derive_key (secret, sizeof secret, &key, error);
    if (done) {
        add_key (sealer, &key);
        h3_digest_wipe (&key, sizeof key);
    }
    h3_digest_wipe (secret, sizeof secret);
    return done;
}

guint
h3_sealer_get_n_keys (H3Sealer *sealer)
{
    guint n_keys;

    g_return_val_if_fail (sealer != NULL, 0);
    (void) pthread_mutex_lock (&sealer->lock);
    n_keys = sealer->n_keys;
    (void) pthread_mutex_unlock (&sealer->lock);
    return n_keys;
}

static gboolean
copy_newest (H3Sealer *sealer, SealerKey *key)
{
    gboolean found;

    (void) pthread_mutex_lock (&sealer->lock);
    found = sealer->n_keys > 0;
    if (found)
        *key = sealer->keys[sealer->n_keys - 1];
    (void) pthread_mutex_unlock (&sealer->lock);
    return found;
}

/* The newest of that number. Two keys share one once in four thousand million times: the older
 * one's tokens are then lost. */
static gboolean
copy_by_id (H3Sealer *sealer, const guint8 *id, SealerKey *key)
{
    gboolean found = FALSE;

    (void) pthread_mutex_lock (&sealer->lock);
    for (guint i = sealer->n_keys; i-- > 0 && !found;) {
        found = memcmp (sealer->keys[i].id, id, ID_LENGTH) == 0;
        if (found)
            *key = sealer->keys[i];
    }
    (void) pthread_mutex_unlock (&sealer->lock);
    return found;
}

/* One token's cipher: the key is of random bytes already, so one step of HKDF gives another (RFC
 * 5869 §2.3). Wipes `key`. */
static H3Cipher *
new_cipher (SealerKey *key, const char *purpose, const guint8 *head, GError **error)
{
    g_autoptr (H3Digest) expand =
        h3_digest_new_hmac (H3_DIGEST_SHA256, key->secret, sizeof key->secret, error);
    guint8 derived[32];
    H3Cipher *cipher = NULL;

    h3_digest_wipe (key, sizeof *key);
    if (expand == NULL)
        return NULL;
    h3_digest_update (expand, head + SALT_AT, SALT_LENGTH);
    h3_digest_update (expand, purpose, strlen (purpose));
    h3_digest_update (expand, "\1", 1);
    if (h3_digest_finish (expand, derived, error))
        cipher = h3_cipher_new (H3_CIPHER_AES_256_GCM, derived, sizeof derived, error);
    h3_digest_wipe (derived, sizeof derived);
    return cipher;
}

/* Each message has a key of its own, so one nonce does for all. */
static const guint8 nonce[H3_CIPHER_NONCE_LENGTH];

/* `block` has room for all; its text begins behind the head. */
static gboolean
seal_block (SealerKey *key, const char *purpose, guint8 *block, gsize text_length, GError **error)
{
    g_autoptr (H3Cipher) cipher = NULL;

    block[0] = VERSION;
    memcpy (block + 1, key->id, ID_LENGTH);
    if (h3_digest_fill_random (block + SALT_AT, SALT_LENGTH, error))
        cipher = new_cipher (key, purpose, block, error);
    h3_digest_wipe (key, sizeof *key);
    return cipher != NULL
           && h3_cipher_seal (cipher, nonce, block, HEAD_LENGTH, block + HEAD_LENGTH, text_length,
                              block + HEAD_LENGTH, error);
}

char *
h3_sealer_seal (H3Sealer *sealer, const char *purpose, const void *data, gsize length,
                gint64 expires, GError **error)
{
    gsize size = LEAST_LENGTH + length;
    gint64 expiry = GINT64_TO_BE (expires);
    g_autofree guint8 *block = NULL;
    SealerKey key;
    char *text = NULL;

    g_return_val_if_fail (sealer != NULL && purpose != NULL && *purpose != '\0', NULL);
    g_return_val_if_fail (length <= MAX_DATA && (data != NULL || length == 0), NULL);
    if (!copy_newest (sealer, &key)) {
        g_set_error_literal (error, H3_ERROR, H3_ERROR_NOT_FOUND,
                             "there is no key to seal a token with");
        return NULL;
    }
    block = g_malloc (size);
    memcpy (block + HEAD_LENGTH, &expiry, EXPIRY_LENGTH);
    if (length > 0)
        memcpy (block + HEAD_LENGTH + EXPIRY_LENGTH, data, length);
    if (seal_block (&key, purpose, block, EXPIRY_LENGTH + length, error)) {
        text = g_malloc (H3_BASE64_ROOM (size));
        (void) h3_base64_encode (block, size, H3_BASE64_URL, text);
    } else {
        h3_digest_wipe (block, size);
    }
    return text;
}

static GBytes *
refuse (GError **error, H3Error code, const char *message)
{
    g_set_error_literal (error, H3_ERROR, code, message);
    return NULL;
}

/* What stands in `block`, behind the head, in the clear. */
static GBytes *
take_data (const guint8 *block, gsize length, GError **error)
{
    gint64 expires;

    memcpy (&expires, block, EXPIRY_LENGTH);
    expires = GINT64_FROM_BE (expires);
    if (expires <= clock_get_real_seconds ())
        return refuse (error, H3_ERROR_TIMEOUT, "the token has expired");
    return secret_copy (block + EXPIRY_LENGTH, length - EXPIRY_LENGTH);
}

GBytes *
h3_sealer_open (H3Sealer *sealer, const char *purpose, const char *text, GError **error)
{
    static const char not_ours[] = "the text is no token of ours for this purpose";
    g_autoptr (H3Cipher) cipher = NULL;
    g_autofree guint8 *block = NULL;
    GBytes *data = NULL;
    SealerKey key;
    gsize length;

    g_return_val_if_fail (sealer != NULL && purpose != NULL && *purpose != '\0', NULL);
    g_return_val_if_fail (text != NULL, NULL);
    length = strlen (text);
    block = g_malloc (length / 4 * 3 + 2);
    if (!h3_base64_decode (h3_view (text, length), H3_BASE64_URL, block, &length)
        || length < LEAST_LENGTH || block[0] != VERSION || !copy_by_id (sealer, block + 1, &key))
        return refuse (error, H3_ERROR_INVALID, not_ours);
    cipher = new_cipher (&key, purpose, block, error);
    if (cipher == NULL)
        return NULL;
    length -= HEAD_LENGTH;
    if (!h3_cipher_open (cipher, nonce, block, HEAD_LENGTH, block + HEAD_LENGTH, length,
                         block + HEAD_LENGTH, NULL))
        return refuse (error, H3_ERROR_INVALID, not_ours);
    data = take_data (block + HEAD_LENGTH, length - H3_CIPHER_TAG_LENGTH, error);
    h3_digest_wipe (block + HEAD_LENGTH, length);
    return data;
}
