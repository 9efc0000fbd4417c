/* SPDX-License-Identifier: MIT */

#define _GNU_SOURCE

#include "config.h"

#include "h3/base/counters.h"
#include "h3/net/output-queue.h"
#include "tests/support/suite.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

static Loop *loop;
static Buffers *buffers;
static OutputQueue queue;
static int ends[2]; /* the queue's, the reader's */
static guint descriptors;

static void
set_up (void)
{
    (void) signal (SIGPIPE, SIG_IGN);
    descriptors = suite_count_descriptors ();
    loop = loop_new (NULL);
    buffers = buffers_new (loop);
    output_queue_init (&queue, buffers);
    ck_assert_int_eq (socketpair (AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, ends), 0);
}

static void
tear_down (void)
{
    output_queue_clear (&queue);
    (void) close (ends[0]);
    (void) close (ends[1]);
    ck_assert_int_eq (counters_read (COUNTER_QUEUE_BYTES), 0);
    buffers_free (buffers);
    ck_assert_int_eq (counters_read (COUNTER_BUFFER_BYTES), 0);
    loop_close (loop);
    loop_unref (loop);
    ck_assert_uint_eq (suite_count_descriptors (), descriptors);
}

static int
make_file (const char *data, gsize length)
{
    int fd = memfd_create ("test", MFD_CLOEXEC);

    ck_assert_int_ge (fd, 0);
    ck_assert_int_eq (write (fd, data, length), (gssize) length);
    return fd;
}

static void
receive (GByteArray *received, gsize limit)
{
    g_autofree char *data = g_malloc (limit);
    gssize length = recv (ends[1], data, limit, 0);

    if (length > 0)
        g_byte_array_append (received, (guint8 *) data, (guint) length);
}

/* Fills the queue with all kinds of pieces, and `expected` with what they say. */
static void
append_random (GRand *random, GByteArray *expected)
{
    gsize length = (gsize) g_rand_int_range (random, 0, g_rand_boolean (random) ? 100 : 100000);
    gsize offset = (gsize) g_rand_int_range (random, 0, 50);
    g_autofree char *data = g_malloc (length + offset + 1); /* never NULL */
    char *room;

    for (gsize i = 0; i < length + offset; i++)
        data[i] = (char) g_rand_int (random);
    switch (g_rand_int_range (random, 0, 4)) {
    case 0:
        ck_assert (output_queue_append (&queue, data + offset, length));
        break;
    case 1: {
        g_autoptr (GBytes) bytes = g_bytes_new (data, length + offset);

        output_queue_append_bytes (&queue, bytes, offset, length);
        break;
    }
    case 2:
        output_queue_append_file (&queue, make_file (data, length + offset), (gint64) offset,
                                  length);
        break;
    default:
        length = MIN (length, 65536);
        room = output_queue_reserve (&queue, 65536);
        memcpy (room, data + offset, length);
        output_queue_commit (&queue, length);
    }
    g_byte_array_append (expected, (guint8 *) data + offset, (guint) length);
}

START_TEST (output_queue_keeps_bytes_and_order_whatever_their_kind)
{
    guint32 seed = g_random_int ();
    g_autoptr (GRand) random = g_rand_new_with_seed (seed);
    g_autoptr (GByteArray) expected = g_byte_array_new ();
    g_autoptr (GByteArray) received = g_byte_array_new ();
    int small = 5000;

    g_print ("seed %u\n", seed);
    ck_assert_int_eq (setsockopt (ends[0], SOL_SOCKET, SO_SNDBUF, &small, sizeof small), 0);
    for (guint i = 0; i < 300; i++) {
        append_random (random, expected);
        if (g_rand_boolean (random))
            ck_assert_int_ne (output_queue_send (&queue, ends[0]), OUTPUT_FAILED);
        receive (received, (gsize) g_rand_int_range (random, 1, 50000));
        ck_assert_int_eq (counters_read (COUNTER_QUEUE_BYTES), (gint64) queue.length);
    }
    while (received->len < expected->len) {
        ck_assert_int_ne (output_queue_send (&queue, ends[0]), OUTPUT_FAILED);
        receive (received, 65536);
    }
    ck_assert_int_eq (output_queue_send (&queue, ends[0]), OUTPUT_DRAINED);
    ck_assert_ptr_null (queue.first);
    ck_assert_mem_eq (received->data, expected->data, expected->len);
}
END_TEST

START_TEST (output_queue_says_blocked_when_the_socket_is_full)
{
    g_autoptr (GBytes) bytes = g_bytes_new_take (g_malloc0 (10000000), 10000000);

    output_queue_append_bytes (&queue, bytes, 0, 10000000);
    ck_assert_int_eq (output_queue_send (&queue, ends[0]), OUTPUT_BLOCKED);
    ck_assert_uint_gt (queue.length, 0);
    ck_assert_uint_lt (queue.length, 10000000);
}
END_TEST

START_TEST (output_queue_sends_a_share_and_says_again)
{
    int file = make_file ("x", 1);
    int sink = memfd_create ("sink", MFD_CLOEXEC);

#ifndef HAVE_SYS_SENDFILE_H
    g_print ("SKIP: the library was built without sendfile ()\n");
    (void) close (file);
    (void) close (sink);
    return;
#endif
    /* A file takes all that sendfile () brings: the share alone ends the turn. */
    ck_assert_int_eq (ftruncate (file, 3 * OUTPUT_QUEUE_SHARE), 0);
    output_queue_append_file (&queue, file, 0, 3 * OUTPUT_QUEUE_SHARE);
    ck_assert_int_eq (output_queue_send (&queue, sink), OUTPUT_AGAIN);
    ck_assert_uint_eq (queue.length, 2 * OUTPUT_QUEUE_SHARE);
    (void) close (sink);
}
END_TEST

