/* SPDX-License-Identifier: MIT */

#include "form-text.h"
#include "h3/app/app.h"
#include "h3/app/inject.h"
#include "h3/batteries/form.h"
#include "h3/http/answer.h"
#include "h3/http/event-carried.h"
#include "h3/http/failure.h"
#include "tests/support/suite.h"

#include <glib/gstdio.h>
#include <string.h>
#include <sys/resource.h>

/* What is on disk lies here, without a name. */
static char *folder; /* owned */

static H3FormOptions options = H3_FORM_OPTIONS_INIT;

/* "name=value;" for each field, "name/filename (type, where) content;" for each file. */
static void
describe_form (H3Event *event, gpointer user_data)
{
    g_autoptr (GString) text = g_string_new (NULL);
    g_autoptr (GError) error = NULL;
    H3Form *form = h3_event_get_form (event, &error);
    const char *name, *value;
    H3Upload *upload;

    if (form == NULL) {
        h3_event_fail (event, g_steal_pointer (&error));
        return;
    }
    for (guint i = 0; h3_form_get_field_at (form, i, &name, &value); i++)
        g_string_append_printf (text, "%s=%s;", name, value);
    for (guint i = 0; (upload = h3_form_get_file_at (form, i)) != NULL; i++) {
        g_autoptr (GBytes) bytes = h3_upload_dup_bytes (upload, NULL);

        ck_assert_uint_eq (g_bytes_get_size (bytes), h3_upload_get_size (upload));
        g_string_append_printf (text, "%s/%s (%s, %s) %.*s;", h3_upload_get_name (upload),
                                h3_upload_get_filename (upload), h3_upload_get_media_type (upload),
                                h3_upload_is_on_disk (upload) ? "disk" : "memory",
                                (int) g_bytes_get_size (bytes),
                                (const char *) g_bytes_get_data (bytes, NULL));
    }
    h3_event_send_text (event, text->str);
}

static void
read_form (H3Event *event, gpointer user_data)
{
    h3_event_read_form (event, &options, describe_form, NULL, NULL);
}

static void
read_form_twice (H3Event *event, gpointer user_data)
{
    h3_event_read_form (event, &options, read_form, NULL, NULL);
}

static H3App *
make_app (void)
{
    H3App *app = h3_app_new ();

    h3_app_post (app, "/whole", describe_form, NULL);
    h3_app_post (app, "/whole-read", read_form, NULL);
    h3_route_set_body (h3_app_post (app, "/streamed", read_form, NULL), H3_BODY_STREAMED, 0);
    h3_route_set_body (h3_app_post (app, "/twice", read_form_twice, NULL), H3_BODY_STREAMED, 0);
    h3_route_set_body (h3_app_post (app, "/unread", describe_form, NULL), H3_BODY_STREAMED, 0);
    h3_app_use (app, "/before", h3_forms_new (&options));
    h3_route_set_body (h3_app_route (app, "*", "/before", describe_form, NULL, NULL),
                       H3_BODY_STREAMED, 0);
    return app;
}

static H3Injected *
post (const char *path, const char *type, const char *body, gsize length)
{
    g_autoptr (H3App) app = make_app ();
    g_autoptr (H3Headers) headers = h3_headers_new ();
    g_autoptr (GBytes) bytes = g_bytes_new (body, length);
    H3Injected *injected;

    if (type != NULL)
        h3_headers_set (headers, "Content-Type", type);
    injected = h3_app_inject (app, "POST", path, headers, bytes, NULL);
    ck_assert (injected != NULL);
    return injected;
}

static const char *const ways[] = { "/whole", "/whole-read", "/streamed", "/twice", "/before" };

static void
assert_reads (const char *type, const char *body, const char *expected)
{
    for (gsize i = 0; i < G_N_ELEMENTS (ways); i++) {
        g_autoptr (H3Injected) injected = post (ways[i], type, body, strlen (body));

        ck_assert_msg (h3_injected_get_status (injected) == 200, "%s: %u %s", ways[i],
                       h3_injected_get_status (injected), h3_injected_get_text (injected));
        ck_assert_str_eq (h3_injected_get_text (injected), expected);
    }
}

