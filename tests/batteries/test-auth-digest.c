/* SPDX-License-Identifier: MIT */

#include "tests/batteries/auth-asking.h"

#include <h3/base/error.h>
#include <h3/loop/clock.h>

#define REALM "house"

/* What a client knows, and what it was told. */
typedef struct {
    const char *user, *password;
    const char *algorithm; /* as it says it */
    H3DigestKind kind;
    gboolean is_session;
    const char *method, *uri, *body;
    const char *qop;
    guint count;
    char *nonce, *opaque; /* owned */
} Client;

static gboolean
look_up (const char *user, H3DigestKind kind, const char *realm, char *out, gpointer user_data)
{
    ck_assert_str_eq (realm, REALM);
    return g_str_equal (user, "J\xc3\xb8rn")
           && h3_digest_credentials_hash_password (kind, user, realm, "secret", out, NULL);
}

/* (transfer full) */
static H3App *
new_app (const char *algorithms, const char *qop)
{
    g_autoptr (H3Auth) auth = h3_auth_new (REALM);
    g_autoptr (GError) error = NULL;
    H3AuthDigestOptions options;

    h3_auth_digest_options_init (&options);
    if (algorithms != NULL)
        options.algorithms = algorithms;
    if (qop != NULL)
        options.qop = qop;
    ck_assert (h3_auth_add_digest (auth, &options, look_up, NULL, NULL, &error));
    return app_behind (h3_auth_to_middleware (auth));
}

/* (transfer full): a parameter of the first challenge. */
static char *
take_parameter (H3Injected *answer, const char *name)
{
    g_autofree char *start = g_strconcat (name, "=\"", NULL);
    const char *field = h3_injected_get_header (answer, "WWW-Authenticate");
    const char *at;

    ck_assert_ptr_nonnull (field);
    at = strstr (field, start);
    ck_assert_ptr_nonnull (at);
    at += strlen (start);
    return g_strndup (at, strcspn (at, "\""));
}

static Client
challenged (H3App *app)
{
    Client client = { "J\xc3\xb8rn", "secret", "SHA-256", H3_DIGEST_SHA256,
                      FALSE,         "GET",    "/",       NULL,
                      "auth",        0,        NULL,      NULL };
    g_autoptr (H3Injected) answer = ask (app, "GET", "/");

    ck_assert_uint_eq (h3_injected_get_status (answer), 401);
    client.nonce = take_parameter (answer, "nonce");
    client.opaque = take_parameter (answer, "opaque");
    return client;
}

static void
forget (Client *client)
{
    g_free (client->nonce);
    g_free (client->opaque);
}

/* (transfer full): what the client sends, with `response` in it. */
static char *
write_field (const Client *client, const char *response)
{
    return g_strdup_printf ("Digest username=\"%s\", realm=\"" REALM
                            "\", uri=\"%s\", nonce=\"%s\", "
                            "opaque=\"%s\", algorithm=%s, qop=%s, nc=%08x, cnonce=\"abc\", "
                            "response=\"%s\"",
                            client->user, client->uri, client->nonce, client->opaque,
                            client->algorithm, client->qop, client->count, response);
}

/* (transfer full): the next request's credentials. */
static char *
answer_challenge (Client *client)
{
    g_autoptr (H3Arena) arena = h3_arena_new ();
    g_autofree char *draft = NULL;
    g_autoptr (GBytes) body = NULL;
    char hash[H3_DIGEST_CREDENTIALS_ROOM], response[H3_DIGEST_CREDENTIALS_ROOM];
    H3DigestCredentials digest;
    H3Credentials credentials;

    client->count++;
    draft = write_field (client, "00");
    if (client->body != NULL)
        body = g_bytes_new (client->body, strlen (client->body));
    ck_assert (h3_credentials_parse (h3_view_of (draft), &credentials));
    ck_assert (h3_digest_credentials_init (&digest, &credentials, arena));
    ck_assert (h3_digest_credentials_hash_password (client->kind, client->user, REALM,
                                                    client->password, hash, NULL));
    ck_assert (h3_digest_credentials_compute (&digest, client->kind, hash, client->is_session,
                                              client->method, body, response, NULL));
    return write_field (client, response);
}

/* Asks for `target`, which may be another than the credentials are for. `stale`: whether the
 * challenge says so. */
static void
assert_asked (H3App *app, const char *target, const char *field, guint status, gboolean stale)
{
    g_autoptr (H3Injected) answer = ask_as (app, target, field);
    const char *challenge = h3_injected_get_header (answer, "WWW-Authenticate");

    ck_assert_msg (h3_injected_get_status (answer) == status, "%s: %u", field,
                   h3_injected_get_status (answer));
    ck_assert_int_eq (challenge != NULL && strstr (challenge, "stale=true") != NULL, stale);
}

