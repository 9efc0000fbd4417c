/* SPDX-License-Identifier: MIT */

#include "ask.h"

#include <h3/base/error.h>
#include <h3/app/app.h>
#include <h3/route/chain.h>

#include "tests/support/test-server.h"

#define GET(path) "GET " path " HTTP/1.1\r\nHost: a\r\n\r\n"

/* What happened, in order; each test runs in a process of its own. The server's thread writes it
 * too, behind the last of its run, and h3_server_wait () comes before it is read. */
static GString *trace;

/* A component that notes what it is asked to do. */
typedef struct {
    const char *letter;
    gboolean fails_init, fails_start, says_nothing, is_ill;
} Part;

static gboolean
note (gpointer data, char what, gboolean fails, GError **error)
{
    const Part *part = data;

    g_string_append_printf (trace, "%c%s ", what, part->letter);
    if (fails && !part->says_nothing)
        g_set_error (error, H3_ERROR, H3_ERROR_FAILED, "%s is out", part->letter);
    return !fails;
}

static gboolean
init (H3App *app, gpointer data, GError **error)
{
    return note (data, 'i', ((Part *) data)->fails_init, error);
}

static gboolean
start (gpointer data, GError **error)
{
    return note (data, '+', ((Part *) data)->fails_start, error);
}

static void
stop (gpointer data)
{
    (void) note (data, '-', FALSE, NULL);
}

static gboolean
is_well (gpointer data, GError **error)
{
    const Part *part = data;

    if (part->is_ill && !part->says_nothing)
        g_set_error (error, H3_ERROR, H3_ERROR_FAILED, "%s is \"out\"\xff", part->letter);
    return !part->is_ill;
}

static void
note_freed (gpointer data)
{
    g_string_append_printf (trace, "x%s ", ((Part *) data)->letter);
}

static void
add (H3App *app, Part *part)
{
    H3Component component = { part->letter, init, start, stop, is_well };

    h3_app_add_component (app, &component, part, note_freed);
}

static void
begin (void)
{
    trace = g_string_new (NULL);
}

static void
assert_trace (const char *expected)
{
    ck_assert_str_eq (trace->str, expected);
    g_string_truncate (trace, 0);
}

static void
end (void)
{
    g_string_free (trace, TRUE);
}

START_TEST (components_begin_and_end_with_each_run)
{
    Part parts[] = { { "a" }, { "b" }, { "c" } };
    TestServer server;

    begin ();
    test_server_init (&server);
    add (h3_app_group (server.app, "/below"), &parts[2]);
    add (server.app, &parts[0]);
    add (server.app, &parts[1]);
    for (guint i = 0; i < 2; i++) {
        test_server_start (&server);
        assert_trace (i == 0 ? "ia ib ic +a +b +c " : "+a +b +c ");
        h3_app_stop (server.app);
        ck_assert (h3_server_wait (h3_app_get_server (server.app)));
        assert_trace ("-c -b -a ");
    }
    test_server_end_stopped (&server, TRUE);
    assert_trace ("xb xa xc ");
    end ();
}
END_TEST

static void
assert_start_fails (H3App *app, const char *message)
{
    g_autoptr (GError) error = NULL;

    ck_assert (!h3_app_start (app, &error));
    ck_assert_str_eq (error->message, message);
    ck_assert (!h3_server_is_running (h3_app_get_server (app)));
}

START_TEST (a_start_that_fails_undoes_those_that_were)
{
    Part parts[] = { { "a" }, { "b" }, { "c", .fails_start = TRUE }, { "d" } };
    g_autoptr (H3App) app = NULL;

    begin ();
    app = h3_app_new_with_preset (H3_PRESET_TESTING);
    for (guint i = 0; i < G_N_ELEMENTS (parts); i++)
        add (app, &parts[i]);
    assert_start_fails (app, "component 'c' cannot be started: c is out");
    assert_trace ("ia ib ic id +a +b +c -b -a ");
    parts[2].says_nothing = TRUE;
    assert_start_fails (app, "component 'c' cannot be started");
    assert_trace ("+a +b +c -b -a ");
    parts[2].fails_start = FALSE;
    ck_assert (h3_app_start (app, NULL));
    h3_app_stop (app);
    ck_assert (h3_server_wait (h3_app_get_server (app)));
    assert_trace ("+a +b +c +d -d -c -b -a ");
    g_clear_object (&app);
    test_server_run_context ();
    end ();
}
END_TEST

