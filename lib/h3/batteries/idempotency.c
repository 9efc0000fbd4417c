/* SPDX-License-Identifier: MIT */

#include "idempotency-private.h"

#include <h3/store/memory-store.h>

G_DEFINE_BOXED_TYPE (H3Idempotency, h3_idempotency, h3_idempotency_ref, h3_idempotency_unref)

#define DEFAULT_FIELDS                                                                             \
    "Content-Disposition Content-Encoding Content-Language Content-Location Cache-Control ETag "   \
    "Expires Last-Modified Link Location Vary"

#define MAX_SECONDS  31622400
#define MAX_LEASE    3600
#define MAX_MAX_BODY (16 << 20)

static H3Store *
new_own_store (void)
{
    H3Store *store = h3_memory_store_new (H3_IDEMPOTENCY_ANSWERS, H3_IDEMPOTENCY_BYTES);

    h3_memory_store_set_name (store, "idempotency");
    return store;
}

/* (transfer full) (nullable): NULL where one cannot be kept. */
static GStrv
split_fields (const char *fields)
{
    g_auto (GStrv) given = g_strsplit (fields, " ", -1);
    g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();

    for (char **name = given; *name != NULL; name++) {
        if (**name == '\0' || g_ascii_strcasecmp (*name, "Content-Type") == 0)
            continue;
        if (!idempotency_may_keep (*name))
            return NULL;
        g_strv_builder_add (builder, *name);
    }
    return g_strv_builder_end (builder);
}

H3Idempotency *
h3_idempotency_new (void)
{
    H3Idempotency *idempotency = g_new0 (H3Idempotency, 1);

    atomic_init (&idempotency->refs, 1);
    idempotency->store = new_own_store ();
    idempotency->methods = g_strdup ("POST PATCH");
    idempotency->fields = split_fields (DEFAULT_FIELDS);
    idempotency->kept = G_GINT64_CONSTANT (86400000);
    idempotency->lease = 30000;
    idempotency->max_body = 65536;
    return idempotency;
}

H3Idempotency *
h3_idempotency_ref (H3Idempotency *idempotency)
{
    g_return_val_if_fail (idempotency != NULL, NULL);
    atomic_fetch_add_explicit (&idempotency->refs, 1, memory_order_relaxed);
    return idempotency;
}

static void
drop_scope (H3Idempotency *idempotency)
{
    if (idempotency->scope.destroy != NULL)
        idempotency->scope.destroy (idempotency->scope.user_data);
}

void
h3_idempotency_unref (H3Idempotency *idempotency)
{
    if (idempotency == NULL
        || atomic_fetch_sub_explicit (&idempotency->refs, 1, memory_order_acq_rel) != 1)
        return;
    drop_scope (idempotency);
    g_strfreev (idempotency->fields);
    g_free (idempotency->methods);
    g_object_unref (idempotency->store);
    g_free (idempotency);
}

void
h3_idempotency_set_store (H3Idempotency *idempotency, H3Store *store)
{
    H3Store *old;

    g_return_if_fail (idempotency != NULL && (store == NULL || H3_IS_STORE (store)));
    old = idempotency->store;
    idempotency->store = store != NULL ? g_object_ref (store) : new_own_store ();
    g_object_unref (old);
}

void
h3_idempotency_set_methods (H3Idempotency *idempotency, const char *methods)
{
    g_return_if_fail (idempotency != NULL && methods != NULL);
    g_free (idempotency->methods);
    idempotency->methods = g_strdup (methods);
}

void
h3_idempotency_set_required (H3Idempotency *idempotency, gboolean required)
{
    g_return_if_fail (idempotency != NULL);
    idempotency->is_required = required;
}

void
h3_idempotency_set_seconds (H3Idempotency *idempotency, gint64 seconds)
{
    g_return_if_fail (idempotency != NULL && seconds >= 1 && seconds <= MAX_SECONDS);
    idempotency->kept = seconds * 1000;
}

void
h3_idempotency_set_lease (H3Idempotency *idempotency, gint64 seconds)
{
    g_return_if_fail (idempotency != NULL && seconds >= 3 && seconds <= MAX_LEASE);
    idempotency->lease = seconds * 1000;
}

void
h3_idempotency_set_max_body (H3Idempotency *idempotency, gsize max_body)
{
    g_return_if_fail (idempotency != NULL && max_body <= MAX_MAX_BODY);
    idempotency->max_body = max_body;
}

gboolean
h3_idempotency_set_fields (H3Idempotency *idempotency, const char *fields)
{
    GStrv names;

    g_return_val_if_fail (idempotency != NULL && fields != NULL, FALSE);
    names = split_fields (fields);
    if (names == NULL)
        return FALSE;
    g_strfreev (idempotency->fields);
    idempotency->fields = names;
    return TRUE;
}

void
h3_idempotency_set_scope (H3Idempotency *idempotency, H3IdempotencyScope function,
                          gpointer user_data, GDestroyNotify destroy)
{
    g_return_if_fail (idempotency != NULL);
    drop_scope (idempotency);
    idempotency->scope.function = function;
    idempotency->scope.user_data = user_data;
    idempotency->scope.destroy = destroy;
}

void
idempotency_tell_failure (H3Idempotency *idempotency, const GError *error)
{
    guint n_untold;

    if (failure_notice_is_due (&idempotency->notice, &n_untold))
        g_message ("requests with an Idempotency-Key: the store fails: %s (%u more since the last "
                   "time)",
                   error->message, n_untold);
}
