/* SPDX-License-Identifier: MIT */

#include "run-state.h"

#include <string.h>

static const char *const names[] = {
    "pending", "running", "succeeded", "failed", "skipped", "cancelled", "interrupted",
};
G_STATIC_ASSERT (G_N_ELEMENTS (names) == N_RUN_STATES);

const char *
run_state_get_name (RunState state)
{
    return names[state];
}

gboolean
run_state_find (const char *name, RunState *out_state)
{
    for (guint i = 0; i < N_RUN_STATES; i++) {
        if (strcmp (names[i], name) == 0) {
            *out_state = (RunState) i;
            return TRUE;
        }
    }
    return FALSE;
}
