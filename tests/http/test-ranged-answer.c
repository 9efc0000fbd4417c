/* SPDX-License-Identifier: MIT */

#include "tests/support/fake-carrier.h"
#include "tests/support/suite.h"

#include <h3/base/error.h>
#include <h3/http/answer.h>
#include <h3/http/conditional.h>
#include <h3/http/ranged-answer.h>

#include <glib/gstdio.h>
#include <unistd.h>

#define DATE    "Sun, 06 Nov 1994 08:49:37 GMT"
#define GET     "GET / HTTP/1.1\r\nHost: h\r\n"
#define LETTERS "abcdefghijklmnopqrstuvwxyz"

static FakeCarrier *carrier;
static GBytes *letters;  /* owned */
static char *file;       /* owned: its path */
static guint n_freed;    /* of what a producer was given */
static guint64 most;     /* that a producer was asked for at once */
static gint64 fault;     /* what a producer does wrong at this offset; negative: nothing */
static guint64 big_size; /* of what is sent_big */

static void
set_up (void)
{
    GError *error = NULL;
    int fd = g_file_open_tmp ("h3-ranged-XXXXXX", &file, &error);

    ck_assert_int_ge (fd, 0);
    ck_assert_int_eq (write (fd, LETTERS, 26), 26);
    (void) close (fd);
    carrier = fake_carrier_new ();
    letters = g_bytes_new_static (LETTERS, 26);
    n_freed = 0;
    most = 0;
    fault = -1;
}

static void
tear_down (void)
{
    g_clear_pointer (&carrier, fake_carrier_free);
    g_clear_pointer (&letters, g_bytes_unref);
    (void) g_unlink (file);
    g_clear_pointer (&file, g_free);
}

static void
set_validators (H3Event *event)
{
    h3_event_set_etag (event, "\"v1\"");
    h3_event_set_last_modified (event, 784111777);
}

static void
send_letters (H3Event *event, gpointer user_data)
{
    set_validators (event);
    h3_event_send_ranged_bytes (event, "text/plain", letters);
}

static void
send_file (H3Event *event, gpointer user_data)
{
    set_validators (event);
    h3_response_set_content_type (h3_event_get_response (event), "text/plain");
    h3_event_send_file (event, file);
}

static void
note_freed (gpointer data)
{
    n_freed++;
}

/* Three letters at most a piece. */
static GBytes *
make_letters (guint64 offset, guint64 length, gpointer user_data, GError **error)
{
    char text[3];

    ck_assert_uint_gt (length, 0);
    most = MAX (most, length);
    if ((gint64) offset == fault) {
        g_set_error_literal (error, H3_ERROR, H3_ERROR_FAILED, "a fault");
        return NULL;
    }
    length = MIN (length, sizeof text);
    for (guint64 i = 0; i < length; i++)
        text[i] = (char) ('a' + (offset + i) % 26);
    return g_bytes_new (text, length);
}

static void
send_made (H3Event *event, gpointer user_data)
{
    set_validators (event);
    h3_event_send_ranged (event, "text/plain", 26, make_letters, NULL, note_freed);
}

static void
send_big (H3Event *event, gpointer user_data)
{
    h3_event_send_ranged (event, "text/plain", big_size, make_letters, NULL, note_freed);
}

/* Whatever the answer is made of, it is the same. */
static const H3Handler senders[] = { send_letters, send_file, send_made };

static void
ask (int sender, const char *fields)
{
    g_autofree char *head = g_strconcat (GET, fields, NULL);

    fake_carrier_run (carrier, head, senders[sender], NULL);
    ck_assert_uint_eq (carrier->n_sent, 1);
    ck_assert_int_eq (carrier->length, carrier->status == 304 ? 0 : (gint64) carrier->sent->len);
}

static void
assert_sent (guint status, const char *content_range, const char *body)
{
    ck_assert_uint_eq (carrier->status, status);
    ck_assert_str_eq (fake_carrier_get (carrier, "Content-Range"), content_range);
    ck_assert_str_eq (carrier->sent->str, body);
}

