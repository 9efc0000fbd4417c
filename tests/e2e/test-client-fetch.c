/* SPDX-License-Identifier: MIT
 *
 * The client against a server of ours: what is sent, what comes back, redirects, cookies, codings,
 * bounds. Each of these fetches waits. */

#include "tests/e2e/fetch-fixture.h"

#include "h3/format/coder.h"

#include <jansson.h>

static FetchFixture fixture;

static void
set_up (void)
{
    fetch_fixture_init (&fixture);
}

static void
tear_down (void)
{
    fetch_fixture_end (&fixture);
}

static void
on (const char *methods, const char *pattern, H3Handler handler)
{
    (void) h3_app_route (fixture.server.app, methods, pattern, handler, NULL, NULL);
}

/* All that came, as lines. */
static void
show_request (H3Event *event, gpointer user_data)
{
    H3Request *request = h3_event_get_request (event);
    g_autoptr (GString) text = g_string_new (NULL);
    GBytes *body = h3_request_get_body (request);
    const char *name, *value;

    g_string_append_printf (text, "%s %s\n", h3_request_get_method_name (request),
                            h3_request_get_target (request));
    for (guint i = 0; h3_request_get_header_at (request, i, &name, &value); i++) {
        if (g_ascii_strcasecmp (name, "Host") != 0)
            g_string_append_printf (text, "%s: %s\n", name, value);
    }
    if (body != NULL)
        g_string_append_len (text, g_bytes_get_data (body, NULL), (gssize) g_bytes_get_size (body));
    h3_event_send_text (event, text->str);
}

START_TEST (fetch_says_what_the_request_says_and_gives_the_answer)
{
    g_autoptr (H3ClientRequest) request = NULL;
    g_autoptr (H3ClientResponse) response = NULL;
    g_autofree char *wanted = NULL;
    H3ClientTiming timing;

    on ("*", "/**", show_request);
    test_server_start (&fixture.server);
    request = fetch_fixture_request (&fixture, "PATCH", "/a/b?c=%20#fragment");
    h3_client_request_set_header (request, "X-Own", "1");
    h3_client_request_add_header (request, "x-own", "2");
    h3_client_request_set_header (request, "User-Agent", "me");
    h3_client_request_set_body_text (request, "text/plain", "hello");
    response = fetch_fixture_fetch (&fixture, request);
    ck_assert_uint_eq (h3_client_response_get_status (response), 200);
    ck_assert_str_eq (h3_client_response_get_reason (response), "OK");
    wanted = g_strdup_printf ("PATCH /a/b?c=%%20\n"
                              "X-Own: 1\n"
                              "X-Own: 2\n"
                              "User-Agent: me\n"
                              "Content-Type: text/plain\n"
                              "Accept: */*\n"
                              "Accept-Encoding: %s%sgzip, deflate\n"
                              "Content-Length: 5\n"
                              "hello",
                              h3_has_feature ("zstd") ? "zstd, " : "",
                              h3_has_feature ("brotli") ? "br, " : "");
    ck_assert_str_eq (h3_client_response_get_text (response), wanted);
    ck_assert_ptr_nonnull (strstr (h3_client_response_get_url (response), "#fragment"));
    ck_assert_str_eq (h3_client_response_get_header (response, "content-type"),
                      "text/plain; charset=utf-8");
    ck_assert (h3_headers_has (h3_client_response_get_headers (response), "Date"));
    h3_client_response_get_timing (response, &timing);
    ck_assert (!timing.is_reused && timing.connect > 0 && timing.total >= timing.connect);
    ck_assert (timing.first_byte > 0 && timing.tls == 0);
}
END_TEST

static void
send_status (H3Event *event, gpointer user_data)
{
    h3_event_set_status (event, (guint) atoi (h3_event_get_param (event, "status")));
    h3_event_send_text (event, "no error");
}

START_TEST (fetch_takes_any_status_for_an_answer_and_keeps_the_connection)
{
    on ("GET", "/:status", send_status);
    test_server_start (&fixture.server);
    fetch_fixture_expect (&fixture, "/404", 404, "no error");
    fetch_fixture_expect (&fixture, "/500", 500, "no error");
    for (guint i = 0; i < 10; i++) {
        g_autoptr (H3ClientResponse) response = fetch_fixture_get (&fixture, "/200");
        H3ClientTiming timing;

        h3_client_response_get_timing (response, &timing);
        ck_assert (timing.is_reused && timing.connect == 0);
    }
}
END_TEST

static void
send_json (H3Event *event, gpointer user_data)
{
    h3_event_send_json (event, json_pack ("{s:[i,i]}", "numbers", 1, 2));
}

START_TEST (fetch_gives_bodies_as_texts_and_documents)
{
    g_autoptr (H3ClientResponse) response = NULL;
    json_t *document;

    on ("GET", "/json", send_json);
    test_server_start (&fixture.server);
    response = fetch_fixture_get (&fixture, "/json");
    document = h3_client_response_parse_json (response, NULL);
    ck_assert_int_eq (
        json_integer_value (json_array_get (json_object_get (document, "numbers"), 1)), 2);
    json_decref (document);
    ck_assert_uint_eq (g_bytes_get_size (h3_client_response_get_body (response)), 17);
}
END_TEST

