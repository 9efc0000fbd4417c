/* SPDX-License-Identifier: MIT
 *
 * Answers that come when nobody waits for them any more, and are wanted all the same. */

#include "tests/support/fake-carrier.h"
#include "tests/support/suite.h"

#include <h3/http/answer.h>
#include <h3/http/event-flow.h>
#include <h3/http/failure.h>

#define GET "GET / HTTP/1.1\r\nHost: h\r\n"

static FakeCarrier *carrier;
static H3Event *held;
static char *kept; /* owned: the answer, when nobody holds the event any more; NULL: none */

static void
set_up (void)
{
    carrier = fake_carrier_new ();
}

static void
tear_down (void)
{
    g_clear_pointer (&carrier, fake_carrier_free);
    g_clear_pointer (&kept, g_free);
}

/* The event's data end with it. */
static void
keep_answer (gpointer data)
{
    H3Event *event = data;

    if (atomic_load (&event->claim) == CLAIM_LATE)
        kept = g_strdup_printf ("%u %.*s", event->response.status,
                                H3_VIEW_ARGS (event->response.body.memory));
}

static void
hold (H3Event *event, gpointer user_data)
{
    held = h3_event_defer (event);
    held->keeps_late = user_data != NULL;
    h3_event_set_data (event, "kept", event, keep_answer);
}

static void
let_go (gpointer data)
{
    g_clear_pointer (&held, h3_event_unref);
}

static void
answer (gpointer data)
{
    h3_event_set_status (held, 201);
    h3_event_send_text (held, "late");
    let_go (NULL);
}

static void
lose_client (gboolean keeps_late)
{
    fake_carrier_run (carrier, GET, hold, keeps_late ? carrier : NULL);
    ck_assert (!event_is_lost (held));
    fake_carrier_end (carrier, H3_OUTCOME_GONE);
    ck_assert (event_is_lost (held));
}

START_TEST (an_answer_is_kept_though_the_client_has_gone)
{
    lose_client (TRUE);
    answer (NULL);
    ck_assert_str_eq (kept, "201 late");
    ck_assert_uint_eq (carrier->n_sent, 0);
}
END_TEST

START_TEST (an_answer_of_another_thread_is_kept_too)
{
    lose_client (TRUE);
    fake_carrier_run_elsewhere (answer, NULL);
    fake_carrier_pump (carrier);
    ck_assert_str_eq (kept, "201 late");
}
END_TEST

START_TEST (an_answer_is_kept_though_its_time_was_up)
{
    fake_carrier_run (carrier, GET, hold, carrier);
    event_expire (held);
    ck_assert_uint_eq (carrier->status, 503);
    answer (NULL);
    fake_carrier_pump (carrier);
    ck_assert_str_eq (kept, "201 late");
    ck_assert_uint_eq (carrier->n_sent, 1);
}
END_TEST

START_TEST (a_late_answer_that_nobody_wants_is_dropped)
{
    lose_client (FALSE);
    answer (NULL);
    ck_assert_ptr_null (kept);
}
END_TEST

START_TEST (who_never_answers_has_nothing_kept)
{
    lose_client (TRUE);
    let_go (NULL);
    ck_assert_ptr_null (kept);
}
END_TEST

START_TEST (a_failure_takes_the_place_of_a_late_answer)
{
    lose_client (TRUE);
    h3_event_send_text (held, "late");
    h3_event_fail_status (held, 500, NULL);
    let_go (NULL);
    ck_assert_ptr_null (kept);
}
END_TEST

START_TEST (the_next_exchange_keeps_nothing)
{
    lose_client (TRUE);
    answer (NULL);
    g_clear_pointer (&kept, g_free);
    lose_client (FALSE);
    answer (NULL);
    ck_assert_ptr_null (kept);
}
END_TEST

static void
add_tests (Suite *suite)
{
    TCase *tcase = tcase_create ("late");

    tcase_add_checked_fixture (tcase, set_up, tear_down);
    suite_add_tcase (suite, tcase);
    tcase_add_test (tcase, an_answer_is_kept_though_the_client_has_gone);
    tcase_add_test (tcase, an_answer_of_another_thread_is_kept_too);
    tcase_add_test (tcase, an_answer_is_kept_though_its_time_was_up);
    tcase_add_test (tcase, a_late_answer_that_nobody_wants_is_dropped);
    tcase_add_test (tcase, who_never_answers_has_nothing_kept);
    tcase_add_test (tcase, a_failure_takes_the_place_of_a_late_answer);
    tcase_add_test (tcase, the_next_exchange_keeps_nothing);
}

int
main (void)
{
    return suite_run ("http/event-late", add_tests);
}
