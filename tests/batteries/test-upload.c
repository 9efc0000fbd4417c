/* SPDX-License-Identifier: MIT */

#define _GNU_SOURCE /* O_TMPFILE */

#include "config.h"

#include "form-text.h"
#include "h3/app/app.h"
#include "h3/app/inject.h"
#include "h3/base/error.h"
#include "h3/batteries/form.h"
#include "h3/batteries/spool.h"
#include "h3/batteries/upload-inside.h"
#include "h3/http/answer.h"
#include "tests/support/suite.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static char *folder;       /* owned */
static char *path;         /* owned: in it */
static gboolean elsewhere; /* what is on disk is on another file system than the folder, if one is
                              there */

static void
set_up (void)
{
    umask (0027);
    folder = g_dir_make_tmp ("h3-upload-XXXXXX", NULL);
    ck_assert (folder != NULL);
    path = g_build_filename (folder, "path", NULL);
    elsewhere = FALSE;
}

static void
tear_down (void)
{
    (void) g_remove (path);
    /* Nothing else is left in it. */
    ck_assert_int_eq (g_rmdir (folder), 0);
    g_clear_pointer (&path, g_free);
    g_clear_pointer (&folder, g_free);
}

static H3Upload *
make_upload (const char *content, gboolean is_on_disk)
{
    H3MultipartPart part = { "f", "x.txt", "text/plain" };
    H3Upload *upload = upload_new (&part);

    if (is_on_disk)
        ck_assert (upload_write (upload, content, strlen (content), elsewhere ? "/dev/shm" : folder,
                                 NULL));
    else
        upload_take_bytes (upload, g_bytes_new (content, strlen (content)));
    ck_assert_int_eq (h3_upload_is_on_disk (upload), is_on_disk);
    return upload;
}

static void
assert_content (const char *expected)
{
    g_autofree char *content = NULL;
    struct stat status;

    ck_assert (g_file_get_contents (path, &content, NULL, NULL));
    ck_assert_str_eq (content, expected);
    ck_assert_int_eq (stat (path, &status), 0);
    /* As any new file's. */
    ck_assert_int_eq (status.st_mode & 0777, 0640);
}

static void
assert_moves (gboolean is_on_disk)
{
    g_autoptr (H3Upload) first = make_upload ("first", is_on_disk);
    g_autoptr (H3Upload) second = make_upload ("second", is_on_disk);
    g_autoptr (GError) exists = NULL;
    g_autoptr (GError) twice = NULL;
    g_autoptr (GBytes) bytes = NULL;

    ck_assert (h3_upload_move (first, path, H3_UPLOAD_NEW, NULL));
    assert_content ("first");
    ck_assert (!h3_upload_move (second, path, H3_UPLOAD_NEW, &exists));
    ck_assert (g_error_matches (exists, H3_ERROR, H3_ERROR_EXISTS));
    assert_content ("first");
    ck_assert (h3_upload_move (second, path, H3_UPLOAD_REPLACE, NULL));
    assert_content ("second");
    ck_assert (!h3_upload_move (second, path, H3_UPLOAD_REPLACE, &twice));
    ck_assert (g_error_matches (twice, H3_ERROR, H3_ERROR_INVALID));
    bytes = h3_upload_dup_bytes (second, NULL);
    ck_assert_uint_eq (g_bytes_get_size (bytes), strlen ("second"));
    ck_assert_mem_eq (g_bytes_get_data (bytes, NULL), "second", strlen ("second"));
}

START_TEST (media_type_is_text_in_any_case)
{
    static const struct {
        const char *sent, *told;
    } types[] = {
        { "text/plain; charset=utf-8", "text/plain; charset=utf-8" },
        { "text/plain; x=\"\xc3\xbf\"", "text/plain; x=\"\xc3\xbf\"" },
        { "text/plain; x=\"\xff\"", "application/octet-stream" },
        { "nonsense", "application/octet-stream" },
        { NULL, "application/octet-stream" },
    };

    for (gsize i = 0; i < G_N_ELEMENTS (types); i++) {
        H3MultipartPart part = { "f", "x.txt", types[i].sent };
        g_autoptr (H3Upload) upload = upload_new (&part);

        ck_assert_str_eq (h3_upload_get_media_type (upload), types[i].told);
    }
}
END_TEST

START_TEST (upload_on_disk_moves)
{
    assert_moves (TRUE);
}
END_TEST

START_TEST (upload_in_memory_moves)
{
    assert_moves (FALSE);
}
END_TEST

START_TEST (upload_of_another_file_system_is_copied)
{
    struct stat here, there;

    elsewhere = TRUE;
    if (stat (folder, &here) != 0 || stat ("/dev/shm", &there) != 0 || here.st_dev == there.st_dev
        || access ("/dev/shm", W_OK) != 0) {
        g_print ("SKIP: /dev/shm is no other file system than %s\n", folder);
        return;
    }
    assert_moves (TRUE);
}
END_TEST

