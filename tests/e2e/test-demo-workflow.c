/* SPDX-License-Identifier: MIT
 *
 * Workflows of h3d demo: started, watched, ended and listed over HTTP. */

#include "tests/support/file-tree.h"
#include "tests/support/raw-client.h"
#include "tests/support/subprocess.h"
#include "tests/support/suite.h"

#include <jansson.h>
#include <signal.h>
#include <string.h>

static FileTree tree;
static Subprocess demo;
static char *address; /* owned */

static void
start_demo (void)
{
    g_autofree char *greet = file_tree_path (&tree, "greet.json");
    g_autofree char *hold = file_tree_path (&tree, "hold.json");
    g_autofree char *often = file_tree_path (&tree, "often.json");
    g_autofree char *data = file_tree_path (&tree, "data");

    subprocess_start (&demo, 0, "demo", "--listen", "127.0.0.1:0", "--workflow", greet,
                      "--workflow", hold, "--workflow", often, "--data", data, NULL);
    address = subprocess_read_address (&demo);
}

static void
end_demo (void)
{
    subprocess_signal (&demo, SIGTERM);
    ck_assert_int_eq (subprocess_wait (&demo), 0);
    g_clear_pointer (&address, g_free);
}

static void
set_up (void)
{
    file_tree_init (&tree);
    file_tree_write (&tree, "greet.json",
                     "{\"name\": \"greet\", \"steps\": [{\"id\": \"a\", \"run\": [\"echo\", "
                     "\"hello, ${input.name}\"]}]}");
    file_tree_write (&tree, "hold.json",
                     "{\"name\": \"hold\", \"steps\": [{\"id\": \"a\", \"run\": [\"sleep\", "
                     "\"600\"]}, {\"id\": \"b\", \"depends_on\": [\"a\"], \"run\": [\"true\"]}]}");
    file_tree_write (&tree, "often.json",
                     "{\"name\": \"often\", \"trigger\": {\"http\": false, \"schedule\": "
                     "{\"every\": 1}}, \"steps\": [{\"id\": \"a\", \"run\": [\"true\"]}]}");
    start_demo ();
}

static void
tear_down (void)
{
    end_demo ();
    file_tree_clear (&tree);
}

/* (transfer full): the answer to a new client. `fields` each with its CR LF. */
static RawAnswer *
ask (const char *line, const char *fields, const char *body)
{
    g_autoptr (RawClient) client = raw_client_new (address);
    g_autofree char *request =
        g_strdup_printf ("%s HTTP/1.1\r\nHost: h.example\r\nContent-Length: %zu\r\n%s\r\n%s", line,
                         strlen (body), fields, body);
    RawAnswer *answer;

    ck_assert (raw_client_send (client, request));
    answer = raw_client_read (client, FALSE);
    ck_assert_msg (answer != NULL && answer->is_whole, "no whole answer to %s", line);
    return answer;
}

static void
expect (const char *line, const char *fields, const char *body, guint status)
{
    g_autoptr (RawAnswer) answer = ask (line, fields, body);

    ck_assert_msg (answer->status == status, "%u, not %u, to %s: %s", answer->status, status, line,
                   answer->body->str);
}

/* (transfer full): its path, "/workflows/runs/ID". */
static char *
start_run (const char *name, const char *fields, const char *body)
{
    g_autofree char *line = g_strdup_printf ("POST /workflows/%s/runs", name);
    g_autoptr (RawAnswer) answer = ask (line, fields, body);
    char *location = raw_answer_dup_header (answer, "Location");
    g_autofree char *expected = NULL;

    ck_assert_msg (answer->status == 202, "%u: %s", answer->status, answer->body->str);
    ck_assert_msg (location != NULL && g_str_has_prefix (location, "/workflows/runs/"), "%s",
                   location);
    expected = g_strdup_printf ("{\"id\":\"%s\",\"state\":\"pending\"}",
                                location + strlen ("/workflows/runs/"));
    ck_assert_str_eq (answer->body->str, expected);
    return location;
}

