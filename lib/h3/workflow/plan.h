/* SPDX-License-Identifier: MIT
 *
 * A workflow's plan: its steps and what each waits for, read from JSON (docs/workflows.md). Never
 * changed once it is there. Counted; any thread, at any time, several at once. Since: 0.1 */

#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

/**
 * H3Plan:
 *
 * What a workflow does, step by step. Boxed, reference-counted.
 *
 * Since: 0.1
 */
typedef struct _H3Plan H3Plan;

#define H3_TYPE_PLAN (h3_plan_get_type ())
GType h3_plan_get_type (void);

/**
 * h3_plan_new_from_text:
 * @text: JSON in UTF-8
 * @length: its bytes; -1 where it ends with a NUL
 * @error: %H3_ERROR_SYNTAX with the first fault: "line 3, column 7: 'tests' is no step of this
 *   plan"
 *
 * Reads a plan.
 *
 * Returns: (transfer full): the plan; %NULL with @error
 *
 * Since: 0.1
 */
H3Plan *h3_plan_new_from_text (const char *text, gssize length,
                               GError **error) G_GNUC_WARN_UNUSED_RESULT;

/**
 * h3_plan_new_from_file:
 * @path: (type filename): a file with a plan
 * @error: as of h3_plan_new_from_text(), with a message that begins "PATH:3:7: "; %H3_ERROR_FAILED
 *   where it cannot be read
 *
 * Reads a plan from a file: not on a worker.
 *
 * Returns: (transfer full): the plan; %NULL with @error
 *
 * Since: 0.1
 */
H3Plan *h3_plan_new_from_file (const char *path, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/**
 * h3_plan_ref:
 * @plan: a plan
 *
 * Takes one more reference. Any thread.
 *
 * Returns: (transfer full): @plan
 *
 * Since: 0.1
 */
H3Plan *h3_plan_ref (H3Plan *plan);

/**
 * h3_plan_unref:
 * @plan: (nullable) (transfer full): a plan
 *
 * Gives a reference back; the last frees it. Any thread.
 *
 * Since: 0.1
 */
void h3_plan_unref (H3Plan *plan);

/**
 * h3_plan_get_name:
 * @plan: a plan
 *
 * Gets what runs of a plan are asked for by.
 *
 * Returns: (transfer none): the name
 *
 * Since: 0.1
 */
const char *h3_plan_get_name (const H3Plan *plan);

/**
 * h3_plan_is_manual:
 * @plan: a plan
 *
 * Says whether who sits at a terminal may run it: "manual" of its "trigger".
 *
 * Returns: whether it may be run so
 *
 * Since: 0.1
 */
gboolean h3_plan_is_manual (const H3Plan *plan);

/**
 * h3_plan_check_text:
 * @text: JSON in UTF-8
 * @length: its bytes; -1 where it ends with a NUL
 *
 * Looks for every fault, not for the first alone.
 *
 * Returns: (transfer container) (element-type utf8): "3:7: 'tests' is no step of this plan", in
 *   order of place; empty where @text is a plan
 *
 * Since: 0.1
 */
GPtrArray *h3_plan_check_text (const char *text, gssize length) G_GNUC_WARN_UNUSED_RESULT;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (H3Plan, h3_plan_unref)

G_END_DECLS
