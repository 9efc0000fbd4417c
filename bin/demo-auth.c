/* SPDX-License-Identifier: MIT
 *
 * Clients that show who they are, as httpbin asks them to: the path says which name and password
 * are right. */

#include "demo.h"

#include "demo-route.h"

#include <jansson.h>

#define REALM "Fake Realm"

static void
send_authenticated (H3Event *event, const char *user)
{
    demo_send_json (event, json_pack ("{s:b, s:s}", "authenticated", TRUE, "user", user));
}

static gboolean
is_basic_right (H3Event *event)
{
    const char *user, *password;

    return h3_event_read_basic (event, &user, &password) == H3_CREDENTIALS_READ
           && g_str_equal (user, h3_event_get_param (event, "user"))
           && g_str_equal (password, h3_event_get_param (event, "password"));
}

static void
ask_for_basic (H3Event *event, gpointer user_data)
{
    g_autoptr (H3Challenge) challenge = h3_challenge_new ("Basic");

    if (is_basic_right (event)) {
        send_authenticated (event, h3_event_get_param (event, "user"));
        return;
    }
    (void) h3_challenge_add (challenge, "realm", REALM);
    h3_event_add_challenge (event, challenge);
    h3_event_set_status (event, 401);
    h3_event_send (event);
}

static void
hide_behind_basic (H3Event *event, gpointer user_data)
{
    if (is_basic_right (event)) {
        send_authenticated (event, h3_event_get_param (event, "user"));
        return;
    }
    h3_event_set_status (event, 404);
    h3_event_send (event);
}

static void
ask_for_bearer (H3Event *event, gpointer user_data)
{
    g_autoptr (H3Challenge) challenge = h3_challenge_new ("Bearer");
    const char *token;

    if (h3_event_read_bearer (event, &token) == H3_CREDENTIALS_READ) {
        demo_send_json (event, json_pack ("{s:b, s:s}", "authenticated", TRUE, "token", token));
        return;
    }
    h3_event_add_challenge (event, challenge);
    h3_event_set_status (event, 401);
    h3_event_send (event);
}

static const struct {
    const char *name;
    H3DigestKind kind;
} algorithms[] = {
    { "MD5", H3_DIGEST_MD5 },
    { "SHA-256", H3_DIGEST_SHA256 },
    { "SHA-512", H3_DIGEST_SHA512 },
};

typedef struct {
    const char *qop;         /* borrowed: the path; NULL: any */
    gsize algorithm;         /* of those above */
    const char *stale_after; /* borrowed: the path */
} Asked;

static Asked
read_path (H3Event *event)
{
    const char *algorithm = h3_event_get_param (event, "algorithm");
    Asked asked = { h3_event_get_param (event, "qop"), 0, h3_event_get_param (event, "stale") };

    if (!g_str_equal (asked.qop, "auth") && !g_str_equal (asked.qop, "auth-int"))
        asked.qop = NULL;
    for (gsize i = 0; algorithm != NULL && i < G_N_ELEMENTS (algorithms); i++)
        if (g_str_equal (algorithm, algorithms[i].name))
            asked.algorithm = i;
    if (asked.stale_after == NULL)
        asked.stale_after = "never";
    return asked;
}

/* FALSE, with the event answered, for what no cookie can be. */
static gboolean
set_cookie (H3Event *event, const char *name, const char *value)
{
    g_autoptr (H3Cookie) cookie = h3_cookie_new (name, value);
    g_autoptr (GError) error = NULL;

    h3_cookie_set_path (cookie, "/");
    if (h3_event_set_cookie (event, cookie, &error))
        return TRUE;
    h3_event_fail (event, h3_http_error_new (400, "%s", error->message));
    return FALSE;
}

/* Nothing is remembered of nonces: the client's cookies say which it used last. */
static void
challenge_digest (H3Event *event, const Asked *asked, gboolean is_stale, const char *last_nonce)
{
    g_autoptr (H3Challenge) challenge = h3_challenge_new ("Digest");
    g_autoptr (GError) error = NULL;
    guint8 random[32];
    g_autofree char *nonce = NULL;
    g_autofree char *opaque = NULL;

    if (!h3_digest_fill_random (random, sizeof random, &error)) {
        h3_event_fail (event, g_steal_pointer (&error));
        return;
    }
    if (!set_cookie (event, "stale_after", asked->stale_after)
        || (last_nonce != NULL && !set_cookie (event, "last_nonce", last_nonce))
        || !set_cookie (event, "fake", "fake_value"))
        return;
    nonce = h3_digest_to_hex (random, 16);
    opaque = h3_digest_to_hex (random + 16, 16);
    (void) h3_challenge_add (challenge, "realm", REALM);
    (void) h3_challenge_add (challenge, "nonce", nonce);
    (void) h3_challenge_add (challenge, "qop", asked->qop != NULL ? asked->qop : "auth, auth-int");
    (void) h3_challenge_add (challenge, "opaque", opaque);
    (void) h3_challenge_add_token (challenge, "algorithm", algorithms[asked->algorithm].name);
    (void) h3_challenge_add_token (challenge, "stale", is_stale ? "TRUE" : "FALSE");
    h3_event_add_challenge (event, challenge);
    h3_event_set_status (event, 401);
    h3_event_send (event);
}