static void
assert_whole (int sender, const char *fields)
{
    ask (sender, fields);
    assert_sent (200, "", LETTERS);
    ck_assert_str_eq (fake_carrier_get (carrier, "Accept-Ranges"), "bytes");
    ck_assert_str_eq (carrier->type, "text/plain");
}

/* _i: the sender. */
START_TEST (one_range_is_sent_alone)
{
    ask (_i, "Range: bytes=0-9");
    assert_sent (206, "bytes 0-9/26", "abcdefghij");
    ck_assert_str_eq (carrier->type, "text/plain");
    ck_assert_str_eq (fake_carrier_get (carrier, "Accept-Ranges"), "bytes");
    ck_assert_str_eq (fake_carrier_get (carrier, "ETag"), "\"v1\"");
    ck_assert_str_eq (fake_carrier_get (carrier, "Last-Modified"), DATE);
    ask (_i, "Range: bytes=-5");
    assert_sent (206, "bytes 21-25/26", "vwxyz");
    ask (_i, "Range: bytes=24-");
    assert_sent (206, "bytes 24-25/26", "yz");
    ask (_i, "Range: bytes=0-9223372036854775807");
    assert_sent (206, "bytes 0-25/26", LETTERS);
    ask (_i, "Range: bytes=9223372036854775807-,1-1");
    assert_sent (206, "bytes 1-1/26", "b");
    ask (_i, "Range: bytes=-18446744073709551616");
    assert_sent (206, "bytes 0-25/26", LETTERS);
}
END_TEST

START_TEST (ranges_that_touch_are_one)
{
    ask (_i, "Range: bytes=5-7,0-4,6-9");
    assert_sent (206, "bytes 0-9/26", "abcdefghij");
    ck_assert_str_eq (carrier->type, "text/plain");
}
END_TEST

static char *
dup_boundary (void)
{
    const char *prefix = "multipart/byteranges; boundary=";

    ck_assert_ptr_nonnull (carrier->type);
    ck_assert_msg (g_str_has_prefix (carrier->type, prefix), "%s", carrier->type);
    return g_strdup (carrier->type + strlen (prefix));
}

START_TEST (several_ranges_are_parts_in_the_order_asked_for)
{
    g_autofree char *boundary = NULL;
    g_autofree char *other = NULL;
    g_autofree char *expected = NULL;

    ask (_i, "Range: bytes=20-22, 0-1,-1");
    boundary = dup_boundary ();
    ck_assert_uint_eq (strlen (boundary), 32);
    expected = g_strdup_printf ("--%s\r\nContent-Type: text/plain\r\n"
                                "Content-Range: bytes 20-22/26\r\n\r\nuvw\r\n"
                                "--%s\r\nContent-Type: text/plain\r\n"
                                "Content-Range: bytes 0-1/26\r\n\r\nab\r\n"
                                "--%s\r\nContent-Type: text/plain\r\n"
                                "Content-Range: bytes 25-25/26\r\n\r\nz\r\n--%s--\r\n",
                                boundary, boundary, boundary, boundary);
    assert_sent (206, "", expected);
    ck_assert_str_eq (fake_carrier_get (carrier, "ETag"), "\"v1\"");
    ask (_i, "Range: bytes=20-22, 0-1,-1");
    other = dup_boundary ();
    ck_assert_str_ne (boundary, other);
}
END_TEST

START_TEST (ranges_that_do_not_count_give_the_whole)
{
    assert_whole (_i, "");
    assert_whole (_i, "Range: bytes=9-3");
    assert_whole (_i, "Range: bytes=1-2,9-3");
    assert_whole (_i, "Range: letters=0-1");
    assert_whole (_i, "Range: bytes=");
    assert_whole (_i, "Range: bytes=a-b");
    assert_whole (_i, "Range: bytes=0-1\r\nRange: bytes=3-4");
}
END_TEST

