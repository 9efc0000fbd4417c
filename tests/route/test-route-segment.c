/* SPDX-License-Identifier: MIT */

#include "h3/route/route-segment.h"
#include "h3/route/router.h"
#include "tests/support/suite.h"

static void
add (Router *router, const char *pattern)
{
    ck_assert_ptr_nonnull (router_add (router, "GET", pattern, NULL, NULL, NULL));
}

static void
assert_leads (const Router *router, const char *path, const char *pattern)
{
    RouterMatch found;
    RouterResult result = router_match (router, H3_VIEW ("GET"), h3_view_of (path), &found);

    ck_assert_msg ((result == ROUTER_FOUND) == (pattern != NULL), "%s", path);
    if (pattern != NULL)
        ck_assert_str_eq (h3_route_get_pattern (found.route), pattern);
}

/* Literals of every length around those that are read as one, two and more words, which differ in
 * one byte, at each of its places; a tail with a parameter has the tree tell, not the whole path.
 */
START_TEST (segment_tells_literals_that_differ_in_one_byte_apart)
{
    for (gsize length = 1; length <= 34; length++) {
        g_autoptr (Router) router = router_new ();

        for (gsize i = 0; i < length; i++) {
            g_autofree char *literal = g_strnfill (length, 'a');
            g_autofree char *pattern = NULL;

            literal[i] = 'b';
            pattern = g_strdup_printf ("/x/%s/:p", literal);
            add (router, pattern);
        }
        for (gsize i = 0; i < length; i++) {
            g_autofree char *literal = g_strnfill (length, 'a');
            g_autofree char *path = NULL, *pattern = NULL;

            literal[i] = 'b';
            pattern = g_strdup_printf ("/x/%s/:p", literal);
            path = g_strdup_printf ("/x/%s/v", literal);
            assert_leads (router, path, pattern);
            path[3 + i] = 'c';
            assert_leads (router, path, NULL);
        }
    }
}
END_TEST

/* The end of the path may fall anywhere in a word, and the segment anywhere in the path. */
START_TEST (segment_ends_at_the_next_slash_or_with_the_path)
{
    for (gsize before = 0; before <= 20; before++) {
        for (gsize length = 0; length <= 40; length++) {
            for (gsize after = 0; after <= 20; after++) {
                g_autofree char *front = g_strnfill (before, '/');
                g_autofree char *middle = g_strnfill (length, 's');
                g_autofree char *back = g_strnfill (after, '/');
                g_autofree char *path = g_strconcat (front, middle, back, NULL);
                H3View view = h3_view_of (path);

                ck_assert_uint_eq (segment_read (view, before).length, length);
                ck_assert_uint_eq (segment_find_end (view, before), before + length);
            }
        }
    }
}
END_TEST

static void
add_tests (Suite *suite)
{
    suite_add_case (suite, "segments", segment_tells_literals_that_differ_in_one_byte_apart,
                    segment_ends_at_the_next_slash_or_with_the_path, NULL);
}

int
main (void)
{
    return suite_run ("route/segment", add_tests);
}
