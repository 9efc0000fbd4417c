/* SPDX-License-Identifier: MIT
 *
 * Deadlines of one length in the order they were armed, so that arming, re-arming and disarming
 * take constant time; one timer of the loop sweeps all lists. One list a kind of wait and worker.
 * The loop's thread only. */

#pragma once

#include <h3/loop/loop.h>

G_BEGIN_DECLS

typedef struct _DeadlineList DeadlineList;

/* Embedded in whoever waits; zeroed before first use. In at most one list at a time. */
typedef struct _DeadlineNode DeadlineNode;
struct _DeadlineNode {
    DeadlineNode *next, *previous; /* borrowed: neighbours in the list; NULL: in none */
    DeadlineList *list;            /* borrowed; NULL: in none */
    gint64 when;                   /* clock_get_now () milliseconds */
};

/* The node is in no list any more when this is called; it may be armed again, or freed. */
typedef void (*DeadlineFunction) (DeadlineNode *node);

/* All lists of a loop and the timer that sweeps them. */
Deadlines *deadlines_new (Loop *loop);
void deadlines_free (Deadlines *deadlines);

/* A list for waits of `milliseconds` each; owned by `deadlines`. */
DeadlineList *deadlines_add_list (Deadlines *deadlines, gint64 milliseconds,
                                  DeadlineFunction on_expired);

/* One that was made before for the same wait and function, else a new one. They stay few: beyond 16
 * of one function a wait is rounded up to a power of two. */
DeadlineList *deadlines_find_list (Deadlines *deadlines, gint64 milliseconds,
                                   DeadlineFunction on_expired);

/* Puts `node` at the end of `list`, taking it out of the list it was in; due at now + the list's
 * length. `now` is clock_get_now (). In a list of 0 milliseconds nothing ever expires; it only
 * says who waits, and since when. */
void deadline_arm (DeadlineNode *node, DeadlineList *list, gint64 now);

/* Of a node that is in a list. */
void deadline_unlink (DeadlineNode *node);

static inline void
deadline_disarm (DeadlineNode *node)
{
    if (node->list != NULL)
        deadline_unlink (node);
}

/* The node behind `after`, the one that has waited longest where that is NULL. NULL: no more. */
DeadlineNode *deadline_list_get_next (const DeadlineList *list, const DeadlineNode *after);
/* When a node that is in a list was armed, in clock_get_now () milliseconds. */
gint64 deadline_get_since (const DeadlineNode *node);

/* Tests: looks for what is due now, without waiting for the timer. */
void deadlines_sweep (Deadlines *deadlines);

G_END_DECLS