static void
send_bytes (H3Event *event, gpointer user_data)
{
    g_autoptr (GBytes) bytes = g_bytes_new_static ("a\xff\0b", 4);

    h3_event_send_bytes (event, "application/octet-stream", bytes);
}

START_TEST (fetch_knows_what_is_no_text)
{
    g_autoptr (H3ClientResponse) response = NULL, head = NULL;
    g_autoptr (H3ClientRequest) request = NULL;
    g_autoptr (GError) error = NULL;

    on ("GET", "/bytes", send_bytes);
    test_server_start (&fixture.server);
    response = fetch_fixture_get (&fixture, "/bytes");
    ck_assert_ptr_null (h3_client_response_get_text (response));
    ck_assert_ptr_null (h3_client_response_dup_text (response));
    ck_assert_mem_eq (g_bytes_get_data (h3_client_response_get_body (response), NULL), "a\xff\0b",
                      4);
    ck_assert_ptr_null (h3_client_response_parse_json (response, &error));
    ck_assert (g_error_matches (error, H3_ERROR, H3_ERROR_SYNTAX));
    request = fetch_fixture_request (&fixture, "HEAD", "/bytes");
    head = fetch_fixture_fetch (&fixture, request);
    ck_assert_str_eq (h3_client_response_get_header (head, "Content-Length"), "4");
    ck_assert_str_eq (h3_client_response_get_text (head), "");
}
END_TEST

static void
redirect (H3Event *event, gpointer user_data)
{
    const char *to = h3_event_get_query (event, "to");
    const char *status = h3_event_get_query (event, "status");

    h3_event_set_status (event, status != NULL ? (guint) atoi (status) : 302);
    h3_event_set_header (event, "Location", to);
    h3_event_send_text (event, "elsewhere");
}

static void
count_down (H3Event *event, gpointer user_data)
{
    guint left = (guint) atoi (h3_event_get_param (event, "left"));
    g_autofree char *to = g_strdup_printf ("/down/%u", left - 1);

    if (left == 0) {
        h3_event_send_text (event, "ground");
        return;
    }
    h3_event_set_status (event, 302);
    h3_event_set_header (event, "Location", to);
    h3_event_send_text (event, "further");
}

START_TEST (fetch_follows_redirects_as_far_as_it_may)
{
    g_autoptr (H3ClientRequest) request = NULL, own = NULL, none = NULL;
    g_autoptr (H3ClientResponse) response = NULL, followed = NULL, first = NULL;
    g_autofree char *message = NULL;

    on ("GET", "/down/:left", count_down);
    test_server_start (&fixture.server);
    response = fetch_fixture_get (&fixture, "/down/10");
    ck_assert_str_eq (h3_client_response_get_text (response), "ground");
    ck_assert_uint_eq (h3_client_response_get_redirects (response), 10);
    ck_assert (g_str_has_suffix (h3_client_response_get_url (response), "/down/0"));
    request = fetch_fixture_request (&fixture, "GET", "/down/11?secret");
    message = fetch_fixture_fail (&fixture, request, H3_CLIENT_ERROR_TOO_MANY_REDIRECTS);
    ck_assert_ptr_nonnull (strstr (message, fixture.server.address));
    own = fetch_fixture_request (&fixture, "GET", "/down/11");
    h3_client_request_set_max_redirects (own, 11);
    followed = fetch_fixture_fetch (&fixture, own);
    ck_assert_str_eq (h3_client_response_get_text (followed), "ground");
    none = fetch_fixture_request (&fixture, "GET", "/down/1");
    h3_client_request_set_max_redirects (none, 0);
    first = fetch_fixture_fetch (&fixture, none);
    ck_assert_uint_eq (h3_client_response_get_status (first), 302);
    ck_assert_str_eq (h3_client_response_get_text (first), "further");
}
END_TEST

/* (transfer full): a POST with credentials that is sent on to a path, or another host. */
static H3ClientRequest *
make_sent_on (const char *to, guint status)
{
    g_autofree char *path = g_strdup_printf ("/redirect?status=%u&to=%s", status, to);
    H3ClientRequest *request = fetch_fixture_request (&fixture, "POST", path);

    h3_client_request_set_header (request, "Authorization", "Basic c2VjcmV0");
    h3_client_request_set_header (request, "Cookie", "secret=1");
    h3_client_request_set_body_text (request, "text/plain", "body");
    return request;
}

static void
expect_parts (H3ClientRequest *request, const char *begin, gboolean has_secrets, gboolean has_body)
{
    g_autoptr (H3ClientResponse) response = fetch_fixture_fetch (&fixture, request);
    const char *text = h3_client_response_get_text (response);

    ck_assert_msg (g_str_has_prefix (text, begin), "%s", text);
    ck_assert_msg ((strstr (text, "Authorization: Basic c2VjcmV0\n") != NULL) == has_secrets, "%s",
                   text);
    ck_assert_msg ((strstr (text, "Cookie: secret=1\n") != NULL) == has_secrets, "%s", text);
    ck_assert_msg ((strstr (text, "Content-Type: text/plain\n") != NULL) == has_body, "%s", text);
    ck_assert_msg (g_str_has_suffix (text, "\nbody") == has_body, "%s", text);
}

