/* SPDX-License-Identifier: MIT */

#include "tests/support/fake-carrier.h"
#include "tests/support/suite.h"

#include <h3/format/date.h>
#include <h3/format/json.h>
#include <h3/http/answer.h>

#include <fcntl.h>
#include <glib/gstdio.h>
#include <sys/stat.h>

#define GET "GET /path HTTP/1.1\r\nHost: h.example\r\n"

static FakeCarrier *carrier;
static guint n_warnings;

static GLogWriterOutput
count_warning (GLogLevelFlags level, const GLogField *fields, gsize n_fields, gpointer user_data)
{
    if (level & (G_LOG_LEVEL_WARNING | G_LOG_LEVEL_CRITICAL))
        n_warnings++;
    return G_LOG_WRITER_HANDLED;
}

static void
set_up (void)
{
    g_log_set_always_fatal (G_LOG_FATAL_MASK);
    carrier = fake_carrier_new ();
    n_warnings = 0;
}

static void
tear_down (void)
{
    g_clear_pointer (&carrier, fake_carrier_free);
}

static void
assert_sent (guint status, const char *type, const char *body)
{
    ck_assert_uint_eq (carrier->n_sent, 1);
    ck_assert_uint_eq (carrier->status, status);
    ck_assert_pstr_eq (carrier->type, type);
    ck_assert_str_eq (carrier->sent->str, body);
}

static void
send_html (H3Event *event, gpointer user_data)
{
    char text[] = "<p>ä";

    h3_event_send_html (event, text);
    memset (text, '#', sizeof text - 1);
}

static void
send_typed_text (H3Event *event, gpointer user_data)
{
    h3_response_set_content_type (h3_event_get_response (event), "text/css");
    h3_event_send_text (event, user_data);
}

static void
send_data (H3Event *event, gpointer user_data)
{
    char type[] = "image/x-one";
    char data[] = "a\0b";

    if (user_data != NULL)
        h3_response_set_content_type (h3_event_get_response (event), user_data);
    h3_event_set_status (event, 203);
    h3_event_send_data (event, type, data, 2);
    memset (type, '#', sizeof type - 1);
    memset (data, '#', sizeof data - 1);
}

START_TEST (texts_and_data_are_copied_and_named)
{
    fake_carrier_run (carrier, GET, send_html, NULL);
    assert_sent (200, "text/html; charset=utf-8", "<p>ä");
    fake_carrier_run (carrier, GET, send_typed_text, (gpointer) "p {}");
    assert_sent (200, "text/css", "p {}");
    fake_carrier_run (carrier, GET, send_data, NULL);
    assert_sent (203, "image/x-one", "a");
    ck_assert_uint_eq (carrier->sent->len, 2);
    fake_carrier_run (carrier, GET, send_data, (gpointer) "text/old");
    ck_assert_str_eq (carrier->type, "image/x-one");
}
END_TEST

START_TEST (long_texts_are_referenced_by_the_socket)
{
    g_autofree char *text = g_strnfill (100000, 'x');

    fake_carrier_run (carrier, GET, send_typed_text, text);
    ck_assert_uint_eq (carrier->body_kind, BODY_BYTES);
    ck_assert_str_eq (carrier->sent->str, text);
}
END_TEST

static void
send_bad_type (H3Event *event, gpointer user_data)
{
    h3_event_send_data (event, "text/plain\r\nX-Evil: 1", "x", 1);
}

START_TEST (type_with_line_ends_is_never_sent)
{
    fake_carrier_run (carrier, GET, send_bad_type, NULL);
    assert_sent (200, NULL, "x");
    ck_assert_uint_eq (n_warnings, 1);
}
END_TEST

static void
send_static (H3Event *event, gpointer user_data)
{
    gsize before = h3_arena_get_size (event->arena);

    h3_event_send_static (event, "text/plain", H3_VIEW ("Hello, World!"));
    ck_assert_uint_eq (h3_arena_get_size (event->arena), before);
    ck_assert_ptr_null (event->response.headers);
    ck_assert_uint_eq (event->response.body_kind, BODY_MEMORY);
}

static void
send_empty (H3Event *event, gpointer user_data)
{
    h3_response_set_body_text (h3_event_get_response (event), "dropped");
    h3_event_send_empty (event, 202);
}