static void
assert_fails (const char *type, const char *body, gsize length, guint status)
{
    for (gsize i = 0; i < G_N_ELEMENTS (ways); i++) {
        g_autoptr (H3Injected) injected = post (ways[i], type, body, length);

        ck_assert_msg (h3_injected_get_status (injected) == status, "%s: %u %s", ways[i],
                       h3_injected_get_status (injected), h3_injected_get_text (injected));
    }
}

static void
set_up (void)
{
    folder = g_dir_make_tmp ("h3-form-XXXXXX", NULL);
    ck_assert (folder != NULL);
    options = (H3FormOptions) H3_FORM_OPTIONS_INIT;
    options.directory = folder;
}

/* Nothing is left in it, at any time. */
static void
tear_down (void)
{
    ck_assert_int_eq (g_rmdir (folder), 0);
    g_clear_pointer (&folder, g_free);
}

START_TEST (form_options_are_the_servers_limits_at_first)
{
    const H3FormOptions written = H3_FORM_OPTIONS_INIT;
    H3FormOptions set = { "/", 1, 2, 3 };

    h3_form_options_init (&set);
    ck_assert_ptr_null (set.directory);
    ck_assert_int_eq (set.memory, written.memory);
    ck_assert_int_eq (set.file, written.file);
    ck_assert_int_eq (set.total, written.total);
}
END_TEST

START_TEST (form_has_the_same_fields_however_it_was_sent)
{
    assert_reads ("application/x-www-form-urlencoded", "a=1&b=%C3%A9+x&a=2",
                  "a=1;b=\xc3\xa9 x;a=2;");
    assert_reads (FORM_TYPE,
                  FORM_FIELD ("a", "1") FORM_FIELD ("b", "\xc3\xa9 x") FORM_FIELD ("a", "2")
                      FORM_END,
                  "a=1;b=\xc3\xa9 x;a=2;");
    assert_reads (FORM_TYPE, FORM_END, "");
    assert_reads ("application/x-www-form-urlencoded", "", "");
}
END_TEST

START_TEST (form_has_files_beside_fields)
{
    assert_reads (FORM_TYPE,
                  FORM_FILE ("f", "../x.txt", "one") FORM_FIELD ("a", "1")
                      FORM_PART ("name=f; filename=y", "", "two")
                          FORM_PART ("name=f; filename=z", "Content-Type: rubbish\r\n", "")
                              FORM_END,
                  "a=1;f/../x.txt (text/plain, memory) one;"
                  "f/y (application/octet-stream, memory) two;"
                  "f/z (application/octet-stream, memory) ;");
}
END_TEST

START_TEST (form_file_that_nobody_chose_is_none)
{
    assert_reads (FORM_TYPE, FORM_FILE ("f", "", "") FORM_FIELD ("a", "1") FORM_END, "a=1;");
    assert_reads (FORM_TYPE, FORM_FILE ("f", "", "x") FORM_END, "f/ (text/plain, memory) x;");
}
END_TEST

START_TEST (form_that_cannot_be_read_is_the_clients_fault)
{
    static const char with_nul[] = FORM_FIELD ("a", "\0") FORM_END;

    assert_fails (FORM_TYPE, with_nul, sizeof with_nul - 1, 400);
#define FAILS(type, body, status) assert_fails (type, body, strlen (body), status)
    FAILS (FORM_TYPE, FORM_FIELD ("a", "\xff") FORM_END, 400);
    FAILS (FORM_TYPE, FORM_FIELD ("a", "1") "--b", 400);
    FAILS (FORM_TYPE, "--c--\r\n", 400);
    FAILS ("multipart/form-data", FORM_END, 400);
    FAILS ("multipart/mixed; boundary=b", FORM_END, 415);
    FAILS ("application/json", "{}", 415);
    FAILS ("rubbish", "a=1", 400);
    FAILS (NULL, "a=1", 400);
    FAILS ("application/x-www-form-urlencoded", "a=%4", 400);
    FAILS ("application/x-www-form-urlencoded", "a=%00", 400);
#undef FAILS
}
END_TEST

