/* SPDX-License-Identifier: MIT */

#include "auth-private.h"

#include <h3/format/json.h>

typedef struct {
    AuthScheme scheme;
    H3AuthVerify verify; /* NULL: tokens of the verifier */
    gpointer user_data;
    GDestroyNotify destroy;  /* of user_data */
    H3JwtVerifier *verifier; /* ref; NULL: tokens of the function */
} Bearer;

static gboolean
challenge_bearer (AuthScheme *scheme, H3Event *event, const char *realm, const AuthRefusal *refusal,
                  GError **error)
{
    g_autoptr (H3Challenge) challenge = h3_challenge_new (scheme->name);

    auth_add_text (challenge, "realm", realm);
    if (refusal != NULL) {
        auth_add_text (challenge, "error", refusal->error);
        auth_add_text (challenge, "error_description", refusal->description);
        auth_add_text (challenge, "scope", refusal->scope);
    }
    h3_event_add_challenge (event, challenge);
    return TRUE;
}

static void
free_bearer (AuthScheme *scheme)
{
    Bearer *bearer = (Bearer *) scheme;

    if (bearer->destroy != NULL)
        bearer->destroy (bearer->user_data);
    h3_jwt_verifier_unref (bearer->verifier);
    g_free (bearer);
}

/* It ends in the copy of the field that the event has, which a NUL stands behind. */
static gboolean
read_token (H3AuthCheck *check, const H3Credentials *credentials)
{
    if (credentials->token.data == NULL)
        return FALSE;
    check->token = h3_arena_dup_view (h3_event_get_arena (check->event), credentials->token);
    return TRUE;
}

static gboolean
verify_bearer (AuthScheme *scheme, H3AuthCheck *check, const H3Credentials *credentials)
{
    const Bearer *bearer = (const Bearer *) scheme;

    if (!read_token (check, credentials))
        return FALSE;
    if (!auth_check_recall (check, credentials->token, 0))
        bearer->verify (check, bearer->user_data);
    return TRUE;
}

/* (transfer full): `scope` of RFC 8693 §4.2; a list, which some issuers write, counts as well. */
static GStrv
read_scopes (const json_t *claims)
{
    const json_t *scope = json_object_get (claims, "scope");
    g_autoptr (GPtrArray) list = g_ptr_array_new_with_free_func (g_free);
    const json_t *one;
    gsize i;

    if (json_is_string (scope))
        return g_strsplit (json_string_value (scope), " ", -1);
    json_array_foreach (scope, i, one)
    {
        if (json_is_string (one))
            g_ptr_array_add (list, g_strdup (json_string_value (one)));
    }
    g_ptr_array_add (list, NULL);
    return (GStrv) g_ptr_array_free (g_steal_pointer (&list), FALSE);
}

/* (transfer full claims) */
static H3Principal *
new_principal (json_t *claims)
{
    g_auto (GStrv) scopes = read_scopes (claims);
    const char *subject = json_string_value (json_object_get (claims, "sub"));

    return h3_principal_new_with_claims ("bearer", subject != NULL ? subject : "",
                                         (const char *const *) scopes, claims);
}

/* (transfer none): people read it. */
static const char *
make_sentence (H3AuthCheck *check, const char *message)
{
    return h3_arena_printf (h3_event_get_arena (check->event), "%c%s.", g_ascii_toupper (*message),
                            message + 1);
}

static gboolean
verify_jwt (AuthScheme *scheme, H3AuthCheck *check, const H3Credentials *credentials)
{
    const Bearer *bearer = (const Bearer *) scheme;
    g_autoptr (GError) error = NULL;
    json_t *claims;

    if (!read_token (check, credentials))
        return FALSE;
    claims = h3_jwt_verifier_verify (bearer->verifier, check->token, &error);
    if (claims != NULL)
        h3_auth_check_accept (check, new_principal (claims));
    else if (error->domain == H3_JWT_ERROR)
        h3_auth_check_refuse (check, make_sentence (check, error->message));
    else
        h3_auth_check_fail (check, g_steal_pointer (&error));
    return TRUE;
}

static Bearer *
new_bearer (void)
{
    Bearer *bearer = g_new0 (Bearer, 1);

    bearer->scheme.name = "Bearer";
    bearer->scheme.challenge = challenge_bearer;
    bearer->scheme.free = free_bearer;
    return bearer;
}

AuthScheme *
auth_bearer_new (H3AuthVerify verify, gpointer user_data, GDestroyNotify destroy)
{
    Bearer *bearer = new_bearer ();

    bearer->scheme.verify = verify_bearer;
    bearer->verify = verify;
    bearer->user_data = user_data;
    bearer->destroy = destroy;
    return &bearer->scheme;
}

AuthScheme *
auth_jwt_new (H3JwtVerifier *verifier)
{
    Bearer *bearer = new_bearer ();

    bearer->scheme.verify = verify_jwt;
    bearer->verifier = h3_jwt_verifier_ref (verifier);
    return &bearer->scheme;
}
