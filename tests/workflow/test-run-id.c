/* SPDX-License-Identifier: MIT */

#include "h3/loop/clock.h"
#include "h3/workflow/run-id.h"
#include "tests/support/suite.h"

#include <string.h>

START_TEST (ids_are_told_from_other_texts)
{
    g_autofree char *id = run_id_new (NULL);
    g_autofree char *longer = g_strconcat (id, "0", NULL);

    ck_assert_uint_eq (strlen (id), RUN_ID_LENGTH);
    ck_assert (run_id_is_one (id));
    ck_assert (!run_id_is_one (longer));
    ck_assert (!run_id_is_one (longer + 2));
    ck_assert (!run_id_is_one (""));
    id[5] = 'u';
    ck_assert (!run_id_is_one (id));
}
END_TEST

START_TEST (no_two_ids_are_the_same)
{
    g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

    for (guint i = 0; i < 10000; i++)
        ck_assert (g_hash_table_add (seen, run_id_new (NULL)));
}
END_TEST

START_TEST (later_ids_sort_behind_earlier_ones)
{
    g_autofree char *before = NULL;

    clock_take_control ();
    before = run_id_new (NULL);
    for (gint64 step = 1; step < G_GINT64_CONSTANT (1) << 40; step = step * 3 + 1) {
        g_autofree char *id = NULL;

        clock_drive (step);
        id = run_id_new (NULL);
        ck_assert_str_lt (before, id);
        g_free (before);
        before = g_steal_pointer (&id);
    }
}
END_TEST

static void
add (Suite *suite)
{
    suite_add_case (suite, "id", ids_are_told_from_other_texts, no_two_ids_are_the_same,
                    later_ids_sort_behind_earlier_ones, NULL);
}

int
main (void)
{
    return suite_run ("workflow/run-id", add);
}
