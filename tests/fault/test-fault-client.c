/* SPDX-License-Identifier: MIT
 *
 * Requests to another server whose system calls fail, each in turn: who asked is told an end, the
 * next is answered, nothing is left. The other server is on the same thread, and spared. */

#include "fault.h"
#include "sweep.h"

#include "h3/loop/clock.h"
#include "tests/client/client-fixture.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define N_SERVED    8
#define BODY_LENGTH 400000 /* more than the kernel takes at once */
#define PATIENCE    (60 * G_USEC_PER_SEC)

/* The other end of one connection. */
typedef struct {
    int fd; /* -1: none */
    GString *in;
} Served;

static ClientFixture fixture;
static Served served[N_SERVED];

static void
end_served (Served *one)
{
    (void) close (one->fd);
    one->fd = -1;
    g_string_free (one->in, TRUE);
}

/* A GET by its length, a POST in chunks, when its body is whole; "/last" ends the connection. */
static void
answer (Served *one)
{
    const char *end = strstr (one->in->str, "\r\n\r\n");
    gboolean is_post = g_str_has_prefix (one->in->str, "POST");

    if (end == NULL || (is_post && strlen (end + 4) < BODY_LENGTH))
        return;
    if (is_post)
        client_fixture_push (one->fd, "HTTP/1.1 103 Early Hints\r\n\r\nHTTP/1.1 200 OK\r\n"
                                      "Transfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\n\r\n");
    else if (strstr (one->in->str, " /last ") != NULL)
        client_fixture_push (one->fd, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n"
                                      "Connection: close\r\n\r\nhi");
    else
        client_fixture_push (one->fd, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi");
    g_string_truncate (one->in, 0);
}

static void
serve_one (Served *one)
{
    char bytes[65536];
    gssize n;

    while ((n = recv (one->fd, bytes, sizeof bytes, 0)) > 0)
        g_string_append_len (one->in, bytes, n);
    if (n == 0 || (n < 0 && errno != EAGAIN))
        end_served (one);
    else
        answer (one);
}

static void
serve (void)
{
    fault_spare_thread (true);
    for (guint i = 0; i < N_SERVED; i++) {
        if (served[i].fd < 0 && client_fixture_has_news (&fixture)) {
            served[i].fd = client_fixture_accept_now (&fixture);
            served[i].in = g_string_new (NULL);
        }
        if (served[i].fd >= 0)
            serve_one (&served[i]);
    }
    fault_spare_thread (false);
}

/* Where all is still, time passes. */
static void
wait_for (Asked *asked)
{
    gint64 began = g_get_monotonic_time ();

    for (guint i = 1; asked->n_ended == 0; i++) {
        client_fixture_turn (&fixture);
        serve ();
        fault_spare_thread (true);
        if (i % 10 == 0)
            (void) poll (NULL, 0, 1);
        if (i % 200 == 0)
            clock_drive (1000);
        fault_spare_thread (false);
        ck_assert_msg (g_get_monotonic_time () - began < PATIENCE, "a request without an end");
    }
    ck_assert_uint_eq (asked->n_ended, 1);
}

static void
expect_end (Asked *asked, const Fault *fault)
{
    wait_for (asked);
    if (fault == NULL || fault->is_harmless)
        asked_expect (asked, 200, "hi");
    else if (asked->error == NULL)
        asked_expect (asked, 200, "hi");
}

/* One that is connected, one on the same connection with a body that takes more than one call, and
 * one that ends it. */
static void
ask_three (const Fault *fault)
{
    g_autoptr (GBytes) body = g_bytes_new_take (g_strnfill (BODY_LENGTH, 'x'), BODY_LENGTH);
    ClientCall call = client_fixture_make_call ();
    g_autoptr (Asked) first = NULL, second = NULL, third = NULL;

    call.total_milliseconds = 20000;
    first = client_fixture_ask (&fixture, &call);
    expect_end (first, fault);
    call.method = H3_VIEW ("POST");
    call.body = body;
    second = client_fixture_ask (&fixture, &call);
    expect_end (second, fault);
    call.method = H3_VIEW ("GET");
    call.target = H3_VIEW ("/last");
    call.body = NULL;
    third = client_fixture_ask (&fixture, &call);
    expect_end (third, fault);
}

/* Whether the fault was met. */
static gboolean
try_fault (const Fault *fault, guint n, const char *where)
{
    gboolean was_met;
    guint i;

    sweep_arm (fault, n, where);
    ask_three (fault);
    was_met = sweep_disarm (fault);
    ask_three (NULL);
    /* From the beginning: the next meets the calls of a new connection too. */
    fault_spare_thread (true);
    for (i = 0; i < N_SERVED; i++)
        if (served[i].fd >= 0)
            end_served (&served[i]);
    client_fixture_expect_counts (&fixture, 0, 0);
    while (client_fixture_has_news (&fixture))
        (void) close (client_fixture_accept_now (&fixture));
    fault_spare_thread (false);
    return was_met;
}

static void
sweep (FaultCall call, const char *where)
{
    guint n_faults;
    const Fault *faults = sweep_list (call, &n_faults);

    for (guint i = 0; i < n_faults; i++) {
        for (guint n = 1; n == 1 || sweep_wants (&faults[i]); n++) {
            if (!try_fault (&faults[i], n, where))
                break;
        }
    }
}

static const FaultCall calls[] = { FAULT_SOCKET,     FAULT_CONNECT,   FAULT_GETSOCKOPT,
                                   FAULT_SETSOCKOPT, FAULT_SEND,      FAULT_SENDMSG,
                                   FAULT_RECV,       FAULT_EPOLL_CTL, FAULT_EPOLL_WAIT,
                                   FAULT_CLOSE };

START_TEST (one_that_fails_is_told_and_the_next_is_answered)
{
    fault_spare_thread (true);
    client_fixture_init (&fixture);
    fault_spare_thread (false);
    for (guint i = 0; i < N_SERVED; i++)
        served[i].fd = -1;
    sweep (calls[_i], "a client");
    fault_spare_thread (true);
    client_fixture_end (&fixture);
    sweep_end (calls[_i]);
}
END_TEST

static void
add_cases (Suite *suite)
{
    TCase *tcase = tcase_create ("client");

    tcase_add_loop_test (tcase, one_that_fails_is_told_and_the_next_is_answered, 0,
                         G_N_ELEMENTS (calls));
    tcase_set_timeout (tcase, 240);
    suite_add_tcase (suite, tcase);
}

int
main (void)
{
    sweep_init ();
    return sweep_finish (suite_run ("fault/client", add_cases));
}
