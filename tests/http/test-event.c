/* SPDX-License-Identifier: MIT */

#include "tests/support/fake-carrier.h"
#include "tests/support/suite.h"

#include <h3/base/counters.h>
#include <h3/http/answer.h>
#include <h3/http/content.h>
#include <h3/http/failure.h>

#define GET "GET /path?a=1 HTTP/1.1\r\nHost: h\r\n"

static FakeCarrier *carrier;

static void
set_up (void)
{
    carrier = fake_carrier_new ();
}

static void
tear_down (void)
{
    g_clear_pointer (&carrier, fake_carrier_free);
}

static guint n_destroyed;

static void
count_destroyed (gpointer data)
{
    n_destroyed++;
}

static void
set_one_key_often (H3Event *event, gpointer user_data)
{
    gsize before;

    n_destroyed = 0;
    h3_event_set_data (event, "key", &n_destroyed, count_destroyed);
    before = h3_arena_get_size (h3_event_get_arena (event));
    for (guint i = 1; i < 100000; i++)
        h3_event_set_data (event, "key", &n_destroyed, count_destroyed);
    ck_assert_uint_eq (n_destroyed, 99999);
    ck_assert_uint_eq (h3_arena_get_size (h3_event_get_arena (event)), before);
    ck_assert_ptr_eq (h3_event_get_data (event, "key"), &n_destroyed);
    ck_assert_ptr_null (h3_event_get_data (event, "other"));
    h3_event_send_text (event, "x");
}

START_TEST (set_data_replaces_and_memory_stays_flat)
{
    fake_carrier_run (carrier, GET, set_one_key_often, NULL);
    ck_assert_uint_eq (n_destroyed, 100000);
}
END_TEST

static GString *order;

static void
note (H3Event *event, gpointer user_data)
{
    g_string_append (order, user_data);
}

static void
note_disposed (H3Event *event, H3Outcome outcome, gpointer user_data)
{
    g_string_append_printf (order, "%s%d", (const char *) user_data, outcome);
}

static void
note_freed (gpointer user_data)
{
    g_string_append_c (order, '.');
}

static void
add_late (H3Event *event, gpointer user_data)
{
    g_string_append (order, user_data);
    h3_event_on_send (event, note, (gpointer) "late ", note_freed);
    h3_event_set_header (event, "X-Late", "yes");
}

static void
register_hooks (H3Event *event, gpointer user_data)
{
    h3_event_on_send (event, note, (gpointer) "first ", note_freed);
    h3_event_on_send (event, add_late, (gpointer) "last ", note_freed);
    h3_event_on_dispose (event, note_disposed, (gpointer) "end", note_freed);
    h3_event_send_text (event, "x");
    g_string_append (order, "sent ");
}

START_TEST (hooks_run_newest_first_once_and_may_change_the_head)
{
    order = g_string_new (NULL);
    fake_carrier_run (carrier, GET, register_hooks, NULL);
    ck_assert_str_eq (order->str, "sent last .late .first .end0.");
    ck_assert_str_eq (fake_carrier_get (carrier, "X-Late"), "yes");
    g_string_free (order, TRUE);
}
END_TEST

static void
register_after_the_end (H3Event *event, gpointer user_data)
{
    *(H3Event **) user_data = h3_event_defer (event);
    h3_event_send_text (event, "x");
}

START_TEST (on_dispose_registered_late_runs_at_once)
{
    g_autoptr (H3Event) held = NULL;

    order = g_string_new (NULL);
    fake_carrier_run (carrier, GET, register_after_the_end, &held);
    h3_event_on_dispose (held, note_disposed, (gpointer) "late", note_freed);
    ck_assert_str_eq (order->str, "late0.");
    g_string_free (order, TRUE);
}
END_TEST

static void
keep_open (H3Event *event, gpointer user_data)
{
    h3_event_on_dispose (event, note_disposed, (gpointer) "end", note_freed);
    *(H3Event **) user_data = h3_event_defer (event);
}

START_TEST (client_that_goes_cancels_and_is_told_of)
{
    H3Event *held = NULL;
    GCancellable *cancellable;

    order = g_string_new (NULL);
    fake_carrier_run (carrier, GET, keep_open, &held);
    cancellable = h3_event_get_cancellable (held);
    ck_assert_int_eq (g_cancellable_is_cancelled (cancellable), FALSE);
    fake_carrier_end (carrier, H3_OUTCOME_GONE);
    ck_assert_int_eq (g_cancellable_is_cancelled (cancellable), TRUE);
    ck_assert_str_eq (order->str, "end1.");
    h3_event_send_text (held, "nobody reads this");
    h3_event_unref (held);
    fake_carrier_pump (carrier);
    ck_assert_uint_eq (carrier->n_sent, 0);
    g_string_free (order, TRUE);
}
END_TEST

