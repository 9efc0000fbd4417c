/* SPDX-License-Identifier: MIT
 *
 * Has runs begun by the schedules of their plans, in the zone of the machine. What was due while
 * the machine slept is begun once; what was due while nobody had the plan is not. Owned by who runs
 * the plans; its loop's thread. */

#pragma once

#include <h3/workflow/plan.h>

#include <glib.h>

G_BEGIN_DECLS

typedef struct _Loop Loop;
typedef struct _Triggers Triggers;

/* A run of the plan is due. */
typedef void (*TriggersFunction) (const char *name, gpointer data);

/* `loop` outlives it. */
Triggers *triggers_new (Loop *loop, TriggersFunction function, gpointer data);
/* NULL is allowed. */
void triggers_free (Triggers *triggers);

/* Takes the place of a plan of that name; a reference is kept. */
void triggers_set_plan (Triggers *triggers, H3Plan *plan);
/* Where there is one of that name. */
void triggers_remove_plan (Triggers *triggers, const char *name);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Triggers, triggers_free)

G_END_DECLS
