/* SPDX-License-Identifier: MIT */

#include "auth-private.h"

typedef struct {
    AuthScheme scheme;
    H3AuthVerify verify;
    gpointer user_data;
    GDestroyNotify destroy; /* of user_data */
} Basic;

/* Clients that read it know that the password is UTF-8 (RFC 7617 §2.1). */
gboolean
auth_challenge_basic (AuthScheme *scheme, H3Event *event, const char *realm,
                      const AuthRefusal *refusal, GError **error)
{
    g_autoptr (H3Challenge) challenge = h3_challenge_new (scheme->name);

    auth_add_text (challenge, "realm", realm);
    auth_add_text (challenge, "charset", "UTF-8");
    h3_event_add_challenge (event, challenge);
    return TRUE;
}

gboolean
auth_read_basic (H3AuthCheck *check, const H3Credentials *credentials)
{
    H3View user, password;
    char *text;

    if (credentials->token.data == NULL)
        return FALSE;
    text = h3_arena_alloc (h3_event_get_arena (check->event), credentials->token.length + 1);
    if (!h3_credentials_decode_basic (credentials->token, text, &user, &password))
        return FALSE;
    text[user.length] = '\0'; /* where the colon was */
    text[user.length + 1 + password.length] = '\0';
    check->user = text;
    check->password = text + user.length + 1;
    return TRUE;
}

static gboolean
verify_basic (AuthScheme *scheme, H3AuthCheck *check, const H3Credentials *credentials)
{
    const Basic *basic = (const Basic *) scheme;

    if (!auth_read_basic (check, credentials))
        return FALSE;
    if (!auth_check_recall (check, credentials->token, 0))
        basic->verify (check, basic->user_data);
    return TRUE;
}

static void
free_basic (AuthScheme *scheme)
{
    Basic *basic = (Basic *) scheme;

    if (basic->destroy != NULL)
        basic->destroy (basic->user_data);
    g_free (basic);
}

AuthScheme *
auth_basic_new (H3AuthVerify verify, gpointer user_data, GDestroyNotify destroy)
{
    Basic *basic = g_new0 (Basic, 1);

    basic->scheme.name = "Basic";
    basic->scheme.verify = verify_basic;
    basic->scheme.challenge = auth_challenge_basic;
    basic->scheme.free = free_basic;
    basic->verify = verify;
    basic->user_data = user_data;
    basic->destroy = destroy;
    return &basic->scheme;
}
