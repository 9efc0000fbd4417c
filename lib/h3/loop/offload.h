/* SPDX-License-Identifier: MIT
 *
 * Functions run on a pool of threads, their answers back on the loop that asked. Owned by a
 * server; outlives the loops that use it. offload_run () is for a loop's thread. */

#pragma once

#include <h3/loop/loop.h>

G_BEGIN_DECLS

/* Runs on a thread of the pool; sees nothing but `data`. */
typedef void (*OffloadWork) (gpointer data);
/* Runs on the asking loop's thread, never inline. */
typedef void (*OffloadDone) (gpointer data);

/* Threads are started when first needed, up to `max_threads`, and end after resting a while. */
Offload *offload_new (guint max_threads);

/* Lets what was begun run to its end, drops what was not, joins the threads. */
void offload_free (Offload *offload);

/* Runs `work (data)` off the loop, then `done (data)` on `loop`. Where the loop is closed first
 * `destroy (data)` alone is called (on the thread that finds out); else `destroy` runs after
 * `done`. */
void offload_run (Offload *offload, Loop *loop, OffloadWork work, OffloadDone done, gpointer data,
                  GDestroyNotify destroy);

/* Before the first job: how long jobs wait for a thread is measured from now on, and what `limit`
 * microseconds are is too long. */
void offload_set_delay_limit (Offload *offload, gint64 limit);

/* Whether jobs have been waiting too long for a while; FALSE where that is not measured. Any
 * thread, without a lock. */
gboolean offload_is_late (const Offload *offload, gint64 now);

/* While it is late: whether one that comes now would wait too long. Any thread. */
gboolean offload_would_wait (Offload *offload, gint64 now);

/* Somebody was turned away for it: it counts as late for another while. */
void offload_note_refused (Offload *offload, gint64 now);

/* Tests: how long a thread rests before it ends (10 s), and how many there are. */
void offload_set_rest (Offload *offload, guint milliseconds);
guint offload_count_threads (Offload *offload);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Offload, offload_free)

G_END_DECLS
