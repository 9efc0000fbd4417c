/* SPDX-License-Identifier: MIT */

#include "tests/support/response-cuts.h"
#include "tests/support/suite.h"

static const char no_status_line[] = "no status line of HTTP/1.1";
static const char other_version[] = "a version of HTTP that is neither 1.0 nor 1.1";
static const char bad_field[] = "a header field that is not well-formed";
static const char too_much[] = "more or longer header fields than are taken";

START_TEST (status_lines_are_taken_with_a_reason_and_without)
{
    static const struct {
        const char *line;
        guint status, minor;
        const char *reason;
    } rows[] = {
        { "HTTP/1.1 200 OK", 200, 1, "OK" },
        { "HTTP/1.0 404 Not Found", 404, 0, "Not Found" },
        { "HTTP/1.1 200 ", 200, 1, "" },
        { "HTTP/1.1 200", 200, 1, "" },
        { "HTTP/1.1 599 \t x\t ", 599, 1, "\t x\t " },
        { "HTTP/1.1 500 Gr\xc3\xb6\xdf"
          "e\x80\xff",
          500, 1,
          "Gr\xc3\xb6\xdf"
          "e\x80\xff" },
        { "HTTP/1.1 102 Processing", 102, 1, "Processing" },
        { "HTTP/1.1 299 200 OK HTTP/1.1", 299, 1, "200 OK HTTP/1.1" },
    };

    for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
        g_autofree char *text = g_strconcat (rows[i].line, "\r\n\r\n", NULL);
        ReadResponse read;

        assert_response_taken (&read, h3_view_of (text));
        ck_assert_uint_eq (read.response.status, rows[i].status);
        ck_assert_uint_eq (read.response.minor, rows[i].minor);
        ck_assert (h3_view_equal (read.response.reason, h3_view_of (rows[i].reason)));
        ck_assert_uint_eq (read.response.head.length, strlen (text));
    }
}
END_TEST

START_TEST (what_is_no_status_line_is_refused)
{
    static const char *const lines[] = {
        "\r\nHTTP/1.1 200 OK",
        "\nHTTP/1.1 200 OK",
        " HTTP/1.1 200 OK",
        "http/1.1 200 OK",
        "HXYZ/1.1 200 OK",
        "HTTP/1 200 OK",
        "HTTP/01.1 200 OK",
        "HTTP/1.01 200 OK",
        "HTTP/1,1 200 OK",
        "HTTP/x.1 200 OK",
        "HTTP/1.x 200 OK",
        "HTTP/1.1  200 OK",
        "HTTP/1.1\t200 OK",
        "HTTP/1.1200 OK",
        "HTTP/1.1 20 OK",
        "HTTP/1.1 2000 OK",
        "HTTP/1.1 099 OK",
        "HTTP/1.1 000 OK",
        "HTTP/1.1 600 OK",
        "HTTP/1.1 999 OK",
        "HTTP/1.1 2x0 OK",
        "HTTP/1.1 20x OK",
        "HTTP/1.1 +20 OK",
        "HTTP/1.1 -20 OK",
        "HTTP/1.1 200\tOK",
        "HTTP/1.1 200\nX: y",
        "HTTP/1.1 200-OK",
        "HTTP/1.1 200 O\rK",
        "HTTP/1.1 200 O\nK",
        "HTTP/1.1 200 OK\nX:y",
        "HTTP/1.1 200 \001",
        "HTTP/1.1 200 a\x7f",
        "HTTP/1.1 200 a\033",
        "ICY 200 OK",
        "200 OK",
        "HTTP/1.1",
        "GET / HTTP/1.1",
        "<html>",
        "HTTP/1.1 200\r\r",
        "SSH-2.0-OpenSSH_9.2",
        "HTTP/1.1 200 O\n\nX: y",
        "HTTP/1.1 200 O\x7f\nX: y",
    };
    ReadResponse read;

    for (guint i = 0; i < G_N_ELEMENTS (lines); i++) {
        g_autofree char *text = g_strconcat (lines[i], "\r\n\r\n", NULL);

        assert_response_refused (h3_view_of (text), no_status_line);
    }
    assert_response_refused (H3_VIEW ("HTTP/1.1 200 a\0b\r\n\r\n"), no_status_line);
    assert_response_refused (H3_VIEW ("\0"), no_status_line);
    response_read_cut (&read, H3_VIEW ("HTTP/1.1 2000"), NULL, 0);
    ck_assert_ptr_nonnull (read.fault);
}
END_TEST

