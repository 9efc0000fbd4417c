/* SPDX-License-Identifier: MIT */

#include "auth.h"

#include "auth-private.h"

#include <h3/http/failure.h>

typedef struct {
    char *text;   /* owned; NULL: any principal */
    GStrv scopes; /* owned */
} Requirement;

static void
free_requirement (gpointer data)
{
    Requirement *requirement = data;

    g_free (requirement->text);
    g_strfreev (requirement->scopes);
    g_free (requirement);
}

static gboolean
has_all (const H3Principal *principal, const Requirement *requirement)
{
    for (char **scope = requirement->scopes; *scope != NULL; scope++)
        if (**scope != '\0' && !h3_principal_has_scope (principal, *scope))
            return FALSE;
    return TRUE;
}

/* Where nothing asked for credentials there is no challenge, and without one no 401 (RFC 9110
 * §15.5.2). */
static void
refuse_nobody (H3Event *event)
{
    const H3Auth *auth = auth_of_event (event);

    if (auth != NULL)
        auth_refuse (auth, event, NULL, NULL);
    else
        h3_event_fail_status (event, 403, "This is for those who have signed in.");
}

static void
refuse_scope (H3Event *event, const Requirement *requirement, const H3Principal *principal)
{
    static const char detail[] = "The credentials are not for this.";
    const AuthRefusal refusal = { "insufficient_scope", detail, requirement->text, FALSE };
    const H3Auth *auth = auth_of_event (event);
    AuthScheme *scheme = auth != NULL ? auth_find_scheme (auth, H3_VIEW ("Bearer")) : NULL;

    if (scheme != NULL && g_str_equal (h3_principal_get_scheme (principal), "bearer"))
        (void) scheme->challenge (scheme, event, auth->realm, &refusal, NULL);
    h3_event_fail_status (event, 403, detail);
}

static void
require (H3Event *event, gpointer user_data)
{
    const Requirement *requirement = user_data;
    const H3Principal *principal = h3_event_get_principal (event);

    if (principal == NULL)
        refuse_nobody (event);
    else if (!has_all (principal, requirement))
        refuse_scope (event, requirement, principal);
    else
        h3_event_next (event);
}

/* RFC 6750 §3: what stands between the blanks are visible characters but quotes and backslashes. */
static gboolean
are_scopes (const char *text)
{
    for (; *text != '\0'; text++)
        if (*text < ' ' || *text > '~' || *text == '"' || *text == '\\')
            return FALSE;
    return TRUE;
}

H3Middleware *
h3_auth_require_scope (const char *scopes)
{
    H3Middleware *middleware;
    Requirement *requirement;

    g_return_val_if_fail (scopes == NULL || are_scopes (scopes), NULL);
    requirement = g_new0 (Requirement, 1);
    requirement->text = g_strdup (scopes);
    requirement->scopes = g_strsplit (scopes != NULL ? scopes : "", " ", -1);
    middleware = h3_middleware_new (require, requirement, free_requirement);
    h3_middleware_set_early (middleware, TRUE);
    return middleware;
}