START_TEST (ranges_that_lie_outside_are_416)
{
    const char *const outside[] = { "26-",
                                    "100-200",
                                    "-0",
                                    "9223372036854775807-",
                                    "18446744073709551616-18446744073709551617",
                                    "26-,-0" };

    for (guint i = 0; i < G_N_ELEMENTS (outside); i++) {
        g_autofree char *field = g_strconcat ("Range: bytes=", outside[i], NULL);

        ask (_i, field);
        ck_assert_uint_eq (carrier->status, 416);
        ck_assert_str_eq (fake_carrier_get (carrier, "Content-Range"), "bytes */26");
        ck_assert_str_eq (carrier->type, "application/problem+json");
    }
}
END_TEST

static char *
make_list (guint n, guint step, guint length)
{
    GString *text = g_string_new ("Range: bytes=");

    for (guint i = 0; i < n; i++)
        g_string_append_printf (text, "%s%u-%u", i > 0 ? "," : "", i * step, i * step + length - 1);
    return g_string_free (text, FALSE);
}

START_TEST (too_many_ranges_give_the_whole)
{
    g_autofree char *thousand = make_list (1000, 1, 20);
    g_autofree char *sixteen = make_list (16, 1, 1);
    g_autofree char *seventeen = make_list (17, 1, 1);

    assert_whole (_i, thousand);
    ask (_i, sixteen);
    assert_sent (206, "bytes 0-15/26", "abcdefghijklmnop");
    assert_whole (_i, seventeen);
}
END_TEST

START_TEST (conditions_come_before_ranges)
{
    ask (_i, "Range: bytes=0-1\r\nIf-Match: \"v0\"");
    ck_assert_uint_eq (carrier->status, 412);
    ask (_i, "Range: bytes=0-1\r\nIf-Match: \"v0\", \"v1\"");
    assert_sent (206, "bytes 0-1/26", "ab");
    ask (_i, "Range: bytes=100-\r\nIf-None-Match: \"v1\"");
    assert_sent (304, "", "");
    ck_assert_ptr_null (carrier->type);
    ask (_i, "Range: bytes=0-1\r\nIf-Modified-Since: " DATE);
    assert_sent (304, "", "");
    ck_assert_str_eq (fake_carrier_get (carrier, "Last-Modified"), DATE);
}
END_TEST

START_TEST (if_range_must_name_this_version)
{
    ask (_i, "Range: bytes=0-1\r\nIf-Range: \"v1\"");
    assert_sent (206, "bytes 0-1/26", "ab");
    ask (_i, "Range: bytes=0-1\r\nIf-Range: " DATE);
    assert_sent (206, "bytes 0-1/26", "ab");
    assert_whole (_i, "Range: bytes=0-1\r\nIf-Range: \"v0\"");
    assert_whole (_i, "Range: bytes=0-1\r\nIf-Range: W/\"v1\"");
    assert_whole (_i, "Range: bytes=0-1\r\nIf-Range: Sun, 06 Nov 1994 08:49:38 GMT");
    assert_whole (_i, "Range: bytes=100-\r\nIf-Range: \"v0\"");
}
END_TEST

static void
send_201 (H3Event *event, gpointer user_data)
{
    h3_event_set_status (event, 201);
    senders[GPOINTER_TO_INT (user_data)](event, NULL);
}

START_TEST (only_a_200_to_get_is_cut)
{
    fake_carrier_run (carrier, "HEAD / HTTP/1.1\r\nHost: h\r\nRange: bytes=0-1", senders[_i], NULL);
    assert_sent (200, "", "");
    ck_assert_int_eq (carrier->length, 26);
    ck_assert_str_eq (fake_carrier_get (carrier, "Accept-Ranges"), "bytes");
    fake_carrier_run (carrier, "POST / HTTP/1.1\r\nHost: h\r\nRange: bytes=0-1\r\nIf-Match: \"v0\"",
                      senders[_i], NULL);
    assert_sent (200, "", LETTERS);
    fake_carrier_run (carrier, GET "Range: bytes=0-1", send_201, GINT_TO_POINTER (_i));
    assert_sent (201, "", LETTERS);
}
END_TEST