START_TEST (other_versions_are_refused_as_such)
{
    static const char *const versions[] = { "HTTP/1.2", "HTTP/1.9", "HTTP/2.0",
                                            "HTTP/0.9", "HTTP/3.1", "HTTP/9.9" };

    for (guint i = 0; i < G_N_ELEMENTS (versions); i++) {
        g_autofree char *text = g_strconcat (versions[i], " 200 OK\r\n\r\n", NULL);

        assert_response_refused (h3_view_of (text), other_version);
    }
}
END_TEST

START_TEST (fields_are_linted_as_those_of_requests)
{
    static const char *const lines[] = {
        "X : y\r\n",   ": y\r\n",    "X\r\n",          " X: y\r\n",     "\tX: y\r\n",
        "X: y\n",      "X: y\r\r\n", "X: a\r\n b\r\n", "X: a\001\r\n",  "X:\x7f\r\n",
        "X: a\rb\r\n", "X(: y\r\n",  "X\x80: y\r\n",   "X: y\r\nY\r\n", "X: y\r\n\rZ: z\r\n",
    };

    for (guint i = 0; i < G_N_ELEMENTS (lines); i++) {
        g_autofree char *first = g_strconcat ("HTTP/1.1 200 OK\r\n", lines[i], "\r\n", NULL);
        g_autofree char *second =
            g_strconcat ("HTTP/1.1 200 OK\r\nA: b\r\n", lines[i], "\r\n", NULL);

        assert_response_refused (h3_view_of (first), bad_field);
        assert_response_refused (h3_view_of (second), bad_field);
    }
    assert_response_refused (H3_VIEW ("HTTP/1.1 200 OK\r\nX: a\0b\r\n\r\n"), bad_field);
}
END_TEST

START_TEST (fields_are_found_by_place_and_by_name)
{
    H3View bytes = H3_VIEW ("HTTP/1.1 200 OK\r\nServer:x\r\nSet-Cookie: a=b\r\nEmpty:\r\n"
                            "set-cookie:\t c=d \t\r\nContent-Length: 3\r\nX: \xe4\r\n\r\nabc");
    ReadResponse read;

    assert_response_taken (&read, bytes);
    ck_assert_uint_eq (read.response.head.n_fields, 6);
    ck_assert_uint_eq (read.response.head.length, bytes.length - 3);
    ck_assert (h3_view_equal (http1_response_get_name (&read.response, 3), H3_VIEW ("set-cookie")));
    ck_assert (h3_view_equal (http1_response_get_value (&read.response, 3), H3_VIEW ("c=d")));
    ck_assert (h3_view_equal (http1_response_lookup (&read.response, H3_VIEW ("SET-COOKIE")),
                              H3_VIEW ("a=b")));
    ck_assert (
        h3_view_equal (http1_response_lookup (&read.response, H3_VIEW ("x")), H3_VIEW ("\xe4")));
    ck_assert_uint_eq (http1_response_lookup (&read.response, H3_VIEW ("empty")).length, 0);
    ck_assert_ptr_nonnull (http1_response_lookup (&read.response, H3_VIEW ("empty")).data);
    ck_assert_ptr_null (http1_response_lookup (&read.response, H3_VIEW ("Location")).data);
}
END_TEST

