/* SPDX-License-Identifier: MIT */

#include "tests/support/suite.h"

#include <h3/base/error.h>
#include <h3/workflow/plan-inside.h>

static char *
dup_faults (const char *text)
{
    g_autoptr (GPtrArray) faults = h3_plan_check_text (text, -1);

    g_ptr_array_add (faults, NULL);
    return g_strjoinv ("\n", (char **) faults->pdata);
}

/* Around a step, whose text begins in line 2, column 1. */
#define STEP(text) "{\"name\": \"n\", \"steps\": [\n" text "]}"
/* Around what a plan says beside its steps: from line 2, column 1. */
#define PLAN(text) "{\"name\": \"n\", \"steps\": [{\"id\": \"a\", \"run\": [\"a\"]}],\n" text "}"

/* The faults begin so; each is a line. */
static const struct {
    const char *text;
    const char *faults;
} cases[] = {
    { "", "1:1: it ends too early" },
    { "{\"name\": \"n\",\n  \"steps\" []}", "2:11: a colon must stand here" },
    { "[]", "1:1: a plan must be an object, not an array" },
    { "{}", "1:1: this plan needs a \"name\"\n1:1: this plan needs \"steps\"" },
    { "{\"name\": \"a b\", \"steps\": []}",
      "1:10: 'a b' cannot be a plan's name: 64 letters, digits, '.', '_' and '-' at most, a letter "
      "or a digit first, and not \"runs\"\n1:26: \"steps\" has no step" },
    { "{\"name\": \"runs\", \"steps\": 1}",
      "1:10: 'runs' cannot be a plan's name: 64 letters, digits, '.', '_' and '-' at most, a "
      "letter "
      "or a digit first, and not \"runs\"\n1:27: \"steps\" must be an array, not a number" },
    { PLAN ("\"step\": 1, \"timeout\": \"1\""),
      "2:1: a plan has no key 'step'; there are name, description, steps, timeout, concurrency, "
      "on_failure, on_interrupt, trigger\n2:23: \"timeout\" must be a number, not a text" },
    { PLAN ("\"name\": \"m\""), "2:1: 'name' is here twice" },
    { PLAN ("\"timeout\": 0"), "2:12: \"timeout\" must be from 0.001 to 2592000 seconds" },
    { PLAN ("\"timeout\": 1e400"), "2:12: \"timeout\" is too big" },
    { PLAN ("\"concurrency\": 0"), "2:16: \"concurrency\" must be a whole number from 1 to 256" },
    { PLAN ("\"concurrency\": 1.5"), "2:16: \"concurrency\" must be a whole number from 1 to 256" },
    { PLAN ("\"on_failure\": \"resume\""),
      "2:15: \"on_failure\" must be \"continue\" or \"stop\"" },
    { PLAN ("\"on_interrupt\": null"), "2:17: \"on_interrupt\" must be \"mark\" or \"resume\"" },
    { PLAN ("\"trigger\": \"manual\""), "2:12: \"trigger\" must be an object, not a text" },
    { PLAN ("\"trigger\": {\"http\": 1, \"cron\": \"\"}"),
      "2:21: \"http\" must be true or false, not a number\n"
      "2:24: \"trigger\" has no key 'cron'; there are manual, http, schedule" },
    { PLAN ("\"trigger\": {\"schedule\": \"61 * * * *\"}"),
      "2:25: '61' cannot be the minute of a schedule: numbers from 0 to 59, ranges as 2-5, steps "
      "as "
      "*/5, lists of them with commas" },
    { PLAN ("\"trigger\": {\"schedule\": [{\"every\": 0}, {}]}"),
      "2:36: \"every\" must be from 1 to 2592000 seconds\n"
      "2:40: \"schedule\" needs \"every\", in seconds" },
    { STEP ("1"), "2:1: a step must be an object, not a number" },
    { STEP ("{}"), "2:1: this step needs an \"id\"\n2:1: this step does nothing: it needs \"run\", "
                   "\"shell\", \"http\", \"call\" or \"parallel\"" },
    { STEP ("{\"id\": \"a.b\", \"run\": [\"x\"]}"),
      "2:8: 'a.b' cannot be an id: 64 letters, digits, _ and - at most" },
    { STEP ("{\"id\": \"a\", \"run\": [\"x\"]},\n{\"id\": \"a\", \"run\": [\"x\"]}"),
      "3:8: 'a' is the id of another step" },
    { STEP ("{\"id\": \"a\", \"run\": [\"x\"], \"call\": \"f\"}"),
      "2:27: a step does one thing: this one has \"run\" already\n"
      "2:27: a step that runs a program has no key 'call'; there are id, depends_on, timeout, run, "
      "shell, directory, env, retries, output" },
    { STEP ("{\"id\": \"a\", \"run\": \"x y\"}"),
      "2:20: \"run\" must be an array, the program and its arguments; a line for the shell is "
      "\"shell\"" },
    { STEP ("{\"id\": \"a\", \"run\": []}"),
      "2:20: \"run\" must have a program, and 1000 texts at most" },
    { STEP ("{\"id\": \"a\", \"run\": [\"\", 1]}"),
      "2:21: the program must not be empty\n2:25: an argument must be a text, not a number" },
    { STEP ("{\"id\": \"a\", \"run\": [\"x\"], \"env\": {\"1\": \"\", \"A\": 1}}"),
      "2:35: '1' cannot be a name in \"env\"\n2:49: a value here must be a text, not a number" },
    { STEP ("{\"id\": \"a\", \"run\": [\"x\"], \"retries\": -1, \"output\": 1e9}"),
      "2:38: \"retries\" must be a whole number from 0 to 1000\n"
      "2:52: \"output\" must be a whole number from 0 to 67108864" },
    { STEP ("{\"id\": \"a\", \"run\": [\"x\"], \"retries\": {\"jitter\": 2, \"factor\": 0.5}}"),
      "2:38: \"retries\" needs a \"count\"\n2:49: \"jitter\" must be a number from 0 to 1\n"
      "2:62: \"factor\" must be a number from 1 to 100" },
    { STEP ("{\"id\": \"a\", \"http\": {\"url\": \"ftp://x/\", \"expect\": []}}"),
      "2:29: " /* and what is wrong with the URL */ },
    { STEP ("{\"id\": \"a\", \"http\": {\"method\": \"A B\", \"expect\": [99]}}"),
      "2:21: \"http\" needs a \"url\"\n2:32: 'A B' cannot be a method\n"
      "2:50: a status must be a whole number from 200 to 599" },
    { STEP ("{\"id\": \"a\", \"http\": {\"url\": \"http://h.test/\", \"body\": [{\"b\": 1, \"b\": "
            "2}],"
            " \"headers\": {\"a:\": \"\"}}}"),
      "2:65: 'b' is here twice\n2:87: 'a:' cannot be a name in \"headers\"" },
    { STEP ("{\"id\": \"a\", \"parallel\": [], \"env\": {}}"),
      "2:25: \"parallel\" has no step\n"
      "2:29: a parallel group has no key 'env'; there are id, depends_on, timeout, parallel" },
    { STEP ("{\"id\": \"a\", \"run\": [\"x\"], \"depends_on\": [\"b\", 1]}"),
      "2:42: 'b' is no step of this plan\n2:47: an id must be a text, not a number" },
    { STEP ("{\"id\": \"a\", \"run\": [\"x\"], \"depends_on\": [\"a\"]}"),
      "2:42: these steps wait for one another: a → a" },
    { STEP ("{\"id\": \"a\", \"run\": [\"x\"], \"depends_on\": [\"c\"]},\n"
            "{\"id\": \"b\", \"run\": [\"${steps.a.stdout}\"]},\n"
            "{\"id\": \"c\", \"run\": [\"x\"], \"depends_on\": [\"b\"]}"),
      "3:22: these steps wait for one another: a → c → b → a" },
    { STEP ("{\"id\": \"g\", \"parallel\": [{\"id\": \"c\", \"run\": [\"x\"],\n"
            "\"depends_on\": [\"g\"]}]}"),
      "3:16: these steps wait for one another: g → c → g" },
    { STEP ("{\"id\": \"g\", \"depends_on\": [\"c\"],\n"
            "\"parallel\": [{\"id\": \"c\", \"run\": [\"x\"]}]}"),
      "2:28: these steps wait for one another: g → c → g" },
    { STEP ("{\"id\": \"a\", \"run\": [\"x\", \"é${steps.b.stdout}\"]}"),
      "2:28: 'b' is no step of this plan" },
    { STEP ("{\"id\": \"a\", \"run\": [\"x\", \"\\n ${HOME}\"]}"),
      "2:26: there is no reference ${HOME}: there are ${steps.ID.stdout}, ${input.NAME} and "
      "${env.NAME}; the two characters ${ are written $${" },
    { STEP ("{\"id\": \"a\", \"run\": [\"x\", \"${input.x\"]}"),
      "2:27: a reference begins here, and no } ends it" },
    { STEP ("{\"id\": \"a\", \"run\": [\"x\"]}, {\"id\": \"b\", \"call\": \"f\",\n"
            "\"arguments\": {\"k\": [\"${steps.a.body}\"]}}"),
      "3:14: 'a' has no body: a program has stdout, stderr and exit_code" },
    { STEP ("{\"id\": \"a\", \"run\": [\"x\", \"${steps.a}\", \"${steps..stdout}\", \"${env.}\"]}"),
      "2:27: what a step gave is ${steps.ID.stdout}, .stderr, .exit_code, .status or .body" },
};

