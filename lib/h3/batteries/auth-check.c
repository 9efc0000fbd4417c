/* SPDX-License-Identifier: MIT */

#include "auth-check.h"

#include "auth-private.h"

#include <h3/http/event-flow.h>

/* A check lives as long as its event: a reference to the one is one to the other. */
static H3AuthCheck *
copy_check (H3AuthCheck *check)
{
    (void) h3_event_ref (check->event);
    return check;
}

static void
free_check (H3AuthCheck *check)
{
    h3_event_unref (check->event);
}

G_DEFINE_BOXED_TYPE (H3AuthCheck, h3_auth_check, copy_check, free_check)

/* Somebody else has answered meanwhile: the deadline, or the client is gone. */
static void
drop (H3AuthCheck *check)
{
    g_clear_pointer (&check->principal, h3_principal_unref);
    g_clear_error (&check->error);
}

static void
conclude (H3AuthCheck *check)
{
    if (event_is_lost (check->event)) {
        drop (check);
        return;
    }
    switch (check->decision) {
    case CHECK_OPEN:
        g_assert_not_reached ();
    case CHECK_ACCEPTED:
        if (check->is_remembered)
            auth_memory_put (check->auth->memory, &check->key, check->generation, check->principal);
        h3_event_set_principal (check->event, g_steal_pointer (&check->principal));
        h3_event_next (check->event);
        break;
    case CHECK_REFUSED:
        auth_refuse (check->auth, check->event, check->scheme, &check->refusal);
        break;
    case CHECK_FAILED:
        h3_event_fail (check->event, g_steal_pointer (&check->error));
        break;
    }
}

void
auth_check_settle (H3AuthCheck *check)
{
    check->has_returned = TRUE;
    if (check->decision != CHECK_OPEN)
        conclude (check);
}

gboolean
auth_check_recall (H3AuthCheck *check, H3View credentials, guint64 generation)
{
    AuthMemory *memory = check->auth->memory;
    H3Principal *principal;

    if (memory == NULL || (!check->scheme->is_dear && !check->auth->is_memory_set)
        || !auth_memory_make_key (memory, check->scheme->name, credentials, &check->key))
        return FALSE;
    check->generation = generation;
    principal = auth_memory_get (memory, &check->key, generation);
    /* What is known is not put again: its time counts from when it was verified. */
    check->is_remembered = principal == NULL;
    if (principal != NULL)
        h3_auth_check_accept (check, principal);
    return principal != NULL;
}

static void
decide (H3AuthCheck *check, CheckDecision decision)
{
    check->decision = decision;
    if (check->has_returned)
        conclude (check);
}

H3Event *
h3_auth_check_get_event (const H3AuthCheck *check)
{
    g_return_val_if_fail (check != NULL, NULL);
    return check->event;
}

const char *
h3_auth_check_get_user (const H3AuthCheck *check)
{
    g_return_val_if_fail (check != NULL, NULL);
    return check->user;
}

const char *
h3_auth_check_get_password (const H3AuthCheck *check)
{
    g_return_val_if_fail (check != NULL, NULL);
    return check->password;
}

const char *
h3_auth_check_get_token (const H3AuthCheck *check)
{
    g_return_val_if_fail (check != NULL, NULL);
    return check->token;
}

void
h3_auth_check_accept (H3AuthCheck *check, H3Principal *principal)
{
    g_return_if_fail (check != NULL && principal != NULL && check->decision == CHECK_OPEN);
    g_return_if_fail (event_is_on_worker (check->event));
    check->principal = principal;
    decide (check, CHECK_ACCEPTED);
}

void
auth_check_refuse (H3AuthCheck *check, const AuthRefusal *refusal)
{
    check->refusal = *refusal;
    decide (check, CHECK_REFUSED);
}

void
h3_auth_check_refuse (H3AuthCheck *check, const char *description)
{
    AuthRefusal refusal = { "invalid_token", NULL, NULL, FALSE };

    g_return_if_fail (check != NULL && check->decision == CHECK_OPEN);
    g_return_if_fail (event_is_on_worker (check->event));
    if (description != NULL)
        refusal.description = h3_arena_strdup (h3_event_get_arena (check->event), description);
    auth_check_refuse (check, &refusal);
}

void
h3_auth_check_fail (H3AuthCheck *check, GError *error)
{
    g_return_if_fail (check != NULL && error != NULL && check->decision == CHECK_OPEN);
    g_return_if_fail (event_is_on_worker (check->event));
    check->error = error;
    decide (check, CHECK_FAILED);
}