START_TEST (fetch_takes_credentials_to_no_other_origin)
{
    g_autoptr (H3ClientRequest) here = NULL, here_again = NULL, there = NULL, there_again = NULL;
    g_autofree char *other = NULL;
    guint port;

    on ("*", "/redirect", redirect);
    on ("*", "/show", show_request);
    ck_assert (h3_app_listen (fixture.server.app, "127.0.0.1:0", NULL));
    ck_assert (h3_app_listen (fixture.server.app, "127.0.0.1:0", NULL));
    test_server_start (&fixture.server);
    {
        g_auto (GStrv) addresses = h3_server_dup_addresses (h3_app_get_server (fixture.server.app));

        port = g_strv_length (addresses) - 1;
        other = g_strdup_printf ("http://%s/show", addresses[port]);
        ck_assert_str_ne (addresses[port], fixture.server.address);
    }
    here = make_sent_on ("/show", 302);
    expect_parts (here, "GET /show\n", TRUE, FALSE);
    here_again = make_sent_on ("/show", 307);
    expect_parts (here_again, "POST /show\n", TRUE, TRUE);
    there = make_sent_on (other, 303);
    expect_parts (there, "GET /show\n", FALSE, FALSE);
    there_again = make_sent_on (other, 308);
    expect_parts (there_again, "POST /show\n", FALSE, TRUE);
}
END_TEST

static void
send_locations (H3Event *event, gpointer user_data)
{
    H3Response *response = h3_event_get_response (event);
    const char *second = h3_event_get_query (event, "second");

    h3_event_set_status (event, 301);
    if (second != NULL) {
        h3_response_add_header (response, "Location", "/a");
        h3_response_add_header (response, "Location", second);
    }
    h3_event_send_text (event, "moved");
}

START_TEST (fetch_does_not_follow_what_leads_nowhere)
{
    g_autoptr (H3ClientRequest) two = NULL, scheme = NULL, user = NULL;
    g_autofree char *of_two = NULL, *of_scheme = NULL, *of_user = NULL;

    on ("GET", "/moved", send_locations);
    on ("GET", "/redirect", redirect);
    test_server_start (&fixture.server);
    fetch_fixture_expect (&fixture, "/moved", 301, "moved");
    two = fetch_fixture_request (&fixture, "GET", "/moved?second=/b");
    of_two = fetch_fixture_fail (&fixture, two, H3_CLIENT_ERROR_PROTOCOL);
    scheme = fetch_fixture_request (&fixture, "GET", "/redirect?to=gopher://secret/");
    of_scheme = fetch_fixture_fail (&fixture, scheme, H3_CLIENT_ERROR_INVALID_URL);
    user = fetch_fixture_request (&fixture, "GET", "/redirect?to=http://u:secret@127.0.0.1/");
    of_user = fetch_fixture_fail (&fixture, user, H3_CLIENT_ERROR_INVALID_URL);
}
END_TEST

static void
send_long_redirect (H3Event *event, gpointer user_data)
{
    g_autofree char *text = g_strnfill (1024 * 1024, 'x');

    h3_event_set_status (event, 302);
    h3_event_set_header (event, "Location", "/show");
    h3_event_send_text (event, text);
}

START_TEST (fetch_does_not_wait_for_the_long_body_of_a_redirect)
{
    g_autoptr (H3ClientResponse) response = NULL;
    H3ClientTiming timing;

    on ("GET", "/long", send_long_redirect);
    on ("GET", "/show", show_request);
    test_server_start (&fixture.server);
    response = fetch_fixture_get (&fixture, "/long");
    ck_assert (g_str_has_prefix (h3_client_response_get_text (response), "GET /show\n"));
    h3_client_response_get_timing (response, &timing);
    ck_assert (!timing.is_reused);
}
END_TEST

static void
add_tests (Suite *suite)
{
    TCase *plain = tcase_create ("plain"), *redirects = tcase_create ("redirects");

    tcase_add_checked_fixture (plain, set_up, tear_down);
    tcase_add_test (plain, fetch_says_what_the_request_says_and_gives_the_answer);
    tcase_add_test (plain, fetch_takes_any_status_for_an_answer_and_keeps_the_connection);
    tcase_add_test (plain, fetch_gives_bodies_as_texts_and_documents);
    tcase_add_test (plain, fetch_knows_what_is_no_text);
    suite_add_tcase (suite, plain);
    tcase_add_checked_fixture (redirects, set_up, tear_down);
    tcase_add_test (redirects, fetch_follows_redirects_as_far_as_it_may);
    tcase_add_test (redirects, fetch_takes_credentials_to_no_other_origin);
    tcase_add_test (redirects, fetch_does_not_follow_what_leads_nowhere);
    tcase_add_test (redirects, fetch_does_not_wait_for_the_long_body_of_a_redirect);
    suite_add_tcase (suite, redirects);
}

int
main (void)
{
    return suite_run ("e2e/client-fetch", add_tests);
}
