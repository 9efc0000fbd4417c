/* SPDX-License-Identifier: MIT */

#define _GNU_SOURCE /* pipe2, O_DIRECT */

#include "h3/base/error.h"
#include "h3/batteries/access-log-writer.h"
#include "tests/support/suite.h"

#include <fcntl.h>
#include <glib-unix.h>
#include <glib/gstdio.h>
#include <limits.h>
#include <pthread.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#define N_THREADS 4
#define N_LINES   2000

static const AccessLogLoss loss = { "# ", " lost\n" };

static void
add (AccessLogWriter *writer, const char *line)
{
    access_log_writer_add (writer, line, strlen (line));
}

static AccessLogWriter *
open_writer (const char *path, gsize capacity)
{
    int fd;

    ck_assert (access_log_writer_open (path, &fd, NULL));
    return access_log_writer_new (fd, TRUE, path, capacity, loss);
}

static char *
make_folder (void)
{
    char *folder = g_dir_make_tmp ("h3-log-XXXXXX", NULL);

    ck_assert_ptr_nonnull (folder);
    return folder;
}

static void
assert_content (const char *path, const char *expected)
{
    g_autofree char *content = NULL;

    ck_assert (g_file_get_contents (path, &content, NULL, NULL));
    ck_assert_str_eq (content, expected);
}

/* Blocks until so many lines have come. (transfer full) */
static char *
read_lines (int fd, guint n)
{
    GString *text = g_string_new (NULL);
    char byte;

    while (n > 0) {
        ck_assert_int_eq (read (fd, &byte, 1), 1);
        g_string_append_c (text, byte);
        n -= byte == '\n';
    }
    return g_string_free (text, FALSE);
}

START_TEST (writer_writes_lines_before_it_ends)
{
    g_autofree char *folder = make_folder ();
    g_autofree char *path = g_build_filename (folder, "log", NULL);
    guint descriptors = suite_count_descriptors ();
    AccessLogWriter *writer = open_writer (path, 1024);
    struct stat status;

    add (writer, "one\n");
    add (writer, "two\n");
    access_log_writer_free (writer);
    assert_content (path, "one\ntwo\n");
    ck_assert_int_eq (g_stat (path, &status), 0);
    ck_assert_uint_eq (status.st_mode & 0007, 0);
    ck_assert_uint_eq (suite_count_descriptors (), descriptors);
    g_unlink (path);
    g_rmdir (folder);
}
END_TEST

START_TEST (writer_writes_while_it_lives)
{
    int ends[2];
    AccessLogWriter *writer;
    g_autofree char *first = NULL;
    g_autofree char *second = NULL;

    ck_assert (g_unix_open_pipe (ends, FD_CLOEXEC, NULL));
    writer = access_log_writer_new (ends[1], TRUE, NULL, 1024, loss);
    add (writer, "one\n");
    first = read_lines (ends[0], 1);
    ck_assert_str_eq (first, "one\n");
    add (writer, "two\n");
    second = read_lines (ends[0], 1);
    ck_assert_str_eq (second, "two\n");
    access_log_writer_free (writer);
    close (ends[0]);
}
END_TEST

START_TEST (writer_appends)
{
    g_autofree char *folder = make_folder ();
    g_autofree char *path = g_build_filename (folder, "log", NULL);

    for (int i = 0; i < 2; i++) {
        AccessLogWriter *writer = open_writer (path, 1024);

        add (writer, "line\n");
        access_log_writer_free (writer);
    }
    assert_content (path, "line\nline\n");
    g_unlink (path);
    g_rmdir (folder);
}
END_TEST

START_TEST (writer_names_the_file_it_cannot_open)
{
    g_autoptr (GError) error = NULL;
    int fd;

    ck_assert (!access_log_writer_open ("/nowhere/at/all", &fd, &error));
    ck_assert (g_error_matches (error, H3_ERROR, H3_ERROR_FAILED));
    ck_assert_ptr_nonnull (strstr (error->message, "/nowhere/at/all"));
}
END_TEST

