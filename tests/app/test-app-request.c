/* SPDX-License-Identifier: MIT */

#include "ask.h"

#include <h3/format/json.h>
#include <h3/format/query.h>

#include <jansson.h>

static H3App *
make_app (H3Handler handler, gpointer user_data)
{
    H3App *app = h3_app_new ();

    h3_app_all (app, "/", handler, user_data);
    return app;
}

static void
send_or_none (H3Event *event, const char *text)
{
    h3_event_send_text (event, text != NULL ? text : "(none)");
}

static void
say_query (H3Event *event, gpointer user_data)
{
    const char *const *values = h3_event_get_query_values (event, "k");
    g_autofree char *joined = g_strjoinv ("|", (char **) values);

    h3_event_send_text (event, joined);
}

START_TEST (query_keeps_repeated_keys)
{
    g_autoptr (H3App) app = make_app (say_query, NULL);

    assert_gets (app, "/?k=1&x=2&k=%41+b&k", "1|A b|");
    assert_gets (app, "/", "");
    ck_assert_uint_eq (ask_status (app, "GET", "/?k=%ff"), 400);
    ck_assert_uint_eq (ask_status (app, "GET", "/?k=%00"), 400);
    ck_assert_uint_eq (ask_status (app, "GET", "/?k=%4"), 400);
}
END_TEST

START_TEST (query_fields_are_bounded)
{
    g_autoptr (H3App) app = make_app (say_query, NULL);

    ck_assert (h3_app_set_limit (app, "max-query-fields", 3, NULL));
    ck_assert_uint_eq (ask_status (app, "GET", "/?a&b"), 200);
    ck_assert_uint_eq (ask_status (app, "GET", "/?a&b&k=c"), 200);
    ck_assert_uint_eq (ask_status (app, "GET", "/?a&b&k=c&d"), 400);
}
END_TEST

static void
take_json (H3Event *event, gpointer user_data)
{
    g_autoptr (GError) error = NULL;
    json_t *document = h3_event_parse_json (event, &error);

    if (document == NULL)
        h3_event_fail (event, g_steal_pointer (&error));
    else
        h3_event_send_json (event, document);
}

START_TEST (json_bodies_are_read_strictly)
{
    g_autoptr (H3App) app = make_app (take_json, NULL);
    g_autoptr (H3Injected) bad =
        ask_body (app, "POST", "/", "application/json", "{\"a\":1,\n \"b\" 2}");

    assert_answer (ask_body (app, "POST", "/", "application/json", "[1, 2]"), 200, "[1,2]");
    assert_answer (ask_body (app, "POST", "/", "application/ld+json", "[]"), 200, "[]");
    ck_assert_uint_eq (h3_injected_get_status (bad), 400);
    ck_assert_ptr_nonnull (strstr (h3_injected_get_text (bad), "line 2"));
    assert_status (ask_body (app, "POST", "/", "text/plain", "[]"), 415);
    assert_status (ask_body (app, "POST", "/", NULL, "[]"), 400);
    assert_status (ask_body (app, "POST", "/", "application/json", "{\"a\":1,\"a\":2}"), 400);
}
END_TEST

START_TEST (json_depth_is_bounded)
{
    g_autoptr (H3App) app = make_app (take_json, NULL);

    ck_assert (h3_app_set_limit (app, "max-json-depth", 3, NULL));
    assert_status (ask_body (app, "POST", "/", "application/json", "[[]]"), 200);
    assert_status (ask_body (app, "POST", "/", "application/json", "[[[]]]"), 200);
    assert_status (ask_body (app, "POST", "/", "application/json", "[[[[]]]]"), 400);
}
END_TEST

static void
take_form (H3Event *event, gpointer user_data)
{
    g_autoptr (GError) error = NULL;

    if (h3_event_parse_form (event, &error) == NULL)
        h3_event_fail (event, g_steal_pointer (&error));
    else
        send_or_none (event, h3_event_get_form_field (event, "name"));
}

