/* SPDX-License-Identifier: MIT */

#include "trace.h"

START_TEST (middleware_stands_around_in_order)
{
    g_autoptr (H3App) app = h3_app_new ();
    H3App *group = h3_app_group (app, "/g");
    H3Route *route = h3_app_get (group, "/x", say_h, NULL);

    h3_app_use_for (group, route, wrapper ("r"));
    h3_app_use (group, "/", wrapper ("c"));
    h3_app_use (app, "/", wrapper ("a"));
    h3_app_use (app, "/g", wrapper ("b"));
    h3_app_use (group, "/x", wrapper ("d"));
    assert_status (ask (app, "GET", "/g/x"), 200);
    assert_trace ("abcdrhRDCBA");
}
END_TEST

START_TEST (middleware_applies_where_it_stands)
{
    g_autoptr (H3App) app = h3_app_new ();
    H3App *group = h3_app_group (app, "/g");

    h3_app_use (app, "/g", wrapper ("a"));
    h3_app_use (app, "/g/y/", wrapper ("b"));
    h3_app_use (group, "/", wrapper ("c"));
    h3_app_get (app, "/**", say_h, NULL);
    h3_app_get (group, "/:p", say_h, NULL);
    h3_app_get (app, "/gg", say_h, NULL);
    assert_status (ask (app, "GET", "/g/x"), 200);
    note (" ");
    assert_status (ask (app, "GET", "/g/y"), 200);
    note (" ");
    assert_status (ask (app, "GET", "/g/y/z"), 200);
    note (" ");
    assert_status (ask (app, "GET", "/gg"), 200);
    note (" ");
    assert_status (ask (app, "GET", "/g/yy"), 200);
    assert_trace ("achCA abchCBA abchCBA h achCA");
}
END_TEST

START_TEST (middleware_runs_where_no_route_is)
{
    g_autoptr (H3App) app = h3_app_new ();

    h3_app_use (app, "/", wrapper ("a"));
    h3_app_use (app, "/x", wrapper ("b"));
    h3_app_get (app, "/x", say_h, NULL);
    assert_status (ask (app, "GET", "/y"), 404);
    assert_status (ask (app, "POST", "/x"), 405);
    assert_status (ask (app, "OPTIONS", "/x"), 204);
    assert_trace ("aAabBAabBA");
}
END_TEST

static gboolean
has_flag (H3Event *event, gpointer user_data)
{
    return h3_event_get_query (event, user_data) != NULL;
}

START_TEST (middleware_goes_by_method_and_predicate)
{
    g_autoptr (H3App) app = h3_app_new ();
    H3Middleware *posts = wrapper ("p");
    H3Middleware *gets = wrapper ("g");
    H3Middleware *flagged = wrapper ("f");

    h3_middleware_set_methods (posts, "POST PUT");
    h3_middleware_set_methods (gets, "GET");
    h3_middleware_set_predicate (flagged, has_flag, (gpointer) "f", NULL);
    h3_app_use (app, "/", posts);
    h3_app_use (app, "/", gets);
    h3_app_use (app, "/", flagged);
    h3_app_all (app, "/", say_h, NULL);
    assert_status (ask (app, "GET", "/"), 200);
    assert_status (ask (app, "HEAD", "/"), 200);
    assert_status (ask (app, "PUT", "/?f=1"), 200);
    assert_trace ("ghGghGpfhFP");
}
END_TEST

static gboolean
go_on (gpointer data)
{
    note ("t");
    h3_event_next (data);
    return G_SOURCE_REMOVE;
}

static void
wait_a_while (H3Event *event, gpointer user_data)
{
    GSource *source = g_timeout_source_new (1);

    g_source_set_callback (source, go_on, h3_event_defer (event), (GDestroyNotify) h3_event_unref);
    g_source_attach (source, g_main_context_get_thread_default ());
    g_source_unref (source);
}

START_TEST (next_may_be_called_later)
{
    g_autoptr (H3App) app = h3_app_new ();

    h3_app_use (app, "/", wrapper ("a"));
    h3_app_use (app, "/", h3_middleware_new (wait_a_while, NULL, NULL));
    h3_app_use (app, "/", wrapper ("b"));
    h3_app_get (app, "/", say_h, NULL);
    assert_gets (app, "/", "h");
    assert_trace ("aAtbhB");
}
END_TEST

START_TEST (next_need_not_be_called)
{
    g_autoptr (H3App) app = h3_app_new ();

    h3_app_use (app, "/", wrapper ("a"));
    h3_app_use (app, "/", h3_middleware_new (say, (gpointer) "no further", NULL));
    h3_app_get (app, "/", say_h, NULL);
    assert_gets (app, "/", "no further");
    assert_trace ("aA");
}
END_TEST

static void
change_behind (H3Event *event, gpointer user_data)
{
    h3_event_next (event);
    ck_assert (h3_event_is_answered (event));
    h3_event_set_status (event, 201);
    h3_event_set_header (event, "X-Late", "yes");
}

START_TEST (the_answer_may_be_changed_behind_next)
{
    g_autoptr (H3App) app = h3_app_new ();
    g_autoptr (H3Injected) answer = NULL;

    h3_app_use (app, "/", h3_middleware_new (change_behind, NULL, NULL));
    h3_app_get (app, "/", say_h, NULL);
    answer = ask (app, "GET", "/");
    ck_assert_uint_eq (h3_injected_get_status (answer), 201);
    ck_assert_str_eq (h3_injected_get_header (answer, "X-Late"), "yes");
    ck_assert_str_eq (h3_injected_get_text (answer), "h");
}
END_TEST

static void
log_status (H3Event *event, H3Outcome outcome, gpointer user_data)
{
    g_string_append_printf (trace, "%u/%d", h3_response_get_status (h3_event_get_response (event)),
                            outcome);
}

static void
logger (H3Event *event, gpointer user_data)
{
    h3_event_on_dispose (event, log_status, NULL, NULL);
    h3_event_next (event);
    note ("returned ");
}

START_TEST (a_logger_sees_the_status_of_a_slow_handler)
{
    g_autoptr (H3App) app = h3_app_new ();

    h3_app_use (app, "/", h3_middleware_new (logger, NULL, NULL));
    h3_app_get (app, "/", slow, NULL);
    assert_status (ask (app, "GET", "/"), 202);
    assert_trace ("returned 202/0");
}
END_TEST

static void
add_cases (Suite *suite)
{
    const TTest *tests[] = { middleware_stands_around_in_order,
                             middleware_applies_where_it_stands,
                             middleware_runs_where_no_route_is,
                             middleware_goes_by_method_and_predicate,
                             next_may_be_called_later,
                             next_need_not_be_called,
                             the_answer_may_be_changed_behind_next,
                             a_logger_sees_the_status_of_a_slow_handler,
                             NULL };

    add_traced (suite, "onion", tests);
}

int
main (void)
{
    return suite_run ("app/chain", add_cases);
}
