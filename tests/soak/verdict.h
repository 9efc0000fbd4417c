/* SPDX-License-Identifier: MIT
 *
 * What a run has shown, and whether that is good enough. Nothing here measures: numbers in, words
 * out, so that each way to fail has a test. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define VERDICT_MAX_GROWTH 512   /* KiB */
#define VERDICT_MAX_DRIFT  0.025 /* of the ratio of medians */

/* The server at rest: nothing but idle connections and a probe. */
typedef struct {
    double seconds;         /* since the start */
    guint64 resident;       /* KiB; 0: not known */
    guint64 heap;           /* KiB in use of malloc's; 0: not known */
    double soaked, control; /* median latencies, any unit; 0: not measured */
} Rest;

typedef struct {
    double seconds;                             /* the length of the run */
    GArray *rests;                              /* owned: Rest */
    GHashTable *objects_before, *objects_after; /* owned: kind to its number (char *, gint64 *) */
    guint64 n_errors;
} Record;

Record *record_new (double seconds);
void record_free (Record *record);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Record, record_free)

void record_add_rest (Record *record, const Rest *rest);
/* Of a table above. */
void record_set_objects (GHashTable *objects, const char *kind, gint64 number);

/* How long a minute is: sixty seconds, or a third of a run that is shorter than three minutes. */
double verdict_get_minute (double seconds);

/* The medians of the second and of the last minute's ratios, soaked to control. FALSE: one of them
 * has none. */
gboolean verdict_get_ratios (const Record *record, double *out_second, double *out_last);

/* What a server is weighed by. */
typedef enum { WEIGHT_RESIDENT, WEIGHT_HEAP } Weight;

/* KiB after the warm-up (a tenth of the run) and at the end. FALSE: not known. */
gboolean verdict_get_growth (const Record *record, Weight weight, guint64 *out_warm,
                             guint64 *out_last);

/* What is judged beside errors and objects. */
typedef enum {
    JUDGE_GROWTH = 1 << 0, /* the process was known */
    JUDGE_DRIFT = 1 << 1,  /* there was a control */
} Judged;

/* (transfer full) (element-type utf8): what is wrong, a line each; empty where nothing is. */
GPtrArray *verdict_judge (const Record *record, Judged judged);

/* (transfer none): the median; `values` are sorted by this. 0 where there are none. */
double verdict_get_median (GArray *values);

G_END_DECLS
