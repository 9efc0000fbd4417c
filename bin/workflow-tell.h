/* SPDX-License-Identifier: MIT
 *
 * What a run does, told to people: on a terminal a line for each step that goes on, with what it
 * printed last, and one that stays for each that has ended; else a line for each thing that
 * happens. Owned by its command; main thread. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct json_t json_t;
typedef struct _WorkflowTell WorkflowTell;

WorkflowTell *workflow_tell_new (gboolean is_terminal);
void workflow_tell_free (WorkflowTell *tell);

/* An event of a run, as h3_workflows_follow_run () has them. */
void workflow_tell_event (WorkflowTell *tell, const char *kind, const json_t *event);

/* Time has passed: of a terminal's lines. */
void workflow_tell_tick (WorkflowTell *tell);

/* Something else is to be said: a whole line. */
void workflow_tell_say (WorkflowTell *tell, const char *line);

/* The state that was told last; "pending" before. */
const char *workflow_tell_get_state (const WorkflowTell *tell);

G_END_DECLS
