/* SPDX-License-Identifier: MIT
 *
 * Follows a run by pulling: events behind the last one that was taken are asked for, handed on, and
 * asked for again when more were committed, and not before these were taken. So nothing is missed,
 * and nothing waits but what is in one answer of the store's. Owned by who follows; the thread of
 * one loop, that which it began on. */

#pragma once

#include <h3/workflow/run-record.h>

#include <glib.h>

G_BEGIN_DECLS

typedef struct _H3Workflows H3Workflows;
typedef struct _RunPull RunPull;

/* Each may end it. */
typedef struct {
    /* Returns how many were taken; where that is less than `n` it stands still until
     * run_pull_resume (). `n` may be 0: nothing yet, or with `has_ended` nothing any more. */
    guint (*on_events) (const RunEvent *events, guint n, gboolean has_ended, gpointer data);
    /* H3_ERROR_NOT_FOUND: there is no such run here. Where there is one later it goes on. */
    void (*on_failed) (const GError *error, gpointer data);
    /* The loop ends first. Nothing more comes. */
    void (*on_dropped) (gpointer data);
} RunPuller;

/* Behind event `after`; 0: from the first. Never inline. `workflows` outlives it. */
RunPull *run_pull_begin (H3Workflows *workflows, const char *id, guint64 after,
                         const RunPuller *puller, gpointer data);

/* Frees; nothing is called any more. NULL is allowed. */
void run_pull_end (RunPull *pull);

/* Asks for what was not taken. */
void run_pull_resume (RunPull *pull);

/* The number of the last event that was taken. */
guint64 run_pull_get_after (const RunPull *pull);

G_END_DECLS
