/* SPDX-License-Identifier: MIT */

#include "secret.h"

#include <openssl/crypto.h>

typedef struct {
    gsize length;
    guint8 bytes[];
} Secret;

static void
wipe (gpointer data)
{
    Secret *secret = data;

    OPENSSL_cleanse (secret->bytes, secret->length);
    g_free (secret);
}

GBytes *
secret_new (gsize length, guint8 **out_data)
{
    Secret *secret;

    g_assert (length <= G_MAXSIZE - sizeof *secret);
    secret = g_malloc0 (sizeof *secret + length);
    secret->length = length;
    *out_data = secret->bytes;
    return g_bytes_new_with_free_func (secret->bytes, length, wipe, secret);
}

GBytes *
secret_copy (const void *data, gsize length)
{
    guint8 *copy;
    GBytes *bytes = secret_new (length, &copy);

    if (length > 0)
        memcpy (copy, data, length);
    return bytes;
}