/* An answer with one line of `length` bytes, its end not counted. */
static char *
build_line (gboolean is_status_line, gsize length)
{
    const char *start = is_status_line ? "HTTP/1.1 200 " : "X: ";
    g_autofree char *filling = g_strnfill (length - strlen (start), 'a');

    return g_strconcat (is_status_line ? "" : "HTTP/1.1 200 OK\r\n", start, filling, "\r\n\r\n",
                        NULL);
}

static char *
build_head (gsize length)
{
    GString *text = g_string_new ("HTTP/1.1 200 OK\r\n");

    while (text->len + 300 < length)
        g_string_append_printf (text, "X: %0200d\r\n", 0);
    g_string_append_printf (text, "X: %0*d\r\n\r\n", (int) (length - text->len - 7), 0);
    ck_assert_uint_eq (text->len, length);
    return g_string_free (text, FALSE);
}

static char *
build_fields (guint n)
{
    GString *text = g_string_new ("HTTP/1.1 200 OK\r\n");

    for (guint i = 0; i < n; i++)
        g_string_append (text, "X: y\r\n");
    return g_string_free (g_string_append (text, "\r\n"), FALSE);
}

static void
assert_limit (char *text, int over)
{
    g_autofree char *owned = text;
    ReadResponse read;

    if (over > 0)
        assert_response_refused (h3_view_of (owned), too_much);
    else
        assert_response_taken (&read, h3_view_of (owned));
}

START_TEST (limits_hold_below_at_and_above_them)
{
    response_limits.field_line = 300;
    response_limits.head = 700;
    for (int over = -1; over <= 1; over++) {
        assert_limit (build_line (TRUE, (gsize) (300 + over)), over);
        assert_limit (build_line (FALSE, (gsize) (300 + over)), over);
        assert_limit (build_head ((gsize) (700 + over)), over);
        assert_limit (build_fields ((guint) (RESPONSE_MAX_FIELDS + over)), over);
    }
    response_limits.field_line = 800;
    response_limits.head = 256;
    for (int over = -1; over <= 1; over++)
        assert_limit (build_line (TRUE, (gsize) (252 + over)), over);
}
END_TEST

START_TEST (endless_lines_are_refused_before_their_end)
{
    static const char *const starts[] = { "HTTP/1.1 200 ", "HTTP/1.1 200 OK\r\nX",
                                          "HTTP/1.1 200 OK\r\nX: y" };

    for (guint i = 0; i < G_N_ELEMENTS (starts); i++) {
        g_autofree char *filling = g_strnfill (8300, 'a');
        g_autofree char *text = g_strconcat (starts[i], filling, NULL);
        ReadResponse read;

        response_read_cut (&read, h3_view_of (text), NULL, 0);
        ck_assert_ptr_nonnull (read.fault);
        ck_assert_str_eq (read.fault, too_much);
    }
}
END_TEST

START_TEST (head_cut_short_needs_more)
{
    H3View bytes = H3_VIEW ("HTTP/1.1 200 OK\r\nServer: x\r\n\r\n");
    ReadResponse read;

    for (gsize length = 0; length < bytes.length; length++) {
        response_read_all_ways (&read, h3_view (bytes.data, length));
        ck_assert (!read.is_over);
    }
}
END_TEST

static void
add (Suite *suite)
{
    const TTest *const tests[] = {
        status_lines_are_taken_with_a_reason_and_without,
        what_is_no_status_line_is_refused,
        other_versions_are_refused_as_such,
        fields_are_linted_as_those_of_requests,
        fields_are_found_by_place_and_by_name,
        limits_hold_below_at_and_above_them,
        endless_lines_are_refused_before_their_end,
        head_cut_short_needs_more,
    };

    response_cuts_add_tests (suite, tests, G_N_ELEMENTS (tests));
}

int
main (void)
{
    return suite_run ("wire/http1-status-line", add);
}
