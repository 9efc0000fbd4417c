/* SPDX-License-Identifier: MIT
 *
 * What a schedule is made of, for the two files that read it and that reckon with it. */

#pragma once

#include <h3/workflow/schedule.h>

G_BEGIN_DECLS

struct _Schedule {
    gint64 every;     /* milliseconds; 0: by what follows, a bit a value */
    guint64 minutes;  /* 0 to 59 */
    guint64 hours;    /* 0 to 23 */
    guint64 days;     /* of the month, 1 to 31 */
    guint64 months;   /* 1 to 12 */
    guint64 weekdays; /* 0 to 6, Sunday first */
    gboolean either;  /* both kinds of days are given: one of them is enough */
};

static inline gboolean
schedule_has (guint64 set, guint value)
{
    return (set >> value & 1) != 0;
}

#define SCHEDULE_ALL_HOURS ((1 << 24) - 1)

G_END_DECLS
