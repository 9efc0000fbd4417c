/* SPDX-License-Identifier: MIT
 *
 * What the tests of stream share: a loop, a stream with its peer, a reader and a producer that
 * count their calls. Included by one source each; main thread only. */

#pragma once

#include "h3/base/counters.h"
#include "h3/base/error.h"
#include "h3/engine/stream-inside.h"
#include "h3/engine/stream.h"
#include "h3/loop/clock.h"
#include "h3/net/transport.h"
#include "tests/support/suite.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

typedef enum { DO_NOTHING, DO_PAUSE, DO_CLOSE, DO_UNREF } Reaction;

static Loop *loop;
static Buffers *buffers;
static Deadlines *deadlines;
static TransportShared *shared;
static StreamList list;
static H3Stream *stream; /* NULL when dropped */
static int peer;
static guint descriptors;
static gint64 kept; /* streams that the test holds after tear_down () */

/* What the reader and the producer have heard, and what they do about it. */
static GString *heard;
static guint calls, ends, destroyed, drained;
static int end_code; /* -1: orderly */
static Reaction on_data_do, on_end_do;
static void (*on_drained_call) (void);

static inline void
react (Reaction reaction)
{
    if (reaction == DO_PAUSE)
        h3_stream_pause (stream);
    else if (reaction == DO_CLOSE)
        h3_stream_close (stream);
    else if (reaction == DO_UNREF)
        g_clear_pointer (&stream, h3_stream_unref);
}

static inline void
on_received (H3Stream *from, const char *data, gsize length, const GError *error,
             gpointer user_data)
{
    ck_assert_ptr_eq (user_data, &peer);
    ck_assert_uint_eq (ends, 0);
    ck_assert_uint_eq (destroyed, 0);
    calls++;
    if (data != NULL) {
        ck_assert_ptr_null (error);
        g_string_append_len (heard, data, (gssize) length);
        react (on_data_do);
        return;
    }
    ends++;
    end_code = -1;
    if (error != NULL) {
        ck_assert (error->domain == H3_ERROR);
        end_code = error->code;
    }
    react (on_end_do);
}

static inline void
on_destroyed (gpointer data)
{
    ck_assert_ptr_eq (data, &peer);
    destroyed++;
}

static inline void
on_drained (H3Stream *from, gpointer user_data)
{
    drained++;
    if (on_drained_call != NULL)
        on_drained_call ();
}

/* The transport had another owner before. */
static void
on_readable_before (gpointer owner)
{
    ck_abort_msg ("the owner before is still called");
}

static const TransportOwner owner_before = { on_readable_before, NULL, NULL };

static inline H3Stream *
make (const char *received, int *out_peer)
{
    int ends_of_pair[2];
    Transport *transport;
    H3Stream *made;
    g_autofree char *copy = g_strdup (received);

    ck_assert_int_eq (
        socketpair (AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, ends_of_pair), 0);
    transport = transport_new (shared, ends_of_pair[0], &owner_before, NULL);
    ck_assert_ptr_nonnull (transport);
    transport_set_reading (transport, TRUE);
    made = stream_new (loop, transport, shared, &list, h3_view_of (copy));
    memset (copy, '?', strlen (copy));
    *out_peer = ends_of_pair[1];
    return made;
}

static inline void
set_up (void)
{
    TransportSettings settings = { .linger_milliseconds = 5000,
                                   .write_grace_milliseconds = 5000,
                                   .write_bytes_per_second = 240 };

    (void) signal (SIGPIPE, SIG_IGN);
    clock_take_control ();
    calls = ends = destroyed = drained = 0;
    on_data_do = on_end_do = DO_NOTHING;
    on_drained_call = NULL;
    heard = g_string_new (NULL);
    descriptors = suite_count_descriptors ();
    loop = loop_new (NULL);
    loop_enter (loop);
    buffers = buffers_new (loop);
    deadlines = deadlines_new (loop);
    settings.loop = loop;
    settings.buffers = buffers;
    settings.deadlines = deadlines;
    shared = transport_shared_new (&settings);
    memset (&list, 0, sizeof list);
    stream = make ("", &peer);
}

static inline void
step (guint turns)
{
    while (turns-- > 0)
        (void) loop_step (loop, FALSE);
}

/* All has gone, nothing is left: not a descriptor, not a byte. */
static inline void
tear_down (void)
{
    stream_list_end (&list);
    step (2);
    g_clear_pointer (&stream, h3_stream_unref);
    transport_shared_cut_lingering (shared);
    step (3);
    ck_assert_int_eq (counters_read (COUNTER_STREAMS_LIVE), kept);
    ck_assert_uint_eq (transport_shared_count (shared), 0);
    ck_assert_int_eq (counters_read (COUNTER_QUEUE_BYTES), 0);
    transport_shared_free (shared);
    deadlines_free (deadlines);
    buffers_free (buffers);
    loop_leave (loop);
    loop_close (loop);
    loop_unref (loop);
    if (peer >= 0)
        (void) close (peer);
    g_string_free (heard, TRUE);
    ck_assert_uint_eq (suite_count_descriptors (), descriptors);
}

static inline void
start_reading (void)
{
    h3_stream_read (stream, on_received, &peer, on_destroyed);
}

static inline void
say (const char *text)
{
    ck_assert_int_eq (send (peer, text, strlen (text), 0), (gssize) strlen (text));
}

/* So many bytes as there are, up to `limit`; 0 at the end, -1 when there is nothing. */
static inline gssize
hear (gsize limit)
{
    static char data[65536];

    return recv (peer, data, MIN (limit, sizeof data), 0);
}

static inline void
hang_up (void)
{
    (void) close (peer);
    peer = -1;
}

static inline void
write_until_full (void)
{
    static char many[30000];

    for (guint i = 0; i < 1000; i++)
        if (!h3_stream_write (stream, many, sizeof many))
            return;
    ck_abort_msg ("the stream takes all there is");
}

static inline void
add_case (Suite *suite, const char *name, const TTest *const *tests)
{
    TCase *tcase = tcase_create (name);

    tcase_add_checked_fixture (tcase, set_up, tear_down);
    while (*tests != NULL)
        tcase_add_test (tcase, *tests++);
    tcase_set_timeout (tcase, 60);
    suite_add_tcase (suite, tcase);
}
