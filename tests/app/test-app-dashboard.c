/* SPDX-License-Identifier: MIT */

#include "ask.h"

#include "h3/app/app-dashboard.h"
#include "h3/monitor/dashboard-private.h"

#include <string.h>

static H3App *app;             /* owned */
static H3Metrics *metrics;     /* owned */
static H3Dashboard *dashboard; /* owned */

static void
set_up (void)
{
    app = h3_app_new ();
    metrics = h3_metrics_new ();
    dashboard = h3_dashboard_new (metrics);
    h3_app_use (app, "/", h3_metrics_new_middleware (metrics));
}

static void
tear_down (void)
{
    g_clear_object (&app);
    g_clear_pointer (&dashboard, h3_dashboard_unref);
    g_clear_pointer (&metrics, h3_metrics_unref);
}

static const char *
get_field (H3Injected *injected, const char *name)
{
    const char *value = h3_headers_get (h3_injected_get_headers (injected), name);

    ck_assert_msg (value != NULL, "there is no %s", name);
    return value;
}

START_TEST (page_asks_for_nothing_but_its_own_files)
{
    g_autoptr (H3Injected) page = NULL;
    static const char *const files[] = { "dashboard.css", "dashboard.js", "icon.svg" };

    h3_app_add_dashboard (app, "/_h3", dashboard, NULL);
    page = ask (app, "GET", "/_h3/");
    ck_assert_uint_eq (h3_injected_get_status (page), 200);
    ck_assert_str_eq (get_field (page, "Content-Type"), "text/html; charset=utf-8");
    ck_assert_ptr_nonnull (
        strstr (get_field (page, "Content-Security-Policy"), "default-src 'none'"));
    ck_assert_ptr_null (strstr (get_field (page, "Content-Security-Policy"), "unsafe"));
    ck_assert_ptr_null (strstr (h3_injected_get_text (page), "//"));
    for (guint i = 0; i < G_N_ELEMENTS (files); i++)
        ck_assert_ptr_nonnull (strstr (h3_injected_get_text (page), files[i]));
}
END_TEST

START_TEST (files_are_served_and_kept)
{
    static const char *const files[][2] = {
        { "/_h3/dashboard.css", "text/css; charset=utf-8" },
        { "/_h3/dashboard.js", "text/javascript; charset=utf-8" },
        { "/_h3/charts.js", "text/javascript; charset=utf-8" },
        { "/_h3/panels.js", "text/javascript; charset=utf-8" },
        { "/_h3/format.js", "text/javascript; charset=utf-8" },
        { "/_h3/icon.svg", "image/svg+xml" },
    };

    h3_app_add_dashboard (app, "/_h3", dashboard, NULL);
    for (guint i = 0; i < G_N_ELEMENTS (files); i++) {
        g_autoptr (H3Injected) file = ask (app, "GET", files[i][0]);
        g_autofree char *etag = g_strdup (get_field (file, "ETag"));
        g_autoptr (H3Injected) again = ask_field (app, files[i][0], "If-None-Match", etag);

        ck_assert_uint_eq (h3_injected_get_status (file), 200);
        ck_assert_str_eq (get_field (file, "Content-Type"), files[i][1]);
        ck_assert_str_eq (get_field (file, "Cache-Control"), "private, no-cache");
        ck_assert_ptr_nonnull (strstr (h3_injected_get_text (file), "SPDX"));
        ck_assert_uint_eq (h3_injected_get_status (again), 304);
    }
    ck_assert_uint_eq (ask_status (app, "GET", "/_h3/dashboard.gresource.xml"), 404);
    ck_assert_uint_eq (ask_status (app, "GET", "/_h3/..%2Ficon.svg"), 404);
    ck_assert_uint_eq (ask_status (app, "POST", "/_h3/"), 405);
}
END_TEST

START_TEST (path_without_its_slash_leads_to_the_page)
{
    g_autoptr (H3App) site = h3_app_new ();
    g_autoptr (H3Injected) led = NULL;

    h3_app_add_dashboard (app, "/watch", dashboard, NULL);
    h3_app_mount (site, "/inner", app);
    led = ask (site, "GET", "/inner/watch");
    ck_assert_uint_eq (h3_injected_get_status (led), 308);
    ck_assert_str_eq (get_field (led, "Location"), "/inner/watch/");
    ck_assert_uint_eq (ask_status (site, "GET", "/inner/watch/"), 200);
}
END_TEST

static void
refuse (H3Event *event, gpointer user_data)
{
    h3_event_fail_status (event, 403, NULL);
}

