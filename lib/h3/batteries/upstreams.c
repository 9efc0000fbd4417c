/* SPDX-License-Identifier: MIT */

#include "upstreams-private.h"

#include <h3/base/error.h>
#include <h3/base/random.h>
#include <h3/base/sip-hash.h>
#include <h3/base/view.h>
#include <h3/crypto/digest.h>

#include <string.h>

G_DEFINE_BOXED_TYPE (H3Upstreams, h3_upstreams, h3_upstreams_ref, h3_upstreams_unref)

/* Where the system gives nothing secret, what nobody can guess has to do: as for all hashes. */
static void
draw_keys (H3Upstreams *upstreams)
{
    if (!random_fill (upstreams->hash_key, sizeof upstreams->hash_key)) {
        upstreams->hash_key[0] = (guint64) h3_string_hash ("0") << 32 | h3_string_hash ("1");
        upstreams->hash_key[1] = (guint64) h3_string_hash ("2") << 32 | h3_string_hash ("3");
    }
    atomic_store (&upstreams->random, sip_hash_1_3 (upstreams->hash_key, "random", 6, FALSE));
}

H3Upstreams *
h3_upstreams_new (void)
{
    H3Upstreams *upstreams = g_new0 (H3Upstreams, 1);

    atomic_init (&upstreams->refs, 1);
    atomic_init (&upstreams->is_frozen, 0);
    atomic_init (&upstreams->is_watched, 0);
    atomic_init (&upstreams->counter, 0);
    atomic_init (&upstreams->random, 0);
    pthread_mutex_init (&upstreams->lock, NULL);
    upstreams->servers = g_ptr_array_new_with_free_func (upstream_free);
    upstreams->bad_answers_fail = TRUE;
    upstreams->check = (UpstreamCheckSettings){ .first_status = 200, .last_status = 399 };
    upstreams->breaker = (BreakerSettings){ .failures = 5, .window = 10000, .open = 1000 };
    upstreams->timeouts = (UpstreamTimeouts){ 5000, 60000, 60000 };
    upstreams->max_connections = 64;
    upstreams->idle_connections = 30000;
    upstreams->tries = 3;
    retry_budget_init (&upstreams->budget, 20, 10);
    draw_keys (upstreams);
    return upstreams;
}

static gboolean
can_change (const H3Upstreams *upstreams)
{
    return upstreams != NULL && !upstreams_are_frozen (upstreams);
}

H3Upstreams *
h3_upstreams_ref (H3Upstreams *upstreams)
{
    g_return_val_if_fail (upstreams != NULL, NULL);
    atomic_fetch_add_explicit (&upstreams->refs, 1, memory_order_relaxed);
    return upstreams;
}

static void
drop_changed (H3Upstreams *upstreams)
{
    if (upstreams->changed.destroy != NULL)
        upstreams->changed.destroy (upstreams->changed.user_data);
}

void
h3_upstreams_unref (H3Upstreams *upstreams)
{
    if (upstreams == NULL
        || atomic_fetch_sub_explicit (&upstreams->refs, 1, memory_order_acq_rel) != 1)
        return;
    g_ptr_array_unref (upstreams->servers);
    retry_budget_clear (&upstreams->budget);
    drop_changed (upstreams);
    h3_client_tls_free (upstreams->tls);
    pthread_mutex_destroy (&upstreams->lock);
    h3_digest_wipe (upstreams->hash_key, sizeof upstreams->hash_key);
    g_free (upstreams->check.path);
    g_free (upstreams);
}

gboolean
h3_upstreams_add (H3Upstreams *upstreams, const char *url, guint weight, GError **error)
{
    Upstream *upstream;

    g_return_val_if_fail (can_change (upstreams) && url != NULL, FALSE);
    upstream = upstream_new (upstreams, url, weight, error);
    if (upstream == NULL)
        return FALSE;
    g_ptr_array_add (upstreams->servers, upstream);
    return TRUE;
}

void
h3_upstreams_set_strategy (H3Upstreams *upstreams, H3Balance strategy)
{
    g_return_if_fail (can_change (upstreams) && strategy <= H3_BALANCE_ADDRESS_HASH);
    upstreams->strategy = strategy;
}

void
h3_upstreams_set_hash_key (H3Upstreams *upstreams, const char *key)
{
    const guint64 salt[2] = { 0, 1 }, other_salt[2] = { 2, 3 };

    g_return_if_fail (can_change (upstreams));
    if (key == NULL) {
        draw_keys (upstreams);
        return;
    }
    upstreams->hash_key[0] = sip_hash_1_3 (salt, key, strlen (key), FALSE);
    upstreams->hash_key[1] = sip_hash_1_3 (other_salt, key, strlen (key), FALSE);
}

