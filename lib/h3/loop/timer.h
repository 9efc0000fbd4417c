/* SPDX-License-Identifier: MIT
 *
 * One-shot and repeating timers on the worker's loop. A timer belongs to the loop it was made on:
 * started, cancelled and fired there. Reference-counted (any thread may hold and drop references);
 * a timer that is under way holds one on itself. Since: 0.1 */

#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

/**
 * H3Timer:
 *
 * A timer that fires once or again and again, on the worker's loop on which it was started.
 *
 * Boxed, reference-counted: any thread may hold and drop references; it is started, cancelled and
 * fired on its loop. A timer that is under way holds one on itself.
 *
 * Since: 0.1
 */
typedef struct _H3Timer H3Timer;

/**
 * H3TimerFunction:
 * @timer: (transfer none): the timer that fired
 * @user_data: what was given to h3_timer_start()
 *
 * Told that a timer fired.
 *
 * Called on the timer's loop. May cancel the timer, whose memory lasts until this returns.
 *
 * Since: 0.1
 */
typedef void (*H3TimerFunction) (H3Timer *timer, gpointer user_data);

#define H3_TYPE_TIMER (h3_timer_get_type ())
GType h3_timer_get_type (void);

/**
 * h3_timer_start:
 * @milliseconds: how long from now; 0 is the next turn of the loop, never inline
 * @repeat: whether to fire again every @milliseconds (which then must be at least 1)
 * @function: (scope notified) (closure user_data) (destroy destroy): what to call
 * @user_data: (nullable): for @function
 * @destroy: (nullable): called on the loop's thread, once, after the last call or the cancel
 *
 * Starts a timer.
 *
 * Thread: a worker's (in a handler, a timer, a callback of the library); elsewhere a critical and
 * %NULL.
 *
 * Returns: (transfer full) (nullable): the running timer, which dropping the reference does not
 *   stop; %NULL on another thread than a worker's
 *
 * Since: 0.1
 */
H3Timer *h3_timer_start (guint milliseconds, gboolean repeat, H3TimerFunction function,
                         gpointer user_data, GDestroyNotify destroy);

/**
 * h3_timer_ref:
 * @timer: a timer
 *
 * Holds the timer once more. Any thread.
 *
 * Returns: (transfer full): the timer
 *
 * Since: 0.1
 */
H3Timer *h3_timer_ref (H3Timer *timer);

/**
 * h3_timer_unref:
 * @timer: (nullable) (transfer full): a timer; %NULL is allowed
 *
 * Lets go of the timer, which is not stopped by that. Any thread.
 *
 * Since: 0.1
 */
void h3_timer_unref (H3Timer *timer);

/**
 * h3_timer_is_active:
 * @timer: a timer
 *
 * Tells whether it will fire again. The timer's own thread.
 *
 * Returns: %TRUE when it will
 *
 * Since: 0.1
 */
gboolean h3_timer_is_active (const H3Timer *timer);

/**
 * h3_timer_cancel:
 * @timer: (nullable): a timer; %NULL is allowed
 *
 * Stops the timer: it never fires again. The timer's own thread.
 *
 * Safe at any time: in its own function, after it fired, twice.
 *
 * Since: 0.1
 */
void h3_timer_cancel (H3Timer *timer);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (H3Timer, h3_timer_unref)

G_END_DECLS
