/* SPDX-License-Identifier: MIT */

#include "tests/support/fake-carrier.h"
#include "tests/support/suite.h"

#include <h3/http/answer.h>
#include <h3/http/forwarded.h>
#include <h3/http/trace-context-inside.h>

#define TRACE  "4bf92f3577b34da6a3ce929d0e0e4736"
#define SPAN   "00f067aa0ba902b7"
#define PARENT "00-" TRACE "-" SPAN "-01"
#define GET    "GET / HTTP/1.1\r\nHost: h\r\n"

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

/* What an event says of itself. */
typedef struct {
    char *request_id, *trace_id, *span_id, *parent_id, *state, *parent; /* owned */
    gboolean is_sampled;
} Told;

static void
told_free (Told *told)
{
    g_free (told->request_id);
    g_free (told->trace_id);
    g_free (told->span_id);
    g_free (told->parent_id);
    g_free (told->state);
    g_free (told->parent);
    g_free (told);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Told, told_free)

static void
tell (H3Event *event, gpointer user_data)
{
    Told *told = user_data;

    told->request_id = g_strdup (h3_event_get_request_id (event));
    told->trace_id = g_strdup (h3_event_get_trace_id (event));
    told->span_id = g_strdup (h3_event_get_span_id (event));
    told->parent_id = g_strdup (h3_event_get_parent_span_id (event));
    told->state = g_strdup (h3_event_get_tracestate (event));
    told->parent = h3_event_dup_traceparent (event);
    told->is_sampled = h3_event_is_sampled (event);
    h3_event_send_empty (event, 204);
}

/* (transfer full): of a request with these fields. */
static Told *
ask (const char *fields)
{
    g_autofree char *head = g_strconcat (GET, fields, NULL);
    Told *told = g_new0 (Told, 1);

    fake_carrier_run (carrier, head, tell, told);
    return told;
}

static void
assert_hex (const char *text, gsize length)
{
    ck_assert_uint_eq (strlen (text), length);
    ck_assert_uint_eq (strspn (text, "0123456789abcdef"), length);
    ck_assert_uint_lt (strspn (text, "0"), length);
}

START_TEST (trace_begins_where_none_is_told)
{
    g_autoptr (Told) one = ask ("");
    g_autoptr (Told) two = ask ("");
    g_autofree char *parent = g_strdup_printf ("00-%s-%s-02", one->trace_id, one->span_id);

    assert_hex (one->request_id, 32);
    assert_hex (one->trace_id, TRACE_ID_LENGTH);
    assert_hex (one->span_id, TRACE_SPAN_LENGTH);
    ck_assert_ptr_null (one->parent_id);
    ck_assert_ptr_null (one->state);
    ck_assert (!one->is_sampled);
    ck_assert_str_eq (one->parent, parent);
    ck_assert_str_ne (one->request_id, two->request_id);
    ck_assert_str_ne (one->trace_id, two->trace_id);
    ck_assert_str_ne (one->span_id, two->span_id);
}
END_TEST

START_TEST (trace_goes_on_with_a_span_of_its_own)
{
    g_autoptr (Told) told =
        ask ("Traceparent: " PARENT "\r\ntracestate: a=1\r\nTraceState: b=2\r\n");
    g_autofree char *parent = g_strdup_printf ("00-" TRACE "-%s-01", told->span_id);

    ck_assert_str_eq (told->trace_id, TRACE);
    ck_assert_str_eq (told->parent_id, SPAN);
    ck_assert_str_ne (told->span_id, SPAN);
    ck_assert (told->is_sampled);
    ck_assert_str_eq (told->state, "a=1,b=2");
    ck_assert_str_eq (told->parent, parent);
}
END_TEST

static void
assert_begins (const char *fields)
{
    g_autoptr (Told) told = ask (fields);

    ck_assert_msg (strcmp (told->trace_id, TRACE) != 0, "%s", fields);
    ck_assert_ptr_null (told->parent_id);
    ck_assert_ptr_null (told->state);
}

START_TEST (trace_that_is_no_trace_counts_for_nothing)
{
    assert_begins ("tracestate: a=1\r\n");
    assert_begins ("traceparent: \r\ntracestate: a=1\r\n");
    assert_begins ("traceparent: " PARENT "-\r\ntracestate: a=1\r\n");
    assert_begins ("traceparent: " PARENT "\r\ntraceparent: " PARENT "\r\ntracestate: a=1\r\n");
    assert_begins ("traceparent: " PARENT ", " PARENT "\r\ntracestate: a=1\r\n");
}
END_TEST

START_TEST (trace_goes_on_without_a_malformed_state)
{
    g_autoptr (Told) told = ask ("traceparent: " PARENT "\r\ntracestate: a=1\r\ntracestate: =\r\n");

    ck_assert_str_eq (told->trace_id, TRACE);
    ck_assert_ptr_null (told->state);
}
END_TEST

static char *
dup_id (const char *fields)
{
    g_autoptr (Told) told = ask (fields);

    return g_steal_pointer (&told->request_id);
}