START_TEST (output_queue_fails_with_eio_when_a_file_shrank)
{
    int file = make_file ("0123456789", 10);

    output_queue_append_file (&queue, file, 2, 8);
    ck_assert_int_eq (ftruncate (file, 5), 0);
    errno = 0;
    ck_assert_int_eq (output_queue_send (&queue, ends[0]), OUTPUT_FAILED);
    ck_assert_int_eq (errno, EIO);
    ck_assert_uint_eq (queue.length, 5);
}
END_TEST

static void
expect (const char *text)
{
    g_autoptr (GByteArray) received = g_byte_array_new ();

    ck_assert_int_eq (output_queue_send (&queue, ends[0]), OUTPUT_DRAINED);
    receive (received, 1000);
    ck_assert_uint_eq (received->len, strlen (text));
    ck_assert_mem_eq (received->data, text, received->len);
}

START_TEST (output_queue_sends_segments_of_one_descriptor)
{
    int file = make_file ("0123456789", 10);
    guint opened = suite_count_descriptors ();

    output_queue_append_segment (&queue, file, 8, 2);
    ck_assert (output_queue_append (&queue, ",", 1));
    output_queue_append_segment (&queue, file, 5, 0);
    output_queue_append_file (&queue, file, 0, 3);
    expect ("89,012");
    ck_assert_uint_eq (suite_count_descriptors (), opened - 1);
    file = make_file ("0123456789", 10);
    output_queue_append_segment (&queue, file, 0, 1);
    output_queue_append_file (&queue, file, 1, 1);
    output_queue_clear (&queue);
    ck_assert_uint_eq (suite_count_descriptors (), opened - 1);
}
END_TEST

START_TEST (output_queue_copies_files_that_sendfile_refuses)
{
    const char *path = "/proc/self/environ"; /* EINVAL from sendfile () */
    g_autofree char *contents = NULL;
    gsize length;
    g_autoptr (GByteArray) received = g_byte_array_new ();

    ck_assert (g_file_get_contents (path, &contents, &length, NULL));
    ck_assert_uint_gt (length, 1);
    output_queue_append_file (&queue, open (path, O_RDONLY | O_CLOEXEC), 1, length - 1);
    ck_assert_int_eq (output_queue_send (&queue, ends[0]), OUTPUT_DRAINED);
    receive (received, 200000);
    ck_assert_uint_eq (received->len, length - 1);
    ck_assert_mem_eq (received->data, contents + 1, length - 1);

    output_queue_append_file (&queue, open (path, O_RDONLY | O_CLOEXEC), 0, length + 1);
    ck_assert_int_eq (output_queue_send (&queue, ends[0]), OUTPUT_FAILED);
    ck_assert_int_eq (errno, EIO);
}
END_TEST

START_TEST (output_queue_fails_without_a_signal_when_the_peer_has_gone)
{
    (void) signal (SIGPIPE, SIG_DFL); /* would end the test */
    (void) close (ends[1]);
    ck_assert (output_queue_append (&queue, "x", 1));
    ck_assert_int_eq (output_queue_send (&queue, ends[0]), OUTPUT_FAILED);
    ck_assert_int_eq (errno, EPIPE);
    ends[1] = dup (ends[0]);
}
END_TEST

static void
note_release (gpointer data)
{
    (*(guint *) data)++;
}

START_TEST (output_queue_drops_references_when_sent_and_when_cleared)
{
    guint released = 0;

    for (guint i = 0; i < 2; i++) {
        GBytes *bytes = g_bytes_new_with_free_func ("abc", 3, note_release, &released);

        output_queue_append_bytes (&queue, bytes, 0, 3);
        g_bytes_unref (bytes);
        ck_assert_uint_eq (released, i);
        if (i == 0)
            ck_assert_int_eq (output_queue_send (&queue, ends[0]), OUTPUT_DRAINED);
        else
            output_queue_clear (&queue);
        ck_assert_uint_eq (released, i + 1);
    }
}
END_TEST

START_TEST (output_queue_holds_nothing_for_what_was_reserved_in_vain)
{
    ck_assert_ptr_nonnull (output_queue_reserve (&queue, 1000));
    output_queue_commit (&queue, 0);
    ck_assert_int_eq (output_queue_send (&queue, ends[0]), OUTPUT_DRAINED);
    ck_assert_ptr_null (queue.first);
}
END_TEST

static void
add (Suite *suite)
{
    TCase *tcase = tcase_create ("queue");

    tcase_add_checked_fixture (tcase, set_up, tear_down);
    tcase_set_timeout (tcase, 60);
    tcase_add_test (tcase, output_queue_keeps_bytes_and_order_whatever_their_kind);
    tcase_add_test (tcase, output_queue_says_blocked_when_the_socket_is_full);
    tcase_add_test (tcase, output_queue_sends_a_share_and_says_again);
    tcase_add_test (tcase, output_queue_fails_with_eio_when_a_file_shrank);
    tcase_add_test (tcase, output_queue_sends_segments_of_one_descriptor);
    tcase_add_test (tcase, output_queue_copies_files_that_sendfile_refuses);
    tcase_add_test (tcase, output_queue_fails_without_a_signal_when_the_peer_has_gone);
    tcase_add_test (tcase, output_queue_drops_references_when_sent_and_when_cleared);
    tcase_add_test (tcase, output_queue_holds_nothing_for_what_was_reserved_in_vain);
    suite_add_tcase (suite, tcase);
}

int
main (void)
{
    return suite_run ("net/output-queue", add);
}