START_TEST (form_in_another_charset_is_refused)
{
    static const char *const foreign[] = {
        FORM_PART ("name=a", "Content-Type: text/plain; charset=iso-8859-1\r\n", "1") FORM_END,
        FORM_FIELD ("a", "1") FORM_FIELD ("_charset_", "windows-1252") FORM_END,
    };

    for (gsize i = 0; i < G_N_ELEMENTS (foreign); i++)
        assert_fails (FORM_TYPE, foreign[i], strlen (foreign[i]), 415);
    assert_reads (FORM_TYPE,
                  FORM_PART ("name=a", "Content-Type: text/plain; charset=\"UTF-8\"\r\n",
                             "1") FORM_FIELD ("_charset_", "UTF-8")
                      FORM_PART ("name=f; filename=x",
                                 "Content-Type: text/plain; charset=koi8-r\r\n", "\xc1") FORM_END,
                  "a=1;_charset_=UTF-8;f/x (text/plain; charset=koi8-r, memory) \xc1;");
}
END_TEST

static guint
post_streamed (const char *body)
{
    g_autoptr (H3Injected) injected = post ("/streamed", FORM_TYPE, body, strlen (body));

    return h3_injected_get_status (injected);
}

START_TEST (form_bounds_are_held_exactly)
{
    static const char body[] = FORM_FIELD ("a", "1") FORM_FILE ("f", "x", "12345") FORM_END;

    options.total = sizeof body - 1;
    options.file = 5;
    ck_assert_uint_eq (post_streamed (body), 200);
    options.total--;
    ck_assert_uint_eq (post_streamed (body), 413);
    options.total++;
    options.file--;
    ck_assert_uint_eq (post_streamed (body), 413);
}
END_TEST

START_TEST (form_text_is_bound_by_what_is_kept_whole)
{
    g_autoptr (H3App) app = make_app ();
    g_autoptr (H3Headers) headers = h3_headers_new ();
    static const char body[] = FORM_FIELD ("a", "123") FORM_FIELD ("b", "45") FORM_END;
    g_autoptr (GBytes) bytes = g_bytes_new_static (body, sizeof body - 1);
    g_autoptr (H3Injected) injected = NULL;

    h3_headers_set (headers, "Content-Type", FORM_TYPE);
    ck_assert (h3_app_set_limit (app, "max-body", 4, NULL));
    injected = h3_app_inject (app, "POST", "/streamed", headers, bytes, NULL);
    ck_assert_uint_eq (h3_injected_get_status (injected), 413);
}
END_TEST

START_TEST (form_limits_of_the_server_reach_the_reader)
{
    static const struct {
        const char *name;
        gint64 value;
    } limits[] = { { "max-parts", 1 },     { "max-part-fields", 1 }, { "max-part-head", 64 },
                   { "max-part-name", 1 }, { "max-form", 10 },       { "max-form-file", 1 } };
    static const char body[] = FORM_FILE ("ab", "xy", "12") FORM_FIELD ("b", "") FORM_END;
    g_autoptr (GBytes) bytes = g_bytes_new_static (body, sizeof body - 1);

    for (gsize i = 0; i < G_N_ELEMENTS (limits); i++) {
        g_autoptr (H3App) app = make_app ();
        g_autoptr (H3Headers) headers = h3_headers_new ();
        g_autoptr (H3Injected) injected = NULL;

        h3_headers_set (headers, "Content-Type", FORM_TYPE);
        ck_assert (h3_app_set_limit (app, limits[i].name, limits[i].value, NULL));
        injected = h3_app_inject (app, "POST", "/whole", headers, bytes, NULL);
        ck_assert_msg (h3_injected_get_status (injected) == 413, "%s: %u", limits[i].name,
                       h3_injected_get_status (injected));
    }
}
END_TEST

START_TEST (form_files_too_large_for_memory_go_to_disk)
{
    static const char body[] = FORM_FILE ("f", "1", "123") FORM_FILE ("f", "2", "4567")
        FORM_FILE ("f", "3", "89") FORM_END;
    guint before = 0;

    options.memory = 6;
    for (guint i = 0; i < 3; i++) {
        g_autoptr (H3Injected) injected = post ("/streamed", FORM_TYPE, body, sizeof body - 1);

        ck_assert_str_eq (h3_injected_get_text (injected),
                          "f/1 (text/plain, memory) 123;f/2 (text/plain, disk) 4567;"
                          "f/3 (text/plain, memory) 89;");
        /* What the process opens once it has. */
        if (i == 0)
            before = suite_count_descriptors ();
    }
    ck_assert_uint_eq (suite_count_descriptors (), before);
    options.memory = 0;
    ck_assert_uint_eq (post_streamed (body), 200);
    /* A body that is there already stays there. */
    g_autoptr (H3Injected) injected = post ("/whole", FORM_TYPE, body, sizeof body - 1);
    ck_assert (strstr (h3_injected_get_text (injected), "disk") == NULL);
}
END_TEST

