/* SPDX-License-Identifier: MIT */

#include "auth.h"

#include "auth-private.h"

#include <h3/http/content.h>
#include <h3/http/failure.h>

#define DATA_KEY "h3-auth"

G_DEFINE_BOXED_TYPE (H3Auth, h3_auth, h3_auth_ref, h3_auth_unref)

H3Auth *
h3_auth_new (const char *realm)
{
    H3Auth *auth;

    g_return_val_if_fail (realm != NULL && h3_headers_is_value (h3_view_of (realm)), NULL);
    g_return_val_if_fail (strchr (realm, '\t') == NULL, NULL);
    auth = g_new0 (H3Auth, 1);
    atomic_init (&auth->references, 1);
    auth->realm = g_strdup (realm);
    return auth;
}

H3Auth *
h3_auth_ref (H3Auth *auth)
{
    g_return_val_if_fail (auth != NULL, NULL);
    atomic_fetch_add_explicit (&auth->references, 1, memory_order_relaxed);
    return auth;
}

void
h3_auth_unref (H3Auth *auth)
{
    if (auth == NULL || atomic_fetch_sub_explicit (&auth->references, 1, memory_order_acq_rel) != 1)
        return;
    for (guint i = 0; i < auth->n_schemes; i++)
        auth->schemes[i]->free (auth->schemes[i]);
    auth_memory_free (auth->memory);
    g_free (auth->realm);
    g_free (auth);
}

AuthScheme *
auth_find_scheme (const H3Auth *auth, H3View name)
{
    for (guint i = 0; i < auth->n_schemes; i++)
        if (h3_view_equal_ignore_case (name, h3_view_of (auth->schemes[i]->name)))
            return auth->schemes[i];
    return NULL;
}

void
auth_add_scheme (H3Auth *auth, AuthScheme *scheme)
{
    if (auth_find_scheme (auth, h3_view_of (scheme->name)) != NULL) {
        g_critical ("%s was added before: one of them would never be asked", scheme->name);
        scheme->free (scheme);
        return;
    }
    g_assert (auth->n_schemes < AUTH_MAX_SCHEMES);
    auth->schemes[auth->n_schemes++] = scheme;
}

void
h3_auth_add_passwords (H3Auth *auth, H3Passwords *passwords)
{
    g_return_if_fail (auth != NULL && passwords != NULL);
    auth_add_scheme (auth, auth_passwords_new (passwords));
    if (!auth->is_memory_set) {
        auth->max_remembered = H3_AUTH_REMEMBERED;
        auth->remembered_time = H3_AUTH_REMEMBERED_TIME;
    }
}

void
h3_auth_add_basic (H3Auth *auth, H3AuthVerify verify, gpointer user_data, GDestroyNotify destroy)
{
    g_return_if_fail (auth != NULL && verify != NULL);
    auth_add_scheme (auth, auth_basic_new (verify, user_data, destroy));
}

void
h3_auth_add_bearer (H3Auth *auth, H3AuthVerify verify, gpointer user_data, GDestroyNotify destroy)
{
    g_return_if_fail (auth != NULL && verify != NULL);
    auth_add_scheme (auth, auth_bearer_new (verify, user_data, destroy));
    auth->has_bearer = TRUE;
}

void
h3_auth_add_jwt (H3Auth *auth, H3JwtVerifier *verifier)
{
    g_return_if_fail (auth != NULL && verifier != NULL);
    auth_add_scheme (auth, auth_jwt_new (verifier));
    auth->has_bearer = TRUE;
}

void
h3_auth_set_optional (H3Auth *auth, gboolean is_optional)
{
    g_return_if_fail (auth != NULL);
    auth->is_optional = is_optional;
}

void
h3_auth_set_memory (H3Auth *auth, guint max_entries, guint milliseconds)
{
    g_return_if_fail (auth != NULL && (max_entries == 0 || milliseconds > 0));
    auth->is_memory_set = TRUE;
    auth->max_remembered = max_entries;
    auth->remembered_time = milliseconds;
}

const H3Auth *
auth_of_event (H3Event *event)
{
    return h3_event_get_data (event, DATA_KEY);
}

void
auth_add_text (H3Challenge *challenge, const char *name, const char *text)
{
    if (text != NULL)
        (void) h3_challenge_add (challenge, name, text);
}

void
auth_answer (const H3Auth *auth, H3Event *event, guint status, const AuthScheme *scheme,
             const AuthRefusal *refusal, const char *detail)
{
    GError *error = NULL;

    for (guint i = 0; error == NULL && i < auth->n_schemes; i++)
        (void) auth->schemes[i]->challenge (auth->schemes[i], event, auth->realm,
                                            auth->schemes[i] == scheme ? refusal : NULL, &error);
    if (error != NULL)
        h3_event_fail (event, error);
    else
        h3_event_fail_status (event, status, detail);
}

