/* SPDX-License-Identifier: MIT
 *
 * The ways to a server: TLS, a proxy, a tunnel through one, a Unix socket. */

#include "client-secure.h"

#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static ClientFixture fixture;

static void
set_up (void)
{
    client_fixture_init (&fixture);
}

static void
tear_down (void)
{
    client_fixture_end (&fixture);
}

#define OK "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi"

/* One exchange, told as it ends. */
static Asked *
fetch (void)
{
    Asked *asked = client_fixture_get (&fixture);

    asked_wait (asked);
    return asked;
}

START_TEST (a_secure_connection_is_used_again)
{
    static const ScriptStep script[] = { SCRIPT_TLS, SCRIPT_REQUEST, SCRIPT_SEND (OK),
                                         SCRIPT_AGAIN };
    ScriptedServer server;
    ClientSecure secure;

    client_secure_init (&secure, &fixture);
    scripted_server_start (&server, &secure.wish, script);
    fixture.settings.port = server.port;
    client_fixture_change_peer (&fixture);
    for (guint i = 0; i < 3; i++) {
        g_autoptr (Asked) asked = fetch ();

        asked_expect (asked, 200, "hi");
        ck_assert_int_eq (asked->timing.secured != 0, i == 0);
        client_fixture_expect_counts (&fixture, 1, 1);
    }
    ck_assert_uint_eq (scripted_server_count_connections (&server), 1);
    scripted_server_clear (&server);
    client_fixture_expect_counts (&fixture, 0, 0);
    client_secure_clear (&secure, &fixture);
}
END_TEST

/* By TLS the end has a word; without it somebody may have cut the body short. */
START_TEST (a_secure_body_until_the_end_needs_the_word_for_it)
{
    static const ScriptStep well[] = { SCRIPT_TLS, SCRIPT_REQUEST,
                                       SCRIPT_SEND ("HTTP/1.1 200 OK\r\n\r\nall of it"),
                                       SCRIPT_CLOSE };
    static const ScriptStep cut[] = { SCRIPT_TLS, SCRIPT_REQUEST,
                                      SCRIPT_SEND ("HTTP/1.1 200 OK\r\n\r\nall of it"),
                                      SCRIPT_CUT };
    g_autoptr (Asked) first = NULL, second = NULL;
    ScriptedServer server;
    ClientSecure secure;

    client_secure_init (&secure, &fixture);
    scripted_server_start (&server, &secure.wish, well);
    scripted_server_add (&server, cut);
    fixture.settings.port = server.port;
    client_fixture_change_peer (&fixture);
    first = fetch ();
    asked_expect (first, 200, "all of it");
    second = fetch ();
    asked_expect_error (second, H3_CLIENT_ERROR_CLOSED, "cut short");
    scripted_server_clear (&server);
    client_secure_clear (&secure, &fixture);
}
END_TEST

START_TEST (a_certificate_for_somebody_else_is_refused)
{
    /* By way of a proxy, so that the name need not be found. */
    static const ScriptStep script[] = { SCRIPT_HEAD,      SCRIPT_SEND ("HTTP/1.1 200 OK\r\n\r\n"),
                                         SCRIPT_TLS,       SCRIPT_REQUEST,
                                         SCRIPT_SEND (OK), SCRIPT_CLOSE };
    g_autoptr (Asked) asked = NULL;
    ScriptedServer server;
    ClientSecure secure;

    client_secure_init (&secure, &fixture);
    scripted_server_start (&server, &secure.wish, script);
    fixture.settings.host = "elsewhere.example";
    fixture.settings.proxy_host = "127.0.0.1";
    fixture.settings.proxy_port = server.port;
    client_fixture_change_peer (&fixture);
    asked = fetch ();
    asked_expect_error (asked, H3_CLIENT_ERROR_TLS, "elsewhere.example");
    scripted_server_clear (&server);
    client_secure_clear (&secure, &fixture);
}
END_TEST

