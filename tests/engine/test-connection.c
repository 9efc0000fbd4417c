/* SPDX-License-Identifier: MIT */

#include "tests/support/connection-fixture.h"
#include "tests/support/suite.h"
#include "tests/support/wire-cases.h"

#include <sys/socket.h>
#include <unistd.h>

#define GOOD "GET /behind HTTP/1.1\r\nHost: a\r\n\r\n"

static void
set_up (void)
{
    fixture_set_up (4);
    fixture_start ();
}

static void
assert_burst (guint n)
{
    GString *text = g_string_new (NULL);
    g_autofree char *answers = NULL;
    const char *at;
    int peer = fixture_connect ();

    for (guint i = 0; i < n; i++)
        g_string_append_printf (text, "GET /r%u HTTP/1.1\r\nHost: a\r\n\r\n", i);
    ck_assert_int_eq (send (peer, text->str, text->len, 0), (gssize) text->len);
    answers = fixture_receive (peer, NULL);
    at = answers;
    for (guint i = 0; i < n; i++) {
        g_autofree char *echo = g_strdup_printf ("<GET /r%u - 0 >", i);

        at = strstr (at, echo);
        ck_assert_msg (at != NULL, "%u of %u is not answered in order", i, n);
        at += strlen (echo);
    }
    ck_assert_str_eq (at, "");
    ck_assert_uint_eq (fixture_count (answers, "HTTP/1.1 200 OK"), n);
    g_string_free (text, TRUE);
    (void) close (peer);
}

START_TEST (burst_in_the_first_bytes_is_answered_in_order)
{
    set_up ();
    assert_burst (2);
    assert_burst (4);
    assert_burst (16);
    assert_burst (50);
    assert_burst (100);
    fixture_tear_down ();
}
END_TEST

static void
assert_status (const char *answer, guint status, const char *name)
{
    g_autofree char *line = g_strdup_printf ("HTTP/1.1 %u ", status);

    ck_assert_msg (g_str_has_prefix (answer, line), "%s: %u expected, got: %s", name, status,
                   answer);
}

/* Sends the case, with a good request behind it, in pieces of `piece` bytes. */
static void
assert_case (const WireCase *wire_case, gsize piece)
{
    int peer = fixture_connect ();
    g_autoptr (GString) bytes =
        g_string_new_len (wire_case->bytes.data, (gssize) wire_case->bytes.length);
    g_autofree char *answer = NULL;
    gboolean ended;

    g_string_append (bytes, GOOD);
    for (gsize at = 0; at < bytes->len; at += piece) {
        fixture_send (peer, h3_view (bytes->str + at, MIN (piece, bytes->len - at)));
    }
    answer = fixture_receive (peer, &ended);
    if (wire_case->status == 0) {
        guint n = fixture_count (answer, "HTTP/1.1 2");

        if (!strstr (wire_case->bytes.data, "HTTP/1.0"))
            ck_assert_msg (n == 2 && !ended, "%s: %s", wire_case->name, answer);
    } else {
        assert_status (answer, wire_case->status, wire_case->name);
        if (wire_case->stage != WIRE_PROGRAM) {
            ck_assert_msg (fixture_count (answer, "HTTP/1.1 ") == 1, "%s: answered behind: %s",
                           wire_case->name, answer);
            ck_assert_msg (strstr (answer, "Connection: close\r\n") != NULL, "%s: no close: %s",
                           wire_case->name, answer);
            ck_assert_msg (ended, "%s: kept open", wire_case->name);
        }
    }
    fixture_assert_quiet ();
    (void) close (peer);
    fixture_settle ();
}

static void
assert_case_whole (const WireCase *wire_case, gpointer user_data)
{
    assert_case (wire_case, G_MAXINT);
}

static void
assert_case_in_bytes (const WireCase *wire_case, gpointer user_data)
{
    assert_case (wire_case, 1);
}

START_TEST (every_case_is_answered_and_nothing_behind_an_error)
{
    set_up ();
    wire_cases_foreach (assert_case_whole, NULL);
    fixture_tear_down ();
}
END_TEST

START_TEST (every_case_is_answered_the_same_byte_by_byte)
{
    set_up ();
    wire_cases_foreach (assert_case_in_bytes, NULL);
    fixture_tear_down ();
}
END_TEST

/* Says what of a request can be seen. */
static void
tell_all (H3Event *event, gpointer user_data)
{
    H3Request *request = h3_event_get_request (event);
    const char *x = h3_request_get_header (request, "X");
    const char *seen = h3_event_get_data (event, "k");
    const char *param = h3_event_get_param (event, "p");
    g_autofree char *text = g_strdup_printf (
        "[%s x=%s d=%s p=%s n=%u b=%d t=%s h=%s]", h3_request_get_path (request),
        x != NULL ? x : "", seen != NULL ? seen : "", param != NULL ? param : "",
        h3_request_count_headers (request), h3_request_get_body (request) != NULL,
        h3_request_get_trailer (request, "T") != NULL ? "1" : "",
        h3_response_get_header (h3_event_get_response (event), "Y") != NULL ? "1" : "");

    h3_event_set_data (event, "k", g_strdup ("secret"), g_free);
    h3_event_set_header (event, "Y", "secret");
    event_add_params (event, 1, 0)[0] = (EventParam){ "p", "secret" };
    h3_response_set_body_text (h3_event_get_response (event), text);
    h3_event_send (event);
}

