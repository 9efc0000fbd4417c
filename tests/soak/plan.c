/* SPDX-License-Identifier: MIT */

#include "plan.h"

#include <string.h>

static void
clear_step (gpointer data)
{
    Step *step = data;

    g_clear_pointer (&step->data, g_bytes_unref);
}

Plan *
plan_new (const char *name)
{
    Plan *plan = g_new0 (Plan, 1);

    plan->name = name;
    plan->steps = g_array_new (FALSE, FALSE, sizeof (Step));
    g_array_set_clear_func (plan->steps, clear_step);
    plan->expected = g_array_new (FALSE, FALSE, sizeof (Expected));
    return plan;
}

void
plan_free (Plan *plan)
{
    if (plan == NULL)
        return;
    g_array_unref (plan->steps);
    g_array_unref (plan->expected);
    g_free (plan);
}

static void
add (Plan *plan, Step step)
{
    g_array_append_val (plan->steps, step);
}

void
plan_send (Plan *plan, const char *text, gsize piece, guint pause)
{
    add (plan, (Step){ .kind = STEP_SEND,
                       .data = g_bytes_new (text, strlen (text)),
                       .length = strlen (text),
                       .piece = piece,
                       .pause = pause });
}

void
plan_send_bytes (Plan *plan, GBytes *bytes, gsize piece, guint pause)
{
    add (plan, (Step){ .kind = STEP_SEND,
                       .data = g_bytes_ref (bytes),
                       .length = g_bytes_get_size (bytes),
                       .piece = piece,
                       .pause = pause });
}

void
plan_send_pattern (Plan *plan, guint64 length, gsize piece, guint pause)
{
    add (plan, (Step){ .kind = STEP_PATTERN, .length = length, .piece = piece, .pause = pause });
}

void
plan_pause (Plan *plan, guint milliseconds)
{
    add (plan, (Step){ .kind = STEP_PAUSE, .pause = milliseconds });
}

void
plan_await (Plan *plan)
{
    add (plan, (Step){ .kind = STEP_AWAIT, .answers = plan->expected->len });
}

void
plan_step (Plan *plan, StepKind kind)
{
    add (plan, (Step){ .kind = kind });
}

static void
promise (Plan *plan, Expected expected)
{
    g_array_append_val (plan->expected, expected);
}

void
plan_expect (Plan *plan, guint status)
{
    promise (plan, (Expected){ .status = status });
}

void
plan_expect_text (Plan *plan, guint status, const char *text)
{
    promise (plan, (Expected){ .status = status, .kind = BODY_TEXT, .text = text });
}

void
plan_expect_has (Plan *plan, guint status, const char *text)
{
    promise (plan, (Expected){ .status = status, .kind = BODY_HAS, .text = text });
}

void
plan_expect_pattern (Plan *plan, guint64 length)
{
    promise (plan, (Expected){ .status = 200, .kind = BODY_PATTERN, .length = length });
}

void
plan_expect_head (Plan *plan, guint status)
{
    promise (plan, (Expected){ .status = status, .no_body = TRUE });
}
