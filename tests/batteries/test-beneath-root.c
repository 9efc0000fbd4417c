/* SPDX-License-Identifier: MIT
 *
 * Nothing outside is reached, by whichever way; and both ways find the same. */

#include "tests/support/file-tree.h"
#include "tests/support/suite.h"

#include <h3/base/error.h>
#include <h3/batteries/beneath-root.h>
#include <h3/batteries/beneath-walk.h>

#include <errno.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const BeneathWay ways[] = { BENEATH_BEST, BENEATH_BY_STEPS };

#define N_WAYS G_N_ELEMENTS (ways)

static FileTree tree;
static BeneathRoot *roots[N_WAYS]; /* owned */
static guint descriptors;

static void
start (void)
{
    descriptors = suite_count_descriptors ();
    file_tree_init (&tree);
    for (guint i = 0; i < N_WAYS; i++) {
        roots[i] = beneath_root_new (tree.root, ways[i], NULL);
        ck_assert_ptr_nonnull (roots[i]);
    }
}

static void
end (void)
{
    for (guint i = 0; i < N_WAYS; i++)
        g_clear_pointer (&roots[i], beneath_root_free);
    file_tree_clear (&tree);
    ck_assert_uint_eq (suite_count_descriptors (), descriptors);
}

/* What the file at `path` begins with. */
static void
expect_text (const char *path, const char *text)
{
    for (guint i = 0; i < N_WAYS; i++) {
        int fd = beneath_root_open (roots[i], path);
        char found[64] = "";

        ck_assert_msg (fd >= 0, "%s, way %u: %s", path, i, g_strerror (errno));
        ck_assert_int_ge (read (fd, found, sizeof found - 1), 0);
        ck_assert_str_eq (found, text);
        (void) close (fd);
    }
}

static void
expect_problem (const char *path, int problem)
{
    for (guint i = 0; i < N_WAYS; i++) {
        int fd = beneath_root_open (roots[i], path);

        ck_assert_msg (fd < 0, "%s, way %u: opened", path, i);
        ck_assert_msg (errno == problem, "%s, way %u: %s, not %s", path, i, g_strerror (errno),
                       g_strerror (problem));
    }
}

START_TEST (the_switch_has_paths_followed_by_steps)
{
    start ();
    ck_assert (beneath_root_is_by_steps (roots[1]));
    end ();
}
END_TEST

START_TEST (files_beneath_are_opened)
{
    start ();
    file_tree_write (&tree, "a", "A");
    file_tree_write (&tree, "sub/deep/b", "B");
    expect_text ("a", "A");
    expect_text ("sub/deep/b", "B");
    expect_text ("./sub//deep/../deep/b", "B");
    end ();
}
END_TEST

START_TEST (directories_are_opened_with_a_slash_and_without)
{
    static const char *const paths[] = { "sub", "sub/", "sub/.", ".", "sub/..", "link", "link/" };

    start ();
    file_tree_make_folder (&tree, "sub");
    file_tree_link (&tree, "link", "sub");
    for (guint i = 0; i < G_N_ELEMENTS (paths) * N_WAYS; i++) {
        int fd = beneath_root_open (roots[i % N_WAYS], paths[i / N_WAYS]);
        struct stat info;

        ck_assert_msg (fd >= 0, "%s: %s", paths[i / N_WAYS], g_strerror (errno));
        ck_assert_int_eq (fstat (fd, &info), 0);
        ck_assert (S_ISDIR (info.st_mode));
        (void) close (fd);
    }
    end ();
}
END_TEST

START_TEST (links_that_stay_are_followed)
{
    start ();
    file_tree_write (&tree, "a", "A");
    file_tree_write (&tree, "sub/deep/b", "B");
    file_tree_link (&tree, "to-file", "a");
    file_tree_link (&tree, "to-folder", "sub/deep");
    file_tree_link (&tree, "sub/up", "../a");
    file_tree_link (&tree, "sub/deep/far-up", "../../to-file");
    file_tree_link (&tree, "round", "sub/deep/../../to-folder/../up");
    expect_text ("to-file", "A");
    expect_text ("to-folder/b", "B");
    expect_text ("sub/up", "A");
    expect_text ("to-folder/far-up", "A");
    expect_text ("round", "A");
    end ();
}
END_TEST

START_TEST (paths_that_lead_out_are_refused)
{
    static const char *const paths[] = { "..",        "../secret.txt",  "sub/../../secret.txt",
                                         "sub/../..", "/etc/passwd",    "/",
                                         "../root/a", "./../secret.txt" };

    start ();
    file_tree_write (&tree, "a", "A");
    file_tree_make_folder (&tree, "sub");
    for (guint i = 0; i < G_N_ELEMENTS (paths); i++)
        expect_problem (paths[i], EXDEV);
    end ();
}
END_TEST

