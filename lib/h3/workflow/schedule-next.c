/* SPDX-License-Identifier: MIT */

#include "schedule-private.h"

/* All here is in minutes: since 1970, or of a day. */
#define DAY 1440

/* How far ahead is looked: a 29 February may be eight years off. */
#define HORIZON (9 * 366 * DAY)

/* Later ones overflow, and no zone knows of them. */
#define LAST_MOMENT ((gint64) 9999 * 366 * 24 * 60 * 60 * 1000)

typedef struct {
    const Schedule *schedule; /* borrowed */
    GTimeZone *zone;          /* borrowed */
    gint64 high;              /* the latest minute that the clock on the wall showed yet */
    gint64 day;               /* since 1970: whose answer this is */
    gboolean is_day_due;
} Walk;

static gint64
divide_down (gint64 a, gint64 b)
{
    return a / b - (a % b < 0);
}

/* What the clock on the wall is before UTC there and then. */
static gint64
get_offset (const Walk *walk, gint64 minute)
{
    int interval = g_time_zone_find_interval (walk->zone, G_TIME_TYPE_UNIVERSAL, minute * 60);

    return interval < 0 ? 0 : divide_down (g_time_zone_get_offset (walk->zone, interval), 60);
}

static gboolean
find_day_due (const Schedule *schedule, gint64 day)
{
    GDate date;
    gboolean by_month, by_week;

    g_date_clear (&date, 1);
    g_date_set_julian (&date, (guint32) (day + 719163)); /* 1 January 1970 */
    if (!schedule_has (schedule->months, g_date_get_month (&date)))
        return FALSE;
    by_month = schedule_has (schedule->days, g_date_get_day (&date));
    by_week = schedule_has (schedule->weekdays, g_date_get_weekday (&date) % 7);
    return schedule->either ? by_month || by_week : by_month && by_week;
}

static gboolean
is_day_due (Walk *walk, gint64 day)
{
    if (day != walk->day) {
        walk->day = day;
        walk->is_day_due = find_day_due (walk->schedule, day);
    }
    return walk->is_day_due;
}

static gboolean
is_minute_due (Walk *walk, gint64 wall)
{
    gint64 day = divide_down (wall, DAY);
    gint64 minute = wall - day * DAY;

    return is_day_due (walk, day) && schedule_has (walk->schedule->hours, (guint) (minute / 60))
           && schedule_has (walk->schedule->minutes, (guint) (minute % 60));
}

/* Takes the walk to the next minute; TRUE: something is due in it. Where the clock on the wall was
 * put forward, that may be of the minutes that it left out; a minute that is not behind the latest
 * comes again, as the clock was put back. */
static gboolean
visit (Walk *walk, gint64 wall)
{
    gboolean due = FALSE;

    if (walk->schedule->hours == SCHEDULE_ALL_HOURS)
        due = is_minute_due (walk, wall);
    else
        for (gint64 i = walk->high + 1; i <= wall && !due; i++)
            due = is_minute_due (walk, i);
    walk->high = MAX (walk->high, wall);
    return due;
}

/* To the next day, where this one has nothing and the clock is not put anywhere before it. */
static gint64
get_step (Walk *walk, gint64 minute, gint64 wall, gint64 offset)
{
    gint64 day = divide_down (wall, DAY);
    gint64 rest = (day + 1) * DAY - wall;

    if (is_day_due (walk, day) || get_offset (walk, minute + rest) != offset)
        return 1;
    walk->high = MAX (walk->high, wall + rest - 1);
    return rest;
}

/* It begins a day early, so as to know what the clock showed already. */
static gint64
walk_on (const Schedule *schedule, gint64 after, GTimeZone *zone)
{
    gint64 last = divide_down (after, 60000);
    gint64 minute = last - DAY;
    Walk walk = { schedule, zone, 0, G_MININT64, FALSE };

    walk.high = minute + get_offset (&walk, minute) - 1;
    while (minute < last + HORIZON) {
        gint64 offset = get_offset (&walk, minute);
        gint64 wall = minute + offset;

        if (visit (&walk, wall) && minute > last)
            return minute * 60000;
        minute += get_step (&walk, minute, wall, offset);
    }
    return G_MAXINT64;
}

gint64
schedule_get_next (const Schedule *schedule, gint64 after, GTimeZone *zone)
{
    g_autoptr (GTimeZone) utc = NULL;

    if (after < 0 || after > LAST_MOMENT - schedule->every)
        return G_MAXINT64;
    if (schedule->every > 0)
        return after + schedule->every;
    if (zone == NULL)
        zone = utc = g_time_zone_new_utc ();
    return walk_on (schedule, after, zone);
}