/* (transfer full): all events of a run, once it has ended. */
static char *
read_events (const char *run, const char *last_id)
{
    g_autofree char *line = g_strdup_printf ("GET %s/events", run);
    g_autofree char *field =
        last_id != NULL ? g_strdup_printf ("Last-Event-ID: %s\r\n", last_id) : g_strdup ("");
    g_autoptr (RawAnswer) answer = ask (line, field, "");

    ck_assert_uint_eq (answer->status, 200);
    raw_answer_expect_header (answer, "Content-Type", "text/event-stream");
    return g_strdup (answer->body->str);
}

/* (transfer full) */
static json_t *
read_document (const char *path)
{
    g_autofree char *line = g_strdup_printf ("GET %s", path);
    g_autoptr (RawAnswer) answer = ask (line, "", "");
    json_t *document = json_loads (answer->body->str, 0, NULL);

    ck_assert_msg (answer->status == 200 && document != NULL, "%s: %u: %s", path, answer->status,
                   answer->body->str);
    return document;
}

static const char *
get_text (const json_t *document, const char *name)
{
    return json_string_value (json_object_get (document, name));
}

/* The text of a step's member. */
static const char *
get_of_step (const json_t *run, const char *id, const char *name)
{
    json_t *step;
    size_t i;

    json_array_foreach (json_object_get (run, "steps"), i, step)
    {
        if (strcmp (get_text (step, "id"), id) == 0)
            return get_text (step, name);
    }
    ck_abort_msg ("no step %s", id);
}

START_TEST (hello_is_run_to_its_end)
{
    g_autofree char *path = start_run ("hello", "", "");
    g_autofree char *events = read_events (path, NULL);
    json_t *run = read_document (path);

    ck_assert_msg (g_str_has_prefix (events, "id: 1\nevent: run\ndata: {"), "%s", events);
    ck_assert_ptr_nonnull (strstr (events, "event: step\n"));
    ck_assert_ptr_nonnull (strstr (events, "event: line\n"));
    ck_assert_ptr_nonnull (strstr (events, "\"text\":\"hello, world, from "));
    ck_assert_str_eq (get_text (run, "state"), "succeeded");
    ck_assert_str_eq (get_text (run, "workflow"), "hello");
    ck_assert_str_eq (get_of_step (run, "greet", "stdout"), "hello\n");
    ck_assert_str_eq (get_of_step (run, "facts", "state"), "succeeded");
    ck_assert (g_str_has_prefix (get_of_step (run, "say", "stdout"), "hello, world, from "));
    json_decref (run);
}
END_TEST

START_TEST (a_client_that_comes_back_misses_nothing)
{
    g_autofree char *path = start_run ("hello", "", "");
    g_autofree char *all = read_events (path, NULL);
    const char *at = all;
    guint n = 0;

    for (; at != NULL && *at != '\0'; at = strstr (at, "\n\n"), at = at != NULL ? at + 2 : NULL) {
        g_autofree char *id = g_strdup_printf ("%u", n);
        g_autofree char *rest = read_events (path, id);

        ck_assert_str_eq (rest, at);
        n++;
    }
    {
        g_autofree char *line = g_strdup_printf ("GET %s/events", path);
        g_autofree char *field = g_strdup_printf ("Last-Event-ID: %u\r\n", n);
        g_autofree char *strange = read_events (path, "other");

        ck_assert_str_eq (strange, all);
        expect (line, field, "", 204);
    }
}
END_TEST

START_TEST (a_post_that_is_sent_again_starts_nothing_again)
{
    g_autofree char *first = start_run ("hello", "Idempotency-Key: \"k\"\r\n", "");
    g_autofree char *second = start_run ("hello", "Idempotency-Key: \"k\"\r\n", "");
    g_autofree char *third = start_run ("hello", "Idempotency-Key: \"l\"\r\n", "");
    json_t *list = read_document ("/workflows/runs?workflow=hello");

    ck_assert_str_eq (first, second);
    ck_assert_str_ne (first, third);
    ck_assert_uint_eq (json_array_size (json_object_get (list, "runs")), 2);
    json_decref (list);
}
END_TEST

