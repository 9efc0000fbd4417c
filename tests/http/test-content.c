/* SPDX-License-Identifier: MIT */

#include "tests/support/fake-carrier.h"
#include "tests/support/suite.h"

#include <h3/base/error.h>
#include <h3/format/json.h>
#include <h3/http/answer.h>
#include <h3/http/content-inside.h>
#include <h3/http/failure.h>

#define POST "POST /path HTTP/1.1\r\nHost: h\r\n"
#define JSON POST "Content-Type: application/json\r\n"
#define FORM POST "Content-Type: application/x-www-form-urlencoded\r\n"

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

static void
answer_value (H3Event *event, gpointer user_data)
{
    const char *value = h3_event_get_query (event, user_data);

    h3_event_send_text (event, value != NULL ? value : "(none)");
}

static void
assert_query (const char *target, const char *name, const char *value)
{
    g_autofree char *head = g_strdup_printf ("GET %s HTTP/1.1\r\nHost: h", target);

    fake_carrier_run (carrier, head, answer_value, (gpointer) name);
    ck_assert_str_eq (carrier->sent->str, value);
}

START_TEST (query_gives_the_first_value_decoded)
{
    assert_query ("/?a=1&b=x+y%26z&a=2", "a", "1");
    assert_query ("/?a=1&b=x+y%26z&a=2", "b", "x y&z");
    assert_query ("/?a=1", "b", "(none)");
    assert_query ("/?a", "a", "");
    assert_query ("/?", "a", "(none)");
    assert_query ("/", "a", "(none)");
    assert_query ("/?a=1&b=%ff", "a", "(none)");
}
END_TEST

static void
answer_values (H3Event *event, gpointer user_data)
{
    const char *const *values = h3_event_get_query_values (event, "a");
    g_autofree char *joined = g_strjoinv ("|", (char **) values);

    ck_assert_uint_eq (h3_query_get_n_pairs (h3_event_get_query_table (event)), 3);
    ck_assert_ptr_null (h3_event_get_query_values (event, "none")[0]);
    h3_event_send_text (event, joined);
}

START_TEST (query_keeps_repeated_keys)
{
    fake_carrier_run (carrier, "GET /?a=1&b=2&a=3 HTTP/1.1\r\nHost: h", answer_values, NULL);
    ck_assert_str_eq (carrier->sent->str, "1|3");
}
END_TEST

static void
ask_often (H3Event *event, gpointer user_data)
{
    const char *first = h3_event_get_query (event, "a");
    const char *cookie = h3_event_get_cookie (event, "c");
    gsize before;

    (void) h3_event_get_cookie (event, "none");
    (void) h3_event_get_client_address (event);
    before = h3_arena_get_size (event->arena);
    for (guint i = 0; i < 100000; i++) {
        ck_assert_ptr_eq (h3_event_get_query (event, "a"), first);
        ck_assert_ptr_eq (h3_event_get_cookie (event, "c"), cookie);
        ck_assert_ptr_null (h3_event_get_cookie (event, "none"));
        ck_assert_str_eq (h3_event_get_client_address (event), "");
        ck_assert_str_eq (h3_event_get_host (event), "h");
    }
    ck_assert_uint_eq (h3_arena_get_size (event->arena), before);
    h3_event_send_empty (event, 204);
}

START_TEST (asking_again_costs_no_memory)
{
    fake_carrier_run (carrier, "GET /?a=1 HTTP/1.1\r\nHost: h\r\nCookie: c=1", ask_often, NULL);
    ck_assert_uint_eq (carrier->status, 204);
}
END_TEST

static gboolean
passes_query_check (const char *target)
{
    g_autofree char *head = g_strdup_printf ("GET %s HTTP/1.1\r\nHost: h", target);
    g_autoptr (GError) fault = NULL;

    fake_carrier_clear (carrier);
    fault = content_find_fault (fake_carrier_begin (carrier, head));
    fake_carrier_end (carrier, H3_OUTCOME_GONE);
    if (fault == NULL)
        return TRUE;
    ck_assert_uint_eq (h3_http_error_get_status (fault), 400);
    ck_assert_ptr_nonnull (strstr (fault->message, "The query has"));
    return FALSE;
}

