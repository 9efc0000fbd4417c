/* SPDX-License-Identifier: MIT
 *
 * Processes that serve give way to others: one after another, each when its successor serves. */

#include "prefork-private.h"

/* Whether each place has somebody who serves, and nobody is on the way. */
static gboolean
all_serve (const Prefork *prefork)
{
    for (guint i = 0; i < prefork->processes->len; i++) {
        if (((Process *) prefork->processes->pdata[i])->stage == PROCESS_STARTING)
            return FALSE;
    }
    for (guint i = 0; i < MIN (prefork->n_places, prefork->n_wanted); i++) {
        if (prefork_find (prefork, i, NULL) == NULL)
            return FALSE;
    }
    return TRUE;
}

/* The first who is to give way; NULL: nobody is left. */
static Process *
find_older (const Prefork *prefork)
{
    for (guint i = 0; i < MIN (prefork->n_places, prefork->n_wanted); i++) {
        Process *process = prefork_find (prefork, i, NULL);

        if (process->generation != prefork->generation)
            return process;
    }
    return NULL;
}

/* Who has a place that is no more leaves; a place that is new is filled by and by. */
static void
change_places (Prefork *prefork)
{
    for (guint i = prefork->n_wanted; i < prefork->n_places; i++) {
        Process *process = prefork_find (prefork, i, NULL);

        if (process == NULL)
            continue;
        process->stage = PROCESS_LEAVING;
        process_order (process, ORDER_PART);
    }
    prefork->n_places = prefork->n_wanted;
}

static void
end_following (Prefork *prefork, gboolean is_followed)
{
    prefork->follows = FALSE;
    prefork->events.reloaded (is_followed, prefork->events.data);
    service_notices_end_reload (prefork->notices);
}

static gboolean
has_generation (const Prefork *prefork, guint generation)
{
    for (guint i = 0; i < prefork->processes->len; i++) {
        const Process *process = prefork->processes->pdata[i];

        if (process->stage == PROCESS_READY && process->generation == generation)
            return TRUE;
    }
    return FALSE;
}

/* Where some serve already by what cannot be followed they give way in their turn. */
static void
go_back (Prefork *prefork)
{
    guint given_up = prefork->generation;

    prefork->generation = prefork->generation_before;
    prefork->n_wanted = prefork->n_places;
    prefork->rolls = has_generation (prefork, given_up);
    end_following (prefork, FALSE);
}

void
prefork_give_up_rolling (Prefork *prefork, const char *why)
{
    prefork->rolls = prefork->wants_restart = FALSE;
    if (!prefork->follows) {
        g_message ("the restart is given up, and those that run go on: %s", why);
        return;
    }
    g_message ("a process that was to follow the new configuration does not serve: %s", why);
    go_back (prefork);
}

static void
begin_generation (Prefork *prefork)
{
    prefork->generation_before = prefork->generation;
    prefork->generation = ++prefork->n_generations;
    prefork->rolls = TRUE;
}

static void
begin_following (Prefork *prefork)
{
    guint n;

    prefork->wants_reload = FALSE;
    service_notices_begin_reload (prefork->notices);
    prefork->events.reopen (prefork->events.data);
    n = prefork->events.reload (prefork->events.data);
    if (n == 0) {
        service_notices_end_reload (prefork->notices);
        return;
    }
    prefork->n_wanted = n;
    prefork->follows = TRUE;
    begin_generation (prefork);
}

/* A reload that is followed is a restart as well. */
static void
begin_next (Prefork *prefork)
{
    if (prefork->wants_reload)
        begin_following (prefork);
    if (prefork->wants_restart && !prefork->rolls)
        begin_generation (prefork);
    prefork->wants_restart = FALSE;
}

/* Whether one is on the way, in the place of this one. */
static gboolean
replace (Prefork *prefork, const Process *older)
{
    g_autoptr (GError) error = NULL;

    if (prefork_fork (prefork, older->place, &error))
        return TRUE;
    prefork_give_up_rolling (prefork, error->message);
    return FALSE;
}

gboolean
prefork_roll (Prefork *prefork)
{
    const Process *older;

    if (prefork->n_stops > 0 || !prefork->is_ready || !all_serve (prefork))
        return FALSE;
    if (!prefork->rolls) {
        begin_next (prefork);
        return prefork->rolls;
    }
    older = find_older (prefork);
    if (older != NULL)
        return !replace (prefork, older);
    if (prefork->n_places != prefork->n_wanted) {
        change_places (prefork);
        return TRUE;
    }
    prefork->rolls = FALSE;
    if (prefork->follows)
        end_following (prefork, TRUE);
    return TRUE;
}
