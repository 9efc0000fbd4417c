/* SPDX-License-Identifier: MIT
 *
 * What those who look at a dashboard hear, and that nothing runs while nobody does. */

#include "h3/base/counters.h"
#include "h3/format/json.h"
#include "sse-fixture.h"

#define EVENTS GET ("/_h3/events")

static H3Metrics *metrics;     /* owned */
static H3Dashboard *dashboard; /* owned */
static atomic_uint n_asked;    /* how often the panel has been */

static char *
describe_queue (gpointer user_data)
{
    atomic_fetch_add (&n_asked, 1);
    return g_strdup (user_data);
}

static void
answer (H3Event *event, gpointer user_data)
{
    h3_event_send_text (event, "done");
}

static void
set_up (void)
{
    atomic_store (&n_asked, 0);
    begin_server (2);
    metrics = h3_metrics_new ();
    dashboard = h3_dashboard_new (metrics);
    h3_app_use (server.app, "/", h3_metrics_new_middleware (metrics));
    h3_app_get (server.app, "/work/:n", answer, NULL);
    h3_app_add_dashboard (server.app, "/_h3", dashboard, NULL);
}

static void
tear_down (void)
{
    test_server_end (&server);
    h3_dashboard_unref (dashboard);
    h3_metrics_unref (metrics);
}

/* One who looks, and what it has heard and not yet read. */
typedef struct {
    RawClient *client; /* owned */
    GString *heard;    /* owned */
} Viewer;

static void
begin_to_look (Viewer *viewer)
{
    viewer->client = listen_to (EVENTS, 200);
    viewer->heard = g_string_new (NULL);
}

static void
stop_looking (Viewer *viewer)
{
    raw_client_free (viewer->client);
    g_string_free (viewer->heard, TRUE);
}

/* (transfer full): the data of the next event that is called so. */
static json_t *
read_event (Viewer *viewer, const char *name)
{
    g_autofree char *line = g_strdup_printf ("event: %s\ndata: ", name);

    for (;;) {
        char *end = strstr (viewer->heard->str, "\n\n");
        char piece[8192];
        gsize n;

        if (end != NULL) {
            g_autofree char *event = g_strndup (viewer->heard->str, end - viewer->heard->str);
            const char *found = strstr (event, line);

            g_string_erase (viewer->heard, 0, end + 2 - viewer->heard->str);
            if (found != NULL) {
                json_t *data =
                    h3_json_parse (h3_view_of (found + strlen (line)), H3_JSON_MAX_DEPTH, NULL);

                ck_assert_ptr_nonnull (data);
                return data;
            }
            continue;
        }
        n = raw_client_receive (viewer->client, piece, sizeof piece);
        ck_assert_uint_gt (n, 0);
        g_string_append_len (viewer->heard, piece, (gssize) n);
    }
}

static gint64
get_integer (json_t *document, const char *path)
{
    json_t *found = h3_json_get (document, path);

    ck_assert_msg (json_is_integer (found), "%s is no integer", path);
    return json_integer_value (found);
}

/* Whether it is there, and so many. */
static gboolean
has_seen (json_t *document, const char *path, gint64 n)
{
    json_t *found = h3_json_get (document, path);

    return found != NULL && json_integer_value (found) == n;
}

/* Until so many look. */
static void
wait_for_viewers (guint n)
{
    while (h3_dashboard_count_viewers (dashboard) != n)
        g_usleep (1000);
}

START_TEST (who_looks_is_told_what_there_is)
{
    Viewer viewer;
    json_t *about;

    test_server_start (&server);
    begin_to_look (&viewer);
    about = read_event (&viewer, "about");
    ck_assert_str_eq (json_string_value (h3_json_get (about, "server.addresses[0]")),
                      server.address);
    ck_assert_str_eq (json_string_value (h3_json_get (about, "server.limits[0].name")),
                      "max-target");
    ck_assert_int_eq (get_integer (about, "server.limits[0].value"), 8192);
    ck_assert (json_is_false (h3_json_get (about, "server.limits[0].changed")));
    ck_assert_ptr_nonnull (h3_json_get (about, "counters.connections"));
    ck_assert_uint_eq (json_array_size (h3_json_get (about, "panels")), 0);
    json_decref (about);
    stop_looking (&viewer);
}
END_TEST

