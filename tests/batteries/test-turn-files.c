/* SPDX-License-Identifier: MIT */

#define _GNU_SOURCE /* memfd_create */

#include "tests/support/suite.h"

#include <h3/batteries/turn-files.h>

#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

static Loop *loop;
static H3Headers *fields;

static void
set_up (void)
{
    loop = loop_new (NULL);
    loop_enter (loop);
    fields = h3_headers_new ();
}

static void
tear_down (void)
{
    loop_close (loop);
    loop_leave (loop);
    g_clear_pointer (&loop, loop_unref);
    g_clear_pointer (&fields, h3_headers_unref);
}

static TurnFile *
ask (guint64 owner, const char *path, const char *accept)
{
    TurnKey key = { owner, h3_view_of (path), h3_view_of (accept) };

    return turn_files_ask (loop, &key);
}

/* Whether `length` bytes of a file with this text were kept. */
static gboolean
keep (TurnFile *file, const char *text, gsize length)
{
    int fd = memfd_create ("test", MFD_CLOEXEC);
    gboolean kept;

    ck_assert_int_eq (write (fd, text, strlen (text)), (gssize) strlen (text));
    kept = turn_files_keep (file, fd, length, "x/y", fields);
    (void) close (fd);
    return kept;
}

START_TEST (what_is_asked_for_twice_is_kept_until_the_turn_ends)
{
    TurnFile *file = ask (1, "a", NULL);

    ck_assert (!keep (file, "text", 4));
    ck_assert_ptr_null (file->bytes);
    file = ask (1, "a", NULL);
    ck_assert (keep (file, "text", 4));
    file = ask (1, "a", NULL);
    ck_assert_mem_eq (g_bytes_get_data (file->bytes, NULL), "text", 4);
    ck_assert_ptr_eq (file->headers, fields);
    ck_assert_str_eq (file->type, "x/y");
    loop_step (loop, FALSE);
    file = ask (1, "a", NULL);
    ck_assert_ptr_null (file->bytes);
    ck_assert (!file->is_wanted);
}
END_TEST

START_TEST (others_are_others)
{
    ck_assert (keep ((ask (1, "a", "br"), ask (1, "a", "br")), "text", 4));
    ck_assert_ptr_nonnull (ask (1, "a", "br")->bytes);
    ck_assert_ptr_null (ask (2, "a", "br")->bytes);
    ck_assert (keep ((ask (1, "a", "br"), ask (1, "a", "br")), "text", 4));
    ck_assert_ptr_null (ask (1, "a", "gzip")->bytes);
    ck_assert (keep ((ask (1, "a", NULL), ask (1, "a", NULL)), "text", 4));
    ck_assert_ptr_null (ask (1, "a", "")->bytes);
    ck_assert (keep ((ask (1, "a", NULL), ask (1, "a", NULL)), "text", 4));
    ck_assert_ptr_null (ask (1, "ab", NULL)->bytes);
}
END_TEST

/* Of two that share a place the later one has it. */
START_TEST (many_in_a_turn_are_kept_apart)
{
    for (guint round = 0; round < 3; round++) {
        for (guint i = 0; i < 500; i++) {
            g_autofree char *name = g_strdup_printf ("%u", i);
            TurnFile *file = ask (1, name, NULL);

            if (file->bytes != NULL)
                ck_assert_mem_eq (g_bytes_get_data (file->bytes, NULL), name, strlen (name));
            file = ask (1, name, NULL);
            ck_assert (keep (file, name, strlen (name)));
        }
    }
}
END_TEST

START_TEST (what_is_not_worth_it_is_not_kept)
{
    g_autofree char *long_path = g_strnfill (TURN_FILES_MAX_KEY + 1, 'a');

    ck_assert_ptr_null (ask (1, long_path, NULL));
    long_path[TURN_FILES_MAX_KEY] = '\0';
    ck_assert_ptr_nonnull (ask (1, long_path, NULL));
    ck_assert_ptr_null (ask (1, long_path, "b"));
    (void) ask (1, "a", NULL);
    ck_assert (!keep (ask (1, "a", NULL), "text", 5));
    ck_assert (!keep (ask (1, "a", NULL), "", 0));
    ck_assert (!keep (ask (1, "a", NULL), "text", TURN_FILES_MAX_LENGTH + 1));
    ck_assert_ptr_null (ask (1, "a", NULL)->bytes);
}
END_TEST

static void
add (Suite *suite)
{
    TCase *tcase = tcase_create ("turn");

    tcase_add_checked_fixture (tcase, set_up, tear_down);
    tcase_add_test (tcase, what_is_asked_for_twice_is_kept_until_the_turn_ends);
    tcase_add_test (tcase, others_are_others);
    tcase_add_test (tcase, many_in_a_turn_are_kept_apart);
    tcase_add_test (tcase, what_is_not_worth_it_is_not_kept);
    suite_add_tcase (suite, tcase);
}

int
main (void)
{
    return suite_run ("batteries/turn-files", add);
}