START_TEST (a_proxy_is_asked_for_a_tunnel)
{
    static const ScriptStep script[] = {
        SCRIPT_HEAD,      SCRIPT_SEND ("HTTP/1.1 200 OK\r\nX: y\r\n\r\n"),
        SCRIPT_TLS,       SCRIPT_REQUEST,
        SCRIPT_SEND (OK), SCRIPT_REQUEST,
        SCRIPT_SEND (OK), SCRIPT_CLOSE
    };
    ScriptedServer server;
    ClientSecure secure;

    client_secure_init (&secure, &fixture);
    scripted_server_start (&server, &secure.wish, script);
    fixture.settings.host = "localhost";
    fixture.settings.port = 443;
    fixture.settings.proxy_host = "127.0.0.1";
    fixture.settings.proxy_port = server.port;
    fixture.settings.proxy_authorization = "Basic abc=";
    client_fixture_change_peer (&fixture);
    for (guint i = 0; i < 2; i++) {
        g_autoptr (Asked) asked = fetch ();

        asked_expect (asked, 200, "hi");
    }
    scripted_server_expect_line (&server, 0, "CONNECT localhost:443 HTTP/1.1");
    scripted_server_expect_header (&server, 0, "Host", "localhost:443");
    scripted_server_expect_header (&server, 0, "Proxy-Authorization", "Basic abc=");
    scripted_server_expect_line (&server, 1, "GET / HTTP/1.1");
    scripted_server_expect_header (&server, 1, "Proxy-Authorization", NULL);
    ck_assert_uint_eq (scripted_server_count_connections (&server), 1);
    scripted_server_clear (&server);
    client_secure_clear (&secure, &fixture);
}
END_TEST

/* What a proxy says in the place of a tunnel. */
typedef struct {
    const char *answer;
    H3ClientError code;
    const char *words;
} Refusal;

static const Refusal refusals[] = {
    { "HTTP/1.1 403 Forbidden\r\nContent-Length: 5\r\n\r\nnever", H3_CLIENT_ERROR_CONNECT,
      "status 403" },
    { "HTTP/1.1 407 Proxy Authentication Required\r\n\r\n", H3_CLIENT_ERROR_CONNECT,
      "credentials (407)" },
    { "HTTP/1.1 302 Found\r\nLocation: http://evil.example/\r\n\r\n", H3_CLIENT_ERROR_CONNECT,
      "status 302" },
    { "nonsense\r\n", H3_CLIENT_ERROR_CONNECT, "no HTTP" },
    { "HTTP/1.1 200 OK\r\n\r\nmore", H3_CLIENT_ERROR_CONNECT, "before it was asked" },
    { "", H3_CLIENT_ERROR_CONNECT, "ended the connection" },
    { "HTTP/1.1 20", H3_CLIENT_ERROR_CONNECT, "ended the connection" },
    { "HTTP/1.1 200 OK\r\n\r\n", H3_CLIENT_ERROR_TLS, "ended the connection" },
};

START_TEST (a_proxy_may_refuse)
{
    const Refusal *refusal = &refusals[_i];
    g_autoptr (Asked) asked = NULL;
    ClientSecure secure;
    int fd;

    client_secure_init (&secure, &fixture);
    fixture.settings.host = "localhost";
    fixture.settings.port = 443;
    fixture.settings.proxy_host = "127.0.0.1";
    fixture.settings.proxy_port = fixture.port;
    client_fixture_change_peer (&fixture);
    asked = client_fixture_get (&fixture);
    fd = client_fixture_accept (&fixture);
    g_free (client_fixture_read (&fixture, fd, 0));
    /* What is too much has to come in one piece with the answer to be told from TLS. */
    if (g_str_has_suffix (refusal->answer, "more"))
        client_fixture_push (fd, refusal->answer);
    for (const char *at = refusal->answer; *at != '\0'; at++)
        client_fixture_say_data (&fixture, fd, at, 1);
    (void) shutdown (fd, SHUT_WR);
    asked_wait (asked);
    asked_expect_error (asked, refusal->code, refusal->words);
    ck_assert_ptr_nonnull (strstr (asked->error, "https://localhost:443"));
    client_fixture_expect_end (&fixture, fd);
    (void) close (fd);
    client_secure_clear (&secure, &fixture);
}
END_TEST

