/* SPDX-License-Identifier: MIT */

#include "tests/support/suite.h"

#include <h3/base/error.h>
#include <h3/workflow/plan-inside.h>

#include <glib/gstdio.h>

static H3Plan *
read_plan (const char *text)
{
    g_autoptr (GError) error = NULL;
    H3Plan *plan = h3_plan_new_from_text (text, -1, &error);

    ck_assert_msg (plan != NULL, "%s", error != NULL ? error->message : "");
    return plan;
}

static const PlanStep *
get_step (const H3Plan *plan, const char *id)
{
    guint index = plan_find_step (plan, id);

    ck_assert_msg (index != PLAN_NONE, "%s", id);
    return &plan->steps[index];
}

static void
assert_depends (const H3Plan *plan, const char *id, const char *const *on)
{
    const PlanStep *step = get_step (plan, id);

    ck_assert_uint_eq (step->n_depends_on, g_strv_length ((char **) on));
    for (guint i = 0; i < step->n_depends_on; i++)
        ck_assert_str_eq (plan->steps[step->depends_on[i]].id, on[i]);
}

START_TEST (a_plan_is_read_with_all_that_it_says)
{
    g_autoptr (H3Plan) plan = read_plan (
        "{\"name\": \"release-1.0\", \"description\": \"d\", \"timeout\": 1.5,"
        " \"concurrency\": 2, \"on_failure\": \"stop\", \"on_interrupt\": \"resume\","
        " \"trigger\": {\"http\": false, \"schedule\": [\"0 3 * * *\", {\"every\": 90}]},"
        " \"steps\": [{\"id\": \"a\", \"run\": [\"make\", \"\", \"x=${env.X}\"],"
        "  \"directory\": \"/tmp\", \"env\": {\"A\": \"1\", \"_B2\": \"${input.b}\"},"
        "  \"timeout\": 0.25, \"output\": 100,"
        "  \"retries\": {\"count\": 3, \"delay\": 0.5, \"factor\": 3, \"max_delay\": 9,"
        "   \"jitter\": 0}}]}");
    const PlanStep *step = get_step (plan, "a");

    ck_assert_str_eq (h3_plan_get_name (plan), "release-1.0");
    ck_assert_str_eq (plan->description, "d");
    ck_assert_uint_eq (plan->timeout, 1500);
    ck_assert_uint_eq (plan->concurrency, 2);
    ck_assert_int_eq (plan->on_failure, PLAN_STOP);
    ck_assert_int_eq (plan->on_interrupt, PLAN_RESUME);
    ck_assert (plan->by_hand && !plan->by_http);
    ck_assert_uint_eq (plan->schedules->len, 2);
    ck_assert_int_eq (schedule_get_next (plan->schedules->pdata[1], 1000, NULL), 91000);
    ck_assert_int_eq (step->kind, PLAN_RUN);
    ck_assert_uint_eq (step->parent, PLAN_NONE);
    ck_assert_uint_eq (step->n_argv, 3);
    ck_assert_str_eq (plan_text_get_literal (step->argv[0]), "make");
    ck_assert_str_eq (plan_text_get_literal (step->argv[1]), "");
    ck_assert_ptr_null (plan_text_get_literal (step->argv[2]));
    ck_assert_str_eq (plan_text_get_literal (step->directory), "/tmp");
    ck_assert_uint_eq (step->env->len, 2);
    ck_assert_str_eq (((PlanPair *) step->env->pdata[1])->name, "_B2");
    ck_assert_uint_eq (step->timeout, 250);
    ck_assert_uint_eq (step->output_max, 100);
    ck_assert_uint_eq (step->retries.tries, 3);
    ck_assert_uint_eq (step->retries.delay, 500);
    ck_assert (step->retries.factor == 3 && step->retries.jitter == 0);
    ck_assert_uint_eq (step->retries.max_delay, 9000);
}
END_TEST

