/* SPDX-License-Identifier: MIT */

#include "ask.h"

#include <h3/base/error.h>
#include <h3/format/json.h>

#include <jansson.h>

START_TEST (every_limit_is_held_to_its_range)
{
    guint n;
    const H3LimitInfo *row = &h3_limits_list (&n)[_i];
    g_autoptr (H3App) app = h3_app_new ();
    g_autoptr (GError) below = NULL;
    g_autoptr (GError) above = NULL;

    ck_assert (h3_app_set_limit (app, row->option, row->minimum, NULL));
    ck_assert (h3_app_set_limit (app, row->option, row->maximum, NULL));
    ck_assert (!h3_app_set_limit (app, row->option, row->minimum - 1, &below));
    ck_assert (g_error_matches (below, H3_ERROR, H3_ERROR_INVALID));
    ck_assert_ptr_nonnull (strstr (below->message, row->option));
    ck_assert (!h3_app_set_limit (app, row->option, row->maximum + 1, &above));
    ck_assert_ptr_nonnull (strstr (above->message, row->option));
}
END_TEST

START_TEST (a_limit_written_out_of_range_is_told_at_the_start)
{
    guint n;
    const H3LimitInfo *row = &h3_limits_list (&n)[_i];
    g_autoptr (H3App) app = h3_app_new_with_preset (H3_PRESET_TESTING);
    g_autoptr (GError) error = NULL;
    gint64 value = row->minimum - 1;

    memcpy ((char *) h3_server_get_limits (h3_app_get_server (app)) + row->offset, &value,
            sizeof value);
    ck_assert (!h3_app_start (app, &error));
    ck_assert (g_error_matches (error, H3_ERROR, H3_ERROR_INVALID));
    ck_assert_ptr_nonnull (strstr (error->message, row->option));
    ck_assert (!h3_server_is_running (h3_app_get_server (app)));
}
END_TEST

START_TEST (unknown_limits_are_told)
{
    g_autoptr (H3App) app = h3_app_new ();
    g_autoptr (GError) error = NULL;

    ck_assert (!h3_app_set_limit (app, "max-tarjet", 100, &error));
    ck_assert (g_error_matches (error, H3_ERROR, H3_ERROR_NOT_FOUND));
    ck_assert_ptr_nonnull (strstr (error->message, "max-tarjet"));
}
END_TEST

START_TEST (addresses_that_cannot_be_are_told)
{
    static const char *const bad[] = { "",         "localhost", "127.0.0.1", "127.0.0.1:99999",
                                       "1.2.3:80", "[::1]",     "tcp:1" };
    g_autoptr (H3App) app = h3_app_new ();

    for (guint i = 0; i < G_N_ELEMENTS (bad); i++) {
        g_autoptr (GError) error = NULL;

        ck_assert_msg (!h3_app_listen (app, bad[i], &error), "%s", bad[i]);
        ck_assert (g_error_matches (error, H3_ERROR, H3_ERROR_INVALID));
    }
}
END_TEST

START_TEST (proxies_that_cannot_be_are_told)
{
    g_autoptr (H3App) app = h3_app_new ();
    g_autoptr (GError) error = NULL;

    ck_assert (!h3_app_trust_proxy (app, "10.0.0.0/99", &error));
    ck_assert_ptr_nonnull (strstr (error->message, "10.0.0.0/99"));
    ck_assert (h3_app_trust_proxy (app, "10.0.0.0/8", NULL));
    ck_assert (h3_app_trust_proxy (app, "unix", NULL));
}
END_TEST

START_TEST (options_of_mounted_apps_are_errors)
{
    g_autoptr (H3App) app = h3_app_new ();
    H3App *group = h3_app_group (app, "/g");
    g_autoptr (GError) error = NULL;

    ck_assert (!h3_app_set_limit (group, "max-body", 1, &error));
    ck_assert (g_error_matches (error, H3_ERROR, H3_ERROR_INVALID));
    ck_assert (!h3_app_listen (group, "127.0.0.1:0", NULL));
    ck_assert (!h3_app_trust_proxy (group, "10.0.0.0/8", NULL));
}
END_TEST

