/* SPDX-License-Identifier: MIT
 *
 * What h3d demo answers by way of itself. */

#include "tests/support/running-demo.h"
#include "tests/support/suite.h"
#include "tests/support/ws-peer.h"

START_TEST (demo_is_there_behind_its_proxy)
{
    running_demo_expect ("GET /proxy/get?a=b", 200, "\"a\": \"b\"");
    running_demo_expect ("GET /proxy/headers", 200, "\"X-Forwarded-Prefix\": \"/proxy\"");
    running_demo_expect ("GET /proxy", 200, "<!DOCTYPE html>");
    running_demo_expect ("GET /proxy/status/418", 418, "no good for coffee");
    running_demo_expect ("GET /proxy/none", 404, "nothing at this path");
    running_demo_expect ("GET /proxy/..%2fget", 400, "more than one way");
}
END_TEST

START_TEST (demo_leads_back_to_its_proxy)
{
    g_autoptr (RawAnswer) answer = running_demo_ask_for ("GET /proxy/cookies/set?a=b", "");

    running_demo_expect_location ("GET /proxy/redirect-to?url=/get", 302, "/proxy/get");
    running_demo_expect_location ("GET /proxy/redirect-to?url=http://other/", 302, "http://other/");
    raw_answer_expect_header (answer, "Set-Cookie", "a=b; Path=/proxy");
    raw_answer_expect_header (answer, "Location", "/proxy/cookies");
}
END_TEST

START_TEST (demo_does_not_go_in_circles)
{
    running_demo_expect ("GET /proxy/proxy/get", 200, "\"url\"");
    running_demo_expect ("GET /proxy/proxy/proxy/get", 508, "more than once");
    running_demo_expect ("GET /proxy/proxy/proxy/proxy/get", 508, "more than once");
}
END_TEST

START_TEST (demo_sends_bodies_both_ways_through_its_proxy)
{
    g_autoptr (RawClient) client = running_demo_connect ();
    g_autofree char *body = g_strnfill (1 << 20, 'b');
    g_autofree char *request = g_strdup_printf (
        "POST /proxy/echo HTTP/1.1\r\nHost: a\r\nContent-Length: %u\r\n\r\n%s", 1 << 20, body);

    raw_client_expect (client, request, 200, body);
    raw_client_expect (
        client, "POST /proxy/echo HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nhi", 200, "hi");
}
END_TEST

START_TEST (demo_speaks_websocket_through_its_proxy)
{
    g_autoptr (RawClient) plain = running_demo_connect ();
    g_autofree char *request = ws_peer_dup_request ("/proxy/websocket/echo", "");
    g_autoptr (RawAnswer) answer = NULL;

    raw_client_send (plain, request);
    answer = raw_client_read_head (plain);
    ck_assert_uint_eq (answer->status, 101);
    ws_peer_send_text (plain, PEER_TEXT, "hello");
    ws_peer_expect_text (plain, PEER_TEXT, "hello");
    ws_peer_send_close (plain, 1000, "");
    ws_peer_expect_close (plain, 1000);
}
END_TEST

static void
add_cases (Suite *suite)
{
    TCase *tcase = tcase_create ("proxy");

    tcase_add_checked_fixture (tcase, running_demo_start, running_demo_end);
    tcase_add_test (tcase, demo_is_there_behind_its_proxy);
    tcase_add_test (tcase, demo_leads_back_to_its_proxy);
    tcase_add_test (tcase, demo_does_not_go_in_circles);
    tcase_add_test (tcase, demo_sends_bodies_both_ways_through_its_proxy);
    tcase_add_test (tcase, demo_speaks_websocket_through_its_proxy);
    suite_add_tcase (suite, tcase);
}

int
main (void)
{
    return suite_run ("e2e/demo-proxy", add_cases);
}