START_TEST (upload_on_disk_is_linked_and_not_copied)
{
    g_autoptr (H3Upload) upload = make_upload ("1", TRUE);
    struct stat status;
    int fd = open (folder, O_TMPFILE | O_RDWR, 0600);

#ifdef H3_PORTABLE
    if (fd >= 0)
        (void) close (fd);
    fd = -1;
#endif
    if (fd < 0) {
        g_print ("SKIP: the file system of %s has no files without names\n", folder);
        return;
    }
    ck_assert_int_eq (close (fd), 0);
    ck_assert (h3_upload_move (upload, path, H3_UPLOAD_NEW, NULL));
    /* What is written through the one is seen through the other. */
    ck_assert (upload_write (upload, "2", 1, folder, NULL));
    ck_assert_int_eq (stat (path, &status), 0);
    ck_assert_int_eq (status.st_size, 2);
}
END_TEST

START_TEST (upload_that_is_not_moved_is_gone)
{
    g_autoptr (H3Upload) upload = make_upload ("1", TRUE);
    g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
    g_autoptr (GError) error = NULL;
    guint before = suite_count_descriptors ();

    ck_assert (g_dir_read_name (dir) == NULL);
    ck_assert (!h3_upload_move (upload, "/nonexistent/x", H3_UPLOAD_REPLACE, &error));
    ck_assert (g_error_matches (error, H3_ERROR, H3_ERROR_NOT_FOUND));
    g_clear_pointer (&upload, h3_upload_unref);
    ck_assert_uint_eq (suite_count_descriptors (), before - 1);
}
END_TEST

START_TEST (upload_names_never_choose_a_path)
{
    static const struct {
        const char *sent;
        const char *safe;
    } cases[] = {
        { "x.txt", "x.txt" },
        { "../../etc/passwd", "passwd" },
        { "C:\\dir\\x.txt", "x.txt" },
        { "a/..", "file" },
        { ".bashrc", "bashrc" },
        { " . a b \r\n.c ", "a b .c" },
        { "", "file" },
        { "///", "file" },
        { "\x01\x7f", "file" },
        { "\xe2\x82\xac.txt", "\xe2\x82\xac.txt" },
    };
    g_autoptr (GString) long_name = g_string_new (NULL);

    for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
        H3MultipartPart part = { "f", cases[i].sent, NULL };
        g_autoptr (H3Upload) upload = upload_new (&part);
        g_autofree char *safe = h3_upload_dup_safe_name (upload);

        ck_assert_str_eq (safe, cases[i].safe);
        ck_assert_str_eq (h3_upload_get_filename (upload), cases[i].sent);
    }
    for (guint before = 0; before < 4; before++) {
        H3MultipartPart part = { "f", NULL, NULL };
        g_autoptr (H3Upload) upload = NULL;
        g_autofree char *safe = NULL;

        g_string_assign (long_name, &"abc"[before]);
        while (long_name->len < 300)
            g_string_append (long_name, "\xe2\x82\xac");
        part.filename = long_name->str;
        upload = upload_new (&part);
        safe = h3_upload_dup_safe_name (upload);
        ck_assert (g_utf8_validate (safe, -1, NULL));
        ck_assert_uint_le (strlen (safe), 200);
        ck_assert_uint_ge (strlen (safe), 198);
    }
}
END_TEST

static void
tell_stored (H3Event *event, H3Upload *upload, const GError *error, gpointer user_data)
{
    if (error != NULL)
        h3_event_fail (event, g_error_copy (error));
    else
        h3_event_send_text (event, h3_upload_get_name (upload));
}

static void
store (H3Event *event, gpointer user_data)
{
    H3Form *form = h3_event_get_form (event, NULL);

    h3_event_store_upload (event, h3_form_get_file (form, "f"), user_data, H3_UPLOAD_NEW,
                           tell_stored, NULL, NULL);
}

START_TEST (upload_is_stored_off_the_loop)
{
    static const char body[] = FORM_FILE ("f", "x", "content") FORM_END;
    g_autoptr (H3App) app = h3_app_new ();
    g_autoptr (H3Headers) headers = h3_headers_new ();
    g_autoptr (GBytes) bytes = g_bytes_new_static (body, sizeof body - 1);
    g_autoptr (H3Injected) first = NULL;
    g_autoptr (H3Injected) second = NULL;

    h3_app_post (app, "/", store, path);
    h3_headers_set (headers, "Content-Type", FORM_TYPE);
    first = h3_app_inject (app, "POST", "/", headers, bytes, NULL);
    ck_assert_str_eq (h3_injected_get_text (first), "f");
    assert_content ("content");
    second = h3_app_inject (app, "POST", "/", headers, bytes, NULL);
    ck_assert_uint_eq (h3_injected_get_status (second), 500);
}
END_TEST

static void
add_tests (Suite *suite)
{
    TCase *tcase = tcase_create ("file");

    tcase_add_checked_fixture (tcase, set_up, tear_down);
    tcase_add_test (tcase, media_type_is_text_in_any_case);
    tcase_add_test (tcase, upload_on_disk_moves);
    tcase_add_test (tcase, upload_in_memory_moves);
    tcase_add_test (tcase, upload_of_another_file_system_is_copied);
    tcase_add_test (tcase, upload_on_disk_is_linked_and_not_copied);
    tcase_add_test (tcase, upload_that_is_not_moved_is_gone);
    tcase_add_test (tcase, upload_names_never_choose_a_path);
    tcase_add_test (tcase, upload_is_stored_off_the_loop);
    suite_add_tcase (suite, tcase);
}

int
main (void)
{
    return suite_run ("batteries/upload", add_tests);
}
