/* SPDX-License-Identifier: MIT
 *
 * What the files of the metrics share. */

#pragma once

#include "metrics-inside.h"
#include "metrics-program.h"

#include <pthread.h>
#include <stdatomic.h>

G_BEGIN_DECLS

/* Buckets that lie side by side: most routes are served within two or three such groups. */
#define METRICS_GROUP  64
#define METRICS_GROUPS ((HISTOGRAM_N_BUCKETS + METRICS_GROUP - 1) / METRICS_GROUP)

typedef struct {
    _Atomic guint64 buckets[METRICS_GROUP];
} MetricsGroup;

/* One thread's numbers for a route and a method. Only that thread writes them, so an update is a
 * load and a store. */
typedef struct {
    _Atomic guint64 statuses[METRICS_N_STATUSES];
    _Atomic guint64 sum, bytes_in, bytes_out, aborted;
    _Atomic (MetricsGroup *) groups[METRICS_GROUPS]; /* owned; NULL: all 0 */
} MetricsRow;

typedef struct {
    _Atomic (MetricsRow *) rows[H3_N_METHODS]; /* owned; NULL: all 0 */
} MetricsMethods;

/* Labels 0 and 1 are there from the beginning. */
enum { LABEL_NONE, LABEL_OTHER, MAX_LABELS = METRICS_MAX_ROUTES + 2 };

/* Routes that a thread has met, by their serial numbers, which follow one another in an app. */
#define METRICS_PLACES 1024

typedef struct {
    guint64 serial;
    MetricsMethods *methods; /* borrowed: the thread's */
} MetricsPlace;

/* One thread's numbers. They stay when it ends, and the next that begins goes on with them. */
typedef struct _MetricsThread MetricsThread;
struct _MetricsThread {
    H3Metrics *metrics;  /* borrowed: its owner */
    MetricsThread *next; /* borrowed: the registry's list of all */
    gconstpointer owner; /* which thread; NULL: none. Guarded by the registry's lock */
    MetricsPlace places[METRICS_PLACES];
    _Atomic (MetricsMethods *) labels[MAX_LABELS]; /* owned; NULL: all 0 */
};

typedef struct {
    MetricsCollector function;
    gpointer data; /* borrowed: who added it */
} MetricsCollecting;

struct _H3Metrics {
    atomic_int refs;
    guint64 id;                 /* never given twice */
    pthread_mutex_t mutex;      /* guards what follows */
    GPtrArray *labels;          /* owned: char *, never removed */
    GHashTable *indices;        /* owned; a label, borrowed, to its index */
    GPtrArray *families;        /* owned: MetricsFamily, never removed */
    pthread_mutex_t collecting; /* held while collectors run; guards the next */
    GArray *collectors;         /* owned: MetricsCollecting */
};

/* metrics-rows.c: this thread's numbers, and those of all. */
MetricsRow *metrics_get_row (H3Metrics *metrics, const H3Route *route, guint method);
/* (transfer none): the row's group with this index, which it did not have. */
MetricsGroup *metrics_row_add_group (MetricsRow *row, guint index);
void metrics_free_threads (H3Metrics *metrics);

static inline void
metrics_add (_Atomic guint64 *number, guint64 amount)
{
    atomic_store_explicit (number, atomic_load_explicit (number, memory_order_relaxed) + amount,
                           memory_order_relaxed);
}

static inline void
metrics_row_count (MetricsRow *row, guint64 duration)
{
    guint index = histogram_index_of (duration);
    MetricsGroup *group =
        atomic_load_explicit (&row->groups[index / METRICS_GROUP], memory_order_relaxed);

    if (G_UNLIKELY (group == NULL))
        group = metrics_row_add_group (row, index / METRICS_GROUP);
    metrics_add (&group->buckets[index % METRICS_GROUP], 1);
    metrics_add (&row->sum, duration);
}

/* On the thread whose row it is. */
static inline void
metrics_row_add (MetricsRow *row, const MetricsSample *sample)
{
    metrics_add (&row->statuses[MIN (sample->status / 100, METRICS_N_STATUSES - 1)], 1);
    metrics_add (&row->bytes_in, sample->bytes_in);
    metrics_add (&row->bytes_out, sample->bytes_out);
    if (G_UNLIKELY (sample->is_aborted))
        metrics_add (&row->aborted, 1);
    if (G_LIKELY (sample->is_timed))
        metrics_row_count (row, sample->duration);
}

/* metrics-families.c: what the program added. */
void metrics_write_families (H3Metrics *metrics, MetricsText *text);

/* metrics-library.c */
void metrics_write_library (MetricsText *text);

G_END_DECLS
