/* SPDX-License-Identifier: MIT */

#include "endings.h"

void
endings_add (Endings *endings, EndingKind kind, EndingNode *node)
{
    g_assert (!endings->has_come[kind] && !node->is_waiting);
    node->kind = (guint8) kind;
    node->is_waiting = TRUE;
    node->previous = NULL;
    node->next = endings->first[kind];
    if (node->next != NULL)
        node->next->previous = node;
    endings->first[kind] = node;
}

void
endings_remove (Endings *endings, EndingNode *node)
{
    if (!node->is_waiting)
        return;
    node->is_waiting = FALSE;
    if (node->previous != NULL)
        node->previous->next = node->next;
    else
        endings->first[node->kind] = node->next;
    if (node->next != NULL)
        node->next->previous = node->previous;
}

void
endings_come (Endings *endings, EndingKind kind)
{
    EndingNode *node;

    endings->has_come[kind] = TRUE;
    while ((node = endings->first[kind]) != NULL) {
        endings_remove (endings, node);
        node->on_ending (node);
    }
}