START_TEST (input_is_what_a_plan_refers_to)
{
    g_autofree char *path =
        start_run ("greet", "Content-Type: application/json\r\n", "{\"name\": \"$(Ada) \\u00e9\"}");
    g_autofree char *without = start_run ("greet", "", "");
    json_t *run;

    g_free (read_events (path, NULL));
    run = read_document (path);
    ck_assert_str_eq (get_of_step (run, "a", "stdout"), "hello, $(Ada) é\n");
    json_decref (run);
    g_free (read_events (without, NULL));
    run = read_document (without);
    ck_assert_str_eq (get_text (run, "state"), "failed");
    json_decref (run);
}
END_TEST

/* Reads on until the stream has this; (transfer none): all that came. */
static void
hear (RawClient *client, GString *heard, const char *expected)
{
    while (strstr (heard->str, expected) == NULL) {
        char piece[4096];
        gsize n = raw_client_receive (client, piece, sizeof piece);

        ck_assert_msg (n > 0, "the stream ended behind %s", heard->str);
        g_string_append_len (heard, piece, (gssize) n);
    }
}

START_TEST (a_run_is_watched_while_it_runs_and_cancelled)
{
    g_autofree char *path = start_run ("hold", "", "");
    g_autofree char *request =
        g_strdup_printf ("GET %s/events HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n", path);
    g_autofree char *cancel = g_strdup_printf ("DELETE %s", path);
    g_autoptr (RawClient) client = raw_client_new (address);
    g_autoptr (GString) heard = g_string_new (NULL);
    g_autoptr (RawAnswer) cancelling = NULL;
    g_autoptr (RawAnswer) cancelled = NULL;

    ck_assert (raw_client_send (client, request));
    hear (client, heard, "{\"id\":\"a\",\"state\":\"running\"");
    ck_assert_ptr_null (strstr (heard->str, "cancelled"));
    cancelling = ask (cancel, "", "");
    ck_assert_uint_eq (cancelling->status, 202);
    ck_assert_ptr_nonnull (strstr (cancelling->body->str, "\"state\":\"running\""));
    hear (client, heard, "{\"id\":\"b\",\"state\":\"skipped\"");
    hear (client, heard, "{\"id\":\"a\",\"state\":\"cancelled\"");
    /* The last chunk: the stream ends with the run. */
    hear (client, heard, "\r\n0\r\n\r\n");
    ck_assert_ptr_nonnull (strstr (heard->str, "\"state\":\"cancelled\",\"error\":\"the run"));
    cancelled = ask (cancel, "", "");
    ck_assert_uint_eq (cancelled->status, 200);
    ck_assert_ptr_nonnull (strstr (cancelled->body->str, "\"state\":\"cancelled\""));
}
END_TEST

START_TEST (who_has_had_all_of_a_run_that_goes_on_is_heard)
{
    g_autofree char *path = start_run ("hold", "", "");
    g_autofree char *request =
        g_strdup_printf ("GET %s/events HTTP/1.1\r\nHost: h\r\nLast-Event-ID: 1000\r\n\r\n", path);
    g_autofree char *cancel = g_strdup_printf ("DELETE %s", path);
    g_autoptr (RawClient) client = raw_client_new (address);
    g_autoptr (GString) heard = g_string_new (NULL);

    ck_assert (raw_client_send (client, request));
    hear (client, heard, "\r\n\r\n");
    ck_assert (g_str_has_prefix (heard->str, "HTTP/1.1 200 "));
    expect (cancel, "", "", 202);
    hear (client, heard, "\r\n0\r\n\r\n");
}
END_TEST

