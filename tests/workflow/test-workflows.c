/* SPDX-License-Identifier: MIT
 *
 * Runs from their start to their end. */

#include "workflows-fixture.h"

#include "h3/loop/clock.h"
#include "tests/support/latch.h"
#include "tests/support/scripted-server.h"

#include <stdatomic.h>

static WorkflowsFixture fixture;

START_TEST (run_does_its_steps_in_their_order_with_what_others_printed)
{
    g_autofree char *id = NULL;
    g_autoptr (json_t) run = NULL;

    workflows_set_up (&fixture, NULL);
    workflows_begin (&fixture);
    id = workflows_run (&fixture,
                        "{'name':'p','steps':["
                        "{'id':'last','run':['echo','${steps.two.stdout}!','${input.who[0]}'],"
                        "'env':{'A':'${steps.one.exit_code}'}},"
                        "{'id':'two','shell':'echo $TEXT $H3_STEP_ID; echo $H3_RUN_ID >&2',"
                        "'env':{'TEXT':'<${steps.one.stdout}>'}},"
                        "{'id':'one','run':['printf','a b\\n\\n']}]}",
                        "{\"who\":[\"you\"]}");
    run = workflows_await_end (&fixture, id);
    expect_run (run, "succeeded", NULL);
    expect_step (run, "one", "succeeded", NULL);
    expect_step (run, "two", "succeeded", NULL);
    ck_assert_str_eq (run_document_get_text (run, "one", "stdout"), "a b\n\n");
    ck_assert_str_eq (run_document_get_text (run, "two", "stdout"), "<a b> two\n");
    ck_assert_str_eq (run_document_get_text (run, "last", "stdout"), "<a b> two! you\n");
    ck_assert (g_str_has_prefix (run_document_get_text (run, "two", "stderr"), id));
    ck_assert_int_eq (
        json_integer_value (json_object_get (run_document_get_step (run, "two"), "exit_code")), 0);
    ck_assert_int_eq (
        json_integer_value (json_object_get (run_document_get_step (run, "two"), "attempts")), 1);
    /* It counts until it is kept, which is after all were told. */
    while (h3_workflows_count_runs (fixture.workflows) > 0)
        (void) loop_step (fixture.loop, FALSE);
    workflows_tear_down (&fixture);
}
END_TEST

START_TEST (run_skips_what_depends_on_a_failure_and_goes_on_with_the_rest)
{
    g_autofree char *id = NULL;
    g_autoptr (json_t) run = NULL;

    workflows_set_up (&fixture, NULL);
    workflows_begin (&fixture);
    id = workflows_run (&fixture,
                        "{'name':'p','steps':["
                        "{'id':'bad','shell':'exit 3'},"
                        "{'id':'next','run':['true'],'depends_on':['bad']},"
                        "{'id':'after','run':['true'],'depends_on':['next']},"
                        "{'id':'none','run':['no-such-program']},"
                        "{'id':'killed','shell':'kill -9 $$'},"
                        "{'id':'free','run':['true']}]}",
                        NULL);
    run = workflows_await_end (&fixture, id);
    expect_run (run, "failed", "has failed: ");
    expect_step (run, "bad", "failed", "it ended with code 3");
    expect_step (run, "next", "skipped", "step 'bad', which it depends on, has failed");
    expect_step (run, "after", "skipped", "step 'next', which it depends on, was skipped");
    expect_step (run, "none", "failed", "there is no program 'no-such-program' in PATH");
    expect_step (run, "killed", "failed", "signal 9 ended it");
    expect_step (run, "free", "succeeded", NULL);
    workflows_tear_down (&fixture);
}
END_TEST

START_TEST (run_stops_at_a_failure_where_its_plan_says_so)
{
    g_autofree char *id = NULL;
    g_autoptr (json_t) run = NULL;

    workflows_set_up (&fixture, NULL);
    workflows_begin (&fixture);
    id = workflows_run (&fixture,
                        "{'name':'p','on_failure':'stop','concurrency':2,'steps':["
                        "{'id':'long','run':['sleep','1000']},"
                        "{'id':'bad','shell':'exit 3'},"
                        "{'id':'free','run':['true']}]}",
                        NULL);
    run = workflows_await_end (&fixture, id);
    expect_run (run, "failed", "step 'bad' has failed: it ended with code 3");
    expect_step (run, "long", "cancelled", "step 'bad' has failed");
    expect_step (run, "free", "skipped", "step 'bad' has failed");
    workflows_tear_down (&fixture);
}
END_TEST

