/* SPDX-License-Identifier: MIT */

#include "verdict.h"

/* What rests for reuse does not go when the load does; the entries are the route cache's, the
 * messages those that the demo's channel keeps for who comes back. */
static const char *const resting[] = { "events_pooled", "arena_bytes", "buffer_bytes",
                                       "map_entries",   "messages",    NULL };

/* What was on its way between threads when the server was first asked has arrived since. */
static const char *const in_flight[] = { "posts", NULL };

Record *
record_new (double seconds)
{
    Record *record = g_new0 (Record, 1);

    record->seconds = seconds;
    record->rests = g_array_new (FALSE, FALSE, sizeof (Rest));
    record->objects_before = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
    record->objects_after = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
    return record;
}

void
record_free (Record *record)
{
    if (record == NULL)
        return;
    g_array_unref (record->rests);
    g_hash_table_unref (record->objects_before);
    g_hash_table_unref (record->objects_after);
    g_free (record);
}

void
record_add_rest (Record *record, const Rest *rest)
{
    g_array_append_vals (record->rests, rest, 1);
}

void
record_set_objects (GHashTable *objects, const char *kind, gint64 number)
{
    g_hash_table_replace (objects, g_strdup (kind), g_memdup2 (&number, sizeof number));
}

double
verdict_get_minute (double seconds)
{
    return seconds >= 180 ? 60 : seconds / 3;
}

static int
compare (gconstpointer a, gconstpointer b)
{
    double one = *(const double *) a;
    double other = *(const double *) b;

    return (one > other) - (one < other);
}

double
verdict_get_median (GArray *values)
{
    guint half = values->len / 2;

    if (values->len == 0)
        return 0;
    g_array_sort (values, compare);
    if (values->len % 2 == 1)
        return g_array_index (values, double, half);
    return (g_array_index (values, double, half - 1) + g_array_index (values, double, half)) / 2;
}

static double
get_median_ratio (const Record *record, double from, double to)
{
    g_autoptr (GArray) ratios = g_array_new (FALSE, FALSE, sizeof (double));

    for (guint i = 0; i < record->rests->len; i++) {
        const Rest *rest = &g_array_index (record->rests, Rest, i);
        double ratio = rest->control > 0 ? rest->soaked / rest->control : 0;

        if (ratio > 0 && rest->seconds >= from && rest->seconds <= to)
            g_array_append_val (ratios, ratio);
    }
    return verdict_get_median (ratios);
}

gboolean
verdict_get_ratios (const Record *record, double *out_second, double *out_last)
{
    double minute = verdict_get_minute (record->seconds);

    *out_second = get_median_ratio (record, minute, 2 * minute);
    *out_last = get_median_ratio (record, record->seconds - minute, G_MAXDOUBLE);
    return *out_second > 0 && *out_last > 0;
}

gboolean
verdict_get_growth (const Record *record, Weight weight, guint64 *out_warm, guint64 *out_last)
{
    *out_warm = *out_last = 0;
    for (guint i = 0; i < record->rests->len; i++) {
        const Rest *rest = &g_array_index (record->rests, Rest, i);

        guint64 kib = weight == WEIGHT_HEAP ? rest->heap : rest->resident;

        if (kib == 0 || rest->seconds < record->seconds / 10)
            continue;
        if (*out_warm == 0)
            *out_warm = kib;
        *out_last = kib;
    }
    return *out_warm > 0;
}

static gint64
get_number (GHashTable *objects, const char *kind)
{
    const gint64 *number = g_hash_table_lookup (objects, kind);

    return number != NULL ? *number : 0;
}

static void
judge_objects (const Record *record, GPtrArray *wrong)
{
    g_autoptr (GList) kinds = g_hash_table_get_keys (record->objects_after);
    GHashTable *before = record->objects_before;
    GHashTable *after = record->objects_after;
    gint64 events = get_number (after, "events") + get_number (after, "events_pooled");
    gint64 events_before = get_number (before, "events") + get_number (before, "events_pooled");

    if (kinds == NULL)
        g_ptr_array_add (wrong, g_strdup ("the server did not say what lives in it"));
    kinds = g_list_sort (kinds, (GCompareFunc) g_strcmp0);
    for (GList *at = kinds; at != NULL; at = at->next) {
        gint64 left = get_number (after, at->data) - get_number (before, at->data);

        if (left < 0 && g_strv_contains (in_flight, at->data))
            continue;
        if (left != 0 && !g_strv_contains (resting, at->data))
            g_ptr_array_add (wrong,
                             g_strdup_printf ("%s: %" G_GINT64_FORMAT " more than before the load",
                                              (const char *) at->data, left));
    }
    /* A resting event keeps as much as one did at the start. */
    if (events_before > 0
        && get_number (after, "arena_bytes")
               > get_number (before, "arena_bytes") / events_before * events)
        g_ptr_array_add (wrong, g_strdup_printf ("arena_bytes: %" G_GINT64_FORMAT
                                                 " in %" G_GINT64_FORMAT " events",
                                                 get_number (after, "arena_bytes"), events));
}

static void
judge_growth (const Record *record, Weight weight, const char *what, GPtrArray *wrong)
{
    guint64 warm, last;

    if (!verdict_get_growth (record, weight, &warm, &last))
        return;
    if (last > warm + VERDICT_MAX_GROWTH)
        g_ptr_array_add (wrong, g_strdup_printf ("%s grew by %" G_GUINT64_FORMAT
                                                 " KiB after the warm-up (%d are allowed)",
                                                 what, last - warm, VERDICT_MAX_GROWTH));
}

/* Not every malloc tells what is in use; what is resident every system does. */
static void
judge_weights (const Record *record, GPtrArray *wrong)
{
    guint64 warm, last;

    if (!verdict_get_growth (record, WEIGHT_RESIDENT, &warm, &last))
        g_ptr_array_add (wrong, g_strdup ("the server's memory was never seen at rest"));
    judge_growth (record, WEIGHT_RESIDENT, "resident memory", wrong);
    judge_growth (record, WEIGHT_HEAP, "the heap in use", wrong);
}

static void
judge_drift (const Record *record, GPtrArray *wrong)
{
    double second, last;

    if (!verdict_get_ratios (record, &second, &last))
        g_ptr_array_add (wrong, g_strdup ("latencies were not seen in both minutes"));
    else if (last / second - 1 > VERDICT_MAX_DRIFT)
        g_ptr_array_add (wrong,
                         g_strdup_printf ("the median latency drifted by %.1f %% against "
                                          "the control's (%.1f are allowed)",
                                          (last / second - 1) * 100, VERDICT_MAX_DRIFT * 100));
}

GPtrArray *
verdict_judge (const Record *record, Judged judged)
{
    GPtrArray *wrong = g_ptr_array_new_with_free_func (g_free);

    if (record->n_errors > 0)
        g_ptr_array_add (wrong, g_strdup_printf ("%" G_GUINT64_FORMAT " errors", record->n_errors));
    judge_objects (record, wrong);
    if ((judged & JUDGE_GROWTH) != 0)
        judge_weights (record, wrong);
    if ((judged & JUDGE_DRIFT) != 0)
        judge_drift (record, wrong);
    return wrong;
}
