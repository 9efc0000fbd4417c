/* SPDX-License-Identifier: MIT
 *
 * Workflows of three processes, as it were, that share their runs over a real Redis server. */

#include "workflows-fixture.h"

#include "h3/workflow/run-follow.h"
#include "h3/workflow/run-id.h"
#include "tests/support/file-tree.h"
#include "tests/support/latch.h"
#include "tests/support/redis-server.h"

#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#define N_PEERS 3

static RedisServer server;
static WorkflowsFixture fixture; /* one at a time of these */
static H3Workflows *peers[N_PEERS];
static Latch called = LATCH_INIT;
static guint counts[N_PEERS];
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static void
count (H3Step *step, gpointer user_data)
{
    h3_step_print (step, "done\n", -1);
    pthread_mutex_lock (&lock);
    counts[GPOINTER_TO_UINT (user_data)]++;
    pthread_mutex_unlock (&lock);
    latch_raise (&called);
}

/* A server that is slow here is not one that is away, where a run would be its peer's alone. */
static void
begin_peer (guint i)
{
    g_autofree char *url = g_strconcat (server.url, "?timeout=60000", NULL);
    g_autoptr (GError) error = NULL;

    peers[i] = h3_workflows_new ();
    h3_workflows_add_function (peers[i], "count", count, GUINT_TO_POINTER (i), NULL);
    h3_workflows_set_concurrency (peers[i], 2, 8);
    ck_assert (h3_workflows_set_queue (peers[i], url, &error));
    ck_assert_msg (h3_workflows_start (peers[i], &error), "%s",
                   error != NULL ? error->message : "");
}

/* Whoever is asked is the fixture's. */
static json_t *
await_end (guint peer, const char *id)
{
    g_object_unref (fixture.workflows);
    fixture.workflows = g_object_ref (peers[peer]);
    for (;;) {
        json_t *run = workflows_ask (&fixture, id);
        const char *state = json_string_value (json_object_get (run, "state"));

        /* Another may not have heard of it yet. */
        if (state != NULL && strcmp (state, "pending") != 0 && strcmp (state, "running") != 0)
            return run;
        json_decref (run);
    }
}

static gboolean
set_up (void)
{
    workflows_set_up (&fixture, NULL);
    if (!redis_server_start (&server, NULL)) {
        workflows_tear_down (&fixture);
        return FALSE;
    }
    for (guint i = 0; i < N_PEERS; i++)
        begin_peer (i);
    return TRUE;
}

static void
tear_down (void)
{
    for (guint i = 0; i < N_PEERS; i++)
        g_clear_object (&peers[i]);
    g_clear_object (&fixture.workflows);
    redis_server_clear (&server);
    workflows_tear_down (&fixture);
}

START_TEST (runs_are_shared_and_their_ends_known_to_all)
{
    g_autoptr (GPtrArray) ids = g_ptr_array_new_with_free_func (g_free);

    if (!set_up ())
        return;
    g_object_unref (fixture.workflows);
    fixture.workflows = g_object_ref (peers[0]);
    for (guint i = 0; i < 30; i++)
        g_ptr_array_add (ids, workflows_run (&fixture,
                                             "{'name':'p','steps':[{'id':'a','call':'count'},"
                                             "{'id':'b','run':['echo','${steps.a.stdout}']}]}",
                                             "{}"));
    for (guint i = 0; i < ids->len; i++) {
        g_autoptr (json_t) run = await_end (i % N_PEERS, ids->pdata[i]);

        expect_run (run, "succeeded", NULL);
        ck_assert_str_eq (run_document_get_text (run, "b", "stdout"), "done\n");
    }
    ck_assert_uint_eq (latch_get (&called), 30);
    ck_assert_uint_eq (counts[0] + counts[1] + counts[2], 30);
    tear_down ();
}
END_TEST

START_TEST (run_that_another_has_can_be_cancelled)
{
    g_autofree char *id = NULL;
    g_autoptr (json_t) run = NULL;

    if (!set_up ())
        return;
    g_object_unref (fixture.workflows);
    fixture.workflows = g_object_ref (peers[0]);
    id = workflows_run (&fixture, "{'name':'p','steps':[{'id':'a','run':['sleep','1000']}]}", NULL);
    for (guint i = 0; i < N_PEERS; i++)
        ck_assert (h3_workflows_cancel_run (peers[i], id, NULL));
    run = await_end (1, id);
    expect_run (run, "cancelled", "the run was cancelled");
    tear_down ();
}
END_TEST

