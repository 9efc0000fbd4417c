/* SPDX-License-Identifier: MIT
 *
 * Functions of the program that steps call, by name, and one call of such a function on the pool.
 * A call's end is told once; the loop's thread only, but for the references of functions. */

#pragma once

#include <h3/loop/offload.h>
#include <h3/workflow/step.h>

G_BEGIN_DECLS

/* How long a function that is cancelled has for its end, in milliseconds. */
#define STEP_CALL_GRACE 5000

/* A function with its data; shared by the workflows and by calls that go on. */
typedef struct _StepFunction StepFunction;

/* (transfer full) */
StepFunction *step_function_new (H3StepFunction function, gpointer user_data,
                                 GDestroyNotify destroy);
StepFunction *step_function_ref (StepFunction *function);
/* NULL is allowed. */
void step_function_unref (StepFunction *function);

typedef struct {
    void (*on_output) (const char *text, gsize length, gpointer data);
    /* Never inline. `error` is (nullable), borrowed: why it failed. Nothing comes behind it. */
    void (*on_end) (const GError *error, gpointer data);
} StepCallListener;

typedef struct {
    StepFunction *function; /* ref taken */
    const char *run_id, *id;
    guint attempt;
    json_t *arguments; /* (transfer full) (nullable) */
    json_t *input;     /* (nullable): ref taken */
    gsize output_max;
} StepCallOrder;

/* (transfer none): until its end was told. `listener` is static. */
H3Step *step_call_start (Loop *loop, Offload *offload, const StepCallOrder *order,
                         const StepCallListener *listener, gpointer data);

/* Fires its cancellable. Where it has not ended within the grace its end is told without it. */
void step_call_end (H3Step *step);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (StepFunction, step_function_unref)

G_END_DECLS
