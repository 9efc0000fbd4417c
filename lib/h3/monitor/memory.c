/* SPDX-License-Identifier: MIT */

#include "memory.h"

#include <h3/base/counters.h>
#include <h3/http/event-inside.h>
#include <h3/store/memory-list.h>

#include <jansson.h>
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* A kind of things that hold memory. */
typedef struct {
    Counter counter;
    guint unit; /* bytes of one, at least; 1: counted in bytes; 0: in other kinds already, or few */
} Kind;

/* Those whose structures are private to other floors are estimates, on the low side. */
#define CONNECTION_SIZE 768
#define TRANSPORT_SIZE  384
#define STREAM_SIZE     256
#define HEADERS_SIZE    320
#define TIMER_SIZE      192
#define JOB_SIZE        64
#define WEBSOCKET_SIZE  512
#define POST_SIZE       16
#define MESSAGE_SIZE    96
#define SUBSCRIBER_SIZE 112
#define SESSION_SIZE    160
#define UPLOAD_SIZE     128
#define SSE_SIZE        320
#define MAP_ENTRY_SIZE  96
#define OUTGOING_SIZE   256
#define EXCHANGE_SIZE   768

static const Kind kinds[] = {
    { COUNTER_EVENTS_LIVE, sizeof (H3Event) },
    { COUNTER_EVENTS_POOLED, sizeof (H3Event) },
    { COUNTER_ARENA_BYTES, 1 },
    { COUNTER_BUFFER_BYTES, 1 },
    { COUNTER_QUEUE_BYTES, 0 },
    { COUNTER_WORKERS_LIVE, 0 },
    { COUNTER_CONNECTIONS_LIVE, CONNECTION_SIZE },
    { COUNTER_TRANSPORTS_LIVE, TRANSPORT_SIZE },
    { COUNTER_STREAMS_LIVE, STREAM_SIZE },
    { COUNTER_WEBSOCKETS_LIVE, WEBSOCKET_SIZE },
    { COUNTER_CLIENT_CONNECTIONS_LIVE, OUTGOING_SIZE },
    { COUNTER_CLIENT_EXCHANGES_LIVE, EXCHANGE_SIZE },
    { COUNTER_HEADERS_LIVE, HEADERS_SIZE },
    { COUNTER_TIMERS_LIVE, TIMER_SIZE },
    { COUNTER_JOBS_LIVE, JOB_SIZE },
    { COUNTER_POSTS_LIVE, POST_SIZE },
    { COUNTER_MESSAGES_LIVE, MESSAGE_SIZE },
    { COUNTER_SSE_LIVE, SSE_SIZE },
    { COUNTER_SUBSCRIPTIONS_LIVE, SUBSCRIBER_SIZE },
    { COUNTER_UPLOADS_LIVE, UPLOAD_SIZE },
    { COUNTER_SESSIONS_LIVE, SESSION_SIZE },
    { COUNTER_MAP_ENTRIES, MAP_ENTRY_SIZE },
    { COUNTER_STORE_ENTRIES, 0 },
    { COUNTER_STORE_BYTES, 1 },
};

guint64
h3_memory_get_resident (void)
{
    FILE *file = fopen ("/proc/self/statm", "re");
    unsigned long long resident = 0;

    if (file == NULL)
        return 0;
    if (fscanf (file, "%*u %llu", &resident) != 1)
        resident = 0;
    (void) fclose (file);
    return (guint64) resident * (guint64) sysconf (_SC_PAGESIZE);
}

guint64
h3_memory_get_heap (void)
{
#if defined __GLIBC__ && __GLIBC_PREREQ(2, 33)
    struct mallinfo2 info = mallinfo2 ();

    return (guint64) info.uordblks + (guint64) info.hblkhd;
#else
    return 0;
#endif
}

/* What one thread counts up another may count down: read in between, a sum can be below zero. */
static guint64
get_count (const Kind *kind)
{
    return (guint64) MAX (counters_read (kind->counter), 0);
}

static guint64
get_peak_count (const Kind *kind)
{
    return (guint64) MAX (counters_read_peak (kind->counter), 0);
}

guint64
h3_memory_get_allocated (void)
{
    guint64 sum = 0;

    for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
        sum += get_count (&kinds[i]) * kinds[i].unit;
    return sum;
}

guint64
h3_memory_get_peak (void)
{
    guint64 sum = 0;

    for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
        sum += get_peak_count (&kinds[i]) * kinds[i].unit;
    return sum;
}

/* How many of the events that were needed were there already. */
static double
get_reuse_ratio (void)
{
    gint64 acquired = counters_read (COUNTER_EVENTS_ACQUIRED);
    gint64 reused = counters_read (COUNTER_EVENTS_REUSED);

    return acquired > 0 ? CLAMP ((double) reused / (double) acquired, 0, 1) : 0;
}

static json_t *
describe_kind (const Kind *kind)
{
    json_t *row = json_object ();

    json_object_set_new (row, "now", json_integer ((json_int_t) get_count (kind)));
    json_object_set_new (row, "peak", json_integer ((json_int_t) get_peak_count (kind)));
    if (kind->unit > 0)
        json_object_set_new (row, "bytes",
                             json_integer ((json_int_t) (get_count (kind) * kind->unit)));
    json_object_set_new (row, "what", json_string (counters_get_description (kind->counter)));
    return row;
}

static json_t *
describe_heap (void)
{
    guint64 heap = h3_memory_get_heap ();

    return heap > 0 ? json_integer ((json_int_t) heap) : json_null ();
}