/* Absolute ones always: what they name is not beneath the root but where that happens to be. */
START_TEST (links_that_lead_out_are_refused)
{
    g_autofree char *absolute = NULL;

    start ();
    absolute = file_tree_path (&tree, "a");
    file_tree_write (&tree, "a", "A");
    file_tree_make_folder (&tree, "sub");
    file_tree_link (&tree, "out", "../secret.txt");
    file_tree_link (&tree, "sub/out", "../../secret.txt");
    file_tree_link (&tree, "folder-out", "..");
    file_tree_link (&tree, "by-link", "sub/out");
    file_tree_link (&tree, "absolute", absolute);
    file_tree_link (&tree, "system", "/etc");
    file_tree_link (&tree, "in-and-out", "../root/a");
    expect_problem ("out", EXDEV);
    expect_problem ("sub/out", EXDEV);
    expect_problem ("folder-out/secret.txt", EXDEV);
    expect_problem ("folder-out", EXDEV);
    expect_problem ("by-link", EXDEV);
    expect_problem ("absolute", EXDEV);
    expect_problem ("system/passwd", EXDEV);
    expect_problem ("in-and-out", EXDEV);
    end ();
}
END_TEST

START_TEST (what_is_not_there_is_told_by_errno)
{
    g_autofree char *long_name = g_strnfill (256, 'n');
    g_autofree char *long_path = g_strnfill (5000, '/');

    start ();
    long_path[0] = 'a';
    file_tree_write (&tree, "a", "A");
    file_tree_link (&tree, "loop", "loop");
    file_tree_link (&tree, "one", "other");
    file_tree_link (&tree, "other", "one");
    file_tree_link (&tree, "dangling", "nothing");
    file_tree_link (&tree, "to-file", "a");
    expect_problem ("", ENOENT);
    expect_problem ("b", ENOENT);
    expect_problem ("b/c", ENOENT);
    expect_problem ("dangling", ENOENT);
    expect_problem ("a/", ENOTDIR);
    expect_problem ("a/b", ENOTDIR);
    expect_problem ("a/..", ENOTDIR);
    expect_problem ("to-file/", ENOTDIR);
    expect_problem ("to-file/b", ENOTDIR);
    expect_problem ("loop", ELOOP);
    expect_problem ("one/x", ELOOP);
    expect_problem (long_name, ENAMETOOLONG);
    expect_problem (long_path, ENAMETOOLONG);
    end ();
}
END_TEST

START_TEST (so_many_links_are_followed_and_no_more)
{
    start ();
    file_tree_write (&tree, "0", "A");
    for (guint i = 1; i <= BENEATH_WALK_MAX_LINKS + 1; i++) {
        g_autofree char *name = g_strdup_printf ("%u", i);
        g_autofree char *target = g_strdup_printf ("%u", i - 1);

        file_tree_link (&tree, name, target);
    }
    expect_text (G_STRINGIFY (40), "A");
    G_STATIC_ASSERT (BENEATH_WALK_MAX_LINKS == 40);
    expect_problem ("41", ELOOP);
    end ();
}
END_TEST

/* The test would not end. */
START_TEST (only_regular_files_are_files)
{
    struct stat info;

    start ();
    file_tree_write (&tree, "a", "A");
    file_tree_make_fifo (&tree, "fifo");
    file_tree_make_socket (&tree, "socket");
    file_tree_link (&tree, "to-fifo", "fifo");
    file_tree_make_folder (&tree, "sub");
    for (guint i = 0; i < N_WAYS; i++) {
        int fd = beneath_root_open_file (roots[i], "a", &info);

        ck_assert_int_ge (fd, 0);
        ck_assert_int_eq (info.st_size, 1);
        (void) close (fd);
        ck_assert_int_eq (beneath_root_open_file (roots[i], "fifo", &info), -1);
        ck_assert_int_eq (errno, ENOENT);
        ck_assert_int_eq (beneath_root_open_file (roots[i], "to-fifo", &info), -1);
        ck_assert_int_eq (errno, ENOENT);
        ck_assert_int_eq (beneath_root_open_file (roots[i], "socket", &info), -1);
        ck_assert_int_eq (errno, ENXIO);
        ck_assert_int_eq (beneath_root_open_file (roots[i], "sub", &info), -1);
        ck_assert_int_eq (errno, EISDIR);
    }
    end ();
}
END_TEST

START_TEST (a_root_that_cannot_be_is_told_by_name)
{
    g_autoptr (GError) missing = NULL;
    g_autoptr (GError) file = NULL;
    g_autofree char *path = NULL;

    start ();
    file_tree_write (&tree, "a", "A");
    path = file_tree_path (&tree, "a");
    ck_assert_ptr_null (beneath_root_new ("/nowhere/at all", BENEATH_BEST, &missing));
    ck_assert (g_error_matches (missing, H3_ERROR, H3_ERROR_NOT_FOUND));
    ck_assert_ptr_nonnull (strstr (missing->message, "/nowhere/at all"));
    ck_assert_ptr_null (beneath_root_new (path, BENEATH_BEST, &file));
    ck_assert (g_error_matches (file, H3_ERROR, H3_ERROR_INVALID));
    ck_assert_ptr_nonnull (strstr (file->message, path));
    end ();
}
END_TEST

