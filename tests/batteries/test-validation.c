/* SPDX-License-Identifier: MIT */

#include <h3/app/app.h>
#include <h3/batteries/validation.h>
#include <h3/format/json.h>

#include "tests/app/ask.h"

static H3App *app;

static H3Schema *
compile (const char *text)
{
    g_autoptr (GError) error = NULL;
    H3Schema *schema = h3_schema_new_from_text (text, &error);

    ck_assert_msg (schema != NULL, "%s", error != NULL ? error->message : "no error");
    return schema;
}

/* Takes the text. */
static void
assert_tells (char *given, const json_t *document)
{
    g_autofree char *text = given;
    g_autofree char *expected =
        document != NULL ? h3_json_to_text (document, H3_JSON_COMPACT) : NULL;

    ck_assert_pstr_eq (text, expected);
}

/* Answers with all that was checked. */
static void
show (H3Event *event, gpointer user_data)
{
    json_t *params = h3_event_get_valid_params (event);
    json_t *query = h3_event_get_valid_query (event);
    json_t *body = h3_event_get_valid_body (event);

    ck_assert_ptr_null (h3_event_get_validation_errors (event));
    assert_tells (h3_event_dup_valid_params_text (event), params);
    assert_tells (h3_event_dup_valid_query_text (event), query);
    assert_tells (h3_event_dup_valid_body_text (event), body);
    h3_event_send_json (
        event, json_pack ("{s:O*, s:O*, s:O*}", "params", params, "query", query, "body", body));
}

static void
add (const char *method, const char *pattern, const H3ValidationOptions *options)
{
    h3_app_use_for (app, h3_app_route (app, method, pattern, show, NULL, NULL),
                    h3_validation_new (options));
}

static void
set_up (void)
{
    g_autoptr (H3Schema) params =
        compile ("{\"properties\":{\"id\":{\"type\":\"integer\",\"maximum\":99}}}");
    g_autoptr (H3Schema) query = compile (
        "{\"additionalProperties\":false,\"properties\":{\"n\":{\"type\":\"integer\"},"
        "\"x\":{\"type\":\"number\"},\"b\":{\"type\":\"boolean\"},\"s\":{\"type\":\"string\"},"
        "\"list\":{\"type\":\"array\",\"items\":{\"$ref\":\"#/$defs/n\"}},"
        "\"either\":{\"anyOf\":[{\"type\":\"integer\"},{\"type\":\"string\"}]},"
        "\"few\":{\"enum\":[1,2]},\"none\":{\"type\":[\"integer\",\"null\"]},"
        "\"page\":{\"type\":\"integer\",\"default\":1}},\"$defs\":{\"n\":{\"type\":\"integer\"}}}");
    g_autoptr (H3Schema) body = compile (
        "{\"type\":\"object\",\"required\":[\"a\"],\"properties\":{\"a\":{\"type\":\"integer\"},"
        "\"b\":{\"default\":7}}}");
    H3ValidationOptions options;

    app = h3_app_new_with_preset (H3_PRESET_TESTING);
    h3_validation_options_init (&options);
    options.params = params;
    options.query = query;
    add ("GET", "/both/:id", &options);
    h3_validation_options_init (&options);
    options.json = body;
    add ("POST", "/json", &options);
    options.form = body;
    add ("POST", "/any", &options);
    options.json = NULL;
    options.status = 400;
    options.max_problems = 1;
    add ("POST", "/form", &options);
}

static void
tear_down (void)
{
    g_clear_object (&app);
}

/* What was checked is this, and nothing else. */
static void
assert_checked (const char *target, const char *document)
{
    assert_answer (ask (app, "GET", target), 200, document);
}

/* The answer's errors are these. */
static void
assert_errors (H3Injected *injected, guint status, const char *errors)
{
    g_autoptr (json_t) problem =
        h3_json_parse (h3_view_of (h3_injected_get_text (injected)), 10, NULL);
    g_autoptr (json_t) expected = h3_json_parse (h3_view_of (errors), 10, NULL);

    ck_assert_msg (h3_injected_get_status (injected) == status, "%s",
                   h3_injected_get_text (injected));
    ck_assert_msg (json_equal (json_object_get (problem, "errors"), expected), "%s",
                   h3_injected_get_text (injected));
    ck_assert_int_eq (json_integer_value (json_object_get (problem, "status")), status);
    ck_assert_str_eq (h3_injected_get_header (injected, "Content-Type"),
                      "application/problem+json");
    h3_injected_unref (injected);
}

