/* SPDX-License-Identifier: MIT */

#include "h3/http/event-inside.h"
#include "tests/support/connection-fixture.h"
#include "tests/support/suite.h"

#include <sys/socket.h>
#include <unistd.h>

#define GOOD "GET /behind HTTP/1.1\r\nHost: a\r\n\r\n"
#define POST "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nhello"

static H3Event *kept;
static guint disposed;
static H3Outcome outcome;

static void
set_up (void)
{
    fixture_set_up (0);
    fixture.limits.output = 1024;
    fixture_start ();
    kept = NULL;
    disposed = 0;
}

static void
note_disposed (H3Event *event, H3Outcome result, gpointer user_data)
{
    disposed++;
    outcome = result;
}

static void
defer (H3Event *event, gpointer user_data)
{
    h3_event_on_dispose (event, note_disposed, NULL, NULL);
    kept = h3_event_defer (event);
}

static void
send_much (H3Event *event, gpointer user_data)
{
    g_autoptr (GBytes) bytes = g_bytes_new_take (g_malloc0 (4 << 20), 4 << 20);

    h3_event_on_dispose (event, note_disposed, NULL, NULL);
    h3_response_set_body_bytes (h3_event_get_response (event), bytes);
    h3_event_send (event);
}

static void
take_piece (H3Event *event, const char *data, gsize length, const GError *error, gpointer user_data)
{
    if (data == NULL && error == NULL)
        fixture_echo (event, NULL);
}

static void
read_body (H3Event *event, gpointer user_data)
{
    h3_event_on_dispose (event, note_disposed, NULL, NULL);
    h3_event_read_body (event, take_piece, NULL, NULL);
}

/* What a peer has sent when it goes, and the program that was to answer. */
static const struct {
    const char *sent;
    H3Handler handler;
    H3BodyMode wish;
} states[] = {
    { "", fixture_echo, H3_BODY_BUFFERED },
    { "\r\n", fixture_echo, H3_BODY_BUFFERED },
    { "GET / HT", fixture_echo, H3_BODY_BUFFERED },
    { GOOD, fixture_echo, H3_BODY_BUFFERED },
    { GOOD "GET", fixture_echo, H3_BODY_BUFFERED },
    { POST, fixture_echo, H3_BODY_BUFFERED },
    { POST, read_body, H3_BODY_STREAMED },
    { POST, fixture_echo, H3_BODY_NONE },
    { POST, defer, H3_BODY_STREAMED },
    { GOOD, defer, H3_BODY_BUFFERED },
    { GOOD GOOD, defer, H3_BODY_BUFFERED },
    { GOOD, send_much, H3_BODY_BUFFERED },
    { GOOD GOOD GOOD, send_much, H3_BODY_BUFFERED },
    { "BAD\n", fixture_echo, H3_BODY_BUFFERED },
};

static void
leave_in_state (guint i, gboolean tcp, int how)
{
    int peer;

    set_up ();
    fixture.handler = states[i].handler;
    fixture.wish = states[i].wish;
    peer = tcp ? fixture_connect_tcp () : fixture_connect ();
    fixture_send (peer, h3_view_of (states[i].sent));
    fixture_assert_quiet ();
    if (how < 0)
        (void) close (peer);
    else
        (void) shutdown (peer, how);
    fixture_settle ();
    fixture_assert_quiet ();
    if (how < 0)
        ck_assert_msg (fixture.context.n_connections <= (kept != NULL), "state %u", i);
    /* Of two that are deferred the second begins when the first has been answered. */
    while (kept != NULL) {
        H3Event *event = g_steal_pointer (&kept);

        fixture_echo (event, NULL);
        h3_event_unref (event);
        fixture_settle ();
    }
    fixture_assert_quiet ();
    if (how >= 0)
        (void) close (peer);
    fixture_settle ();
    fixture_tear_down ();
}

START_TEST (peer_that_goes_in_any_state_costs_nothing)
{
    for (guint i = 0; i < G_N_ELEMENTS (states); i++) {
        leave_in_state (i, FALSE, -1);
        leave_in_state (i, TRUE, -1);
    }
}
END_TEST

