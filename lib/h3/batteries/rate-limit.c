/* SPDX-License-Identifier: MIT */

#include "rate-limit-private.h"

#include <h3/base/error.h>
#include <h3/store/memory-store.h>

G_DEFINE_BOXED_TYPE (H3RateLimit, h3_rate_limit, h3_rate_limit_ref, h3_rate_limit_unref)

/* What a client's counter takes in a memory store at most, its key with it; there may be two. */
#define CLIENT_BYTES 512

static const struct {
    const char *name;
    gint64 limit, seconds;
    gboolean fails_open;
} presets[] = {
    { "login", 5, 60, FALSE }, { "register", 3, 60, FALSE }, { "password_reset", 3, 3600, FALSE },
    { "auth", 10, 60, FALSE }, { "api", 100, 900, TRUE },    { "email", 3, 3600, TRUE },
};

static gboolean
is_name (const char *name)
{
    gsize length = strlen (name);

    return length >= 1 && length <= RATE_LIMIT_NAME_MAX
           && strspn (name, G_CSET_A_2_Z G_CSET_a_2_z G_CSET_DIGITS "-_.") == length;
}

static gboolean
check (const char *name, gint64 limit, gint64 seconds, GError **error)
{
    if (!is_name (name))
        g_set_error (error, H3_ERROR, H3_ERROR_INVALID,
                     "the name of a rate limit has 1 to %d letters, digits, -, _ and .: '%s'",
                     RATE_LIMIT_NAME_MAX, name);
    else if (limit < 1 || limit > H3_RATE_LIMIT_MAX)
        g_set_error (error, H3_ERROR, H3_ERROR_INVALID,
                     "the rate limit '%s' is 1 to %d, not %" G_GINT64_FORMAT, name,
                     H3_RATE_LIMIT_MAX, limit);
    else if (seconds < 1 || seconds > RATE_WINDOW_MAX_LENGTH / 1000)
        g_set_error (error, H3_ERROR, H3_ERROR_INVALID,
                     "the seconds of the rate limit '%s' are 1 to %" G_GINT64_FORMAT
                     ", not %" G_GINT64_FORMAT,
                     name, RATE_WINDOW_MAX_LENGTH / 1000, seconds);
    else if (limit > H3_RATE_LIMIT_MAX_SUM / seconds)
        g_set_error (error, H3_ERROR, H3_ERROR_INVALID,
                     "the rate limit '%s' and its seconds multiply to more than %" G_GINT64_FORMAT,
                     name, H3_RATE_LIMIT_MAX_SUM);
    else
        return TRUE;
    return FALSE;
}

/* Of several threads at once one makes it. */
H3Store *
rate_limit_get_store (H3RateLimit *limit)
{
    H3Store *store = atomic_load_explicit (&limit->store, memory_order_acquire);
    H3Store *made;

    if (G_LIKELY (store != NULL))
        return store;
    made =
        h3_memory_store_new (H3_RATE_LIMIT_CLIENTS, (gsize) H3_RATE_LIMIT_CLIENTS * CLIENT_BYTES);
    h3_memory_store_set_name (made, "rate-limit");
    if (atomic_compare_exchange_strong (&limit->store, &store, made))
        return made;
    g_object_unref (made);
    return store;
}

H3RateLimit *
h3_rate_limit_new (const char *name, gint64 limit, gint64 seconds, GError **error)
{
    H3RateLimit *made;

    g_return_val_if_fail (name != NULL, NULL);
    if (!check (name, limit, seconds, error))
        return NULL;
    made = g_new0 (H3RateLimit, 1);
    atomic_init (&made->refs, 1);
    made->name = g_strdup (name);
    made->limit = limit;
    made->length = seconds * 1000;
    made->by = H3_RATE_LIMIT_BY_ADDRESS;
    made->allowed = g_array_new (FALSE, FALSE, sizeof (H3AddressPrefix));
    made->denied = g_array_new (FALSE, FALSE, sizeof (H3AddressPrefix));
    made->fails_open = TRUE;
    return made;
}

H3RateLimit *
h3_rate_limit_new_preset (const char *preset, GError **error)
{
    g_return_val_if_fail (preset != NULL, NULL);
    for (guint i = 0; i < G_N_ELEMENTS (presets); i++) {
        if (strcmp (presets[i].name, preset) == 0) {
            H3RateLimit *limit =
                h3_rate_limit_new (preset, presets[i].limit, presets[i].seconds, error);

            limit->fails_open = presets[i].fails_open;
            return limit;
        }
    }
    g_set_error (error, H3_ERROR, H3_ERROR_NOT_FOUND, "there is no rate limit called '%s'", preset);
    return NULL;
}

