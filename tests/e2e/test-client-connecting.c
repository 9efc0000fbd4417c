/* SPDX-License-Identifier: MIT
 *
 * What a client says where there is no connection, or no TLS. */

#include "client-errors.h"

#include "tests/support/gio-threads.h"
#include "tests/support/tls-authority.h"

#define OK "HTTP/1.1 200 OK\r\n"

static FetchWays ways;

static void
expect_url_fails (const char *url, H3ClientError code, const char *address)
{
    g_autoptr (GError) error = NULL;

    if (fetch_ways_get (&ways, url, &error) != NULL)
        ck_abort_msg ("%s: was answered", url);
    expect_error (error, code, address, url);
}

START_TEST (client_refuses_what_is_no_url)
{
    static const char *const urls[] = {
        "",
        "/secret",
        "secret",
        "//127.0.0.1/secret",
        "http:/127.0.0.1/secret",
        "http://",
        "http:///secret",
        "http://:80/secret",
        "http://127.0.0.1:99999/secret",
        "http://127.0.0.1:-1/secret",
        "http://127.0.0.1:x/secret",
        "http://[::1/secret",
        "http://[::secret]/",
        "http://a b/secret",
        "http://a\r\nHost: secret/",
        "http://127.0.0.1/secret\r\nX: y",
        "http://127.0.0.1/secret\n",
        "http://127.0.0.1/a secret",
        "http://127.0.0.1/%zzsecret",
        "http://127.0.0.1/%secret",
        ("http://se\xff"
         "cret/"),
        "ftp://127.0.0.1/secret",
        "file:///secret",
        "ws://127.0.0.1/secret",
        "javascript:secret",
        " http://127.0.0.1/secret",
    };

    fetch_ways_init (&ways, _i);
    for (guint i = 0; i < G_N_ELEMENTS (urls); i++)
        expect_url_fails (urls[i], H3_CLIENT_ERROR_INVALID_URL, NULL);
    fetch_ways_clear (&ways);
}
END_TEST

START_TEST (client_says_that_a_name_has_no_address)
{
    fetch_ways_init (&ways, _i);
    expect_url_fails ("http://user:secret@nothing.invalid:81/secret?secret", H3_CLIENT_ERROR_NAME,
                      "nothing.invalid:81");
    fetch_ways_clear (&ways);
}
END_TEST

START_TEST (client_says_that_nobody_listens)
{
    static const ScriptedWish four = { .is_silent = TRUE };
    static const ScriptedWish six = { .host = "::1", .is_silent = TRUE };
    ScriptedServer server;

    fetch_ways_init (&ways, _i);
    for (guint i = 0; i < 2; i++) {
        scripted_server_start (&server, i == 0 ? &four : &six, NULL);
        expect_failed (&ways, &server, H3_CLIENT_ERROR_CONNECT, "refused");
        scripted_server_clear (&server);
    }
    /* The kernel refuses to connect to all. */
    expect_url_fails ("http://255.255.255.255:9/secret", H3_CLIENT_ERROR_CONNECT,
                      "255.255.255.255:9");
    fetch_ways_clear (&ways);
}
END_TEST

START_TEST (client_says_that_there_is_no_such_socket)
{
    fetch_ways_init (&ways, _i);
    h3_client_set_unix_socket (ways.client, "/nonexistent/h3-socket");
    expect_url_fails ("http://user:secret@localhost/secret", H3_CLIENT_ERROR_CONNECT,
                      "/nonexistent/h3-socket");
    fetch_ways_clear (&ways);
}
END_TEST

static const ErrorCase proxies[] = {
    { "forbids", H3_CLIENT_ERROR_CONNECT, SAYS ("HTTP/1.1 403 Forbidden\r\n\r\n") },
    { "wants to know who", H3_CLIENT_ERROR_CONNECT,
      SAYS ("HTTP/1.1 407 Who\r\nProxy-Authenticate: Basic realm=\"x\"\r\n\r\n") },
    { "closes", H3_CLIENT_ERROR_CONNECT, SCRIPT_OF (SCRIPT_REQUEST, SCRIPT_CUT) },
    { "answers no HTTP", H3_CLIENT_ERROR_CONNECT, SAYS ("SSH-2.0\r\n\r\n") },
    { "leads nowhere", H3_CLIENT_ERROR_TLS, SAYS ("HTTP/1.1 200 OK\r\n\r\n") },
};