/* A reader that takes nothing: the pipe fills, then the buffer, then lines are lost. Every line is
 * either read or told as lost. */
START_TEST (writer_counts_what_a_slow_reader_costs_and_tells_it)
{
    const guint n = 500; /* far more than pipe and buffers hold */
    g_autofree char *line = g_strnfill (1000, 'x');
    guint n_told = 0, n_read = 0;
    AccessLogWriter *writer;
    int ends[2];

    ck_assert (g_unix_open_pipe (ends, FD_CLOEXEC, NULL));
    line[999] = '\n';
    writer = access_log_writer_new (ends[1], TRUE, NULL, 16384, loss);
    for (guint i = 0; i < n; i++)
        access_log_writer_add (writer, line, 1000);
    while (n_read + n_told < n) {
        g_autofree char *got = read_lines (ends[0], 1);
        guint told;

        if (sscanf (got, "# %u lost", &told) == 1) {
            n_told += told;
        } else {
            ck_assert_str_eq (got, line);
            n_read++;
        }
    }
    ck_assert_uint_gt (n_told, 0);
    ck_assert_uint_eq (n_read + n_told, n);
    access_log_writer_free (writer);
    close (ends[0]);
}
END_TEST

START_TEST (writer_survives_a_reader_that_has_gone)
{
    int ends[2];
    AccessLogWriter *writer;

    ck_assert (g_unix_open_pipe (ends, FD_CLOEXEC, NULL));
    close (ends[0]);
    writer = access_log_writer_new (ends[1], TRUE, NULL, 1024, loss);
    for (int i = 0; i < 100; i++)
        add (writer, "line\n");
    access_log_writer_free (writer);
}
END_TEST

START_TEST (writer_survives_a_full_disk)
{
    int fd = open ("/dev/full", O_WRONLY | O_CLOEXEC);
    AccessLogWriter *writer;

    ck_assert_int_ge (fd, 0);
    writer = access_log_writer_new (fd, TRUE, NULL, 1024, loss);
    for (int i = 0; i < 1000; i++)
        add (writer, "line\n");
    access_log_writer_free (writer);
}
END_TEST

START_TEST (writer_does_not_wait_for_ever_for_a_reader_when_it_ends)
{
    int ends[2];
    AccessLogWriter *writer;
    g_autofree char *line = g_strnfill (1000, 'x');

    ck_assert (g_unix_open_pipe (ends, FD_CLOEXEC, NULL));
    line[999] = '\n';
    writer = access_log_writer_new (ends[1], TRUE, NULL, 1 << 20, loss);
    for (int i = 0; i < 1000; i++)
        access_log_writer_add (writer, line, 1000);
    access_log_writer_free (writer);
    close (ends[0]);
}
END_TEST

START_TEST (writer_opens_its_file_anew_when_asked)
{
    g_autofree char *folder = make_folder ();
    g_autofree char *path = g_build_filename (folder, "log", NULL);
    g_autofree char *moved = g_build_filename (folder, "log.1", NULL);
    AccessLogWriter *writer = open_writer (path, 1024);
    AccessLogWriter *other;

    ck_assert_int_eq (g_rename (path, moved), 0);
    access_log_writer_reopen_all ();
    add (writer, "new\n");
    access_log_writer_free (writer);
    assert_content (path, "new\n");
    assert_content (moved, "");
    other = open_writer (path, 1024);
    add (other, "more\n");
    access_log_writer_free (other);
    assert_content (path, "new\nmore\n");
    g_unlink (path);
    g_unlink (moved);
    g_rmdir (folder);
}
END_TEST

