/* SPDX-License-Identifier: MIT
 *
 * A descriptor that a loop looks after: told when it can be read or written, for as long as it is
 * watched. For what is neither a client's socket nor another server's: pipes, processes. Owned by
 * whoever made it; the loop's thread only. */

#pragma once

#include <h3/loop/loop.h>

G_BEGIN_DECLS

typedef struct _Watch Watch;

typedef enum {
    WATCH_READ = 1 << 0, /* something to read, or the end of it, or a failure */
    WATCH_WRITE = 1 << 1,
} WatchFlags;

/* `ready` is one of those that are watched, or both. Called again at each turn as long as it stays
 * so. May free the watch. */
typedef void (*WatchFunction) (Watch *watch, WatchFlags ready, gpointer data);

/* `fd` is the caller's, does not block, and is closed behind watch_free () only; one watch a
 * descriptor. `flags` may be 0: nothing yet. NULL with H3_ERROR_FAILED. */
Watch *watch_new (Loop *loop, int fd, WatchFlags flags, WatchFunction function, gpointer data,
                  GError **error);

/* Its function is not called any more, not even for what this turn has found. Before the loop is
 * closed. NULL is allowed. */
void watch_free (Watch *watch);

/* What is watched from now on; 0: nothing. FALSE with errno: the system refused, and nothing is. */
gboolean watch_set (Watch *watch, WatchFlags flags);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Watch, watch_free)

G_END_DECLS
