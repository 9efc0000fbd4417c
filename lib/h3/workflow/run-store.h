/* SPDX-License-Identifier: MIT
 *
 * Runs, their steps and what these print, kept in SQLite. One thread of the store's own does all
 * that SQLite does: what it is told is copied, gathered and committed together; what it is asked is
 * answered on the asker's loop. Owned by whoever made it; any thread but for new and free.
 *
 * Several processes may have the same file. Each run has one owner, the store that was told of it
 * or took it over, and only that tells more of it. */

#pragma once

#include <h3/workflow/run-record.h>

G_BEGIN_DECLS

typedef struct _RunStore RunStore;

/* Opens or makes the file `path`, NULL: in memory. NULL with H3_ERROR (_FAILED, or _INVALID for a
 * file of something else, or of a newer version of this library), whose message names the file. */
RunStore *run_store_new (const char *path, GError **error);

/* What was told is committed first, where that can be; questions are answered. NULL is allowed. */
void run_store_free (RunStore *store);

/* --- told: copied, and kept in the order of telling; any thread, never waits --- */

/* A new run, of this store. With an id that is there already nothing is kept. */
void run_store_add_run (RunStore *store, const RunRecord *record);
/* `error` is (nullable); it is kept until another is told. */
void run_store_set_run (RunStore *store, const char *id, RunState state, const char *error,
                        gint64 at);
void run_store_set_step (RunStore *store, const char *id, const StepRecord *record);
void run_store_add_line (RunStore *store, const char *id, const LineRecord *line);

/* Whether all is well: FALSE while what was told cannot be kept (a full disk, say). It is tried
 * again, with longer and longer pauses; when too much waits, lines are dropped, and a line that
 * says so stands in their place. `*out_why` is (transfer full) (nullable) (optional). */
gboolean run_store_is_well (RunStore *store, char **out_why);
/* FALSE: so much waits that no new run should be begun. */
gboolean run_store_has_room (RunStore *store);

/* How many ended runs are kept (10,000), and for how long (30 days); the oldest go first, a few at
 * a time. Before anything is told or asked, where a file may have more of them. */
void run_store_set_keep (RunStore *store, guint max_runs, gint64 max_age_seconds);

/* --- heard: on the store's thread, which they must not keep --- */

typedef struct {
    /* After each commit, for each run in it: its events up to this one can be asked for now. */
    void (*committed) (const char *id, guint64 last_sequence, gpointer data);
    /* It is no longer well, and why; NULL: it is again. (nullable) */
    void (*changed) (const char *why, gpointer data);
} RunStoreListener;

/* One only; before anything is told. */
void run_store_listen (RunStore *store, const RunStoreListener *listener, gpointer data);

/* --- asked: on a thread that runs a loop (or has entered it), answered there, never inline. What
 * was told before is in the answer. `dropped (data)` is called in place of the answer where the
 * loop has ended (any thread; NULL: nothing). --- */

/* `GET /workflows/runs/:id`: NULL without error: there is no such run. */
void run_store_ask_run (RunStore *store, const char *id, RunAnswer answer, gpointer data,
                        GDestroyNotify dropped);
/* {"runs": [{"id", "workflow", "state", "error", "created", "started", "ended"}], "next": id or
 * null}: the newest first. */
void run_store_ask_runs (RunStore *store, const RunFilter *filter, RunAnswer answer, gpointer data,
                         GDestroyNotify dropped);
/* At most `max` events of those behind `after`. */
void run_store_ask_events (RunStore *store, const char *id, guint64 after, guint max,
                           RunEventsAnswer answer, gpointer data, GDestroyNotify dropped);
/* Answered when all that was told before is committed, or could not be. */
void run_store_ask_kept (RunStore *store, RunKeptAnswer answer, gpointer data,
                         GDestroyNotify dropped);
/* Runs that have not ended, and whose owner has: they are this store's from now on. No other store
 * is given the same ones. */
void run_store_take_unfinished (RunStore *store, RunFoundAnswer answer, gpointer data,
                                GDestroyNotify dropped);

/* --- without a loop --- */

/* Waits until all that was told is committed. FALSE with an error: some could not be; it still
 * waits to be. */
gboolean run_store_wait (RunStore *store, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RunStore, run_store_free)

G_END_DECLS
