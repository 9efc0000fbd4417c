/* SPDX-License-Identifier: MIT */

#include "h3/http/trailer.h"

#include "tests/support/suite.h"

#include <h3/http/response-inside.h>

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
    n_warnings = 0;
}

START_TEST (framing_routing_and_control_are_no_trailers)
{
    static const char *const forbidden[] = {
        "Content-Length", "transfer-encoding", "TRAILER",     "Host",
        "Authorization",  "Set-Cookie",        "If-Match",    "X-Forwarded-For",
        "Content-Type",   "Connection",        "Sec-Fetch-A", "Cache-Control",
    };
    static const char *const allowed[] = { "X-Sum", "Content-Digest", "ETag",   "Server-Timing",
                                           "If",    "Hosts",          "Grpc-A", "X-Forwarded" };

    for (guint i = 0; i < G_N_ELEMENTS (forbidden); i++)
        ck_assert_msg (!trailer_is_allowed (h3_view_of (forbidden[i])), "%s", forbidden[i]);
    for (guint i = 0; i < G_N_ELEMENTS (allowed); i++)
        ck_assert_msg (trailer_is_allowed (h3_view_of (allowed[i])), "%s", allowed[i]);
}
END_TEST

START_TEST (trailers_refuse_what_would_harm_the_answer)
{
    static const char *const names[] = { "Content-Length", "A B", "A:", "", "A\r\nB" };
    static const char *const values[] = { "a\r\nSet-Cookie: b", "a\n", "a\rb", "\x01", "\x7f" };
    Trailers *trailers;

    set_up ();
    trailers = trailers_new ();
    for (guint i = 0; i < G_N_ELEMENTS (names); i++) {
        ck_assert (!trailers_declare (trailers, names[i]));
        ck_assert_uint_eq (n_warnings, i + 1);
    }
    ck_assert_uint_eq (h3_headers_get_size (trailers->declared), 0);
    ck_assert (trailers_declare (trailers, "X-Sum"));
    n_warnings = 0;
    for (guint i = 0; i < G_N_ELEMENTS (values); i++) {
        ck_assert (!trailers_set (trailers, "X-Sum", values[i]));
        ck_assert_uint_eq (n_warnings, i + 1);
    }
    ck_assert_uint_eq (h3_headers_get_size (trailers->fields), 0);
    trailers_free (trailers);
    trailers_free (NULL);
}
END_TEST

START_TEST (trailers_are_declared_first)
{
    H3Response response;

    set_up ();
    response_init (&response);
    ck_assert (response_declare_trailer (&response, "X-Sum"));
    ck_assert (response_declare_trailer (&response, "x-sum"));
    ck_assert_str_eq (h3_response_get_header (&response, "Trailer"), "X-Sum");
    response.is_final = TRUE;
    ck_assert_uint_eq (n_warnings, 0);
    ck_assert (!response_declare_trailer (&response, "X-Late"));
    ck_assert_uint_eq (n_warnings, 1);
    ck_assert (!trailers_set (response.trailers, "X-Late", "1"));
    ck_assert_uint_eq (n_warnings, 2);
    ck_assert (trailers_set (response.trailers, "x-SUM", "1"));
    ck_assert_uint_eq (h3_headers_get_size (response.trailers->fields), 1);
    response_clear (&response);
    ck_assert_ptr_null (response.trailers);
}
END_TEST

static void
add_cases (Suite *suite)
{
    suite_add_case (suite, "trailers", framing_routing_and_control_are_no_trailers,
                    trailers_refuse_what_would_harm_the_answer, trailers_are_declared_first, NULL);
}

int
main (void)
{
    g_log_set_writer_func (count_warning, NULL, NULL);
    return suite_run ("http/trailer", add_cases);
}
