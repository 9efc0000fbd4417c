/* SPDX-License-Identifier: MIT
 *
 * A connection being made whose calls fail, each in turn: whoever waits is told, once, of a
 * connection or why there is none; and the next is made. */

#include "fault.h"
#include "sweep.h"

#include "h3/base/error.h"
#include "h3/loop/loop.h"
#include "h3/loop/offload.h"
#include "h3/net/connector.h"
#include "tests/support/assert-nothing-left.h"
#include "tests/support/suite.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <unistd.h>

static Loop *loop;
static guint16 port;
static guint told;
static gboolean is_connected;

static void
on_done (gpointer data, int fd, gint64 resolved, const GError *error)
{
    told++;
    is_connected = fd >= 0;
    ck_assert_int_eq (is_connected, error == NULL);
    if (is_connected)
        ck_assert_int_eq (close (fd), 0);
    else
        ck_assert_int_eq ((int) error->domain, (int) H3_CLIENT_ERROR);
}

static void
make_connection (const char *host)
{
    ConnectorTarget target = { .host = host, .port = port };

    told = 0;
    ck_assert_ptr_nonnull (connector_start (loop, &target, on_done, NULL));
    while (told == 0)
        ck_assert (loop_step (loop, TRUE));
    ck_assert_uint_eq (told, 1);
}

/* Whether the fault was met. */
static gboolean
try_fault (const Fault *fault, guint n, const char *host)
{
    gboolean was_met;

    sweep_arm (fault, n, host);
    make_connection (host);
    was_met = sweep_disarm (fault);
    ck_assert (is_connected || (was_met && !fault->is_harmless));
    make_connection (host);
    ck_assert (is_connected);
    return was_met;
}

static void
sweep (FaultCall call, const char *host)
{
    guint n_faults;
    const Fault *faults = sweep_list (call, &n_faults);

    for (guint i = 0; i < n_faults; i++)
        for (guint n = 1; n == 1 || sweep_wants (&faults[i]); n++)
            if (!try_fault (&faults[i], n, host))
                break;
}

static int
open_listener (void)
{
    struct sockaddr_in address = { .sin_family = AF_INET };
    socklen_t length = sizeof address;
    int fd = socket (AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

    address.sin_addr.s_addr = htonl (INADDR_LOOPBACK);
    ck_assert_int_eq (bind (fd, (struct sockaddr *) &address, length), 0);
    ck_assert_int_eq (listen (fd, 4096), 0);
    ck_assert_int_eq (getsockname (fd, (struct sockaddr *) &address, &length), 0);
    port = ntohs (address.sin_port);
    return fd;
}

/* Each with a pool of its own, whose thread is to begin. */
static void
sweep_with_pools (FaultCall call, const char *host)
{
    guint n_faults;
    const Fault *faults = sweep_list (call, &n_faults);

    for (guint i = 0; i < n_faults; i++) {
        Offload *offload = offload_new (1);

        loop_set_offload (loop, offload);
        (void) try_fault (&faults[i], 1, host);
        loop_set_offload (loop, NULL);
        offload_free (offload);
    }
}

static const FaultCall calls[] = { FAULT_SOCKET,      FAULT_CONNECT,   FAULT_GETSOCKOPT,
                                   FAULT_GETSOCKNAME, FAULT_EPOLL_CTL, FAULT_EPOLL_WAIT };

START_TEST (one_that_fails_is_told)
{
    LiveSnapshot before = live_snapshot_take ();
    Offload *offload = offload_new (1);
    int listener = open_listener ();

    loop = loop_new (NULL);
    ck_assert_ptr_nonnull (loop);
    loop_set_offload (loop, offload);
    sweep (calls[_i], "127.0.0.1");
    sweep (calls[_i], "localhost");
    loop_close (loop);
    loop_unref (loop);
    offload_free (offload);
    (void) close (listener);
    assert_nothing_left (&before);
    sweep_end (calls[_i]);
}
END_TEST

START_TEST (look_up_without_a_thread_is_answered)
{
    LiveSnapshot before = live_snapshot_take ();
    int listener = open_listener ();

    loop = loop_new (NULL);
    ck_assert_ptr_nonnull (loop);
    sweep_with_pools (FAULT_PTHREAD_CREATE, "localhost");
    loop_close (loop);
    loop_unref (loop);
    (void) close (listener);
    assert_nothing_left (&before);
    sweep_end (FAULT_PTHREAD_CREATE);
}
END_TEST

static void
add_cases (Suite *suite)
{
    TCase *tcase = tcase_create ("connector");

    tcase_add_loop_test (tcase, one_that_fails_is_told, 0, G_N_ELEMENTS (calls));
    tcase_add_test (tcase, look_up_without_a_thread_is_answered);
    tcase_set_timeout (tcase, 120);
    suite_add_tcase (suite, tcase);
}

int
main (void)
{
    sweep_init ();
    return sweep_finish (suite_run ("fault/connector", add_cases));
}
