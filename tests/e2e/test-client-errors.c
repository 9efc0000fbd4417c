/* SPDX-License-Identifier: MIT
 *
 * What a client says of servers that answer badly: to each its kind of error, whether waited for,
 * called back or asked on behalf of an exchange, and nothing that is a secret. */

#include "client-errors.h"

#include "tests/support/gio-threads.h"

#define OK        "HTTP/1.1 200 OK\r\n"
#define TWO       "Content-Length: 2\r\n"
#define CHUNKED   "Transfer-Encoding: chunked\r\n"
#define GZIP      "Content-Encoding: gzip\r\n"
#define FOUND(to) "HTTP/1.1 302 Found\r\nContent-Length: 0\r\nLocation: " to "\r\n\r\n"
#define TEN(text) text text text text text text text text text text

/* "hi", and the same without its last four bytes; 1,000,000 zeros. */
#define CODED     "\x1f\x8b\x08\0\0\0\0\0\0\x03\xcb\xc8\x04\0\xac\x2a\x93\xd8\x02\0\0\0"
#define CUT_CODED "\x1f\x8b\x08\0\0\0\0\0\0\x03\xcb\xc8\x04\0\xac\x2a\x93\xd8"
#define BAD_CODED "\x1f\x8b\x08\0\0\0\0\0\0\x03\xff\xff\xff\xff\xff\xff\xff\xff"

static const ErrorCase closed[] = {
    { "at once", CLOSED, SCRIPT_OF (SCRIPT_CUT) },
    { "before the head", CLOSED, SCRIPT_OF (SCRIPT_REQUEST, SCRIPT_CUT) },
    { "politely", CLOSED, SCRIPT_OF (SCRIPT_REQUEST, SCRIPT_CLOSE) },
    { "by a reset", CLOSED, SCRIPT_OF (SCRIPT_REQUEST, SCRIPT_RESET) },
    { "in the status line", CLOSED, SAYS ("HTTP/1.1 20") },
    { "in the head", CLOSED, SAYS (OK TWO) },
    { "behind an interim answer", CLOSED, SAYS ("HTTP/1.1 103 Early Hints\r\n\r\n") },
    { "before the body", CLOSED, SAYS (OK TWO "\r\n") },
    { "in the body", CLOSED, SAYS (OK TWO "\r\nh") },
    { "in a body without a length, by a reset", CLOSED,
      SCRIPT_OF (SCRIPT_REQUEST, SCRIPT_SEND (OK "\r\nhi"), SCRIPT_RESET) },
    { "in a chunk's size", CLOSED, SAYS (OK CHUNKED "\r\n1") },
    { "in a chunk", CLOSED, SAYS (OK CHUNKED "\r\n2\r\nh") },
    { "behind a chunk", CLOSED, SAYS (OK CHUNKED "\r\n2\r\nhi\r\n") },
    { "in the trailers", CLOSED, SAYS (OK CHUNKED "\r\n0\r\nA: b\r\n") },
};

