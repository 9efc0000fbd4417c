/* SPDX-License-Identifier: MIT */

#include "tests/support/fake-carrier.h"
#include "tests/support/suite.h"

#include <h3/http/answer.h>
#include <h3/http/failure.h>
#include <h3/http/timing.h>

#include <math.h>

#define GET "GET /path HTTP/1.1\r\nHost: h.example\r\n"

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

typedef struct {
    const char *name;
    double milliseconds;
    const char *description;
    const char *text; /* NULL: it must not be sent */
} Metric;

static const Metric metrics[] = {
    { "db", 53, NULL, "db;dur=53" },
    { "db", 53.25, "The \"main\" \\ one", "db;dur=53.25;desc=\"The \\\"main\\\" \\\\ one\"" },
    { "db", 0, NULL, "db;dur=0" },
    { "db", 0.0004, NULL, "db;dur=0" },
    { "db", 100, NULL, "db;dur=100" },
    { "db", 1e21, NULL, "db;dur=1000000000000000000000" },
    { "cache-miss", -1, NULL, "cache-miss" },
    { "cache", -1, "hit; x=1", "cache;desc=\"hit; x=1\"" },
    { "a!#$%&'*+-.^_`|~9", 1, "", "a!#$%&'*+-.^_`|~9;dur=1;desc=\"\"" },
    { "", 1, NULL, NULL },
    { "a b", 1, NULL, NULL },
    { "a;b", 1, NULL, NULL },
    { "a\r\nb", 1, NULL, NULL },
    { "ä", 1, NULL, NULL },
    { "a", NAN, NULL, NULL },
    { "a", INFINITY, NULL, NULL },
    { "a", 1, "x\r\ny", NULL },
    { "a", 1, "ä", NULL },
};

static void
add_metric (H3Event *event, gpointer user_data)
{
    const Metric *metric = user_data;

    ck_assert (h3_event_add_timing (event, metric->name, metric->milliseconds, metric->description)
               == (metric->text != NULL));
    h3_event_send_empty (event, 204);
}

START_TEST (a_metric_is_a_token_a_number_and_a_text)
{
    for (guint i = 0; i < G_N_ELEMENTS (metrics); i++) {
        if (metrics[i].text == NULL)
            g_test_expect_message ("h3", G_LOG_LEVEL_CRITICAL, "*assertion*");
        fake_carrier_run (carrier, GET, add_metric, (gpointer) &metrics[i]);
        if (metrics[i].text == NULL)
            g_test_assert_expected_messages ();
        ck_assert_str_eq (fake_carrier_get (carrier, "Server-Timing"),
                          metrics[i].text != NULL ? metrics[i].text : "");
        fake_carrier_clear (carrier);
    }
}
END_TEST

static void
add_two_and_fail (H3Event *event, gpointer user_data)
{
    gint64 start = h3_timing_start ();

    h3_event_add_timing (event, "db", 1, NULL);
    h3_event_stop_timing (event, "page", start - 5000000, "made");
    h3_event_fail_status (event, 503, NULL);
}

/* The second lasted five seconds, and what the test took. */
START_TEST (metrics_are_told_in_order_by_errors_too)
{
    const char *told;
    char *end;

    fake_carrier_run (carrier, GET, add_two_and_fail, NULL);
    ck_assert_uint_eq (carrier->status, 503);
    told = fake_carrier_get (carrier, "Server-Timing");
    ck_assert_msg (g_str_has_prefix (told, "db;dur=1, page;dur="), "%s", told);
    ck_assert (g_ascii_strtod (told + strlen ("db;dur=1, page;dur="), &end) >= 5000);
    ck_assert_str_eq (end, ";desc=\"made\"");
}
END_TEST

static void
add_tests (Suite *suite)
{
    TCase *tcase = tcase_create ("timing");

    tcase_add_checked_fixture (tcase, set_up, tear_down);
    tcase_add_test (tcase, a_metric_is_a_token_a_number_and_a_text);
    tcase_add_test (tcase, metrics_are_told_in_order_by_errors_too);
    tcase_set_timeout (tcase, 60);
    suite_add_tcase (suite, tcase);
}

int
main (void)
{
    return suite_run ("http/timing", add_tests);
}
