/* SPDX-License-Identifier: MIT
 *
 * The server that tests of clients tell what to do: it does that, and keeps what it heard. */

#include "../support/assert-nothing-left.h"
#include "../support/raw-client.h"
#include "../support/scripted-server.h"
#include "../support/suite.h"
#include "../support/tls-client.h"
#include "../support/tls-authority.h"

#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static const ScriptStep echo[] = { SCRIPT_REQUEST,
                                   SCRIPT_SEND ("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi"),
                                   SCRIPT_AGAIN };

static ScriptedServer server;

START_TEST (scripted_server_keeps_heads_and_bodies)
{
    LiveSnapshot before = live_snapshot_take ();

    scripted_server_start (&server, NULL, echo);
    {
        g_autoptr (RawClient) client = raw_client_new (server.address);
        g_autoptr (GString) bytes = NULL;

        raw_client_expect (
            client, "POST /a HTTP/1.1\r\nX: 1\r\nx: 2\r\nContent-Length: 3\r\n\r\nabc", 200, "hi");
        raw_client_expect (client,
                           "POST /b HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n"
                           "2\r\nde\r\n1\r\nf\r\n0\r\nT: x\r\n\r\n",
                           200, "hi");
        raw_client_expect (client, "GET /c HTTP/1.1\r\n\r\n", 200, "hi");
        scripted_server_expect_line (&server, 1, "POST /b HTTP/1.1");
        scripted_server_expect_header (&server, 0, "x", "1|2");
        scripted_server_expect_header (&server, 0, "y", NULL);
        bytes = scripted_server_dup_bytes (&server, 0);
        ck_assert_ptr_nonnull (strstr (bytes->str, "abcPOST /b"));
    }
    for (guint i = 0; i < 3; i++) {
        static const char *const bodies[] = { "abc", "def", "" };
        g_autoptr (GString) body = scripted_server_dup_body (&server, i);

        ck_assert_str_eq (body->str, bodies[i]);
    }
    {
        g_autofree char *trailers = scripted_server_dup_trailers (&server, 1);

        ck_assert_str_eq (trailers, "T: x\r\n");
    }
    scripted_server_wait_ended (&server, 1);
    scripted_server_clear (&server);
    assert_nothing_left (&before);
}
END_TEST

START_TEST (scripted_server_plays_a_script_for_each_connection)
{
    static const ScriptStep waits[] = { SCRIPT_HEAD,
                                        SCRIPT_WAIT,
                                        SCRIPT_SPLIT ("HTTP/1.1 201 Made\r\n"),
                                        SCRIPT_SEND_TIMES ("A: b\r\n", 3),
                                        SCRIPT_SEND_TEXT ("\r\nto the end"),
                                        SCRIPT_CLOSE };
    static const ScriptStep cuts[] = { SCRIPT_CUT };
    static const ScriptStep resets[] = { SCRIPT_HEAD, SCRIPT_RESET };
    static const ScriptStep hangs[] = { SCRIPT_HANG, SCRIPT_CLOSE };
    g_autoptr (RawClient) first = NULL;
    g_autoptr (RawClient) second = NULL;
    g_autoptr (RawClient) third = NULL;
    g_autoptr (RawClient) fourth = NULL;
    g_autoptr (RawClient) fifth = NULL;

    scripted_server_start (&server, NULL, waits);
    scripted_server_add (&server, cuts);
    scripted_server_add (&server, resets);
    scripted_server_add (&server, hangs);
    first = raw_client_new (server.address);
    scripted_server_wait_connections (&server, 1);
    ck_assert (raw_client_send (first, "GET / HTTP/1.1\r\n\r\n"));
    scripted_server_wait_waiting (&server, 1);
    second = raw_client_new (server.address);
    raw_client_expect_end (second);
    ck_assert (!second->was_reset);
    third = raw_client_new (server.address);
    scripted_server_wait_connections (&server, 3);
    ck_assert (raw_client_send (third, "GET / HTTP/1.1\r\n\r\n"));
    raw_client_expect_end (third);
    ck_assert (third->was_reset);
    fourth = raw_client_new (server.address);
    ck_assert (raw_client_send (fourth, "GET / HTTP/1.1\r\n\r\n"));
    fifth = raw_client_new (server.address);
    raw_client_half_close (fifth);
    raw_client_expect_end (fifth);
    ck_assert (!raw_client_has_news (first));
    ck_assert (!raw_client_has_news (fourth));
    scripted_server_permit (&server);
    raw_client_expect_answer (first, 201, "to the end");
    ck_assert_uint_eq (scripted_server_count_requests (&server), 2);
    ck_assert_uint_eq (scripted_server_get_connection (&server, 1), 2);
    ck_assert_uint_eq (scripted_server_count_connections (&server), 5);
    scripted_server_clear (&server);
    raw_client_expect_end (fourth);
}
END_TEST

