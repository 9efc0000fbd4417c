/* SPDX-License-Identifier: MIT
 *
 * Which loop a thread has. */

#include "loop-private.h"

/* The loop whose thread this is, or whose turn; those that were entered, the last first; how many
 * turns are under way, one within the other. Borrowed: whoever entered or steps them. */
static __thread Loop *current, *entered;
static __thread guint n_turns;

Loop *
loop_begin_turn (Loop *loop)
{
    Loop *outer = current;

    current = loop;
    n_turns++;
    loop->is_stepping = TRUE;
    return outer;
}

/* A guest may have come in the turn. */
void
loop_end_turn (Loop *loop, Loop *outer)
{
    loop->is_stepping = FALSE;
    current = --n_turns > 0 ? outer : entered;
}

Loop *
loop_get_current (void)
{
    return current;
}

static void
enter (Loop *loop, gboolean is_guest)
{
    loop->is_guest = is_guest;
    loop->outer = entered;
    entered = loop;
    if (n_turns == 0)
        current = loop;
}

void
loop_enter (Loop *loop)
{
    g_return_if_fail (loop_may_wait ());
    enter (loop, FALSE);
}

void
loop_enter_as_guest (Loop *loop)
{
    enter (loop, TRUE);
}

void
loop_leave (Loop *loop)
{
    Loop **at = &entered;

    while (*at != NULL && *at != loop)
        at = &(*at)->outer;
    g_return_if_fail (*at == loop);
    *at = loop->outer;
    if (n_turns == 0)
        current = entered;
}

Loop *
loop_switch (Loop *loop)
{
    Loop *before = current;

    current = loop;
    return before;
}

gboolean
loop_may_wait (void)
{
    return n_turns == 0 && (entered == NULL || entered->is_guest);
}