START_TEST (query_that_cannot_be_read_is_400)
{
    carrier->limits.query_fields = 3;
    ck_assert (passes_query_check ("/"));
    ck_assert (passes_query_check ("/?a=1&b=2&c=3"));
    ck_assert (!passes_query_check ("/?a=1&b=2&c=3&d=4"));
    ck_assert (!passes_query_check ("/?a=%ff"));
    ck_assert (!passes_query_check ("/?a=%C0%80"));
    ck_assert (!passes_query_check ("/?%01=a"));
}
END_TEST

static void
echo_json (H3Event *event, gpointer user_data)
{
    g_autoptr (GError) error = NULL;
    json_t *document = h3_event_parse_json (event, &error);

    ck_assert_int_eq (document == NULL, error != NULL);
    if (document == NULL)
        h3_event_fail (event, g_steal_pointer (&error));
    else
        h3_event_send_json (event, document);
}

static void
assert_json (const char *head, const char *body, guint status, const char *part)
{
    carrier->body = body;
    fake_carrier_run (carrier, head, echo_json, NULL);
    carrier->body = NULL;
    ck_assert_uint_eq (carrier->status, status);
    ck_assert_msg (strstr (carrier->sent->str, part) != NULL, "%s in %s", part, carrier->sent->str);
}

START_TEST (json_bodies_are_typed_bounded_and_told_where_they_fail)
{
    assert_json (JSON, "{\"a\": [1]}", 200, "{\"a\":[1]}");
    assert_json (POST "Content-Type: application/vnd.api+json; charset=utf-8", "[]", 200, "[]");
    assert_json (POST "Content-Type: text/plain", "[]", 415, "media type");
    assert_json (POST "Content-Type: nonsense", "[]", 400, "no media type");
    assert_json (POST, "[]", 400, "Content-Type is missing");
    assert_json (JSON, "{\"a\":\n  x}", 400, "line 2, column 3");
    assert_json (JSON, "{\"a\":1,\"a\":2}", 400, "name twice");
    assert_json (JSON, "\"\xff\"", 400, "line 1");
    assert_json (JSON, "\"\\u0000\"", 400, "line 1");
    assert_json (JSON, NULL, 400, "no JSON");
    assert_json (JSON, "", 400, "no JSON");
    carrier->limits.json_depth = 2;
    assert_json (JSON, "[[1]]", 200, "[[1]]");
    assert_json (JSON, "[[[1]]]", 400, "column 3");
}
END_TEST

static void
answer_json_text (H3Event *event, gpointer user_data)
{
    g_autofree char *text = h3_event_parse_json_text (event, NULL);

    h3_event_send_text (event, text != NULL ? text : "(none)");
}

START_TEST (json_text_is_the_body_where_it_is_json)
{
    carrier->body = " [1, 2] ";
    fake_carrier_run (carrier, JSON, answer_json_text, NULL);
    ck_assert_str_eq (carrier->sent->str, " [1, 2] ");
    carrier->body = "[1, 2";
    fake_carrier_run (carrier, JSON, answer_json_text, NULL);
    ck_assert_str_eq (carrier->sent->str, "(none)");
}
END_TEST

static void
parse_streamed (H3Event *event, gpointer user_data)
{
    g_autoptr (GError) error = NULL;

    event->request.has_body = TRUE;
    ck_assert_ptr_null (h3_event_parse_json (event, &error));
    ck_assert (g_error_matches (error, H3_ERROR, H3_ERROR_INVALID));
    h3_event_send_empty (event, 204);
}

START_TEST (streamed_body_is_not_parsed_as_empty)
{
    fake_carrier_run (carrier, JSON, parse_streamed, NULL);
    ck_assert_uint_eq (carrier->status, 204);
}
END_TEST

static void
echo_form (H3Event *event, gpointer user_data)
{
    g_autoptr (GError) error = NULL;
    const H3Query *form = h3_event_parse_form (event, &error);

    if (form == NULL) {
        ck_assert_ptr_null (h3_event_get_form_field (event, "a"));
        h3_event_fail (event, g_steal_pointer (&error));
        return;
    }
    ck_assert_ptr_eq (h3_event_parse_form (event, NULL), form);
    ck_assert_ptr_eq (h3_event_get_form_field (event, "a"), h3_query_get (form, "a"));
    h3_event_send_text (event, h3_query_get (form, "a"));
}

static void
assert_form (const char *head, const char *body, guint status)
{
    carrier->body = body;
    fake_carrier_run (carrier, head, echo_form, NULL);
    ck_assert_uint_eq (carrier->status, status);
}

