/* SPDX-License-Identifier: MIT */

#include "schedule-private.h"

#include <h3/base/error.h>

#include <string.h>

typedef struct {
    const char *what;
    guint least;
    guint most;
    const char *const *names; /* of `least` and what follows; NULL: none */
} Field;

static const char *const month_names[] = { "jan", "feb", "mar", "apr", "may", "jun", "jul",
                                           "aug", "sep", "oct", "nov", "dec", NULL };
static const char *const day_names[] = { "sun", "mon", "tue", "wed", "thu", "fri", "sat", NULL };

/* Seven is Sunday too. */
static const Field fields[] = {
    { "minute", 0, 59, NULL },
    { "hour", 0, 23, NULL },
    { "day of the month", 1, 31, NULL },
    { "month", 1, 12, month_names },
    { "day of the week", 0, 7, day_names },
};

static const struct {
    const char *name;
    const char *text;
} nicknames[] = {
    { "@hourly", "0 * * * *" },   { "@daily", "0 0 * * *" },   { "@midnight", "0 0 * * *" },
    { "@weekly", "0 0 * * 0" },   { "@monthly", "0 0 1 * *" }, { "@yearly", "0 0 1 1 *" },
    { "@annually", "0 0 1 1 *" },
};

static gboolean
read_number (const char *text, guint *out_value)
{
    gsize length = strspn (text, G_CSET_DIGITS);

    if (length == 0 || length > 3 || text[length] != '\0')
        return FALSE;
    *out_value = (guint) g_ascii_strtoull (text, NULL, 10);
    return TRUE;
}

static gboolean
read_value (const Field *field, const char *text, guint *out_value)
{
    for (guint i = 0; field->names != NULL && field->names[i] != NULL; i++) {
        if (g_ascii_strcasecmp (text, field->names[i]) == 0) {
            *out_value = field->least + i;
            return TRUE;
        }
    }
    return read_number (text, out_value) && *out_value >= field->least && *out_value <= field->most;
}

/* A value, or two with `-` between; a step behind `/`; `*` is all of them. */
static gboolean
read_range (const Field *field, const char *text, guint64 *set)
{
    g_auto (GStrv) parts = g_strsplit (text, "/", 2);
    g_auto (GStrv) ends = g_strsplit (parts[0] != NULL ? parts[0] : "", "-", 2);
    guint first = field->least, last = field->most, step = 1;

    if (ends[0] == NULL)
        return FALSE;
    if (parts[1] != NULL && (!read_number (parts[1], &step) || step == 0))
        return FALSE;
    if (strcmp (parts[0], "*") == 0) {
        /* Sunday is there once. */
        last = field->names == day_names ? 6 : last;
    } else if (!read_value (field, ends[0], &first)) {
        return FALSE;
    } else if (ends[1] == NULL) {
        last = parts[1] != NULL ? last : first;
    } else if (!read_value (field, ends[1], &last) || last < first) {
        return FALSE;
    }
    for (guint i = first; i <= last; i += step)
        *set |= (guint64) 1 << i;
    return TRUE;
}

static gboolean
read_field (const Field *field, const char *text, guint64 *out_set, GError **error)
{
    g_auto (GStrv) ranges = g_strsplit (text, ",", -1);

    *out_set = 0;
    for (guint i = 0; ranges[i] != NULL; i++) {
        if (read_range (field, ranges[i], out_set))
            continue;
        g_set_error (error, H3_ERROR, H3_ERROR_SYNTAX,
                     "'%.40s' cannot be the %s of a schedule: numbers from %u to %u, ranges as "
                     "2-5, steps as */5, lists of them with commas",
                     text, field->what, field->least, field->most);
        return FALSE;
    }
    return TRUE;
}

/* A day that no year has: with every day of the week in it, or with none given. */
static gboolean
can_come (const Schedule *schedule)
{
    static const guint days_of[] = { 31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };

    if (schedule->either)
        return TRUE;
    for (guint month = 1; month <= 12; month++) {
        guint64 days = (((guint64) 1 << days_of[month - 1]) - 1) << 1;

        if (schedule_has (schedule->months, month) && (schedule->days & days) != 0)
            return TRUE;
    }
    return FALSE;
}

static gboolean
read_fields (Schedule *schedule, char **texts, GError **error)
{
    guint64 *sets[] = { &schedule->minutes, &schedule->hours, &schedule->days, &schedule->months,
                        &schedule->weekdays };

    for (guint i = 0; i < G_N_ELEMENTS (fields); i++)
        if (!read_field (&fields[i], texts[i], sets[i], error))
            return FALSE;
    if (schedule_has (schedule->weekdays, 7))
        schedule->weekdays |= 1;
    schedule->weekdays &= 0x7f;
    schedule->either = texts[2][0] != '*' && texts[4][0] != '*';
    if (can_come (schedule))
        return TRUE;
    g_set_error (error, H3_ERROR, H3_ERROR_SYNTAX,
                 "The schedule never comes: no month that it names has the day");
    return FALSE;
}

Schedule *
schedule_new_from_text (const char *text, GError **error)
{
    g_autoptr (Schedule) schedule = g_new0 (Schedule, 1);
    g_autoptr (GPtrArray) words = g_ptr_array_new ();
    g_auto (GStrv) parts = NULL;

    for (guint i = 0; i < G_N_ELEMENTS (nicknames); i++)
        if (strcmp (text, nicknames[i].name) == 0)
            text = nicknames[i].text;
    parts = g_strsplit_set (text, " \t", -1);
    for (guint i = 0; parts[i] != NULL; i++)
        if (*parts[i] != '\0')
            g_ptr_array_add (words, parts[i]);
    if (words->len != G_N_ELEMENTS (fields)) {
        g_set_error (error, H3_ERROR, H3_ERROR_SYNTAX,
                     "'%.40s' is no schedule: five fields (minute, hour, day of the month, month, "
                     "day of the week), or @hourly, @daily, @weekly, @monthly, @yearly",
                     text);
        return NULL;
    }
    if (!read_fields (schedule, (char **) words->pdata, error))
        return NULL;
    return g_steal_pointer (&schedule);
}

Schedule *
schedule_new_every (guint64 milliseconds)
{
    Schedule *schedule = g_new0 (Schedule, 1);

    g_assert (milliseconds > 0 && milliseconds <= G_MAXINT64);
    schedule->every = (gint64) milliseconds;
    return schedule;
}

void
schedule_free (Schedule *schedule)
{
    g_free (schedule);
}