START_TEST (what_a_plan_leaves_out_has_its_default)
{
    static const char text[] = "{\"name\": \"n\", \"steps\": [{\"id\": \"a\", \"run\": [\"true\"],"
                               " \"retries\": 2}]}";
    g_autoptr (H3Plan) plan = read_plan (text);
    const PlanStep *step = get_step (plan, "a");

    ck_assert_uint_eq (plan->timeout, 0);
    ck_assert_uint_eq (plan->concurrency, 4);
    ck_assert_int_eq (plan->on_failure, PLAN_CONTINUE);
    ck_assert_int_eq (plan->on_interrupt, PLAN_MARK);
    ck_assert (plan->by_hand && plan->by_http);
    ck_assert_uint_eq (plan->schedules->len, 0);
    ck_assert_str_eq (plan->text, text);
    ck_assert_uint_eq (step->timeout, 0);
    ck_assert_uint_eq (step->output_max, 1024 * 1024);
    ck_assert_uint_eq (step->retries.tries, 2);
    ck_assert_uint_eq (step->retries.delay, 1000);
    ck_assert_uint_eq (step->retries.max_delay, 60000);
    ck_assert (step->retries.factor == 2 && step->retries.jitter == 0.5);
    ck_assert_uint_eq (step->env->len, 0);
}
END_TEST

START_TEST (a_shell_line_is_given_to_the_shell_as_it_stands)
{
    g_autoptr (H3Plan) plan =
        read_plan ("{\"name\": \"n\", \"steps\": [{\"id\": \"a\", \"shell\": \"echo ${A} $$\"}]}");
    const PlanStep *step = get_step (plan, "a");

    ck_assert_int_eq (step->kind, PLAN_RUN);
    ck_assert_uint_eq (step->n_argv, 3);
    ck_assert_str_eq (plan_text_get_literal (step->argv[0]), "/bin/sh");
    ck_assert_str_eq (plan_text_get_literal (step->argv[1]), "-c");
    ck_assert_str_eq (plan_text_get_literal (step->argv[2]), "echo ${A} $$");
}
END_TEST

START_TEST (requests_and_calls_are_read)
{
    g_autoptr (H3Plan) plan = read_plan (
        "{\"name\": \"n\", \"steps\": ["
        " {\"id\": \"a\", \"http\": {\"method\": \"PUT\", \"url\": \"http://h.test/${input.p}\","
        "   \"headers\": {\"X-A\": \"1\"}, \"body\": \"text\", \"expect\": [200, 404]}},"
        " {\"id\": \"b\", \"http\": {\"url\": \"http://h.test/\", \"body\": {\"x\": [1]},"
        "   \"expect\": 201}},"
        " {\"id\": \"c\", \"call\": \"f\", \"arguments\": [\"${steps.b.status}\"]}]}");
    const PlanRequest *a = get_step (plan, "a")->request, *b = get_step (plan, "b")->request;

    ck_assert_str_eq (plan_text_get_literal (a->method), "PUT");
    ck_assert_ptr_null (plan_text_get_literal (a->url));
    ck_assert_uint_eq (a->headers->len, 1);
    ck_assert_str_eq (plan_text_get_literal (a->body), "text");
    ck_assert_ptr_null (a->document);
    ck_assert_uint_eq (a->n_expect, 2);
    ck_assert_uint_eq (a->expect[1], 404);
    ck_assert_ptr_null (b->method);
    ck_assert_ptr_null (b->body);
    ck_assert_ptr_nonnull (b->document);
    ck_assert_uint_eq (b->n_expect, 1);
    ck_assert_uint_eq (b->expect[0], 201);
    ck_assert_int_eq (get_step (plan, "c")->kind, PLAN_CALL);
    ck_assert_str_eq (get_step (plan, "c")->call, "f");
    ck_assert_ptr_nonnull (get_step (plan, "c")->arguments);
    assert_depends (plan, "c", (const char *const[]){ "b", NULL });
}
END_TEST