START_TEST (fields_become_what_their_schema_says)
{
    assert_checked ("/both/7?n=-3&x=1.5&b=true&s=12",
                    "{\"params\":{\"id\":7},\"query\":{\"n\":-3,\"x\":1.5,\"b\":true,\"s\":\"12\","
                    "\"page\":1}}");
    assert_checked ("/both/7?list=1&list=2&page=3",
                    "{\"params\":{\"id\":7},\"query\":{\"list\":[1,2],\"page\":3}}");
    assert_checked ("/both/7?list=1",
                    "{\"params\":{\"id\":7},\"query\":{\"list\":[1],\"page\":1}}");
    assert_checked ("/both/7?either=5&few=2&none=",
                    "{\"params\":{\"id\":7},\"query\":{\"either\":5,\"few\":2,\"none\":null,"
                    "\"page\":1}}");
    assert_checked ("/both/7?either=x",
                    "{\"params\":{\"id\":7},\"query\":{\"either\":\"x\",\"page\":1}}");
    assert_checked ("/both/99", "{\"params\":{\"id\":99},\"query\":{\"page\":1}}");
}
END_TEST

START_TEST (fields_that_do_not_become_it_are_told)
{
    static const char *const bad[] = { "1.5",    "x",    "",     "007",  "1e999",
                                       "0x1",    "%201", "1%20", "true", "99999999999999999999",
                                       "%5B1%5D" };

    for (gsize i = 0; i < G_N_ELEMENTS (bad); i++) {
        g_autofree char *target = g_strdup_printf ("/both/7?n=%s", bad[i]);

        assert_errors (
            ask (app, "GET", target), 422,
            "[{\"in\":\"query\",\"pointer\":\"/n\",\"message\":\"must be a whole number\"}]");
    }
    assert_errors (ask (app, "GET", "/both/7?b=TRUE"), 422,
                   "[{\"in\":\"query\",\"pointer\":\"/b\",\"message\":\"must be true or false\"}]");
    assert_errors (
        ask (app, "GET", "/both/7?n=1&n=2"), 422,
        "[{\"in\":\"query\",\"pointer\":\"/n\",\"message\":\"must be a whole number\"}]");
}
END_TEST

START_TEST (problems_of_all_parts_come_together)
{
    assert_errors (
        ask (app, "GET", "/both/100?z=1&list=x"), 422,
        "[{\"in\":\"path\",\"pointer\":\"/id\",\"message\":\"must be 99 or less\"},"
        "{\"in\":\"query\",\"pointer\":\"/z\",\"message\":\"must not be there\"},"
        "{\"in\":\"query\",\"pointer\":\"/list/0\",\"message\":\"must be a whole number\"}]");
}
END_TEST

START_TEST (json_is_held_against_its_schema)
{
    const char *type = "application/json";

    assert_answer (ask_body (app, "POST", "/json", type, "{\"a\":1}"), 200, "{\"body\":{\"a\":1}}");
    assert_errors (ask_body (app, "POST", "/json", type, "{\"a\":\"1\"}"), 422,
                   "[{\"in\":\"body\",\"pointer\":\"/a\",\"message\":\"must be a whole number\"}]");
    assert_errors (ask_body (app, "POST", "/json", type, "[]"), 422,
                   "[{\"in\":\"body\",\"pointer\":\"\",\"message\":\"must be an object\"}]");
    assert_errors (ask_body (app, "POST", "/json", type, "{\"a\":1,\"b\":\"x\\u001b[2J\"}"), 422,
                   "[{\"in\":\"body\",\"pointer\":\"/b\","
                   "\"message\":\"must have no control characters\"}]");
    assert_status (ask_body (app, "POST", "/json", type, "{\"a\":1,\"b\":\"x\\t\\r\\ny\"}"), 200);
    assert_status (ask_body (app, "POST", "/json", type, "{\"a\":"), 400);
    assert_status (ask_body (app, "POST", "/json", "text/plain", "{\"a\":1}"), 415);
    assert_status (ask_body (app, "POST", "/json", NULL, "{\"a\":1}"), 400);
}
END_TEST

