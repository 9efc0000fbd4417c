/* SPDX-License-Identifier: MIT
 *
 * Numbers by thread, route and method. A thread finds its own without a lock, but where it meets a
 * route for the first time; who reads adds up those of all. */

#include "metrics-private.h"

#include <h3/route/route-inside.h>

#include <string.h>

/* Guards the list of all threads' numbers, and who owns them. Nobody is called while it is held. */
static pthread_mutex_t registry_lock = PTHREAD_MUTEX_INITIALIZER;
static MetricsThread *threads; /* borrowed: their metrics */

static pthread_key_t exit_key;
static pthread_once_t exit_key_once = PTHREAD_ONCE_INIT;

/* The numbers that this thread used last. */
static __thread struct {
    guint64 id;            /* of their metrics */
    MetricsThread *thread; /* borrowed: their metrics */
} last_used __attribute__ ((tls_model ("initial-exec")));

/* At a thread's end: others may go on with what it counted. */
static void
leave (gpointer owner)
{
    pthread_mutex_lock (&registry_lock);
    for (MetricsThread *thread = threads; thread != NULL; thread = thread->next) {
        if (thread->owner == owner)
            thread->owner = NULL;
    }
    pthread_mutex_unlock (&registry_lock);
    last_used.id = 0;
}

static void
make_exit_key (void)
{
    if (pthread_key_create (&exit_key, leave) != 0)
        g_error ("no thread-specific key is left for the metrics");
}

/* With the lock held: what is this thread's already, else what no thread has any more. */
static MetricsThread *
find_thread (const H3Metrics *metrics)
{
    MetricsThread *found = NULL;

    for (MetricsThread *thread = threads; thread != NULL; thread = thread->next) {
        if (thread->metrics != metrics)
            continue;
        if (thread->owner == &last_used)
            return thread;
        if (thread->owner == NULL)
            found = thread;
    }
    return found;
}

static MetricsThread *
join (H3Metrics *metrics)
{
    MetricsThread *thread;

    (void) pthread_once (&exit_key_once, make_exit_key);
    if (pthread_setspecific (exit_key, &last_used) != 0)
        g_error ("no memory for this thread's metrics");
    pthread_mutex_lock (&registry_lock);
    thread = find_thread (metrics);
    if (thread == NULL) {
        thread = g_new0 (MetricsThread, 1);
        thread->metrics = metrics;
        thread->next = threads;
        threads = thread;
    }
    thread->owner = &last_used;
    pthread_mutex_unlock (&registry_lock);
    last_used.id = metrics->id;
    last_used.thread = thread;
    return thread;
}

static inline MetricsThread *
get_thread (H3Metrics *metrics)
{
    return G_LIKELY (last_used.id == metrics->id) ? last_used.thread : join (metrics);
}

static guint
find_label (H3Metrics *metrics, const char *route)
{
    gpointer index;
    guint found;

    pthread_mutex_lock (&metrics->mutex);
    if (g_hash_table_lookup_extended (metrics->indices, route, NULL, &index)) {
        found = GPOINTER_TO_UINT (index);
    } else if (metrics->labels->len < MAX_LABELS) {
        char *label = g_strdup (route);

        found = metrics->labels->len;
        g_ptr_array_add (metrics->labels, label);
        g_hash_table_insert (metrics->indices, label, GUINT_TO_POINTER (found));
    } else {
        found = LABEL_OTHER;
    }
    pthread_mutex_unlock (&metrics->mutex);
    return found;
}

static MetricsMethods *
get_methods (MetricsThread *thread, guint label)
{
    MetricsMethods *methods = atomic_load_explicit (&thread->labels[label], memory_order_relaxed);

    if (methods == NULL) {
        methods = g_new0 (MetricsMethods, 1);
        atomic_store_explicit (&thread->labels[label], methods, memory_order_release);
    }
    return methods;
}

static G_GNUC_NO_INLINE MetricsMethods *
meet (H3Metrics *metrics, MetricsThread *thread, const H3Route *route, guint64 serial)
{
    MetricsPlace *place = &thread->places[serial % METRICS_PLACES];

    place->serial = serial;
    place->methods = get_methods (thread, find_label (metrics, h3_route_get_pattern (route)));
    return place->methods;
}

static inline MetricsMethods *
find_methods (H3Metrics *metrics, MetricsThread *thread, const H3Route *route)
{
    guint64 serial;
    const MetricsPlace *place;

    if (route == NULL)
        return get_methods (thread, LABEL_NONE);
    serial = route_get_serial (route);
    place = &thread->places[serial % METRICS_PLACES];
    return G_LIKELY (place->serial == serial) ? place->methods
                                              : meet (metrics, thread, route, serial);
}

static inline MetricsRow *
get_row (MetricsMethods *methods, guint method)
{
    MetricsRow *row = atomic_load_explicit (&methods->rows[method], memory_order_relaxed);

    if (G_UNLIKELY (row == NULL)) {
        row = g_new0 (MetricsRow, 1);
        atomic_store_explicit (&methods->rows[method], row, memory_order_release);
    }
    return row;
}

MetricsRow *
metrics_get_row (H3Metrics *metrics, const H3Route *route, guint method)
{
    return get_row (find_methods (metrics, get_thread (metrics), route), method);
}

MetricsGroup *
metrics_row_add_group (MetricsRow *row, guint index)
{
    MetricsGroup *group = g_new0 (MetricsGroup, 1);

    atomic_store_explicit (&row->groups[index], group, memory_order_release);
    return group;
}

void
metrics_note (H3Metrics *metrics, const char *route, H3Method method, const MetricsSample *sample)
{
    MetricsMethods *methods = get_methods (get_thread (metrics), find_label (metrics, route));

    metrics_row_add (get_row (methods, method), sample);
}

