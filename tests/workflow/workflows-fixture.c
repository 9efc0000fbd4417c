/* SPDX-License-Identifier: MIT */

#include "workflows-fixture.h"

#include <errno.h>
#include <sys/wait.h>

typedef struct {
    gboolean is_answered, is_ended;
    char *json; /* owned */
} Answer;

void
workflows_renew (WorkflowsFixture *fixture, const char *folder)
{
    g_autoptr (GError) error = NULL;

    g_clear_object (&fixture->workflows);
    fixture->workflows = h3_workflows_new ();
    ck_assert (h3_workflows_set_folder (fixture->workflows, folder, &error));
}

void
workflows_set_up (WorkflowsFixture *fixture, const char *folder)
{
    /* GLib makes a lock of its own for the first error that there is, which several threads could
     * have at the same moment: in an order that ThreadSanitizer does not see. */
    g_error_free (g_error_new_literal (H3_ERROR, H3_ERROR_FAILED, "none"));
    *fixture = (WorkflowsFixture){ .before = live_snapshot_take () };
    fixture->loop = loop_new (NULL);
    ck_assert_ptr_nonnull (fixture->loop);
    loop_enter (fixture->loop);
    workflows_renew (fixture, folder);
}

void
workflows_tear_down (WorkflowsFixture *fixture)
{
    siginfo_t info;

    g_clear_object (&fixture->workflows);
    loop_close (fixture->loop);
    loop_leave (fixture->loop);
    loop_unref (fixture->loop);
    assert_nothing_left (&fixture->before);
    ck_assert_int_eq (waitid (P_ALL, 0, &info, WEXITED | WNOHANG), -1);
    ck_assert_int_eq (errno, ECHILD);
}

void
workflows_begin (WorkflowsFixture *fixture)
{
    g_autoptr (GError) error = NULL;

    ck_assert_msg (h3_workflows_start (fixture->workflows, &error), "%s",
                   error != NULL ? error->message : "");
}

void
workflows_add (WorkflowsFixture *fixture, const char *text)
{
    g_autofree char *json = g_strdup (text);
    g_autoptr (GError) error = NULL;
    g_autoptr (H3Plan) plan = NULL;

    g_strdelimit (json, "'", '"');
    plan = h3_plan_new_from_text (json, -1, &error);
    ck_assert_msg (plan != NULL, "%s", error != NULL ? error->message : "");
    ck_assert_msg (h3_workflows_add_plan (fixture->workflows, plan, &error), "%s",
                   error != NULL ? error->message : "");
}

char *
workflows_run (WorkflowsFixture *fixture, const char *text, const char *input)
{
    g_autofree char *json = g_strdup (text);
    g_autoptr (GError) error = NULL;
    g_autoptr (H3Plan) plan = NULL;
    char *id;

    g_strdelimit (json, "'", '"');
    plan = h3_plan_new_from_text (json, -1, &error);
    ck_assert_msg (plan != NULL, "%s", error != NULL ? error->message : "");
    ck_assert (h3_workflows_add_plan (fixture->workflows, plan, &error));
    id = h3_workflows_start_run (fixture->workflows, h3_plan_get_name (plan), input, &error);
    ck_assert_msg (id != NULL, "%s", error != NULL ? error->message : "");
    return id;
}

static void
on_document (const RunDocument *document, const GError *error, gpointer data)
{
    Answer *answer = data;

    answer->is_answered = TRUE;
    g_clear_pointer (&answer->json, g_free);
    if (document == NULL)
        return;
    answer->is_ended = document->has_ended;
    answer->json = g_strndup (document->json, document->length);
}

static void
on_more (gpointer data)
{
    *(gboolean *) data = TRUE;
}

static void
ask (WorkflowsFixture *fixture, const char *id, Answer *answer)
{
    answer->is_answered = FALSE;
    workflows_ask_run (fixture->workflows, id, on_document, answer, NULL);
    while (!answer->is_answered)
        (void) loop_step (fixture->loop, TRUE);
}

static json_t *
parse (Answer *answer)
{
    json_t *document;

    if (answer->json == NULL)
        return NULL;
    document = h3_json_parse (h3_view_of (answer->json), H3_JSON_MAX_DEPTH, NULL);

    ck_assert_msg (document != NULL, "no JSON: %s", answer->json);
    g_clear_pointer (&answer->json, g_free);
    return document;
}

/* `text` NULL: until its end. */
static json_t *
await (WorkflowsFixture *fixture, const char *id, const char *text)
{
    gboolean is_more = FALSE;
    WorkflowsWatch *watch = workflows_watch (fixture->workflows, id, on_more, &is_more);
    Answer answer = { 0 };

    for (;;) {
        ask (fixture, id, &answer);
        /* There is none where it is still to be kept. */
        if (answer.json != NULL
            && (answer.is_ended || (text != NULL && strstr (answer.json, text) != NULL)))
            break;
        while (!is_more)
            (void) loop_step (fixture->loop, TRUE);
        is_more = FALSE;
    }
    workflows_unwatch (watch);
    ck_assert_msg (text == NULL || strstr (answer.json, text) != NULL, "it ended first: %s",
                   answer.json);
    return parse (&answer);
}

json_t *
workflows_await_end (WorkflowsFixture *fixture, const char *id)
{
    return await (fixture, id, NULL);
}

json_t *
workflows_await_text (WorkflowsFixture *fixture, const char *id, const char *text)
{
    return await (fixture, id, text);
}

json_t *
workflows_ask (WorkflowsFixture *fixture, const char *id)
{
    Answer answer = { 0 };

    ask (fixture, id, &answer);
    return parse (&answer);
}

const json_t *
run_document_get_step (const json_t *document, const char *step)
{
    const json_t *steps = json_object_get (document, "steps");

    for (gsize i = 0; i < json_array_size (steps); i++) {
        const json_t *one = json_array_get (steps, i);

        if (g_strcmp0 (json_string_value (json_object_get (one, "id")), step) == 0)
            return one;
    }
    ck_abort_msg ("there is no step '%s'", step);
    return NULL;
}

static void
expect (const json_t *object, const char *what, const char *state, const char *error)
{
    g_autofree char *text = json_dumps (object, JSON_INDENT (1));
    const char *told = json_string_value (json_object_get (object, "error"));

    ck_assert_msg (g_strcmp0 (json_string_value (json_object_get (object, "state")), state) == 0,
                   "%s is not %s: %s", what, state, text);
    ck_assert_msg (error == NULL ? told == NULL : told != NULL && strstr (told, error) != NULL,
                   "%s does not tell '%s': %s", what, error, text);
}

void
expect_step (const json_t *document, const char *step, const char *state, const char *error)
{
    expect (run_document_get_step (document, step), step, state, error);
}

void
expect_run (const json_t *document, const char *state, const char *error)
{
    expect (document, "the run", state, error);
}

const char *
run_document_get_text (const json_t *document, const char *step, const char *name)
{
    return json_string_value (json_object_get (run_document_get_step (document, step), name));
}