START_TEST (run_of_one_that_stops_is_run_on_by_another)
{
    g_autofree char *id = NULL, *folder = NULL;
    g_autoptr (json_t) run = NULL;
    guint first = N_PEERS;

    if (!set_up ())
        return;
    folder = g_dir_make_tmp ("h3-XXXXXX", NULL);
    ck_assert_ptr_nonnull (folder);
    ck_assert_int_eq (chdir (folder), 0);
    g_object_unref (fixture.workflows);
    fixture.workflows = g_object_ref (peers[0]);
    id = workflows_run (&fixture,
                        "{'name':'p','on_interrupt':'resume','steps':[{'id':'a','call':'count'},"
                        "{'id':'b','shell':'test $H3_TRY = done && test -e go || sleep 1000',"
                        "'env':{'H3_TRY':'${steps.a.stdout}'}},"
                        "{'id':'c','run':['echo','${steps.a.stdout}'],'depends_on':['b']}]}",
                        NULL);
    latch_wait (&called, 1, "the first step");
    for (guint i = 0; i < N_PEERS; i++) {
        if (counts[i] > 0)
            first = i;
    }
    ck_assert_uint_lt (first, N_PEERS);
    /* It waits in its second step, as soon as it comes there; the next finds what it waits for. */
    for (;;) {
        g_autoptr (json_t) now = NULL;
        const char *state;

        g_object_unref (fixture.workflows);
        fixture.workflows = g_object_ref (peers[first]);
        now = workflows_ask (&fixture, id);
        state = run_document_get_text (now, "b", "state");
        if (g_strcmp0 (state, "running") == 0)
            break;
    }
    g_object_unref (fixture.workflows);
    fixture.workflows = g_object_ref (peers[(first + 1) % N_PEERS]);
    ck_assert (g_file_set_contents ("go", "", 0, NULL));
    h3_workflows_stop (peers[first]);
    run = await_end ((first + 1) % N_PEERS, id);
    (void) remove ("go");
    (void) chdir ("/");
    (void) rmdir (folder);
    expect_run (run, "succeeded", NULL);
    ck_assert_str_eq (run_document_get_text (run, "c", "stdout"), "done\n");
    ck_assert_uint_eq (latch_get (&called), 1);
    tear_down ();
}
END_TEST

START_TEST (run_goes_on_here_where_there_is_no_server)
{
    g_autofree char *id = NULL;
    G_GNUC_UNUSED g_autoptr (json_t) run = NULL;

    if (!set_up ())
        return;
    redis_server_kill (&server);
    g_object_unref (fixture.workflows);
    fixture.workflows = g_object_ref (peers[0]);
    id = workflows_run (&fixture, "{'name':'p','steps':[{'id':'a','call':'count'}]}", NULL);
    latch_wait (&called, 1, "the run");
    ck_assert_uint_eq (counts[0], 1);
    tear_down ();
}
END_TEST

static Latch told_all = LATCH_INIT;

static void
on_told (const char *kind, const char *json, gpointer data)
{
    GString *heard = data;

    if (kind == NULL)
        latch_raise (&told_all);
    else
        g_string_append (heard, json);
}

START_TEST (run_that_another_has_taken_is_over_here)
{
    g_autofree char *id = NULL, *steal = NULL, *answer = NULL;
    g_autoptr (GString) heard = g_string_new (NULL);
    guint first = N_PEERS;

    if (!set_up ())
        return;
    g_object_unref (fixture.workflows);
    fixture.workflows = g_object_ref (peers[0]);
    id = workflows_run (&fixture,
                        "{'name':'p','on_interrupt':'resume','steps':[{'id':'a','call':'count'},"
                        "{'id':'b','run':['sleep','1000'],'depends_on':['a']}]}",
                        NULL);
    latch_wait (&called, 1, "the first step");
    for (guint i = 0; i < N_PEERS; i++)
        first = counts[i] > 0 ? i : first;
    ck_assert_uint_lt (first, N_PEERS);
    steal = g_strdup_printf ("HSET h3:run:%s owner somebody", id);
    answer = redis_server_tell (&server, steal);
    h3_workflows_follow_run (peers[first], id, on_told, heard, NULL);
    latch_wait (&told_all, 1, "the end of what is told");
    ck_assert_ptr_nonnull (strstr (heard->str, "another process has taken the run"));
    /* Who listens is told before the run is let go of. */
    while (h3_workflows_count_runs (peers[first]) > 0)
        g_thread_yield ();
    tear_down ();
}
END_TEST

/* No file may grow meanwhile, as on a full disk. */
static void
set_disk_full (gboolean is_full)
{
    struct rlimit limit;

    (void) signal (SIGXFSZ, SIG_IGN);
    ck_assert_int_eq (getrlimit (RLIMIT_FSIZE, &limit), 0);
    limit.rlim_cur = is_full ? 0 : limit.rlim_max;
    ck_assert_int_eq (setrlimit (RLIMIT_FSIZE, &limit), 0);
}

START_TEST (stop_does_not_wait_for_a_full_disk)
{
    FileTree tree;
    g_autofree char *id = NULL;
    g_autoptr (json_t) begun = NULL, run = NULL;
    g_autoptr (GError) error = NULL;

    workflows_set_up (&fixture, NULL);
    file_tree_init (&tree);
    if (redis_server_start (&server, NULL)) {
        workflows_renew (&fixture, tree.root);
        ck_assert (h3_workflows_set_queue (fixture.workflows, server.url, &error));
        workflows_begin (&fixture);
        id = workflows_run (
            &fixture, "{'name':'p','steps':[{'id':'a','shell':'echo begun; sleep 1000'}]}", NULL);
        begun = workflows_await_text (&fixture, id, "begun");
        set_disk_full (TRUE);
        h3_workflows_stop (fixture.workflows);
        set_disk_full (FALSE);
        begin_peer (0);
        run = await_end (0, id);
        expect_run (run, "interrupted", "workflows.sqlite");
        g_clear_object (&peers[0]);
        g_clear_object (&fixture.workflows);
        redis_server_clear (&server);
    }
    file_tree_clear (&tree);
    workflows_tear_down (&fixture);
}
END_TEST

static void
add (Suite *suite)
{
    suite_add_case (
        suite, "queue", runs_are_shared_and_their_ends_known_to_all,
        run_that_another_has_can_be_cancelled, run_of_one_that_stops_is_run_on_by_another,
        run_goes_on_here_where_there_is_no_server, run_that_another_has_taken_is_over_here,
        stop_does_not_wait_for_a_full_disk, NULL);
}

int
main (void)
{
    return suite_run ("workflow/workflows-queue", add);
}