START_TEST (writer_keeps_its_file_where_it_cannot_open_it_anew)
{
    g_autofree char *folder = make_folder ();
    g_autofree char *inner = g_build_filename (folder, "inner", NULL);
    g_autofree char *outer = g_build_filename (folder, "outer", NULL);
    g_autofree char *path = g_build_filename (inner, "log", NULL);
    g_autofree char *moved = g_build_filename (outer, "log", NULL);
    AccessLogWriter *writer;

    ck_assert_int_eq (g_mkdir (inner, 0700), 0);
    writer = open_writer (path, 1024);
    ck_assert_int_eq (g_rename (inner, outer), 0);
    access_log_writer_reopen_all ();
    add (writer, "line\n");
    access_log_writer_free (writer);
    assert_content (moved, "line\n");
    g_unlink (moved);
    g_rmdir (outer);
    g_rmdir (folder);
}
END_TEST

static void *
add_many (void *data)
{
    for (int i = 0; i < N_LINES; i++)
        access_log_writer_add (data, "0123456789\n", 11);
    return NULL;
}

START_TEST (writer_keeps_lines_of_many_threads_whole)
{
    g_autofree char *folder = make_folder ();
    g_autofree char *path = g_build_filename (folder, "log", NULL);
    AccessLogWriter *writer = open_writer (path, N_THREADS * N_LINES * 11);
    pthread_t threads[N_THREADS];
    g_autofree char *content = NULL;
    gsize length;

    for (int i = 0; i < N_THREADS; i++)
        ck_assert_int_eq (pthread_create (&threads[i], NULL, add_many, writer), 0);
    for (int i = 0; i < 100; i++)
        access_log_writer_reopen_all ();
    for (int i = 0; i < N_THREADS; i++)
        ck_assert_int_eq (pthread_join (threads[i], NULL), 0);
    access_log_writer_free (writer);
    ck_assert (g_file_get_contents (path, &content, &length, NULL));
    ck_assert_uint_eq (length, N_THREADS * N_LINES * 11);
    for (gsize i = 0; i < length; i += 11)
        ck_assert (memcmp (content + i, "0123456789\n", 11) == 0);
    g_unlink (path);
    g_rmdir (folder);
}
END_TEST

/* A pipe of packets shows what was written at once. */
START_TEST (writer_writes_whole_lines_to_a_pipe_that_others_write_to)
{
    char line[1001], packet[2 * PIPE_BUF];
    int ends[2];
    gssize n;
    gsize all = 0;
    AccessLogWriter *writer;

    ck_assert_int_eq (pipe2 (ends, O_CLOEXEC | O_DIRECT), 0);
    writer = access_log_writer_new (ends[1], TRUE, NULL, 64 * 1024, loss);
    memset (line, 'x', 999);
    memcpy (line + 999, "\n", 2);
    for (guint i = 0; i < 30; i++)
        add (writer, line);
    access_log_writer_free (writer);
    while ((n = read (ends[0], packet, sizeof packet)) > 0) {
        ck_assert_int_eq (packet[n - 1], '\n');
        all += (gsize) n;
    }
    ck_assert_uint_eq (all, 30000);
    (void) close (ends[0]);
}
END_TEST

static void
add_tests (Suite *suite)
{
    suite_add_case (suite, "writing", writer_writes_lines_before_it_ends,
                    writer_writes_while_it_lives, writer_appends,
                    writer_names_the_file_it_cannot_open, writer_keeps_lines_of_many_threads_whole,
                    writer_writes_whole_lines_to_a_pipe_that_others_write_to, NULL);
    suite_add_case (suite, "trouble", writer_counts_what_a_slow_reader_costs_and_tells_it,
                    writer_survives_a_reader_that_has_gone, writer_survives_a_full_disk,
                    writer_does_not_wait_for_ever_for_a_reader_when_it_ends, NULL);
    suite_add_case (suite, "reopening", writer_opens_its_file_anew_when_asked,
                    writer_keeps_its_file_where_it_cannot_open_it_anew, NULL);
}

int
main (void)
{
    return suite_run ("batteries/access-log-writer", add_tests);
}
