/* SPDX-License-Identifier: MIT
 *
 * Every row of the table of messages over real sockets, to a server with two workers. */

#include "tests/support/suite.h"
#include "tests/support/test-server.h"
#include "tests/support/wire-cases.h"

#include "h3/h3.h"

#include <string.h>

#define GOOD  "GET /good HTTP/1.1\r\nHost: a\r\n\r\n"
#define BURST 50

static TestServer server;

static void
answer (H3Event *event, gpointer user_data)
{
    h3_event_send_text (event, "seen");
}

static void
answer_good (H3Event *event, gpointer user_data)
{
    h3_event_send_text (event, "good");
}

static void
set_up (void)
{
    test_server_init (&server);
    h3_app_get (server.app, "/good", answer_good, NULL);
    h3_app_route (server.app, "GET HEAD POST PUT PATCH DELETE QUERY", "/**", answer, NULL, NULL);
    h3_server_set_workers (h3_app_get_server (server.app), 2);
    test_server_start (&server);
}

static gboolean
is_head (const WireCase *row)
{
    return row->bytes.length > 5 && memcmp (row->bytes.data, "HEAD ", 5) == 0;
}

/* A program's refusal may be followed by another request; what the wire refuses ends it. */
static void
expect_row (RawClient *client, const WireCase *row)
{
    g_autoptr (RawAnswer) answer = raw_client_read (client, is_head (row));

    ck_assert_msg (answer != NULL, "%s: no answer", row->name);
    if (answer->status == 100) {
        raw_answer_free (answer);
        answer = raw_client_read (client, is_head (row));
        ck_assert_msg (answer != NULL, "%s: no answer", row->name);
    }
    if (row->status == 0) {
        ck_assert_msg (answer->status >= 200 && answer->status < 300, "%s: answered %u", row->name,
                       answer->status);
        return;
    }
    ck_assert_msg (
        answer->status == row->status
            || (row->stage == WIRE_PROGRAM && (answer->status == 405 || answer->status == 501)),
        "%s: answered %u, not %u", row->name, answer->status, row->status);
    if (row->stage == WIRE_PROGRAM)
        return;
    raw_answer_expect_header (answer, "Connection", "close");
    raw_client_expect_end (client);
}

static void
send_whole (const WireCase *row, gpointer user_data)
{
    g_autoptr (RawClient) client = test_server_connect (&server);

    (void) raw_client_send_data (client, row->bytes.data, row->bytes.length);
    expect_row (client, row);
    ++*(guint *) user_data;
}

static void
send_bytes (const WireCase *row, gpointer user_data)
{
    g_autoptr (RawClient) client = test_server_connect (&server);

    (void) raw_client_send_pieces (client, row->bytes.data, row->bytes.length, 1);
    expect_row (client, row);
    ++*(guint *) user_data;
}

/* Whether another request may follow it. */
static gboolean
keeps_alive (const WireCase *row)
{
    g_autoptr (RawClient) client = test_server_connect (&server);
    g_autoptr (RawAnswer) answer = NULL;
    g_autofree char *connection = NULL;

    if (row->status != 0)
        return FALSE;
    (void) raw_client_send_data (client, row->bytes.data, row->bytes.length);
    answer = raw_client_read (client, is_head (row));
    ck_assert_ptr_nonnull (answer);
    connection = raw_answer_dup_header (answer, "Connection");
    return g_strcmp0 (connection, "close") != 0;
}

/* What has been refused ends the burst: the good requests before it are all answered. */
static void
send_burst (const WireCase *row, gpointer user_data)
{
    g_autoptr (RawClient) client = test_server_connect (&server);
    g_autoptr (GString) burst = g_string_new (NULL);
    gboolean is_repeated = keeps_alive (row);

    for (guint i = 1; i < BURST; i++) {
        if (is_repeated && i % 2 == 0)
            g_string_append_len (burst, row->bytes.data, (gssize) row->bytes.length);
        else
            g_string_append (burst, GOOD);
    }
    g_string_append_len (burst, row->bytes.data, (gssize) row->bytes.length);
    (void) raw_client_send_data (client, burst->str, burst->len);
    for (guint i = 1; i < BURST; i++) {
        if (is_repeated && i % 2 == 0)
            expect_row (client, row);
        else
            raw_client_expect_answer (client, 200, "good");
    }
    expect_row (client, row);
    ++*(guint *) user_data;
}

static void
send_all (WireCaseFunction function)
{
    guint n = 0;

    set_up ();
    wire_cases_foreach (function, &n);
    ck_assert_uint_gt (n, 300);
    test_server_end (&server);
}

START_TEST (table_holds_for_whole_messages)
{
    send_all (send_whole);
}
END_TEST

START_TEST (table_holds_for_single_bytes)
{
    send_all (send_bytes);
}
END_TEST

START_TEST (table_holds_behind_a_burst)
{
    send_all (send_burst);
}
END_TEST

/* As the first bytes of a connection, in one segment. */
START_TEST (every_request_of_a_burst_is_answered)
{
    static const guint sizes[] = { 2, 4, 16, 50, 100 };

    set_up ();
    for (guint i = 0; i < G_N_ELEMENTS (sizes); i++) {
        g_autoptr (RawClient) client = test_server_connect (&server);
        g_autoptr (GString) burst = g_string_new (NULL);

        for (guint k = 0; k < sizes[i]; k++)
            g_string_append (burst, GOOD);
        ck_assert (raw_client_send_data (client, burst->str, burst->len));
        for (guint k = 0; k < sizes[i]; k++)
            raw_client_expect_answer (client, 200, "good");
        raw_client_half_close (client);
        raw_client_expect_end (client);
    }
    test_server_end (&server);
}
END_TEST

static void
add_cases (Suite *suite)
{
    suite_add_case (suite, "table", table_holds_for_whole_messages, table_holds_for_single_bytes,
                    table_holds_behind_a_burst, NULL);
    suite_add_case (suite, "burst", every_request_of_a_burst_is_answered, NULL);
}

int
main (void)
{
    return suite_run ("e2e/wire-table", add_cases);
}