START_TEST (numbers_come_again_and_again)
{
    Viewer viewer;
    json_t *numbers;
    gint64 first;

    test_server_start (&server);
    begin_to_look (&viewer);
    numbers = read_event (&viewer, "numbers");
    first = get_integer (numbers, "at");
    ck_assert_int_eq (get_integer (numbers, "viewers"), 1);
    ck_assert_uint_eq (json_array_size (h3_json_get (numbers, "server.workers")), 2);
    ck_assert_int_eq (
        get_integer (numbers, "server.workers[0]") + get_integer (numbers, "server.workers[1]"), 1);
    ck_assert_int_eq (get_integer (numbers, "counters.event_streams"), 1);
    ck_assert_ptr_nonnull (h3_json_get (numbers, "memory.kinds.connections.now"));
    ck_assert_ptr_null (h3_json_get (numbers, "memory.kinds.connections.what"));
    json_decref (numbers);
    numbers = read_event (&viewer, "numbers");
    ck_assert_int_gt (get_integer (numbers, "at"), first);
    json_decref (numbers);
    stop_looking (&viewer);
}
END_TEST

START_TEST (requests_are_seen_by_route)
{
    Viewer viewer;
    json_t *numbers;

    test_server_start (&server);
    begin_to_look (&viewer);
    json_decref (read_event (&viewer, "numbers"));
    for (guint i = 0; i < 5; i++)
        test_server_expect (&server, GET ("/work/1"), 200, "done");
    test_server_expect (&server, GET ("/nowhere"), 404, NULL);
    numbers = read_event (&viewer, "numbers");
    while (!has_seen (numbers, "traffic.routes[0].total", 5)
           || !has_seen (numbers, "traffic.routes[1].total", 1)) {
        json_decref (numbers);
        numbers = read_event (&viewer, "numbers");
    }
    ck_assert_str_eq (json_string_value (h3_json_get (numbers, "traffic.routes[0].route")),
                      "/work/:n");
    ck_assert_int_eq (get_integer (numbers, "traffic.routes[0].total"), 5);
    ck_assert_int_eq (get_integer (numbers, "traffic.routes[0].statuses[2]"), 5);
    ck_assert (json_is_real (h3_json_get (numbers, "traffic.routes[0].p50")));
    ck_assert_str_eq (json_string_value (h3_json_get (numbers, "traffic.routes[1].route")), "");
    ck_assert_int_eq (get_integer (numbers, "traffic.routes[1].statuses[4]"), 1);
    json_decref (numbers);
    stop_looking (&viewer);
}
END_TEST

START_TEST (who_comes_later_sees_the_last_at_once)
{
    Viewer viewers[4];

    test_server_start (&server);
    begin_to_look (&viewers[0]);
    json_decref (read_event (&viewers[0], "numbers"));
    for (guint i = 1; i < G_N_ELEMENTS (viewers); i++) {
        begin_to_look (&viewers[i]);
        json_decref (read_event (&viewers[i], "about"));
        json_decref (read_event (&viewers[i], "numbers"));
    }
    ck_assert_uint_eq (h3_dashboard_count_viewers (dashboard), G_N_ELEMENTS (viewers));
    /* One timer for all. */
    ck_assert_int_eq (counters_read (COUNTER_TIMERS_LIVE), 1);
    for (guint i = 0; i < G_N_ELEMENTS (viewers); i++)
        stop_looking (&viewers[i]);
}
END_TEST

START_TEST (those_who_stay_go_on_hearing_when_the_first_leaves)
{
    Viewer viewers[5];

    test_server_start (&server);
    for (guint i = 0; i < G_N_ELEMENTS (viewers); i++) {
        begin_to_look (&viewers[i]);
        json_decref (read_event (&viewers[i], "numbers"));
    }
    for (guint i = 0; i + 1 < G_N_ELEMENTS (viewers); i++) {
        Viewer *last = &viewers[G_N_ELEMENTS (viewers) - 1];
        gint64 n = (gint64) G_N_ELEMENTS (viewers) - 1 - i;
        gboolean has_heard = FALSE;

        stop_looking (&viewers[i]);
        while (!has_heard) {
            json_t *numbers = read_event (last, "numbers");

            has_heard = has_seen (numbers, "viewers", n);
            json_decref (numbers);
        }
    }
    stop_looking (&viewers[G_N_ELEMENTS (viewers) - 1]);
}
END_TEST

