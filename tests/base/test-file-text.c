/* SPDX-License-Identifier: MIT
 *
 * A file is read whole; what is none is refused, and waited for by nobody. */

#include "h3/base/file-text.h"

#include "tests/support/file-tree.h"
#include "tests/support/suite.h"

#include <string.h>
#include <sys/stat.h>

static FileTree tree;

static void
expect_refused (const char *path, gsize max, GFileError code)
{
    g_autoptr (GError) error = NULL;
    g_autofree char *text = NULL;
    gsize length = 7;

    ck_assert (!file_text_read (path, max, &text, &length, &error));
    ck_assert_msg (g_error_matches (error, G_FILE_ERROR, code), "%s", error->message);
    ck_assert_ptr_nonnull (strstr (error->message, path));
    ck_assert_ptr_null (text);
    ck_assert_uint_eq (length, 7);
}

START_TEST (file_is_read_to_its_end)
{
    static const gsize lengths[] = { 0, 1, 4095, 4096, 4097, 8192, 100000 };
    g_autofree char *path = NULL;

    file_tree_init (&tree);
    path = file_tree_path (&tree, "a");
    for (guint i = 0; i < G_N_ELEMENTS (lengths); i++) {
        g_autofree char *written = g_strnfill (lengths[i], 'x');
        g_autofree char *text = NULL;
        gsize length;

        file_tree_write (&tree, "a", written);
        ck_assert (file_text_read (path, 100000, &text, &length, NULL));
        ck_assert_uint_eq (length, lengths[i]);
        ck_assert_str_eq (text, written);
    }
    file_tree_clear (&tree);
}
END_TEST

/* The kernel makes it up as it is read, and calls it empty. */
START_TEST (file_whose_size_is_not_known_is_read_too)
{
    g_autofree char *text = NULL;
    gsize length;

    ck_assert (file_text_read ("/proc/self/maps", FILE_TEXT_MAX, &text, &length, NULL));
    ck_assert_uint_gt (length, 0);
}
END_TEST

START_TEST (what_is_no_file_is_refused_at_once)
{
    g_autofree char *fifo = NULL;

    file_tree_init (&tree);
    fifo = file_tree_path (&tree, "fifo");
    ck_assert_int_eq (mkfifo (fifo, 0600), 0);
    expect_refused (fifo, FILE_TEXT_MAX, G_FILE_ERROR_INVAL);
    expect_refused ("/dev/zero", FILE_TEXT_MAX, G_FILE_ERROR_INVAL);
    expect_refused (tree.root, FILE_TEXT_MAX, G_FILE_ERROR_INVAL);
    expect_refused ("/nowhere/at/all", FILE_TEXT_MAX, G_FILE_ERROR_NOENT);
    file_tree_clear (&tree);
}
END_TEST

START_TEST (file_that_is_too_long_is_refused)
{
    g_autofree char *path = NULL;

    file_tree_init (&tree);
    path = file_tree_path (&tree, "a");
    file_tree_write (&tree, "a", "12345");
    expect_refused (path, 4, G_FILE_ERROR_FAILED);
    file_tree_clear (&tree);
}
END_TEST

static void
add (Suite *suite)
{
    suite_add_case (suite, "files", file_is_read_to_its_end,
                    file_whose_size_is_not_known_is_read_too, what_is_no_file_is_refused_at_once,
                    file_that_is_too_long_is_refused, NULL);
}

int
main (void)
{
    return suite_run ("base/file-text", add);
}
