/* SPDX-License-Identifier: MIT
 *
 * Workflows that a test starts runs of, on whose loop it waits for them. Main thread. */

#pragma once

#include "h3/format/json.h"
#include "h3/loop/loop.h"
#include "h3/workflow/workflows-inside.h"
#include "tests/support/assert-nothing-left.h"
#include "tests/support/suite.h"

typedef struct {
    LiveSnapshot before;
    Loop *loop;             /* ref */
    H3Workflows *workflows; /* ref */
} WorkflowsFixture;

/* `folder` is (nullable). Not started: functions are added first. */
void workflows_set_up (WorkflowsFixture *fixture, const char *folder);
/* Nothing may be left of all of it, nor any child. */
void workflows_tear_down (WorkflowsFixture *fixture);
/* Stops them and frees them, and has new ones in their place. */
void workflows_renew (WorkflowsFixture *fixture, const char *folder);
void workflows_begin (WorkflowsFixture *fixture);

/* Adds a plan, whose JSON has ' for ", and starts a run of it: (transfer full): its id. */
char *workflows_run (WorkflowsFixture *fixture, const char *plan, const char *input);
void workflows_add (WorkflowsFixture *fixture, const char *plan);

/* (transfer full): the run's document, when it has ended; when what it prints has `text` in it. */
json_t *workflows_await_end (WorkflowsFixture *fixture, const char *id);
json_t *workflows_await_text (WorkflowsFixture *fixture, const char *id, const char *text);
/* (transfer full) (nullable): as it is now; NULL: there is none. */
json_t *workflows_ask (WorkflowsFixture *fixture, const char *id);

/* Of a document: a step's. */
const json_t *run_document_get_step (const json_t *document, const char *step);
void expect_step (const json_t *document, const char *step, const char *state, const char *error);
void expect_run (const json_t *document, const char *state, const char *error);
const char *run_document_get_text (const json_t *document, const char *step, const char *name);
