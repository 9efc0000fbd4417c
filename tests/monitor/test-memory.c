/* SPDX-License-Identifier: MIT */

#include "h3/base/arena.h"
#include "h3/base/counters.h"
#include "h3/http/event-pool.h"
#include "h3/http/headers.h"
#include "h3/monitor/memory-inside.h"
#include "h3/store/memory-store.h"
#include "tests/support/assert-nothing-left.h"
#include "tests/support/suite.h"

#include <jansson.h>
#include <sys/resource.h>
#include <unistd.h>

START_TEST (memory_counts_blocks_of_arenas)
{
    guint64 before = h3_memory_get_allocated ();
    gint64 bytes = counters_read (COUNTER_ARENA_BYTES);
    g_autoptr (H3Arena) arena = h3_arena_new ();

    h3_arena_alloc (arena, 100000);
    ck_assert_uint_eq (h3_memory_get_allocated () - before, h3_arena_get_size (arena));
    ck_assert_int_eq (counters_read (COUNTER_ARENA_BYTES) - bytes,
                      (gint64) h3_arena_get_size (arena));
    h3_arena_reset (arena);
    ck_assert_uint_eq (h3_memory_get_allocated () - before, h3_arena_get_size (arena));
    h3_arena_free (g_steal_pointer (&arena));
    ck_assert_uint_eq (h3_memory_get_allocated (), before);
    ck_assert_uint_ge (h3_memory_get_peak (), before + 100000);
}
END_TEST

START_TEST (memory_counts_objects)
{
    guint64 before = h3_memory_get_allocated ();
    H3Headers *headers = h3_headers_new ();

    ck_assert_uint_gt (h3_memory_get_allocated (), before);
    h3_headers_unref (headers);
    ck_assert_uint_eq (h3_memory_get_allocated (), before);
}
END_TEST

START_TEST (memory_knows_the_health_of_a_budget)
{
    ck_assert_int_eq (h3_memory_health_of (0, 1000), H3_MEMORY_GOOD);
    ck_assert_int_eq (h3_memory_health_of (749, 1000), H3_MEMORY_GOOD);
    ck_assert_int_eq (h3_memory_health_of (750, 1000), H3_MEMORY_PRESSED);
    ck_assert_int_eq (h3_memory_health_of (899, 1000), H3_MEMORY_PRESSED);
    ck_assert_int_eq (h3_memory_health_of (900, 1000), H3_MEMORY_CRITICAL);
    ck_assert_int_eq (h3_memory_health_of (G_MAXUINT64, 1000), H3_MEMORY_CRITICAL);
    ck_assert_int_eq (h3_memory_health_of (G_MAXUINT64, 0), H3_MEMORY_GOOD);
    ck_assert_int_eq (h3_memory_health_of (G_MAXUINT64 / 2, G_MAXUINT64), H3_MEMORY_GOOD);
}
END_TEST

START_TEST (memory_is_short_until_there_is_some_to_spare)
{
    ck_assert (!memory_exceeds (899, 1000, FALSE));
    ck_assert (memory_exceeds (900, 1000, FALSE));
    ck_assert (memory_exceeds (850, 1000, TRUE));
    ck_assert (!memory_exceeds (849, 1000, TRUE));
    ck_assert (!memory_exceeds (G_MAXUINT64, 0, TRUE));
    ck_assert (memory_exceeds (G_MAXUINT64, G_MAXUINT64, FALSE));
}
END_TEST

START_TEST (memory_is_short_by_what_is_resident)
{
    guint64 resident = h3_memory_get_resident ();

    ck_assert (memory_is_short (1, FALSE));
    ck_assert (memory_is_short (resident, FALSE));
    ck_assert (!memory_is_short (resident * 2, TRUE));
    ck_assert (!memory_is_short (0, TRUE));
}
END_TEST

/* No descriptor is left to ask it with. */
START_TEST (memory_is_as_it_was_where_the_system_does_not_tell)
{
    struct rlimit before, none;

    ck_assert (memory_is_short (1, FALSE));
    ck_assert_int_eq (getrlimit (RLIMIT_NOFILE, &before), 0);
    none = before;
    none.rlim_cur = 0;
    ck_assert_int_eq (setrlimit (RLIMIT_NOFILE, &none), 0);
    ck_assert_uint_eq (h3_memory_get_resident (), 0);
    ck_assert (!memory_is_short (1, FALSE));
    ck_assert (memory_is_short (1, TRUE));
    ck_assert (memory_is_short (G_GUINT64_CONSTANT (1) << 62, TRUE));
    ck_assert_int_eq (setrlimit (RLIMIT_NOFILE, &before), 0);
    ck_assert (!memory_is_short (G_GUINT64_CONSTANT (1) << 62, TRUE));
}
END_TEST

START_TEST (memory_is_good_without_a_budget)
{
    ck_assert_uint_eq (h3_memory_get_budget (), 0);
    ck_assert_int_eq (h3_memory_get_health (), H3_MEMORY_GOOD);
}
END_TEST

