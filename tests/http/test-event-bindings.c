/* SPDX-License-Identifier: MIT */

#include "tests/support/fake-carrier.h"
#include "tests/support/suite.h"

#include <h3/http/answer.h>

#define GET "GET /path HTTP/1.1\r\nHost: h\r\n"

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

static guint n_freed;

static void
count_freed (gpointer data)
{
    n_freed++;
}

static GVariant *
make_counted (void)
{
    return g_variant_new_from_data (G_VARIANT_TYPE ("y"), "x", 1, TRUE, count_freed, NULL);
}

static void
keep_values (H3Event *event, gpointer user_data)
{
    n_freed = 0;
    h3_event_set_data (event, "key", event, NULL);
    ck_assert_ptr_null (h3_event_get_variant (event, "key"));
    h3_event_set_variant (event, "key", make_counted ());
    ck_assert_int_eq (g_variant_get_byte (h3_event_get_variant (event, "key")), 'x');
    ck_assert_ptr_eq (h3_event_get_data (event, "key"), event);
    h3_event_set_variant (event, "key", make_counted ());
    ck_assert_uint_eq (n_freed, 1);
    h3_event_set_variant (event, "key", NULL);
    ck_assert_uint_eq (n_freed, 2);
    ck_assert_ptr_null (h3_event_get_variant (event, "key"));
    h3_event_set_variant (event, "key", make_counted ());
    h3_event_send_text (event, "x");
}

START_TEST (a_value_stays_until_it_is_replaced_or_the_event_ends)
{
    fake_carrier_run (carrier, GET, keep_values, NULL);
    ck_assert_uint_eq (n_freed, 3);
}
END_TEST

static void
keep_parts (H3Event *event, gpointer user_data)
{
    gpointer *parts = user_data;

    (void) h3_event_defer (event);
    parts[0] = g_boxed_copy (H3_TYPE_REQUEST, h3_event_get_request (event));
    parts[1] = g_boxed_copy (H3_TYPE_RESPONSE, h3_event_get_response (event));
    h3_event_unref (event);
}

START_TEST (a_copy_of_a_part_holds_its_event)
{
    gpointer parts[2];
    H3Event *event;

    fake_carrier_run (carrier, GET, keep_parts, parts);
    event = carrier->event;
    ck_assert_ptr_nonnull (event);
    ck_assert_ptr_eq (parts[0], h3_event_get_request (event));
    ck_assert_ptr_eq (parts[1], h3_event_get_response (event));
    g_boxed_free (H3_TYPE_REQUEST, parts[0]);
    ck_assert_uint_eq (carrier->n_sent, 0);
    g_test_expect_message ("h3", G_LOG_LEVEL_WARNING, "*returned without answering*");
    g_boxed_free (H3_TYPE_RESPONSE, parts[1]);
    fake_carrier_pump (carrier);
    g_test_assert_expected_messages ();
    ck_assert_uint_eq (carrier->status, 500);
}
END_TEST

static void
add_tests (Suite *suite)
{
    TCase *tcase = tcase_create ("event-bindings");

    tcase_add_checked_fixture (tcase, set_up, tear_down);
    tcase_add_test (tcase, a_value_stays_until_it_is_replaced_or_the_event_ends);
    tcase_add_test (tcase, a_copy_of_a_part_holds_its_event);
    tcase_set_timeout (tcase, 60);
    suite_add_tcase (suite, tcase);
}

int
main (void)
{
    return suite_run ("http/event-bindings", add_tests);
}