START_TEST (forms_are_converted_and_held_against_their_schema)
{
    const char *type = "application/x-www-form-urlencoded";

    assert_answer (ask_body (app, "POST", "/form", type, "a=1"), 200,
                   "{\"body\":{\"a\":1,\"b\":7}}");
    assert_answer (
        ask_body (app, "POST", "/form", "multipart/form-data; boundary=x",
                  "--x\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n5\r\n--x--\r\n"),
        200, "{\"body\":{\"a\":5,\"b\":7}}");
    assert_errors (ask_body (app, "POST", "/form", type, "b=1"), 400,
                   "[{\"in\":\"body\",\"pointer\":\"\",\"message\":\"\\\"a\\\" is missing\"}]");
    assert_status (ask_body (app, "POST", "/form", type, "a=%zz"), 400);
    assert_status (ask_body (app, "POST", "/form", "application/json", "{\"a\":1}"), 415);
}
END_TEST

START_TEST (the_content_type_decides_where_both_are_taken)
{
    assert_answer (ask_body (app, "POST", "/any", "application/json", "{\"a\":1}"), 200,
                   "{\"body\":{\"a\":1}}");
    assert_answer (ask_body (app, "POST", "/any", "application/x-www-form-urlencoded", "a=1"), 200,
                   "{\"body\":{\"a\":1,\"b\":7}}");
    assert_errors (ask_body (app, "POST", "/any", "application/json", "{\"a\":\"1\"}"), 422,
                   "[{\"in\":\"body\",\"pointer\":\"/a\",\"message\":\"must be a whole number\"}]");
    assert_status (ask_body (app, "POST", "/any", "text/plain", "a=1"), 415);
}
END_TEST

START_TEST (no_more_problems_are_told_than_wanted)
{
    g_autoptr (GString) body = g_string_new ("a=x");

    for (guint i = 0; i < 100; i++)
        g_string_append (body, "&a=x");
    assert_errors (ask_body (app, "POST", "/form", "application/x-www-form-urlencoded", body->str),
                   400,
                   "[{\"in\":\"body\",\"pointer\":\"/a\",\"message\":\"must be a whole number\"}]");
}
END_TEST

static void
answer_error (H3Event *event, const GError *error, gpointer user_data)
{
    ck_assert_int_eq (error->code, 422);
    ck_assert_ptr_null (h3_event_get_valid_query (event));
    ck_assert_ptr_null (h3_event_get_valid_params (event));
    ck_assert_ptr_null (h3_event_get_valid_body (event));
    h3_event_send_json_text (event, h3_event_get_validation_errors (event));
}

START_TEST (error_handlers_see_the_problems)
{
    h3_app_on_error (app, answer_error, NULL, NULL);
    assert_answer (ask (app, "GET", "/both/100"), 422,
                   "[{\"in\":\"path\",\"pointer\":\"/id\",\"message\":\"must be 99 or less\"}]");
}
END_TEST

static void
fail_anew (H3Event *event, const GError *error, gpointer user_data)
{
    h3_event_fail_status (event, 503, "Something else.");
}

START_TEST (another_failure_does_not_show_them)
{
    h3_app_on_error (app, fail_anew, NULL, NULL);
    assert_answer (ask (app, "GET", "/both/100"), 503,
                   "{\"type\":\"about:blank\",\"title\":\"Service Unavailable\",\"status\":503,"
                   "\"detail\":\"Something else.\"}");
}
END_TEST

static void
add_tests (Suite *suite)
{
    TCase *tcase = tcase_create ("validation");

    tcase_add_checked_fixture (tcase, set_up, tear_down);
    tcase_add_test (tcase, fields_become_what_their_schema_says);
    tcase_add_test (tcase, fields_that_do_not_become_it_are_told);
    tcase_add_test (tcase, problems_of_all_parts_come_together);
    tcase_add_test (tcase, json_is_held_against_its_schema);
    tcase_add_test (tcase, forms_are_converted_and_held_against_their_schema);
    tcase_add_test (tcase, the_content_type_decides_where_both_are_taken);
    tcase_add_test (tcase, no_more_problems_are_told_than_wanted);
    tcase_add_test (tcase, error_handlers_see_the_problems);
    tcase_add_test (tcase, another_failure_does_not_show_them);
    suite_add_tcase (suite, tcase);
}

int
main (void)
{
    return suite_run ("batteries/validation", add_tests);
}
