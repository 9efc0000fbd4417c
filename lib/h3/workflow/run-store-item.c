/* SPDX-License-Identifier: MIT */

#include "run-store-item.h"

#include <h3/loop/loop.h>

#include <string.h>

static gsize
measure (const char *text)
{
    return text != NULL ? strlen (text) + 1 : 0;
}

/* The copy's place moves on. */
static const char *
copy (char **place, const char *text, gsize size)
{
    char *to = *place;

    if (text == NULL)
        return NULL;
    memcpy (to, text, size);
    *place += size;
    return to;
}

static const char *
copy_text (char **place, const char *text)
{
    return copy (place, text, measure (text));
}

static gsize
measure_run (const RunRecord *run)
{
    gsize size = measure (run->workflow) + measure (run->plan) + measure (run->input);

    for (guint i = 0; run->steps != NULL && run->steps[i] != NULL; i++)
        size += sizeof (char *) + measure (run->steps[i]);
    return size + 2 * sizeof (char *);
}

/* First of all, where the place is aligned. */
static const char *const *
copy_steps (char **place, const char *const *steps)
{
    guint n = steps != NULL ? g_strv_length ((char **) steps) : 0;
    const char **copies = (const char **) (void *) *place;

    *place += (n + 1) * sizeof *copies;
    for (guint i = 0; i < n; i++)
        copies[i] = copy_text (place, steps[i]);
    copies[n] = NULL;
    return copies;
}

static void
copy_run (char **place, RunRecord *run)
{
    run->steps = copy_steps (place, run->steps);
    run->workflow = copy_text (place, run->workflow);
    run->plan = copy_text (place, run->plan);
    run->input = copy_text (place, run->input);
}

static gsize
measure_payload (RunItemKind kind, const RunItemPayload *with)
{
    switch (kind) {
    case RUN_ITEM_ADD_RUN:
        return measure_run (&with->run);
    case RUN_ITEM_SET_RUN:
        return measure (with->state.error);
    case RUN_ITEM_SET_STEP:
        return measure (with->step.step) + measure (with->step.error);
    case RUN_ITEM_ADD_LINE:
        return measure (with->line.step) + with->line.length;
    case RUN_ITEM_ASK_RUNS:
        return measure (with->filter.workflow) + measure (with->filter.before);
    default:
        return 0;
    }
}

static void
copy_payload (RunItem *item, char **place)
{
    switch (item->kind) {
    case RUN_ITEM_ADD_RUN:
        copy_run (place, &item->with.run);
        break;
    case RUN_ITEM_SET_RUN:
        item->with.state.error = copy_text (place, item->with.state.error);
        break;
    case RUN_ITEM_SET_STEP:
        item->with.step.step = copy_text (place, item->with.step.step);
        item->with.step.error = copy_text (place, item->with.step.error);
        break;
    case RUN_ITEM_ADD_LINE:
        item->with.line.step = copy_text (place, item->with.line.step);
        item->with.line.text = copy (place, item->with.line.text, item->with.line.length);
        break;
    case RUN_ITEM_ASK_RUNS:
        item->with.filter.workflow = copy_text (place, item->with.filter.workflow);
        item->with.filter.before = copy_text (place, item->with.filter.before);
        break;
    default:
        break;
    }
}

RunItem *
run_item_new (RunItemKind kind, const char *id, const RunItemPayload *with)
{
    gsize size = sizeof (RunItem) + measure_payload (kind, with) + measure (id);
    RunItem *item = g_malloc (size);
    char *place = (char *) (item + 1);

    *item = (RunItem){ .kind = kind, .size = size, .with = *with };
    copy_payload (item, &place);
    item->id = copy_text (&place, id);
    return item;
}

void
run_item_free (RunItem *item)
{
    if (item == NULL)
        return;
    if (item->loop != NULL)
        loop_unref (item->loop);
    g_free (item);
}

void
run_item_queue_init (RunItemQueue *queue)
{
    queue->first = NULL;
    queue->last = &queue->first;
}

void
run_item_queue_push (RunItemQueue *queue, RunItem *item)
{
    item->next = NULL;
    *queue->last = item;
    queue->last = &item->next;
}

RunItem *
run_item_queue_pop (RunItemQueue *queue)
{
    RunItem *item = queue->first;

    if (item == NULL)
        return NULL;
    queue->first = item->next;
    if (queue->first == NULL)
        queue->last = &queue->first;
    return item;
}

void
run_item_queue_append (RunItemQueue *to, RunItemQueue *from)
{
    if (from->first == NULL)
        return;
    *to->last = from->first;
    to->last = from->last;
    run_item_queue_init (from);
}