START_TEST (memory_holds_the_process_to_its_budget)
{
    h3_memory_set_budget (1);
    ck_assert_uint_eq (h3_memory_get_budget (), 1);
    ck_assert_int_eq (h3_memory_get_health (), H3_MEMORY_CRITICAL);
    h3_memory_set_budget (G_GUINT64_CONSTANT (1) << 62);
    ck_assert_int_eq (h3_memory_get_health (), H3_MEMORY_GOOD);
    h3_memory_set_budget (0);
}
END_TEST

START_TEST (memory_tells_what_is_resident)
{
    guint64 before = h3_memory_get_resident ();
    gsize size = 64 << 20;
    char *block = g_malloc (size);

    memset (block, 1, size);
    ck_assert_uint_eq (before % (guint64) sysconf (_SC_PAGESIZE), 0);
    ck_assert_uint_gt (before, 0);
    ck_assert_uint_ge (h3_memory_get_resident (), before + size / 2);
    ck_assert_int_eq (block[size - 1], 1);
    g_free (block);
}
END_TEST

/* Small blocks are malloc's own, large ones the system's: both are in use. */
START_TEST (memory_tells_what_is_in_use_of_the_heap)
{
    static char *blocks[1024];
    guint64 before = h3_memory_get_heap ();
    guint64 sizes = 1024 * 2000 + (16 << 20);
    char *large;

    if (before == 0) {
        g_print ("SKIP: malloc does not tell what is in use\n");
        return;
    }
    for (guint i = 0; i < G_N_ELEMENTS (blocks); i++)
        blocks[i] = g_malloc (2000);
    large = g_malloc (16 << 20);
    ck_assert_uint_ge (h3_memory_get_heap (), before + sizes);
    ck_assert_uint_le (h3_memory_get_heap (), before + sizes + sizes / 16);
    for (guint i = 0; i < G_N_ELEMENTS (blocks); i++)
        g_free (blocks[i]);
    g_free (large);
    ck_assert_uint_le (h3_memory_get_heap (), before + 65536);
}
END_TEST

static json_int_t
get_number (json_t *report, const char *name)
{
    ck_assert_msg (json_is_integer (json_object_get (report, name)), "%s is missing", name);
    return json_integer_value (json_object_get (report, name));
}

static json_t *
get_kind (json_t *report, const char *name)
{
    json_t *kind = json_object_get (json_object_get (report, "kinds"), name);

    ck_assert_msg (json_is_object (kind), "%s is missing", name);
    return kind;
}

START_TEST (memory_reports_every_live_counter)
{
    json_t *report = h3_memory_report_to_json ();
    guint n = 0;

    for (Counter i = 0; i < COUNTER_EVENTS_ACQUIRED; i++, n++)
        get_kind (report, counters_get_name (i));
    ck_assert_uint_eq (json_object_size (json_object_get (report, "kinds")), n);
    json_decref (report);
}
END_TEST

START_TEST (memory_reports_pools)
{
    EventPool *pool = event_pool_new (4);
    json_t *report;
    json_t *kind;

    event_pool_warm_up (pool, 3);
    event_pool_release (pool, event_pool_acquire (pool));
    report = h3_memory_report_to_json ();
    kind = get_kind (report, "events_pooled");
    ck_assert_int_eq (get_number (kind, "now"), 3);
    ck_assert_int_ge (get_number (kind, "bytes"), 3 * (json_int_t) sizeof (H3Event));
    ck_assert_double_eq (json_real_value (json_object_get (report, "pool_reuse")), 1.0);
    ck_assert_int_eq (get_number (get_kind (report, "events"), "now"), 0);
    ck_assert_int_ge (get_number (get_kind (report, "events"), "peak"), 1);
    json_decref (report);
    event_pool_free (pool);
}
END_TEST

START_TEST (memory_reports_each_store_by_name)
{
    H3Store *first = h3_memory_store_new (1000, 100000);
    H3Store *second = h3_memory_store_new (10, 50000);
    g_autoptr (GBytes) value = g_bytes_new_static ("value", 5);
    g_autofree char *text = NULL;
    json_t *report, *stores, *row;

    h3_memory_store_set_name (second, "carts");
    h3_store_put (second, "key", value, 60000, NULL, NULL);
    report = h3_memory_report_to_json ();
    stores = json_object_get (report, "stores");
    ck_assert_uint_eq (json_array_size (stores), 2);
    row = json_array_get (stores, 0);
    ck_assert_str_eq (json_string_value (json_object_get (row, "name")), "store");
    ck_assert_int_eq (get_number (row, "entries"), 0);
    ck_assert_int_eq (get_number (row, "max_entries"), 1000);
    row = json_array_get (stores, 1);
    ck_assert_str_eq (json_string_value (json_object_get (row, "name")), "carts");
    ck_assert_int_eq (get_number (row, "entries"), 1);
    ck_assert_int_eq (get_number (row, "max_bytes"), 50000);
    ck_assert_int_eq (get_number (row, "bytes"),
                      get_number (get_kind (report, "store_bytes"), "now"));
    json_decref (report);
    text = h3_memory_report_to_text ();
    ck_assert_ptr_nonnull (strstr (text, "\ncarts                         1             10 "));
    g_object_unref (first);
    g_object_unref (second);
    report = h3_memory_report_to_json ();
    ck_assert_uint_eq (json_array_size (json_object_get (report, "stores")), 0);
    json_decref (report);
}
END_TEST