START_TEST (run_waits_for_all_of_a_group_and_tells_its_failure)
{
    g_autofree char *id = NULL;
    g_autoptr (json_t) run = NULL;

    workflows_set_up (&fixture, NULL);
    workflows_begin (&fixture);
    id = workflows_run (
        &fixture,
        "{'name':'p','steps':["
        "{'id':'good','parallel':[{'id':'a','run':['echo','1']},{'id':'b','run':['echo','2']}]},"
        "{'id':'sum','run':['echo','${steps.a.stdout}${steps.b.stdout}'],'depends_on':['good']},"
        "{'id':'bad','parallel':[{'id':'c','run':['false']},{'id':'d','run':['true']}],"
        "'depends_on':['sum']},"
        "{'id':'never','parallel':[{'id':'e','run':['true']}],'depends_on':['bad']}]}",
        NULL);
    run = workflows_await_end (&fixture, id);
    expect_step (run, "good", "succeeded", NULL);
    ck_assert_str_eq (run_document_get_text (run, "sum", "stdout"), "12\n");
    expect_step (run, "c", "failed", "it ended with code 1");
    expect_step (run, "d", "succeeded", NULL);
    expect_step (run, "bad", "failed", "step 'c' has failed");
    expect_step (run, "never", "skipped", "step 'bad'");
    expect_step (run, "e", "skipped", "its group 'never' was not run");
    expect_run (run, "failed", "step 'c' has failed");
    workflows_tear_down (&fixture);
}
END_TEST

START_TEST (run_tries_again_behind_pauses)
{
    g_autofree char *id = NULL, *folder = g_dir_make_tmp ("h3-XXXXXX", NULL), *plan = NULL;
    g_autofree char *file = g_build_filename (folder, "tries", NULL);
    g_autoptr (json_t) before = NULL, run = NULL;

    clock_take_control ();
    workflows_set_up (&fixture, NULL);
    workflows_begin (&fixture);
    plan = g_strdup_printf (
        "{'name':'p','steps':[{'id':'a','shell':'echo x >> %s; test $(wc -l < %s) = 3',"
        "'retries':{'count':2,'delay':1,'factor':3,'jitter':0}}]}",
        file, file);
    id = workflows_run (&fixture, plan, NULL);
    before = workflows_await_text (&fixture, id, "it is tried again in 1 s");
    clock_drive (1000);
    json_decref (before);
    before = workflows_await_text (&fixture, id, "it is tried again in 3 s");
    clock_drive (3000);
    run = workflows_await_end (&fixture, id);
    expect_run (run, "succeeded", NULL);
    ck_assert_int_eq (
        json_integer_value (json_object_get (run_document_get_step (run, "a"), "attempts")), 3);
    workflows_tear_down (&fixture);
    (void) remove (file);
    (void) remove (folder);
}
END_TEST

START_TEST (run_and_step_end_when_their_time_is_up)
{
    g_autofree char *step_id = NULL, *run_id = NULL;
    g_autoptr (json_t) begun = NULL, other = NULL, of_step = NULL, of_run = NULL;

    clock_take_control ();
    workflows_set_up (&fixture, NULL);
    workflows_begin (&fixture);
    step_id = workflows_run (&fixture,
                             "{'name':'s','steps':[{'id':'a','shell':'echo begun; sleep 1000',"
                             "'timeout':2},{'id':'g','timeout':2,'parallel':["
                             "{'id':'b','shell':'echo grouped; sleep 1000'}]}]}",
                             NULL);
    run_id = workflows_run (&fixture,
                            "{'name':'r','timeout':3,'steps':["
                            "{'id':'a','shell':'echo begun; sleep 1000'},"
                            "{'id':'b','run':['true'],'depends_on':['a']}]}",
                            NULL);
    begun = workflows_await_text (&fixture, step_id, "begun");
    json_decref (begun);
    begun = workflows_await_text (&fixture, step_id, "grouped");
    other = workflows_await_text (&fixture, run_id, "begun");
    clock_drive (2000);
    of_step = workflows_await_end (&fixture, step_id);
    expect_step (of_step, "a", "failed", "it was not done within 2 s");
    expect_step (of_step, "b", "cancelled", "its group was not done in time");
    expect_step (of_step, "g", "failed", "it was not done within 2 s");
    clock_drive (1000);
    of_run = workflows_await_end (&fixture, run_id);
    expect_run (of_run, "failed", "the run was not done within 3 s");
    expect_step (of_run, "a", "cancelled", "the run was not done within 3 s");
    expect_step (of_run, "b", "skipped", "the run was not done within 3 s");
    workflows_tear_down (&fixture);
}
END_TEST

