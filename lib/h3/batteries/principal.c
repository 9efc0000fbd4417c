/* SPDX-License-Identifier: MIT */

#include "principal.h"

#include <h3/base/error.h>
#include <h3/format/json.h>
#include <h3/http/event-inside.h>

#include <stdatomic.h>

#define DATA_KEY "h3-principal"

struct _H3Principal {
    atomic_uint references;
    char *scheme;   /* owned */
    char *name;     /* owned */
    GStrv scopes;   /* owned */
    json_t *claims; /* owned; NULL: none */
};

G_DEFINE_BOXED_TYPE (H3Principal, h3_principal, h3_principal_ref, h3_principal_unref)

/* (transfer full): without what is there twice, or empty. */
static GStrv
copy_scopes (const char *const *scopes)
{
    g_autoptr (GPtrArray) copy = g_ptr_array_new_with_free_func (g_free);

    for (gsize i = 0; scopes != NULL && scopes[i] != NULL; i++)
        if (*scopes[i] != '\0'
            && !g_ptr_array_find_with_equal_func (copy, scopes[i], g_str_equal, NULL))
            g_ptr_array_add (copy, g_strdup (scopes[i]));
    g_ptr_array_add (copy, NULL);
    return (GStrv) g_ptr_array_free (g_steal_pointer (&copy), FALSE);
}

H3Principal *
h3_principal_new_with_claims (const char *scheme, const char *name, const char *const *scopes,
                              json_t *claims)
{
    H3Principal *principal;

    g_return_val_if_fail (scheme != NULL && name != NULL, NULL);
    g_return_val_if_fail (claims == NULL || json_is_object (claims), NULL);
    principal = g_new0 (H3Principal, 1);
    atomic_init (&principal->references, 1);
    principal->scheme = g_strdup (scheme);
    principal->name = g_strdup (name);
    principal->scopes = copy_scopes (scopes);
    principal->claims = claims;
    return principal;
}

H3Principal *
h3_principal_new (const char *scheme, const char *name, const char *const *scopes)
{
    return h3_principal_new_with_claims (scheme, name, scopes, NULL);
}

H3Principal *
h3_principal_new_with_claims_text (const char *scheme, const char *name, const char *const *scopes,
                                   const char *claims, GError **error)
{
    g_autoptr (json_t) read = NULL;

    g_return_val_if_fail (scheme != NULL && name != NULL && claims != NULL, NULL);
    read = h3_json_parse (h3_view_of (claims), H3_JSON_MAX_DEPTH, error);
    if (read == NULL)
        return NULL;
    if (!json_is_object (read)) {
        g_set_error_literal (error, H3_ERROR, H3_ERROR_SYNTAX, "claims are a JSON object");
        return NULL;
    }
    return h3_principal_new_with_claims (scheme, name, scopes, g_steal_pointer (&read));
}

H3Principal *
h3_principal_ref (H3Principal *principal)
{
    g_return_val_if_fail (principal != NULL, NULL);
    atomic_fetch_add_explicit (&principal->references, 1, memory_order_relaxed);
    return principal;
}

void
h3_principal_unref (H3Principal *principal)
{
    if (principal == NULL
        || atomic_fetch_sub_explicit (&principal->references, 1, memory_order_acq_rel) != 1)
        return;
    g_free (principal->scheme);
    g_free (principal->name);
    g_strfreev (principal->scopes);
    json_decref (principal->claims);
    g_free (principal);
}

const char *
h3_principal_get_scheme (const H3Principal *principal)
{
    g_return_val_if_fail (principal != NULL, NULL);
    return principal->scheme;
}

const char *
h3_principal_get_name (const H3Principal *principal)
{
    g_return_val_if_fail (principal != NULL, NULL);
    return principal->name;
}

const char *const *
h3_principal_get_scopes (const H3Principal *principal)
{
    g_return_val_if_fail (principal != NULL, NULL);
    return (const char *const *) principal->scopes;
}

gboolean
h3_principal_has_scope (const H3Principal *principal, const char *scope)
{
    g_return_val_if_fail (principal != NULL && scope != NULL, FALSE);
    return g_strv_contains ((const char *const *) principal->scopes, scope);
}

const json_t *
h3_principal_get_claims (const H3Principal *principal)
{
    g_return_val_if_fail (principal != NULL, NULL);
    return principal->claims;
}

char *
h3_principal_dup_claims_text (const H3Principal *principal)
{
    g_return_val_if_fail (principal != NULL, NULL);
    return principal->claims != NULL ? h3_json_to_text (principal->claims, H3_JSON_COMPACT) : NULL;
}

/* In the arena, as the log may look while another thread says that it is somebody else. Who is the
 * same again, as a stream that renews its token, takes no more of it. */
static void
tell_user (H3Event *event, const H3Principal *principal)
{
    const char *old = atomic_load_explicit (&event->user, memory_order_relaxed);

    if (principal != NULL && g_strcmp0 (old, principal->name) == 0)
        return;
    atomic_store_explicit (
        &event->user, principal != NULL ? h3_arena_strdup (event->arena, principal->name) : NULL,
        memory_order_release);
}

void
h3_event_set_principal (H3Event *event, H3Principal *principal)
{
    g_return_if_fail (event != NULL);
    tell_user (event, principal);
    h3_event_set_data (event, DATA_KEY, principal, (GDestroyNotify) h3_principal_unref);
}

H3Principal *
h3_event_get_principal (const H3Event *event)
{
    g_return_val_if_fail (event != NULL, NULL);
    return h3_event_get_data (event, DATA_KEY);
}
