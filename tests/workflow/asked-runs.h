/* SPDX-License-Identifier: MIT
 *
 * A store of runs asked as if it answered at once: each call waits for its answer on the thread's
 * loop, and fails the test where none comes. What is returned is (transfer full). */

#pragma once

#include "h3/workflow/run-store.h"

#include <jansson.h>

/* Makes the thread's loop, and ends it. */
void asked_runs_begin (void);
void asked_runs_end (void);
/* Steps the loop until `*done`. */
void asked_runs_await (const gboolean *done);

/* A store that must come to be. */
RunStore *open_runs (const char *path);

/* Tells of a run with these steps (NULL at the end), made at `at`. */
void tell_run (RunStore *store, const char *id, gint64 at, const char *const *steps);
void tell_step (RunStore *store, const char *id, const char *step, RunState state, guint attempt,
                gint64 at);
void tell_line (RunStore *store, const char *id, const char *step, guint attempt, RunStream stream,
                const char *text);

/* NULL: there is no such run. `error` is (nullable), as that of the answer. */
json_t *ask_run (RunStore *store, const char *id, GError **error);
json_t *ask_runs (RunStore *store, const RunFilter *filter);
/* One text an event, "SEQUENCE KIND DATA". */
GPtrArray *ask_events (RunStore *store, const char *id, guint64 after, guint max,
                       gboolean *out_ended, GError **error);
/* Their ids, each with its state and the number of its steps: "ID running 2". */
GPtrArray *take_unfinished (RunStore *store, GError **error);
gboolean ask_kept (RunStore *store, GError **error);

/* A member of the document's i-th step. */
json_t *get_step (const json_t *document, guint i, const char *name);