START_TEST (run_that_is_cancelled_ends_its_programs)
{
    g_autofree char *id = NULL;
    g_autoptr (json_t) begun = NULL, run = NULL;
    g_autoptr (GError) error = NULL;

    workflows_set_up (&fixture, NULL);
    workflows_begin (&fixture);
    id = workflows_run (&fixture,
                        "{'name':'p','steps':[{'id':'a','shell':'sleep 1000 & echo begun; wait'},"
                        "{'id':'b','run':['true'],'depends_on':['a']}]}",
                        NULL);
    begun = workflows_await_text (&fixture, id, "begun");
    ck_assert (h3_workflows_cancel_run (fixture.workflows, id, &error));
    run = workflows_await_end (&fixture, id);
    expect_run (run, "cancelled", "the run was cancelled");
    expect_step (run, "a", "cancelled", "the run was cancelled");
    expect_step (run, "b", "skipped", "the run was cancelled");
    ck_assert (h3_workflows_cancel_run (fixture.workflows, id, &error));
    ck_assert (!h3_workflows_cancel_run (fixture.workflows, "none", &error));
    ck_assert (g_error_matches (error, H3_ERROR, H3_ERROR_NOT_FOUND));
    workflows_tear_down (&fixture);
}
END_TEST

/* --- functions --- */

static Latch called = LATCH_INIT;
static atomic_int n_destroyed;

static void
greet (H3Step *step, gpointer user_data)
{
    g_autofree char *arguments = h3_step_dup_arguments_text (step);
    g_autofree char *input = h3_step_dup_input_text (step);
    g_autofree char *text = g_strdup_printf (
        "hello %s, %s of %s\n", h3_json_get_string (h3_step_get_arguments (step), "name"),
        h3_step_get_id (step), (const char *) user_data);

    ck_assert_str_eq (arguments, "{\"name\":\"you\"}");
    ck_assert_str_eq (input, "\"you\"");
    h3_step_print (step, text, -1);
    if (h3_step_get_attempt (step) == 1)
        h3_step_fail (step, g_error_new (H3_ERROR, H3_ERROR_FAILED, "not at once"));
}

static void
note_destroyed (gpointer data)
{
    atomic_fetch_add (&n_destroyed, 1);
    g_free (data);
}

static void
wait_for_cancel (H3Step *step, gpointer user_data)
{
    ck_assert_ptr_null (h3_step_dup_arguments_text (step));
    ck_assert_ptr_null (h3_step_dup_input_text (step));
    latch_raise (&called);
    while (!g_cancellable_is_cancelled (h3_step_get_cancellable (step)))
        g_thread_yield ();
}

START_TEST (functions_are_steps_too)
{
    g_autofree char *id = NULL, *waiting = NULL;
    g_autoptr (json_t) run = NULL, cancelled = NULL;
    g_autoptr (GError) error = NULL;
    g_autoptr (H3Plan) missing = NULL;

    workflows_set_up (&fixture, NULL);
    h3_workflows_add_function (fixture.workflows, "greet", greet, g_strdup ("old"), note_destroyed);
    h3_workflows_add_function (fixture.workflows, "greet", greet, g_strdup ("us"), note_destroyed);
    h3_workflows_add_function (fixture.workflows, "wait", wait_for_cancel, NULL, NULL);
    ck_assert_int_eq (atomic_load (&n_destroyed), 1);
    workflows_begin (&fixture);
    id = workflows_run (&fixture,
                        "{'name':'p','steps':[{'id':'a','call':'greet',"
                        "'arguments':{'name':'${input}'},'retries':{'count':1,'delay':0.001}},"
                        "{'id':'b','run':['echo','${steps.a.stdout}']}]}",
                        "\"you\"");
    run = workflows_await_end (&fixture, id);
    expect_run (run, "succeeded", NULL);
    ck_assert_str_eq (run_document_get_text (run, "b", "stdout"), "hello you, a of us\n");
    waiting = workflows_run (&fixture, "{'name':'w','steps':[{'id':'a','call':'wait'}]}", NULL);
    latch_wait (&called, 1, "the function's call");
    ck_assert (h3_workflows_cancel_run (fixture.workflows, waiting, NULL));
    cancelled = workflows_await_end (&fixture, waiting);
    expect_step (cancelled, "a", "cancelled", "the run was cancelled");
    missing = h3_plan_new_from_text (
        "{\"name\":\"m\",\"steps\":[{\"id\":\"a\",\"call\":\"none\"}]}", -1, NULL);
    ck_assert (!h3_workflows_add_plan (fixture.workflows, missing, &error));
    ck_assert (g_error_matches (error, H3_ERROR, H3_ERROR_NOT_FOUND));
    workflows_tear_down (&fixture);
    ck_assert_int_eq (atomic_load (&n_destroyed), 2);
}
END_TEST