/* Whatever it says, what it says is nothing of the server's. */
START_TEST (client_says_that_a_proxy_would_not)
{
    for (guint i = 0; i < G_N_ELEMENTS (proxies); i++) {
        ScriptedServer proxy;
        g_autofree char *url = NULL;

        fetch_ways_init (&ways, _i);
        scripted_server_start (&proxy, NULL, proxies[i].script);
        url = g_strdup_printf ("http://user:secret@%s/", proxy.address);
        ck_assert (h3_client_set_proxy (ways.client, url, NULL));
        expect_url_fails ("https://user:secret@example.com/secret", proxies[i].code, "example.com");
        scripted_server_wait_ended (&proxy, 1);
        scripted_server_expect_line (&proxy, 0, "CONNECT example.com:443 HTTP/1.1");
        scripted_server_clear (&proxy);
        fetch_ways_clear (&ways);
    }
}
END_TEST

/* What stands for TLS at the other end. */
typedef struct {
    const char *name, *certificate, *trusted;
    H3ClientError code;
    const ScriptStep *script;
    int max_version;
    gboolean wants_client;
} TlsCase;

#define TLS_SAYS                                                                                   \
    SCRIPT_OF (SCRIPT_TLS, SCRIPT_REQUEST, SCRIPT_SEND (OK "Content-Length: 2\r\n\r\nhi"))
/* What every server of TLS begins with, and half of it. */
#define HALF_RECORD "\x16\x03\x03\x00\x7a\x02\x00\x00\x76\x03\x03"

static const TlsCase tls_cases[] = {
    { "expired", "expired", "authority", H3_CLIENT_ERROR_TLS, TLS_SAYS, 0, FALSE },
    { "not yet", "early", "authority", H3_CLIENT_ERROR_TLS, TLS_SAYS, 0, FALSE },
    { "of another host", "other", "authority", H3_CLIENT_ERROR_TLS, TLS_SAYS, 0, FALSE },
    { "of an authority nobody knows", "good", "stranger", H3_CLIENT_ERROR_TLS, TLS_SAYS, 0, FALSE },
    { "by an old version", "good", "authority", H3_CLIENT_ERROR_TLS, TLS_SAYS, TLS1_1_VERSION,
      FALSE },
    { "that wants to know who", "good", "authority", H3_CLIENT_ERROR_TLS, TLS_SAYS, 0, TRUE },
    { "that is none", "good", "authority", H3_CLIENT_ERROR_TLS,
      SCRIPT_OF (SCRIPT_SEND ("HTTP/1.1 400 Bad Request\r\n\r\n")), 0, FALSE },
    { "that is none but looks so", "good", "authority", H3_CLIENT_ERROR_TLS,
      SCRIPT_OF (SCRIPT_SEND (HALF_RECORD "HTTP/1.1 400 Bad Request\r\n\r\n")), 0, FALSE },
    { "cut at once", "good", "authority", H3_CLIENT_ERROR_TLS, SCRIPT_OF (SCRIPT_HALF_CLOSE), 0,
      FALSE },
    { "cut in a record", "good", "authority", H3_CLIENT_ERROR_TLS,
      SCRIPT_OF (SCRIPT_SEND (HALF_RECORD)), 0, FALSE },
    { "cut before the head", "good", "authority", H3_CLIENT_ERROR_CLOSED,
      SCRIPT_OF (SCRIPT_TLS, SCRIPT_REQUEST, SCRIPT_CUT), 0, FALSE },
    /* Only a notice tells that a body without a length is whole. */
    { "cut behind the body", "good", "authority", H3_CLIENT_ERROR_CLOSED,
      SCRIPT_OF (SCRIPT_TLS, SCRIPT_REQUEST, SCRIPT_SEND (OK "\r\nhi"), SCRIPT_CUT), 0, FALSE },
};