static guint64
get (_Atomic guint64 *number)
{
    return atomic_load_explicit (number, memory_order_relaxed);
}

static void
sum_row (MetricsRow *row, MetricsRoute *sum)
{
    for (guint i = 0; i < METRICS_N_STATUSES; i++)
        sum->statuses[i] += get (&row->statuses[i]);
    sum->sum += get (&row->sum);
    sum->bytes_in += get (&row->bytes_in);
    sum->bytes_out += get (&row->bytes_out);
    sum->aborted += get (&row->aborted);
    for (guint i = 0; i < HISTOGRAM_N_BUCKETS; i++) {
        MetricsGroup *group =
            atomic_load_explicit (&row->groups[i / METRICS_GROUP], memory_order_acquire);

        if (group != NULL)
            sum->buckets[i] += get (&group->buckets[i % METRICS_GROUP]);
        else
            i |= METRICS_GROUP - 1; /* its last */
    }
}

/* FALSE where nobody has asked for the route by this method. */
static gboolean
sum_rows (const GPtrArray *own, guint label, guint method, MetricsRoute *sum)
{
    gboolean is_known = FALSE;

    memset (sum, 0, sizeof *sum);
    for (guint i = 0; i < own->len; i++) {
        MetricsThread *thread = own->pdata[i];
        MetricsMethods *methods =
            atomic_load_explicit (&thread->labels[label], memory_order_acquire);
        MetricsRow *row = methods != NULL
                              ? atomic_load_explicit (&methods->rows[method], memory_order_acquire)
                              : NULL;

        if (row != NULL) {
            sum_row (row, sum);
            is_known = TRUE;
        }
    }
    for (guint i = 0; i < METRICS_N_STATUSES; i++)
        sum->n_requests += sum->statuses[i];
    sum->n_timed = histogram_count (sum->buckets);
    return is_known;
}

/* (transfer full): they are not freed before their metrics. */
static GPtrArray *
list_threads (const H3Metrics *metrics)
{
    GPtrArray *own = g_ptr_array_new ();

    pthread_mutex_lock (&registry_lock);
    for (MetricsThread *thread = threads; thread != NULL; thread = thread->next) {
        if (thread->metrics == metrics)
            g_ptr_array_add (own, thread);
    }
    pthread_mutex_unlock (&registry_lock);
    return own;
}

typedef struct {
    const char *text; /* borrowed: the metrics */
    guint index;
} Label;

static int
compare_labels (gconstpointer a, gconstpointer b)
{
    return strcmp (((const Label *) a)->text, ((const Label *) b)->text);
}

/* (transfer full): by their texts. */
static GArray *
list_labels (H3Metrics *metrics)
{
    GArray *labels = g_array_new (FALSE, FALSE, sizeof (Label));

    pthread_mutex_lock (&metrics->mutex);
    for (guint i = 0; i < metrics->labels->len; i++) {
        Label label = { metrics->labels->pdata[i], i };

        g_array_append_val (labels, label);
    }
    pthread_mutex_unlock (&metrics->mutex);
    g_array_sort (labels, compare_labels);
    return labels;
}

void
metrics_foreach_route (H3Metrics *metrics, MetricsRouteFunction function, gpointer data)
{
    static const guint8 by_name[] = {
        H3_METHOD_CONNECT, H3_METHOD_DELETE, H3_METHOD_GET,   H3_METHOD_HEAD,
        H3_METHOD_OPTIONS, H3_METHOD_OTHER,  H3_METHOD_PATCH, H3_METHOD_POST,
        H3_METHOD_PUT,     H3_METHOD_QUERY,  H3_METHOD_TRACE,
    };
    g_autoptr (GArray) labels = list_labels (metrics);
    g_autoptr (GPtrArray) own = list_threads (metrics);
    g_autofree MetricsRoute *sum = g_new (MetricsRoute, 1);

    G_STATIC_ASSERT (G_N_ELEMENTS (by_name) == H3_N_METHODS);
    for (guint i = 0; i < labels->len; i++) {
        const Label *label = &g_array_index (labels, Label, i);

        for (guint j = 0; j < H3_N_METHODS; j++) {
            const char *method = h3_method_to_string (by_name[j]);

            if (!sum_rows (own, label->index, by_name[j], sum))
                continue;
            sum->route = label->text;
            sum->method = method != NULL ? method : "OTHER";
            function (sum, data);
        }
    }
}

static void
free_methods (MetricsMethods *methods)
{
    for (guint i = 0; methods != NULL && i < H3_N_METHODS; i++) {
        MetricsRow *row = atomic_load (&methods->rows[i]);

        for (guint j = 0; row != NULL && j < METRICS_GROUPS; j++)
            g_free (atomic_load (&row->groups[j]));
        g_free (row);
    }
    g_free (methods);
}

/* Nobody holds the metrics any more, so that no thread looks for its own. */
void
metrics_free_threads (H3Metrics *metrics)
{
    MetricsThread *own = NULL;

    pthread_mutex_lock (&registry_lock);
    for (MetricsThread **at = &threads; *at != NULL;) {
        MetricsThread *thread = *at;

        if (thread->metrics != metrics) {
            at = &thread->next;
            continue;
        }
        *at = thread->next;
        thread->next = own;
        own = thread;
    }
    pthread_mutex_unlock (&registry_lock);
    while (own != NULL) {
        MetricsThread *thread = own;

        own = thread->next;
        for (guint i = 0; i < MAX_LABELS; i++)
            free_methods (atomic_load (&thread->labels[i]));
        g_free (thread);
    }
}
