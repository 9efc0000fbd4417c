/* SPDX-License-Identifier: MIT */

#include "triggers.h"

#include "plan-inside.h"

#include <h3/base/view.h>
#include <h3/loop/alarms.h>
#include <h3/loop/clock.h>
#include <h3/loop/loop.h>

#include <stddef.h>

/* The clock on the wall may be set meanwhile: so often it is looked at anew, in milliseconds. */
#define LONGEST_WAIT (10 * 60 * 1000)

struct _Triggers {
    Loop *loop; /* borrowed */
    TriggersFunction function;
    gpointer data;
    GHashTable *plans; /* owned; names, borrowed from the plans, to Trigger */
};

typedef struct {
    Alarm alarm;
    Triggers *triggers; /* borrowed */
    H3Plan *plan;       /* ref */
    gint64 next;        /* of the real clock */
} Trigger;

static void
find_next (Trigger *trigger)
{
    g_autoptr (GTimeZone) zone = g_time_zone_new_local ();
    const GPtrArray *schedules = trigger->plan->schedules;
    gint64 now = clock_get_real ();

    trigger->next = G_MAXINT64;
    for (guint i = 0; i < schedules->len; i++)
        trigger->next = MIN (trigger->next, schedule_get_next (schedules->pdata[i], now, zone));
}

static void
wait_for_it (Trigger *trigger)
{
    gint64 wait = trigger->next - clock_get_real ();

    if (trigger->next == G_MAXINT64)
        return;
    alarms_set (loop_get_alarms (trigger->triggers->loop), &trigger->alarm,
                clock_get_now () + CLAMP (wait, 0, LONGEST_WAIT));
}

static void
on_due (Alarm *alarm)
{
    Trigger *trigger = (Trigger *) ((char *) alarm - offsetof (Trigger, alarm));
    Triggers *triggers = trigger->triggers;
    g_autoptr (H3Plan) plan = NULL;

    if (clock_get_real () < trigger->next) {
        wait_for_it (trigger);
        return;
    }
    find_next (trigger);
    wait_for_it (trigger);
    /* The function may set another plan in the place of this one. */
    plan = h3_plan_ref (trigger->plan);
    triggers->function (h3_plan_get_name (plan), triggers->data);
}

static void
free_trigger (gpointer data)
{
    Trigger *trigger = data;

    alarms_clear (loop_get_alarms (trigger->triggers->loop), &trigger->alarm);
    h3_plan_unref (trigger->plan);
    g_free (trigger);
}

Triggers *
triggers_new (Loop *loop, TriggersFunction function, gpointer data)
{
    Triggers *triggers = g_new0 (Triggers, 1);

    triggers->loop = loop;
    triggers->function = function;
    triggers->data = data;
    triggers->plans = g_hash_table_new_full (h3_string_hash, g_str_equal, NULL, free_trigger);
    return triggers;
}

void
triggers_free (Triggers *triggers)
{
    if (triggers == NULL)
        return;
    g_hash_table_unref (triggers->plans);
    g_free (triggers);
}

void
triggers_remove_plan (Triggers *triggers, const char *name)
{
    (void) g_hash_table_remove (triggers->plans, name);
}

void
triggers_set_plan (Triggers *triggers, H3Plan *plan)
{
    Trigger *trigger = g_hash_table_lookup (triggers->plans, h3_plan_get_name (plan));

    /* Read anew, and the same: what it waits for would else begin anew each time. */
    if (trigger != NULL && strcmp (trigger->plan->text, plan->text) == 0)
        return;
    triggers_remove_plan (triggers, h3_plan_get_name (plan));
    if (plan->schedules->len == 0)
        return;
    trigger = g_new0 (Trigger, 1);
    trigger->alarm.on_due = on_due;
    trigger->triggers = triggers;
    trigger->plan = h3_plan_ref (plan);
    g_hash_table_insert (triggers->plans, (gpointer) h3_plan_get_name (trigger->plan), trigger);
    find_next (trigger);
    wait_for_it (trigger);
}