START_TEST (a_proxy_is_told_whole_urls)
{
    static const struct {
        const char *target, *line;
    } targets[] = {
        { "/a?b=c", "GET http://example.com/a?b=c HTTP/1.1\r\n" },
        { "*", "OPTIONS http://example.com HTTP/1.1\r\n" },
    };

    fixture.settings.host = "example.com";
    fixture.settings.port = 80;
    fixture.settings.proxy_host = "127.0.0.1";
    fixture.settings.proxy_port = fixture.port;
    fixture.settings.proxy_authorization = "Basic abc=";
    client_fixture_change_peer (&fixture);
    for (guint i = 0; i < G_N_ELEMENTS (targets); i++) {
        ClientCall call = client_fixture_make_call ();
        g_autoptr (Asked) asked = NULL;
        g_autofree char *request = NULL;
        int fd;

        call.method = i == 0 ? H3_VIEW ("GET") : H3_VIEW ("OPTIONS");
        call.target = h3_view_of (targets[i].target);
        asked = client_fixture_ask (&fixture, &call);
        fd = client_fixture_accept (&fixture);
        request = client_fixture_read (&fixture, fd, 0);
        ck_assert (g_str_has_prefix (request, targets[i].line));
        ck_assert_ptr_nonnull (strstr (request, "\r\nHost: example.com\r\n"));
        ck_assert_ptr_nonnull (strstr (request, "\r\nProxy-Authorization: Basic abc=\r\n"));
        client_fixture_say (&fixture, fd, OK);
        asked_wait (asked);
        asked_expect (asked, 200, "hi");
        (void) close (fd);
        client_fixture_expect_counts (&fixture, 0, 0);
    }
}
END_TEST

START_TEST (a_unix_socket_is_connected_to)
{
    static const ScriptStep script[] = { SCRIPT_REQUEST, SCRIPT_SEND (OK), SCRIPT_AGAIN };
    g_autoptr (Asked) asked = NULL;
    g_autofree char *path = NULL;
    ScriptedWish wish = { 0 };
    ScriptedServer server;
    FileTree tree;

    file_tree_init (&tree);
    path = file_tree_path (&tree, "socket");
    wish.unix_path = path;
    scripted_server_start (&server, &wish, script);
    fixture.settings.host = "example.com";
    fixture.settings.unix_path = path;
    client_fixture_change_peer (&fixture);
    asked = fetch ();
    asked_expect (asked, 200, "hi");
    scripted_server_expect_header (&server, 0, "Host", "example.com");
    scripted_server_clear (&server);
    client_fixture_expect_counts (&fixture, 0, 0);
    file_tree_clear (&tree);
}
END_TEST

START_TEST (a_host_that_does_not_answer_has_a_deadline)
{
    static const ScriptedWish full = { .is_full = TRUE };
    ClientCall call = client_fixture_make_call ();
    g_autoptr (Asked) asked = NULL;
    ScriptedServer server;

    scripted_server_start (&server, &full, NULL);
    fixture.settings.port = server.port;
    client_fixture_change_peer (&fixture);
    call.connect_milliseconds = 1000;
    asked = client_fixture_ask (&fixture, &call);
    client_fixture_pass (&fixture, 999);
    ck_assert_uint_eq (asked->n_ended, 0);
    client_fixture_pass (&fixture, 1);
    asked_expect_error (asked, H3_CLIENT_ERROR_TIMEOUT,
                        "the connection took longer than its 1000 ms: connecting");
    client_fixture_expect_counts (&fixture, 0, 0);
    scripted_server_clear (&server);
}
END_TEST

static void
add_tests (Suite *suite)
{
    TCase *ways = tcase_create ("ways");

    tcase_add_checked_fixture (ways, set_up, tear_down);
    tcase_add_test (ways, a_secure_connection_is_used_again);
    tcase_add_test (ways, a_secure_body_until_the_end_needs_the_word_for_it);
    tcase_add_test (ways, a_certificate_for_somebody_else_is_refused);
    tcase_add_test (ways, a_proxy_is_asked_for_a_tunnel);
    tcase_add_loop_test (ways, a_proxy_may_refuse, 0, G_N_ELEMENTS (refusals));
    tcase_add_test (ways, a_proxy_is_told_whole_urls);
    tcase_add_test (ways, a_unix_socket_is_connected_to);
    tcase_add_test (ways, a_host_that_does_not_answer_has_a_deadline);
    suite_add_tcase (suite, ways);
}

int
main (void)
{
    return suite_run ("client/ways", add_tests);
}
