/* SPDX-License-Identifier: MIT
 *
 * Two of h3d demo that share their runs by one Redis: each answers for all. */

#include "tests/support/raw-client.h"
#include "tests/support/redis-server.h"
#include "tests/support/subprocess.h"
#include "tests/support/suite.h"

#include <signal.h>
#include <string.h>

typedef struct {
    Subprocess process;
    char *address; /* owned */
} Demo;

static RedisServer server;
static Demo demos[2];

/* A server that is slow here is not one that is away. */
static void
start (Demo *demo)
{
    g_autofree char *url = g_strconcat (server.url, "?timeout=60000", NULL);

    subprocess_start (&demo->process, 0, "demo", "--listen", "127.0.0.1:0", "--queue", url, NULL);
    demo->address = subprocess_read_address (&demo->process);
}

static void
end (Demo *demo)
{
    subprocess_signal (&demo->process, SIGTERM);
    ck_assert_int_eq (subprocess_wait (&demo->process), 0);
    g_free (demo->address);
}

/* (transfer full) */
static RawAnswer *
ask (const Demo *demo, const char *method, const char *path, const char *fields)
{
    g_autoptr (RawClient) client = raw_client_new (demo->address);
    g_autofree char *request = g_strdup_printf (
        "%s %s HTTP/1.1\r\nHost: h\r\nContent-Length: 0\r\n%s\r\n", method, path, fields);
    RawAnswer *answer;

    ck_assert (raw_client_send (client, request));
    answer = raw_client_read (client, FALSE);
    ck_assert_msg (answer != NULL && answer->is_whole, "no whole answer to %s", path);
    return answer;
}

/* Each look is a request of its own; the test has a deadline. */
static void
wait_for_end (const Demo *demo, const char *path)
{
    gboolean has_ended = FALSE;

    while (!has_ended) {
        g_autoptr (RawAnswer) answer = ask (demo, "GET", path, "");

        ck_assert_msg (answer->status == 200, "%u: %s", answer->status, answer->body->str);
        has_ended = strstr (answer->body->str, "\"state\":\"succeeded\",\"error\"") != NULL;
    }
}

/* Whether it is followed there event by event; else it is told how it ended, once. */
static gboolean
is_followed (const Demo *demo, const char *path)
{
    g_autofree char *events = g_strconcat (path, "/events", NULL);
    g_autoptr (RawAnswer) answer = ask (demo, "GET", events, "");
    g_autoptr (RawAnswer) again = NULL;

    ck_assert_uint_eq (answer->status, 200);
    ck_assert_ptr_nonnull (strstr (answer->body->str, "event: run\n"));
    ck_assert_ptr_nonnull (strstr (answer->body->str, "\"state\":\"succeeded\""));
    if (g_str_has_prefix (answer->body->str, "id: 1\n"))
        return TRUE;
    ck_assert_ptr_nonnull (strstr (answer->body->str, "id: ended\n"));
    again = ask (demo, "GET", events, "Last-Event-ID: ended\r\n");
    ck_assert_uint_eq (again->status, 204);
    return FALSE;
}

START_TEST (each_answers_for_the_runs_of_all)
{
    if (!redis_server_start (&server, NULL))
        return;
    start (&demos[0]);
    start (&demos[1]);
    for (guint i = 0; i < 4; i++) {
        g_autoptr (RawAnswer) started = ask (&demos[i % 2], "POST", "/workflows/hello/runs", "");
        g_autofree char *path = raw_answer_dup_header (started, "Location");
        guint n_followed = 0;

        ck_assert_msg (started->status == 202, "%u: %s", started->status, started->body->str);
        /* The other has not heard of it until it stands in the queue. */
        for (guint j = 0; j < 2; j++)
            wait_for_end (&demos[(i + j) % 2], path);
        for (guint j = 0; j < 2; j++)
            n_followed += is_followed (&demos[j], path);
        ck_assert_uint_eq (n_followed, 1);
    }
    {
        g_autoptr (RawAnswer) none = ask (&demos[0], "GET", "/workflows/runs/none/events", "");

        ck_assert_uint_eq (none->status, 404);
    }
    end (&demos[0]);
    end (&demos[1]);
    redis_server_clear (&server);
}
END_TEST

static void
add_tests (Suite *suite)
{
    suite_add_case (suite, "queue", each_answers_for_the_runs_of_all, NULL);
}

int
main (void)
{
    return suite_run ("e2e/demo-workflow-queue", add_tests);
}
