/* SPDX-License-Identifier: MIT */

#include "auth-digest.h"

#include "auth-nonce.h"
#include "auth-private.h"

#include <h3/base/error.h>

#define MAX_ALGORITHMS 6

typedef struct {
    const char *name; /* borrowed: static */
    H3DigestKind kind;
    gboolean is_session;
} Algorithm;

static const Algorithm known[] = {
    { "SHA-256", H3_DIGEST_SHA256, FALSE },
    { "SHA-256-sess", H3_DIGEST_SHA256, TRUE },
    { "SHA-512-256", H3_DIGEST_SHA512_256, FALSE },
    { "SHA-512-256-sess", H3_DIGEST_SHA512_256, TRUE },
    { "MD5", H3_DIGEST_MD5, FALSE },
    { "MD5-sess", H3_DIGEST_MD5, TRUE },
};

G_STATIC_ASSERT (G_N_ELEMENTS (known) == MAX_ALGORITHMS);

typedef struct {
    AuthScheme scheme;
    const Algorithm *algorithms[MAX_ALGORITHMS]; /* borrowed: those above */
    gsize n_algorithms;
    char *realm; /* owned */
    char *qop;   /* owned: as a challenge has it */
    gboolean takes_auth, takes_body;
    AuthNonces *nonces; /* owned */
    H3AuthDigestLookup lookup;
    gpointer user_data;
    GDestroyNotify destroy; /* of user_data */
} DigestScheme;

/* What of a request decides whether its credentials are right. */
typedef enum { RIGHT, WRONG, STALE, UNREADABLE, FAILED } Verdict;

void
h3_auth_digest_options_init (H3AuthDigestOptions *options)
{
    g_return_if_fail (options != NULL);
    memset (options, 0, sizeof *options);
    options->algorithms = "SHA-256";
    options->qop = "auth";
    options->nonce_time = 5 * 60 * 1000;
    options->max_nonces = 10000;
}

/* One field an algorithm, in the order they are preferred in (RFC 7616 §3.7). */
static gboolean
challenge_digest (AuthScheme *scheme, H3Event *event, const char *realm, const AuthRefusal *refusal,
                  GError **error)
{
    DigestScheme *digest = (DigestScheme *) scheme;
    g_autofree char *nonce = auth_nonces_make (digest->nonces, error);

    for (gsize i = 0; nonce != NULL && i < digest->n_algorithms; i++) {
        g_autoptr (H3Challenge) challenge = h3_challenge_new (scheme->name);

        auth_add_text (challenge, "realm", realm);
        auth_add_text (challenge, "qop", digest->qop);
        (void) h3_challenge_add_token (challenge, "algorithm", digest->algorithms[i]->name);
        auth_add_text (challenge, "nonce", nonce);
        auth_add_text (challenge, "opaque", auth_nonces_get_opaque (digest->nonces));
        auth_add_text (challenge, "charset", "UTF-8");
        if (refusal != NULL && refusal->is_stale)
            (void) h3_challenge_add_token (challenge, "stale", "true");
        h3_event_add_challenge (event, challenge);
    }
    return nonce != NULL;
}

static const Algorithm *
find_algorithm (const DigestScheme *digest, const char *name)
{
    for (gsize i = 0; i < digest->n_algorithms; i++)
        if (g_ascii_strcasecmp (digest->algorithms[i]->name, name != NULL ? name : "MD5") == 0)
            return digest->algorithms[i];
    return NULL;
}

static gboolean
takes_qop (const DigestScheme *digest, const char *qop)
{
    if (g_strcmp0 (qop, "auth") == 0)
        return digest->takes_auth;
    return g_strcmp0 (qop, "auth-int") == 0 && digest->takes_body;
}

/* Somebody who is not there takes as long as somebody who is. */
static gboolean
look_up (const DigestScheme *digest, const H3DigestCredentials *credentials, H3DigestKind kind,
         char *out)
{
    if (!credentials->is_hashed
        && digest->lookup (credentials->username, kind, digest->realm, out, digest->user_data))
        return TRUE;
    memset (out, '0', H3_DIGEST_CREDENTIALS_ROOM - 1);
    out[2 * h3_digest_get_length (kind)] = '\0';
    return FALSE;
}

