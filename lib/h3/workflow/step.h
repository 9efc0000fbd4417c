/* SPDX-License-Identifier: MIT
 *
 * A step of a workflow that is a function of the program: what it is given, what it prints, and how
 * it fails. Counted; any thread, though most of it is meant for the thread that runs the function.
 * Since: 0.1 */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

typedef struct json_t json_t;

/**
 * H3Step:
 *
 * One try of a step that calls a function. Boxed, reference-counted.
 *
 * Since: 0.1
 */
typedef struct _H3Step H3Step;

#define H3_TYPE_STEP (h3_step_get_type ())
GType h3_step_get_type (void);

/**
 * H3StepFunction:
 * @step: (transfer none): lives as long as the call, and longer where it is referenced
 * @user_data: (nullable) (closure): what was given to h3_workflows_add_function()
 *
 * Does a step, on a thread of a pool, several at once. It may wait. When it returns without
 * h3_step_fail() it has succeeded. It should end soon when its cancellable fires: nobody can end it
 * by force. Where it has not after five seconds its step is ended without it; what it prints then
 * is lost, and h3_workflows_stop() still waits for it.
 *
 * Since: 0.1
 */
typedef void (*H3StepFunction) (H3Step *step, gpointer user_data);

/**
 * h3_step_ref:
 * @step: a try of a step
 *
 * Takes one more reference. Any thread.
 *
 * Returns: (transfer full): @step
 *
 * Since: 0.1
 */
H3Step *h3_step_ref (H3Step *step);

/**
 * h3_step_unref:
 * @step: (nullable) (transfer full): a try of a step
 *
 * Gives a reference back; the last frees it. Any thread.
 *
 * Since: 0.1
 */
void h3_step_unref (H3Step *step);

/**
 * h3_step_get_run_id:
 * @step: a try of a step
 *
 * Gets the id of the run.
 *
 * Returns: (transfer none): the id
 *
 * Since: 0.1
 */
const char *h3_step_get_run_id (const H3Step *step);

/**
 * h3_step_get_id:
 * @step: a try of a step
 *
 * Gets the id of the step within its plan.
 *
 * Returns: (transfer none): the id
 *
 * Since: 0.1
 */
const char *h3_step_get_id (const H3Step *step);

/**
 * h3_step_get_attempt:
 * @step: a try of a step
 *
 * Says which try it is.
 *
 * Returns: from 1
 *
 * Since: 0.1
 */
guint h3_step_get_attempt (const H3Step *step);

/**
 * h3_step_get_arguments: (skip)
 * @step: a try of a step
 *
 * Gets "arguments" of the plan, with what stands for its references; for reading, and on one thread
 * at a time. Bindings have h3_step_dup_arguments_text().
 *
 * Returns: (transfer none) (nullable): the arguments; %NULL where the plan has none
 *
 * Since: 0.1
 */
json_t *h3_step_get_arguments (const H3Step *step);

/**
 * h3_step_get_input: (skip)
 * @step: a try of a step
 *
 * Gets the JSON that the run was started with; for reading, and on one thread at a time. Bindings
 * have h3_step_dup_input_text().
 *
 * Returns: (transfer none) (nullable): the input; %NULL where there was none
 *
 * Since: 0.1
 */
json_t *h3_step_get_input (const H3Step *step);

/**
 * h3_step_dup_arguments_text:
 * @step: a try of a step
 *
 * Gets what h3_step_get_arguments() does as JSON; on one thread at a time.
 *
 * Returns: (transfer full) (nullable): the arguments; %NULL where the plan has none
 *
 * Since: 0.1
 */
char *h3_step_dup_arguments_text (const H3Step *step) G_GNUC_WARN_UNUSED_RESULT;

/**
 * h3_step_dup_input_text:
 * @step: a try of a step
 *
 * Gets what h3_step_get_input() does as JSON; on one thread at a time.
 *
 * Returns: (transfer full) (nullable): the input; %NULL where there was none
 *
 * Since: 0.1
 */
char *h3_step_dup_input_text (const H3Step *step) G_GNUC_WARN_UNUSED_RESULT;

/**
 * h3_step_get_cancellable:
 * @step: a try of a step
 *
 * Gets what fires when the step is to end: its time is up, its run is cancelled, the workflows are
 * stopped.
 *
 * Returns: (transfer none): the cancellable, which lives as long as @step
 *
 * Since: 0.1
 */
GCancellable *h3_step_get_cancellable (const H3Step *step);

/**
 * h3_step_print:
 * @step: a try of a step
 * @text: what the step prints, in UTF-8; it is told line by line
 * @length: its bytes; -1 where it ends with a NUL
 *
 * Prints. Never waits. Beyond the "output" of the plan nothing is kept.
 *
 * Since: 0.1
 */
void h3_step_print (H3Step *step, const char *text, gssize length);

/**
 * h3_step_fail:
 * @step: a try of a step
 * @error: (transfer full): why
 *
 * Has the try fail once the function returns. The first of several counts.
 *
 * Since: 0.1
 */
void h3_step_fail (H3Step *step, GError *error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (H3Step, h3_step_unref)

G_END_DECLS
