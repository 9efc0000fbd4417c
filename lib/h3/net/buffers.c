/* SPDX-License-Identifier: MIT */

#include "buffers.h"

#include <h3/base/counters.h>
#include <h3/loop/alarms.h>
#include <h3/loop/clock.h>

#include <stddef.h>

#define N_CLASSES         4
#define SMALLEST          1024
#define MAX_RESTING       (4 * 1024 * 1024) /* what comes back beyond it is freed at once */
#define TRIM_MILLISECONDS 10000

typedef struct {
    Buffer *first; /* owned: the list */
    guint count;
    guint least; /* the lowest count since the last trim: so many nobody has needed */
} Shelf;

struct _Buffers {
    Loop *loop; /* ref */
    Shelf shelves[N_CLASSES];
    gsize resting;
    Alarm trim; /* set while something rests */
};

static gsize
get_class_size (guint index)
{
    return (gsize) SMALLEST << (2 * index);
}

/* N_CLASSES where it is larger than all of them. */
static guint
find_class (gsize capacity)
{
    guint index = 0;

    while (index < N_CLASSES && get_class_size (index) < capacity)
        index++;
    return index;
}

static Buffer *
new_buffer (gsize capacity)
{
    Buffer *buffer;

    if (capacity > G_MAXUINT32)
        return NULL;
    buffer = g_try_malloc (offsetof (Buffer, data) + capacity);
    if (buffer == NULL)
        return NULL;
    buffer->capacity = (guint32) capacity;
    counters_add (COUNTER_BUFFER_BYTES, (gint64) capacity);
    return buffer;
}

static void
free_buffer (Buffer *buffer)
{
    counters_add (COUNTER_BUFFER_BYTES, -(gint64) buffer->capacity);
    g_free (buffer);
}

static Buffer *
unshelve (Buffers *buffers, Shelf *shelf)
{
    Buffer *buffer = shelf->first;

    shelf->first = buffer->next;
    shelf->count--;
    shelf->least = MIN (shelf->least, shelf->count);
    buffers->resting -= buffer->capacity;
    return buffer;
}

void
buffers_trim (Buffers *buffers)
{
    for (guint i = 0; i < N_CLASSES; i++) {
        Shelf *shelf = &buffers->shelves[i];

        for (guint left = shelf->least; left > 0; left--)
            free_buffer (unshelve (buffers, shelf));
        shelf->least = shelf->count;
    }
}

static void
set_trim (Buffers *buffers)
{
    Alarms *alarms = loop_get_alarms (buffers->loop);

    if (alarms != NULL && buffers->trim.place == 0)
        alarms_set (alarms, &buffers->trim, clock_get_now () + TRIM_MILLISECONDS);
}

static void
on_trim_due (Alarm *alarm)
{
    Buffers *buffers = (Buffers *) ((char *) alarm - G_STRUCT_OFFSET (Buffers, trim));

    buffers_trim (buffers);
    if (buffers->resting > 0)
        set_trim (buffers);
}

Buffers *
buffers_new (Loop *loop)
{
    Buffers *buffers = g_new0 (Buffers, 1);

    buffers->loop = loop_ref (loop);
    buffers->trim.on_due = on_trim_due;
    return buffers;
}

void
buffers_free (Buffers *buffers)
{
    if (buffers == NULL)
        return;
    alarms_clear (loop_get_alarms (buffers->loop), &buffers->trim);
    for (guint i = 0; i < N_CLASSES; i++)
        while (buffers->shelves[i].first != NULL)
            free_buffer (unshelve (buffers, &buffers->shelves[i]));
    loop_unref (buffers->loop);
    g_free (buffers);
}

Buffer *
buffers_take (Buffers *buffers, gsize capacity)
{
    guint index = find_class (capacity);
    Buffer *buffer;

    if (index < N_CLASSES && buffers->shelves[index].first != NULL)
        buffer = unshelve (buffers, &buffers->shelves[index]);
    else
        buffer = new_buffer (index < N_CLASSES ? get_class_size (index) : capacity);
    if (buffer != NULL) {
        buffer->next = NULL;
        buffer->start = 0;
        buffer->end = 0;
    }
    return buffer;
}

void
buffers_give (Buffers *buffers, Buffer *buffer)
{
    guint index;
    Shelf *shelf;

    if (buffer == NULL)
        return;
    index = find_class (buffer->capacity);
    if (index == N_CLASSES || buffers->resting + buffer->capacity > MAX_RESTING) {
        free_buffer (buffer);
        return;
    }
    shelf = &buffers->shelves[index];
    buffer->next = shelf->first;
    shelf->first = buffer;
    shelf->count++;
    buffers->resting += buffer->capacity;
    set_trim (buffers);
}

gsize
buffers_get_resting (const Buffers *buffers)
{
    return buffers->resting;
}
