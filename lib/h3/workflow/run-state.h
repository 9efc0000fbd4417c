/* SPDX-License-Identifier: MIT
 *
 * What a run can be, and what each of its steps can. Values; any thread. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/*
 *   PENDING ───► RUNNING ───► SUCCEEDED
 *      │            ├───────► FAILED        it did what it should not have, or not in time
 *      │            └───────► INTERRUPTED   who ran it is no more; it is not run on
 *      ├────────────────────► SKIPPED       what it waits for has failed
 *      └──── or RUNNING ────► CANCELLED     somebody wanted it so
 *
 *   A run that is taken up again after its process ended goes from RUNNING to RUNNING; its steps
 *   go from INTERRUPTED to RUNNING.
 */
typedef enum {
    RUN_PENDING,
    RUN_RUNNING,
    RUN_SUCCEEDED,
    RUN_FAILED,
    RUN_SKIPPED,
    RUN_CANCELLED,
    RUN_INTERRUPTED,
    N_RUN_STATES,
} RunState;

/* Static: "pending", "running" and so on. */
const char *run_state_get_name (RunState state);
/* FALSE, with the result untouched: it is no such name. */
gboolean run_state_find (const char *name, RunState *out_state);

/* Whether it is one that a run ends in. */
static inline gboolean
run_state_is_end (RunState state)
{
    return state != RUN_PENDING && state != RUN_RUNNING;
}

G_END_DECLS