static gboolean
is_response (const H3DigestCredentials *credentials, const char *response)
{
    gsize length = strlen (response);
    g_autofree char *lower = g_ascii_strdown (credentials->response, -1);

    return strlen (lower) == length && h3_digest_equal (lower, response, length);
}

/* Whether the client has the password, be the nonce what it may. */
static Verdict
weigh_response (const DigestScheme *digest, H3Event *event, const H3DigestCredentials *credentials,
                const Algorithm *algorithm)
{
    H3Request *request = h3_event_get_request (event);
    char hash[H3_DIGEST_CREDENTIALS_ROOM], response[H3_DIGEST_CREDENTIALS_ROOM];
    gboolean is_known = look_up (digest, credentials, algorithm->kind, hash);
    gboolean is_computed = h3_digest_credentials_compute (
        credentials, algorithm->kind, hash, algorithm->is_session,
        h3_request_get_method_name (request), h3_request_get_body (request), response, NULL);

    h3_digest_wipe (hash, sizeof hash);
    if (!is_computed)
        return FAILED;
    return is_response (credentials, response) && is_known ? RIGHT : WRONG;
}

/* A body that is read piece by piece is not there to be taken into account. */
static gboolean
lacks_body (H3Event *event, const H3DigestCredentials *credentials)
{
    const H3Request *request = h3_event_get_request (event);

    return g_str_equal (credentials->qop, "auth-int") && h3_request_has_body (request)
           && h3_request_get_body (request) == NULL && h3_request_get_content_length (request) != 0;
}

/* The nonce is looked at last: that it is old is told only to who has the password, and a client
 * that has it then asks again without asking its user. */
static Verdict
weigh (const DigestScheme *digest, H3Event *event, const H3DigestCredentials *credentials)
{
    const Algorithm *algorithm = find_algorithm (digest, credentials->algorithm);
    Verdict verdict;

    if (strcmp (credentials->uri, h3_request_get_target (h3_event_get_request (event))) != 0)
        return UNREADABLE;
    if (algorithm == NULL || !takes_qop (digest, credentials->qop)
        || !g_str_equal (credentials->realm, digest->realm))
        return WRONG;
    if (lacks_body (event, credentials))
        return UNREADABLE;
    verdict = weigh_response (digest, event, credentials, algorithm);
    if (verdict != RIGHT)
        return verdict;
    if (g_strcmp0 (credentials->opaque, auth_nonces_get_opaque (digest->nonces)) != 0)
        return STALE;
    return auth_nonces_use (digest->nonces, credentials->nonce, credentials->count) == NONCE_FRESH
               ? RIGHT
               : STALE;
}

static gboolean
verify_digest (AuthScheme *scheme, H3AuthCheck *check, const H3Credentials *credentials)
{
    static const AuthRefusal wrong = { "invalid_token", NULL, NULL, FALSE };
    static const AuthRefusal stale = { "invalid_token", "The nonce is too old.", NULL, TRUE };
    H3DigestCredentials read;

    if (!h3_digest_credentials_init (&read, credentials, h3_event_get_arena (check->event)))
        return FALSE;
    switch (weigh ((const DigestScheme *) scheme, check->event, &read)) {
    case RIGHT:
        h3_auth_check_accept (check, h3_principal_new ("digest", read.username, NULL));
        break;
    case WRONG:
        auth_check_refuse (check, &wrong);
        break;
    case STALE:
        auth_check_refuse (check, &stale);
        break;
    case FAILED:
        h3_auth_check_fail (
            check, g_error_new_literal (H3_ERROR, H3_ERROR_FAILED, "the system gives no digest"));
        break;
    case UNREADABLE:
        return FALSE;
    }
    return TRUE;
}

static void
free_digest (AuthScheme *scheme)
{
    DigestScheme *digest = (DigestScheme *) scheme;

    if (digest->destroy != NULL)
        digest->destroy (digest->user_data);
    auth_nonces_free (digest->nonces);
    g_free (digest->realm);
    g_free (digest->qop);
    g_free (digest);
}

