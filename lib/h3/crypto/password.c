/* SPDX-License-Identifier: MIT */

#include "password.h"

#include "base64.h"
#include "digest.h"

#include <h3/base/error.h>
#include <h3/base/view.h>

#include <string.h>

enum {
    SALT_LENGTH = 16,
    HASH_LENGTH = 32,
    MIN_SALT = 8,
    MIN_HASH = 16,
    MAX_PART = 64, /* bytes of a salt, and of a hash, that is read */
    MAX_LOG_N = 30,
};

static const H3PasswordCost default_cost = H3_PASSWORD_DEFAULT_COST;

/* What such a text says. */
typedef struct {
    H3PasswordCost cost;
    guint8 salt[MAX_PART];
    guint8 hash[MAX_PART];
    gsize salt_length;
    gsize hash_length;
} Parts;

/* What RFC 7914 §6 has it keep: V, B and what it works in. */
static guint64
get_memory (const H3PasswordCost *cost)
{
    guint64 block = 128 * (guint64) cost->block_size;

    return block * (((guint64) 1 << cost->log_n) + cost->parallel + 2);
}

/* RFC 7914 §2 has N below 2 to the power of 16 × r. */
static gboolean
is_bearable (const H3PasswordCost *cost)
{
    return cost->log_n >= 1 && cost->log_n <= MAX_LOG_N && cost->block_size >= 1
           && cost->block_size <= 1024 && cost->log_n < 16 * cost->block_size && cost->parallel >= 1
           && cost->parallel <= 1024 && get_memory (cost) <= H3_PASSWORD_MAX_MEMORY
           && ((guint64) cost->block_size * cost->parallel << cost->log_n) <= H3_PASSWORD_MAX_WORK;
}

static gboolean
derive (const char *password, const Parts *parts, guint8 *out, gsize length, GError **error)
{
    const H3PasswordCost *cost = &parts->cost;

    return h3_digest_derive_scrypt (password, strlen (password), parts->salt, parts->salt_length,
                                    (guint64) 1 << cost->log_n, cost->block_size, cost->parallel,
                                    get_memory (cost) + 1024, out, length, error);
}

/* Takes what begins with `label` and ends with `separator` off the front. */
static gboolean
take_number (H3View *rest, const char *label, char separator, guint *out)
{
    H3View part;
    guint64 number;

    if (!h3_view_split (rest, separator, &part) || !h3_view_starts_with (part, h3_view_of (label)))
        return FALSE;
    part = h3_view (part.data + strlen (label), part.length - strlen (label));
    if (part.length == 0 || (part.data[0] == '0' && part.length > 1)
        || !h3_view_parse_uint (part, G_MAXINT32, &number))
        return FALSE;
    *out = (guint) number;
    return TRUE;
}

/* Base64 without its padding, as that format has it. */
static gboolean
decode (H3View text, gsize least, guint8 *out, gsize *out_length)
{
    char padded[H3_BASE64_ROOM (MAX_PART)];
    guint8 bytes[MAX_PART + 2];
    gsize length = text.length;

    if (length == 0 || length > (4 * MAX_PART + 2) / 3 || h3_view_find (text, '=') >= 0)
        return FALSE;
    memcpy (padded, text.data, length);
    while (length % 4 != 0)
        padded[length++] = '=';
    if (!h3_base64_decode (h3_view (padded, length), H3_BASE64_STANDARD, bytes, &length)
        || length < least || length > MAX_PART)
        return FALSE;
    memcpy (out, bytes, length);
    *out_length = length;
    return TRUE;
}