static void
send_bytes (H3Event *event, gpointer user_data)
{
    h3_event_send_bytes (event, "a/b", user_data);
    ck_assert_ptr_eq (h3_response_get_body (h3_event_get_response (event)), user_data);
}

START_TEST (static_bytes_and_empty_answers)
{
    g_autoptr (GBytes) bytes = g_bytes_new_static ("bytes", 5);

    fake_carrier_run (carrier, GET, send_static, NULL);
    assert_sent (200, "text/plain", "Hello, World!");
    fake_carrier_run (carrier, GET, send_bytes, bytes);
    assert_sent (200, "a/b", "bytes");
    fake_carrier_run (carrier, GET, send_empty, NULL);
    assert_sent (202, NULL, "");
    ck_assert_int_eq (carrier->length, 0);
    fake_carrier_run (carrier, "HEAD / HTTP/1.1\r\nHost: h", send_static, NULL);
    assert_sent (200, "text/plain", "");
    ck_assert_int_eq (carrier->length, 13);
}
END_TEST

static json_t *shared;

static void
send_json (H3Event *event, gpointer user_data)
{
    shared = json_pack ("{s:s, s:[i]}", "a", user_data, "b", 1);
    if (shared != NULL)
        json_incref (shared);
    h3_event_send_json (event, shared);
}

static void
send_pretty (H3Event *event, gpointer user_data)
{
    h3_event_send_json_pretty (event, json_pack ("{s:i}", "a", 1));
}

static void
send_json_text (H3Event *event, gpointer user_data)
{
    h3_event_send_json_text (event, "[1]");
}

static void
send_json_again (H3Event *event, gpointer user_data)
{
    h3_event_send_json (event, json_integer (1));
    h3_event_send_json (event, json_integer (2));
    h3_event_send_json (event, NULL);
}

START_TEST (json_is_sent_and_its_document_freed)
{
    fake_carrier_run (carrier, GET, send_json, (gpointer) "x");
    assert_sent (200, "application/json", "{\"a\":\"x\",\"b\":[1]}");
    ck_assert_uint_eq (shared->refcount, 1);
    json_decref (shared);
    carrier->writes_pretty = TRUE;
    fake_carrier_run (carrier, GET, send_json, (gpointer) "x");
    assert_sent (200, "application/json", "{\n  \"a\": \"x\",\n  \"b\": [\n    1\n  ]\n}");
    json_decref (shared);
    carrier->writes_pretty = FALSE;
    fake_carrier_run (carrier, GET, send_pretty, NULL);
    assert_sent (200, "application/json", "{\n  \"a\": 1\n}");
    fake_carrier_run (carrier, GET, send_json_text, NULL);
    assert_sent (200, "application/json", "[1]");
    fake_carrier_run (carrier, GET, send_json_again, NULL);
    assert_sent (200, "application/json", "1");
    ck_assert_uint_eq (n_warnings, 2);
}
END_TEST

static void
send_circle (H3Event *event, gpointer user_data)
{
    json_t *outer = json_array ();
    json_t *inner = json_array ();

    json_array_append_new (outer, inner);
    json_array_append (inner, outer);
    shared = json_incref (outer);
    h3_event_send_json (event, outer);
}

START_TEST (json_that_cannot_be_is_answered_500)
{
    fake_carrier_run (carrier, GET, send_json, (gpointer) "\xff");
    ck_assert_ptr_null (shared);
    ck_assert_uint_eq (carrier->status, 500);
    ck_assert_str_eq (carrier->type, "application/problem+json");
    ck_assert_uint_eq (carrier->n_failed, 1);
    fake_carrier_run (carrier, GET, send_circle, NULL);
    ck_assert_uint_eq (carrier->status, 500);
    json_array_clear (json_array_get (shared, 0));
    json_decref (shared);
}
END_TEST

static void
send_written (H3Event *event, gpointer user_data)
{
    H3JsonWriter *writer = h3_json_writer_new (h3_event_get_arena (event));

    h3_json_writer_begin_object (writer);
    h3_json_writer_set_string (writer, "message", "hi");
    if (user_data == NULL)
        h3_json_writer_end_object (writer);
    h3_event_send_json_writer (event, writer);
}