static void
assert_next (H3App *app, Client *client, guint status, gboolean stale)
{
    g_autofree char *field = answer_challenge (client);

    assert_asked (app, "/", field, status, stale);
}

START_TEST (digest_lets_in_who_has_the_password)
{
    g_autoptr (H3App) app = new_app (NULL, NULL);
    Client client = challenged (app);
    g_autofree char *field = answer_challenge (&client);

    assert_comes_in (app, field, "digest J\xc3\xb8rn ");
    assert_next (app, &client, 200, FALSE);
    client.password = "Secret";
    assert_next (app, &client, 401, FALSE);
    client.password = "secret";
    client.user = "anna";
    assert_next (app, &client, 401, FALSE);
    forget (&client);
}
END_TEST

START_TEST (a_challenge_has_what_clients_need)
{
    g_autoptr (H3App) app = new_app ("SHA-512-256 SHA-256 MD5", "auth auth-int");
    g_autoptr (H3Injected) answer = ask (app, "GET", "/");
    g_autofree char *joined =
        h3_headers_dup_joined (h3_injected_get_headers (answer), "WWW-Authenticate");
    g_autofree char *nonce = take_parameter (answer, "nonce");
    g_autofree char *opaque = take_parameter (answer, "opaque");
    g_autofree char *rest =
        g_strdup_printf ("nonce=\"%s\", opaque=\"%s\", charset=\"UTF-8\"", nonce, opaque);
    g_autofree char *expected = g_strdup_printf (
        "Digest realm=\"house\", qop=\"auth, auth-int\", algorithm=SHA-512-256, %s, "
        "Digest realm=\"house\", qop=\"auth, auth-int\", algorithm=SHA-256, %s, "
        "Digest realm=\"house\", qop=\"auth, auth-int\", algorithm=MD5, %s",
        rest, rest, rest);

    ck_assert_str_eq (joined, expected);
}
END_TEST

START_TEST (every_algorithm_that_is_offered_is_taken)
{
    static const struct {
        const char *name;
        H3DigestKind kind;
        gboolean is_session;
    } all[] = {
        { "SHA-256", H3_DIGEST_SHA256, FALSE },
        { "SHA-256-sess", H3_DIGEST_SHA256, TRUE },
        { "SHA-512-256", H3_DIGEST_SHA512_256, FALSE },
        { "SHA-512-256-sess", H3_DIGEST_SHA512_256, TRUE },
        { "MD5", H3_DIGEST_MD5, FALSE },
        { "md5-SESS", H3_DIGEST_MD5, TRUE },
    };

    for (gsize i = 0; i < G_N_ELEMENTS (all); i++) {
        g_autoptr (H3App) app = new_app (all[i].name, NULL);
        g_autoptr (H3App) other = new_app (i == 0 ? "MD5" : "SHA-256", NULL);
        Client client = challenged (app);
        Client stranger = challenged (other);

        client.algorithm = stranger.algorithm = all[i].name;
        client.kind = stranger.kind = all[i].kind;
        client.is_session = stranger.is_session = all[i].is_session;
        assert_next (app, &client, 200, FALSE);
        assert_next (other, &stranger, 401, FALSE);
        forget (&client);
        forget (&stranger);
    }
}
END_TEST

START_TEST (a_copied_request_is_stale)
{
    g_autoptr (H3App) app = new_app (NULL, NULL);
    Client client = challenged (app);
    g_autofree char *field = answer_challenge (&client);

    assert_asked (app, "/", field, 200, FALSE);
    assert_asked (app, "/", field, 401, TRUE);
    assert_next (app, &client, 200, FALSE);
    forget (&client);
}
END_TEST

START_TEST (an_old_nonce_is_stale_for_who_has_the_password)
{
    g_autoptr (H3App) app = new_app (NULL, NULL);
    g_autoptr (H3App) other = new_app (NULL, NULL);
    Client client = challenged (app);
    Client stranger = challenged (other);

    clock_take_control ();
    assert_next (app, &stranger, 401, TRUE);
    stranger.password = "Secret";
    assert_next (app, &stranger, 401, FALSE);
    clock_drive (301 * 1000);
    assert_next (app, &client, 401, TRUE);
    client.password = "Secret";
    assert_next (app, &client, 401, FALSE);
    forget (&client);
    forget (&stranger);
}
END_TEST