START_TEST (nothing_runs_while_nobody_looks)
{
    Viewer viewer;
    guint n;

    ck_assert (h3_dashboard_add_panel (dashboard, "queue", "Queue", describe_queue, (gpointer) "{}",
                                       NULL));
    test_server_start (&server);
    test_server_expect (&server, GET ("/work/1"), 200, "done");
    ck_assert_uint_eq (atomic_load (&n_asked), 0);
    for (guint i = 0; i < 2; i++) {
        begin_to_look (&viewer);
        json_decref (read_event (&viewer, "numbers"));
        json_decref (read_event (&viewer, "numbers"));
        stop_looking (&viewer);
        wait_for_viewers (0);
        while (counters_read (COUNTER_TIMERS_LIVE) > 0)
            g_usleep (1000);
        n = atomic_load (&n_asked);
        ck_assert_uint_ge (n, 2);
        test_server_expect (&server, GET ("/work/1"), 200, "done");
        ck_assert_uint_eq (atomic_load (&n_asked), n);
    }
}
END_TEST

START_TEST (panels_are_shown_as_they_say)
{
    g_autofree char *much = g_strnfill (H3_DASHBOARD_PANEL_MAX + 1, ' ');
    const struct {
        const char *name, *says, *path, *shown;
    } panels[] = {
        { "good", "{\"text\":\"<b>two\\nlines\"}", "panels.good.text", "<b>two\nlines" },
        { "list", "[1]", "panels.list.problem", "no JSON object" },
        { "torn", "{\"text\":", "panels.torn.problem", "no JSON object" },
        { "much", much, "panels.much.problem", "too much" },
    };
    Viewer viewer;
    json_t *about, *numbers;

    for (guint i = 0; i < G_N_ELEMENTS (panels); i++)
        ck_assert (h3_dashboard_add_panel (dashboard, panels[i].name, "A title", describe_queue,
                                           (gpointer) panels[i].says, NULL));
    ck_assert (h3_dashboard_add_panel (dashboard, "none", "A title", describe_queue, NULL, NULL));
    test_server_start (&server);
    begin_to_look (&viewer);
    about = read_event (&viewer, "about");
    numbers = read_event (&viewer, "numbers");
    for (guint i = 0; i < G_N_ELEMENTS (panels); i++) {
        const char *text = json_string_value (h3_json_get (numbers, panels[i].path));
        g_autofree char *path = g_strdup_printf ("panels[%u].name", i);

        ck_assert_str_eq (json_string_value (h3_json_get (about, path)), panels[i].name);
        ck_assert_ptr_nonnull (text);
        ck_assert_ptr_nonnull (strstr (text, panels[i].shown));
    }
    ck_assert_uint_eq (json_object_size (h3_json_get (numbers, "panels.none")), 0);
    json_decref (about);
    json_decref (numbers);
    stop_looking (&viewer);
}
END_TEST

START_TEST (a_server_that_ends_takes_leave)
{
    Viewer viewers[3];

    test_server_start (&server);
    for (guint i = 0; i < G_N_ELEMENTS (viewers); i++) {
        begin_to_look (&viewers[i]);
        json_decref (read_event (&viewers[i], "numbers"));
    }
    h3_app_stop (server.app);
    for (guint i = 0; i < G_N_ELEMENTS (viewers); i++) {
        g_autoptr (GString) text = g_string_new (NULL);

        ck_assert (!read_until (viewers[i].client, text, "no such end"));
        ck_assert_ptr_nonnull (strstr (text->str, "retry: "));
        stop_looking (&viewers[i]);
    }
    ck_assert (h3_server_wait (h3_app_get_server (server.app)));
    ck_assert_uint_eq (h3_dashboard_count_viewers (dashboard), 0);
}
END_TEST

static void
add (Suite *suite)
{
    TCase *viewers = tcase_create ("viewers");

    tcase_set_timeout (viewers, 60);
    tcase_add_checked_fixture (viewers, set_up, tear_down);
    tcase_add_test (viewers, who_looks_is_told_what_there_is);
    tcase_add_test (viewers, numbers_come_again_and_again);
    tcase_add_test (viewers, requests_are_seen_by_route);
    tcase_add_test (viewers, who_comes_later_sees_the_last_at_once);
    tcase_add_test (viewers, those_who_stay_go_on_hearing_when_the_first_leaves);
    tcase_add_test (viewers, nothing_runs_while_nobody_looks);
    tcase_add_test (viewers, panels_are_shown_as_they_say);
    tcase_add_test (viewers, a_server_that_ends_takes_leave);
    suite_add_tcase (suite, viewers);
}

int
main (void)
{
    return suite_run ("e2e/dashboard", add);
}