START_TEST (forms_are_typed_and_bounded)
{
    assert_form (FORM, "a=1+2&b=3", 200);
    ck_assert_str_eq (carrier->sent->str, "1 2");
    assert_form (JSON, "a=1", 415);
    assert_form (POST "Content-Type: multipart/form-data; boundary=x", "a=1", 415);
    assert_form (POST, "a=1", 400);
    assert_form (FORM, "a=%zz", 400);
    carrier->limits.query_fields = 2;
    assert_form (FORM, "a=1&b=2", 200);
    assert_form (FORM, "a=1&b=2&c=3", 400);
}
END_TEST

static void
require_image (H3Event *event, gpointer user_data)
{
    if (h3_event_require_content_type (event, "image/*", "text/plain", NULL))
        h3_event_send_empty (event, 204);
}

START_TEST (required_types_are_400_or_415)
{
    fake_carrier_run (carrier, POST "Content-Type: image/png", require_image, NULL);
    ck_assert_uint_eq (carrier->status, 204);
    fake_carrier_run (carrier, POST "Content-Type: TEXT/Plain;x=y", require_image, NULL);
    ck_assert_uint_eq (carrier->status, 204);
    fake_carrier_run (carrier, POST "Content-Type: text/html", require_image, NULL);
    ck_assert_uint_eq (carrier->status, 415);
    fake_carrier_run (carrier, POST, require_image, NULL);
    ck_assert_uint_eq (carrier->status, 400);
}
END_TEST

static gboolean
collect_cookie (const char *name, const char *value, gpointer user_data)
{
    g_string_append_printf (user_data, "%s=%s|", name, value);
    return TRUE;
}

static void
read_cookies (H3Event *event, gpointer user_data)
{
    g_autoptr (GString) all = g_string_new (NULL);

    ck_assert_pstr_eq (h3_event_get_cookie (event, "a"), "1");
    ck_assert_pstr_eq (h3_event_get_cookie (event, "b"), "\"q\"");
    ck_assert_pstr_eq (h3_event_get_cookie (event, "c"), "3");
    ck_assert_ptr_null (h3_event_get_cookie (event, "A"));
    ck_assert_pstr_eq (h3_event_get_cookie (event, "long"), "onetwo");
    ck_assert_ptr_eq (h3_event_get_cookie (event, "long"), h3_event_get_cookie (event, "long"));
    h3_event_foreach_cookie (event, collect_cookie, all);
    h3_event_send_text (event, all->str);
}

START_TEST (cookies_are_read_from_all_fields_and_chunks)
{
    fake_carrier_run (carrier,
                      POST "Cookie: a=1; b=\"q\"; a=2\r\nCookie: c=3; long.0=2.one; long.1=two",
                      read_cookies, NULL);
    ck_assert_str_eq (carrier->sent->str, "a=1|b=\"q\"|a=2|c=3|long.0=2.one|long.1=two|");
}
END_TEST

static void
negotiate (H3Event *event, gpointer user_data)
{
    static const char *const types[] = { "text/html", "application/json", NULL };
    static const char *const codings[] = { "gzip", "br", "identity", NULL };
    static const char *const languages[] = { "en", "de", NULL };
    const char *type = h3_event_negotiate_type (event, types);
    const char *coding = h3_event_negotiate_encoding (event, codings);
    const char *language = h3_event_negotiate_language (event, languages);
    g_autofree char *all = g_strjoin ("|", type != NULL ? type : "-", coding, language, NULL);

    h3_event_send_text (event, all);
}

START_TEST (negotiation_takes_the_best_and_sets_vary)
{
    fake_carrier_run (carrier,
                      POST "Accept: text/html;q=0.5\r\nAccept: application/json\r\n"
                           "Accept-Encoding: br, gzip;q=0.8\r\nAccept-Language: de-AT",
                      negotiate, NULL);
    ck_assert_str_eq (carrier->sent->str, "application/json|br|de");
    ck_assert_str_eq (fake_carrier_get (carrier, "Vary"),
                      "Accept, Accept-Encoding, Accept-Language");
    fake_carrier_run (carrier, POST, negotiate, NULL);
    ck_assert_str_eq (carrier->sent->str, "text/html|identity|en");
    fake_carrier_run (carrier, POST "Accept: image/png", negotiate, NULL);
    ck_assert_str_eq (carrier->sent->str, "-|identity|en");
}
END_TEST