static gboolean
is_digest_right (H3Event *event, const Asked *asked, const H3DigestCredentials *digest)
{
    H3Request *request = h3_event_get_request (event);
    H3DigestKind kind = algorithms[asked->algorithm].kind;
    const char *algorithm = digest->algorithm != NULL ? digest->algorithm : algorithms[0].name;
    char hash[H3_DIGEST_CREDENTIALS_ROOM], response[H3_DIGEST_CREDENTIALS_ROOM];

    return g_ascii_strcasecmp (algorithm, algorithms[asked->algorithm].name) == 0
           && (asked->qop == NULL || g_strcmp0 (digest->qop, asked->qop) == 0) && !digest->is_hashed
           && g_str_equal (digest->username, h3_event_get_param (event, "user"))
           && g_str_equal (digest->uri, h3_request_get_target (request))
           && h3_digest_credentials_hash_password (kind, digest->username, digest->realm,
                                                   h3_event_get_param (event, "password"), hash,
                                                   NULL)
           && h3_digest_credentials_compute (digest, kind, hash, FALSE,
                                             h3_request_get_method_name (request),
                                             h3_request_get_body (request), response, NULL)
           && g_str_equal (response, digest->response);
}

/* How many more requests a nonce is good for, as the cookie counts it: "3", "never". */
static gboolean
count_down (H3Event *event, const char *stale_after)
{
    char text[24] = "never";
    guint64 left;

    if (h3_view_parse_uint (h3_view_of (stale_after), G_MAXINT32, &left) && left > 0)
        (void) g_snprintf (text, sizeof text, "%" G_GUINT64_FORMAT, left - 1);
    return set_cookie (event, "stale_after", text);
}

static gboolean
needs_cookies (H3Event *event)
{
    const char *asked = h3_event_get_query (event, "require-cookie");

    return asked != NULL
           && (g_str_equal (asked, "1") || g_ascii_strcasecmp (asked, "t") == 0
               || g_ascii_strcasecmp (asked, "true") == 0);
}

static void
ask_for_digest (H3Event *event, gpointer user_data)
{
    const Asked asked = read_path (event);
    const char *fake = h3_event_get_cookie (event, "fake");
    const char *last_nonce = h3_event_get_cookie (event, "last_nonce");
    const char *stale_after = h3_event_get_cookie (event, "stale_after");
    gboolean has_cookies = h3_request_get_header (h3_event_get_request (event), "Cookie") != NULL;
    H3DigestCredentials digest;

    if (h3_event_read_digest (event, &digest) != H3_CREDENTIALS_READ
        || (needs_cookies (event) && !has_cookies)) {
        challenge_digest (event, &asked, FALSE, NULL);
    } else if (needs_cookies (event) && g_strcmp0 (fake, "fake_value") != 0) {
        if (!set_cookie (event, "fake", "fake_value"))
            return;
        h3_event_set_status (event, 403);
        demo_send_json (event, json_pack ("{s:[s]}", "errors", "missing cookie set on challenge"));
    } else if (g_strcmp0 (last_nonce, digest.nonce) == 0 || g_strcmp0 (stale_after, "0") == 0) {
        challenge_digest (event, &asked, TRUE, digest.nonce);
    } else if (!is_digest_right (event, &asked, &digest)) {
        challenge_digest (event, &asked, FALSE, digest.nonce);
    } else if (set_cookie (event, "fake", "fake_value")
               && (stale_after == NULL || count_down (event, stale_after))) {
        send_authenticated (event, digest.username);
    }
}

void
demo_add_auth (H3App *app)
{
    static const char what[] = "Asks for these, by Digest (RFC 7616)";

    demo_add (app, "GET", "/basic-auth/:user/:password", ask_for_basic, NULL,
              "Asks for these, by Basic (RFC 7617)");
    demo_add (app, "GET", "/hidden-basic-auth/:user/:password", hide_behind_basic, NULL,
              "The same, but is not there for others");
    demo_add (app, "GET", "/bearer", ask_for_bearer, NULL, "Asks for any token (RFC 6750)");
    demo_add (app, "GET", "/digest-auth/:qop/:user/:password", ask_for_digest, NULL, what);
    demo_add (app, "GET", "/digest-auth/:qop/:user/:password/:algorithm", ask_for_digest, NULL,
              "The same, with MD5, SHA-256 or SHA-512");
    demo_add (app, "GET", "/digest-auth/:qop/:user/:password/:algorithm/:stale", ask_for_digest,
              NULL, "The same; a nonce is good for so many requests");
}
