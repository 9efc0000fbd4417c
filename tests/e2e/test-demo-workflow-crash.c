/* SPDX-License-Identifier: MIT
 *
 * Three of h3d demo that share their runs by one Redis, one of which is killed amid a run: another
 * finishes it, with what was done already. */

#include "tests/support/file-tree.h"
#include "tests/support/raw-client.h"
#include "tests/support/redis-server.h"
#include "tests/support/subprocess.h"
#include "tests/support/suite.h"

#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define N_DEMOS 3

/* Its first step says who runs it, its second of which group it is, and waits for a file that is
 * there when another comes to it. */
static const char plan[] =
    "{\"name\": \"long\", \"on_interrupt\": \"resume\", \"steps\": [\n"
    "{\"id\": \"who\", \"shell\": \"echo by $PPID; echo once >> $COUNT\",\n"
    " \"env\": {\"COUNT\": \"${input.count}\"}},\n"
    "{\"id\": \"wait\", \"shell\": \"echo group $$; test -e $GO || exec sleep 1000\",\n"
    " \"env\": {\"GO\": \"${input.go}\"}, \"depends_on\": [\"who\"]},\n"
    "{\"id\": \"say\", \"run\": [\"echo\", \"${steps.who.stdout}\"], \"depends_on\": [\"wait\"]}]}";

typedef struct {
    Subprocess process;
    char *address; /* owned */
} Demo;

static RedisServer server;
static FileTree tree;
static Demo demos[N_DEMOS];

static void
start (Demo *demo)
{
    g_autofree char *path = file_tree_path (&tree, "plan.json");

    subprocess_start (&demo->process, 0, "demo", "--listen", "127.0.0.1:0", "--queue", server.url,
                      "--workflow", path, NULL);
    demo->address = subprocess_read_address (&demo->process);
}

static void
end (Demo *demo)
{
    subprocess_signal (&demo->process, SIGTERM);
    ck_assert_int_eq (subprocess_wait (&demo->process), 0);
    g_free (demo->address);
}

static void
kill_demo (Demo *demo)
{
    subprocess_signal (&demo->process, SIGKILL);
    ck_assert_int_eq (waitpid (demo->process.pid, NULL, 0), demo->process.pid);
    (void) close (demo->process.output);
    (void) close (demo->process.errors);
    g_free (demo->address);
}

/* (transfer full) */
static RawAnswer *
ask (const Demo *demo, const char *method, const char *path, const char *body)
{
    g_autoptr (RawClient) client = raw_client_new (demo->address);
    g_autofree char *request =
        g_strdup_printf ("%s %s HTTP/1.1\r\nHost: h\r\nContent-Type: application/json\r\n"
                         "Content-Length: %zu\r\n\r\n%s",
                         method, path, strlen (body), body);
    RawAnswer *answer;

    ck_assert (raw_client_send (client, request));
    answer = raw_client_read (client, FALSE);
    ck_assert_msg (answer != NULL && answer->is_whole, "no whole answer to %s", path);
    return answer;
}

/* (transfer full): the run's document, once it has the text. Each look is a request of its own; the
 * test has a deadline. */
static char *
await_text (const Demo *demo, const char *path, const char *text)
{
    for (;;) {
        g_autoptr (RawAnswer) answer = ask (demo, "GET", path, "");

        ck_assert_msg (answer->status == 200, "%u: %s", answer->status, answer->body->str);
        if (strstr (answer->body->str, text) != NULL)
            return g_strdup (answer->body->str);
    }
}

static gint64
get_number (const char *document, const char *behind)
{
    const char *at = strstr (document, behind);

    ck_assert_ptr_nonnull (at);
    return g_ascii_strtoll (at + strlen (behind), NULL, 10);
}

static guint
find_demo (gint64 pid)
{
    for (guint i = 0; i < N_DEMOS; i++) {
        if (demos[i].process.pid == pid)
            return i;
    }
    ck_abort_msg ("none of them is process %" G_GINT64_FORMAT, pid);
    return 0;
}

/* (transfer full): where the run is. */
static char *
start_run (void)
{
    g_autofree char *count = file_tree_path (&tree, "count"), *go = file_tree_path (&tree, "go");
    g_autofree char *input = g_strdup_printf ("{\"count\": \"%s\", \"go\": \"%s\"}", count, go);
    g_autoptr (RawAnswer) started = ask (&demos[0], "POST", "/workflows/long/runs", input);

    ck_assert_msg (started->status == 202, "%u: %s", started->status, started->body->str);
    return raw_answer_dup_header (started, "Location");
}

static void
expect_finished (const char *document, gint64 pid)
{
    g_autofree char *said = g_strdup_printf ("\"stdout\":\"by %" G_GINT64_FORMAT "\\n\"", pid);
    g_autofree char *path = file_tree_path (&tree, "count"), *count = NULL;
    const char *last = strstr (document, "{\"id\":\"say\"");

    ck_assert_ptr_nonnull (
        strstr (document, "{\"id\":\"who\",\"state\":\"succeeded\",\"attempts\":1,"));
    ck_assert_ptr_nonnull (
        strstr (document, "{\"id\":\"wait\",\"state\":\"succeeded\",\"attempts\":2,"));
    ck_assert_ptr_nonnull (last);
    ck_assert_msg (strstr (last, said) != NULL, "%s is not in %s", said, last);
    ck_assert (g_file_get_contents (path, &count, NULL, NULL));
    ck_assert_str_eq (count, "once\n");
}

START_TEST (run_of_one_that_is_killed_is_finished_by_another)
{
    g_autofree char *path = NULL, *begun = NULL, *shared = NULL, *ended = NULL;
    gint64 pid, group;
    guint first;

    if (!redis_server_start (&server, NULL))
        return;
    file_tree_init (&tree);
    file_tree_write (&tree, "plan.json", plan);
    for (guint i = 0; i < N_DEMOS; i++)
        start (&demos[i]);
    path = start_run ();
    begun = await_text (&demos[0], path, "\"stdout\":\"group ");
    pid = get_number (begun, "\"stdout\":\"by ");
    group = get_number (begun, "\"stdout\":\"group ");
    first = find_demo (pid);
    /* Who has it knows of it first. */
    shared = await_text (&demos[(first + 1) % N_DEMOS], path, "\"stdout\":\"group ");
    file_tree_write (&tree, "go", "");
    kill_demo (&demos[first]);
    /* What it ran is left: its machine would be lost with it. */
    ck_assert_int_eq (kill ((pid_t) -group, SIGKILL), 0);
    ended = await_text (&demos[(first + 1) % N_DEMOS], path,
                        "\"state\":\"succeeded\",\"error\":null,\"created\"");
    expect_finished (ended, pid);
    for (guint i = 0; i < N_DEMOS; i++) {
        if (i != first)
            end (&demos[i]);
    }
    file_tree_clear (&tree);
    redis_server_clear (&server);
}
END_TEST

static void
add_tests (Suite *suite)
{
    suite_add_case (suite, "crash", run_of_one_that_is_killed_is_finished_by_another, NULL);
}

int
main (void)
{
    return suite_run ("e2e/demo-workflow-crash", add_tests);
}
