/* SPDX-License-Identifier: MIT */

#include "tests/support/fake-carrier.h"
#include "tests/support/suite.h"

#include <h3/base/error.h>
#include <h3/format/json.h>
#include <h3/http/page.h>

#define GET "GET /path HTTP/1.1\r\nHost: h.example\r\n"

static FakeCarrier *carrier;
static H3Templates *templates;
static int failure; /* the code of an error */

static void
set_up (void)
{
    carrier = fake_carrier_new ();
    templates = h3_templates_new ();
    ck_assert (h3_templates_add (templates, "page", "<p>{{x}}", NULL));
    failure = -1;
}

static void
tear_down (void)
{
    g_clear_pointer (&templates, h3_templates_unref);
    g_clear_pointer (&carrier, fake_carrier_free);
}

static void
send_page (H3Event *event, gpointer user_data)
{
    h3_event_set_status (event, 201);
    h3_event_send_template (event, templates, user_data, json_pack ("{s:s}", "x", "<ä>"));
}

START_TEST (a_page_is_html_with_the_status_that_was_set)
{
    fake_carrier_run (carrier, GET, send_page, (gpointer) "page");
    ck_assert_uint_eq (carrier->status, 201);
    ck_assert_str_eq (carrier->type, "text/html; charset=utf-8");
    ck_assert_str_eq (carrier->sent->str, "<p>&lt;ä&gt;");
}
END_TEST

static void
send_typed (H3Event *event, gpointer user_data)
{
    h3_response_set_content_type (h3_event_get_response (event), "application/xhtml+xml");
    h3_event_send_template (event, templates, "page", NULL);
}

START_TEST (a_type_that_was_set_stays)
{
    fake_carrier_run (carrier, GET, send_typed, NULL);
    ck_assert_str_eq (carrier->type, "application/xhtml+xml");
    ck_assert_str_eq (carrier->sent->str, "<p>");
}
END_TEST

static void
note_failure (H3Event *event, GError *error)
{
    ck_assert (error->domain == H3_ERROR);
    failure = error->code;
    event_answer_error (event, error);
}

static void
send_strictly (H3Event *event, gpointer user_data)
{
    H3TemplateData data = { .flags = H3_TEMPLATE_STRICT };

    h3_event_send_template_full (event, templates, "page", &data);
}

START_TEST (a_page_that_cannot_be_made_is_a_500)
{
    carrier->on_fail = note_failure;
    fake_carrier_run (carrier, GET, send_page, (gpointer) "none");
    ck_assert_uint_eq (carrier->status, 500);
    ck_assert_int_eq (failure, H3_ERROR_NOT_FOUND);
    ck_assert_ptr_null (strstr (carrier->sent->str, "none"));
    fake_carrier_clear (carrier);
    fake_carrier_run (carrier, GET, send_strictly, NULL);
    ck_assert_uint_eq (carrier->status, 500);
}
END_TEST

static void
send_text (H3Event *event, gpointer user_data)
{
    h3_event_send_template_text (event, templates, "page", user_data);
}

START_TEST (data_may_be_a_text_of_json)
{
    fake_carrier_run (carrier, GET, send_text, (gpointer) "{\"x\":\"<b>\"}");
    ck_assert_uint_eq (carrier->status, 200);
    ck_assert_str_eq (carrier->sent->str, "<p>&lt;b&gt;");
    fake_carrier_clear (carrier);
    fake_carrier_run (carrier, GET, send_text, NULL);
    ck_assert_str_eq (carrier->sent->str, "<p>");
}
END_TEST

START_TEST (a_text_that_is_no_json_is_a_500)
{
    carrier->on_fail = note_failure;
    fake_carrier_run (carrier, GET, send_text, (gpointer) "{x}");
    ck_assert_uint_eq (carrier->status, 500);
    ck_assert_int_eq (failure, H3_ERROR_SYNTAX);
}
END_TEST

static void
add_tests (Suite *suite)
{
    TCase *tcase = tcase_create ("pages");

    tcase_add_checked_fixture (tcase, set_up, tear_down);
    tcase_add_test (tcase, a_page_is_html_with_the_status_that_was_set);
    tcase_add_test (tcase, a_type_that_was_set_stays);
    tcase_add_test (tcase, a_page_that_cannot_be_made_is_a_500);
    tcase_add_test (tcase, data_may_be_a_text_of_json);
    tcase_add_test (tcase, a_text_that_is_no_json_is_a_500);
    tcase_set_timeout (tcase, 60);
    suite_add_tcase (suite, tcase);
}

int
main (void)
{
    return suite_run ("http/page", add_tests);
}