START_TEST (groups_have_children_and_these_their_own_steps)
{
    g_autoptr (H3Plan) plan = read_plan (
        "{\"name\": \"n\", \"steps\": [{\"id\": \"first\", \"run\": [\"true\"]},"
        " {\"id\": \"g\", \"depends_on\": [\"first\"], \"parallel\": ["
        "   {\"run\": [\"a\"]}, {\"id\": \"mine\", \"run\": [\"b\"]},"
        "   {\"parallel\": [{\"run\": [\"c\"]}]}]},"
        " {\"id\": \"last\", \"run\": [\"${steps.g.3.1.stdout}\"], \"depends_on\": [\"g\"]}]}");
    const PlanStep *group = get_step (plan, "g");

    ck_assert_uint_eq (plan->n_steps, 7);
    ck_assert_int_eq (group->kind, PLAN_PARALLEL);
    ck_assert_uint_eq (group->n_children, 3);
    ck_assert_str_eq (plan->steps[group->children[0]].id, "g.1");
    ck_assert_str_eq (plan->steps[group->children[1]].id, "mine");
    ck_assert_str_eq (plan->steps[group->children[2]].id, "g.3");
    ck_assert_uint_eq (get_step (plan, "mine")->parent, plan_find_step (plan, "g"));
    ck_assert_uint_eq (get_step (plan, "g.3.1")->parent, plan_find_step (plan, "g.3"));
    assert_depends (plan, "g", (const char *const[]){ "first", NULL });
    assert_depends (plan, "mine", (const char *const[]){ NULL });
    assert_depends (plan, "last", (const char *const[]){ "g", "g.3.1", NULL });
}
END_TEST

START_TEST (a_reference_is_a_dependency_once)
{
    g_autoptr (H3Plan) plan =
        read_plan ("{\"name\": \"n\", \"steps\": [{\"id\": \"z\", \"depends_on\": [\"a\", \"a\"],"
                   " \"run\": [\"${steps.a.stdout}${steps.a.exit_code}\", \"${steps.b.stderr}\"]},"
                   " {\"id\": \"a\", \"run\": [\"true\"]}, {\"id\": \"b\", \"run\": [\"true\"]}]}");

    assert_depends (plan, "z", (const char *const[]){ "a", "b", NULL });
}
END_TEST

START_TEST (a_plan_lives_until_its_last_reference)
{
    H3Plan *plan = read_plan ("{\"name\": \"n\", \"steps\": [{\"id\": \"a\", \"call\": \"f\"}]}");
    H3Plan *copy = g_boxed_copy (H3_TYPE_PLAN, plan);

    h3_plan_unref (plan);
    ck_assert_str_eq (h3_plan_get_name (copy), "n");
    g_boxed_free (H3_TYPE_PLAN, copy);
    h3_plan_unref (NULL);
}
END_TEST

START_TEST (a_file_is_named_with_its_first_fault)
{
    g_autofree char *path = NULL;
    g_autoptr (GError) missing = NULL;
    g_autoptr (GError) fault = NULL;
    g_autofree char *expected = NULL;
    int fd = g_file_open_tmp ("h3-plan-XXXXXX", &path, NULL);

    ck_assert_int_ge (fd, 0);
    g_close (fd, NULL);
    ck_assert (g_file_set_contents (path, "{\n  \"name\": 5}", -1, NULL));
    ck_assert_ptr_null (h3_plan_new_from_file (path, &fault));
    ck_assert (g_error_matches (fault, H3_ERROR, H3_ERROR_SYNTAX));
    expected = g_strdup_printf ("%s:1:1: this plan needs \"steps\"", path);
    ck_assert_str_eq (fault->message, expected);
    g_unlink (path);
    ck_assert_ptr_null (h3_plan_new_from_file (path, &missing));
    ck_assert (g_error_matches (missing, H3_ERROR, H3_ERROR_FAILED));
    ck_assert_msg (strstr (missing->message, path) != NULL, "%s", missing->message);
}
END_TEST

static void
add_tests (Suite *suite)
{
    suite_add_case (
        suite, "read", a_plan_is_read_with_all_that_it_says, what_a_plan_leaves_out_has_its_default,
        a_shell_line_is_given_to_the_shell_as_it_stands, requests_and_calls_are_read, NULL);
    suite_add_case (suite, "graph", groups_have_children_and_these_their_own_steps,
                    a_reference_is_a_dependency_once, NULL);
    suite_add_case (suite, "life", a_plan_lives_until_its_last_reference,
                    a_file_is_named_with_its_first_fault, NULL);
}

int
main (void)
{
    return suite_run ("workflow/plan", add_tests);
}
