/* SPDX-License-Identifier: MIT
 *
 * Who is told before a loop ends: what would else go on for ever (an event stream), and what only
 * the loop keeps alive (subscriptions). Embedded in the loop; its thread only. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* DRAIN: the server ends, and what goes on is asked to come to its end. CLOSE: the loop takes no
 * posts any more, and this turn is its last. */
typedef enum { ENDING_DRAIN, ENDING_CLOSE, N_ENDINGS } EndingKind;

/* Embedded in whoever is told. */
typedef struct _EndingNode EndingNode;
struct _EndingNode {
    /* Called once; the node is in no list any more, and may be freed. */
    void (*on_ending) (EndingNode *node);
    EndingNode *next, *previous; /* borrowed: the list */
    guint8 kind;
    guint8 is_waiting; /* in a list */
};

typedef struct {
    EndingNode *first[N_ENDINGS]; /* borrowed */
    gboolean has_come[N_ENDINGS];
} Endings;

/* Before the ending has come. */
void endings_add (Endings *endings, EndingKind kind, EndingNode *node);
/* Of a node that may have been told, or never been added. */
void endings_remove (Endings *endings, EndingNode *node);

/* Tells all who wait for it, last come first. */
void endings_come (Endings *endings, EndingKind kind);

G_END_DECLS