/* A relative way of up to six names, some of which are there. */
static char *
make_way (GRand *random, gboolean may_be_absolute)
{
    static const char *const names[] = { "a", "b", "c", "d", "..", ".", "", "a", "b", "c" };
    GString *way = g_string_new (NULL);
    gint n = g_rand_int_range (random, 1, 7);

    if (may_be_absolute && g_rand_int_range (random, 0, 20) == 0)
        g_string_append_c (way, '/');
    for (gint i = 0; i < n; i++) {
        const char *name = names[g_rand_int_range (random, 0, G_N_ELEMENTS (names))];

        g_string_append_printf (way, "%s%s", i > 0 ? "/" : "", i == 0 && !*name ? "a" : name);
    }
    return g_string_free (way, FALSE);
}

/* Folders, files, and links anywhere, to anywhere. */
static void
grow (GRand *random, const char *folder, guint depth)
{
    for (char name = 'a'; name <= 'd'; name++) {
        g_autofree char *path = g_strdup_printf ("%s%s%c", folder, *folder ? "/" : "", name);
        g_autofree char *target = make_way (random, TRUE);

        switch (g_rand_int_range (random, 0, 4)) {
        case 0:
            file_tree_write (&tree, path, "in");
            break;
        case 1:
            file_tree_make_folder (&tree, path);
            if (depth < 3)
                grow (random, path, depth + 1);
            break;
        case 2:
            file_tree_link (&tree, path, target);
            break;
        default:
            break;
        }
    }
}

static void
compare (const char *way)
{
    struct stat info[N_WAYS];
    int problems[N_WAYS];
    ino_t found[N_WAYS];

    for (guint i = 0; i < N_WAYS; i++) {
        int fd = beneath_root_open (roots[i], way);

        problems[i] = fd < 0 ? errno : 0;
        found[i] = fd >= 0 && fstat (fd, &info[i]) == 0 ? info[i].st_ino : 0;
        if (fd >= 0)
            (void) close (fd);
    }
    ck_assert_msg (problems[0] == problems[1] && found[0] == found[1],
                   "%s: %s by the kernel, %s by steps", way, g_strerror (problems[0]),
                   g_strerror (problems[1]));
}

START_TEST (both_ways_find_the_same)
{
    guint32 seed = g_random_int ();
    GRand *random = g_rand_new_with_seed (seed);
    guint n_trees = 20;

    g_print ("seed %u\n", seed);
    while (n_trees-- > 0) {
        start ();
        grow (random, "", 0);
        for (guint i = 0; i < 400; i++) {
            g_autofree char *way = make_way (random, TRUE);

            compare (way);
        }
        end ();
    }
    g_rand_free (random);
}
END_TEST

static atomic_int over;

/* "sub/deep" goes out of the root and back. */
static gpointer
move_about (gpointer data)
{
    g_autofree char *inside = file_tree_path (&tree, "sub/deep");
    g_autofree char *outside = file_tree_path (&tree, "../deep");

    while (!atomic_load (&over)) {
        ck_assert_int_eq (rename (inside, outside), 0);
        ck_assert_int_eq (rename (outside, inside), 0);
    }
    return NULL;
}

/* From where it has gone, "../secret.txt" would be reached. */
START_TEST (what_is_moved_out_meanwhile_leads_nowhere)
{
    GThread *mover;

    start ();
    file_tree_write (&tree, "sub/deep/b", "B");
    file_tree_link (&tree, "sub/deep/up", "../secret.txt");
    atomic_store (&over, FALSE);
    mover = g_thread_new ("mover", move_about, NULL);
    for (guint i = 0; i < 4000; i++) {
        int fd = beneath_root_open (roots[i % N_WAYS],
                                    i % 4 < 2 ? "sub/deep/up" : "sub/deep/../../../secret.txt");

        ck_assert_int_eq (fd, -1);
    }
    atomic_store (&over, TRUE);
    (void) g_thread_join (mover);
    end ();
}
END_TEST

static void
add (Suite *suite)
{
    suite_add_case (suite, "beneath", the_switch_has_paths_followed_by_steps,
                    files_beneath_are_opened, directories_are_opened_with_a_slash_and_without,
                    links_that_stay_are_followed, NULL);
    suite_add_case (suite, "outside", paths_that_lead_out_are_refused,
                    links_that_lead_out_are_refused, what_is_moved_out_meanwhile_leads_nowhere,
                    NULL);
    suite_add_case (suite, "errors", what_is_not_there_is_told_by_errno,
                    so_many_links_are_followed_and_no_more, only_regular_files_are_files,
                    a_root_that_cannot_be_is_told_by_name, NULL);
    suite_add_case (suite, "random", both_ways_find_the_same, NULL);
}

int
main (void)
{
    return suite_run ("batteries/beneath-root", add);
}