START_TEST (form_of_large_files_comes_whole)
{
    g_autofree char *content = g_malloc (3 << 20);
    g_autoptr (GString) body = g_string_new (NULL);
    g_autofree char *expected = NULL;

    for (guint i = 0; i < 3 << 20; i++)
        content[i] = (char) ('a' + (i / 7 + i / 1009) % 26);
    g_string_append (body, "--b\r\nContent-Disposition: form-data; name=f; filename=x\r\n\r\n");
    g_string_append_len (body, content, 3 << 20);
    g_string_append (body, "\r\n" FORM_FILE ("f", "y", "small") FORM_END);
    expected =
        g_strdup_printf ("f/x (application/octet-stream, disk) %.*s;f/y (text/plain, memory) "
                         "small;",
                         3 << 20, content);
    g_autoptr (H3Injected) injected = post ("/streamed", FORM_TYPE, body->str, body->len);
    ck_assert_uint_eq (h3_injected_get_status (injected), 200);
    ck_assert_str_eq (h3_injected_get_text (injected), expected);
}
END_TEST

START_TEST (form_that_cannot_be_written_is_the_servers_fault)
{
    static const char body[] = FORM_FILE ("f", "1", "123") FORM_END;

    options.memory = 0;
    options.directory = "/nonexistent";
    ck_assert_uint_eq (post_streamed (body), 500);
    options.directory = folder;
}
END_TEST

START_TEST (form_leaves_descriptors_to_others)
{
    static const char body[] = FORM_FILE ("f", "1", "123") FORM_END;
    struct rlimit limit;

    options.memory = 0;
    ck_assert_int_eq (getrlimit (RLIMIT_NOFILE, &limit), 0);
    limit.rlim_cur = suite_count_descriptors () + 30;
    ck_assert_int_eq (setrlimit (RLIMIT_NOFILE, &limit), 0);
    ck_assert_uint_eq (post_streamed (body), 503);
    limit.rlim_cur = suite_count_descriptors () + 100;
    ck_assert_int_eq (setrlimit (RLIMIT_NOFILE, &limit), 0);
    ck_assert_uint_eq (post_streamed (body), 200);
}
END_TEST

START_TEST (form_unread_of_a_streamed_route_is_the_programs_fault)
{
    g_autoptr (H3Injected) injected = post ("/unread", FORM_TYPE, FORM_END, strlen (FORM_END));

    ck_assert_uint_eq (h3_injected_get_status (injected), 500);
}
END_TEST

START_TEST (form_reader_lets_pass_what_has_no_body)
{
    g_autoptr (H3App) app = make_app ();
    g_autoptr (H3Injected) injected = h3_app_inject (app, "GET", "/before", NULL, NULL, NULL);

    /* By the handler. */
    ck_assert_uint_eq (h3_injected_get_status (injected), 400);
}
END_TEST

static void
look_up (H3Event *event, gpointer user_data)
{
    H3Form *form = h3_event_get_form (event, NULL);
    g_autofree const char **values = h3_form_get_all (form, "a");
    g_autofree const char **none = h3_form_get_all (form, "c");

    ck_assert_str_eq (h3_form_get (form, "a"), "1");
    ck_assert (h3_form_get (form, "f") == NULL);
    ck_assert_uint_eq (h3_form_get_n_fields (form), 3);
    ck_assert_str_eq (values[0], "1");
    ck_assert_str_eq (values[1], "2");
    ck_assert (values[2] == NULL && none[0] == NULL);
    ck_assert_uint_eq (h3_form_get_n_files (form), 2);
    ck_assert_str_eq (h3_upload_get_filename (h3_form_get_file (form, "f")), "x");
    ck_assert (h3_form_get_file (form, "a") == NULL);
    ck_assert (h3_form_get_file_at (form, 2) == NULL);
    *(H3Form **) user_data = h3_form_ref (form);
    h3_event_send_text (event, "seen");
}

