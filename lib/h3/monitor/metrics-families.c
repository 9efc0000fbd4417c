/* SPDX-License-Identifier: MIT
 *
 * Which metrics a program has added: a name is given once. */

#include "metrics-private.h"

#include <string.h>

/* With the mutex held: (nullable) (transfer none). */
static MetricsFamily *
find_family (const H3Metrics *metrics, const char *name)
{
    for (guint i = 0; i < metrics->families->len; i++) {
        MetricsFamily *family = metrics->families->pdata[i];

        if (strcmp (metrics_family_get_name (family), name) == 0)
            return family;
    }
    return NULL;
}

/* (transfer none) (nullable): that of the same shape which is there already, else a new one; NULL
 * where another has the name, or it can be none. */
static MetricsFamily *
get_family (H3Metrics *metrics, const MetricsShape *shape)
{
    MetricsFamily *made = metrics_family_new (shape);
    MetricsFamily *found;

    if (made == NULL)
        return NULL;
    pthread_mutex_lock (&metrics->mutex);
    found = find_family (metrics, shape->name);
    if (found == NULL)
        g_ptr_array_add (metrics->families, made);
    pthread_mutex_unlock (&metrics->mutex);
    if (found == NULL)
        return made;
    metrics_family_free (made);
    if (shape->function == NULL && metrics_family_has_shape (found, shape))
        return found;
    g_critical ("there is another metric called %s already", shape->name);
    return NULL;
}

H3Counter *
h3_metrics_add_counter (H3Metrics *metrics, const char *name, const char *help,
                        const char *const *labels)
{
    const MetricsShape shape = {
        .metrics = metrics, .name = name, .help = help, .kind = METRICS_COUNTER, .labels = labels
    };

    g_return_val_if_fail (metrics != NULL && name != NULL && help != NULL, NULL);
    return (H3Counter *) get_family (metrics, &shape);
}

H3Gauge *
h3_metrics_add_gauge (H3Metrics *metrics, const char *name, const char *help,
                      const char *const *labels)
{
    const MetricsShape shape = {
        .metrics = metrics, .name = name, .help = help, .kind = METRICS_GAUGE, .labels = labels
    };

    g_return_val_if_fail (metrics != NULL && name != NULL && help != NULL, NULL);
    return (H3Gauge *) get_family (metrics, &shape);
}

void
h3_metrics_add_gauge_function (H3Metrics *metrics, const char *name, const char *help,
                               H3GaugeFunction function, gpointer user_data, GDestroyNotify destroy)
{
    const MetricsShape shape = { .metrics = metrics,
                                 .name = name,
                                 .help = help,
                                 .kind = METRICS_GAUGE,
                                 .function = function,
                                 .user_data = user_data,
                                 .destroy = destroy };

    g_return_if_fail (metrics != NULL && name != NULL && help != NULL && function != NULL);
    (void) get_family (metrics, &shape);
}

H3Histogram *
h3_metrics_add_histogram (H3Metrics *metrics, const char *name, const char *help,
                          const double *bounds, gsize n_bounds, const char *const *labels)
{
    const MetricsShape shape = { .metrics = metrics,
                                 .name = name,
                                 .help = help,
                                 .kind = METRICS_HISTOGRAM,
                                 .labels = labels,
                                 .bounds = bounds,
                                 .n_bounds = n_bounds };

    g_return_val_if_fail (metrics != NULL && name != NULL && help != NULL, NULL);
    g_return_val_if_fail (bounds != NULL && n_bounds > 0, NULL);
    return (H3Histogram *) get_family (metrics, &shape);
}

static int
compare_families (gconstpointer a, gconstpointer b)
{
    return strcmp (metrics_family_get_name (*(MetricsFamily *const *) a),
                   metrics_family_get_name (*(MetricsFamily *const *) b));
}

void
metrics_write_families (H3Metrics *metrics, MetricsText *text)
{
    g_autoptr (GPtrArray) families = NULL;

    pthread_mutex_lock (&metrics->mutex);
    families = g_ptr_array_copy (metrics->families, NULL, NULL);
    pthread_mutex_unlock (&metrics->mutex);
    g_ptr_array_set_free_func (families, NULL);
    g_ptr_array_sort (families, compare_families);
    for (guint i = 0; i < families->len; i++)
        metrics_family_write (families->pdata[i], text);
    metrics_text_begin (text, "h3_metrics_series_refused", METRICS_COUNTER,
                        "How often values of labels were counted as others, by metric");
    for (guint i = 0; i < families->len; i++) {
        guint64 n = metrics_family_count_others (families->pdata[i]);

        if (n > 0)
            metrics_text_add (text, "", (double) n, "metric",
                              metrics_family_get_name (families->pdata[i]), NULL);
    }
}