static gboolean
add_algorithm (DigestScheme *digest, const char *name, GError **error)
{
    for (gsize i = 0; i < G_N_ELEMENTS (known); i++) {
        if (g_ascii_strcasecmp (known[i].name, name) != 0)
            continue;
        for (gsize k = 0; k < digest->n_algorithms; k++)
            if (digest->algorithms[k] == &known[i])
                return TRUE;
        digest->algorithms[digest->n_algorithms++] = &known[i];
        return TRUE;
    }
    g_set_error (error, H3_ERROR, H3_ERROR_INVALID,
                 "Digest knows SHA-256, SHA-512-256 and MD5, and each with -sess, not '%s'", name);
    return FALSE;
}

static gboolean
read_algorithms (DigestScheme *digest, const char *text, GError **error)
{
    g_auto (GStrv) names = g_strsplit (text, " ", -1);

    for (char **name = names; *name != NULL; name++)
        if (**name != '\0' && !add_algorithm (digest, *name, error))
            return FALSE;
    if (digest->n_algorithms > 0)
        return TRUE;
    g_set_error_literal (error, H3_ERROR, H3_ERROR_INVALID, "Digest needs an algorithm");
    return FALSE;
}

static gboolean
read_qop (DigestScheme *digest, const char *text, GError **error)
{
    g_auto (GStrv) names = g_strsplit (text, " ", -1);

    for (char **name = names; *name != NULL; name++) {
        if (g_str_equal (*name, "auth")) {
            digest->takes_auth = TRUE;
        } else if (g_str_equal (*name, "auth-int")) {
            digest->takes_body = TRUE;
        } else if (**name != '\0') {
            g_set_error (error, H3_ERROR, H3_ERROR_INVALID,
                         "the qop of Digest is auth, auth-int or both, not '%s'", *name);
            return FALSE;
        }
    }
    if (!digest->takes_auth && !digest->takes_body) {
        g_set_error_literal (error, H3_ERROR, H3_ERROR_INVALID, "Digest needs a qop");
        return FALSE;
    }
    digest->qop = g_strdup (!digest->takes_body   ? "auth"
                            : !digest->takes_auth ? "auth-int"
                                                  : "auth, auth-int");
    digest->scheme.needs_body = digest->takes_body;
    return TRUE;
}

static gboolean
read_options (DigestScheme *digest, const H3AuthDigestOptions *options, GError **error)
{
    if (options->max_nonces == 0 || options->nonce_time < 1000
        || (options->secret != NULL && g_bytes_get_size (options->secret) < 32)) {
        g_set_error_literal (
            error, H3_ERROR, H3_ERROR_INVALID,
            "nonces are good for at least a second and remembered, and a secret of "
            "them has at least 32 bytes");
        return FALSE;
    }
    if (!read_algorithms (digest, options->algorithms, error)
        || !read_qop (digest, options->qop, error))
        return FALSE;
    digest->nonces =
        auth_nonces_new (options->secret, options->nonce_time, options->max_nonces, error);
    return digest->nonces != NULL;
}

gboolean
h3_auth_add_digest (H3Auth *auth, const H3AuthDigestOptions *options, H3AuthDigestLookup lookup,
                    gpointer user_data, GDestroyNotify destroy, GError **error)
{
    H3AuthDigestOptions defaults;
    DigestScheme *digest;

    g_return_val_if_fail (auth != NULL && lookup != NULL, FALSE);
    h3_auth_digest_options_init (&defaults);
    digest = g_new0 (DigestScheme, 1);
    digest->scheme.name = "Digest";
    digest->scheme.verify = verify_digest;
    digest->scheme.challenge = challenge_digest;
    digest->scheme.free = free_digest;
    digest->realm = g_strdup (auth->realm);
    digest->lookup = lookup;
    digest->user_data = user_data;
    digest->destroy = destroy;
    if (!read_options (digest, options != NULL ? options : &defaults, error)) {
        free_digest (&digest->scheme);
        return FALSE;
    }
    auth_add_scheme (auth, &digest->scheme);
    return TRUE;
}
