/* SPDX-License-Identifier: MIT */

#include "h3/batteries/access-log-line.h"
#include "tests/support/suite.h"

#include <jansson.h>
#include <stdlib.h>
#include <time.h>

/* 2026-11-21 02:30:05 UTC */
#define MOMENT 1795228205

static AccessLogRecord
make_record (void)
{
    return (AccessLogRecord){
        .client = H3_VIEW ("192.0.2.7"),
        .method = H3_VIEW ("GET"),
        .target = H3_VIEW ("/users/7?x=1"),
        .referer = H3_VIEW ("http://example.org/"),
        .user_agent = H3_VIEW ("curl/8.0"),
        .route = H3_VIEW ("/users/:id"),
        .request_id = H3_VIEW ("abc"),
        .trace_id = H3_VIEW ("4bf92f"),
        .span_id = H3_VIEW ("00f067"),
        .outcome = "sent",
        .started = MOMENT,
        .duration = 1234,
        .bytes = 321,
        .status = 200,
        .minor = 1,
    };
}

static void
set_zone (const char *zone)
{
    setenv ("TZ", zone, TRUE);
    tzset ();
}

/* (transfer full): the line, which holds no byte beyond the room that was measured, and one LF. */
static char *
write_line (AccessLogLineFormat format, const AccessLogRecord *record)
{
    gsize room = access_log_line_measure (record);
    char *line = g_malloc (room + 1);
    gsize length = access_log_line_write (format, record, line);

    ck_assert_uint_le (length, room);
    line[length] = '\0';
    ck_assert_uint_eq (strlen (line), length);
    ck_assert_ptr_eq (strchr (line, '\n'), line + length - 1);
    for (gsize i = 0; i + 1 < length; i++)
        ck_assert (line[i] >= 0x20 && line[i] < 0x7f);
    return line;
}

static void
assert_line (AccessLogLineFormat format, const AccessLogRecord *record, const char *expected)
{
    g_autofree char *line = write_line (format, record);

    ck_assert_str_eq (line, expected);
}

static void
assert_json_member (json_t *object, const char *name, const char *expected)
{
    ck_assert_msg (json_is_string (json_object_get (object, name)), "%s is missing", name);
    ck_assert_str_eq (json_string_value (json_object_get (object, name)), expected);
}

/* (transfer full) */
static json_t *
read_json (const AccessLogRecord *record)
{
    g_autofree char *line = write_line (LINE_JSON, record);
    json_t *object = json_loads (line, JSON_REJECT_DUPLICATES | JSON_ALLOW_NUL, NULL);

    ck_assert_msg (object != NULL, "no JSON: %s", line);
    return object;
}

START_TEST (line_is_apaches_common_format)
{
    AccessLogRecord record = make_record ();

    set_zone ("UTC0");
    assert_line (LINE_COMMON, &record,
                 "192.0.2.7 - - [21/Nov/2026:02:30:05 +0000] \"GET /users/7?x=1 HTTP/1.1\" 200 "
                 "321\n");
}
END_TEST

START_TEST (line_is_apaches_combined_format)
{
    AccessLogRecord record = make_record ();

    set_zone ("UTC0");
    assert_line (LINE_COMBINED, &record,
                 "192.0.2.7 - - [21/Nov/2026:02:30:05 +0000] \"GET /users/7?x=1 HTTP/1.1\" 200 "
                 "321 \"http://example.org/\" \"curl/8.0\"\n");
}
END_TEST

START_TEST (line_has_the_trace_behind_the_combined_format)
{
    AccessLogRecord record = make_record ();

    set_zone ("UTC0");
    assert_line (LINE_TRACED, &record,
                 "192.0.2.7 - - [21/Nov/2026:02:30:05 +0000] \"GET /users/7?x=1 HTTP/1.1\" 200 "
                 "321 \"http://example.org/\" \"curl/8.0\" \"abc\" \"4bf92f\"\n");
    record.request_id = record.trace_id = (H3View){ NULL, 0 };
    assert_line (LINE_TRACED, &record,
                 "192.0.2.7 - - [21/Nov/2026:02:30:05 +0000] \"GET /users/7?x=1 HTTP/1.1\" 200 "
                 "321 \"http://example.org/\" \"curl/8.0\" \"-\" \"-\"\n");
}
END_TEST