static void
answer_client (H3Event *event, gpointer user_data)
{
    g_autofree char *all = NULL;
    GError *fault = content_find_fault (event);

    if (fault != NULL) {
        h3_event_fail (event, fault);
        return;
    }
    all = g_strjoin ("|", h3_event_get_client_address (event), h3_event_get_scheme (event),
                     h3_event_get_host (event), NULL);
    h3_event_send_text (event, all);
}

START_TEST (client_is_the_peer_unless_a_trusted_proxy_tells)
{
    const char *head = POST "X-Forwarded-For: 203.0.113.9, 198.51.100.1\r\n"
                            "X-Forwarded-Proto: https\r\nX-Forwarded-Host: pub.example";
    g_autoptr (H3TrustedProxies) proxies = h3_trusted_proxies_new ();

    h3_address_parse_string ("10.0.0.7", &carrier->peer.address);
    fake_carrier_run (carrier, head, answer_client, NULL);
    ck_assert_str_eq (carrier->sent->str, "10.0.0.7|http|h");
    carrier->secure = TRUE;
    fake_carrier_run (carrier, head, answer_client, NULL);
    ck_assert_str_eq (carrier->sent->str, "10.0.0.7|https|h");
    carrier->secure = FALSE;
    ck_assert (h3_trusted_proxies_add (proxies, "10.0.0.0/8", NULL));
    carrier->trusted = proxies;
    fake_carrier_run (carrier, head, answer_client, NULL);
    ck_assert_str_eq (carrier->sent->str, "198.51.100.1|https|pub.example");
    fake_carrier_run (carrier, POST "X-Forwarded-For: 1.1.1.1\r\nForwarded: for=2.2.2.2",
                      answer_client, NULL);
    ck_assert_uint_eq (carrier->status, 400);
    carrier->trusted = NULL;
    fake_carrier_run (carrier, head, answer_client, NULL);
    ck_assert_str_eq (carrier->sent->str, "10.0.0.7|http|h");
}
END_TEST

static H3Event *held;

static void
defer (H3Event *event, gpointer user_data)
{
    held = h3_event_defer (event);
}

static void
read_elsewhere (gpointer data)
{
    ck_assert_str_eq (h3_event_get_query (held, "a"), "1");
    ck_assert_str_eq (h3_event_get_cookie (held, "c"), "2");
    ck_assert_str_eq (content_get_host (held), "h");
    h3_event_redirect_back (held, "/f");
    h3_event_unref (held);
}

START_TEST (holder_on_another_thread_reads_all_the_same)
{
    fake_carrier_run (carrier,
                      "GET /?a=1 HTTP/1.1\r\nHost: h\r\nCookie: c=2\r\nReferer: http://h/x", defer,
                      NULL);
    fake_carrier_run_elsewhere (read_elsewhere, NULL);
    fake_carrier_pump (carrier);
    ck_assert_str_eq (fake_carrier_get (carrier, "Location"), "/x");
}
END_TEST

static void
add_tests (Suite *suite)
{
    TCase *tcase = tcase_create ("content");

    tcase_add_checked_fixture (tcase, set_up, tear_down);
    tcase_add_test (tcase, query_gives_the_first_value_decoded);
    tcase_add_test (tcase, query_keeps_repeated_keys);
    tcase_add_test (tcase, asking_again_costs_no_memory);
    tcase_add_test (tcase, query_that_cannot_be_read_is_400);
    tcase_add_test (tcase, json_bodies_are_typed_bounded_and_told_where_they_fail);
    tcase_add_test (tcase, json_text_is_the_body_where_it_is_json);
    tcase_add_test (tcase, streamed_body_is_not_parsed_as_empty);
    tcase_add_test (tcase, forms_are_typed_and_bounded);
    tcase_add_test (tcase, required_types_are_400_or_415);
    tcase_add_test (tcase, cookies_are_read_from_all_fields_and_chunks);
    tcase_add_test (tcase, negotiation_takes_the_best_and_sets_vary);
    tcase_add_test (tcase, client_is_the_peer_unless_a_trusted_proxy_tells);
    tcase_add_test (tcase, holder_on_another_thread_reads_all_the_same);
    tcase_set_timeout (tcase, 60);
    suite_add_tcase (suite, tcase);
}

int
main (void)
{
    return suite_run ("http/content", add_tests);
}