START_TEST (request_id_of_a_trusted_proxy_counts)
{
    g_autoptr (H3TrustedProxies) proxies = h3_trusted_proxies_new ();
    g_autofree char *told = NULL, *other = NULL, *twice = NULL, *bad = NULL;

    ck_assert (h3_trusted_proxies_add (proxies, "10.0.0.1", NULL));
    carrier->trusted = proxies;
    ck_assert (h3_address_parse (H3_VIEW ("10.0.0.1"), &carrier->peer.address));
    told = dup_id ("X-Request-Id: abc-1\r\n");
    ck_assert_str_eq (told, "abc-1");
    twice = dup_id ("X-Request-Id: abc-1\r\nx-request-id: abc-2\r\n");
    assert_hex (twice, 32);
    bad = dup_id ("X-Request-Id: abc 1\r\n");
    assert_hex (bad, 32);
    ck_assert (h3_address_parse (H3_VIEW ("10.0.0.2"), &carrier->peer.address));
    other = dup_id ("X-Request-Id: abc-1\r\n");
    assert_hex (other, 32);
}
END_TEST

START_TEST (request_id_of_anybody_else_counts_for_nothing)
{
    g_autofree char *id = dup_id ("X-Request-Id: abc-1\r\n");

    assert_hex (id, 32);
}
END_TEST

static void
ask_again (H3Event *event, gpointer user_data)
{
    const char *trace_id = h3_event_get_trace_id (event);
    const char *request_id = h3_event_get_request_id (event);
    gsize before = h3_arena_get_size (event->arena);

    for (guint i = 0; i < 100000; i++) {
        ck_assert_ptr_eq (h3_event_get_trace_id (event), trace_id);
        ck_assert_ptr_eq (h3_event_get_request_id (event), request_id);
    }
    ck_assert_uint_eq (h3_arena_get_size (event->arena), before);
    h3_event_send_empty (event, 204);
}

START_TEST (asking_again_gives_the_same_and_costs_no_memory)
{
    fake_carrier_run (carrier, GET, ask_again, NULL);
    ck_assert_uint_eq (carrier->status, 204);
}
END_TEST

static void
ask_elsewhere (gpointer data)
{
    H3Event *event = data;

    ck_assert_str_eq (h3_event_get_trace_id (event), TRACE);
    assert_hex (h3_event_get_request_id (event), 32);
    h3_event_send_empty (event, 204);
    h3_event_unref (event);
}

static void
defer (H3Event *event, gpointer user_data)
{
    *(H3Event **) user_data = h3_event_defer (event);
}

START_TEST (trace_is_told_on_other_threads)
{
    g_autoptr (H3TrustedProxies) proxies = h3_trusted_proxies_new ();
    H3Event *event = NULL;

    ck_assert (h3_trusted_proxies_add (proxies, "10.0.0.1", NULL));
    carrier->trusted = proxies;
    ck_assert (h3_address_parse (H3_VIEW ("10.0.0.1"), &carrier->peer.address));
    fake_carrier_run (carrier, GET "traceparent: " PARENT "\r\nX-Request-Id: abc\r\n", defer,
                      &event);
    fake_carrier_run_elsewhere (ask_elsewhere, event);
    fake_carrier_pump (carrier);
    ck_assert_uint_eq (carrier->status, 204);
}
END_TEST

static void
believe_proxies (H3Event *event, gpointer user_data)
{
    trace_believe_proxies_only (event);
    tell (event, user_data);
}

START_TEST (trace_of_anybody_else_may_count_for_nothing)
{
    static const char head[] = GET "traceparent: " PARENT "\r\ntracestate: a=1\r\n";
    g_autoptr (H3TrustedProxies) proxies = h3_trusted_proxies_new ();
    g_autoptr (Told) proxys = g_new0 (Told, 1);
    g_autoptr (Told) clients = g_new0 (Told, 1);

    ck_assert (h3_trusted_proxies_add (proxies, "10.0.0.1", NULL));
    carrier->trusted = proxies;
    fake_carrier_run (carrier, head, believe_proxies, clients);
    ck_assert_str_ne (clients->trace_id, TRACE);
    ck_assert_ptr_null (clients->parent_id);
    ck_assert_ptr_null (clients->state);
    ck_assert (!clients->is_sampled);
    ck_assert (h3_address_parse (H3_VIEW ("10.0.0.1"), &carrier->peer.address));
    fake_carrier_run (carrier, head, believe_proxies, proxys);
    ck_assert_str_eq (proxys->trace_id, TRACE);
    ck_assert_str_eq (proxys->state, "a=1");
}
END_TEST

static void
set_sampled (H3Event *event, gpointer user_data)
{
    g_autofree char *yes = NULL, *no = NULL;

    h3_event_set_sampled (event, TRUE);
    ck_assert (h3_event_is_sampled (event));
    yes = h3_event_dup_traceparent (event);
    ck_assert (g_str_has_suffix (yes, "-03"));
    h3_event_set_sampled (event, FALSE);
    ck_assert (!h3_event_is_sampled (event));
    no = h3_event_dup_traceparent (event);
    ck_assert (g_str_has_suffix (no, "-02"));
    h3_event_send_empty (event, 204);
}