START_TEST (memory_reports_what_was_refused_as_counted)
{
    static const Counter reasons[] = { COUNTER_SHED_MEMORY, COUNTER_SHED_DELAY, COUNTER_SHED_POOL,
                                       COUNTER_REFUSED };
    g_autofree char *text = NULL;
    json_t *report;

    for (guint i = 0; i < G_N_ELEMENTS (reasons); i++)
        counters_add (reasons[i], 4711 + i);
    report = h3_memory_report_to_json ();
    for (guint i = 0; i < G_N_ELEMENTS (reasons); i++)
        ck_assert_int_eq (
            get_number (json_object_get (report, "refused"), counters_get_name (reasons[i])),
            4711 + i);
    json_decref (report);
    text = h3_memory_report_to_text ();
    ck_assert_ptr_nonnull (strstr (text, "\nrequests_shed_pool         4713\n"));
}
END_TEST

START_TEST (memory_reports_totals)
{
    json_t *report = h3_memory_report_to_json ();
    g_autofree char *text = h3_memory_report_to_json_text ();
    json_t *twin = json_loads (text, JSON_REJECT_DUPLICATES, NULL);

    ck_assert_int_gt (get_number (report, "resident"), 0);
    if (h3_memory_get_heap () > 0)
        ck_assert_int_gt (get_number (report, "heap"), 0);
    else
        ck_assert (json_is_null (json_object_get (report, "heap")));
    ck_assert_int_eq (get_number (report, "budget"), 0);
    ck_assert_int_ge (get_number (report, "peak"), get_number (report, "allocated"));
    ck_assert_str_eq (json_string_value (json_object_get (report, "health")), "good");
    ck_assert_ptr_nonnull (twin);
    ck_assert (json_equal (json_object_get (twin, "kinds"), json_object_get (report, "kinds")));
    json_decref (twin);
    json_decref (report);
}
END_TEST

START_TEST (memory_reports_as_text)
{
    g_autoptr (H3Arena) arena = h3_arena_new ();
    g_autofree char *text = NULL;
    g_autofree char *size = NULL;

    h3_arena_alloc (arena, 123456);
    size = g_strdup_printf ("%" G_GINT64_FORMAT, counters_read (COUNTER_ARENA_BYTES));
    text = h3_memory_report_to_text ();
    ck_assert_ptr_nonnull (strstr (text, "health      good\n"));
    ck_assert_ptr_nonnull (strstr (text, "\nheap  "));
    ck_assert_ptr_nonnull (strstr (text, "\narena_bytes "));
    ck_assert_ptr_nonnull (strstr (text, size));
}
END_TEST

START_TEST (nothing_is_left_where_all_was_freed)
{
    LiveSnapshot before = live_snapshot_take ();
    H3Arena *arena = h3_arena_new ();

    h3_arena_alloc (arena, 1);
    h3_arena_free (arena);
    counters_add (COUNTER_REQUESTS, 1);
    assert_nothing_left (&before);
}
END_TEST

START_TEST (what_is_left_is_named)
{
    LiveSnapshot before = live_snapshot_take ();
    H3Headers *headers = h3_headers_new ();
    int fd = dup (STDOUT_FILENO);
    g_autofree char *difference = live_snapshot_dup_difference (&before);

    ck_assert_int_ge (fd, 0);
    ck_assert_ptr_nonnull (strstr (difference, "header_tables: 0 before, 1 now; descriptors: "));
    ck_assert_ptr_null (strstr (difference, "events"));
    h3_headers_unref (headers);
    close (fd);
    assert_nothing_left (&before);
}
END_TEST

static void
add_tests (Suite *suite)
{
    suite_add_case (suite, "counting", memory_counts_blocks_of_arenas, memory_counts_objects,
                    memory_tells_what_is_resident, memory_tells_what_is_in_use_of_the_heap, NULL);
    suite_add_case (suite, "health", memory_knows_the_health_of_a_budget,
                    memory_is_good_without_a_budget, memory_holds_the_process_to_its_budget,
                    memory_is_short_until_there_is_some_to_spare,
                    memory_is_short_by_what_is_resident,
                    memory_is_as_it_was_where_the_system_does_not_tell, NULL);
    suite_add_case (suite, "reports", memory_reports_every_live_counter, memory_reports_pools,
                    memory_reports_each_store_by_name, memory_reports_what_was_refused_as_counted,
                    memory_reports_totals, memory_reports_as_text, NULL);
    suite_add_case (suite, "left", nothing_is_left_where_all_was_freed, what_is_left_is_named,
                    NULL);
}

int
main (void)
{
    return suite_run ("monitor/memory", add_tests);
}