static void
assert_recycling (guint resting)
{
    static const char *const firsts[] = {
        "GET /one?q HTTP/1.1\r\nHost: a\r\nX: secret\r\nCookie: c=secret\r\n\r\n",
        "POST /one HTTP/1.1\r\nHost: a\r\nX: secret\r\nContent-Length: 6\r\n\r\nsecret",
        ("POST /one HTTP/1.1\r\nHost: a\r\nX: secret\r\nTransfer-Encoding: chunked\r\n\r\n"
         "6\r\nsecret\r\n0\r\nT: secret\r\n\r\n"),
        "BREW /one HTTP/1.1\r\nHost: a\r\nX: secret\r\n\r\n",
    };

    for (guint i = 0; i < G_N_ELEMENTS (firsts); i++) {
        g_autofree char *both = NULL;
        g_autofree char *answers = NULL;
        int peer;

        fixture_set_up (resting);
        fixture.handler = tell_all;
        fixture_start ();
        peer = fixture_connect ();
        both = g_strconcat (firsts[i], "GET /two HTTP/1.1\r\nHost: a\r\n\r\n", NULL);
        fixture_send (peer, h3_view_of (both));
        answers = fixture_receive (peer, NULL);
        ck_assert_msg (strstr (answers, "[/two x= d= p= n=1 b=0 t= h=]") != NULL, "%s", answers);
        (void) close (peer);
        fixture_tear_down ();
    }
}

START_TEST (nothing_of_a_request_is_seen_in_the_next)
{
    assert_recycling (1);
    assert_recycling (0);
}
END_TEST

START_TEST (head_in_pieces_keeps_its_index_while_others_are_read)
{
    H3View text = H3_VIEW ("GET /a?b HTTP/1.1\r\nHost: a\r\nX: 1\r\nY: 2\r\n\r\n");
    int first, second;

    set_up ();
    fixture.handler = tell_all;
    first = fixture_connect ();
    second = fixture_connect ();
    for (gsize at = 0; at < text.length; at++) {
        fixture_send (first, h3_view (text.data + at, 1));
        fixture_assert_answers (second, GOOD, (const char *[]){ "[/behind", NULL });
    }
    fixture_assert_answers (first, "", (const char *[]){ "[/a x=1 d= p= n=3", NULL });
    (void) close (first);
    (void) close (second);
    fixture_tear_down ();
}
END_TEST

static void
assert_kept (const char *request, const char *field, gboolean kept)
{
    int peer = fixture_connect ();
    g_autofree char *answer = NULL;
    gboolean ended;

    fixture_send (peer, h3_view_of (request));
    answer = fixture_receive (peer, &ended);
    ck_assert_msg (ended == !kept, "%s: %s", request, answer);
    ck_assert_msg (field == NULL ? strstr (answer, "Connection:") == NULL
                                 : strstr (answer, field) != NULL,
                   "%s: %s", request, answer);
    (void) close (peer);
    fixture_settle ();
}

START_TEST (connection_is_kept_as_asked)
{
    set_up ();
    assert_kept ("GET / HTTP/1.1\r\nHost: a\r\n\r\n", NULL, TRUE);
    assert_kept ("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", "Connection: close\r\n",
                 FALSE);
    assert_kept ("GET / HTTP/1.0\r\n\r\n", "Connection: close\r\n", FALSE);
    assert_kept ("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n", "Connection: keep-alive\r\n",
                 TRUE);
    fixture_tear_down ();
}
END_TEST

START_TEST (connection_ends_after_its_number_of_requests)
{
    g_autofree char *answers = NULL;
    gboolean ended;
    int peer;

    fixture_set_up (1);
    fixture.limits.requests = 3;
    fixture_start ();
    peer = fixture_connect ();
    fixture_send (peer, H3_VIEW (GOOD GOOD GOOD GOOD));
    answers = fixture_receive (peer, &ended);
    ck_assert_uint_eq (fixture_count (answers, "HTTP/1.1 200"), 3);
    ck_assert_uint_eq (fixture_count (answers, "Connection: close"), 1);
    ck_assert (ended);
    (void) close (peer);
    fixture_tear_down ();
}
END_TEST

START_TEST (connection_ends_after_its_age)
{
    gboolean ended;
    int peer;

    fixture_set_up (1);
    fixture.limits.age = 1000;
    fixture_start ();
    peer = fixture_connect ();
    fixture_send (peer, H3_VIEW (GOOD));
    g_free (fixture_receive (peer, &ended));
    ck_assert (!ended);
    fixture_pass (1000);
    fixture_send (peer, H3_VIEW (GOOD));
    g_free (fixture_receive (peer, &ended));
    ck_assert (ended);
    (void) close (peer);
    fixture_tear_down ();
}
END_TEST

static void
add_cases (Suite *suite)
{
    suite_add_case (suite, "order", burst_in_the_first_bytes_is_answered_in_order,
                    head_in_pieces_keeps_its_index_while_others_are_read, NULL);
    suite_add_case (suite, "cases", every_case_is_answered_and_nothing_behind_an_error,
                    every_case_is_answered_the_same_byte_by_byte, NULL);
    suite_add_case (suite, "recycling", nothing_of_a_request_is_seen_in_the_next, NULL);
    suite_add_case (suite, "keep-alive", connection_is_kept_as_asked,
                    connection_ends_after_its_number_of_requests, connection_ends_after_its_age,
                    NULL);
}

int
main (void)
{
    return suite_run ("engine/connection", add_cases);
}
