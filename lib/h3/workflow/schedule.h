/* SPDX-License-Identifier: MIT
 *
 * When something is to run by itself: cron's five fields in the zone of the machine, or every so
 * many seconds. Pure: asks no clock. Owned by its plan and never changed; any thread. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct _Schedule Schedule;

/* Minute, hour, day of the month, month, day of the week: numbers, names (JAN, SUN), `*`, lists,
 * ranges, steps; both days given: either does. Also @hourly, @daily, @weekly, @monthly, @yearly.
 * NULL with H3_ERROR_SYNTAX, also for what never comes: the thirtieth of February. */
Schedule *schedule_new_from_text (const char *text, GError **error);

/* At least one. */
Schedule *schedule_new_every (guint64 milliseconds);

/* NULL is allowed. */
void schedule_free (Schedule *schedule);

/* The first time after `after`; both are milliseconds since 1970. G_MAXINT64: beyond the years
 * that there are. `zone` NULL is UTC.
 * Where the clock is put forward, what was due in the hour that is left out is due behind it; where
 * it is put back, once. What is due every hour goes on with the hours as they are. */
gint64 schedule_get_next (const Schedule *schedule, gint64 after, GTimeZone *zone);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Schedule, schedule_free)

G_END_DECLS