START_TEST (what_cannot_be_is_refused)
{
    g_autoptr (RawAnswer) often = ask ("POST /workflows/often/runs", "", "");

    ck_assert_uint_eq (often->status, 403);
    expect ("POST /workflows/none/runs", "", "", 404);
    expect ("POST /workflows/greet/runs", "Content-Type: application/json\r\n", "{\"a\"", 400);
    expect ("POST /workflows/greet/runs", "Content-Type: text/plain\r\n", "{}", 415);
    expect ("GET /workflows/runs/none", "", "", 404);
    expect ("GET /workflows/runs/none/events", "", "", 404);
    expect ("DELETE /workflows/runs/none", "", "", 404);
    expect ("PUT /workflows/runs/none", "", "", 405);
    expect ("GET /workflows/runs?state=odd", "", "", 400);
    expect ("GET /workflows/runs?limit=0", "", "", 400);
    expect ("GET /workflows/runs?limit=x", "", "", 400);
}
END_TEST

START_TEST (workflows_and_runs_are_listed)
{
    json_t *workflows = read_document ("/workflows"), *list = NULL;
    json_t *first = json_array_get (json_object_get (workflows, "workflows"), 0);
    g_autofree char *older = start_run ("hello", "", "");
    g_autofree char *newer = NULL;
    g_autofree char *next = NULL;

    ck_assert_uint_eq (json_array_size (json_object_get (workflows, "workflows")), 4);
    ck_assert_str_eq (get_text (first, "name"), "greet");
    g_free (read_events (older, NULL));
    newer = start_run ("hello", "", "");
    g_free (read_events (newer, NULL));
    list = read_document ("/workflows/runs?workflow=hello&state=succeeded&limit=1");
    ck_assert_str_eq (get_text (json_array_get (json_object_get (list, "runs"), 0), "id"),
                      strrchr (newer, '/') + 1);
    next = g_strdup_printf ("/workflows/runs?workflow=hello&before=%s", get_text (list, "next"));
    json_decref (list);
    list = read_document (next);
    ck_assert_uint_eq (json_array_size (json_object_get (list, "runs")), 1);
    ck_assert_str_eq (get_text (json_array_get (json_object_get (list, "runs"), 0), "id"),
                      strrchr (older, '/') + 1);
    json_decref (list);
    json_decref (workflows);
}
END_TEST

/* Each look is a request of its own; the test has a deadline. */
START_TEST (a_schedule_begins_runs)
{
    gsize n = 0;

    while (n < 2) {
        json_t *list = read_document ("/workflows/runs?workflow=often");

        n = json_array_size (json_object_get (list, "runs"));
        json_decref (list);
    }
}
END_TEST

START_TEST (runs_outlive_the_server)
{
    g_autofree char *path = start_run ("hello", "", "");
    json_t *run;

    g_free (read_events (path, NULL));
    end_demo ();
    start_demo ();
    run = read_document (path);
    ck_assert_str_eq (get_text (run, "state"), "succeeded");
    json_decref (run);
}
END_TEST

static void
add_tests (Suite *suite)
{
    TCase *tcase = tcase_create ("workflow");

    tcase_add_checked_fixture (tcase, set_up, tear_down);
    tcase_set_timeout (tcase, 60);
    tcase_add_test (tcase, hello_is_run_to_its_end);
    tcase_add_test (tcase, a_client_that_comes_back_misses_nothing);
    tcase_add_test (tcase, a_post_that_is_sent_again_starts_nothing_again);
    tcase_add_test (tcase, input_is_what_a_plan_refers_to);
    tcase_add_test (tcase, a_run_is_watched_while_it_runs_and_cancelled);
    tcase_add_test (tcase, who_has_had_all_of_a_run_that_goes_on_is_heard);
    tcase_add_test (tcase, what_cannot_be_is_refused);
    tcase_add_test (tcase, workflows_and_runs_are_listed);
    tcase_add_test (tcase, a_schedule_begins_runs);
    tcase_add_test (tcase, runs_outlive_the_server);
    suite_add_tcase (suite, tcase);
}

int
main (void)
{
    return suite_run ("e2e/demo-workflow", add_tests);
}
