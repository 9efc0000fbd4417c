/* SPDX-License-Identifier: MIT
 *
 * What the client makes of bodies: codings, bounds, bombs; and of cookies. */

#include "tests/support/codings.h"
#include "tests/e2e/fetch-fixture.h"

#include "h3/format/coder.h"
#include "h3/format/cookie-jar.h"
#include "h3/loop/clock.h"

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

/* (transfer full) */
static GBytes *
code (const char *name, const char *text, gsize length)
{
    g_autoptr (Coder) coder = NULL;
    GByteArray *coded = g_byte_array_new ();
    Coding coding;

    ck_assert (coding_parse (h3_view_of (name), &coding));
    coder = coder_new_encoding (coding, CODER_LEVEL_DEFAULT, 0);
    ck_assert_int_eq (coder_append (coder, h3_view (text, length), CODER_FINISH, coded),
                      CODER_READY);
    return g_byte_array_free_to_bytes (coded);
}

/* `length` of them, of which `cut` are not sent at the end. */
static void
send_coded (H3Event *event, gpointer user_data)
{
    const char *name = h3_event_get_query (event, "as"), *says = h3_event_get_query (event, "says");
    gsize length = (gsize) atoi (h3_event_get_query (event, "length"));
    gsize cut = (gsize) atoi (h3_event_get_query (event, "cut"));
    g_autofree char *text = g_strnfill (length, 'x');
    g_autoptr (GBytes) coded = NULL, sent = NULL;
    guint32 state = 1;

    /* Long ones are all alike, and become as small as they can. */
    for (gsize i = 0; i < length && length < 100000; i++) {
        state = state * 1103515245 + 12345;
        text[i] = (char) ('a' + (state >> 16) % 16);
    }
    coded = code (name, text, length);
    sent = g_bytes_new_from_bytes (coded, 0, g_bytes_get_size (coded) - cut);
    h3_event_set_header (event, "Content-Encoding", says != NULL ? says : name);
    h3_event_send_bytes (event, "text/plain", sent);
}

/* (transfer full) */
static H3ClientRequest *
ask_coded (const char *as, const char *says, guint length, guint cut)
{
    g_autofree char *path =
        g_strdup_printf ("/coded?as=%s%s%s&length=%u&cut=%u", as, says != NULL ? "&says=" : "",
                         says != NULL ? says : "", length, cut);

    return fetch_fixture_request (&fixture, "GET", path);
}

START_TEST (bodies_are_decoded_whatever_their_coding)
{
    static const char *const names[] = { "gzip", "deflate", "br", "zstd" };

    on ("GET", "/coded", send_coded);
    test_server_start (&fixture.server);
    for (gsize i = 0; i < G_N_ELEMENTS (names); i++) {
        if (!codings_are_had (names[i]))
            continue;
        g_autoptr (H3ClientRequest) request = ask_coded (names[i], NULL, 70000, 0);
        g_autoptr (H3ClientResponse) response = fetch_fixture_fetch (&fixture, request);

        ck_assert_uint_eq (strlen (h3_client_response_get_text (response)), 70000);
        ck_assert_ptr_null (h3_client_response_get_header (response, "Content-Encoding"));
        ck_assert_ptr_null (h3_client_response_get_header (response, "Content-Length"));
    }
}
END_TEST

START_TEST (bodies_that_are_not_in_their_coding_are_errors)
{
    static const char *const says[] = { "br", "aes", "gzip,%20gzip", "gzip,gzip,gzip,gzip" };

    on ("GET", "/coded", send_coded);
    test_server_start (&fixture.server);
    for (gsize i = 0; i < G_N_ELEMENTS (says); i++) {
        g_autoptr (H3ClientRequest) request = ask_coded ("gzip", says[i], 1000, 0);
        g_autofree char *message = fetch_fixture_fail (&fixture, request, H3_CLIENT_ERROR_ENCODING);

        ck_assert_ptr_nonnull (strstr (message, fixture.server.address));
    }
    for (guint cut = 1; cut < 60; cut += 7) {
        g_autoptr (H3ClientRequest) request = ask_coded ("gzip", NULL, 1000, cut);
        g_autofree char *message = fetch_fixture_fail (&fixture, request, H3_CLIENT_ERROR_ENCODING);

        ck_assert_ptr_nonnull (strstr (message, fixture.server.address));
    }
}
END_TEST