START_TEST (an_app_without_an_address_does_not_start)
{
    g_autoptr (H3App) app = h3_app_new ();
    g_autoptr (GError) error = NULL;

    ck_assert (!h3_app_start (app, &error));
    ck_assert (g_error_matches (error, H3_ERROR, H3_ERROR_INVALID));
}
END_TEST

static void
answer_json (H3Event *event, gpointer user_data)
{
    h3_event_send_json (event, json_pack ("{s:i}", "a", 1));
}

static void
fail_inside (H3Event *event, gpointer user_data)
{
    h3_event_fail (event, g_error_new (H3_ERROR, H3_ERROR_FAILED, "the secret reason"));
}

START_TEST (presets_differ_as_they_say)
{
    g_autoptr (H3App) development = h3_app_new_with_preset (H3_PRESET_DEVELOPMENT);
    g_autoptr (H3App) production = h3_app_new_with_preset (H3_PRESET_PRODUCTION);
    H3App *both[] = { development, production };
    g_autoptr (H3Injected) shown = NULL;
    g_autoptr (H3Injected) hidden = NULL;

    for (guint i = 0; i < 2; i++) {
        h3_app_get (both[i], "/json", answer_json, NULL);
        h3_app_get (both[i], "/fail", fail_inside, NULL);
    }
    assert_gets (production, "/json", "{\"a\":1}");
    assert_gets (development, "/json", "{\n  \"a\": 1\n}");
    shown = ask (development, "GET", "/fail");
    hidden = ask (production, "GET", "/fail");
    ck_assert_uint_eq (h3_injected_get_status (shown), 500);
    ck_assert_uint_eq (h3_injected_get_status (hidden), 500);
    ck_assert_ptr_nonnull (strstr (h3_injected_get_text (shown), "the secret reason"));
    ck_assert_ptr_null (strstr (h3_injected_get_text (hidden), "secret"));
    ck_assert_int_eq (h3_server_get_limits (h3_app_get_server (development))->drain_time, 2000);
    ck_assert_int_eq (h3_server_get_limits (h3_app_get_server (production))->drain_time, 15000);
}
END_TEST

static H3App *
start_app (const char *text)
{
    H3App *app = h3_app_new_with_preset (H3_PRESET_TESTING);
    g_autoptr (GError) error = NULL;

    h3_app_get (app, "/", say, (gpointer) text);
    ck_assert_msg (h3_app_start (app, &error), "%s", error != NULL ? error->message : "");
    ck_assert_uint_ne (h3_server_get_port (h3_app_get_server (app)), 0);
    return app;
}

static void
stop_app (H3App *app)
{
    h3_app_stop (app);
    ck_assert (h3_server_wait (h3_app_get_server (app)));
    g_object_unref (app);
}

START_TEST (apps_live_side_by_side)
{
    H3App *one = start_app ("one");
    H3App *two = start_app ("two");

    ck_assert_uint_ne (h3_server_get_port (h3_app_get_server (one)),
                       h3_server_get_port (h3_app_get_server (two)));
    assert_gets (one, "/", "one");
    assert_gets (two, "/", "two");
    stop_app (one);
    assert_gets (two, "/", "two");
    stop_app (two);
}
END_TEST

START_TEST (a_server_is_started_with_its_app_or_not_at_all)
{
    g_autoptr (H3Server) server = NULL;
    g_autoptr (GError) error = NULL;
    H3App *app = h3_app_new_with_preset (H3_PRESET_TESTING);

    server = g_object_ref (h3_app_get_server (app));
    h3_app_get (app, "/", say, (gpointer) "it");
    ck_assert (h3_server_start (server, NULL));
    assert_gets (app, "/", "it");
    h3_server_stop (server);
    ck_assert (h3_server_wait (server));
    g_object_unref (app);
    ck_assert (!h3_server_start (server, &error));
    ck_assert (g_error_matches (error, H3_ERROR, H3_ERROR_CLOSED));
}
END_TEST

