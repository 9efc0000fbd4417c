/* SPDX-License-Identifier: MIT */

#include "tests/app/ask.h"

#include <h3/batteries/trace.h>
#include <h3/http/trace-context.h>

#define TRACE  "4bf92f3577b34da6a3ce929d0e0e4736"
#define SPAN   "00f067aa0ba902b7"
#define PARENT "00-" TRACE "-" SPAN "-01"

static void
tell (H3Event *event, gpointer user_data)
{
    g_autofree char *text =
        g_strdup_printf ("%s %s", h3_event_get_request_id (event), h3_event_get_trace_id (event));

    h3_event_send_text (event, text);
}

static void
refuse (H3Event *event, gpointer user_data)
{
    h3_event_fail_status (event, 403, NULL);
}

/* (transfer full): an app with this middleware and two routes. */
static H3App *
make_app (H3TraceFlags flags)
{
    H3App *app = h3_app_new_with_preset (H3_PRESET_TESTING);

    h3_app_use (app, "/", h3_trace_new (flags));
    h3_app_get (app, "/", tell, NULL);
    h3_app_get (app, "/refused", refuse, NULL);
    return app;
}

START_TEST (answers_tell_the_request_id)
{
    g_autoptr (H3App) app = make_app (H3_TRACE_TELL_REQUEST_ID);
    g_autoptr (H3Injected) answer = ask_field (app, "/", "traceparent", PARENT);
    const char *id = h3_injected_get_header (answer, "X-Request-Id");
    g_autofree char *text = g_strdup_printf ("%s " TRACE, id);

    ck_assert_str_eq (h3_injected_get_text (answer), text);
    ck_assert_ptr_null (h3_injected_get_header (answer, "traceresponse"));
}
END_TEST

START_TEST (answers_tell_the_trace)
{
    g_autoptr (H3App) app = make_app (H3_TRACE_TELL_TRACE);
    g_autoptr (H3Injected) answer = ask_field (app, "/", "traceparent", PARENT);
    const char *trace = h3_injected_get_header (answer, "traceresponse");

    ck_assert_ptr_nonnull (trace);
    ck_assert_uint_eq (strlen (trace), strlen (PARENT));
    ck_assert (g_str_has_prefix (trace, "00-" TRACE "-"));
    ck_assert (g_str_has_suffix (trace, "-01"));
    ck_assert_str_ne (trace, PARENT);
    ck_assert_ptr_null (h3_injected_get_header (answer, "X-Request-Id"));
}
END_TEST

static void
assert_told (H3Injected *answer, guint status)
{
    ck_assert_uint_eq (h3_injected_get_status (answer), status);
    ck_assert_ptr_nonnull (h3_injected_get_header (answer, "X-Request-Id"));
    ck_assert_ptr_nonnull (h3_injected_get_header (answer, "traceresponse"));
    h3_injected_unref (answer);
}

START_TEST (answers_to_errors_tell_it_too)
{
    g_autoptr (H3App) app = make_app (H3_TRACE_TELL_REQUEST_ID | H3_TRACE_TELL_TRACE);

    assert_told (ask (app, "GET", "/refused"), 403);
    assert_told (ask (app, "GET", "/none"), 404);
    assert_told (ask_raw (app, "GET / HTTP/1.1\r\n\r\n"), 400);
    assert_told (ask_raw (app, "GET / HTTP/2.0\r\n\r\n"), 505);
}
END_TEST

START_TEST (nothing_is_told_unless_asked_for)
{
    g_autoptr (H3App) app = make_app (H3_TRACE_DEFAULT);
    g_autoptr (H3Injected) answer = ask_field (app, "/", "traceparent", PARENT);

    ck_assert_ptr_nonnull (strstr (h3_injected_get_text (answer), TRACE));
    ck_assert_ptr_null (h3_injected_get_header (answer, "X-Request-Id"));
    ck_assert_ptr_null (h3_injected_get_header (answer, "traceresponse"));
}
END_TEST

START_TEST (trace_of_strangers_may_count_for_nothing)
{
    g_autoptr (H3App) app = make_app (H3_TRACE_TRUST_PROXIES_ONLY);
    g_autoptr (H3Injected) answer = ask_field (app, "/", "traceparent", PARENT);

    ck_assert_uint_eq (h3_injected_get_status (answer), 200);
    ck_assert_ptr_null (strstr (h3_injected_get_text (answer), TRACE));
}
END_TEST

static void
add_tests (Suite *suite)
{
    suite_add_case (suite, "trace", answers_tell_the_request_id, answers_tell_the_trace,
                    answers_to_errors_tell_it_too, nothing_is_told_unless_asked_for,
                    trace_of_strangers_may_count_for_nothing, NULL);
}

int
main (void)
{
    return suite_run ("batteries/trace", add_tests);
}