static Latch let_go = LATCH_INIT;

static void
be_stubborn (H3Step *step, gpointer user_data)
{
    latch_raise (&called);
    latch_wait (&let_go, 1, "the test's leave");
    h3_step_print (step, "too late", -1);
}

START_TEST (function_that_does_not_end_is_given_up_behind_the_grace)
{
    g_autofree char *id = NULL;
    g_autoptr (json_t) run = NULL;

    clock_take_control ();
    workflows_set_up (&fixture, NULL);
    h3_workflows_add_function (fixture.workflows, "stubborn", be_stubborn, NULL, NULL);
    workflows_begin (&fixture);
    id = workflows_run (&fixture, "{'name':'p','steps':[{'id':'a','call':'stubborn','timeout':1}]}",
                        NULL);
    latch_wait (&called, 1, "the function's call");
    /* The loop's thread sets the grace when it has seen that the time is up. */
    while (h3_workflows_count_runs (fixture.workflows) > 0) {
        clock_drive (1000);
        (void) loop_step (fixture.loop, FALSE);
    }
    run = workflows_await_end (&fixture, id);
    expect_step (run, "a", "failed", "it was not done within 1 s");
    ck_assert_str_eq (run_document_get_text (run, "a", "stdout"), "");
    latch_raise (&let_go);
    workflows_tear_down (&fixture);
}
END_TEST

/* --- requests --- */

START_TEST (requests_are_steps_too)
{
    static const ScriptStep script[] = {
        SCRIPT_REQUEST, SCRIPT_SEND ("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nhi\n"),
        SCRIPT_REQUEST, SCRIPT_SEND ("HTTP/1.1 503 Busy\r\nContent-Length: 4\r\n\r\nbusy"),
        SCRIPT_CLOSE,
    };
    g_autofree char *id = NULL, *plan = NULL, *head = NULL;
    g_autoptr (json_t) run = NULL;
    ScriptedServer server;

    workflows_set_up (&fixture, NULL);
    scripted_server_start (&server, NULL, script);
    workflows_begin (&fixture);
    plan = g_strdup_printf (
        "{'name':'p','steps':["
        "{'id':'a','http':{'url':'%s/x','headers':{'X-Who':'${input.who}'},'body':{'n':1}}},"
        "{'id':'b','http':{'method':'GET','url':'%s/${steps.a.body}-${steps.a.status}'}},"
        "{'id':'c','http':{'url':'http://127.0.0.1:1/'}}]}",
        server.url, server.url);
    id = workflows_run (&fixture, plan, "{\"who\":\"me\"}");
    run = workflows_await_end (&fixture, id);
    expect_step (run, "a", "succeeded", NULL);
    ck_assert_str_eq (run_document_get_text (run, "a", "stdout"), "hi\n");
    expect_step (run, "b", "failed", "the answer's status is 503");
    ck_assert_str_eq (run_document_get_text (run, "b", "stdout"), "busy");
    expect_step (run, "c", "failed", "127.0.0.1:1");
    head = scripted_server_dup_head (&server, 0);
    ck_assert (g_str_has_prefix (head, "POST /x HTTP/1.1\r\n"));
    ck_assert_ptr_nonnull (strstr (head, "X-Who: me\r\n"));
    g_free (head);
    head = scripted_server_dup_head (&server, 1);
    ck_assert (g_str_has_prefix (head, "GET /hi-200 HTTP/1.1\r\n"));
    /* Its end of the connection is open for a while yet. */
    g_clear_object (&fixture.workflows);
    scripted_server_clear (&server);
    workflows_tear_down (&fixture);
}
END_TEST

/* --- bounds --- */

static atomic_int n_at_work, most_at_work;

static void
count_work (H3Step *step, gpointer user_data)
{
    int n = atomic_fetch_add (&n_at_work, 1) + 1, most = atomic_load (&most_at_work);

    while (n > most && !atomic_compare_exchange_weak (&most_at_work, &most, n))
        ;
    g_thread_yield ();
    atomic_fetch_sub (&n_at_work, 1);
}