H3RateLimit *
h3_rate_limit_ref (H3RateLimit *limit)
{
    g_return_val_if_fail (limit != NULL, NULL);
    atomic_fetch_add_explicit (&limit->refs, 1, memory_order_relaxed);
    return limit;
}

static void
set_store (H3RateLimit *limit, H3Store *store)
{
    H3Store *old = atomic_exchange (&limit->store, store);

    if (old != NULL)
        g_object_unref (old);
}

static void
drop_function (H3RateLimit *limit)
{
    if (limit->key.destroy != NULL)
        limit->key.destroy (limit->key.user_data);
}

void
h3_rate_limit_unref (H3RateLimit *limit)
{
    if (limit == NULL || atomic_fetch_sub_explicit (&limit->refs, 1, memory_order_acq_rel) != 1)
        return;
    set_store (limit, NULL);
    g_array_unref (limit->denied);
    g_array_unref (limit->allowed);
    drop_function (limit);
    g_free (limit->header);
    g_free (limit->name);
    g_free (limit);
}

const char *
h3_rate_limit_get_name (const H3RateLimit *limit)
{
    g_return_val_if_fail (limit != NULL, NULL);
    return limit->name;
}

gint64
h3_rate_limit_get_limit (const H3RateLimit *limit)
{
    g_return_val_if_fail (limit != NULL, 0);
    return limit->limit;
}

gint64
h3_rate_limit_get_seconds (const H3RateLimit *limit)
{
    g_return_val_if_fail (limit != NULL, 0);
    return limit->length / 1000;
}

void
h3_rate_limit_set_algorithm (H3RateLimit *limit, H3RateLimitAlgorithm algorithm)
{
    g_return_if_fail (limit != NULL && algorithm <= H3_RATE_LIMIT_TOKEN_BUCKET);
    limit->algorithm = algorithm;
}

void
h3_rate_limit_set_store (H3RateLimit *limit, H3Store *store)
{
    g_return_if_fail (limit != NULL && (store == NULL || H3_IS_STORE (store)));
    set_store (limit, store != NULL ? g_object_ref (store) : NULL);
}

void
h3_rate_limit_set_by (H3RateLimit *limit, H3RateLimitBy by)
{
    g_return_if_fail (limit != NULL);
    limit->by = by;
}

gboolean
h3_rate_limit_set_by_header (H3RateLimit *limit, const char *name)
{
    g_return_val_if_fail (limit != NULL, FALSE);
    if (name != NULL && !h3_headers_is_name (h3_view_of (name)))
        return FALSE;
    g_free (limit->header);
    limit->header = g_strdup (name);
    return TRUE;
}

void
h3_rate_limit_set_by_function (H3RateLimit *limit, H3RateLimitKey function, gpointer user_data,
                               GDestroyNotify destroy)
{
    g_return_if_fail (limit != NULL);
    drop_function (limit);
    limit->key.function = function;
    limit->key.user_data = user_data;
    limit->key.destroy = destroy;
}

static gboolean
add_prefix (GArray *prefixes, const char *text, GError **error)
{
    H3AddressPrefix prefix;

    if (!h3_address_prefix_parse (h3_view_of (text), &prefix)) {
        g_set_error (error, H3_ERROR, H3_ERROR_INVALID,
                     "'%s' is no address and no block of them, as 10.0.0.0/8 is", text);
        return FALSE;
    }
    g_array_append_val (prefixes, prefix);
    return TRUE;
}

gboolean
h3_rate_limit_allow (H3RateLimit *limit, const char *prefix, GError **error)
{
    g_return_val_if_fail (limit != NULL && prefix != NULL, FALSE);
    return add_prefix (limit->allowed, prefix, error);
}

gboolean
h3_rate_limit_deny (H3RateLimit *limit, const char *prefix, GError **error)
{
    g_return_val_if_fail (limit != NULL && prefix != NULL, FALSE);
    return add_prefix (limit->denied, prefix, error);
}

void
h3_rate_limit_set_skip_success (H3RateLimit *limit, gboolean skip_success)
{
    g_return_if_fail (limit != NULL);
    limit->skip_success = skip_success;
}

void
h3_rate_limit_set_fails_open (H3RateLimit *limit, gboolean fails_open)
{
    g_return_if_fail (limit != NULL);
    limit->fails_open = fails_open;
}
