/* SPDX-License-Identifier: MIT */

#include "../support/suite.h"

#include "h3/client/client-request-inside.h"

#include <jansson.h>

static H3ClientRequest *
make (const char *url)
{
    H3ClientRequest *request = h3_client_request_new ("POST", url, NULL);

    ck_assert_ptr_nonnull (request);
    return request;
}

START_TEST (request_takes_http_urls_only_and_does_not_repeat_them)
{
    static const char *const refused[] = {
        "",
        "secret",
        "/secret",
        "ftp://secret/",
        "http://",
        "http:///secret",
        "http://u:secret@/",
        "http://a b/secret",
        "http://a/secret%zz",
        "http://a:99999/secret",
        "http://a:0/secret",
        "http://a/secret\r\nX: y",
        "http://us%3Aer:secret@a/",
        "http://us%00er:secret@a/",
        "http://user:secret%0a@a/",
    };

    for (gsize i = 0; i < G_N_ELEMENTS (refused); i++) {
        g_autoptr (GError) error = NULL;

        ck_assert_ptr_null (h3_client_request_new ("GET", refused[i], &error));
        ck_assert (g_error_matches (error, H3_CLIENT_ERROR, H3_CLIENT_ERROR_INVALID_URL));
        ck_assert_msg (strstr (error->message, "secret") == NULL, "%s", error->message);
    }
}
END_TEST

START_TEST (request_makes_credentials_of_userinfo)
{
    g_autoptr (H3ClientRequest) request = make ("http://Aladdin:open%20sesame@Example.com:80?q#f");
    g_autoptr (H3ClientRequest) user = make ("https://me@example.com:8443/a%2Fb");

    ck_assert_str_eq (h3_client_request_get_url (request), "http://example.com/?q#f");
    ck_assert_str_eq (h3_client_request_get_header (request, "authorization"),
                      "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==");
    ck_assert_str_eq (h3_client_request_get_url (user), "https://example.com:8443/a%2Fb");
    ck_assert_str_eq (h3_client_request_get_header (user, "Authorization"), "Basic bWU6");
}
END_TEST

static void
expect_body (H3ClientRequest *request, const char *type, const char *text)
{
    g_autoptr (GBytes) body = client_request_dup_body (request);
    gsize length;
    const char *data = g_bytes_get_data (body, &length);

    ck_assert_str_eq (h3_client_request_get_header (request, "Content-Type"), type);
    ck_assert_uint_eq (length, strlen (text));
    ck_assert_mem_eq (data, text, length);
}

START_TEST (request_has_the_body_that_was_set_last)
{
    g_autoptr (H3ClientRequest) request = make ("http://a/");
    g_autoptr (GBytes) bytes = g_bytes_new_static ("12", 2);
    g_autoptr (GInputStream) stream = g_memory_input_stream_new_from_bytes (bytes);

    h3_client_request_set_body_bytes (request, "a/b", bytes);
    expect_body (request, "a/b", "12");
    h3_client_request_add_form_field (request, "a b", "1&2");
    h3_client_request_add_form_field (request, "\xc3\xa9", "=");
    expect_body (request, "application/x-www-form-urlencoded", "a%20b=1%262&%C3%A9=%3D");
    h3_client_request_set_body_json (request, json_pack ("{s:i}", "a", 1));
    expect_body (request, "application/json", "{\"a\":1}");
    h3_client_request_set_body_stream (request, "c/d", stream, -1);
    ck_assert_ptr_null (client_request_dup_body (request));
    h3_client_request_set_body_text (request, NULL, "text");
    expect_body (request, "c/d", "text");
    ck_assert (client_request_freeze (request));
    ck_assert (client_request_freeze (request));
}
END_TEST

START_TEST (request_with_a_stream_is_fetched_once)
{
    g_autoptr (H3ClientRequest) request = make ("http://a/");
    g_autoptr (GInputStream) stream = g_memory_input_stream_new ();

    h3_client_request_set_body_stream (request, NULL, stream, 0);
    ck_assert (client_request_freeze (request));
    ck_assert (!client_request_freeze (request));
}
END_TEST

START_TEST (request_leaves_framing_to_the_client)
{
    static const char *const refused[] = { "Host",
                                           "connection",
                                           "Content-Length",
                                           "EXPECT",
                                           "Keep-Alive",
                                           "Proxy-Authorization",
                                           "Proxy-Connection",
                                           "TE",
                                           "Trailer",
                                           "Transfer-Encoding",
                                           "Upgrade",
                                           "",
                                           "a b",
                                           "a:" };

    for (gsize i = 0; i < G_N_ELEMENTS (refused); i++)
        ck_assert (!h3_client_request_can_set_header (refused[i], "x"));
    ck_assert (!h3_client_request_can_set_header ("X-Own", "a\nb"));
    ck_assert (h3_client_request_can_set_header ("X-Own", "a b"));
    ck_assert (h3_client_request_can_set_header ("Cookie", "a=b"));
}
END_TEST

START_TEST (request_refuses_changes_once_it_was_fetched_and_fields_of_framing)
{
    g_autoptr (H3ClientRequest) request = make ("http://a/");

    g_test_expect_message ("h3", G_LOG_LEVEL_CRITICAL, "*transfer-encoding is written by*");
    ck_assert (!h3_client_request_set_header (request, "transfer-encoding", "chunked"));
    ck_assert (client_request_freeze (request));
    g_test_expect_message ("h3", G_LOG_LEVEL_CRITICAL, "*has been fetched*");
    ck_assert (!h3_client_request_set_header (request, "a", "b"));
    g_test_expect_message ("h3", G_LOG_LEVEL_CRITICAL, "*has been fetched*");
    h3_client_request_set_body_text (request, NULL, "late");
    g_test_assert_expected_messages ();
    ck_assert_ptr_null (h3_client_request_get_header (request, "a"));
    ck_assert_ptr_null (client_request_dup_body (request));
}
END_TEST

static void
add_tests (Suite *suite)
{
    suite_add_case (suite, "request", request_takes_http_urls_only_and_does_not_repeat_them,
                    request_makes_credentials_of_userinfo, request_has_the_body_that_was_set_last,
                    request_with_a_stream_is_fetched_once, request_leaves_framing_to_the_client,
                    request_refuses_changes_once_it_was_fetched_and_fields_of_framing, NULL);
}

int
main (void)
{
    return suite_run ("client/client-request", add_tests);
}
