/* SPDX-License-Identifier: MIT
 *
 * A plan. What is wrong with it is told in order of place, in plain lines, and the same however its
 * JSON is laid out. A plan without faults is what jansson reads too; its steps are found by their
 * ids, can be done one after another, and its texts can be resolved. */

#include "fuzz.h"
#include "h3/format/json.h"
#include "h3/workflow/plan-inside.h"

/* Behind the place, which must be in order and in the text. */
static const char *
check_fault (const char *fault, guint64 *place)
{
    guint line = 0, column = 0;
    int behind = 0;

    FUZZ_ASSERT (sscanf (fault, "%u:%u: %n", &line, &column, &behind) == 2 && behind > 0, "%s",
                 fault);
    FUZZ_ASSERT (line >= 1 && column >= 1, "%s", fault);
    FUZZ_ASSERT (((guint64) line << 32 | column) >= *place, "%s is out of order", fault);
    *place = (guint64) line << 32 | column;
    FUZZ_ASSERT (g_utf8_validate (fault, -1, NULL), "a fault that is not UTF-8");
    for (const char *at = fault; *at != '\0'; at++)
        FUZZ_ASSERT (!g_ascii_iscntrl (*at), "a control in %s", fault);
    return fault + behind;
}

static GPtrArray *
check_text (const char *text, gsize length)
{
    GPtrArray *faults = h3_plan_check_text (text, (gssize) length);
    guint64 place = 0;

    for (guint i = 0; i < faults->len; i++)
        (void) check_fault (faults->pdata[i], &place);
    return faults;
}

/* The same document, laid out by jansson, has the same faults in the same order. */
static void
check_layout (const json_t *document, const GPtrArray *faults, gsize flags)
{
    char *text = json_dumps (document, flags | JSON_ENCODE_ANY);
    g_autoptr (GPtrArray) again = check_text (text, strlen (text));

    FUZZ_ASSERT (again->len == faults->len, "%u faults, and %u of %s", faults->len, again->len,
                 text);
    for (guint i = 0; i < faults->len; i++) {
        guint64 any = 0, other = 0;
        const char *first = check_fault (faults->pdata[i], &any);
        const char *second = check_fault (again->pdata[i], &other);

        FUZZ_ASSERT (strcmp (first, second) == 0, "%s and %s", first, second);
    }
    free (text);
}

static char *
resolve (const PlanPiece *piece, gpointer data, GError **error)
{
    const H3Plan *plan = data;

    (void) error;
    FUZZ_ASSERT (piece->kind != PLAN_LITERAL, "a literal is asked for");
    if (piece->kind == PLAN_OUTPUT)
        FUZZ_ASSERT (piece->step < plan->n_steps, "step %u of %u", piece->step, plan->n_steps);
    return g_strdup ("x");
}

static void
check_resolving (const H3Plan *plan, const PlanText *text)
{
    g_autofree char *resolved = NULL;

    if (text == NULL)
        return;
    resolved = plan_text_resolve (text, resolve, (gpointer) plan, NULL);
    FUZZ_ASSERT (resolved != NULL, "it cannot be resolved");
}

static void
check_texts (const H3Plan *plan, const PlanStep *step)
{
    for (guint i = 0; i < step->n_argv; i++)
        check_resolving (plan, step->argv[i]);
    for (guint i = 0; i < step->env->len; i++)
        check_resolving (plan, ((PlanPair *) step->env->pdata[i])->value);
    check_resolving (plan, step->directory);
    if (step->request != NULL)
        check_resolving (plan, step->request->url);
    if (step->arguments != NULL)
        json_decref (plan_document_resolve (step->arguments, resolve, (gpointer) plan, NULL));
}

/* Whether a step may begin, by what has ended; groups end when their children have. */
static gboolean
may_end (const H3Plan *plan, const PlanStep *step, const gboolean *begun, const gboolean *ended)
{
    if (step->parent != PLAN_NONE && !begun[step->parent])
        return FALSE;
    for (guint i = 0; i < step->n_depends_on; i++)
        if (!ended[step->depends_on[i]])
            return FALSE;
    return TRUE;
}

static gboolean
have_children_ended (const PlanStep *step, const gboolean *ended)
{
    for (guint i = 0; i < step->n_children; i++)
        if (!ended[step->children[i]])
            return FALSE;
    return TRUE;
}

static void
check_order (const H3Plan *plan)
{
    g_autofree gboolean *begun = g_new0 (gboolean, plan->n_steps);
    g_autofree gboolean *ended = g_new0 (gboolean, plan->n_steps);
    guint left = plan->n_steps, moved = 1;

    while (moved > 0) {
        moved = 0;
        for (guint i = 0; i < plan->n_steps; i++) {
            const PlanStep *step = &plan->steps[i];

            if (!begun[i] && may_end (plan, step, begun, ended)) {
                begun[i] = TRUE;
                moved++;
            }
            if (begun[i] && !ended[i] && have_children_ended (step, ended)) {
                ended[i] = TRUE;
                moved++;
                left--;
            }
        }
    }
    FUZZ_ASSERT (left == 0, "%u steps never end", left);
}

static void
check_plan (const char *text, gsize length)
{
    g_autoptr (H3Plan) plan = h3_plan_new_from_text (text, (gssize) length, NULL);

    FUZZ_ASSERT (plan != NULL && plan->n_steps > 0 && plan->n_steps <= PLAN_MAX_STEPS,
                 "no plan, and no fault");
    for (guint i = 0; i < plan->n_steps; i++) {
        FUZZ_ASSERT (plan_find_step (plan, plan->steps[i].id) == i, "%s", plan->steps[i].id);
        check_texts (plan, &plan->steps[i]);
    }
    check_order (plan);
    for (guint i = 0; i < plan->schedules->len; i++) {
        gint64 first = schedule_get_next (plan->schedules->pdata[i], 1700000000000, NULL);
        gint64 second = schedule_get_next (plan->schedules->pdata[i], first, NULL);

        FUZZ_ASSERT (first > 1700000000000 && second > first, "not in order");
    }
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
    g_autofree char *text = fuzz_copy (data, size);
    g_autoptr (GPtrArray) faults = check_text (text, size);
    g_autoptr (json_t) document =
        json_loadb (text, size, JSON_DECODE_ANY | JSON_REJECT_DUPLICATES, NULL);

    FUZZ_ASSERT (document != NULL || faults->len > 0, "jansson does not read it");
    if (document != NULL && h3_json_scan (h3_view (text, size), H3_JSON_MAX_DEPTH, NULL)) {
        check_layout (document, faults, JSON_COMPACT);
        check_layout (document, faults, JSON_INDENT (3));
    }
    if (faults->len == 0)
        check_plan (text, size);
    return 0;
}
