/* SPDX-License-Identifier: MIT */

#include "metrics-program.h"

#include <math.h>
#include <pthread.h>
#include <stdatomic.h>
#include <string.h>

/* One combination of labels' values. */
typedef struct {
    char **values;           /* owned */
    _Atomic double value;    /* of a histogram: the sum */
    _Atomic guint64 *counts; /* owned: of a histogram, one more than bounds; else NULL */
} Series;

struct _MetricsFamily {
    H3Metrics *metrics; /* borrowed: its owner */
    char *name, *help;  /* owned */
    MetricsKind kind;
    char **labels; /* owned */
    guint n_labels;
    double *bounds; /* owned */
    gsize n_bounds;
    H3GaugeFunction function; /* NULL: none */
    gpointer user_data;
    GDestroyNotify destroy; /* of user_data */
    Series *only;           /* owned: without labels; else NULL */
    pthread_mutex_t mutex;  /* guards what follows */
    GHashTable *series;     /* owned; values, borrowed, to Series */
    Series *other;          /* owned; NULL: not needed yet */
    guint64 n_others;
};

/* What the program holds: the same family by the name of what it can do. */
struct _H3Counter {
    MetricsFamily family;
};
struct _H3Gauge {
    MetricsFamily family;
};
struct _H3Histogram {
    MetricsFamily family;
};

/* What the program holds lives as long as the metrics: a reference to the one is one to the other.
 */
static gpointer
copy_family (gpointer face)
{
    (void) h3_metrics_ref (((MetricsFamily *) face)->metrics);
    return face;
}

static void
free_family (gpointer face)
{
    h3_metrics_unref (((MetricsFamily *) face)->metrics);
}