START_TEST (peer_that_half_closes_in_any_state_spins_nothing)
{
    for (guint i = 0; i < G_N_ELEMENTS (states); i++) {
        leave_in_state (i, FALSE, SHUT_WR);
        leave_in_state (i, TRUE, SHUT_WR);
        leave_in_state (i, FALSE, SHUT_RDWR);
    }
}
END_TEST

START_TEST (half_closed_peer_gets_its_answer)
{
    g_autofree char *answer = NULL;
    gboolean ended;
    int peer;

    set_up ();
    fixture.handler = defer;
    peer = fixture_connect ();
    fixture_send (peer, H3_VIEW (GOOD));
    (void) shutdown (peer, SHUT_WR);
    fixture_settle ();
    ck_assert (g_cancellable_is_cancelled (h3_event_get_cancellable (kept)));
    fixture_echo (kept, NULL);
    h3_event_unref (kept);
    answer = fixture_receive (peer, &ended);
    ck_assert_msg (strstr (answer, "<GET /behind") != NULL, "%s", answer);
    ck_assert (ended);
    (void) close (peer);
    fixture_tear_down ();
}
END_TEST

static void
answer_and_hold (H3Event *event, gpointer user_data)
{
    if (kept == NULL)
        kept = h3_event_ref (event);
    fixture_echo (event, NULL);
}

START_TEST (head_outlives_its_answer_while_somebody_holds_the_event)
{
    g_autofree char *answers = NULL;
    gboolean ended;
    int peer;

    set_up ();
    fixture.handler = answer_and_hold;
    peer = fixture_connect ();
    fixture_send (peer, H3_VIEW (GOOD));
    fixture_settle ();
    fixture_send (peer, H3_VIEW ("GET /others HTTP/1.1\r\nHost: b\r\nConnection: close\r\n\r\n"));
    fixture_settle ();
    answers = fixture_receive (peer, &ended);
    ck_assert (strstr (answers, "<GET /others") != NULL);
    ck_assert_str_eq (h3_request_get_target (h3_event_get_request (kept)), "/behind");
    ck_assert_str_eq (h3_request_get_header (h3_event_get_request (kept), "Host"), "a");
    h3_event_unref (kept);
    (void) close (peer);
    fixture_tear_down ();
}
END_TEST

static EventHook headless = { .function.on_dispose = note_disposed, .is_headless = TRUE };

static void
send_much_and_hold (H3Event *event, gpointer user_data)
{
    g_autoptr (GBytes) bytes = g_bytes_new_take (g_malloc0 (4 << 20), 4 << 20);

    kept = h3_event_ref (event);
    event_hang_dispose_hook (event, &headless);
    fixture.handler = fixture_echo;
    h3_response_set_body_bytes (h3_event_get_response (event), bytes);
    h3_event_send (event);
}

/* What its hooks can do without, who holds it cannot. */
START_TEST (head_outlives_an_answer_that_leaves_slowly)
{
    g_autofree char *answer = NULL;
    gboolean ended;
    int peer, other;

    set_up ();
    fixture.handler = send_much_and_hold;
    peer = fixture_connect ();
    fixture_send (peer, H3_VIEW (GOOD));
    fixture_settle ();
    ck_assert_uint_eq (disposed, 0);
    other = fixture_connect ();
    fixture_send (other, H3_VIEW ("GET /others HTTP/1.1\r\nHost: b\r\nConnection: close\r\n\r\n"));
    fixture_settle ();
    answer = fixture_receive (other, &ended);
    ck_assert (strstr (answer, "<GET /others") != NULL);
    ck_assert_str_eq (h3_request_get_header (h3_event_get_request (kept), "Host"), "a");
    h3_event_unref (kept);
    (void) close (other);
    (void) close (peer);
    fixture_settle ();
    fixture_tear_down ();
}
END_TEST

