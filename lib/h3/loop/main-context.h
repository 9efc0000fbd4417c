/* SPDX-License-Identifier: MIT
 *
 * A GMainContext stepped by the loop, thread-default on the loop's thread, so that GIO's
 * asynchronous calls work in handlers. While it has no sources it costs nothing: its wake-up
 * descriptor is watched, and nothing is asked per turn. The loop's thread only. */

#pragma once

#include <h3/loop/loop.h>

G_BEGIN_DECLS

typedef struct _MainContext MainContext;

/* Made before the loop runs, on any thread. NULL with H3_ERROR_FAILED where there are no
 * descriptors for it. */
MainContext *main_context_new (Loop *loop, GError **error);

/* From now on it is thread-default, here on the loop's thread, and its sources are watched. Once.
 */
void main_context_enter (MainContext *main_context);

/* Drops the context, popped where it was entered; its sources are destroyed. NULL is allowed. */
void main_context_free (MainContext *main_context);

GMainContext *main_context_get_context (MainContext *main_context);

/* Tests: how often the context was asked for what is ready. */
guint64 main_context_count_steps (const MainContext *main_context);

G_END_DECLS
