/* SPDX-License-Identifier: MIT
 *
 * What is wrong with a plan, each with its place. Owned by who reads it; one thread. */

#pragma once

#include <h3/base/view.h>

#include <glib.h>

G_BEGIN_DECLS

/* How many are told; a text can be wrong in more places than anybody reads. */
#define PLAN_MAX_FAULTS 1000

/* How a name of the plan's stands in a message. */
#define PLAN_QUOTED "'%.80s'"

typedef struct _PlanFaults PlanFaults;

/* `text` outlives it. */
PlanFaults *plan_faults_new (H3View text);
/* NULL is allowed. */
void plan_faults_free (PlanFaults *faults);

/* `at`: where, in bytes from the begin of the text. */
void plan_faults_add (PlanFaults *faults, gsize at, const char *format, ...) G_GNUC_PRINTF (3, 4);

gboolean plan_faults_is_empty (const PlanFaults *faults);

/* (transfer container): "LINE:COLUMN: what", in order of place. */
GPtrArray *plan_faults_list (PlanFaults *faults);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PlanFaults, plan_faults_free)

G_END_DECLS