#define DEFINE_FACE(Type, name)                                                                    \
    static Type *copy_##name (Type *name)                                                          \
    {                                                                                              \
        return copy_family (name);                                                                 \
    }                                                                                              \
    static void free_##name (Type *name)                                                           \
    {                                                                                              \
        free_family (name);                                                                        \
    }                                                                                              \
    G_DEFINE_BOXED_TYPE (Type, h3_##name, copy_##name, free_##name)

DEFINE_FACE (H3Counter, counter)
DEFINE_FACE (H3Gauge, gauge)
DEFINE_FACE (H3Histogram, histogram)

static gboolean
is_name (const char *name, gboolean allows_colons)
{
    gsize length = strspn (name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                 "0123456789_:");

    return length > 0 && name[length] == '\0' && !g_ascii_isdigit (*name)
           && (allows_colons || strchr (name, ':') == NULL);
}

/* What begins so is the library's, and what ends so is written for histograms. */
static gboolean
is_free_name (const char *name)
{
    static const char *const endings[] = { "_total", "_bucket", "_count", "_sum", "_info" };

    if (!is_name (name, TRUE) || g_str_has_prefix (name, "h3_")
        || g_str_has_prefix (name, "process_"))
        return FALSE;
    for (guint i = 0; i < G_N_ELEMENTS (endings); i++) {
        if (g_str_has_suffix (name, endings[i]))
            return FALSE;
    }
    return TRUE;
}

static gboolean
are_labels (const MetricsShape *shape)
{
    for (guint i = 0; shape->labels != NULL && shape->labels[i] != NULL; i++) {
        const char *label = shape->labels[i];

        if (!is_name (label, FALSE) || g_str_has_prefix (label, "__"))
            return FALSE;
        if (shape->kind == METRICS_HISTOGRAM && strcmp (label, "le") == 0)
            return FALSE;
        for (guint j = 0; j < i; j++) {
            if (strcmp (label, shape->labels[j]) == 0)
                return FALSE;
        }
    }
    return TRUE;
}

static gboolean
are_bounds (const MetricsShape *shape)
{
    for (gsize i = 0; i < shape->n_bounds; i++) {
        if (!isfinite (shape->bounds[i]) || (i > 0 && shape->bounds[i] <= shape->bounds[i - 1]))
            return FALSE;
    }
    return TRUE;
}

/* (transfer full) both ways. */
static Series *
new_series (const MetricsFamily *family, char **values)
{
    Series *series = g_new0 (Series, 1);

    series->values = values;
    if (family->kind == METRICS_HISTOGRAM)
        series->counts = g_new0 (_Atomic guint64, family->n_bounds + 1);
    return series;
}

static void
free_series (gpointer data)
{
    Series *series = data;

    if (series == NULL)
        return;
    g_strfreev (series->values);
    g_free (series->counts);
    g_free (series);
}

static guint
hash_values (gconstpointer values)
{
    guint hash = 5381;

    for (const char *const *at = values; *at != NULL; at++)
        hash = hash * 33 + g_str_hash (*at);
    return hash;
}

static gboolean
equal_values (gconstpointer a, gconstpointer b)
{
    return g_strv_equal (a, b);
}

static gboolean
check_shape (const MetricsShape *shape)
{
    g_return_val_if_fail (is_free_name (shape->name), FALSE);
    g_return_val_if_fail (g_utf8_validate (shape->help, -1, NULL), FALSE);
    g_return_val_if_fail (are_labels (shape), FALSE);
    g_return_val_if_fail (are_bounds (shape), FALSE);
    return TRUE;
}

MetricsFamily *
metrics_family_new (const MetricsShape *shape)
{
    MetricsFamily *family;

    if (!check_shape (shape)) {
        if (shape->destroy != NULL)
            shape->destroy (shape->user_data);
        return NULL;
    }
    family = g_new0 (MetricsFamily, 1);
    family->metrics = shape->metrics;
    family->name = g_strdup (shape->name);
    family->help = g_strdup (shape->help);
    family->kind = shape->kind;
    family->labels =
        shape->labels != NULL ? g_strdupv ((char **) shape->labels) : g_new0 (char *, 1);
    family->n_labels = g_strv_length (family->labels);
    family->bounds = g_memdup2 (shape->bounds, shape->n_bounds * sizeof *shape->bounds);
    family->n_bounds = shape->n_bounds;
    family->function = shape->function;
    family->user_data = shape->user_data;
    family->destroy = shape->destroy;
    if (family->n_labels == 0)
        family->only = new_series (family, g_new0 (char *, 1));
    pthread_mutex_init (&family->mutex, NULL);
    family->series = g_hash_table_new_full (hash_values, equal_values, NULL, free_series);
    return family;
}

void
metrics_family_free (gpointer data)
{
    MetricsFamily *family = data;

    if (family->destroy != NULL)
        family->destroy (family->user_data);
    g_hash_table_unref (family->series);
    free_series (family->only);
    free_series (family->other);
    pthread_mutex_destroy (&family->mutex);
    g_strfreev (family->labels);
    g_free (family->bounds);
    g_free (family->name);
    g_free (family->help);
    g_free (family);
}

const char *
metrics_family_get_name (const MetricsFamily *family)
{
    return family->name;
}

gboolean
metrics_family_has_shape (const MetricsFamily *family, const MetricsShape *shape)
{
    static const char *const none[] = { NULL };
    const char *const *labels = shape->labels != NULL ? shape->labels : none;

    return family->function == NULL && family->kind == shape->kind
           && g_strv_equal ((const char *const *) family->labels, labels)
           && family->n_bounds == shape->n_bounds
           && (shape->n_bounds == 0
               || memcmp (family->bounds, shape->bounds, shape->n_bounds * sizeof *shape->bounds)
                      == 0);
}

/* With the mutex held. */
static Series *
get_other (MetricsFamily *family)
{
    family->n_others++;
    if (family->other == NULL) {
        char **values = g_new0 (char *, family->n_labels + 1);

        for (guint i = 0; i < family->n_labels; i++)
            values[i] = g_strdup ("other");
        family->other = new_series (family, values);
    }
    return family->other;
}

static gboolean
are_others (const char *const *values)
{
    gboolean are_all = TRUE;

    for (; *values != NULL; values++) {
        if (strlen (*values) > METRICS_MAX_VALUE)
            return TRUE;
        are_all = are_all && strcmp (*values, "other") == 0;
    }
    return are_all;
}

/* With the mutex held. */
static Series *
find_series (MetricsFamily *family, const char *const *values)
{
    Series *series = g_hash_table_lookup (family->series, values);

    if (series != NULL)
        return series;
    if (are_others (values) || g_hash_table_size (family->series) >= METRICS_MAX_SERIES)
        return get_other (family);
    series = new_series (family, g_strdupv ((char **) values));
    g_hash_table_insert (family->series, series->values, series);
    return series;
}

/* (transfer full): values as they can be written. */
static char **
mend_values (const char *const *values)
{
    guint n = g_strv_length ((char **) values);
    char **mended = g_new0 (char *, n + 1);

    for (guint i = 0; i < n; i++)
        mended[i] = g_utf8_make_valid (values[i], -1);
    return mended;
}

static gboolean
are_texts (const char *const *values)
{
    for (; *values != NULL; values++) {
        if (!g_utf8_validate (*values, -1, NULL))
            return FALSE;
    }
    return TRUE;
}

/* (nullable): where the number of values is wrong. */
static Series *
get_series (MetricsFamily *family, const char *const *values)
{
    g_auto (GStrv) mended = NULL;
    Series *series;

    if (family->n_labels == 0) {
        g_return_val_if_fail (values == NULL || values[0] == NULL, NULL);
        return family->only;
    }
    g_return_val_if_fail (values != NULL && g_strv_length ((char **) values) == family->n_labels,
                          NULL);
    if (!are_texts (values)) {
        mended = mend_values (values);
        values = (const char *const *) mended;
    }
    pthread_mutex_lock (&family->mutex);
    series = find_series (family, values);
    pthread_mutex_unlock (&family->mutex);
    return series;
}

static void
add (_Atomic double *number, double amount)
{
    double before = atomic_load_explicit (number, memory_order_relaxed);

    while (!atomic_compare_exchange_weak_explicit (number, &before, before + amount,
                                                   memory_order_relaxed, memory_order_relaxed))
        continue;
}

void
h3_counter_add (H3Counter *counter, double amount, const char *const *values)
{
    Series *series;

    g_return_if_fail (counter != NULL && amount >= 0 && isfinite (amount));
    series = get_series (&counter->family, values);
    if (series != NULL)
        add (&series->value, amount);
}

void
h3_gauge_set (H3Gauge *gauge, double value, const char *const *values)
{
    Series *series;

    g_return_if_fail (gauge != NULL);
    series = get_series (&gauge->family, values);
    if (series != NULL)
        atomic_store_explicit (&series->value, value, memory_order_relaxed);
}

void
h3_gauge_add (H3Gauge *gauge, double amount, const char *const *values)
{
    Series *series;

    g_return_if_fail (gauge != NULL);
    series = get_series (&gauge->family, values);
    if (series != NULL)
        add (&series->value, amount);
}

static gsize
find_bucket (const MetricsFamily *family, double value)
{
    gsize low = 0, high = family->n_bounds;

    while (low < high) {
        gsize middle = low + (high - low) / 2;

        if (value <= family->bounds[middle])
            high = middle;
        else
            low = middle + 1;
    }
    return low;
}

void
h3_histogram_observe (H3Histogram *histogram, double value, const char *const *values)
{
    Series *series;

    g_return_if_fail (histogram != NULL && !isnan (value));
    series = get_series (&histogram->family, values);
    if (series == NULL)
        return;
    atomic_fetch_add_explicit (&series->counts[find_bucket (&histogram->family, value)], 1,
                               memory_order_relaxed);
    add (&series->value, value);
}

/* What is counted in a bucket meanwhile is in all that are written behind it. */
static void
write_histogram (MetricsFamily *family, Series *series, MetricsText *text)
{
    const char *const *labels = (const char *const *) family->labels;
    const char *const *values = (const char *const *) series->values;
    guint64 n = 0;

    for (gsize i = 0; i <= family->n_bounds; i++) {
        char bound[METRICS_BOUND_SIZE];

        n += atomic_load_explicit (&series->counts[i], memory_order_relaxed);
        metrics_text_write_bound (i < family->n_bounds ? family->bounds[i] : INFINITY, bound);
        metrics_text_add_array (text, "_bucket", (double) n, labels, values, family->n_labels,
                                bound);
    }
    metrics_text_add_array (text, "_sum",
                            atomic_load_explicit (&series->value, memory_order_relaxed), labels,
                            values, family->n_labels, NULL);
    metrics_text_add_array (text, "_count", (double) n, labels, values, family->n_labels, NULL);
}

static void
write_series (MetricsFamily *family, Series *series, MetricsText *text)
{
    if (family->kind == METRICS_HISTOGRAM)
        write_histogram (family, series, text);
    else
        metrics_text_add_array (text, "",
                                atomic_load_explicit (&series->value, memory_order_relaxed),
                                (const char *const *) family->labels,
                                (const char *const *) series->values, family->n_labels, NULL);
}

static int
compare_series (gconstpointer a, gconstpointer b)
{
    const Series *one = *(const Series *const *) a;
    const Series *two = *(const Series *const *) b;
    int order = 0;

    for (guint i = 0; order == 0 && one->values[i] != NULL; i++)
        order = strcmp (one->values[i], two->values[i]);
    return order;
}

/* (transfer container): in order; a series is never freed before its family. */
static GPtrArray *
list_series (MetricsFamily *family)
{
    GPtrArray *list = g_ptr_array_new ();
    GHashTableIter iter;
    gpointer series;

    if (family->only != NULL)
        g_ptr_array_add (list, family->only);
    pthread_mutex_lock (&family->mutex);
    g_hash_table_iter_init (&iter, family->series);
    while (g_hash_table_iter_next (&iter, NULL, &series))
        g_ptr_array_add (list, series);
    if (family->other != NULL)
        g_ptr_array_add (list, family->other);
    pthread_mutex_unlock (&family->mutex);
    g_ptr_array_sort (list, compare_series);
    return list;
}

void
metrics_family_write (MetricsFamily *family, MetricsText *text)
{
    g_autoptr (GPtrArray) list = NULL;

    metrics_text_begin (text, family->name, family->kind, family->help);
    if (family->function != NULL) {
        metrics_text_add (text, "", family->function (family->user_data), NULL);
        return;
    }
    list = list_series (family);
    for (guint i = 0; i < list->len; i++)
        write_series (family, list->pdata[i], text);
}

guint64
metrics_family_count_others (MetricsFamily *family)
{
    guint64 n;

    pthread_mutex_lock (&family->mutex);
    n = family->n_others;
    pthread_mutex_unlock (&family->mutex);
    return n;
}
