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
typedef struct _Deadlines Deadlines;
struct event_base;

typedef void (*LoopFunction) (gpointer data);

/* NULL with H3_ERROR (descriptors used up, say). */
Loop *loop_new (GError **error);

/* How many descriptors loops made by now, and from now on, can watch: all below this number.
 * G_MAXUINT: any. libevent chooses how it waits, by its environment too (EVENT_NOEPOLL,
 * EVENT_NOPOLL); with select () no descriptor may be FD_SETSIZE or more, and no process is to have
 * one that has such a loop: loop_new () lowers its soft limit of descriptors. Any thread. */
guint loop_get_descriptor_bound (void);

/* References keep the struct and its mailbox for those who may still post; the base ends with
 * loop_close (). */
Loop *loop_ref (Loop *loop);
void loop_unref (Loop *loop);

/* The owner's end of it, on the loop's thread and not from within a turn: runs what was posted and
 * deferred, drops the alarms, frees the base. Later posts, those too that these functions make,
 * call their `dropped` only, at once. Events and Deadlines of the loop are freed before. */
void loop_close (Loop *loop);

/* The loop whose thread this is, or whose turn: NULL elsewhere. Beside guests a thread has one. */
Loop *loop_get_current (void);
void loop_enter (Loop *loop);
void loop_leave (Loop *loop);

/* A guest's thread belongs to a GMainContext, which has the loop step (guest.h). It is the current
 * one between turns, until the next guest comes or it leaves. */
void loop_enter_as_guest (Loop *loop);
/* The loop that the next functions are to find current; returns the one there was, to be set
 * again. */
Loop *loop_switch (Loop *loop);
/* Whether this thread may wait for others: it belongs to no loop, and no turn is under way. */
gboolean loop_may_wait (void);
/* Whether a turn would find something to do at once that no descriptor tells of. */
gboolean loop_is_due (Loop *loop);
/* Milliseconds after which it would, and no descriptor tells; -1: never. */
gint loop_get_timeout (Loop *loop);

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

/* The deadlines of a worker's loop: borrowed; NULL where it has none. */
void loop_set_deadlines (Loop *loop, Deadlines *deadlines);
Deadlines *loop_get_deadlines (Loop *loop);

/* What a room above keeps once a loop (what a client's requests share): borrowed; it sees to its
 * own end by an ENDING_CLOSE. NULL: nothing. */
void loop_set_lodger (Loop *loop, gpointer lodger);
gpointer loop_get_lodger (Loop *loop);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Loop, loop_unref)

G_END_DECLS