START_TEST (written_json_is_sent_without_a_copy_or_is_500)
{
    fake_carrier_run (carrier, GET, send_written, NULL);
    assert_sent (200, "application/json", "{\"message\":\"hi\"}");
    ck_assert_uint_eq (carrier->body_kind, BODY_MEMORY);
    fake_carrier_run (carrier, GET, send_written, carrier);
    ck_assert_uint_eq (carrier->status, 500);
}
END_TEST

static void
send_file (H3Event *event, gpointer user_data)
{
    h3_event_send_file (event, user_data);
}

static char *
make_file (const char *name, const char *text)
{
    g_autofree char *folder = g_dir_make_tmp ("h3-answer-XXXXXX", NULL);
    char *path = g_build_filename (folder, name, NULL);

    ck_assert (g_file_set_contents (path, text, -1, NULL));
    return path;
}

static void
remove_file (const char *path)
{
    g_autofree char *folder = g_path_get_dirname (path);

    ck_assert_int_eq (g_unlink (path), 0);
    ck_assert_int_eq (g_rmdir (folder), 0);
}

START_TEST (file_is_sent_with_validators_that_give_304)
{
    g_autofree char *path = make_file ("page.html", "<p>file");
    g_autofree char *etag = NULL;
    g_autofree char *date = NULL;
    g_autofree char *head = NULL;
    guint descriptors;

    fake_carrier_run (carrier, GET, send_file, path);
    descriptors = suite_count_descriptors ();
    assert_sent (200, "text/html; charset=utf-8", "<p>file");
    ck_assert_uint_eq (carrier->body_kind, BODY_FILE);
    etag = g_strdup (fake_carrier_get (carrier, "ETag"));
    date = g_strdup (fake_carrier_get (carrier, "Last-Modified"));
    ck_assert_uint_eq (strlen (date), 29);
    head = g_strconcat (GET "If-None-Match: \"no\"\r\nIf-None-Match: ", etag, NULL);
    fake_carrier_run (carrier, head, send_file, path);
    assert_sent (304, NULL, "");
    ck_assert_str_eq (fake_carrier_get (carrier, "ETag"), etag);
    g_free (head);
    head = g_strconcat (GET "If-Modified-Since: ", date, NULL);
    fake_carrier_run (carrier, head, send_file, path);
    ck_assert_uint_eq (carrier->status, 304);
    fake_carrier_run (carrier, GET "If-Match: \"no\"", send_file, path);
    ck_assert_uint_eq (carrier->status, 412);
    fake_carrier_run (carrier, "POST / HTTP/1.1\r\nHost: h\r\nIf-None-Match: *", send_file, path);
    assert_sent (200, "text/html; charset=utf-8", "<p>file");
    fake_carrier_run (carrier, "HEAD / HTTP/1.1\r\nHost: h", send_file, path);
    assert_sent (200, "text/html; charset=utf-8", "");
    ck_assert_int_eq (carrier->length, 7);
    ck_assert_uint_eq (suite_count_descriptors (), descriptors);
    remove_file (path);
}
END_TEST

static void
send_file_of_its_own (H3Event *event, gpointer user_data)
{
    h3_response_set_content_type (h3_event_get_response (event), "x/y");
    h3_event_set_etag (event, "\"mine\"");
    h3_event_send_file (event, user_data);
}

START_TEST (file_keeps_the_fields_that_were_set)
{
    g_autofree char *path = make_file ("empty.txt", "");

    fake_carrier_run (carrier, GET, send_file_of_its_own, path);
    assert_sent (200, "x/y", "");
    ck_assert_int_eq (carrier->length, 0);
    ck_assert_str_eq (fake_carrier_get (carrier, "ETag"), "\"mine\"");
    fake_carrier_run (carrier, GET "If-None-Match: W/\"mine\"", send_file_of_its_own, path);
    ck_assert_uint_eq (carrier->status, 304);
    remove_file (path);
}
END_TEST

START_TEST (file_from_the_future_is_dated_now)
{
    g_autofree char *path = make_file ("a.txt", "a");
    struct timespec times[2] = { { .tv_sec = 4000000000 }, { .tv_sec = 4000000000 } };
    gint64 modified;

    ck_assert_int_eq (utimensat (AT_FDCWD, path, times, 0), 0);
    fake_carrier_run (carrier, GET, send_file, path);
    ck_assert (h3_date_parse_string (fake_carrier_get (carrier, "Last-Modified"), &modified));
    ck_assert_int_le (modified, g_get_real_time () / G_USEC_PER_SEC);
    remove_file (path);
}
END_TEST