START_TEST (form_lives_on_with_who_holds_it)
{
    static const char body[] = FORM_FIELD ("a", "1") FORM_FIELD ("b", "3") FORM_FIELD ("a", "2")
        FORM_FILE ("f", "x", "1") FORM_FILE ("f", "y", "2") FORM_END;
    g_autoptr (H3App) app = h3_app_new ();
    g_autoptr (H3Headers) headers = h3_headers_new ();
    g_autoptr (GBytes) bytes = g_bytes_new_static (body, sizeof body - 1);
    g_autoptr (H3Form) form = NULL;
    g_autoptr (H3Injected) injected = NULL;

    h3_app_post (app, "/", look_up, &form);
    h3_headers_set (headers, "Content-Type", FORM_TYPE);
    injected = h3_app_inject (app, "POST", "/", headers, bytes, NULL);
    ck_assert_str_eq (h3_injected_get_text (injected), "seen");
    ck_assert_str_eq (h3_form_get (form, "b"), "3");
}
END_TEST

static void
count_call (H3Event *event, gpointer user_data)
{
    (*(guint *) user_data)++;
    h3_event_send_text (event, "done");
}

static void
expire_meanwhile (H3Event *event, gpointer user_data)
{
    h3_event_read_form (event, &options, count_call, user_data, NULL);
    event_expire (event);
}

static void
read_too_late (H3Event *event, gpointer user_data)
{
    h3_event_read_form (event, &options, expire_meanwhile, user_data, NULL);
}

/* A handler must not do what the client has been told was not done. */
START_TEST (form_that_comes_after_the_deadline_is_for_nobody)
{
    static const char body[] = FORM_FIELD ("a", "1") FORM_END;
    g_autoptr (H3App) app = h3_app_new ();
    g_autoptr (H3Headers) headers = h3_headers_new ();
    g_autoptr (GBytes) bytes = g_bytes_new_static (body, sizeof body - 1);
    g_autoptr (H3Injected) injected = NULL;
    guint n_calls = 0;

    h3_app_post (app, "/", read_too_late, &n_calls);
    h3_headers_set (headers, "Content-Type", FORM_TYPE);
    injected = h3_app_inject (app, "POST", "/", headers, bytes, NULL);
    ck_assert_uint_eq (h3_injected_get_status (injected), 503);
    ck_assert_uint_eq (n_calls, 0);
}
END_TEST

static void
add_tests (Suite *suite)
{
    TCase *reading = tcase_create ("read");
    TCase *disk = tcase_create ("disk");

    tcase_add_checked_fixture (reading, set_up, tear_down);
    tcase_add_test (reading, form_options_are_the_servers_limits_at_first);
    tcase_add_test (reading, form_has_the_same_fields_however_it_was_sent);
    tcase_add_test (reading, form_has_files_beside_fields);
    tcase_add_test (reading, form_file_that_nobody_chose_is_none);
    tcase_add_test (reading, form_that_cannot_be_read_is_the_clients_fault);
    tcase_add_test (reading, form_in_another_charset_is_refused);
    tcase_add_test (reading, form_bounds_are_held_exactly);
    tcase_add_test (reading, form_text_is_bound_by_what_is_kept_whole);
    tcase_add_test (reading, form_limits_of_the_server_reach_the_reader);
    tcase_add_test (reading, form_unread_of_a_streamed_route_is_the_programs_fault);
    tcase_add_test (reading, form_reader_lets_pass_what_has_no_body);
    tcase_add_test (reading, form_lives_on_with_who_holds_it);
    tcase_add_test (reading, form_that_comes_after_the_deadline_is_for_nobody);
    suite_add_tcase (suite, reading);
    tcase_add_checked_fixture (disk, set_up, tear_down);
    tcase_add_test (disk, form_files_too_large_for_memory_go_to_disk);
    tcase_add_test (disk, form_leaves_descriptors_to_others);
    tcase_add_test (disk, form_of_large_files_comes_whole);
    tcase_add_test (disk, form_that_cannot_be_written_is_the_servers_fault);
    tcase_set_timeout (disk, 60);
    suite_add_tcase (suite, disk);
}

int
main (void)
{
    return suite_run ("batteries/form", add_tests);
}