void
h3_upstreams_set_health_check (H3Upstreams *upstreams, const char *path, guint interval,
                               guint timeout, guint rise, guint fall)
{
    g_return_if_fail (can_change (upstreams));
    g_return_if_fail (path == NULL || (*path == '/' && interval >= 10 && timeout >= 1));
    g_return_if_fail (path == NULL || (rise >= 1 && fall >= 1));
    g_free (upstreams->check.path);
    upstreams->check.path = g_strdup (path);
    upstreams->check.interval = interval;
    upstreams->check.timeout = timeout;
    upstreams->check.rise = rise;
    upstreams->check.fall = fall;
}

void
h3_upstreams_set_health_status (H3Upstreams *upstreams, guint first, guint last)
{
    g_return_if_fail (can_change (upstreams));
    g_return_if_fail (first >= 200 && first <= last && last <= 599);
    upstreams->check.first_status = first;
    upstreams->check.last_status = last;
}

void
h3_upstreams_set_breaker (H3Upstreams *upstreams, guint failures, guint window, guint open)
{
    g_return_if_fail (can_change (upstreams) && (failures == 0 || open > 0));
    upstreams->breaker = (BreakerSettings){ failures, window, open };
}

void
h3_upstreams_set_bad_answers (H3Upstreams *upstreams, gboolean are_failures)
{
    g_return_if_fail (can_change (upstreams));
    upstreams->bad_answers_fail = are_failures;
}

void
h3_upstreams_set_retries (H3Upstreams *upstreams, guint tries, guint percent, guint per_second)
{
    g_return_if_fail (can_change (upstreams) && tries >= 1 && percent <= 100);
    upstreams->tries = tries;
    upstreams->budget.percent = percent;
    upstreams->budget.per_second = per_second;
}

void
h3_upstreams_set_tls (H3Upstreams *upstreams, const H3ClientTls *tls)
{
    g_return_if_fail (can_change (upstreams));
    h3_client_tls_free (upstreams->tls);
    upstreams->tls = tls != NULL ? h3_client_tls_copy (tls) : NULL;
}

void
h3_upstreams_set_timeouts (H3Upstreams *upstreams, guint connect, guint first_byte, guint idle)
{
    g_return_if_fail (can_change (upstreams));
    upstreams->timeouts = (UpstreamTimeouts){ connect, first_byte, idle };
}

void
h3_upstreams_set_connections (H3Upstreams *upstreams, guint max, guint idle)
{
    g_return_if_fail (can_change (upstreams) && max >= 1);
    upstreams->max_connections = max;
    upstreams->idle_connections = idle;
}

void
h3_upstreams_on_change (H3Upstreams *upstreams, H3UpstreamChanged function, gpointer user_data,
                        GDestroyNotify destroy)
{
    g_return_if_fail (can_change (upstreams));
    drop_changed (upstreams);
    upstreams->changed.function = function;
    upstreams->changed.user_data = user_data;
    upstreams->changed.destroy = destroy;
}

static gboolean
freeze (H3Upstreams *upstreams, GError **error)
{
    if (upstreams_are_frozen (upstreams))
        return TRUE;
    if (upstreams->servers->len == 0) {
        g_set_error (error, H3_ERROR, H3_ERROR_INVALID,
                     "a set of upstreams has no server: h3_upstreams_add () gives it one");
        return FALSE;
    }
    if (!upstreams_make_peers (upstreams, error))
        return FALSE;
    upstreams->has_equal_weights = TRUE;
    for (guint i = 0; i < upstreams->servers->len; i++) {
        Upstream *upstream = upstreams_get (upstreams, i);

        upstream_settle (upstream);
        if (upstream->weight != upstreams_get (upstreams, 0)->weight)
            upstreams->has_equal_weights = FALSE;
    }
    atomic_store_explicit (&upstreams->is_frozen, 1, memory_order_release);
    return TRUE;
}

gboolean
upstreams_freeze (H3Upstreams *upstreams, GError **error)
{
    gboolean is_frozen;

    if (G_LIKELY (upstreams_are_frozen (upstreams)))
        return TRUE;
    pthread_mutex_lock (&upstreams->lock);
    is_frozen = freeze (upstreams, error);
    pthread_mutex_unlock (&upstreams->lock);
    return is_frozen;
}
