/* SPDX-License-Identifier: MIT
 *
 * The process group that a step runs as: told from another of the same number, and ended when the
 * server that began it is no more. Any thread. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The variable that a step's processes have in their environment: the run's id. */
#define PROCESS_GROUP_VARIABLE "H3_RUN_ID"

/* When a process began, in ticks since the system did; 0: it is not known. */
guint64 process_group_get_start (gint64 process);

/* Kills what is left of a group that began then for that run, of which this process is no parent:
 * where its first process is still the same, or one of it has the run's id in its environment.
 * Whether there was something. */
gboolean process_group_end_left (gint64 group, guint64 start, const char *run_id);

G_END_DECLS
