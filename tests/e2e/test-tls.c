/* SPDX-License-Identifier: MIT
 *
 * HTTP inside TLS, over real sockets: as without it, whatever comes and leaves in whatever pieces.
 */

#include "tls-fixture.h"

static const int versions[] = { TLS1_2_VERSION, TLS1_3_VERSION };

static RawClient *
connect_by (int version)
{
    return tls_client_new (
        server.address,
        &(TlsWishes){ .name = "localhost", .version = version, .authority = authority_path });
}

START_TEST (request_is_answered_by_https)
{
    g_autoptr (RawClient) client = connect_by (versions[_i]);

    ck_assert_int_eq (SSL_version (tls_client_get (client)), versions[_i]);
    for (guint i = 0; i < 3; i++)
        raw_client_expect (client, GET ("/scheme"), 200, "https");
}
END_TEST

/* In pieces of many lengths: within a record, one record, many. */
START_TEST (body_is_whole_both_ways)
{
    static const gsize lengths[] = { 1, 1000, 16383, 16384, 16385, 70000, 1 << 20 };

    for (guint i = 0; i < G_N_ELEMENTS (lengths); i++) {
        g_autoptr (RawClient) client = connect_by (versions[_i]);
        g_autofree char *body = g_malloc (lengths[i] + 1);
        g_autofree char *head = g_strdup_printf (
            "POST /echo HTTP/1.1\r\nHost: localhost\r\nContent-Length: %zu\r\n\r\n", lengths[i]);

        for (gsize j = 0; j < lengths[i]; j++)
            body[j] = (char) ('a' + j % 23);
        body[lengths[i]] = '\0';
        ck_assert (raw_client_send (client, head));
        ck_assert (raw_client_send_data (client, body, lengths[i]));
        raw_client_expect_answer (client, 200, body);
        raw_client_expect (client, GET ("/scheme"), 200, "https");
    }
}
END_TEST

/* All in one record, so that the socket tells only once. */
START_TEST (pipelined_requests_are_all_answered)
{
    g_autoptr (RawClient) client = connect_by (versions[_i]);
    g_autoptr (GString) all = g_string_new (NULL);

    for (guint i = 0; i < 50; i++)
        g_string_append (all, GET ("/scheme"));
    ck_assert (raw_client_send (client, all->str));
    for (guint i = 0; i < 50; i++)
        raw_client_expect_answer (client, 200, "https");
}
END_TEST

static void
add_tests (Suite *suite)
{
    TCase *tests = tcase_create ("exchange");

    tcase_add_checked_fixture (tests, set_up_and_start, tear_down);
    tcase_set_timeout (tests, 120);
    tcase_add_loop_test (tests, request_is_answered_by_https, 0, G_N_ELEMENTS (versions));
    tcase_add_loop_test (tests, body_is_whole_both_ways, 0, G_N_ELEMENTS (versions));
    tcase_add_loop_test (tests, pipelined_requests_are_all_answered, 0, G_N_ELEMENTS (versions));
    suite_add_tcase (suite, tests);
}

int
main (void)
{
    return suite_run ("e2e/tls", add_tests);
}