static H3Event *held; /* what a handler holds beyond its server's run */

static void
hold (H3Event *event, gpointer user_data)
{
    held = h3_event_defer (event);
}

START_TEST (a_held_event_outlives_all_else)
{
    H3App *app = h3_app_new ();

    h3_app_get (app, "/", hold, NULL);
    ck_assert (h3_app_set_limit (app, "handler-timeout", 250, NULL));
    ck_assert_uint_eq (ask_status (app, "GET", "/?a=1&b=%41"), 503);
    g_object_unref (app);
    ck_assert_str_eq (h3_event_get_query (held, "b"), "A");
    ck_assert (!h3_event_write (held, "x", 1));
    ck_assert (!h3_event_is_answered (held));
    ck_assert_str_eq (h3_request_get_path (h3_event_get_request (held)), "/");
    h3_event_send_text (held, "too late");
    h3_event_unref (held);
}
END_TEST

static void
count_freed (gpointer data)
{
    ++*(guint *) data;
}

/* Nothing is started where they cannot be taken. */
static gboolean
refuse_arguments (H3App *app, const char *const *arguments, gpointer user_data, GError **error)
{
    GPtrArray *seen = user_data;

    for (guint i = 0; arguments[i] != NULL; i++)
        g_ptr_array_add (seen, g_strdup (arguments[i]));
    g_set_error_literal (error, H3_ERROR, H3_ERROR_INVALID, "not these");
    return FALSE;
}

START_TEST (arguments_are_those_that_are_no_options)
{
    g_autoptr (H3App) app = h3_app_new ();
    g_autoptr (GPtrArray) seen = g_ptr_array_new_with_free_func (g_free);
    char *arguments[] = { (char *) "program", (char *) "--workers=1", (char *) "one",
                          (char *) "two", NULL };

    h3_app_set_arguments (app, "WHAT", refuse_arguments, seen, NULL);
    ck_assert_int_eq (h3_app_run (app, 4, arguments), 1);
    ck_assert_uint_eq (seen->len, 2);
    ck_assert_str_eq (seen->pdata[0], "one");
    ck_assert_str_eq (seen->pdata[1], "two");
    ck_assert_int_eq (h3_app_run (app, 0, NULL), 1);
    ck_assert_uint_eq (seen->len, 2);
}
END_TEST

START_TEST (data_of_arguments_ends_with_the_app_or_before_others)
{
    H3App *app = h3_app_new ();
    guint n_freed = 0;

    h3_app_set_arguments (app, "ONE", refuse_arguments, &n_freed, count_freed);
    h3_app_set_arguments (app, "TWO", refuse_arguments, &n_freed, count_freed);
    ck_assert_uint_eq (n_freed, 1);
    g_object_unref (app);
    ck_assert_uint_eq (n_freed, 2);
}
END_TEST

static void
add_cases (Suite *suite)
{
    TCase *limits = tcase_create ("limits");
    guint n;

    (void) h3_limits_list (&n);
    tcase_add_loop_test (limits, every_limit_is_held_to_its_range, 0, (int) n);
    tcase_add_loop_test (limits, a_limit_written_out_of_range_is_told_at_the_start, 0, (int) n);
    tcase_add_test (limits, unknown_limits_are_told);
    suite_add_tcase (suite, limits);
    suite_add_case (suite, "options", addresses_that_cannot_be_are_told,
                    proxies_that_cannot_be_are_told, options_of_mounted_apps_are_errors,
                    an_app_without_an_address_does_not_start, presets_differ_as_they_say,
                    arguments_are_those_that_are_no_options,
                    data_of_arguments_ends_with_the_app_or_before_others, NULL);
    suite_add_case (suite, "life", apps_live_side_by_side,
                    a_server_is_started_with_its_app_or_not_at_all, a_held_event_outlives_all_else,
                    NULL);
}

int
main (void)
{
    return suite_run ("app/options", add_cases);
}
