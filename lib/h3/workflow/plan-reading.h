/* SPDX-License-Identifier: MIT
 *
 * A plan while it is read: what the files that read it hand to one another. First all steps are
 * gathered with their ids, then each is read, then what they wait for is looked at as a whole.
 * Owned by plan-read.c; one thread. */

#pragma once

#include <h3/workflow/plan-faults.h>
#include <h3/workflow/plan-inside.h>
#include <h3/workflow/plan-node.h>

#include <glib.h>

G_BEGIN_DECLS

/* `step` waits until `on` has succeeded, for what stands at `at`. */
typedef struct {
    guint step;
    guint on;
    gsize at;
} PlanNeed;

typedef struct {
    PlanFaults *faults; /* borrowed */
    H3Plan *plan;       /* borrowed; its steps are there once they were gathered */
    GArray *steps;      /* owned; PlanStep, until the plan has them */
    GPtrArray *nodes;   /* owned; a borrowed PlanNode each step */
    GHashTable *ids;    /* owned; borrowed ids to indices from 1 */
    GArray *needs;      /* owned; PlanNeed, in order of steps */
} PlanReading;

/* plan-steps.c: the steps of the array `node`, and of the groups among them, without what is in
 * them; into `reading->steps`. */
void plan_steps_gather (PlanReading *reading, PlanNode *node, guint parent);

/* plan-step.c: all that the text says of a step. */
void plan_step_read (PlanReading *reading, guint index);

/* plan-request.c. (transfer full) */
PlanRequest *plan_request_read (PlanReading *reading, guint index, PlanNode *node);
void plan_request_free (PlanRequest *request);

/* plan-texts.c: texts and documents of the step `index`, with what their references ask for.
 * (transfer full); NULL where that is told. */
PlanText *plan_texts_read (PlanReading *reading, guint index, PlanNode *node, const char *what);
/* Texts may be empty. */
PlanText *plan_texts_read_any (PlanReading *reading, guint index, PlanNode *node, const char *what);
PlanDocument *plan_texts_read_document (PlanReading *reading, guint index, PlanNode *node);
/* An object of texts, into `pairs`. `is_name` tells which names may stand there. */
void plan_texts_read_pairs (PlanReading *reading, guint index, PlanNode *node, const char *what,
                            gboolean (*is_name) (const char *name), GPtrArray *pairs);
GPtrArray *plan_texts_new_pairs (void);

/* plan-graph.c: tells each ring among what steps wait for, and gives the steps what they depend
 * on. */
void plan_graph_finish (PlanReading *reading);

G_END_DECLS
