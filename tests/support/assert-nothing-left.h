/* SPDX-License-Identifier: MIT
 *
 * That a test leaves nothing behind: every counter of live things, and the descriptors, are again
 * where they were before it began. Main thread, once all servers of the test have been freed. */

#pragma once

#include "h3/base/counters.h"

G_BEGIN_DECLS

typedef struct {
    gint64 values[N_COUNTERS];
    guint descriptors;
} LiveSnapshot;

/* What lives now. */
LiveSnapshot live_snapshot_take (void);

/* (transfer full) (nullable): what is not again as it was, by name; NULL: nothing. */
char *live_snapshot_dup_difference (const LiveSnapshot *before);

/* Fails the test, naming what was left. */
void assert_nothing_left (const LiveSnapshot *before);

G_END_DECLS