START_TEST (forms_are_read)
{
    static const char type[] = "application/x-www-form-urlencoded";
    g_autoptr (H3App) app = make_app (take_form, NULL);

    ck_assert (h3_app_set_limit (app, "max-query-fields", 2, NULL));
    assert_answer (ask_body (app, "POST", "/", type, "name=J%C3%B6rg+K"), 200, "Jörg K");
    assert_answer (ask_body (app, "POST", "/", type, "other=x"), 200, "(none)");
    assert_status (ask_body (app, "POST", "/", type, "a&b"), 200);
    assert_status (ask_body (app, "POST", "/", type, "a&b&c"), 400);
    assert_status (ask_body (app, "POST", "/", type, "name=%zz"), 400);
    assert_status (ask_body (app, "POST", "/", "application/json", "name=x"), 415);
}
END_TEST

static void
say_cookie (H3Event *event, gpointer user_data)
{
    send_or_none (event, h3_event_get_cookie (event, user_data));
}

START_TEST (cookies_are_read)
{
    g_autoptr (H3App) app = make_app (say_cookie, (gpointer) "id");

    assert_answer (ask_field (app, "/", "Cookie", "a=b; id=7; c=d"), 200, "7");
    assert_answer (ask_field (app, "/", "Cookie", "ID=7"), 200, "(none)");
}
END_TEST

static void
negotiate (H3Event *event, gpointer user_data)
{
    static const char *const types[] = { "application/json", "text/html", NULL };

    send_or_none (event, h3_event_negotiate_type (event, types));
}

START_TEST (what_the_client_accepts_is_weighed)
{
    g_autoptr (H3App) app = make_app (negotiate, NULL);
    g_autoptr (H3Injected) answer =
        ask_field (app, "/", "Accept", "application/json;q=0.5, text/*");

    ck_assert_str_eq (h3_injected_get_text (answer), "text/html");
    ck_assert_str_eq (h3_injected_get_header (answer, "Vary"), "Accept");
    assert_answer (ask_field (app, "/", "Accept", "image/png"), 200, "(none)");
    assert_gets (app, "/", "application/json");
}
END_TEST

static void
require_type (H3Event *event, gpointer user_data)
{
    if (h3_event_require_content_type (event, "text/*", "application/json", NULL))
        h3_event_send_text (event, "taken");
}

START_TEST (content_types_may_be_required)
{
    g_autoptr (H3App) app = make_app (require_type, NULL);

    assert_status (ask_body (app, "POST", "/", "text/csv; charset=utf-8", "x"), 200);
    assert_status (ask_body (app, "POST", "/", "application/json", "x"), 200);
    assert_status (ask_body (app, "POST", "/", "image/png", "x"), 415);
    assert_status (ask_body (app, "POST", "/", NULL, "x"), 400);
}
END_TEST

static void
say_client (H3Event *event, gpointer user_data)
{
    g_autofree char *text =
        g_strdup_printf ("%s %s %s", h3_event_get_client_address (event),
                         h3_event_get_scheme (event), h3_event_get_host (event));

    h3_event_send_text (event, text);
}

START_TEST (only_trusted_proxies_are_believed)
{
    g_autoptr (H3App) wary = make_app (say_client, NULL);
    g_autoptr (H3App) app = make_app (say_client, NULL);
    static const char forwarded[] = "for=203.0.113.9;proto=https;host=example.org";

    ck_assert (h3_app_trust_proxy (app, "127.0.0.0/8", NULL));
    assert_answer (ask_field (wary, "/", "Forwarded", forwarded), 200, "127.0.0.1 http localhost");
    assert_answer (ask_field (app, "/", "Forwarded", forwarded), 200,
                   "203.0.113.9 https example.org");
    assert_answer (ask_field (app, "/", "X-Forwarded-For", "1.2.3.4, 203.0.113.9"), 200,
                   "203.0.113.9 http localhost");
}
END_TEST

static void
add_cases (Suite *suite)
{
    suite_add_case (suite, "query", query_keeps_repeated_keys, query_fields_are_bounded, NULL);
    suite_add_case (suite, "bodies", json_bodies_are_read_strictly, json_depth_is_bounded,
                    forms_are_read, content_types_may_be_required, NULL);
    suite_add_case (suite, "fields", cookies_are_read, what_the_client_accepts_is_weighed,
                    only_trusted_proxies_are_believed, NULL);
}

int
main (void)
{
    return suite_run ("app/request", add_cases);
}