START_TEST (bodies_are_bounded_as_they_are_decoded)
{
    g_autoptr (H3ClientRequest) fits = NULL, exceeds = NULL, bomb = NULL, plain = NULL;
    g_autofree char *of_exceeding = NULL, *of_bomb = NULL, *of_plain = NULL;
    g_autoptr (H3ClientResponse) response = NULL;

    on ("GET", "/coded", send_coded);
    test_server_start (&fixture.server);
    fits = ask_coded ("gzip", NULL, 1000, 0);
    h3_client_request_set_max_body (fits, 1000);
    response = fetch_fixture_fetch (&fixture, fits);
    exceeds = ask_coded ("gzip", NULL, 1001, 0);
    h3_client_request_set_max_body (exceeds, 1000);
    of_exceeding = fetch_fixture_fail (&fixture, exceeds, H3_CLIENT_ERROR_TOO_LARGE);
    plain = ask_coded ("gzip", "identity", 1001, 0);
    h3_client_request_set_max_body (plain, 10);
    of_plain = fetch_fixture_fail (&fixture, plain, H3_CLIENT_ERROR_TOO_LARGE);
    bomb = ask_coded ("gzip", NULL, 10 * 1024 * 1024, 0);
    of_bomb = fetch_fixture_fail (&fixture, bomb, H3_CLIENT_ERROR_TOO_LARGE);
}
END_TEST

static void
send_status_coded (H3Event *event, gpointer user_data)
{
    h3_event_set_header (event, "Content-Encoding", "gzip");
    h3_event_set_status (event, (guint) atoi (h3_event_get_param (event, "status")));
    h3_event_send (event);
}

START_TEST (bodies_that_are_none_are_in_any_coding)
{
    g_autoptr (H3ClientRequest) head = NULL;
    g_autoptr (H3ClientResponse) response = NULL;

    on ("GET", "/coded", send_coded);
    on ("GET", "/status/:status", send_status_coded);
    test_server_start (&fixture.server);
    fetch_fixture_expect (&fixture, "/status/204", 204, "");
    fetch_fixture_expect (&fixture, "/status/304", 304, "");
    fetch_fixture_expect (&fixture, "/status/200", 200, "");
    head = fetch_fixture_request (&fixture, "HEAD", "/coded?as=gzip&length=10&cut=0");
    response = fetch_fixture_fetch (&fixture, head);
    ck_assert_str_eq (h3_client_response_get_header (response, "Content-Encoding"), "gzip");
}
END_TEST

START_TEST (bodies_stay_as_they_are_where_nobody_wants_them_decoded)
{
    g_autoptr (H3ClientRequest) request = NULL;
    g_autoptr (H3ClientResponse) response = NULL;

    g_object_set (fixture.client, "decode", FALSE, NULL);
    on ("GET", "/coded", send_coded);
    test_server_start (&fixture.server);
    request = ask_coded ("gzip", NULL, 1000, 0);
    response = fetch_fixture_fetch (&fixture, request);
    ck_assert_str_eq (h3_client_response_get_header (response, "Content-Encoding"), "gzip");
    ck_assert_mem_eq (g_bytes_get_data (h3_client_response_get_body (response), NULL), "\x1f\x8b",
                      2);
}
END_TEST

static void
take_cookies (H3Event *event, gpointer user_data)
{
    h3_event_set_header (event, "Set-Cookie", "a=1; Path=/; HttpOnly");
    h3_response_add_header (h3_event_get_response (event), "Set-Cookie", "b=2; Max-Age=1000");
    h3_response_add_header (h3_event_get_response (event), "Set-Cookie", "c=3; Secure");
    h3_event_set_status (event, 302);
    h3_event_set_header (event, "Location", "/cookies/show");
    h3_event_send_text (event, "");
}

static void
show_cookies (H3Event *event, gpointer user_data)
{
    const char *cookie = h3_request_get_header (h3_event_get_request (event), "Cookie");

    h3_event_send_text (event, cookie != NULL ? cookie : "none");
}

START_TEST (cookies_are_kept_where_the_client_is_to_keep_them)
{
    g_autoptr (H3ClientRequest) request = NULL;
    g_autoptr (H3ClientResponse) response = NULL;
    g_autoptr (H3Client) other = h3_client_new ();

    on ("GET", "/cookies/take", take_cookies);
    on ("GET", "/cookies/show", show_cookies);
    on ("GET", "/show", show_cookies);
    h3_client_set_cookies (fixture.client, TRUE);
    test_server_start (&fixture.server);
    fetch_fixture_expect (&fixture, "/show", 200, "none");
    fetch_fixture_expect (&fixture, "/cookies/take", 200, "b=2; a=1");
    fetch_fixture_expect (&fixture, "/show", 200, "a=1");
    request = fetch_fixture_request (&fixture, "GET", "/cookies/show");
    h3_client_request_set_header (request, "Cookie", "own=1");
    response = fetch_fixture_fetch (&fixture, request);
    ck_assert_str_eq (h3_client_response_get_text (response), "own=1");
    g_object_unref (fixture.client);
    fixture.client = g_steal_pointer (&other);
    fetch_fixture_expect (&fixture, "/cookies/take", 200, "none");
    fetch_fixture_expect (&fixture, "/show", 200, "none");
}
END_TEST

/* A case of the published ones, as what its server sends. */
static json_t *cases; /* owned; read by workers, not changed */

