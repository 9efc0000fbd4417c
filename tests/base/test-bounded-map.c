/* SPDX-License-Identifier: MIT */

#include "h3/base/bounded-map-private.h"
#include "h3/base/counters.h"
#include "tests/support/suite.h"

#include <malloc.h>
#include <stdlib.h>

static guint n_destroyed;

static void
destroy (gpointer value)
{
    n_destroyed++;
    g_free (value);
}

static BoundedMap *
new_map (guint max_entries, gint64 ttl)
{
    n_destroyed = 0;
    return bounded_map_new (max_entries, ttl, destroy);
}

static void
assert_sane_map (const BoundedMap *map)
{
    guint n_chained = 0, n_used = 0;

    ck_assert_uint_eq (map->mask & (map->mask + 1), 0);
    ck_assert_uint_le (map->size, map->max_entries);
    for (guint i = 0; i <= map->mask; i++) {
        for (const MapEntry *entry = map->chains[i]; entry != NULL; entry = entry->next) {
            ck_assert_uint_eq (entry->hash & map->mask, i);
            ck_assert_uint_eq (entry->hash, h3_view_hash (h3_view (entry->key, entry->key_length)));
            ck_assert_ptr_nonnull (entry->value);
            n_chained++;
        }
    }
    for (const MapUse *use = map->ring.newer; use != &map->ring; use = use->newer) {
        ck_assert_ptr_eq (use->newer->older, use);
        ck_assert_ptr_eq (use->older->newer, use);
        n_used++;
    }
    ck_assert_uint_eq (n_chained, map->size);
    ck_assert_uint_eq (n_used, map->size);
    ck_assert_int_eq (counters_read (COUNTER_MAP_ENTRIES), map->size);
}

static void
put (BoundedMap *map, const char *key, const char *value, gint64 now)
{
    bounded_map_put (map, h3_view_of (key), g_strdup (value), now);
    assert_sane_map (map);
}

static const char *
get (BoundedMap *map, const char *key, gint64 now)
{
    const char *value = bounded_map_get (map, h3_view_of (key), now);

    assert_sane_map (map);
    return value != NULL ? value : "none";
}

START_TEST (map_owns_its_keys_and_values)
{
    BoundedMap *map = new_map (10, 0);
    char key[] = "key";

    put (map, key, "one", 0);
    key[0] = 'x';
    ck_assert_str_eq (get (map, "key", 0), "one");
    ck_assert_str_eq (get (map, "xey", 0), "none");
    put (map, "key", "two", 0);
    ck_assert_uint_eq (n_destroyed, 1);
    ck_assert_str_eq (get (map, "key", G_MAXINT64 - 1), "two");
    put (map, "", "empty", 0);
    ck_assert_str_eq (get (map, "", 0), "empty");
    ck_assert (bounded_map_remove (map, H3_VIEW ("key")));
    ck_assert (!bounded_map_remove (map, H3_VIEW ("key")));
    ck_assert_uint_eq (n_destroyed, 2);
    bounded_map_free (map);
    ck_assert_uint_eq (n_destroyed, 3);
    ck_assert_int_eq (counters_read (COUNTER_MAP_ENTRIES), 0);
}
END_TEST

START_TEST (map_gives_up_what_was_used_longest_ago)
{
    g_autoptr (BoundedMap) map = new_map (3, 0);

    put (map, "a", "1", 0);
    put (map, "b", "2", 0);
    put (map, "c", "3", 0);
    ck_assert_str_eq (get (map, "a", 0), "1");
    put (map, "b", "4", 0);
    put (map, "d", "5", 0);
    ck_assert_str_eq (get (map, "c", 0), "none");
    ck_assert_uint_eq (bounded_map_get_evictions (map), 1);
    bounded_map_set_max (map, 1);
    assert_sane_map (map);
    ck_assert_str_eq (get (map, "d", 0), "5");
    ck_assert_uint_eq (bounded_map_get_size (map), 1);
    ck_assert_uint_eq (bounded_map_get_max (map), 1);
    bounded_map_clear (map);
    assert_sane_map (map);
    ck_assert_uint_eq (n_destroyed, 5);
}
END_TEST

