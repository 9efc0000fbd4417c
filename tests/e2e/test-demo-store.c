/* SPDX-License-Identifier: MIT */

#include "tests/support/redis-server.h"
#include "tests/support/running-demo.h"
#include "tests/support/subprocess.h"
#include "tests/support/suite.h"

static void
expect_body (const char *line, const char *fields, const char *body, guint status)
{
    g_autofree char *request = g_strdup_printf (
        "%s HTTP/1.1\r\nHost: h.example\r\nContent-Length: %" G_GSIZE_FORMAT "\r\n%s\r\n%s", line,
        strlen (body), fields, body);
    g_autoptr (RawAnswer) answer = running_demo_ask (request);

    ck_assert_uint_eq (answer->status, status);
}

static void
use_store (void)
{
    g_autofree char *long_key = g_strnfill (600, 'k');
    g_autofree char *long_line = g_strconcat ("GET /store/", long_key, NULL);
    g_autofree char *large = g_strnfill (65537, 'x');

    running_demo_expect ("GET /store", 200, "\"well\": true");
    running_demo_expect ("GET /store/a", 404, "nothing is kept");
    expect_body ("PUT /store/a", "", "some bytes", 204);
    running_demo_expect ("GET /store/a", 200, "some bytes");
    expect_body ("PUT /store/a?ttl=60", "", "others", 204);
    running_demo_expect ("GET /store/a", 200, "others");
    expect_body ("PUT /store/a?ttl=x", "", "none", 400);
    expect_body ("PUT /store/a", "", large, 413);
    running_demo_expect ("GET /store/a", 200, "others");
    running_demo_expect ("POST /store/a", 400, "another kind");
    running_demo_expect (long_line, 400, "longer than 512 bytes");
    running_demo_expect ("DELETE /store/a", 204, "");
    running_demo_expect ("DELETE /store/a", 404, "");
    running_demo_expect ("GET /store/a", 404, "nothing is kept");
    running_demo_expect ("POST /store/n", 200, "\"number\": 1");
    running_demo_expect ("POST /store/n", 200, "\"number\": 2");
}

START_TEST (demo_keeps_keys_of_clients)
{
    running_demo_start ();
    use_store ();
    running_demo_end ();
}
END_TEST

START_TEST (demo_keeps_them_where_it_is_told)
{
    running_demo_start_with_store ("memory:?max-entries=2");
    use_store ();
    expect_body ("PUT /store/b", "", "", 204);
    expect_body ("PUT /store/c", "", "", 204);
    expect_body ("PUT /store/d", "", "", 204);
    running_demo_expect ("GET /store", 200, "\"keys\": 2");
    running_demo_end ();
}
END_TEST

START_TEST (demo_keeps_them_in_redis)
{
    RedisServer server = { 0 };
    g_autofree char *url = NULL;

    if (!redis_server_start (&server, NULL))
        return;
    url = g_strconcat (server.url, "?timeout=60000", NULL);
    running_demo_start_with_store (url);
    use_store ();
    running_demo_expect ("GET /store", 200, "\"keys\": 1");
    redis_server_kill (&server);
    running_demo_expect ("GET /store/n", 503, "redis+unix:");
    running_demo_expect ("GET /store", 503, "redis+unix:");
    running_demo_end ();
    redis_server_clear (&server);
}
END_TEST

static void
expect_refusal (const char *url, const char *in_message)
{
    Subprocess process = { 0 };
    g_autofree char *errors = NULL;

    subprocess_start (&process, 0, "demo", "--listen", "127.0.0.1:0", "--store", url, NULL);
    errors = subprocess_read_errors (&process);
    ck_assert_int_eq (subprocess_wait (&process), 1);
    ck_assert_msg (strstr (errors, in_message) != NULL, "%s: %s", url, errors);
}

START_TEST (demo_does_not_start_with_a_store_that_cannot_be)
{
    expect_refusal ("elsewhere:", "it begins with memory:");
    expect_refusal ("redis://:secret@host?x=1", "redis: has the options");
}
END_TEST

static void
add (Suite *suite)
{
    suite_add_case (suite, "store", demo_keeps_keys_of_clients, demo_keeps_them_where_it_is_told,
                    demo_keeps_them_in_redis, demo_does_not_start_with_a_store_that_cannot_be,
                    NULL);
}

int
main (void)
{
    return suite_run ("e2e/demo-store", add);
}