START_TEST (scripted_server_refuses_and_listens_again)
{
    static const ScriptedWish silent = { .is_silent = TRUE };
    scripted_server_start (&server, &silent, echo);
    ck_assert_ptr_null (raw_client_try (server.address));
    for (guint i = 0; i < 3; i++) {
        g_autoptr (RawClient) client = NULL;

        scripted_server_listen (&server);
        client = raw_client_new (server.address);
        raw_client_expect (client, "GET / HTTP/1.1\r\n\r\n", 200, "hi");
        scripted_server_refuse (&server);
        ck_assert_ptr_null (raw_client_try (server.address));
        raw_client_expect (client, "GET / HTTP/1.1\r\n\r\n", 200, "hi");
    }
    scripted_server_clear (&server);
}
END_TEST

START_TEST (scripted_server_that_is_full_leaves_clients_waiting)
{
    static const ScriptedWish full = { .is_full = TRUE };
    struct sockaddr_in address = { .sin_family = AF_INET };
    struct pollfd waiting = { -1, POLLOUT, 0 };

    scripted_server_start (&server, &full, NULL);
    address.sin_port = htons (server.port);
    address.sin_addr.s_addr = htonl (INADDR_LOOPBACK);
    waiting.fd = socket (AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    ck_assert_int_eq (connect (waiting.fd, (struct sockaddr *) &address, sizeof address), -1);
    ck_assert_int_eq (errno, EINPROGRESS);
    /* What comes over loopback has come when connect () returns. */
    ck_assert_int_eq (poll (&waiting, 1, 0), 0);
    (void) close (waiting.fd);
    scripted_server_clear (&server);
}
END_TEST

START_TEST (scripted_server_speaks_tls_when_told)
{
    static const ScriptStep late[] = {
        SCRIPT_HEAD,    SCRIPT_SEND ("HTTP/1.1 200 OK\r\n\r\n"),        SCRIPT_TLS,
        SCRIPT_REQUEST, SCRIPT_SEND ("HTTP/1.1 404 No\r\n\r\nthe end"), SCRIPT_CLOSE
    };
    static const ScriptStep at_once[] = { SCRIPT_TLS, SCRIPT_REQUEST,
                                          SCRIPT_SEND ("HTTP/1.1 200 OK\r\n\r\ncut off"),
                                          SCRIPT_CUT };
    FileTree tree;
    TlsAuthority authority;
    g_autofree char *certificate = NULL;
    g_autofree char *key = NULL;
    ScriptedWish wish = { 0 };

    file_tree_init (&tree);
    tls_authority_init (&authority, "the authority");
    tls_authority_sign (&authority, &tree, "one", NULL);
    wish.certificate = certificate = file_tree_path (&tree, "one.pem");
    wish.key = key = file_tree_path (&tree, "one.key");
    scripted_server_start (&server, &wish, late);
    scripted_server_add (&server, at_once);
    ck_assert (g_str_has_prefix (server.url, "https://127.0.0.1:"));
    {
        g_autoptr (RawClient) client = raw_client_new (server.address);
        g_autoptr (RawAnswer) answer = NULL;

        ck_assert (raw_client_send (client, "CONNECT a:1 HTTP/1.1\r\n\r\n"));
        answer = raw_client_read_head (client);
        ck_assert_uint_eq (answer->status, 200);
        tls_client_begin (client, NULL);
        tls_client_shake (client);
        raw_client_expect (client, "GET / HTTP/1.1\r\n\r\n", 404, "the end");
        ck_assert (tls_client_was_told_end (client));
    }
    {
        g_autoptr (RawClient) client = tls_client_new (server.address, NULL);

        raw_client_expect (client, "GET / HTTP/1.1\r\n\r\n", 200, "cut off");
        ck_assert (!tls_client_was_told_end (client));
    }
    scripted_server_clear (&server);
    tls_authority_clear (&authority);
    file_tree_clear (&tree);
}
END_TEST

START_TEST (scripted_server_listens_on_paths_and_by_ip6)
{
    static const ScriptedWish six = { .host = "::1" };
    ScriptedWish local = { 0 };
    FileTree tree;
    g_autofree char *path = NULL;

    file_tree_init (&tree);
    local.unix_path = path = file_tree_path (&tree, "socket");
    for (guint i = 0; i < 2; i++) {
        scripted_server_start (&server, i == 0 ? &six : &local, echo);
        {
            g_autoptr (RawClient) client = raw_client_new (server.address);

            raw_client_expect (client, "GET / HTTP/1.1\r\n\r\n", 200, "hi");
        }
        scripted_server_clear (&server);
    }
    ck_assert (!g_file_test (path, G_FILE_TEST_EXISTS));
    file_tree_clear (&tree);
}
END_TEST

static void
add (Suite *suite)
{
    suite_add_case (suite, "scripts", scripted_server_keeps_heads_and_bodies,
                    scripted_server_plays_a_script_for_each_connection,
                    scripted_server_refuses_and_listens_again,
                    scripted_server_that_is_full_leaves_clients_waiting,
                    scripted_server_speaks_tls_when_told,
                    scripted_server_listens_on_paths_and_by_ip6, NULL);
}

int
main (void)
{
    return suite_run ("e2e/scripted-server", add);
}