static FileTree tree;

static char *
dup_path (const char *name, const char *end)
{
    g_autofree char *file = g_strconcat (name, end, NULL);

    return file_tree_path (&tree, file);
}

static void
make_certificates (void)
{
    static const TlsWish good = { .names = "IP:127.0.0.1" };
    static const TlsWish other = { .names = "IP:127.0.0.2,DNS:localhost" };
    static const TlsWish expired = { .names = "IP:127.0.0.1", .begin = -7200, .end = -3600 };
    static const TlsWish early = { .names = "IP:127.0.0.1", .begin = 3600, .end = 7200 };
    TlsAuthority authority, stranger;

    file_tree_init (&tree);
    tls_authority_init (&authority, "authority");
    tls_authority_init (&stranger, "stranger");
    tls_authority_write (&authority, &tree, "authority.pem");
    tls_authority_write (&stranger, &tree, "stranger.pem");
    tls_authority_sign (&authority, &tree, "good", &good);
    tls_authority_sign (&authority, &tree, "other", &other);
    tls_authority_sign (&authority, &tree, "expired", &expired);
    tls_authority_sign (&authority, &tree, "early", &early);
    tls_authority_clear (&authority);
    tls_authority_clear (&stranger);
}

static void
start_tls (ScriptedServer *server, const TlsCase *one)
{
    g_autoptr (H3ClientTls) tls = h3_client_tls_new ();
    g_autofree char *trusted = dup_path (one->trusted, ".pem");
    g_autofree char *certificate = dup_path (one->certificate, ".pem");
    g_autofree char *key = dup_path (one->certificate, ".key");
    ScriptedWish wish = { .certificate = certificate,
                          .key = key,
                          .max_version = one->max_version,
                          .client_authority = one->wants_client ? trusted : NULL };

    h3_client_tls_set_authorities (tls, trusted);
    h3_client_set_tls (ways.client, tls);
    scripted_server_start (server, &wish, one->script);
}

START_TEST (client_says_what_is_wrong_with_tls)
{
    make_certificates ();
    for (guint i = 0; i < G_N_ELEMENTS (tls_cases); i++) {
        ScriptedServer server;

        fetch_ways_init (&ways, _i);
        start_tls (&server, &tls_cases[i]);
        expect_failed (&ways, &server, tls_cases[i].code, tls_cases[i].name);
        scripted_server_wait_ended (&server, 1);
        ck_assert_uint_eq (scripted_server_count_connections (&server), 1);
        scripted_server_clear (&server);
        fetch_ways_clear (&ways);
    }
    file_tree_clear (&tree);
}
END_TEST

/* The others are wrong for what is wrong with them alone. */
START_TEST (client_takes_what_is_right_with_tls)
{
    const TlsCase right = { "right", "good", "authority", 0, TLS_SAYS, 0, FALSE };
    g_autoptr (GError) error = NULL;
    ScriptedServer server;
    H3ClientResponse *response;

    make_certificates ();
    fetch_ways_init (&ways, _i);
    start_tls (&server, &right);
    response = fetch_ways_get (&ways, server.url, &error);
    ck_assert_msg (response != NULL, "%s", error != NULL ? error->message : "nothing");
    ck_assert_str_eq (h3_client_response_get_text (response), "hi");
    scripted_server_clear (&server);
    fetch_ways_clear (&ways);
    file_tree_clear (&tree);
}
END_TEST

static void
add (Suite *suite)
{
    add_for_each_way (suite, client_refuses_what_is_no_url);
    add_for_each_way (suite, client_says_that_a_name_has_no_address);
    add_for_each_way (suite, client_says_that_nobody_listens);
    add_for_each_way (suite, client_says_that_there_is_no_such_socket);
    add_for_each_way (suite, client_says_that_a_proxy_would_not);
    add_for_each_way (suite, client_says_what_is_wrong_with_tls);
    add_for_each_way (suite, client_takes_what_is_right_with_tls);
}

int
main (void)
{
    return suite_run ("e2e/client-connecting", add);
}