START_TEST (program_is_told_sent_after_the_last_byte)
{
    gsize received = 0;
    char data[65536];
    int peer;

    set_up ();
    fixture.handler = send_much;
    peer = fixture_connect ();
    fixture_send (peer, H3_VIEW (GOOD));
    while (received < 4 << 20) {
        gssize n = recv (peer, data, sizeof data, 0);

        ck_assert_int_gt (n, 0);
        if (received < 2 << 20)
            ck_assert_uint_eq (disposed, 0);
        received += (gsize) n;
        fixture_settle ();
    }
    ck_assert_uint_eq (disposed, 1);
    ck_assert_int_eq (outcome, H3_OUTCOME_SENT);
    (void) close (peer);
    fixture_tear_down ();
}
END_TEST

static void
defer_for_a_moment (H3Event *event, gpointer user_data)
{
    h3_event_set_deadline (event, 10);
    defer (event, user_data);
}

static void
read_late (gpointer data)
{
    H3Event *event = data;

    h3_event_read_body (event, take_piece, NULL, NULL);
    h3_event_pause_body (event);
    h3_event_resume_body (event);
    h3_event_unref (event);
}

/* The answer of the deadline waits behind another, which the client does not take. */
START_TEST (a_body_asked_for_when_the_answer_is_set_up_is_not_there)
{
    int peer;

    set_up ();
    fixture.limits.output = 8 << 20;
    fixture.handler = send_much;
    fixture.wish = H3_BODY_STREAMED;
    peer = fixture_connect ();
    fixture_send (peer, H3_VIEW (GOOD));
    fixture.handler = defer_for_a_moment;
    fixture_send (peer, H3_VIEW (POST));
    ck_assert_ptr_nonnull (kept);
    fixture_pass (10);
    ck_assert (g_cancellable_is_cancelled (h3_event_get_cancellable (kept)));
    ck_assert_uint_eq (disposed, 0);
    loop_post (fixture.loop, read_late, kept, NULL);
    fixture_settle ();
    (void) close (peer);
    fixture_tear_down ();
    ck_assert_uint_eq (disposed, 2);
}
END_TEST

START_TEST (program_is_told_gone_when_the_client_is)
{
    int peer;

    set_up ();
    fixture.handler = send_much;
    peer = fixture_connect_tcp ();
    fixture_send (peer, H3_VIEW (GOOD));
    ck_assert_uint_eq (disposed, 0);
    (void) close (peer);
    fixture_settle ();
    ck_assert_uint_eq (disposed, 1);
    ck_assert_int_eq (outcome, H3_OUTCOME_GONE);
    fixture_tear_down ();
}
END_TEST

START_TEST (reading_pauses_while_an_answer_is_deferred)
{
    GString *text = g_string_new (NULL);
    g_autofree char *answers = NULL;
    gssize n, total = 0;
    int peer;

    set_up ();
    fixture.handler = defer;
    peer = fixture_connect ();
    for (guint i = 0; i < 3000; i++)
        g_string_append (text, GOOD);
    while ((n = send (peer, text->str, text->len, MSG_DONTWAIT)) > 0) {
        total += n;
        fixture_settle ();
        ck_assert_int_lt (total, 2 << 20);
    }
    ck_assert_uint_eq (fixture.begun, 1);
    fixture_assert_quiet ();
    fixture.handler = fixture_echo;
    fixture_echo (kept, NULL);
    h3_event_unref (kept);
    answers = fixture_receive (peer, NULL);
    ck_assert_uint_ge (fixture_count (answers, "HTTP/1.1 200"), 2);
    g_string_free (text, TRUE);
    (void) close (peer);
    fixture_tear_down ();
}
END_TEST

static void
add_cases (Suite *suite)
{
    suite_add_case (suite, "peer", peer_that_goes_in_any_state_costs_nothing,
                    peer_that_half_closes_in_any_state_spins_nothing,
                    half_closed_peer_gets_its_answer, NULL);
    suite_add_case (suite, "dispose", head_outlives_its_answer_while_somebody_holds_the_event,
                    head_outlives_an_answer_that_leaves_slowly,
                    program_is_told_sent_after_the_last_byte,
                    program_is_told_gone_when_the_client_is,
                    a_body_asked_for_when_the_answer_is_set_up_is_not_there, NULL);
    suite_add_case (suite, "pressure", reading_pauses_while_an_answer_is_deferred, NULL);
}

int
main (void)
{
    return suite_run ("engine/connection-ending", add_cases);
}
