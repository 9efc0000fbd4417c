/* SPDX-License-Identifier: MIT
 *
 * Where a connection changes to another protocol: bytes both ways, and the ends of both sides. */

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

#define SWITCHING                                                                                  \
    "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n"

static Asked *
ask_for_tunnel (int *out_fd)
{
    ClientCall call = client_fixture_make_call ();
    g_autofree char *request = NULL;
    Asked *asked;

    call.upgrade = "websocket";
    asked = client_fixture_ask (&fixture, &call);
    *out_fd = client_fixture_accept (&fixture);
    request = client_fixture_read (&fixture, *out_fd, 0);
    ck_assert_ptr_nonnull (strstr (request, "\r\nUpgrade: websocket\r\n"));
    return asked;
}

START_TEST (a_tunnel_goes_both_ways)
{
    int fd;
    g_autoptr (Asked) asked = ask_for_tunnel (&fd);

    client_fixture_say (&fixture, fd, SWITCHING "first");
    asked_wait_told (asked, 2);
    ck_assert_uint_eq (asked->status, 101);
    ck_assert_str_eq (asked->body->str, "first");
    ck_assert (client_exchange_write (asked->exchange, "to the server", 13));
    client_fixture_expect_bytes (&fixture, fd, "to the server");
    client_fixture_say (&fixture, fd, " second");
    asked_wait_told (asked, 3);
    /* This side ends, the other goes on. */
    client_exchange_finish (asked->exchange);
    client_fixture_expect_end (&fixture, fd);
    client_fixture_say (&fixture, fd, " last");
    asked_wait_told (asked, 4);
    ck_assert_uint_eq (asked->n_ended, 0);
    (void) shutdown (fd, SHUT_WR);
    asked_wait (asked);
    asked_expect (asked, 101, "first second last");
    client_fixture_expect_counts (&fixture, 0, 0);
    (void) close (fd);
}
END_TEST

/* The request's own body has ended before the tunnel begins. */
START_TEST (a_tunnel_may_follow_a_body)
{
    ClientCall call = client_fixture_make_call ();
    g_autoptr (Asked) asked = asked_new (&fixture);
    int fd;

    call.method = H3_VIEW ("POST");
    call.length = 3;
    call.upgrade = "websocket";
    asked->sends = "abc";
    asked_start (asked, &call);
    fd = client_fixture_accept (&fixture);
    g_free (client_fixture_read (&fixture, fd, 3));
    client_fixture_say (&fixture, fd, SWITCHING "first");
    asked_wait_told (asked, 3);
    ck_assert (client_exchange_write (asked->exchange, "more", 4));
    client_fixture_expect_bytes (&fixture, fd, "more");
    client_exchange_finish (asked->exchange);
    client_fixture_expect_end (&fixture, fd);
    (void) close (fd);
    asked_wait (asked);
    asked_expect (asked, 101, "first");
}
END_TEST

START_TEST (a_tunnel_may_be_refused)
{
    int fd;
    g_autoptr (Asked) asked = ask_for_tunnel (&fd);

    client_fixture_say (&fixture, fd, OK);
    asked_wait (asked);
    asked_expect (asked, 200, "hi");
    client_fixture_expect_counts (&fixture, 1, 1);
    (void) close (fd);
}
END_TEST

START_TEST (a_tunnel_that_breaks_is_an_error)
{
    static const struct linger reset = { 1, 0 };
    int fd;
    g_autoptr (Asked) asked = ask_for_tunnel (&fd);

    client_fixture_say (&fixture, fd, SWITCHING);
    asked_wait_told (asked, 1);
    ck_assert_int_eq (setsockopt (fd, SOL_SOCKET, SO_LINGER, &reset, sizeof reset), 0);
    (void) close (fd);
    asked_wait (asked);
    asked_expect_error (asked, H3_CLIENT_ERROR_CLOSED, "the connection broke");
}
END_TEST

/* All that was written goes before the end. */
START_TEST (a_tunnel_ends_behind_what_was_written)
{
    gsize length = 8 << 20, taken = 0;
    g_autofree char *bytes = g_strnfill (length, 'x');
    int fd;
    g_autoptr (Asked) asked = ask_for_tunnel (&fd);
    gssize n;

    client_fixture_say (&fixture, fd, SWITCHING);
    asked_wait_told (asked, 1);
    ck_assert (!client_exchange_write (asked->exchange, bytes, length));
    client_exchange_finish (asked->exchange);
    while ((n = recv (fd, bytes, length, 0)) != 0) {
        taken += (gsize) MAX (n, 0);
        client_fixture_turn (&fixture);
    }
    ck_assert_uint_eq (taken, length);
    (void) close (fd);
    asked_wait (asked);
    ck_assert_ptr_null (asked->error);
}
END_TEST

START_TEST (a_secure_tunnel_ends_with_the_word_for_it)
{
    static const ScriptStep script[] = {
        SCRIPT_TLS, SCRIPT_HEAD,         SCRIPT_SEND (SWITCHING "hello"),
        SCRIPT_ALL, SCRIPT_SEND ("bye"), SCRIPT_CLOSE
    };
    ClientCall call = client_fixture_make_call ();
    g_autoptr (Asked) asked = NULL;
    ScriptedServer server;
    ClientSecure secure;

    client_secure_init (&secure, &fixture);
    scripted_server_start (&server, &secure.wish, script);
    fixture.settings.port = server.port;
    client_fixture_change_peer (&fixture);
    call.upgrade = "websocket";
    asked = client_fixture_ask (&fixture, &call);
    asked_wait_told (asked, 2);
    client_exchange_write (asked->exchange, "ping", 4);
    client_exchange_finish (asked->exchange);
    asked_wait (asked);
    asked_expect (asked, 101, "hellobye");
    {
        GString *heard = scripted_server_dup_bytes (&server, 0);

        ck_assert_ptr_nonnull (strstr (heard->str, "\r\n\r\nping"));
        g_string_free (heard, TRUE);
    }
    scripted_server_clear (&server);
    client_secure_clear (&secure, &fixture);
}
END_TEST

static void
add_tests (Suite *suite)
{
    TCase *tunnels = tcase_create ("tunnels");

    tcase_add_checked_fixture (tunnels, set_up, tear_down);
    tcase_add_test (tunnels, a_tunnel_goes_both_ways);
    tcase_add_test (tunnels, a_tunnel_may_follow_a_body);
    tcase_add_test (tunnels, a_tunnel_may_be_refused);
    tcase_add_test (tunnels, a_tunnel_that_breaks_is_an_error);
    tcase_add_test (tunnels, a_tunnel_ends_behind_what_was_written);
    tcase_add_test (tunnels, a_secure_tunnel_ends_with_the_word_for_it);
    suite_add_tcase (suite, tunnels);
}

int
main (void)
{
    return suite_run ("client/tunnel", add_tests);
}
