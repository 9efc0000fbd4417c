/* SPDX-License-Identifier: MIT */

#include "jwt-keys.h"

#include <stdatomic.h>

struct _JwtKeys {
    atomic_uint references;
    guint n, room;
    JwtKey all[];
};

JwtKeys *
jwt_keys_new (const JwtKeys *old, gboolean drops_set, guint n_more)
{
    guint room = (old != NULL ? old->n : 0) + n_more;
    JwtKeys *keys = g_malloc (sizeof *keys + room * sizeof keys->all[0]);

    atomic_init (&keys->references, 1);
    keys->n = 0;
    keys->room = room;
    for (guint i = 0; old != NULL && i < old->n; i++)
        if (!drops_set || !old->all[i].is_of_set)
            jwt_keys_take (keys, h3_key_ref (old->all[i].key), old->all[i].kind,
                           old->all[i].is_of_set);
    return keys;
}

void
jwt_keys_take (JwtKeys *keys, H3Key *key, H3SignatureKind kind, gboolean is_of_set)
{
    g_assert (keys->n < keys->room);
    keys->all[keys->n++] = (JwtKey){ key, kind, is_of_set };
}

JwtKeys *
jwt_keys_ref (JwtKeys *keys)
{
    atomic_fetch_add_explicit (&keys->references, 1, memory_order_relaxed);
    return keys;
}

void
jwt_keys_unref (JwtKeys *keys)
{
    if (keys == NULL || atomic_fetch_sub_explicit (&keys->references, 1, memory_order_acq_rel) != 1)
        return;
    for (guint i = 0; i < keys->n; i++)
        h3_key_unref (keys->all[i].key);
    g_free (keys);
}

guint
jwt_keys_get_size (const JwtKeys *keys)
{
    return keys->n;
}

/* A key without a name fits whatever name a token gives its own. */
static gboolean
may_be_meant (const JwtKey *one, H3SignatureKind kind, const char *id)
{
    const char *own = h3_key_get_id (one->key);

    return one->kind == kind && (id == NULL || own == NULL || g_str_equal (id, own));
}

static guint
count_meant (const JwtKeys *keys, H3SignatureKind kind, const char *id)
{
    guint n = 0;

    for (guint i = 0; i < keys->n; i++)
        n += may_be_meant (&keys->all[i], kind, id) ? 1 : 0;
    return n;
}

static gboolean
has_kind (const JwtKeys *keys, H3SignatureKind kind)
{
    for (guint i = 0; i < keys->n; i++)
        if (keys->all[i].kind == kind)
            return TRUE;
    return FALSE;
}

gboolean
jwt_keys_verify (const JwtKeys *keys, H3SignatureKind kind, const char *id, H3View data,
                 H3View signature, GError **error)
{
    guint n = count_meant (keys, kind, id);

    if (!has_kind (keys, kind)) {
        g_set_error_literal (error, H3_JWT_ERROR, H3_JWT_ERROR_ALGORITHM,
                             "the token's algorithm is not taken");
        return FALSE;
    }
    if (n == 0 || n > H3_JWT_MAX_TRIES) {
        g_set_error_literal (error, H3_JWT_ERROR, H3_JWT_ERROR_KEY,
                             n == 0 ? "the token's key is not known"
                                    : "the token does not say which key it is signed with");
        return FALSE;
    }
    for (guint i = 0; i < keys->n; i++)
        if (may_be_meant (&keys->all[i], kind, id)
            && h3_key_verify (keys->all[i].key, kind, data.data, data.length, signature.data,
                              signature.length))
            return TRUE;
    g_set_error_literal (error, H3_JWT_ERROR, H3_JWT_ERROR_SIGNATURE,
                         "the token's signature is wrong");
    return FALSE;
}
