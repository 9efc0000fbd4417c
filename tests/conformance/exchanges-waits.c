/* SPDX-License-Identifier: MIT
 *
 * How long a connection waits for what, on a clock that the test drives. */

#include "conformance-exchanges.h"
#include "conformance-ways.h"

#include "tests/support/connection-fixture.h"
#include "tests/support/suite.h"

#include "h3/http/answer.h"

#include <string.h>
#include <unistd.h>

static int peer;

static void
begin (void)
{
    conformance_start_memory ();
    peer = fixture_connect ();
}

static void
end (void)
{
    (void) close (peer);
    fixture_settle ();
    conformance_end_memory ();
}

/* What has come by now begins so ("": nothing has), and whether the connection has ended. */
static void
assert_now (const char *start, gboolean has_ended)
{
    gboolean ended;
    g_autofree char *text = fixture_receive (peer, &ended);

    ck_assert_msg (*start == '\0' ? *text == '\0' : g_str_has_prefix (text, start),
                   "'%s' expected, not: %s", start, text);
    ck_assert_int_eq (ended, has_ended);
}

static void
run_first_byte (void)
{
    begin ();
    fixture_pass (fixture.limits.first_byte_time - 1);
    assert_now ("", FALSE);
    fixture_pass (1);
    assert_now ("", TRUE);
    end ();
}

static void
run_head (void)
{
    begin ();
    fixture_send (peer, H3_VIEW ("G"));
    fixture_pass (fixture.limits.head_time - 1);
    fixture_send (peer, h3_view (&AFTER[1], strlen (AFTER) - 1));
    assert_now ("HTTP/1.1 200 ", FALSE);
    fixture_send (peer, H3_VIEW ("G"));
    fixture_pass (fixture.limits.head_time - 1);
    fixture_send (peer, H3_VIEW ("E"));
    assert_now ("", FALSE);
    fixture_pass (1);
    assert_now ("HTTP/1.1 408 ", TRUE);
    end ();
}

static void
run_byte_a_second (void)
{
    static const char request[] = "GET / \r\n";
    const char *rest = " HTTP/1.1\r\nHost: a\r\n\r\n";

    begin ();
    for (guint i = 0; i < 5; i++) {
        fixture_send (peer, h3_view (&request[i], 1));
        fixture_pass (1000);
    }
    fixture_send (peer, h3_view_of (rest));
    assert_now ("HTTP/1.1 200 ", FALSE);
    end ();
}

static void
run_idle (void)
{
    begin ();
    for (guint i = 0; i < 2; i++) {
        fixture_send (peer, H3_VIEW (AFTER));
        assert_now ("HTTP/1.1 200 ", FALSE);
        fixture_pass (fixture.limits.idle_time - 1);
        assert_now ("", FALSE);
    }
    fixture_pass (1);
    assert_now ("", TRUE);
    end ();
}

static void
run_age (void)
{
    const gint64 step = 50000; /* less than it may be idle */
    gint64 left;

    begin ();
    for (left = fixture.limits.age - 1; left > 0; left -= MIN (left, step)) {
        fixture_send (peer, H3_VIEW (AFTER));
        assert_now ("HTTP/1.1 200 ", FALSE);
        fixture_pass (MIN (left, step));
    }
    fixture_send (peer, H3_VIEW (AFTER));
    assert_now ("HTTP/1.1 200 ", FALSE);
    fixture_pass (1);
    fixture_send (peer, H3_VIEW (AFTER));
    assert_now ("HTTP/1.1 200 ", TRUE);
    end ();
}

#define LONG_BODY "POST /whole HTTP/1.1\r\nHost: a\r\nContent-Length: 1000000\r\n\r\n"

/* So many bytes within the first grace. */
static void
send_in_grace (gsize length)
{
    g_autofree char *bytes = g_strnfill (length, 'x');

    begin ();
    fixture_send (peer, H3_VIEW (LONG_BODY));
    fixture_send (peer, h3_view (bytes, length));
    fixture_pass (fixture.limits.rate_grace - 1);
    assert_now ("", FALSE);
    fixture_pass (1);
}

static void
run_body_rate (void)
{
    const gsize least = 240 * 5;

    send_in_grace (least - 1);
    assert_now ("HTTP/1.1 408 ", TRUE);
    end ();
    for (guint i = 0; i < 2; i++) {
        send_in_grace (least + i);
        assert_now ("", FALSE);
        end ();
    }
}