START_TEST (cancellable_asked_for_late_is_cancelled_already)
{
    H3Event *held = NULL;

    order = g_string_new (NULL);
    fake_carrier_run (carrier, GET, keep_open, &held);
    event_cancel (held);
    ck_assert_int_eq (g_cancellable_is_cancelled (h3_event_get_cancellable (held)), TRUE);
    h3_event_send_text (held, "x");
    h3_event_unref (held);
    g_string_free (order, TRUE);
}
END_TEST

static void
read_all (H3Event *event, gpointer user_data)
{
    H3Request *request = h3_event_get_request (event);

    ck_assert_str_eq (h3_request_get_method_name (request), "GET");
    ck_assert_int_eq (h3_request_get_method (request), H3_METHOD_GET);
    ck_assert_str_eq (h3_request_get_path (request), "/path");
    ck_assert_str_eq (h3_request_get_target (request), "/path?a=1");
    ck_assert_str_eq (h3_request_get_query_string (request), "a=1");
    ck_assert_str_eq (h3_request_get_host (request), "h");
    ck_assert_uint_eq (h3_request_get_minor_version (request), 1);
    ck_assert_str_eq (h3_request_get_header (request, "x-one"), "1");
    ck_assert_ptr_null (h3_request_get_header (request, "X-On"));
    ck_assert_uint_eq (h3_request_count_headers (request), 4);
    ck_assert_uint_eq (h3_headers_get_size (h3_request_get_headers (request)), 4);
    ck_assert_str_eq (h3_event_get_route_label (event), "/fake");
    if (!h3_event_is_answered (event))
        h3_event_send_empty (event, 204);
}

static void
read_deferred (H3Event *event, gpointer user_data)
{
    *(H3Event **) user_data = h3_event_defer (event);
}

START_TEST (request_reads_the_same_in_and_after_its_buffer)
{
    const char *head = GET "X-One:  1 \r\nX-Two: a\r\nX-Two: b\r\n";
    H3Event *held = NULL;

    fake_carrier_run (carrier, head, read_all, NULL);
    ck_assert_uint_eq (carrier->status, 204);
    fake_carrier_run (carrier, head, read_deferred, &held);
    read_all (held, NULL);
    h3_event_unref (held);
}
END_TEST

static void
join_fields (H3Event *event, gpointer user_data)
{
    H3View joined = request_join_field (&event->request, H3_VIEW ("x-two"), ", ", event->arena);

    ck_assert (h3_view_equal (joined, H3_VIEW ("a, b")));
    joined = request_join_field (&event->request, H3_VIEW ("X-One"), ", ", event->arena);
    ck_assert (h3_view_equal (joined, H3_VIEW ("1")));
    joined = request_join_field (&event->request, H3_VIEW ("X-None"), ", ", event->arena);
    ck_assert_ptr_null (joined.data);
    h3_event_send_empty (event, 204);
}

START_TEST (repeated_fields_join_in_order)
{
    fake_carrier_run (carrier, GET "X-Two: a\r\nX-One: 1\r\nX-Two: b\r\n", join_fields, NULL);
    ck_assert_uint_eq (carrier->status, 204);
}
END_TEST

static void
fill_the_event (H3Event *event, gpointer user_data)
{
    EventParam *params = event_add_params (event, 1, 0);

    params[0] = (EventParam){ "id", h3_arena_strdup (event->arena, "7") };
    ck_assert_str_eq (h3_event_get_param (event, "id"), "7");
    ck_assert_uint_eq (h3_event_count_params (event), 1);
    (void) h3_arena_alloc (event->arena, 1 << 20);
    ck_assert_str_eq (h3_event_get_query (event, "a"), "1");
    event->writes_pretty = TRUE;
    (void) h3_request_get_headers (h3_event_get_request (event));
    h3_event_set_header (event, "X-Secret", "mine");
    h3_event_set_data (event, "user", (gpointer) "me", NULL);
    h3_event_get_cancellable (event);
    h3_event_set_status (event, 201);
    h3_event_send_text (event, "secret");
}

static void
find_nothing (H3Event *event, gpointer user_data)
{
    ck_assert_ptr_null (h3_event_get_param (event, "id"));
    ck_assert_uint_eq (h3_event_count_params (event), 0);
    ck_assert_ptr_null (h3_event_get_data (event, "user"));
    ck_assert_uint_eq (h3_response_get_status (h3_event_get_response (event)), 200);
    ck_assert_ptr_null (h3_response_get_header (h3_event_get_response (event), "X-Secret"));
    ck_assert_ptr_null (h3_response_get_content_type (h3_event_get_response (event)));
    h3_event_send_empty (event, 200);
}