START_TEST (each_fault_is_told_with_its_place)
{
    for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
        g_autofree char *faults = dup_faults (cases[i].text);

        ck_assert_msg (g_str_has_prefix (faults, cases[i].faults), "%s\ngives\n%s\nnot\n%s",
                       cases[i].text, faults, cases[i].faults);
    }
}
END_TEST

START_TEST (the_first_fault_is_the_error_of_a_text)
{
    g_autoptr (GError) error = NULL;

    ck_assert_ptr_null (h3_plan_new_from_text (PLAN ("\"timeout\": 0, \"x\": 1"), -1, &error));
    ck_assert (g_error_matches (error, H3_ERROR, H3_ERROR_SYNTAX));
    ck_assert_str_eq (error->message,
                      "line 2, column 12: \"timeout\" must be from 0.001 to 2592000 seconds");
}
END_TEST

START_TEST (two_rings_are_two_faults)
{
    g_autofree char *faults =
        dup_faults (STEP ("{\"id\": \"a\", \"run\": [\"x\"], \"depends_on\": [\"a\"]},\n"
                          "{\"id\": \"b\", \"run\": [\"x\"], \"depends_on\": [\"c\", \"a\"]},\n"
                          "{\"id\": \"c\", \"run\": [\"x\"], \"depends_on\": [\"b\"]}"));

    ck_assert_str_eq (faults, "2:42: these steps wait for one another: a → a\n"
                              "4:42: these steps wait for one another: b → c → b");
}
END_TEST

