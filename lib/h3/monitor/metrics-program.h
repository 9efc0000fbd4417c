/* SPDX-License-Identifier: MIT
 *
 * Metrics that a program adds: families of series, told apart by the values of their labels. Owned
 * by the metrics, and as long as these; any thread. */

#pragma once

#include <h3/monitor/metrics-text.h>

G_BEGIN_DECLS

/* No family has more series; what is told of further values goes to one with "other" in all labels.
 */
#define METRICS_MAX_SERIES 1000

/* Longer values count as further ones. */
#define METRICS_MAX_VALUE 1024

typedef struct _MetricsFamily MetricsFamily;

/* What a family is made of; all borrowed. */
typedef struct {
    H3Metrics *metrics; /* which it is to belong to */
    const char *name, *help;
    MetricsKind kind;
    const char *const *labels; /* NULL: none */
    const double *bounds;
    gsize n_bounds;
    H3GaugeFunction function; /* NULL: it keeps its numbers itself */
    gpointer user_data;
    GDestroyNotify destroy; /* of user_data */
} MetricsShape;

/* NULL, and a critical, where name, labels or bounds cannot be; `user_data` has then ended. */
MetricsFamily *metrics_family_new (const MetricsShape *shape);
void metrics_family_free (gpointer family);

const char *metrics_family_get_name (const MetricsFamily *family);
/* Whether it could be made of this shape, which has no function. */
gboolean metrics_family_has_shape (const MetricsFamily *family, const MetricsShape *shape);

/* Its series, by their labels' values. */
void metrics_family_write (MetricsFamily *family, MetricsText *text);

/* How often a value had to go to "other". */
guint64 metrics_family_count_others (MetricsFamily *family);

G_END_DECLS