START_TEST (steps_at_work_are_bounded_a_run_and_in_all)
{
    g_autoptr (GString) plan = g_string_new ("{'name':'p','concurrency':2,'steps':[");
    g_autoptr (GPtrArray) ids = g_ptr_array_new_with_free_func (g_free);

    workflows_set_up (&fixture, NULL);
    h3_workflows_set_concurrency (fixture.workflows, 5, 3);
    h3_workflows_add_function (fixture.workflows, "count", count_work, NULL, NULL);
    workflows_begin (&fixture);
    for (guint i = 0; i < 20; i++)
        g_string_append_printf (plan, "%s{'id':'s%u','call':'count'}", i > 0 ? "," : "", i);
    g_string_append (plan, "]}");
    g_ptr_array_add (ids, workflows_run (&fixture, plan->str, NULL));
    json_decref (workflows_await_end (&fixture, ids->pdata[0]));
    ck_assert_int_le (atomic_load (&most_at_work), 2);
    for (guint i = 0; i < 20; i++)
        g_ptr_array_add (ids, workflows_run (&fixture, plan->str, NULL));
    for (guint i = 0; i < ids->len; i++) {
        g_autoptr (json_t) run = workflows_await_end (&fixture, ids->pdata[i]);

        expect_run (run, "succeeded", NULL);
    }
    ck_assert_int_le (atomic_load (&most_at_work), 3);
    workflows_tear_down (&fixture);
}
END_TEST

START_TEST (output_beyond_its_bound_is_cut_and_said_so)
{
    g_autofree char *id = NULL;
    g_autoptr (json_t) run = NULL;

    workflows_set_up (&fixture, NULL);
    workflows_begin (&fixture);
    id = workflows_run (&fixture,
                        "{'name':'p','steps':[{'id':'a','shell':'yes | head -c 1000000',"
                        "'output':10}]}",
                        NULL);
    run = workflows_await_end (&fixture, id);
    expect_step (run, "a", "succeeded", NULL);
    ck_assert_str_eq (run_document_get_text (run, "a", "stdout"), "y\ny\ny\ny\ny\n");
    ck_assert (json_is_true (json_object_get (run_document_get_step (run, "a"), "stdout_cut")));
    workflows_tear_down (&fixture);
}
END_TEST

START_TEST (runs_are_refused_that_cannot_be)
{
    g_autoptr (GError) error = NULL;
    g_autoptr (json_t) description = NULL;

    workflows_set_up (&fixture, NULL);
    workflows_add (&fixture, "{'name':'p','steps':[{'id':'a','run':['true']}]}");
    ck_assert_ptr_null (h3_workflows_start_run (fixture.workflows, "p", NULL, &error));
    ck_assert (g_error_matches (error, H3_ERROR, H3_ERROR_CLOSED));
    g_clear_error (&error);
    workflows_begin (&fixture);
    ck_assert_ptr_null (h3_workflows_start_run (fixture.workflows, "none", NULL, &error));
    ck_assert (g_error_matches (error, H3_ERROR, H3_ERROR_NOT_FOUND));
    g_clear_error (&error);
    ck_assert_ptr_null (h3_workflows_start_run (fixture.workflows, "p", "{", &error));
    ck_assert (g_error_matches (error, H3_ERROR, H3_ERROR_SYNTAX));
    g_clear_error (&error);
    ck_assert (!h3_workflows_start (fixture.workflows, &error));
    ck_assert (g_error_matches (error, H3_ERROR, H3_ERROR_CLOSED));
    description = workflows_describe (fixture.workflows);
    ck_assert_uint_eq (json_array_size (json_object_get (description, "plans")), 1);
    ck_assert (h3_workflows_remove_plan (fixture.workflows, "p"));
    ck_assert (!h3_workflows_remove_plan (fixture.workflows, "p"));
    workflows_tear_down (&fixture);
}
END_TEST

static void
add (Suite *suite)
{
    suite_add_case (suite, "runs", run_does_its_steps_in_their_order_with_what_others_printed,
                    run_skips_what_depends_on_a_failure_and_goes_on_with_the_rest,
                    run_stops_at_a_failure_where_its_plan_says_so,
                    run_waits_for_all_of_a_group_and_tells_its_failure,
                    run_tries_again_behind_pauses, run_and_step_end_when_their_time_is_up,
                    run_that_is_cancelled_ends_its_programs, NULL);
    suite_add_case (suite, "kinds", functions_are_steps_too,
                    function_that_does_not_end_is_given_up_behind_the_grace, requests_are_steps_too,
                    NULL);
    suite_add_case (suite, "bounds", steps_at_work_are_bounded_a_run_and_in_all,
                    output_beyond_its_bound_is_cut_and_said_so, runs_are_refused_that_cannot_be,
                    NULL);
}

int
main (void)
{
    return suite_run ("workflow/workflows", add);
}