START_TEST (guard_stands_before_all_of_it)
{
    h3_app_add_dashboard (app, "/_h3", dashboard, h3_middleware_new (refuse, NULL, NULL));
    h3_app_get (app, "/other", say, (gpointer) "open");
    ck_assert_uint_eq (ask_status (app, "GET", "/_h3"), 403);
    ck_assert_uint_eq (ask_status (app, "GET", "/_h3/"), 403);
    ck_assert_uint_eq (ask_status (app, "GET", "/_h3/dashboard.js"), 403);
    ck_assert_uint_eq (ask_status (app, "GET", "/_h3/events"), 403);
    assert_gets (app, "/other", "open");
}
END_TEST

START_TEST (looking_is_not_measured)
{
    g_autofree char *text = NULL;

    h3_app_add_dashboard (app, "/_h3", dashboard, NULL);
    h3_app_get (app, "/other", say, (gpointer) "open");
    ck_assert_uint_eq (ask_status (app, "GET", "/_h3/"), 200);
    ck_assert_uint_eq (ask_status (app, "GET", "/other"), 200);
    text = h3_metrics_to_text (metrics, H3_METRICS_PROMETHEUS);
    ck_assert_ptr_nonnull (strstr (text, "/other"));
    ck_assert_ptr_null (strstr (text, "_h3/"));
}
END_TEST

static char *
say_nothing (gpointer user_data)
{
    return NULL;
}

static void
count (gpointer user_data)
{
    ++*(guint *) user_data;
}

static void
add_long_plan (H3Workflows *workflows, const char *name, guint n_steps)
{
    g_autoptr (GString) text = g_string_new (NULL);
    g_autoptr (GError) error = NULL;
    g_autoptr (H3Plan) plan = NULL;

    g_string_printf (text, "{\"name\": \"%s\", \"steps\": [", name);
    for (guint i = 0; i < n_steps; i++)
        g_string_append_printf (text,
                                "%s{\"id\": \"a-step-with-a-long-name-%u\", \"run\": [\"true\"]}",
                                i > 0 ? ", " : "", i);
    g_string_append (text, "]}");
    plan = h3_plan_new_from_text (text->str, -1, &error);
    g_assert_no_error (error);
    ck_assert (h3_workflows_add_plan (workflows, plan, &error));
}

/* What is too large to be drawn is left out, and the rest of the panel is there. */
START_TEST (long_plans_leave_the_panel_of_workflows_readable)
{
    g_autoptr (H3Workflows) workflows = h3_workflows_new ();
    g_autoptr (Traffic) traffic = traffic_new (metrics, 0);
    g_autofree char *numbers = NULL;

    add_long_plan (workflows, "long", 1000);
    add_long_plan (workflows, "longer", 999);
    add_long_plan (workflows, "short", 2);
    ck_assert (h3_app_dashboard_add_workflows (dashboard, workflows));
    numbers = dashboard_read_numbers (dashboard, traffic);
    ck_assert_msg (strstr (numbers, "too much") == NULL, "the panel has its bound");
    ck_assert_ptr_nonnull (strstr (numbers, "Runs under way"));
    ck_assert_ptr_nonnull (strstr (numbers, "\"title\":\"short\""));
}
END_TEST

START_TEST (panels_have_names_of_their_own)
{
    guint n = 0;

    ck_assert (h3_dashboard_add_panel (dashboard, "queue", "Queue", say_nothing, &n, count));
    ck_assert (!h3_dashboard_add_panel (dashboard, "queue", "Queue", say_nothing, &n, count));
    ck_assert_uint_eq (n, 1);
    ck_assert (!h3_dashboard_add_panel (dashboard, "a b", "Queue", say_nothing, &n, count));
    ck_assert (!h3_dashboard_add_panel (dashboard, "", "Queue", say_nothing, &n, count));
    ck_assert_uint_eq (n, 3);
    ck_assert (h3_dashboard_add_panel (dashboard, "other-1", "Queue", say_nothing, &n, count));
    g_clear_pointer (&dashboard, h3_dashboard_unref);
    ck_assert_uint_eq (n, 5);
}
END_TEST

static void
add (Suite *suite)
{
    TCase *page = tcase_create ("page");

    tcase_add_checked_fixture (page, set_up, tear_down);
    tcase_add_test (page, page_asks_for_nothing_but_its_own_files);
    tcase_add_test (page, files_are_served_and_kept);
    tcase_add_test (page, path_without_its_slash_leads_to_the_page);
    tcase_add_test (page, guard_stands_before_all_of_it);
    tcase_add_test (page, looking_is_not_measured);
    tcase_add_test (page, panels_have_names_of_their_own);
    tcase_add_test (page, long_plans_leave_the_panel_of_workflows_readable);
    suite_add_tcase (suite, page);
}

int
main (void)
{
    return suite_run ("app/dashboard", add);
}