static void
run_body_time (void)
{
    g_autofree char *bytes = g_strnfill (2000, 'x');

    begin ();
    fixture_send (peer, H3_VIEW (LONG_BODY));
    for (gint64 passed = 0; passed < fixture.limits.body_time;
         passed += fixture.limits.rate_grace) {
        assert_now ("", FALSE);
        fixture_send (peer, h3_view (bytes, 2000));
        fixture_pass (fixture.limits.rate_grace - 1);
        assert_now ("", FALSE);
        fixture_pass (1);
    }
    assert_now ("HTTP/1.1 408 ", TRUE);
    end ();
}

static H3Event *held; /* ref */

static void
hold (H3Event *event, gpointer user_data)
{
    held = h3_event_defer (event);
}

static void
run_handler_time (void)
{
    fixture_set_up (4);
    fixture.handler = hold;
    fixture_start ();
    peer = fixture_connect ();
    fixture_send (peer, H3_VIEW (AFTER));
    fixture_pass (fixture.limits.handler_time - 1);
    assert_now ("", FALSE);
    fixture_pass (1);
    assert_now ("HTTP/1.1 503 ", TRUE);
    h3_event_unref (held);
    (void) close (peer);
    fixture_settle ();
    fixture_tear_down ();
}

static void
send_large (H3Event *event, gpointer user_data)
{
    g_autofree char *text = g_strnfill (8 << 20, 'x');

    h3_event_send_text (event, text);
}

/* The client takes nothing of an answer, or just enough. */
static void
assert_taken (gsize taken, gboolean is_cut)
{
    g_autofree char *bytes = g_malloc (taken + 1);

    fixture_set_up (4);
    fixture.handler = send_large;
    fixture_start ();
    peer = fixture_connect ();
    fixture_send (peer, H3_VIEW (AFTER));
    fixture_pass (fixture.limits.rate_grace - 1);
    ck_assert_uint_eq (fixture.context.n_connections, 1);
    if (taken > 0)
        ck_assert_int_gt (read (peer, bytes, taken), 0);
    fixture_settle ();
    fixture_pass (1);
    ck_assert_uint_eq (fixture.context.n_connections, is_cut ? 0 : 1);
    (void) close (peer);
    fixture_settle ();
    fixture_tear_down ();
}

static void
run_write_rate (void)
{
    assert_taken (0, TRUE);
    assert_taken (1 << 20, FALSE);
}

#define TAKES "How much it takes"

static const Exchange rows[] = {
    { TAKES, "`first-byte-timeout`", "no byte for 9,999 ms, and for 10,000", "RFC 9112 §9.5",
      "kept; close", run_first_byte },
    { TAKES, "`head-timeout`", "no whole head for 9,999 ms, and for 10,000", "RFC 9110 §15.5.9",
      "answered; 408, close", run_head },
    { TAKES, "`head-timeout`", "one byte a second within it", "RFC 9112 §9.5", "answered",
      run_byte_a_second },
    { TAKES, "`idle-timeout`", "no request for 59,999 ms, and for 60,000", "RFC 9112 §9.5",
      "kept; close", run_idle },
    { TAKES, "`max-connection-age`", "a request at 3,599,999 ms, and at 3,600,000", "RFC 9112 §9.5",
      "kept; answered, close", run_age },
    { TAKES, "`min-body-rate`", "1,199 bytes in 5 s, 1,200, and 1,201", "RFC 9110 §15.5.9",
      "408, close; kept; kept", run_body_rate },
    { TAKES, "`body-timeout`", "a body fast enough for 299,999 ms, and for 300,000",
      "RFC 9110 §15.5.9", "kept; 408, close", run_body_time },
    { TAKES, "`handler-timeout`", "no answer for 59,999 ms, and for 60,000", "RFC 9110 §15.6.4",
      "kept; 503, close", run_handler_time },
    { TAKES, "`min-write-rate`", "nothing taken of an answer for 5 s, or enough", "RFC 9112 §9.5",
      "reset; kept", run_write_rate },
};

const ExchangeTable wait_exchanges = { rows, G_N_ELEMENTS (rows) };
