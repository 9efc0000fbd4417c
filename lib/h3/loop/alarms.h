/* SPDX-License-Identifier: MIT
 *
 * Moments of clock_get_now () at which something is to be called: a heap, and one timer for
 * the earliest. They follow a driven clock. Owned by a loop; its thread only. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

struct event_base;

typedef struct _Alarms Alarms;
typedef struct _Alarm Alarm;

/* The alarm is not set any more when this is called; it may be set again, or freed. */
typedef void (*AlarmFunction) (Alarm *alarm);

/* Embedded in whoever waits; all but the functions zeroed before first use. */
struct _Alarm {
    gint64 when;   /* milliseconds */
    guint64 order; /* of being set: what is due at one moment runs in this order */
    guint place;   /* in the heap, from 1; 0: not set */
    AlarmFunction on_due;
    AlarmFunction on_dropped; /* the loop closes first; may be NULL */
};

/* NULL with errno: no descriptor for the timer, or no memory for its event. */
Alarms *alarms_new (struct event_base *base);

/* None may be set. NULL is allowed. */
void alarms_free (Alarms *alarms);

/* Sets, or sets anew. What is due already is called at the next turn, never inline. */
void alarms_set (Alarms *alarms, Alarm *alarm, gint64 when);

/* Nothing when it is not set: `alarms` may then be NULL. */
void alarms_clear (Alarms *alarms, Alarm *alarm);

/* Whether there is something for alarms_run () to do now. */
gboolean alarms_are_due (const Alarms *alarms);

/* Milliseconds until the earliest, where no descriptor tells of it; -1: one does, or none is set.
 */
gint alarms_get_timeout (const Alarms *alarms);

/* Calls what is due and was set before this call. */
void alarms_run (Alarms *alarms);

/* Calls `on_dropped` of all that are set, those too that these functions set. */
void alarms_drop (Alarms *alarms);

G_END_DECLS