void
auth_refuse (const H3Auth *auth, H3Event *event, const AuthScheme *scheme,
             const AuthRefusal *refusal)
{
    const char *detail = "Credentials are needed here.";

    if (refusal != NULL)
        detail = refusal->description != NULL ? refusal->description : "The credentials are wrong.";
    auth_answer (auth, event, 401, scheme, refusal, detail);
}

static void
refuse_malformed (const H3Auth *auth, H3Event *event, const AuthScheme *scheme,
                  const char *description)
{
    const AuthRefusal refusal = { "invalid_request", description, NULL, FALSE };

    auth_answer (auth, event, 400, scheme, &refusal, description);
}

static void
verify (const H3Auth *auth, H3Event *event, AuthScheme *scheme, const H3Credentials *credentials)
{
    H3AuthCheck *check = h3_arena_new0 (h3_event_get_arena (event), H3AuthCheck);

    check->auth = auth;
    check->scheme = scheme;
    check->event = event;
    if (!scheme->verify (scheme, check, credentials))
        refuse_malformed (auth, event, scheme, "The credentials cannot be read.");
    else
        auth_check_settle (check);
}

/* Who shows nothing, or something that nobody here understands. */
static void
admit_or_refuse (const H3Auth *auth, H3Event *event)
{
    if (auth->is_optional || h3_event_get_principal (event) != NULL)
        h3_event_next (event);
    else
        auth_refuse (auth, event, NULL, NULL);
}

static gboolean
has_token_in_query (const H3Auth *auth, H3Event *event)
{
    return auth->has_bearer && h3_request_get_query_string (h3_event_get_request (event)) != NULL
           && h3_event_get_query (event, "access_token") != NULL;
}

static void
authenticate (H3Event *event, gpointer user_data)
{
    const H3Auth *auth = user_data;
    AuthScheme *scheme = NULL;
    H3Credentials credentials;
    H3CredentialsResult result = h3_event_read_credentials (event, &credentials);

    h3_event_set_data (event, DATA_KEY, user_data, NULL);
    /* A cache must not give those without credentials what was made for those with them. */
    if (auth->is_optional)
        h3_response_add_vary (h3_event_get_response (event), "Authorization");
    if (result == H3_CREDENTIALS_READ)
        scheme = auth_find_scheme (auth, credentials.scheme);
    if (result == H3_CREDENTIALS_MALFORMED)
        refuse_malformed (auth, event, NULL, "Authorization came twice, or cannot be read.");
    else if (has_token_in_query (auth, event))
        refuse_malformed (auth, event, NULL, "A token does not belong in a URL.");
    else if (scheme != NULL)
        verify (auth, event, scheme, &credentials);
    else
        admit_or_refuse (auth, event);
}

H3Middleware *
h3_auth_to_middleware (H3Auth *auth)
{
    H3Middleware *middleware;
    gboolean is_early = TRUE;

    g_return_val_if_fail (auth != NULL, NULL);
    if (auth->max_remembered > 0 && auth->memory == NULL)
        auth->memory = auth_memory_new (auth->max_remembered, auth->remembered_time);
    for (guint i = 0; i < auth->n_schemes; i++)
        is_early = is_early && !auth->schemes[i]->needs_body;
    middleware =
        h3_middleware_new (authenticate, h3_auth_ref (auth), (GDestroyNotify) h3_auth_unref);
    h3_middleware_set_early (middleware, is_early);
    return middleware;
}

/* (transfer full auth) */
static H3Middleware *
finish (H3Auth *auth)
{
    H3Middleware *middleware = h3_auth_to_middleware (auth);

    h3_auth_unref (auth);
    return middleware;
}

H3Middleware *
h3_auth_require_password (const char *realm, H3Passwords *passwords)
{
    H3Auth *auth = h3_auth_new (realm);

    g_return_val_if_fail (auth != NULL, NULL);
    h3_auth_add_passwords (auth, passwords);
    return finish (auth);
}

H3Middleware *
h3_auth_require_basic (const char *realm, H3AuthVerify verify_function, gpointer user_data,
                       GDestroyNotify destroy)
{
    H3Auth *auth = h3_auth_new (realm);

    g_return_val_if_fail (auth != NULL, NULL);
    h3_auth_add_basic (auth, verify_function, user_data, destroy);
    return finish (auth);
}

H3Middleware *
h3_auth_require_bearer (const char *realm, H3AuthVerify verify_function, gpointer user_data,
                        GDestroyNotify destroy)
{
    H3Auth *auth = h3_auth_new (realm);

    g_return_val_if_fail (auth != NULL, NULL);
    h3_auth_add_bearer (auth, verify_function, user_data, destroy);
    return finish (auth);
}

H3Middleware *
h3_auth_require_jwt (const char *realm, H3JwtVerifier *verifier)
{
    H3Auth *auth = h3_auth_new (realm);

    g_return_val_if_fail (auth != NULL, NULL);
    h3_auth_add_jwt (auth, verifier);
    return finish (auth);
}