START_TEST (line_writes_a_dash_for_what_is_absent)
{
    AccessLogRecord record = { .started = MOMENT, .status = 400, .minor = 1, .outcome = "sent" };

    set_zone ("UTC0");
    assert_line (LINE_COMBINED, &record,
                 "- - - [21/Nov/2026:02:30:05 +0000] \"-\" 400 - \"-\" \"-\"\n");
}
END_TEST

START_TEST (line_has_the_user_as_one_field)
{
    static const struct {
        H3View user;
        const char *text;
    } rows[] = {
        { { NULL, 0 }, "-" },
        { { "ann", 3 }, "ann" },
        { { "", 0 }, "\"\"" },
        { { "-", 1 }, "\\x2d" },
        { { "a b\"\\", 5 }, "a\\x20b\\\"\\\\" },
        { { "\xc3\xa4 - [x] ", 9 }, "\\xc3\\xa4\\x20-\\x20[x]\\x20" },
    };
    AccessLogRecord record = make_record ();

    set_zone ("UTC0");
    for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
        g_autofree char *line = NULL;
        g_autofree char *begin = g_strdup_printf ("192.0.2.7 - %s [21/Nov", rows[i].text);

        record.user = rows[i].user;
        line = write_line (LINE_COMMON, &record);
        ck_assert_msg (g_str_has_prefix (line, begin), "%s", line);
    }
}
END_TEST

START_TEST (line_has_local_time_with_its_zone)
{
    AccessLogRecord record = make_record ();
    g_autofree char *text = NULL;
    json_t *object;

    set_zone ("XXX3:30");
    text = write_line (LINE_COMMON, &record);
    ck_assert_ptr_nonnull (strstr (text, "[20/Nov/2026:23:00:05 -0330]"));
    object = read_json (&record);
    assert_json_member (object, "time", "2026-11-20T23:00:05-03:30");
    json_decref (object);
}
END_TEST

START_TEST (line_follows_the_clock)
{
    AccessLogRecord record = make_record ();
    g_autofree char *text = NULL;

    set_zone ("UTC0");
    g_free (write_line (LINE_COMMON, &record));
    record.started++;
    text = write_line (LINE_COMMON, &record);
    ck_assert_ptr_nonnull (strstr (text, "02:30:06 +0000"));
}
END_TEST

START_TEST (line_is_json_with_all_that_is_known)
{
    AccessLogRecord record = make_record ();
    json_t *object;

    record.user = H3_VIEW ("ann");
    object = read_json (&record);
    assert_json_member (object, "client", "192.0.2.7");
    assert_json_member (object, "user", "ann");
    assert_json_member (object, "method", "GET");
    assert_json_member (object, "target", "/users/7?x=1");
    assert_json_member (object, "version", "1.1");
    assert_json_member (object, "outcome", "sent");
    assert_json_member (object, "referer", "http://example.org/");
    assert_json_member (object, "user_agent", "curl/8.0");
    assert_json_member (object, "route", "/users/:id");
    assert_json_member (object, "request_id", "abc");
    assert_json_member (object, "trace_id", "4bf92f");
    assert_json_member (object, "span_id", "00f067");
    ck_assert_int_eq (json_integer_value (json_object_get (object, "status")), 200);
    ck_assert_int_eq (json_integer_value (json_object_get (object, "bytes")), 321);
    ck_assert_int_eq (json_integer_value (json_object_get (object, "duration_us")), 1234);
    ck_assert_uint_eq (json_object_size (object), 16);
    json_decref (object);
}
END_TEST

