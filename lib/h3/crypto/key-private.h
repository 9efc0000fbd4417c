/* SPDX-License-Identifier: MIT
 *
 * What a key is, for the sources that make, read, write and use one. */

#pragma once

#include "key-inside.h"

#include <openssl/evp.h>
#include <stdatomic.h>

G_BEGIN_DECLS

typedef enum {
    KEY_SIGN = 1 << 0,
    KEY_VERIFY = 1 << 1,
    KEY_ENCRYPT = 1 << 2,
    KEY_DECRYPT = 1 << 3,
    KEY_ANYTHING = (1 << 4) - 1,
} KeyUse;

struct _H3Key {
    atomic_int references;
    H3KeyKind kind;
    guint bits;
    gboolean is_private;
    EVP_PKEY *pkey; /* owned; NULL: a secret */
    GBytes *secret; /* owned; NULL: the others */
    char *id;       /* owned; nullable */
    KeyUse use;
    guint32 signatures; /* a bit a H3SignatureKind: what it is for, by its kind or as restricted */
};

/* (transfer full): for all that its kind is for. */
H3Key *key_new (H3KeyKind kind, guint bits, gboolean is_private);

/* (transfer full) (nullable): takes `pkey`, freed on error, which is another's word: it is judged
 * here. */
H3Key *key_take (EVP_PKEY *pkey, gboolean is_private, GError **error);

/* What a key's public half is for, where the key is for `use`. */
KeyUse key_get_public_use (KeyUse use);

/* The bits of what a key of this kind can sign; `length` is a secret's. */
guint32 key_get_signatures_of (H3KeyKind kind, gsize length);

G_END_DECLS
