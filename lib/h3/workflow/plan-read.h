/* SPDX-License-Identifier: MIT
 *
 * A plan's text becomes a plan. Holds nothing; any thread. */

#pragma once

#include <h3/workflow/plan-faults.h>
#include <h3/workflow/plan-inside.h>

#include <glib.h>

G_BEGIN_DECLS

/* Fills in a plan that is all zero, as far as it can be, and adds to `faults` what is wrong. `text`
 * ends with a NUL. */
void plan_read (H3Plan *plan, H3View text, PlanFaults *faults);

/* Of a plan that was read, well or not. */
void plan_clear_steps (H3Plan *plan);

G_END_DECLS