START_TEST (line_cannot_be_forged)
{
    static const char attack[] = "a\r\n1.2.3.4 - - \"GET / HTTP/1.1\" 200 \\\" \x1b[2J\x7f\x9b\xff";
    AccessLogRecord record = make_record ();
    g_autofree char *text = NULL;

    set_zone ("UTC0");
    record.target = record.user_agent = h3_view_of (attack);
    text = write_line (LINE_COMBINED, &record);
    ck_assert_ptr_nonnull (strstr (text, "\"GET a\\x0d\\x0a1.2.3.4 - - \\\"GET / HTTP/1.1\\\" 200 "
                                         "\\\\\\\" \\x1b[2J\\x7f\\x9b\\xff HTTP/1.1\" 200 321"));
}
END_TEST

START_TEST (line_escapes_every_byte_in_every_text)
{
    char all[256];
    H3View *places[10];
    AccessLogRecord record = make_record ();

    for (int i = 0; i < 256; i++)
        all[i] = (char) i;
    places[0] = &record.client, places[1] = &record.method, places[2] = &record.target;
    places[3] = &record.referer, places[4] = &record.user_agent, places[5] = &record.route;
    places[6] = &record.request_id, places[7] = &record.trace_id, places[8] = &record.span_id;
    places[9] = &record.user;
    for (guint i = 0; i < G_N_ELEMENTS (places); i++) {
        *places[i] = h3_view (all, sizeof all);
        g_free (write_line (LINE_COMMON, &record));
        g_free (write_line (LINE_COMBINED, &record));
        g_free (write_line (LINE_TRACED, &record));
        json_decref (read_json (&record));
    }
}
END_TEST

START_TEST (line_keeps_text_in_json)
{
    static const char text[] = "\"\\ \t\r\n\x1b \x7f ä € 😀";
    AccessLogRecord record = make_record ();
    json_t *object;

    record.user_agent = h3_view_of (text);
    object = read_json (&record);
    assert_json_member (object, "user_agent", text);
    json_decref (object);
}
END_TEST

START_TEST (line_marks_in_json_what_is_not_utf8)
{
    AccessLogRecord record = make_record ();
    json_t *object;

    record.user_agent = H3_VIEW ("a\xff\xc3");
    object = read_json (&record);
    assert_json_member (object, "user_agent", "a\xef\xbf\xbd\xef\xbf\xbd");
    json_decref (object);
}
END_TEST

START_TEST (line_cuts_long_texts)
{
    g_autofree char *text = g_strnfill (60000, '\x01');
    AccessLogRecord record = make_record ();
    g_autofree char *line = NULL;

    record.target = record.user_agent = record.referer = h3_view (text, 60000);
    line = write_line (LINE_JSON, &record);
    ck_assert_uint_lt (strlen (line), 6 * (ACCESS_LOG_MAX_TARGET + 2 * ACCESS_LOG_MAX_TEXT) + 1024);
    ck_assert_uint_gt (strlen (line), 6 * (ACCESS_LOG_MAX_TARGET + 2 * ACCESS_LOG_MAX_TEXT));
}
END_TEST

static void
add_tests (Suite *suite)
{
    suite_add_case (suite, "formats", line_is_apaches_common_format,
                    line_is_apaches_combined_format, line_has_the_trace_behind_the_combined_format,
                    line_writes_a_dash_for_what_is_absent, line_has_the_user_as_one_field,
                    line_has_local_time_with_its_zone, line_follows_the_clock,
                    line_is_json_with_all_that_is_known, NULL);
    suite_add_case (suite, "escapes", line_cannot_be_forged, line_escapes_every_byte_in_every_text,
                    line_keeps_text_in_json, line_marks_in_json_what_is_not_utf8,
                    line_cuts_long_texts, NULL);
}

int
main (void)
{
    return suite_run ("batteries/access-log-line", add_tests);
}
