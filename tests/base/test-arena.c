/* SPDX-License-Identifier: MIT */

#include "h3/base/arena.h"
#include "tests/support/suite.h"

static void
note (gpointer data)
{
    GString *order = ((gpointer *) data)[0];

    g_string_append_c (order, (char) GPOINTER_TO_INT (((gpointer *) data)[1]));
}

START_TEST (arena_reset_runs_cleanups_newest_first_and_once)
{
    g_autoptr (H3Arena) arena = h3_arena_new ();
    g_autoptr (GString) order = g_string_new (NULL);
    gpointer first[] = { order, GINT_TO_POINTER ('1') };
    gpointer second[] = { order, GINT_TO_POINTER ('2') };

    h3_arena_add_cleanup (arena, note, first);
    h3_arena_add_cleanup (arena, note, second);
    h3_arena_reset (arena);
    ck_assert_str_eq (order->str, "21");
    h3_arena_reset (arena);
    ck_assert_str_eq (order->str, "21");
}
END_TEST

START_TEST (arena_reset_gives_back_what_one_large_exchange_took)
{
    g_autoptr (H3Arena) arena = h3_arena_new ();
    gsize small;

    (void) h3_arena_alloc (arena, 10);
    small = h3_arena_get_size (arena);
    (void) h3_arena_alloc (arena, 1000000);
    for (int i = 0; i < 1000; i++)
        (void) h3_arena_alloc (arena, 1000);
    ck_assert_uint_gt (h3_arena_get_size (arena), 2000000 - 1);
    h3_arena_reset (arena);
    ck_assert_uint_eq (h3_arena_get_size (arena), small);
}
END_TEST

START_TEST (arena_memory_is_aligned_and_apart)
{
    g_autoptr (H3Arena) arena = h3_arena_new ();
    char *last = NULL;

    for (gsize size = 0; size < 300; size++) {
        char *memory = h3_arena_alloc (arena, size);

        ck_assert_uint_eq ((gsize) memory % (2 * sizeof (void *)), 0);
        if (size > 0)
            memset (memory, 'x', size);
        ck_assert (size < 2 || last != memory);
        last = memory;
    }
}
END_TEST

START_TEST (arena_texts_are_copies)
{
    g_autoptr (H3Arena) arena = h3_arena_new ();
    char text[] = "text";
    char *copy = h3_arena_strdup (arena, text);

    text[0] = 'n';
    ck_assert_str_eq (copy, "text");
    ck_assert_str_eq (h3_arena_dup_view (arena, H3_VIEW ("view")), "view");
    ck_assert_str_eq (h3_arena_printf (arena, "%d-%s", 5, "five"), "5-five");
    ck_assert_ptr_null (h3_arena_strdup (arena, NULL));
}
END_TEST

static void
add_tests (Suite *suite)
{
    suite_add_case (suite, "arena", arena_reset_runs_cleanups_newest_first_and_once,
                    arena_reset_gives_back_what_one_large_exchange_took,
                    arena_memory_is_aligned_and_apart, arena_texts_are_copies, NULL);
}

int
main (void)
{
    return suite_run ("base/arena", add_tests);
}