/* What was not taken, and why, since the process began. */
static const Counter refusals[] = {
    COUNTER_SHED_MEMORY,
    COUNTER_SHED_DELAY,
    COUNTER_SHED_POOL,
    COUNTER_REFUSED,
};

static json_t *
describe_refusals (void)
{
    json_t *all = json_object ();

    for (guint i = 0; i < G_N_ELEMENTS (refusals); i++)
        json_object_set_new (all, counters_get_name (refusals[i]),
                             json_integer ((json_int_t) counters_read (refusals[i])));
    return all;
}

static json_t *
describe_stores (void)
{
    g_autoptr (GArray) stores = memory_list_describe ();
    json_t *all = json_array ();

    for (guint i = 0; i < stores->len; i++) {
        const MemoryStoreFacts *facts = &g_array_index (stores, MemoryStoreFacts, i);

        json_array_append_new (all, json_pack ("{s:s, s:I, s:I, s:I, s:I}", "name", facts->name,
                                               "entries", (json_int_t) facts->entries,
                                               "max_entries", (json_int_t) facts->max_entries,
                                               "bytes", (json_int_t) facts->bytes, "max_bytes",
                                               (json_int_t) facts->max_bytes));
    }
    return all;
}

json_t *
h3_memory_report_to_json (void)
{
    json_t *report = json_object ();
    json_t *rows = json_object ();

    for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
        json_object_set_new (rows, counters_get_name (kinds[i].counter), describe_kind (&kinds[i]));
    json_object_set_new (report, "health",
                         json_string (h3_memory_health_get_name (h3_memory_get_health ())));
    json_object_set_new (report, "budget", json_integer ((json_int_t) h3_memory_get_budget ()));
    json_object_set_new (report, "resident", json_integer ((json_int_t) h3_memory_get_resident ()));
    json_object_set_new (report, "heap", describe_heap ());
    json_object_set_new (report, "allocated",
                         json_integer ((json_int_t) h3_memory_get_allocated ()));
    json_object_set_new (report, "peak", json_integer ((json_int_t) h3_memory_get_peak ()));
    json_object_set_new (report, "pool_reuse", json_real (get_reuse_ratio ()));
    json_object_set_new (report, "kinds", rows);
    json_object_set_new (report, "stores", describe_stores ());
    json_object_set_new (report, "refused", describe_refusals ());
    return report;
}

char *
h3_memory_report_to_json_text (void)
{
    json_t *report = h3_memory_report_to_json ();
    char *text = json_dumps (report, JSON_COMPACT);
    char *copy = g_strdup (text);

    free (text);
    json_decref (report);
    return copy;
}

static void
append_heap (GString *text)
{
    guint64 heap = h3_memory_get_heap ();

    if (heap > 0)
        g_string_append_printf (text, "heap        %" G_GUINT64_FORMAT " bytes\n", heap);
    else
        g_string_append (text, "heap        not known\n");
}

static void
append_kinds (GString *text)
{
    g_string_append_printf (text, "%-16s %14s %14s %14s\n", "kind", "now", "peak", "bytes");
    for (guint i = 0; i < G_N_ELEMENTS (kinds); i++) {
        const Kind *kind = &kinds[i];

        g_string_append_printf (
            text, "%-16s %14" G_GUINT64_FORMAT " %14" G_GUINT64_FORMAT " %14" G_GUINT64_FORMAT "\n",
            counters_get_name (kind->counter), get_count (kind), get_peak_count (kind),
            get_count (kind) * kind->unit);
    }
}

static void
append_stores (GString *text)
{
    g_autoptr (GArray) stores = memory_list_describe ();

    g_string_append_printf (text, "\n%-16s %14s %14s %14s %14s\n", "store", "entries", "at most",
                            "bytes", "at most");
    for (guint i = 0; i < stores->len; i++) {
        const MemoryStoreFacts *facts = &g_array_index (stores, MemoryStoreFacts, i);

        g_string_append_printf (text,
                                "%-16s %14" G_GUINT64_FORMAT " %14" G_GUINT64_FORMAT
                                " %14" G_GUINT64_FORMAT " %14" G_GUINT64_FORMAT "\n",
                                facts->name, facts->entries, facts->max_entries, facts->bytes,
                                facts->max_bytes);
    }
}

static void
append_refusals (GString *text)
{
    g_string_append (text, "\nrefused\n");
    for (guint i = 0; i < G_N_ELEMENTS (refusals); i++)
        g_string_append_printf (text, "%-22s %8" G_GINT64_FORMAT "\n",
                                counters_get_name (refusals[i]), counters_read (refusals[i]));
}

char *
h3_memory_report_to_text (void)
{
    GString *text = g_string_new (NULL);

    g_string_append_printf (text, "health      %s\n",
                            h3_memory_health_get_name (h3_memory_get_health ()));
    g_string_append_printf (text, "budget      %" G_GUINT64_FORMAT " bytes\n",
                            h3_memory_get_budget ());
    g_string_append_printf (text, "resident    %" G_GUINT64_FORMAT " bytes\n",
                            h3_memory_get_resident ());
    append_heap (text);
    g_string_append_printf (text, "allocated   %" G_GUINT64_FORMAT " bytes\n",
                            h3_memory_get_allocated ());
    g_string_append_printf (text, "peak        %" G_GUINT64_FORMAT " bytes\n",
                            h3_memory_get_peak ());
    g_string_append_printf (text, "pool reuse  %.1f %%\n\n", get_reuse_ratio () * 100);
    append_kinds (text);
    append_stores (text);
    append_refusals (text);
    return g_string_free (text, FALSE);
}