static gboolean
take_apart (const char *text, Parts *parts)
{
    static const char prefix[] = "$scrypt$";
    H3View rest = h3_view_of (text), salt;

    if (!h3_view_starts_with (rest, h3_view_of (prefix)))
        return FALSE;
    rest = h3_view (rest.data + strlen (prefix), rest.length - strlen (prefix));
    return take_number (&rest, "ln=", ',', &parts->cost.log_n)
           && take_number (&rest, "r=", ',', &parts->cost.block_size)
           && take_number (&rest, "p=", '$', &parts->cost.parallel) && is_bearable (&parts->cost)
           && h3_view_split (&rest, '$', &salt)
           && decode (salt, MIN_SALT, parts->salt, &parts->salt_length)
           && decode (rest, MIN_HASH, parts->hash, &parts->hash_length);
}

static void
encode (const guint8 *data, gsize length, char *out)
{
    gsize end = h3_base64_encode (data, length, H3_BASE64_STANDARD, out);

    while (end > 0 && out[end - 1] == '=')
        out[--end] = '\0';
}

static char *
put_together (const Parts *parts)
{
    char salt[H3_BASE64_ROOM (MAX_PART)], hash[H3_BASE64_ROOM (MAX_PART)];

    encode (parts->salt, parts->salt_length, salt);
    encode (parts->hash, parts->hash_length, hash);
    return g_strdup_printf ("$scrypt$ln=%u,r=%u,p=%u$%s$%s", parts->cost.log_n,
                            parts->cost.block_size, parts->cost.parallel, salt, hash);
}

char *
h3_password_hash (const char *password, const H3PasswordCost *cost, GError **error)
{
    Parts parts = { .salt_length = SALT_LENGTH, .hash_length = HASH_LENGTH };
    char *text = NULL;

    g_return_val_if_fail (password != NULL, NULL);
    parts.cost = cost != NULL ? *cost : default_cost;
    if (*password == '\0' || strlen (password) > H3_PASSWORD_MAX_LENGTH) {
        g_set_error (error, H3_ERROR, H3_ERROR_INVALID, "a password has 1 to %d bytes",
                     H3_PASSWORD_MAX_LENGTH);
        return NULL;
    }
    if (parts.cost.log_n < H3_PASSWORD_MIN_LOG_N || !is_bearable (&parts.cost)) {
        g_set_error (error, H3_ERROR, H3_ERROR_INVALID,
                     "a hash of ln=%u, r=%u, p=%u costs too little or too much", parts.cost.log_n,
                     parts.cost.block_size, parts.cost.parallel);
        return NULL;
    }
    if (h3_digest_fill_random (parts.salt, SALT_LENGTH, error)
        && derive (password, &parts, parts.hash, HASH_LENGTH, error))
        text = put_together (&parts);
    h3_digest_wipe (&parts, sizeof parts);
    return text;
}

gboolean
h3_password_verify (const char *password, const char *hash)
{
    Parts parts = { .cost = default_cost, .salt_length = SALT_LENGTH, .hash_length = HASH_LENGTH };
    guint8 derived[MAX_PART];
    gboolean is_right;

    g_return_val_if_fail (password != NULL, FALSE);
    if (strlen (password) > H3_PASSWORD_MAX_LENGTH || (hash != NULL && !take_apart (hash, &parts)))
        return FALSE;
    is_right = derive (password, &parts, derived, parts.hash_length, NULL)
               && h3_digest_equal (derived, parts.hash, parts.hash_length) && hash != NULL;
    h3_digest_wipe (derived, sizeof derived);
    h3_digest_wipe (&parts, sizeof parts);
    return is_right;
}

gboolean
h3_password_is_hash (const char *hash)
{
    Parts parts;

    g_return_val_if_fail (hash != NULL, FALSE);
    return take_apart (hash, &parts);
}

gboolean
h3_password_needs_rehash (const char *hash, const H3PasswordCost *cost)
{
    Parts parts;

    g_return_val_if_fail (hash != NULL, TRUE);
    if (cost == NULL)
        cost = &default_cost;
    return !take_apart (hash, &parts) || parts.cost.log_n != cost->log_n
           || parts.cost.block_size != cost->block_size || parts.cost.parallel != cost->parallel;
}
