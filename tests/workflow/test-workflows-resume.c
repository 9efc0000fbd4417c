/* SPDX-License-Identifier: MIT
 *
 * Runs that outlive the process that began them. */

#include "workflows-fixture.h"

#include "h3/base/version.h"
#include "h3/workflow/process-group.h"
#include "h3/workflow/run-id.h"
#include "tests/support/latch.h"
#include "tests/support/redis-server.h"

#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

static WorkflowsFixture fixture;
static char *folder;            /* owned */
static const char *first_queue; /* of the process that is killed; NULL: none */

/* Its second step prints the number of the group that it is, and ends when `go` is there. */
#define PLAN(mode)                                                                                 \
    "{'name':'p','on_interrupt':'" mode "','steps':["                                              \
    "{'id':'a','shell':'echo kept; echo aside >&2; echo a >> count'},"                             \
    "{'id':'b','shell':'echo at ${DOLLAR}$; test -e go || sleep 1000','depends_on':['a']},"        \
    "{'id':'c','run':['echo','${steps.a.stdout} ${steps.a.exit_code}'],'depends_on':['b']}]}"

static void
set_up (void)
{
    folder = g_dir_make_tmp ("h3-XXXXXX", NULL);
    ck_assert_ptr_nonnull (folder);
    ck_assert_int_eq (chdir (folder), 0);
}

static void
tear_down (void)
{
    g_autoptr (GDir) files = g_dir_open (folder, 0, NULL);
    const char *name;

    while ((name = g_dir_read_name (files)) != NULL)
        (void) remove (name);
    (void) chdir ("/");
    (void) rmdir (folder);
    g_free (folder);
}

static void
say_go (void)
{
    ck_assert (g_file_set_contents ("go", "", 0, NULL));
}

static char *
make_plan (const char *mode)
{
    g_autofree char *plan =
        g_strdup (g_str_equal (mode, "resume") ? PLAN ("resume") : PLAN ("mark"));
    g_auto (GStrv) parts = g_strsplit (plan, "${DOLLAR}", 2);

    return g_strjoinv ("$", parts);
}

static gint64
get_attempts (const json_t *run, const char *step)
{
    return json_integer_value (json_object_get (run_document_get_step (run, step), "attempts"));
}

static void
expect_resumed (const json_t *run)
{
    g_autofree char *count = NULL;

    expect_run (run, "succeeded", NULL);
    ck_assert_int_eq (get_attempts (run, "a"), 1);
    ck_assert_int_eq (get_attempts (run, "b"), 2);
    ck_assert_str_eq (run_document_get_text (run, "c", "stdout"), "kept 0\n");
    ck_assert (g_file_get_contents ("count", &count, NULL, NULL));
    ck_assert_str_eq (count, "a\n");
}

START_TEST (run_that_a_stop_interrupted_goes_on_where_it_was)
{
    g_autofree char *id = NULL, *plan = make_plan ("resume");
    g_autoptr (json_t) begun = NULL, run = NULL;

    set_up ();
    workflows_set_up (&fixture, folder);
    workflows_begin (&fixture);
    id = workflows_run (&fixture, plan, NULL);
    begun = workflows_await_text (&fixture, id, "at ");
    h3_workflows_stop (fixture.workflows);
    say_go ();
    workflows_renew (&fixture, folder);
    workflows_begin (&fixture);
    run = workflows_await_end (&fixture, id);
    expect_resumed (run);
    workflows_tear_down (&fixture);
    tear_down ();
}
END_TEST

START_TEST (run_that_a_stop_interrupted_is_marked_where_its_plan_says_so)
{
    g_autofree char *id = NULL, *plan = make_plan ("mark");
    g_autoptr (json_t) begun = NULL, run = NULL;

    set_up ();
    workflows_set_up (&fixture, folder);
    workflows_begin (&fixture);
    id = workflows_run (&fixture, plan, NULL);
    begun = workflows_await_text (&fixture, id, "at ");
    h3_workflows_stop (fixture.workflows);
    workflows_renew (&fixture, folder);
    workflows_begin (&fixture);
    run = workflows_ask (&fixture, id);
    expect_run (run, "interrupted", "the server is ending");
    expect_step (run, "a", "succeeded", NULL);
    expect_step (run, "b", "interrupted", "the server is ending");
    expect_step (run, "c", "pending", NULL);
    workflows_tear_down (&fixture);
    tear_down ();
}
END_TEST

/* Another process begins a run and is killed in the middle of it. The group it was running, in
 * `*out_group`; (transfer full): the run's id. */
static char *
begin_and_kill (const char *mode, gint64 *out_group)
{
    char id[RUN_ID_LENGTH + 1] = { 0 }, group[32] = { 0 };
    int told[2];
    pid_t server;

    ck_assert_int_eq (pipe (told), 0);
    server = fork ();
    if (server == 0) {
        g_autofree char *plan = make_plan (mode);
        g_autofree char *own_id = NULL;
        const char *text;
        json_t *begun;

        workflows_set_up (&fixture, folder);
        ck_assert (h3_workflows_set_queue (fixture.workflows, first_queue, NULL));
        workflows_begin (&fixture);
        own_id = workflows_run (&fixture, plan, NULL);
        begun = workflows_await_text (&fixture, own_id, "at ");
        text = run_document_get_text (begun, "b", "stdout") + strlen ("at ");
        if (write (told[1], own_id, RUN_ID_LENGTH) != RUN_ID_LENGTH
            || write (told[1], text, strlen (text) + 1) < 0)
            _exit (1);
        for (;;)
            (void) pause ();
    }
    ck_assert_int_gt (server, 0);
    ck_assert_int_eq (read (told[0], id, RUN_ID_LENGTH), RUN_ID_LENGTH);
    ck_assert_int_gt (read (told[0], group, sizeof group - 1), 0);
    ck_assert_int_eq (kill (server, SIGKILL), 0);
    ck_assert_int_eq (waitpid (server, NULL, 0), server);
    (void) close (told[0]);
    (void) close (told[1]);
    *out_group = g_ascii_strtoll (group, NULL, 10);
    return g_strdup (id);
}

