/* SPDX-License-Identifier: MIT */

#define _GNU_SOURCE /* memmem */

#include "conformance-ways.h"

#include "conformance-program.h"
#include "tests/support/connection-fixture.h"
#include "tests/support/suite.h"

#include "h3/app/app-private.h"

#include <string.h>
#include <unistd.h>

static const WireExpected before = { .status = 200, .expects_continue = TRUE, .sees = BEFORE_SEEN };
static const WireExpected after = { .status = 200, .sees = AFTER_SEEN };

/* In memory: the program. */
static struct {
    H3App *app;      /* ref */
    gpointer worker; /* owned: the app's */
} memory;

WireExpected
wire_expected_of (const WireCase *wire_case)
{
    WireExpected expected = { .status = wire_case->status,
                              .other = wire_case->other,
                              .ends = wire_case->ends,
                              .sees = wire_case->sees,
                              .wants = wire_case->wants };
    H3View bytes = wire_case->bytes;
    const char *line_end;

    if (bytes.length > 2 && memcmp (bytes.data, "\r\n", 2) == 0) {
        bytes.data += 2;
        bytes.length -= 2;
    }
    line_end = memmem (bytes.data, bytes.length, "\r\n", 2);
    expected.is_head = bytes.length > 5 && memcmp (bytes.data, "HEAD ", 5) == 0;
    expected.is_old =
        line_end != NULL && line_end - bytes.data > 9 && memcmp (line_end - 9, " HTTP/1.0", 9) == 0;
    expected.expects_continue = memmem (bytes.data, bytes.length, "Expect: 100-", 12) != NULL;
    return expected;
}

void
conformance_start_server (TestServer *server)
{
    test_server_init (server);
    conformance_program_add (server->app);
    h3_server_set_workers (h3_app_get_server (server->app), 2);
    test_server_start (server);
}

static void
receive_all (RawClient *client, GString *text)
{
    char piece[16384];
    gsize n;

    while ((n = raw_client_receive (client, piece, sizeof piece)) > 0)
        g_string_append_len (text, piece, (gssize) n);
}

char *
conformance_ask_server (TestServer *server, H3View bytes, gsize piece, const WireExpected *expected,
                        guint n)
{
    g_autoptr (RawClient) client = test_server_connect (server);
    g_autoptr (GString) text = g_string_new (NULL);
    char *wrong;

    (void) raw_client_send_pieces (client, bytes.data, bytes.length, piece);
    if (!expected[n - 1].ends)
        raw_client_half_close (client);
    receive_all (client, text);
    wrong = wire_answers_check (text, expected, n);
    if (wrong == NULL && client->was_reset)
        wrong = g_strdup ("the connection was reset\n");
    return wrong;
}

/* Nothing of the first request may be told by the answers behind its own. */
char *
conformance_ask_between (TestServer *server, H3View bytes, const WireExpected *expected)
{
    const WireExpected all[] = { before, *expected, after };
    g_autoptr (GString) burst = g_string_new (BEFORE);
    g_autoptr (RawClient) client = test_server_connect (server);
    g_autoptr (GString) text = g_string_new (NULL);
    char *wrong;

    g_string_append_len (burst, bytes.data, (gssize) bytes.length);
    g_string_append (burst, AFTER);
    (void) raw_client_send_data (client, burst->str, burst->len);
    if (!expected->ends)
        raw_client_half_close (client);
    receive_all (client, text);
    wrong = wire_answers_check (text, all, expected->ends ? 2 : 3);
    if (wrong == NULL
        && fixture_count (text->str, "secret") != fixture_count (BEFORE_SEEN, "secret"))
        wrong = g_strdup_printf ("an answer tells of another request:\n%s\n", text->str);
    return wrong;
}

void
conformance_start_memory (void)
{
    g_autoptr (GError) error = NULL;

    memory.app = h3_app_new_with_preset (H3_PRESET_TESTING);
    conformance_program_add (memory.app);
    if (!app_freeze (memory.app, &error))
        ck_abort_msg ("%s", error->message);
    memory.worker = app_dispatch.start_worker (memory.app);
    fixture_set_up (4);
    fixture_start ();
    fixture.dispatch =
        (Dispatch){ app_dispatch.begin, app_dispatch.run, app_dispatch.refused, memory.worker };
}

void
conformance_end_memory (void)
{
    fixture_tear_down ();
    app_dispatch.stop_worker (memory.worker);
    g_clear_object (&memory.app);
}

/* All that came, once the case and AFTER were sent. */
static char *
finish_memory (int peer, const WireExpected *expected)
{
    const WireExpected all[] = { *expected, after };
    g_autoptr (GString) text = g_string_new (NULL);
    g_autofree char *received = NULL;
    gboolean ended;
    char *wrong;

    received = fixture_receive (peer, &ended);
    g_string_append (text, received);
    wrong = wire_answers_check (text, all, expected->ends ? 1 : 2);
    if (wrong == NULL && ended != expected->ends)
        wrong = g_strdup_printf ("the connection %s\n", ended ? "ended" : "was kept");
    (void) close (peer);
    fixture_settle ();
    return wrong;
}

char *
conformance_ask_memory (H3View bytes, gsize cut, const WireExpected *expected)
{
    int peer = fixture_connect ();
    g_autoptr (GString) rest = g_string_new_len (bytes.data + cut, (gssize) (bytes.length - cut));

    g_string_append (rest, AFTER);
    fixture_send (peer, h3_view (bytes.data, cut));
    fixture_send (peer, h3_view (rest->str, rest->len));
    return finish_memory (peer, expected);
}

char *
conformance_ask_memory_in_bytes (H3View bytes, const WireExpected *expected)
{
    int peer = fixture_connect ();

    for (gsize i = 0; i < bytes.length; i++)
        fixture_send (peer, h3_view (bytes.data + i, 1));
    fixture_send (peer, H3_VIEW (AFTER));
    return finish_memory (peer, expected);
}