static const ErrorCase protocol[] = {
    { "another protocol", PROTOCOL, SAYS ("220 mail.example ESMTP\r\n\r\n") },
    { "zeros", PROTOCOL, SAYS ("\0\0\0\0\0\0\0\0\r\n\r\n") },
    { "HTTP/2", PROTOCOL, SAYS ("HTTP/2.0 200 OK\r\n" TWO "\r\nhi") },
    { "HTTP/0.9", PROTOCOL, SAYS ("<html>\r\n\r\n") },
    { "a bare LF", PROTOCOL, SAYS ("HTTP/1.1 200 OK\n" TWO "\r\nhi") },
    { "a bare CR", PROTOCOL, SAYS ("HTTP/1.1 200 OK\r" TWO "\r\nhi") },
    { "an empty line first, twice", PROTOCOL, SAYS ("\r\n\r\n" OK TWO "\r\nhi") },
    { "status 99", PROTOCOL, SAYS ("HTTP/1.1 099 X\r\n" TWO "\r\nhi") },
    { "status 1000", PROTOCOL, SAYS ("HTTP/1.1 1000 X\r\n" TWO "\r\nhi") },
    { "status 600", PROTOCOL, SAYS ("HTTP/1.1 600 X\r\n" TWO "\r\nhi") },
    { "a NUL in the reason", PROTOCOL, SAYS ("HTTP/1.1 200 O\0K\r\n" TWO "\r\nhi") },
    { "a fold", PROTOCOL, SAYS (OK "A: b\r\n c\r\n" TWO "\r\nhi") },
    { "no colon", PROTOCOL, SAYS (OK "A\r\n" TWO "\r\nhi") },
    { "no name", PROTOCOL, SAYS (OK ": b\r\n" TWO "\r\nhi") },
    { "a blank before the colon", PROTOCOL, SAYS (OK "A : b\r\n" TWO "\r\nhi") },
    { "an LF in a value", PROTOCOL, SAYS (OK "A: b\nSet-Cookie: c=d\r\n" TWO "\r\nhi") },
    { "a CR in a value", PROTOCOL, SAYS (OK "A: b\rSet-Cookie: c=d\r\n" TWO "\r\nhi") },
    { "a NUL in a value", PROTOCOL, SAYS (OK "A: b\0c\r\n" TWO "\r\nhi") },
    { "a length and chunks", PROTOCOL, SAYS (OK TWO CHUNKED "\r\n2\r\nhi\r\n0\r\n\r\n") },
    { "two lengths", PROTOCOL, SAYS (OK TWO "Content-Length: 3\r\n\r\nhi!") },
    { "a length twice", PROTOCOL, SAYS (OK TWO TWO "\r\nhi") },
    { "a list of lengths", PROTOCOL, SAYS (OK "Content-Length: 2, 2\r\n\r\nhi") },
    { "a length with a sign", PROTOCOL, SAYS (OK "Content-Length: +2\r\n\r\nhi") },
    { "a length with a zero before it", PROTOCOL, SAYS (OK "Content-Length: 02\r\n\r\nhi") },
    { "no length", PROTOCOL, SAYS (OK "Content-Length:\r\n\r\nhi") },
    { "a length of 2^63", PROTOCOL, SAYS (OK "Content-Length: 9223372036854775808\r\n\r\nhi") },
    { "chunked twice", PROTOCOL, SAYS (OK CHUNKED CHUNKED "\r\n2\r\nhi\r\n0\r\n\r\n") },
    { "an unknown coding", PROTOCOL, SAYS (OK "Transfer-Encoding: x\r\n\r\nhi") },
    { "a coding before chunked", PROTOCOL,
      SAYS (OK "Transfer-Encoding: gzip, chunked\r\n\r\n2\r\nhi\r\n0\r\n\r\n") },
    { "101 that was not asked for", PROTOCOL,
      SAYS ("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n") },
    { "no chunk size", PROTOCOL, SAYS (OK CHUNKED "\r\n\r\nhi\r\n0\r\n\r\n") },
    { "a chunk size with a blank", PROTOCOL, SAYS (OK CHUNKED "\r\n2 \r\nhi\r\n0\r\n\r\n") },
    { "a chunk size of 2^64", PROTOCOL,
      SAYS (OK CHUNKED "\r\n10000000000000000\r\nhi\r\n0\r\n\r\n") },
    { "a chunk without its end", PROTOCOL, SAYS (OK CHUNKED "\r\n2\r\nhi!\r\n0\r\n\r\n") },
    { "an LF behind a chunk", PROTOCOL, SAYS (OK CHUNKED "\r\n2\r\nhi\n0\r\n\r\n") },
    { "a fold in trailers", PROTOCOL, SAYS (OK CHUNKED "\r\n0\r\nA: b\r\n c\r\n\r\n") },
    { "too long a line", PROTOCOL,
      SCRIPT_OF (SCRIPT_REQUEST, SCRIPT_SEND (OK "A: "),
                 SCRIPT_SEND_TIMES ("0123456789", 100000)) },
    { "too many fields", PROTOCOL,
      SCRIPT_OF (SCRIPT_REQUEST, SCRIPT_SEND (OK), SCRIPT_SEND_TIMES ("A: b\r\n", 100000)) },
    { "interim answers for ever", PROTOCOL,
      SCRIPT_OF (SCRIPT_REQUEST,
                 SCRIPT_SEND_TIMES ("HTTP/1.1 103 Early Hints\r\nA: b\r\n\r\n", 1000000)) },
};

/* The bound is 100. */
static const ErrorCase too_large[] = {
    { "by its length", TOO_LARGE, SAYS (OK "Content-Length: 101\r\n\r\n") },
    { "in chunks", TOO_LARGE,
      SAYS (OK CHUNKED "\r\n64\r\n" TEN ("0123456789") "\r\n2\r\nab\r\n0\r\n\r\n") },
    { "until the end", TOO_LARGE, SAYS (OK "\r\n" TEN ("0123456789") "a") },
    { "for ever", TOO_LARGE,
      SCRIPT_OF (SCRIPT_REQUEST, SCRIPT_SEND (OK "\r\n"),
                 SCRIPT_SEND_TIMES (TEN ("0123456789"), 1000000)) },
};

static const ErrorCase encoding[] = {
    { "unknown", ENCODING, SAYS (OK "Content-Encoding: x\r\n" TWO "\r\nhi") },
    { "broken", ENCODING, SAYS (OK GZIP "Content-Length: 18\r\n\r\n" BAD_CODED) },
    { "none at all", ENCODING, SAYS (OK GZIP TWO "\r\nhi") },
    { "cut", ENCODING, SAYS (OK GZIP "Content-Length: 18\r\n\r\n" CUT_CODED) },
    { "more behind it", ENCODING, SAYS (OK GZIP "Content-Length: 24\r\n\r\n" CODED "hi") },
    { "cut, until the end", ENCODING, SAYS (OK GZIP "\r\n" CUT_CODED) },
};