static void
send_nothing (H3Event *event, gpointer user_data)
{
    g_autoptr (GBytes) nothing = g_bytes_new_static ("", 0);

    h3_event_send_ranged_bytes (event, NULL, nothing);
}

START_TEST (nothing_has_no_ranges)
{
    fake_carrier_run (carrier, GET, send_nothing, NULL);
    assert_sent (200, "", "");
    fake_carrier_run (carrier, GET "Range: bytes=-1", send_nothing, NULL);
    assert_sent (200, "", "");
    fake_carrier_run (carrier, GET "Range: bytes=0-", send_nothing, NULL);
    ck_assert_uint_eq (carrier->status, 416);
    ck_assert_str_eq (fake_carrier_get (carrier, "Content-Range"), "bytes */0");
}
END_TEST

static void
send_odd_tag (H3Event *event, gpointer user_data)
{
    h3_event_set_header (event, "ETag", "no quotes");
    h3_event_send_ranged_bytes (event, NULL, letters);
}

START_TEST (tag_that_is_none_matches_nothing)
{
    fake_carrier_run (carrier, GET "Range: bytes=0-1\r\nIf-Range: no quotes", send_odd_tag, NULL);
    assert_sent (200, "", LETTERS);
    ck_assert_ptr_null (carrier->type);
    fake_carrier_run (carrier, GET "Range: bytes=0-1,4-4", send_odd_tag, NULL);
    ck_assert_uint_eq (carrier->status, 206);
    ck_assert_ptr_nonnull (strstr (carrier->sent->str, "\r\nContent-Range: bytes 4-4/26\r\n\r\ne"));
    ck_assert_ptr_null (strstr (carrier->sent->str, "Content-Type"));
}
END_TEST

static void
send_and_look (H3Event *event, gpointer user_data)
{
    gboolean in_parts = GPOINTER_TO_INT (user_data);

    h3_event_send_ranged_bytes (event, NULL, letters);
    if (in_parts)
        ck_assert_ptr_eq (event->response.body.parts.bytes, letters);
    else
        ck_assert_ptr_eq (g_bytes_get_data (event->response.body.bytes, NULL),
                          (const char *) g_bytes_get_data (letters, NULL) + 3);
}

START_TEST (bytes_are_referenced_and_not_copied)
{
    fake_carrier_run (carrier, GET "Range: bytes=3-5", send_and_look, GINT_TO_POINTER (FALSE));
    ck_assert_uint_eq (carrier->body_kind, BODY_BYTES);
    fake_carrier_run (carrier, GET "Range: bytes=3-5,7-7", send_and_look, GINT_TO_POINTER (TRUE));
    ck_assert_uint_eq (carrier->body_kind, BODY_PARTS);
}
END_TEST

START_TEST (files_leave_no_descriptor)
{
    guint descriptors = suite_count_descriptors ();

    ask (1, "Range: bytes=0-1,3-3,5-5");
    ask (1, "Range: bytes=0-1");
    ask (1, "Range: bytes=100-");
    ask (1, "If-None-Match: *");
    fake_carrier_run (carrier, "HEAD / HTTP/1.1\r\nHost: h", send_file, NULL);
    ck_assert_uint_eq (suite_count_descriptors (), descriptors);
}
END_TEST

START_TEST (who_makes_the_bytes_is_asked_for_a_piece_and_freed_once)
{
    big_size = G_MAXINT64;
    fake_carrier_run (carrier, GET "Range: bytes=1000000-1099999", send_big, NULL);
    ck_assert_uint_eq (carrier->sent->len, 100000);
    ck_assert_str_eq (fake_carrier_get (carrier, "Content-Range"),
                      "bytes 1000000-1099999/9223372036854775807");
    ck_assert_uint_eq (most, 65536);
    ck_assert_uint_eq (n_freed, 1);
    fake_carrier_run (carrier, GET "Range: bytes=-1,0-0", send_big, NULL);
    ck_assert_uint_eq (carrier->status, 206);
    ck_assert_uint_eq (n_freed, 2);
    fake_carrier_run (carrier, "HEAD / HTTP/1.1\r\nHost: h", send_big, NULL);
    ck_assert_int_eq (carrier->length, G_MAXINT64);
    ck_assert_uint_eq (n_freed, 3);
    ask (2, "If-Match: \"v0\"");
    ask (2, "Range: bytes=100-");
    ck_assert_uint_eq (n_freed, 5);
}
END_TEST