/* What is behind the components fails too: the address. */
START_TEST (a_server_that_cannot_listen_stops_its_components)
{
    Part part = { "a" };
    TestServer server;
    g_autoptr (H3App) second = NULL;
    g_autoptr (GError) error = NULL;

    begin ();
    test_server_init (&server);
    test_server_start (&server);
    second = h3_app_new ();
    add (second, &part);
    ck_assert (h3_app_listen (second, server.address, NULL));
    ck_assert (!h3_app_start (second, &error));
    ck_assert_ptr_nonnull (strstr (error->message, server.address));
    assert_trace ("ia +a -a ");
    g_clear_object (&second);
    test_server_end (&server);
    end ();
}
END_TEST

START_TEST (what_cannot_be_set_up_is_tried_again)
{
    Part parts[] = { { "a" }, { "b", .fails_init = TRUE }, { "c" } };
    H3App *app;

    begin ();
    app = h3_app_new_with_preset (H3_PRESET_TESTING);
    for (guint i = 0; i < G_N_ELEMENTS (parts); i++)
        add (app, &parts[i]);
    assert_start_fails (app, "component 'b' cannot be set up: b is out");
    assert_trace ("ia ib ");
    parts[1].fails_init = FALSE;
    ck_assert (h3_app_start (app, NULL));
    assert_trace ("ib ic +a +b +c ");
    h3_app_stop (app);
    ck_assert (h3_server_wait (h3_app_get_server (app)));
    g_object_unref (app);
    test_server_run_context ();
    end ();
}
END_TEST

START_TEST (two_components_do_not_share_a_name)
{
    Part parts[] = { { "a" }, { "a" } };
    g_autoptr (H3App) app = NULL;

    begin ();
    app = h3_app_new_with_preset (H3_PRESET_TESTING);
    add (app, &parts[0]);
    add (h3_app_group (app, "/below"), &parts[1]);
    assert_start_fails (app, "there are two components called 'a'");
    assert_trace ("ia ia ");
    g_clear_object (&app);
    end ();
}
END_TEST

static void
say_text (H3Event *event, gpointer user_data)
{
    h3_event_send_text (event, user_data);
}

/* It brings a route, and another component with an app of its own. */
static gboolean
init_more (H3App *app, gpointer data, GError **error)
{
    static Part more = { "more" };

    h3_app_get (app, "/more", say_text, (gpointer) "there is more");
    add (h3_app_group (app, "/below"), &more);
    return TRUE;
}

START_TEST (a_component_may_bring_routes_and_components)
{
    static const H3Component component = { .name = "first", .init = init_more };
    TestServer server;

    begin ();
    test_server_init (&server);
    h3_app_add_component (server.app, &component, NULL, NULL);
    h3_app_add_health (server.app, "/health", NULL);
    test_server_start (&server);
    assert_trace ("imore +more ");
    test_server_expect (&server, GET ("/more"), 200, "there is more");
    test_server_expect (
        &server, GET ("/health"), 200,
        "{\"components\":{\"first\":{\"status\":\"ok\"},\"more\":{\"status\":\"ok\"}},"
        "\"status\":\"ok\"}");
    test_server_end (&server);
    end ();
}
END_TEST

START_TEST (one_that_is_not_well_is_told_by_name)
{
    Part parts[] = { { "a" }, { "b", .is_ill = TRUE }, { "c", FALSE, FALSE, TRUE, TRUE } };
    TestServer server;
    RawClient *client;
    g_autoptr (RawAnswer) answer = NULL;

    begin ();
    test_server_init (&server);
    h3_app_add_health (h3_app_group (server.app, "/in"), "/health", NULL);
    for (guint i = 0; i < G_N_ELEMENTS (parts); i++)
        add (server.app, &parts[i]);
    test_server_start (&server);
    client = test_server_connect (&server);
    ck_assert (raw_client_send (client, GET ("/in/health")));
    answer = raw_client_read (client, FALSE);
    ck_assert_uint_eq (answer->status, 503);
    raw_answer_expect_header (answer, "Content-Type", "application/json");
    raw_answer_expect_header (answer, "Cache-Control", "no-store");
    ck_assert_str_eq (answer->body->str,
                      "{\"components\":{\"a\":{\"status\":\"ok\"},\"b\":{\"status\":\"failing\","
                      "\"error\":\"b is \\\"out\\\"\xef\xbf\xbd\"},\"c\":{\"status\":\"failing\"}},"
                      "\"status\":\"failing\"}");
    raw_client_free (client);
    test_server_end (&server);
    end ();
}
END_TEST