START_TEST (credentials_are_for_one_target)
{
    g_autoptr (H3App) app = new_app (NULL, NULL);
    Client client = challenged (app);
    g_autofree char *field = answer_challenge (&client);
    g_autofree char *with_query = NULL;

    assert_asked (app, "/?a=1", field, 400, FALSE);
    client.uri = "/?a=1";
    with_query = answer_challenge (&client);
    assert_asked (app, "/", with_query, 400, FALSE);
    assert_asked (app, "/?a=1", with_query, 200, FALSE);
    forget (&client);
}
END_TEST

START_TEST (credentials_are_for_one_method)
{
    g_autoptr (H3App) app = new_app (NULL, NULL);
    Client client = challenged (app);

    client.method = "POST";
    assert_next (app, &client, 401, FALSE);
    client.method = "GET";
    assert_next (app, &client, 200, FALSE);
    forget (&client);
}
END_TEST

static void
assert_posted (H3App *app, Client *client, const char *body, guint status)
{
    g_autofree char *field = answer_challenge (client);
    g_autoptr (H3Headers) headers = h3_headers_new ();

    h3_headers_set (headers, "Authorization", field);
    assert_status (ask_with (app, "POST", "/", headers, body), status);
}

START_TEST (auth_int_takes_the_body_into_account)
{
    g_autoptr (H3App) app = new_app (NULL, "auth-int");
    Client client = challenged (app);

    client.qop = "auth-int";
    client.method = "POST";
    client.body = "hello";
    assert_posted (app, &client, "hello", 200);
    assert_posted (app, &client, "hallo", 401);
    assert_posted (app, &client, NULL, 401);
    client.body = NULL;
    assert_posted (app, &client, NULL, 200);
    client.qop = "auth";
    assert_posted (app, &client, NULL, 401);
    forget (&client);
}
END_TEST

/* Without a qop nothing binds the count to the response: such a request could be copied. */
START_TEST (what_has_no_qop_or_lies_stays_out)
{
    g_autoptr (H3App) app = new_app (NULL, NULL);
    Client client = challenged (app);
    g_autofree char *field = answer_challenge (&client);
    g_autofree char *opaque = NULL;

    assert_status (ask_as (app, "/",
                           "Digest username=\"a\", realm=\"house\", nonce=\"n\", uri=\"/\", "
                           "algorithm=SHA-256, response=\"00\""),
                   401);
    assert_status (ask_as (app, "/", "Digest abc"), 400);
    assert_status (ask_as (app, "/", "Digest username=\"a\""), 400);
    opaque = g_steal_pointer (&client.opaque);
    client.opaque = g_strdup ("other");
    assert_next (app, &client, 401, TRUE);
    client.qop = "auth-int";
    assert_next (app, &client, 401, FALSE);
    assert_asked (app, "/", field, 200, FALSE);
    forget (&client);
}
END_TEST

START_TEST (options_that_cannot_be_are_told)
{
    g_autoptr (H3Auth) auth = h3_auth_new (REALM);
    g_autoptr (GBytes) small = g_bytes_new ("0123456789abcdef", 16);

    for (guint i = 0; i < 7; i++) {
        g_autoptr (GError) error = NULL;
        H3AuthDigestOptions options;

        h3_auth_digest_options_init (&options);
        options.algorithms = i == 0 ? "SHA-1" : i == 1 ? " " : options.algorithms;
        options.qop = i == 2 ? "auth-conf" : i == 3 ? "" : options.qop;
        options.nonce_time = i == 4 ? 999 : options.nonce_time;
        options.max_nonces = i == 5 ? 0 : options.max_nonces;
        options.secret = i == 6 ? small : NULL;
        ck_assert (!h3_auth_add_digest (auth, &options, look_up, NULL, NULL, &error));
        ck_assert (g_error_matches (error, H3_ERROR, H3_ERROR_INVALID));
    }
    ck_assert (h3_auth_add_digest (auth, NULL, look_up, NULL, NULL, NULL));
}
END_TEST

static void
add_tests (Suite *suite)
{
    suite_add_case (suite, "schemes", digest_lets_in_who_has_the_password,
                    a_challenge_has_what_clients_need, every_algorithm_that_is_offered_is_taken,
                    options_that_cannot_be_are_told, NULL);
    suite_add_case (suite, "nonces", a_copied_request_is_stale,
                    an_old_nonce_is_stale_for_who_has_the_password, NULL);
    suite_add_case (suite, "bindings", credentials_are_for_one_target,
                    credentials_are_for_one_method, auth_int_takes_the_body_into_account,
                    what_has_no_qop_or_lies_stays_out, NULL);
}

int
main (void)
{
    return suite_run ("batteries/auth-digest", add_tests);
}