START_TEST (pooled_event_holds_nothing_of_its_last_exchange)
{
    gint64 headers = counters_read (COUNTER_HEADERS_LIVE);
    H3Event *event;
    gsize smallest;

    fake_carrier_run (carrier, GET, find_nothing, NULL);
    event = event_pool_acquire (carrier->pool);
    smallest = h3_arena_get_size (event->arena);
    event_pool_release (carrier->pool, event);
    fake_carrier_run (carrier, GET, fill_the_event, NULL);
    ck_assert_str_eq (carrier->sent->str, "secret");
    fake_carrier_clear (carrier);
    ck_assert_int_eq (counters_read (COUNTER_HEADERS_LIVE), headers);
    event = event_pool_acquire (carrier->pool);
    ck_assert_uint_le (h3_arena_get_size (event->arena), smallest);
    ck_assert_ptr_null (event->response.headers);
    ck_assert_ptr_null (event->cancellable);
    ck_assert_ptr_null (event->content);
    ck_assert_int_eq (event->writes_pretty, FALSE);
    ck_assert_ptr_null (event->host);
    ck_assert_ptr_null (event->trusted);
    event_pool_release (carrier->pool, event);
    fake_carrier_run (carrier, GET, find_nothing, NULL);
}
END_TEST

START_TEST (pool_keeps_its_bound_warms_up_and_trims)
{
    EventPool *pool = event_pool_new (3);
    H3Event *events[5];
    gint64 reused = counters_read (COUNTER_EVENTS_REUSED);

    event_pool_warm_up (pool, 2);
    ck_assert_uint_eq (event_pool_count_resting (pool), 2);
    event_pool_warm_up (pool, 100);
    ck_assert_uint_eq (event_pool_count_resting (pool), 3);
    for (guint i = 0; i < G_N_ELEMENTS (events); i++)
        events[i] = event_pool_acquire (pool);
    ck_assert_uint_eq (event_pool_count_resting (pool), 0);
    ck_assert_int_eq (counters_read (COUNTER_EVENTS_REUSED) - reused, 3);
    for (guint i = 0; i < G_N_ELEMENTS (events); i++)
        event_pool_release (pool, events[i]);
    ck_assert_uint_eq (event_pool_count_resting (pool), 3);
    event_pool_trim (pool, 1);
    ck_assert_uint_eq (event_pool_count_resting (pool), 1);
    event_pool_free (pool);
}
END_TEST

START_TEST (pool_reuses_under_steady_load)
{
    gint64 acquired = counters_read (COUNTER_EVENTS_ACQUIRED);
    gint64 reused = counters_read (COUNTER_EVENTS_REUSED);

    for (guint i = 0; i < 1000; i++)
        fake_carrier_run (carrier, GET, find_nothing, NULL);
    acquired = counters_read (COUNTER_EVENTS_ACQUIRED) - acquired;
    reused = counters_read (COUNTER_EVENTS_REUSED) - reused;
    ck_assert_int_eq (acquired, 1000);
    ck_assert_int_ge (reused, 999);
    ck_assert_int_eq (counters_read (COUNTER_EVENTS_LIVE), 0);
}
END_TEST

START_TEST (deadline_goes_to_the_carrier)
{
    fake_carrier_begin (carrier, GET);
    h3_event_set_deadline (carrier->event, 1500);
    ck_assert_int_eq (carrier->deadline, 1500);
}
END_TEST

static void
add_tests (Suite *suite)
{
    TCase *tcase = tcase_create ("event");

    tcase_add_checked_fixture (tcase, set_up, tear_down);
    tcase_add_test (tcase, set_data_replaces_and_memory_stays_flat);
    tcase_add_test (tcase, hooks_run_newest_first_once_and_may_change_the_head);
    tcase_add_test (tcase, on_dispose_registered_late_runs_at_once);
    tcase_add_test (tcase, client_that_goes_cancels_and_is_told_of);
    tcase_add_test (tcase, cancellable_asked_for_late_is_cancelled_already);
    tcase_add_test (tcase, request_reads_the_same_in_and_after_its_buffer);
    tcase_add_test (tcase, repeated_fields_join_in_order);
    tcase_add_test (tcase, pooled_event_holds_nothing_of_its_last_exchange);
    tcase_add_test (tcase, pool_keeps_its_bound_warms_up_and_trims);
    tcase_add_test (tcase, pool_reuses_under_steady_load);
    tcase_add_test (tcase, deadline_goes_to_the_carrier);
    tcase_set_timeout (tcase, 60);
    suite_add_tcase (suite, tcase);
}

int
main (void)
{
    return suite_run ("http/event", add_tests);
}
