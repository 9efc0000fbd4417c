/* SPDX-License-Identifier: MIT */

#include "h3/client/client-response-inside.h"
#include "h3/wire/http1-lint.h"
#include "tests/support/suite.h"

#include <pthread.h>

#define N_THREADS 4

/* (transfer full): made of a head that is no more. */
static H3ClientResponse *
make_response (H3View text)
{
    g_autofree char *base = g_memdup2 (text.data, text.length);
    Http1ResponseReader *reader = http1_response_reader_new ();
    H3ClientResponse *response;
    HeadField fields[8];
    Http1Response head;
    H3Limits limits;
    Http1Lint lint;

    h3_limits_init (&limits);
    http1_lint_init_response (&lint, fields, G_N_ELEMENTS (fields));
    ck_assert_int_eq (http1_lint_step (&lint, &limits, base, text.length), LINT_WHOLE);
    ck_assert_ptr_null (
        http1_response_read (reader, base, &lint.index, H3_METHOD_GET, H3_VIEW_EMPTY, &head));
    response = client_response_new (&head, "http://a/", 2);
    http1_response_reader_free (reader);
    memset (base, 'x', text.length);
    memset (fields, 0xff, sizeof fields);
    return response;
}

START_TEST (answer_outlives_its_head)
{
    g_autoptr (H3ClientResponse) response = make_response (
        H3_VIEW ("HTTP/1.1 404 Not There\r\nX: a\r\nSet-Cookie: b=c\r\nx:\t d \r\nE:\r\n"
                 "Content-Length: 0\r\n\r\n"));
    g_autofree char *joined =
        h3_headers_dup_joined (h3_client_response_get_headers (response), "X");

    ck_assert_uint_eq (h3_client_response_get_status (response), 404);
    ck_assert_str_eq (h3_client_response_get_reason (response), "Not There");
    ck_assert_str_eq (h3_client_response_get_url (response), "http://a/");
    ck_assert_uint_eq (h3_client_response_get_redirects (response), 2);
    ck_assert_str_eq (h3_client_response_get_header (response, "set-cookie"), "b=c");
    ck_assert_str_eq (h3_client_response_get_header (response, "E"), "");
    ck_assert_ptr_null (h3_client_response_get_header (response, "Location"));
    ck_assert_str_eq (joined, "a, d");
    ck_assert_uint_eq (h3_headers_get_size (h3_client_response_get_headers (response)), 5);
}
END_TEST

START_TEST (fields_that_told_the_coding_are_forgotten)
{
    g_autoptr (H3ClientResponse) response =
        make_response (H3_VIEW ("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nA: b\r\n"
                                "Content-Length: 9\r\n\r\n"));

    client_response_forget_coding (response);
    ck_assert_uint_eq (h3_headers_get_size (h3_client_response_get_headers (response)), 1);
    ck_assert_str_eq (h3_client_response_get_header (response, "a"), "b");
}
END_TEST

static void *
ask (void *response)
{
    return h3_client_response_get_headers (response);
}

START_TEST (threads_that_ask_at_once_see_the_same_fields)
{
    for (guint turn = 0; turn < 50; turn++) {
        g_autoptr (H3ClientResponse) response =
            make_response (H3_VIEW ("HTTP/1.1 200 OK\r\nA: b\r\n\r\n"));
        pthread_t threads[N_THREADS];

        for (guint i = 0; i < N_THREADS; i++)
            ck_assert_int_eq (pthread_create (&threads[i], NULL, ask, response), 0);
        for (guint i = 0; i < N_THREADS; i++) {
            void *found;

            ck_assert_int_eq (pthread_join (threads[i], &found), 0);
            ck_assert_ptr_eq (found, h3_client_response_get_headers (response));
        }
        ck_assert_str_eq (h3_client_response_get_header (response, "A"), "b");
    }
}
END_TEST

static void
add_tests (Suite *suite)
{
    suite_add_case (suite, "answers", answer_outlives_its_head,
                    fields_that_told_the_coding_are_forgotten,
                    threads_that_ask_at_once_see_the_same_fields, NULL);
}

int
main (void)
{
    return suite_run ("client/client-response", add_tests);
}