static const ErrorCase redirects[] = {
    { "for ever", TOO_MANY_REDIRECTS,
      SCRIPT_OF (SCRIPT_REQUEST, SCRIPT_SEND (FOUND ("/again?secret")), SCRIPT_AGAIN) },
    { "to no URL", INVALID_URL, SAYS (FOUND ("http://secret:secret@/")) },
    { "to no port", INVALID_URL, SAYS (FOUND ("http://127.0.0.1:99999/secret")) },
    { "to another scheme", INVALID_URL, SAYS (FOUND ("ftp://127.0.0.1/secret")) },
    { "to a file", INVALID_URL, SAYS (FOUND ("file:///etc/passwd")) },
    { "to a script", INVALID_URL, SAYS (FOUND ("javascript:alert(1)")) },
};

static FetchWays ways;

START_TEST (client_says_that_a_server_closed)
{
    fetch_ways_init (&ways, _i);
    error_cases_run (&ways, closed, G_N_ELEMENTS (closed));
    fetch_ways_clear (&ways);
}
END_TEST

START_TEST (client_says_that_an_answer_is_no_http)
{
    fetch_ways_init (&ways, _i);
    error_cases_run (&ways, protocol, G_N_ELEMENTS (protocol));
    fetch_ways_clear (&ways);
}
END_TEST

START_TEST (client_says_that_a_body_is_too_large)
{
    fetch_ways_init (&ways, _i);
    h3_client_set_max_body (ways.client, 100);
    error_cases_run (&ways, too_large, G_N_ELEMENTS (too_large));
    fetch_ways_clear (&ways);
}
END_TEST

/* 10 MiB of zeros in 10 kB: below the bound, but more than a hundred times as many. */
START_TEST (client_says_that_a_body_grows_too_much)
{
    g_autoptr (GBytes) bomb = error_cases_make_bomb ();
    g_autofree char *head =
        g_strdup_printf (OK GZIP "Content-Length: %zu\r\n\r\n", g_bytes_get_size (bomb));
    const ScriptStep script[] = {
        SCRIPT_REQUEST, SCRIPT_SEND_TEXT (head),
        SCRIPT_SEND_DATA (g_bytes_get_data (bomb, NULL), g_bytes_get_size (bomb)), SCRIPT_CLOSE
    };
    const ErrorCase one = { "a bomb", TOO_LARGE, script };

    fetch_ways_init (&ways, _i);
    error_cases_run (&ways, &one, 1);
    fetch_ways_clear (&ways);
}
END_TEST

START_TEST (client_says_that_a_coding_is_bad)
{
    fetch_ways_init (&ways, _i);
    error_cases_run (&ways, encoding, G_N_ELEMENTS (encoding));
    fetch_ways_clear (&ways);
}
END_TEST

START_TEST (client_says_where_it_will_not_be_led)
{
    fetch_ways_init (&ways, _i);
    error_cases_run (&ways, redirects, G_N_ELEMENTS (redirects));
    fetch_ways_clear (&ways);
}
END_TEST

/* What is at the bounds of all the above is no error. */
START_TEST (client_takes_what_is_at_the_bound)
{
    const ScriptStep *const scripts[] = {
        SAYS (OK GZIP "Content-Length: 22\r\n\r\n" CODED),
        SAYS (OK "\r\nhi"),
        SAYS ("HTTP/1.0 200\r\n\r\nhi"),
        SAYS (OK CHUNKED "\r\n2;a=b\r\nhi\r\n0\r\n\r\n"),
        SAYS ("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\n\r\n" OK TWO "\r\nhi"),
    };

    fetch_ways_init (&ways, _i);
    h3_client_set_max_body (ways.client, 2);
    for (guint i = 0; i < G_N_ELEMENTS (scripts); i++) {
        g_autoptr (GError) error = NULL;
        ScriptedServer server;
        H3ClientResponse *response;

        scripted_server_start (&server, NULL, scripts[i]);
        response = fetch_ways_get (&ways, server.url, &error);
        ck_assert_msg (response != NULL, "%u: %s", i, error != NULL ? error->message : "nothing");
        ck_assert_str_eq (h3_client_response_get_text (response), "hi");
        scripted_server_wait_ended (&server, 1);
        scripted_server_clear (&server);
    }
    fetch_ways_clear (&ways);
}
END_TEST

static void
add (Suite *suite)
{
    add_for_each_way (suite, client_says_that_a_server_closed);
    add_for_each_way (suite, client_says_that_an_answer_is_no_http);
    add_for_each_way (suite, client_says_that_a_body_is_too_large);
    add_for_each_way (suite, client_says_that_a_body_grows_too_much);
    add_for_each_way (suite, client_says_that_a_coding_is_bad);
    add_for_each_way (suite, client_says_where_it_will_not_be_led);
    add_for_each_way (suite, client_takes_what_is_at_the_bound);
}

int
main (void)
{
    return suite_run ("e2e/client-errors", add);
}