START_TEST (what_is_no_readable_file_is_404_or_403)
{
    g_autofree char *path = make_file ("a.txt", "a");
    g_autofree char *folder = g_path_get_dirname (path);
    g_autofree char *below = g_build_filename (path, "b", NULL);
    g_autofree char *fifo = g_build_filename (folder, "fifo", NULL);
    guint descriptors = suite_count_descriptors ();

    ck_assert_int_eq (mkfifo (fifo, 0600), 0);
    fake_carrier_run (carrier, GET, send_file, fifo);
    ck_assert_uint_eq (carrier->status, 404);
    ck_assert_int_eq (g_unlink (fifo), 0);
    fake_carrier_run (carrier, GET, send_file, fifo);
    ck_assert_uint_eq (carrier->status, 404);
    fake_carrier_run (carrier, GET, send_file, folder);
    ck_assert_uint_eq (carrier->status, 404);
    fake_carrier_run (carrier, GET, send_file, below);
    ck_assert_uint_eq (carrier->status, 404);
    ck_assert_int_eq (g_chmod (path, 0), 0);
    if (g_access (path, R_OK) != 0) {
        fake_carrier_run (carrier, GET, send_file, path);
        ck_assert_uint_eq (carrier->status, 403);
    }
    ck_assert_uint_eq (suite_count_descriptors (), descriptors);
    remove_file (path);
}
END_TEST

static void
check_fresh (H3Event *event, gpointer user_data)
{
    if (!h3_event_check_fresh (event, "\"v1\"", 784111777))
        h3_event_send_text (event, "all");
}

START_TEST (fresh_copies_are_not_sent_again)
{
    fake_carrier_run (carrier, GET, check_fresh, NULL);
    assert_sent (200, "text/plain; charset=utf-8", "all");
    ck_assert_str_eq (fake_carrier_get (carrier, "Last-Modified"), "Sun, 06 Nov 1994 08:49:37 GMT");
    fake_carrier_run (carrier, GET "If-None-Match: \"v1\"", check_fresh, NULL);
    assert_sent (304, NULL, "");
    ck_assert_str_eq (fake_carrier_get (carrier, "ETag"), "\"v1\"");
    fake_carrier_run (carrier, GET "If-Modified-Since: Sun, 06 Nov 1994 08:49:36 GMT", check_fresh,
                      NULL);
    ck_assert_uint_eq (carrier->status, 200);
    fake_carrier_run (carrier, "PUT / HTTP/1.1\r\nHost: h\r\nIf-Match: \"v0\"", check_fresh, NULL);
    ck_assert_uint_eq (carrier->status, 412);
}
END_TEST

static void
add_tests (Suite *suite)
{
    TCase *tcase = tcase_create ("answers");

    tcase_add_checked_fixture (tcase, set_up, tear_down);
    tcase_add_test (tcase, texts_and_data_are_copied_and_named);
    tcase_add_test (tcase, long_texts_are_referenced_by_the_socket);
    tcase_add_test (tcase, type_with_line_ends_is_never_sent);
    tcase_add_test (tcase, static_bytes_and_empty_answers);
    tcase_add_test (tcase, json_is_sent_and_its_document_freed);
    tcase_add_test (tcase, json_that_cannot_be_is_answered_500);
    tcase_add_test (tcase, written_json_is_sent_without_a_copy_or_is_500);
    tcase_add_test (tcase, file_is_sent_with_validators_that_give_304);
    tcase_add_test (tcase, file_keeps_the_fields_that_were_set);
    tcase_add_test (tcase, file_from_the_future_is_dated_now);
    tcase_add_test (tcase, what_is_no_readable_file_is_404_or_403);
    tcase_add_test (tcase, fresh_copies_are_not_sent_again);
    tcase_set_timeout (tcase, 60);
    suite_add_tcase (suite, tcase);
}

int
main (void)
{
    g_log_set_writer_func (count_warning, NULL, NULL);
    return suite_run ("http/answer", add_tests);
}
