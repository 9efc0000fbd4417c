/* SPDX-License-Identifier: MIT */

#include "plan-read.h"

#include <h3/base/error.h>
#include <h3/base/file-text.h>

#include <stdio.h>

G_DEFINE_BOXED_TYPE (H3Plan, h3_plan, h3_plan_ref, h3_plan_unref)

H3Plan *
h3_plan_ref (H3Plan *plan)
{
    g_return_val_if_fail (plan != NULL, NULL);
    atomic_fetch_add_explicit (&plan->references, 1, memory_order_relaxed);
    return plan;
}

void
h3_plan_unref (H3Plan *plan)
{
    if (plan == NULL || atomic_fetch_sub_explicit (&plan->references, 1, memory_order_acq_rel) != 1)
        return;
    plan_clear_steps (plan);
    g_clear_pointer (&plan->schedules, g_ptr_array_unref);
    g_free (plan->name);
    g_free (plan->description);
    g_free (plan->text);
    g_free (plan);
}

/* (transfer full): not to be used where there are faults. */
static H3Plan *
read_plan (const char *text, gssize length, GPtrArray **out_faults)
{
    H3Plan *plan = g_new0 (H3Plan, 1);
    gsize whole = length < 0 ? strlen (text) : (gsize) length;
    g_autoptr (PlanFaults) faults = NULL;
    H3View view;

    atomic_init (&plan->references, 1);
    plan->text = g_malloc (whole + 1);
    memcpy (plan->text, text, whole);
    plan->text[whole] = '\0';
    view = h3_view (plan->text, whole);
    faults = plan_faults_new (view);
    plan_read (plan, view, faults);
    *out_faults = plan_faults_list (faults);
    return plan;
}

GPtrArray *
h3_plan_check_text (const char *text, gssize length)
{
    GPtrArray *faults;

    g_return_val_if_fail (text != NULL, NULL);
    h3_plan_unref (read_plan (text, length, &faults));
    return faults;
}

/* `path` NULL: a text alone. */
static H3Plan *
new_plan (const char *path, const char *text, gssize length, GError **error)
{
    g_autoptr (GPtrArray) faults = NULL;
    g_autoptr (H3Plan) plan = read_plan (text, length, &faults);

    if (faults->len > 0 && path != NULL) {
        g_set_error (error, H3_ERROR, H3_ERROR_SYNTAX, "%s:%s", path,
                     (const char *) faults->pdata[0]);
        return NULL;
    }
    if (faults->len > 0) {
        guint line = 0, column = 0;
        int behind = 0;

        (void) sscanf (faults->pdata[0], "%u:%u: %n", &line, &column, &behind);
        g_set_error (error, H3_ERROR, H3_ERROR_SYNTAX, "line %u, column %u: %s", line, column,
                     (const char *) faults->pdata[0] + behind);
        return NULL;
    }
    return g_steal_pointer (&plan);
}

H3Plan *
h3_plan_new_from_text (const char *text, gssize length, GError **error)
{
    g_return_val_if_fail (text != NULL, NULL);
    return new_plan (NULL, text, length, error);
}

H3Plan *
h3_plan_new_from_file (const char *path, GError **error)
{
    g_autoptr (GError) reason = NULL;
    g_autofree char *text = NULL;
    gsize length;

    g_return_val_if_fail (path != NULL, NULL);
    if (!file_text_read (path, FILE_TEXT_MAX, &text, &length, &reason)) {
        g_set_error (error, H3_ERROR, H3_ERROR_FAILED, "Cannot read the plan: %s", reason->message);
        return NULL;
    }
    return new_plan (path, text, (gssize) length, error);
}

const char *
h3_plan_get_name (const H3Plan *plan)
{
    g_return_val_if_fail (plan != NULL, NULL);
    return plan->name;
}

gboolean
h3_plan_is_manual (const H3Plan *plan)
{
    g_return_val_if_fail (plan != NULL, FALSE);
    return plan->by_hand;
}

guint
plan_find_step (const H3Plan *plan, const char *id)
{
    for (guint i = 0; i < plan->n_steps; i++)
        if (strcmp (plan->steps[i].id, id) == 0)
            return i;
    return PLAN_NONE;
}
