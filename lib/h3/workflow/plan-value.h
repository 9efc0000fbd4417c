/* SPDX-License-Identifier: MIT
 *
 * Values of a plan, each held against what it is to be: what is not so is told, and something in
 * its place is returned, so that reading goes on to the next fault. One thread. */

#pragma once

#include <h3/workflow/plan-faults.h>
#include <h3/workflow/plan-node.h>

#include <glib.h>

G_BEGIN_DECLS

/* Tells each member that `keys` (NULL at their end) does not name, and each that is there twice.
 * FALSE, which is told too, where `node` is no object. */
gboolean plan_value_check_object (PlanFaults *faults, const PlanNode *node, const char *what,
                                  const char *const *keys);

/* Where it is none, that is told. */
gboolean plan_value_is_array (PlanFaults *faults, const PlanNode *node, const char *what);

/* Borrowed from the node; NULL where it is no text, or where it is empty. */
const char *plan_value_get_text (PlanFaults *faults, PlanNode *node, const char *what);

gboolean plan_value_get_boolean (PlanFaults *faults, PlanNode *node, const char *what);

/* Both bounds may be taken; `least` where it is not between them. */
gint64 plan_value_get_integer (PlanFaults *faults, PlanNode *node, const char *what, gint64 least,
                               gint64 most);
double plan_value_get_number (PlanFaults *faults, PlanNode *node, const char *what, double least,
                              double most);
/* Seconds in the text, whole or not; milliseconds here, as `least` and `most`. */
guint plan_value_get_time (PlanFaults *faults, PlanNode *node, const char *what, guint least,
                           guint most);

/* The place in `choices` (NULL at their end); 0 where it is none of them. */
guint plan_value_get_choice (PlanFaults *faults, PlanNode *node, const char *what,
                             const char *const *choices);

G_END_DECLS
