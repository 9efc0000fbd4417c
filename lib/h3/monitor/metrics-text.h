/* SPDX-License-Identifier: MIT
 *
 * Metrics as text, a family after the other: in Prometheus' text format or in OpenMetrics, escaped
 * as each wants it. One thread. */

#pragma once

#include <h3/monitor/metrics.h>

G_BEGIN_DECLS

typedef enum { METRICS_COUNTER, METRICS_GAUGE, METRICS_HISTOGRAM, METRICS_INFO } MetricsKind;

typedef struct _MetricsText MetricsText;

/* Which of several this process is, from 0: a label `process` of every sample says so. At first it
 * is none of several. Any thread. */
void metrics_set_process (int number);

MetricsText *metrics_text_new (H3MetricsFormat format);
void metrics_text_free (MetricsText *text);

/* (transfer full): the whole text. The writer is freed. */
char *metrics_text_end (MetricsText *text);

/* A family, which lasts until the next. `name` goes without `_total` and `_info`. */
void metrics_text_begin (MetricsText *text, const char *name, MetricsKind kind, const char *help);

/* A sample of it: `suffix` ("_bucket", "_sum", "_count"; else "": what the kind has is added), then
 * pairs of a label and its value, ending in NULL. */
void metrics_text_add (MetricsText *text, const char *suffix, double value,
                       ...) G_GNUC_NULL_TERMINATED;
/* The same with arrays; the first `n` pairs, and behind them `le` where it is not NULL. */
void metrics_text_add_array (MetricsText *text, const char *suffix, double value,
                             const char *const *labels, const char *const *values, guint n,
                             const char *le);

#define METRICS_BOUND_SIZE 40

/* The value of `le` for a bound, into METRICS_BOUND_SIZE bytes. */
void metrics_text_write_bound (double bound, char *out);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MetricsText, metrics_text_free)

G_END_DECLS