static void
play_server (H3Event *event, gpointer user_data)
{
    const json_t *one = json_array_get (cases, (size_t) atoi (h3_event_get_query (event, "case")));
    json_t *field;
    size_t i;

    json_array_foreach (json_object_get (one, "received"), i, field)
    {
        const char *text = json_string_value (field);

        if (h3_response_can_set_header (h3_event_get_response (event), "Set-Cookie", text))
            h3_response_add_header (h3_event_get_response (event), "Set-Cookie", text);
    }
    h3_event_send_text (event, "");
}

/* Whether the case is for one host by plain http, and its fields are no other once they are sent:
 * the reader on the way takes blanks off. */
static gboolean
can_be_sent (const json_t *one)
{
    const char *to = json_string_value (json_object_get (one, "sent-to"));
    json_t *field;
    size_t i;

    json_array_foreach (json_object_get (one, "received"), i, field)
    {
        if (strlen (json_string_value (field)) != json_string_length (field)
            || !h3_headers_is_value (h3_view_of (json_string_value (field))))
            return FALSE;
    }
    return to == NULL || to[0] == '/';
}

/* (transfer full): what test-cookie-jar asks of the jar alone. (A URL's escapes of what needs none
 * are gone before the jar sees its path.) */
static char *
ask_jar (const json_t *one, const char *from, const char *to)
{
    g_autoptr (CookieJar) jar = cookie_jar_new (100, 100);
    CookieOrigin origin = { H3_VIEW ("127.0.0.1"), h3_view_of (from), FALSE };
    g_autofree char *text = g_strconcat ("http://127.0.0.1", to, NULL);
    g_autoptr (GUri) url = h3_url_parse (text, H3_URL_NONE, NULL);
    char *header;
    json_t *field;
    size_t i;

    json_array_foreach (json_object_get (one, "received"), i, field) (void) cookie_jar_take (
        jar, h3_view_of (json_string_value (field)), &origin, clock_get_real_seconds ());
    origin.path = h3_view_of (g_uri_get_path (url));
    header = cookie_jar_dup_header (jar, &origin, clock_get_real_seconds ());
    return header != NULL ? header : g_strdup ("none");
}

START_TEST (cookies_of_the_published_cases_go_where_the_jar_says)
{
    g_autofree char *path = suite_dup_vector_path ("cookies/parser.json");
    guint run = 0;
    json_t *one;
    size_t i;

    if (path == NULL)
        return;
    cases = json_load_file (path, JSON_ALLOW_NUL, NULL);
    on ("GET", "/cookie-parser", play_server);
    on ("GET", "/**", show_cookies);
    test_server_start (&fixture.server);
    json_array_foreach (cases, i, one)
    {
        const char *to = json_string_value (json_object_get (one, "sent-to"));
        g_autofree char *from = g_strdup_printf ("/cookie-parser?case=%zu", i);
        g_autofree char *expected = NULL;
        g_autoptr (H3ClientResponse) first = NULL, response = NULL;

        if (!can_be_sent (one))
            continue;
        to = to != NULL ? to : "/cookie-parser-result";
        g_object_unref (fixture.client);
        fixture.client = g_object_new (H3_TYPE_CLIENT, "cookies", TRUE, NULL);
        first = fetch_fixture_get (&fixture, from);
        expected = ask_jar (one, "/cookie-parser", to);
        response = fetch_fixture_get (&fixture, to);
        ck_assert_msg (strcmp (h3_client_response_get_text (response), expected) == 0,
                       "%s: %s, not %s", json_string_value (json_object_get (one, "test")),
                       h3_client_response_get_text (response), expected);
        run++;
    }
    ck_assert_uint_ge (run, 150);
    json_decref (cases);
}
END_TEST

static void
add_tests (Suite *suite)
{
    TCase *bodies = tcase_create ("bodies"), *cookies = tcase_create ("cookies");

    tcase_add_checked_fixture (bodies, set_up, tear_down);
    tcase_add_test (bodies, bodies_are_decoded_whatever_their_coding);
    tcase_add_test (bodies, bodies_that_are_not_in_their_coding_are_errors);
    tcase_add_test (bodies, bodies_are_bounded_as_they_are_decoded);
    tcase_add_test (bodies, bodies_that_are_none_are_in_any_coding);
    tcase_add_test (bodies, bodies_stay_as_they_are_where_nobody_wants_them_decoded);
    suite_add_tcase (suite, bodies);
    tcase_add_checked_fixture (cookies, set_up, tear_down);
    tcase_add_test (cookies, cookies_are_kept_where_the_client_is_to_keep_them);
    tcase_add_test (cookies, cookies_of_the_published_cases_go_where_the_jar_says);
    suite_add_tcase (suite, cookies);
}

int
main (void)
{
    return suite_run ("e2e/client-bodies", add_tests);
}
