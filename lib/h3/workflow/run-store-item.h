/* SPDX-License-Identifier: MIT
 *
 * What a store is told and asked, copied, on its way to the store's thread. Owned by whoever has it
 * last; one thread at a time. */

#pragma once

#include <h3/workflow/run-record.h>

G_BEGIN_DECLS

typedef struct _Loop Loop;

/* As much of one line is kept. */
#define RUN_LINE_MAX (1024 * 1024)

typedef enum {
    RUN_ITEM_ADD_RUN,
    RUN_ITEM_SET_RUN,
    RUN_ITEM_SET_STEP,
    RUN_ITEM_ADD_LINE,
    /* From here on somebody waits for an answer. */
    RUN_ITEM_ASK_RUN,
    RUN_ITEM_ASK_RUNS,
    RUN_ITEM_ASK_EVENTS,
    RUN_ITEM_ASK_KEPT,
    RUN_ITEM_TAKE_UNFINISHED,
} RunItemKind;

typedef struct {
    RunState state;
    const char *error;
    gint64 at;
} RunItemState;

typedef union {
    RunRecord run;
    RunItemState state;
    StepRecord step;
    LineRecord line;
    RunFilter filter;
    struct {
        guint64 after;
        guint max;
    } events;
} RunItemPayload;

typedef struct _RunItem RunItem;
struct _RunItem {
    RunItem *next; /* owned: the queue it is in */
    RunItemKind kind;
    gsize size;     /* bytes that it takes */
    const char *id; /* owned, as all texts here: they stand behind the item */
    RunItemPayload with;
    /* Of a question: */
    Loop *loop;            /* ref; NULL: a thread that waits */
    void (*answer) (void); /* of the kind's type */
    gpointer data;         /* the asker's */
    GDestroyNotify dropped;
};

/* Copies all of `with` that the kind has. `id` is (nullable). */
RunItem *run_item_new (RunItemKind kind, const char *id, const RunItemPayload *with);
/* NULL is allowed. An answer that was not given is not told. */
void run_item_free (RunItem *item);

static inline gboolean
run_item_is_question (const RunItem *item)
{
    return item->kind >= RUN_ITEM_ASK_RUN;
}

typedef struct {
    RunItem *first, **last;
} RunItemQueue;

void run_item_queue_init (RunItemQueue *queue);
void run_item_queue_push (RunItemQueue *queue, RunItem *item);
RunItem *run_item_queue_pop (RunItemQueue *queue);
/* All of `from` behind all of `to`; `from` is empty then. */
void run_item_queue_append (RunItemQueue *to, RunItemQueue *from);

G_END_DECLS