START_TEST (program_says_what_is_sampled)
{
    fake_carrier_run (carrier, GET, set_sampled, NULL);
    ck_assert_uint_eq (carrier->status, 204);
}
END_TEST

static void
add_fields (H3Event *event, gpointer user_data)
{
    g_autoptr (H3Headers) headers = h3_headers_new ();
    g_autofree char *parent = h3_event_dup_traceparent (event);

    h3_headers_set (headers, "tracestate", "stale=1");
    h3_headers_set (headers, "X-Request-Id", "a client's");
    trace_add_fields (event, headers);
    trace_set_request_id (event, headers);
    ck_assert_str_eq (h3_headers_get (headers, "traceparent"), parent);
    ck_assert_str_eq (h3_headers_get (headers, "tracestate"), user_data);
    ck_assert_str_eq (h3_headers_get (headers, "X-Request-Id"), h3_event_get_request_id (event));
    h3_headers_set (headers, "traceparent", "own");
    h3_headers_set (headers, "tracestate", "own=1");
    trace_add_fields (event, headers);
    ck_assert_str_eq (h3_headers_get (headers, "traceparent"), "own");
    ck_assert_str_eq (h3_headers_get (headers, "tracestate"), "own=1");
    h3_event_send_empty (event, 204);
}

static void
add_no_state (H3Event *event, gpointer user_data)
{
    g_autoptr (H3Headers) headers = h3_headers_new ();

    h3_headers_set (headers, "tracestate", "stale=1");
    trace_add_fields (event, headers);
    ck_assert (h3_headers_has (headers, "traceparent"));
    ck_assert (!h3_headers_has (headers, "tracestate"));
    h3_event_send_empty (event, 204);
}

START_TEST (trace_goes_out_unless_the_program_gave_one)
{
    fake_carrier_run (carrier, GET "traceparent: " PARENT "\r\ntracestate: a=1, b=2\r\n",
                      add_fields, (gpointer) "a=1,b=2");
    ck_assert_uint_eq (carrier->status, 204);
    fake_carrier_run (carrier, GET, add_no_state, NULL);
    ck_assert_uint_eq (carrier->status, 204);
}
END_TEST

static void
know (H3Event *event, gpointer user_data)
{
    KnownTrace known;

    trace_get_known (event, &known);
    ck_assert_ptr_null (event->content);
    ck_assert (h3_view_equal (known.trace_id, H3_VIEW (TRACE)));
    ck_assert (h3_view_equal (known.request_id, H3_VIEW ("any thing")));
    ck_assert_ptr_null (known.span_id.data);
    (void) h3_event_get_span_id (event);
    trace_get_known (event, &known);
    ck_assert (h3_view_equal (known.trace_id, H3_VIEW (TRACE)));
    ck_assert (h3_view_equal (known.request_id, h3_view_of (h3_event_get_request_id (event))));
    ck_assert (h3_view_equal (known.span_id, h3_view_of (h3_event_get_span_id (event))));
    h3_event_send_empty (event, 204);
}

static void
know_nothing (H3Event *event, gpointer user_data)
{
    KnownTrace known;

    trace_get_known (event, &known);
    ck_assert_ptr_null (known.trace_id.data);
    ck_assert_ptr_null (known.span_id.data);
    ck_assert_ptr_null (known.request_id.data);
    h3_event_send_empty (event, 204);
}

START_TEST (looking_makes_nothing)
{
    fake_carrier_run (carrier, GET "traceparent: " PARENT "\r\nX-Request-Id: any thing\r\n", know,
                      NULL);
    ck_assert_uint_eq (carrier->status, 204);
    fake_carrier_run (carrier, GET, know_nothing, NULL);
    ck_assert_uint_eq (carrier->status, 204);
}
END_TEST

static void
add_case (Suite *suite, const char *name, const TTest *const *tests, gsize n)
{
    TCase *tcase = tcase_create (name);

    tcase_add_checked_fixture (tcase, set_up, tear_down);
    for (gsize i = 0; i < n; i++)
        tcase_add_test (tcase, tests[i]);
    suite_add_tcase (suite, tcase);
}

static void
add_tests (Suite *suite)
{
    const TTest *const in[] = {
        trace_begins_where_none_is_told,           trace_goes_on_with_a_span_of_its_own,
        trace_that_is_no_trace_counts_for_nothing, trace_goes_on_without_a_malformed_state,
        request_id_of_a_trusted_proxy_counts,      request_id_of_anybody_else_counts_for_nothing
    };
    const TTest *const asked[] = { asking_again_gives_the_same_and_costs_no_memory,
                                   trace_is_told_on_other_threads, looking_makes_nothing };
    const TTest *const out[] = { trace_of_anybody_else_may_count_for_nothing,
                                 program_says_what_is_sampled,
                                 trace_goes_out_unless_the_program_gave_one };

    add_case (suite, "in", in, G_N_ELEMENTS (in));
    add_case (suite, "asked", asked, G_N_ELEMENTS (asked));
    add_case (suite, "out", out, G_N_ELEMENTS (out));
}

int
main (void)
{
    return suite_run ("http/trace-context", add_tests);
}