START_TEST (map_entries_end_with_their_time)
{
    g_autoptr (BoundedMap) map = new_map (10, 100);

    put (map, "a", "1", 1000);
    ck_assert_str_eq (get (map, "a", 1099), "1");
    put (map, "b", "2", 1050);
    bounded_map_put_until (map, H3_VIEW ("c"), g_strdup ("3"), G_MAXINT64);
    ck_assert_str_eq (get (map, "a", 1100), "none");
    ck_assert_uint_eq (n_destroyed, 1);
    put (map, "b", "4", 1149);
    ck_assert_str_eq (get (map, "b", 1150), "4");
    ck_assert_str_eq (get (map, "c", 1000000), "3");
}
END_TEST

START_TEST (map_sweeps_a_little_at_a_time_without_traffic)
{
    g_autoptr (BoundedMap) map = new_map (5000, 100);
    guint n_calls = 0;

    for (int i = 0; i < 1000; i++) {
        char key[16];

        g_snprintf (key, sizeof key, "%d", i);
        bounded_map_put (map, h3_view_of (key), g_strdup (key), i < 900 ? 0 : 1000);
    }
    ck_assert_uint_eq (bounded_map_sweep (map, 99, 100000), 0);
    while (bounded_map_get_size (map) > 100) {
        ck_assert_uint_le (bounded_map_sweep (map, 200, 50), 50);
        assert_sane_map (map);
        ck_assert_uint_lt (++n_calls, 1000);
    }
    ck_assert_uint_gt (n_calls, 15);
    ck_assert_uint_eq (n_destroyed, 900);
}
END_TEST

START_TEST (map_of_a_million_keys_stays_within_its_bound_and_its_memory)
{
    g_autoptr (BoundedMap) map = new_map (1000, 0);
    gsize held = 0;

    for (int i = 0; i < 1000000; i++) {
        char key[32];

        g_snprintf (key, sizeof key, "a key of a client %d", i);
        bounded_map_put (map, h3_view_of (key), g_strdup (key), i);
        if (i == 10000)
            held = mallinfo2 ().uordblks;
        ck_assert (bounded_map_get_size (map) <= 1000);
    }
    assert_sane_map (map);
    ck_assert_uint_eq (n_destroyed, 999000);
    ck_assert_uint_le (mallinfo2 ().uordblks, held + 65536);
}
END_TEST

START_TEST (map_stays_sane_under_random_use)
{
    guint32 seed = g_random_int ();
    GRand *random = g_rand_new_with_seed (seed);
    g_autoptr (BoundedMap) map = new_map (40, 50);
    g_autoptr (GHashTable) last = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);

    g_print ("seed %u\n", seed);
    for (int now = 0; now < 5000; now++) {
        g_autofree char *key = g_strdup_printf ("%d", g_rand_int_range (random, 0, 60));
        g_autofree char *value = g_strdup_printf ("%d", now);
        const char *found;

        switch (g_rand_int_range (random, 0, 6)) {
        case 0:
            bounded_map_remove (map, h3_view_of (key));
            g_hash_table_remove (last, key);
            break;
        case 1:
            bounded_map_sweep (map, now, 5);
            break;
        case 2:
        case 3:
            put (map, key, value, now);
            g_hash_table_replace (last, g_steal_pointer (&key), g_steal_pointer (&value));
            break;
        default:
            found = get (map, key, now);
            if (strcmp (found, "none") != 0) {
                ck_assert_ptr_nonnull (g_hash_table_lookup (last, key));
                ck_assert_str_eq (found, g_hash_table_lookup (last, key));
                ck_assert_int_lt (now, atoi (found) + 50);
            }
        }
        assert_sane_map (map);
    }
    g_rand_free (random);
}
END_TEST

static void
add_tests (Suite *suite)
{
    suite_add_case (suite, "map", map_owns_its_keys_and_values,
                    map_gives_up_what_was_used_longest_ago, map_entries_end_with_their_time,
                    map_sweeps_a_little_at_a_time_without_traffic, NULL);
    suite_add_case (suite, "bound", map_of_a_million_keys_stays_within_its_bound_and_its_memory,
                    map_stays_sane_under_random_use, NULL);
}

int
main (void)
{
    return suite_run ("base/bounded-map", add_tests);
}