START_TEST (a_message_is_one_plain_short_line)
{
    g_autofree char *steering = dup_faults ("{\"name\": \"\\u001b[31m\\n\\u0085\"}");
    g_autoptr (GString) text = g_string_new ("{\"");
    g_autofree char *cut = NULL;

    ck_assert_msg (g_str_has_prefix (steering, "1:1: this plan needs \"steps\"\n"
                                               "1:10: '?[31m?"
                                               "?' cannot be"),
                   "%s", steering);
    for (guint i = 0; i < 10000; i++)
        g_string_append (text, "é");
    g_string_append (text, "x\": 1}");
    cut = dup_faults (text->str);
    ck_assert (g_utf8_validate (cut, -1, NULL));
    ck_assert_msg (strstr (cut, "'; there are name") != NULL && strlen (cut) < 400, "%s", cut);
}
END_TEST

START_TEST (a_plan_has_bounds)
{
    g_autoptr (GString) long_text = g_string_new (NULL);
    g_autoptr (GString) steps = g_string_new ("{\"name\": \"n\", \"steps\": [");
    g_autoptr (GPtrArray) bytes = NULL;
    g_autoptr (GPtrArray) many = NULL;

    g_string_set_size (long_text, PLAN_MAX_BYTES + 1);
    memset (long_text->str, ' ', long_text->len);
    bytes = h3_plan_check_text (long_text->str, (gssize) long_text->len);
    ck_assert_uint_eq (bytes->len, 1);
    ck_assert_str_eq (bytes->pdata[0], "1:1: a plan has at most 1048576 bytes");
    for (guint i = 0; i <= PLAN_MAX_STEPS; i++)
        g_string_append_printf (steps, "%s\n{\"id\": \"s%u\", \"run\": [\"x\"]}", i > 0 ? "," : "",
                                i);
    g_string_append (steps, "]}");
    many = h3_plan_check_text (steps->str, -1);
    ck_assert_uint_eq (many->len, 1);
    ck_assert_str_eq (many->pdata[0], "1002:1: a plan has at most 1000 steps");
}
END_TEST

/* Each may close a ring of its own: what is told of it is bounded, in time as in lines. */
START_TEST (a_plan_that_is_all_rings_is_told_soon)
{
    g_autoptr (GString) steps = g_string_new ("{\"name\": \"n\", \"steps\": [");
    g_autoptr (GPtrArray) faults = NULL;

    for (guint i = 0; i < 300; i++) {
        g_string_append_printf (steps, "%s{\"id\": \"%u\", \"call\": \"f\", \"depends_on\": [",
                                i > 0 ? "," : "", i);
        for (guint j = 0; j < 300; j++)
            g_string_append_printf (steps, "%s\"%u\"", j > 0 ? "," : "", j);
        g_string_append (steps, "]}");
    }
    g_string_append (steps, "]}");
    faults = h3_plan_check_text (steps->str, -1);
    ck_assert_uint_eq (faults->len, 100);
}
END_TEST

START_TEST (faults_beyond_the_bound_are_counted)
{
    g_autoptr (GString) text = g_string_new ("{\"name\": \"n\", \"steps\": [");
    g_autoptr (GPtrArray) faults = NULL;

    for (guint i = 0; i < 1010; i++)
        g_string_append (text, i > 0 ? ",1" : "1");
    g_string_append (text, "]}");
    faults = h3_plan_check_text (text->str, -1);
    ck_assert_uint_eq (faults->len, 1001);
    ck_assert_msg (g_str_has_suffix (faults->pdata[1000], ": 10 more faults are not told"), "%s",
                   (char *) faults->pdata[1000]);
}
END_TEST

static void
add_tests (Suite *suite)
{
    suite_add_case (suite, "faults", each_fault_is_told_with_its_place,
                    the_first_fault_is_the_error_of_a_text, two_rings_are_two_faults,
                    a_message_is_one_plain_short_line, NULL);
    suite_add_case (suite, "bounds", a_plan_has_bounds, a_plan_that_is_all_rings_is_told_soon,
                    faults_beyond_the_bound_are_counted, NULL);
}

int
main (void)
{
    return suite_run ("workflow/plan-faults", add_tests);
}
