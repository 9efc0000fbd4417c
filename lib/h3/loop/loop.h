/* SPDX-License-Identifier: MIT
 *
 * One thread's event loop over libevent. Owned by a worker (or a test); all but loop_post (),
 * loop_stop () and loop_ref/unref is for the loop's own thread. */

#pragma once

#include <h3/loop/endings.h>

#include <glib.h>

G_BEGIN_DECLS

typedef struct _Loop Loop;
typedef struct _Offload Offload;
typedef struct _Alarms Alarms;
struct event_base;

typedef void (*LoopFunction) (gpointer data);

/* NULL with H3_ERROR (descriptors used up, say). */
Loop *loop_new (GError **error);

/* References keep the struct and its mailbox for those who may still post; the base ends with
 * loop_close (). */
Loop *loop_ref (Loop *loop);
void loop_unref (Loop *loop);

/* The owner's end of it, on the loop's thread and not from within a turn: runs what was posted and
 * deferred, drops the alarms, frees the base. Later posts, those too that these functions make,
 * call their `dropped` only, at once. Events and Deadlines of the loop are freed before. */
void loop_close (Loop *loop);

/* The loop whose thread this is: set by loop_run () and loop_enter (), NULL elsewhere. */
Loop *loop_get_current (void);
void loop_enter (Loop *loop);
void loop_leave (Loop *loop);

struct event_base *loop_get_base (Loop *loop);
/* NULL: closed. */
Alarms *loop_get_alarms (Loop *loop);

/* Runs until loop_stop (). */
void loop_run (Loop *loop);
/* One turn: waits for something to happen when `wait`, runs what is ready, then what was deferred.
 * FALSE when the loop has been stopped, which lasts. It does not wait while something is deferred.
 */
gboolean loop_step (Loop *loop, gboolean wait);
/* Any thread. */
void loop_stop (Loop *loop);

/* Any thread: calls `function (data)` on the loop's thread, in order of posting, never inline.
 * When the loop is closed before that, `dropped (data)` is called instead (may be NULL). */
void loop_post (Loop *loop, LoopFunction function, gpointer data, GDestroyNotify dropped);

/* Own thread: calls `function (data)` at the end of this turn, after all callbacks of this turn.
 * What is to be freed while a callback of it may be on the stack goes through here. */
void loop_defer (Loop *loop, LoopFunction function, gpointer data);

/* Who is told before the loop ends. The CLOSE among them comes in loop_close (), when what was
 * posted has run; the DRAIN when the worker is told to. */
Endings *loop_get_endings (Loop *loop);

/* The pool that functions run off the loop go to: borrowed, outlives the loop. */
void loop_set_offload (Loop *loop, Offload *offload);
Offload *loop_get_offload (Loop *loop);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Loop, loop_unref)

G_END_DECLS