/* Killed it was; gone it is when whoever inherited it has waited for it. */
static void
expect_ended (gint64 group)
{
    g_autofree char *path = g_strdup_printf ("/proc/%" G_GINT64_FORMAT "/stat", group);

    for (;;) {
        g_autofree char *stat = NULL;

        if (!g_file_get_contents (path, &stat, NULL, NULL) || strstr (stat, ") Z ") != NULL)
            return;
        g_thread_yield ();
    }
}

START_TEST (run_of_a_process_that_was_killed_goes_on_and_its_programs_are_ended)
{
    g_autofree char *id = NULL;
    g_autoptr (json_t) run = NULL;
    gint64 group;

    set_up ();
    id = begin_and_kill ("resume", &group);
    ck_assert_uint_gt (process_group_get_start (group), 0);
    say_go ();
    workflows_set_up (&fixture, folder);
    workflows_begin (&fixture);
    run = workflows_await_end (&fixture, id);
    expect_resumed (run);
    expect_ended (group);
    workflows_tear_down (&fixture);
    tear_down ();
}
END_TEST

START_TEST (run_of_a_process_that_was_killed_is_marked_where_its_plan_says_so)
{
    g_autofree char *id = NULL;
    g_autoptr (json_t) run = NULL;
    gint64 group;

    set_up ();
    id = begin_and_kill ("mark", &group);
    workflows_set_up (&fixture, folder);
    workflows_begin (&fixture);
    run = workflows_await_end (&fixture, id);
    expect_run (run, "interrupted", "the process that ran it has ended");
    expect_step (run, "a", "succeeded", NULL);
    expect_step (run, "b", "interrupted", "the process that ran it has ended");
    expect_ended (group);
    workflows_tear_down (&fixture);
    tear_down ();
}
END_TEST

START_TEST (run_of_a_process_that_was_killed_goes_on_where_the_queue_does_not_know_it)
{
    g_autofree char *id = NULL;
    g_autoptr (json_t) run = NULL;
    RedisServer server;
    gint64 group;

    if (!h3_has_feature ("redis")) {
        g_print ("SKIP: the library was built without Redis\n");
        return;
    }
    set_up ();
    /* Nobody is there: it is run where it was started. */
    first_queue = "redis+unix:/nonexistent/socket";
    id = begin_and_kill ("resume", &group);
    say_go ();
    workflows_set_up (&fixture, folder);
    if (redis_server_start (&server, NULL)) {
        ck_assert (h3_workflows_set_queue (fixture.workflows, server.url, NULL));
        workflows_begin (&fixture);
        run = workflows_await_end (&fixture, id);
        expect_resumed (run);
        expect_ended (group);
        h3_workflows_stop (fixture.workflows);
        redis_server_clear (&server);
    }
    workflows_tear_down (&fixture);
    tear_down ();
}
END_TEST

static Latch called = LATCH_INIT;

static void
note_call (H3Step *step, gpointer user_data)
{
    latch_raise (&called);
}

START_TEST (run_that_was_not_begun_is_begun_by_the_next_process)
{
    g_autofree char *first = NULL, *second = NULL, *plan = make_plan ("mark");
    g_autoptr (json_t) begun = NULL, run = NULL;

    set_up ();
    workflows_set_up (&fixture, folder);
    h3_workflows_set_concurrency (fixture.workflows, 1, 1);
    h3_workflows_add_function (fixture.workflows, "note", note_call, NULL, NULL);
    workflows_begin (&fixture);
    first = workflows_run (&fixture, plan, NULL);
    begun = workflows_await_text (&fixture, first, "at ");
    second = workflows_run (&fixture, "{'name':'q','steps':[{'id':'a','call':'note'}]}", NULL);
    h3_workflows_stop (fixture.workflows);
    ck_assert_uint_eq (latch_get (&called), 0);
    workflows_renew (&fixture, folder);
    h3_workflows_add_function (fixture.workflows, "note", note_call, NULL, NULL);
    workflows_begin (&fixture);
    run = workflows_await_end (&fixture, second);
    expect_run (run, "succeeded", NULL);
    ck_assert_uint_eq (latch_get (&called), 1);
    workflows_tear_down (&fixture);
    tear_down ();
}
END_TEST

static void
add (Suite *suite)
{
    suite_add_case (suite, "resume", run_that_a_stop_interrupted_goes_on_where_it_was,
                    run_that_a_stop_interrupted_is_marked_where_its_plan_says_so,
                    run_of_a_process_that_was_killed_goes_on_and_its_programs_are_ended,
                    run_of_a_process_that_was_killed_is_marked_where_its_plan_says_so,
                    run_of_a_process_that_was_killed_goes_on_where_the_queue_does_not_know_it,
                    run_that_was_not_begun_is_begun_by_the_next_process, NULL);
}

int
main (void)
{
    return suite_run ("workflow/workflows-resume", add);
}