START_TEST (a_check_is_a_component_that_is_well_or_not)
{
    Part well = { "a" };
    Part ill = { "b", .is_ill = TRUE, .says_nothing = TRUE };
    TestServer server;

    begin ();
    test_server_init (&server);
    h3_app_add_health (server.app, "/health", NULL);
    h3_app_add_health_check (server.app, "first", is_well, &well, note_freed);
    h3_app_add_health_check (server.app, "second", is_well, &ill, NULL);
    test_server_start (&server);
    test_server_expect (&server, GET ("/health"), 503,
                        "{\"components\":{\"first\":{\"status\":\"ok\"},"
                        "\"second\":{\"status\":\"failing\"}},\"status\":\"failing\"}");
    assert_trace ("");
    test_server_end (&server);
    assert_trace ("xa ");
    end ();
}
END_TEST

START_TEST (a_server_without_components_is_well)
{
    TestServer server;

    test_server_init (&server);
    h3_app_add_health (server.app, "/health", "/ready");
    test_server_start (&server);
    test_server_expect (&server, GET ("/health"), 200, "{\"status\":\"ok\"}");
    test_server_expect (&server, GET ("/ready"), 200, "{\"status\":\"ready\"}");
    test_server_end (&server);
}
END_TEST

/* Injected, as a server that has not started would answer. */
START_TEST (nothing_is_ready_before_the_start)
{
    Part part = { "a" };
    H3App *app;

    begin ();
    app = h3_app_new ();
    add (app, &part);
    h3_app_add_health (app, "/health", "/ready");
    {
        g_autoptr (H3Injected) ready = ask (app, "GET", "/ready");
        g_autoptr (H3Injected) health = ask (app, "GET", "/health");

        ck_assert_uint_eq (h3_injected_get_status (ready), 503);
        ck_assert_str_eq (h3_injected_get_header (ready, "Retry-After"), "1");
        ck_assert_uint_eq (h3_injected_get_status (health), 503);
    }
    assert_trace ("ia ");
    g_object_unref (app);
    end ();
}
END_TEST

static Latch is_held = LATCH_INIT, is_let_go = LATCH_INIT;

static void
hold (H3Event *event, gpointer user_data)
{
    latch_raise (&is_held);
    latch_wait (&is_let_go, 1, "the order to go on");
    h3_event_next (event);
}

START_TEST (nothing_is_ready_while_it_drains)
{
    TestServer server;
    RawClient *client;

    test_server_init (&server);
    h3_app_use (server.app, "/ready", h3_middleware_new (hold, NULL, NULL));
    h3_app_add_health (server.app, NULL, "/ready");
    test_server_start (&server);
    client = test_server_connect (&server);
    ck_assert (raw_client_send (client, GET ("/ready")));
    latch_wait (&is_held, 1, "the question");
    h3_app_stop (server.app);
    latch_raise (&is_let_go);
    raw_client_expect_answer (client, 503, "{\"status\":\"draining\"}");
    raw_client_free (client);
    test_server_end_stopped (&server, TRUE);
}
END_TEST

static void
add_tests (Suite *suite)
{
    suite_add_case (suite, "lives", components_begin_and_end_with_each_run,
                    a_start_that_fails_undoes_those_that_were,
                    a_server_that_cannot_listen_stops_its_components,
                    what_cannot_be_set_up_is_tried_again, two_components_do_not_share_a_name,
                    a_component_may_bring_routes_and_components, NULL);
    suite_add_case (suite, "health", one_that_is_not_well_is_told_by_name,
                    a_check_is_a_component_that_is_well_or_not, a_server_without_components_is_well,
                    nothing_is_ready_before_the_start, nothing_is_ready_while_it_drains, NULL);
}

int
main (void)
{
    return suite_run ("app/components", add_tests);
}