START_TEST (parts_whose_sum_is_no_length_give_the_whole)
{
    big_size = G_MAXINT64;
    fault = 0;
    fake_carrier_run (carrier, GET "Range: bytes=0-0,2-", send_big, NULL);
    ck_assert_uint_eq (carrier->status, 200);
    ck_assert_int_eq (carrier->length, G_MAXINT64);
    ck_assert_str_eq (carrier->type, "text/plain");
    ck_assert_uint_eq (n_freed, 1);
}
END_TEST

START_TEST (who_fails_to_make_the_bytes_ends_them)
{
    fault = 6;
    fake_carrier_run (carrier, GET "Range: bytes=0-9", send_made, NULL);
    ck_assert_str_eq (carrier->sent->str, "abcdef");
    ck_assert_uint_eq (n_freed, 1);
}
END_TEST

static void
answer_twice (H3Event *event, gpointer user_data)
{
    h3_event_send_text (event, "once");
    send_made (event, NULL);
    send_letters (event, NULL);
}

static GLogWriterOutput
drop_warning (GLogLevelFlags level, const GLogField *fields, gsize n_fields, gpointer user_data)
{
    return G_LOG_WRITER_HANDLED;
}

START_TEST (second_answer_is_dropped_and_freed)
{
    g_log_set_writer_func (drop_warning, NULL, NULL);
    g_log_set_always_fatal (G_LOG_FATAL_MASK);
    fake_carrier_run (carrier, GET, answer_twice, NULL);
    ck_assert_str_eq (carrier->sent->str, "once");
    ck_assert_uint_eq (n_freed, 1);
}
END_TEST

static void
add_cases (Suite *suite)
{
    TCase *each = tcase_create ("each sender");
    TCase *some = tcase_create ("one sender");
    const int n = G_N_ELEMENTS (senders);

    tcase_add_checked_fixture (each, set_up, tear_down);
    tcase_add_loop_test (each, one_range_is_sent_alone, 0, n);
    tcase_add_loop_test (each, ranges_that_touch_are_one, 0, n);
    tcase_add_loop_test (each, several_ranges_are_parts_in_the_order_asked_for, 0, n);
    tcase_add_loop_test (each, ranges_that_do_not_count_give_the_whole, 0, n);
    tcase_add_loop_test (each, ranges_that_lie_outside_are_416, 0, n);
    tcase_add_loop_test (each, too_many_ranges_give_the_whole, 0, n);
    tcase_add_loop_test (each, conditions_come_before_ranges, 0, n);
    tcase_add_loop_test (each, if_range_must_name_this_version, 0, n);
    tcase_add_loop_test (each, only_a_200_to_get_is_cut, 0, n);
    tcase_add_checked_fixture (some, set_up, tear_down);
    tcase_add_test (some, nothing_has_no_ranges);
    tcase_add_test (some, tag_that_is_none_matches_nothing);
    tcase_add_test (some, bytes_are_referenced_and_not_copied);
    tcase_add_test (some, files_leave_no_descriptor);
    tcase_add_test (some, who_makes_the_bytes_is_asked_for_a_piece_and_freed_once);
    tcase_add_test (some, parts_whose_sum_is_no_length_give_the_whole);
    tcase_add_test (some, who_fails_to_make_the_bytes_ends_them);
    tcase_add_test (some, second_answer_is_dropped_and_freed);
    suite_add_tcase (suite, each);
    suite_add_tcase (suite, some);
}

int
main (void)
{
    return suite_run ("http/ranged-answer", add_cases);
}
