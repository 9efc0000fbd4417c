/* SPDX-License-Identifier: MIT */

#include "h3/http/trace-fields.h"
#include "tests/support/suite.h"

#define TRACE  "4bf92f3577b34da6a3ce929d0e0e4736"
#define SPAN   "00f067aa0ba902b7"
#define PARENT "00-" TRACE "-" SPAN

static void
assert_parent (const char *text, int flags)
{
    TraceParent parent = { .flags = 99 };
    gboolean is_one = trace_parent_parse (h3_view_of (text), &parent);

    ck_assert_msg (is_one == (flags >= 0), "%s", text);
    if (!is_one) {
        ck_assert_uint_eq (parent.flags, 99);
        return;
    }
    ck_assert_str_eq (parent.trace_id, TRACE);
    ck_assert_str_eq (parent.span_id, SPAN);
    ck_assert_msg (parent.flags == flags, "%s has flags %u", text, parent.flags);
}

START_TEST (parent_of_version_00_is_exact)
{
    assert_parent (PARENT "-00", 0);
    assert_parent (PARENT "-01", TRACE_SAMPLED);
    assert_parent (PARENT "-03", TRACE_SAMPLED | TRACE_RANDOM);
    assert_parent ("", -1);
    assert_parent ("00", -1);
    assert_parent (PARENT "-0", -1);
    assert_parent (PARENT "-011", -1);
    assert_parent (PARENT "-01-", -1);
    assert_parent (PARENT "-01-more", -1);
    assert_parent (" " PARENT "-01", -1);
    assert_parent (PARENT "_01", -1);
    assert_parent ("00_" TRACE "-" SPAN "-01", -1);
    assert_parent ("00-" TRACE "_" SPAN "-01", -1);
}
END_TEST

START_TEST (parent_knows_no_flags_but_two)
{
    assert_parent (PARENT "-ff", TRACE_SAMPLED | TRACE_RANDOM);
    assert_parent (PARENT "-fc", 0);
    assert_parent ("cc-" TRACE "-" SPAN "-08", 0);
}
END_TEST

START_TEST (parent_of_a_later_version_has_the_first_four_members)
{
    assert_parent ("01-" TRACE "-" SPAN "-01", TRACE_SAMPLED);
    assert_parent ("cc-" TRACE "-" SPAN "-01-", TRACE_SAMPLED);
    assert_parent ("fe-" TRACE "-" SPAN "-01-what the future will be like", TRACE_SAMPLED);
    assert_parent ("cc-" TRACE "-" SPAN "-01.what", -1);
    assert_parent ("cc-" TRACE "-" SPAN "-0", -1);
    assert_parent ("ff-" TRACE "-" SPAN "-01", -1);
}
END_TEST

START_TEST (parent_has_lower_case_digits_and_no_ids_of_zeros)
{
    assert_parent ("00-00000000000000000000000000000000-" SPAN "-01", -1);
    assert_parent ("00-" TRACE "-0000000000000000-01", -1);
    assert_parent ("00-4BF92f3577b34da6a3ce929d0e0e4736-" SPAN "-01", -1);
    assert_parent ("00-" TRACE "-00F067aa0ba902b7-01", -1);
    assert_parent ("00-4bf92f3577b34da6a3ce929d0e0e473g-" SPAN "-01", -1);
    assert_parent (PARENT "-0A", -1);
    assert_parent (PARENT "-0g", -1);
    assert_parent ("CC-" TRACE "-" SPAN "-01", -1);
    assert_parent ("0.-" TRACE "-" SPAN "-01", -1);
}
END_TEST

START_TEST (parent_is_written_as_version_00)
{
    char text[TRACE_PARENT_LENGTH + 1];
    TraceParent parent;

    ck_assert (trace_parent_parse (H3_VIEW ("cc-" TRACE "-" SPAN "-ff-more"), &parent));
    trace_parent_write (&parent, text);
    ck_assert_str_eq (text, PARENT "-03");
}
END_TEST

/* `expected` "": nothing is left. */
static void
assert_state (const char *text, const char *expected)
{
    char out[TRACE_STATE_MAX];
    gsize length = trace_state_clean (h3_view_of (text), out);
    g_autofree char *clean = g_strndup (out, length);

    ck_assert_str_eq (clean, expected);
}

START_TEST (state_keeps_its_members_in_order)
{
    assert_state ("a=1", "a=1");
    assert_state ("rojo=00f067aa0ba902b7,congo=t61rcWkgMzE",
                  "rojo=00f067aa0ba902b7,congo=t61rcWkgMzE");
    assert_state (" a=1 \t,\t b=2 , ,,c=3,", "a=1,b=2,c=3");
    assert_state ("fw529a3039@dt=FfAxtGSg,0-_*/@z= a b ", "fw529a3039@dt=FfAxtGSg,0-_*/@z= a b");
    assert_state ("a=!#$%&'()*+-./09:;<>?@AZ[]^_`az{|}~\"\\",
                  "a=!#$%&'()*+-./09:;<>?@AZ[]^_`az{|}~\"\\");
    assert_state ("", "");
    assert_state (" , \t,", "");
}
END_TEST

START_TEST (state_that_is_malformed_is_dropped_whole)
{
    static const char *const malformed[] = { "a",    "a=",         "=1",          "a=1=2",
                                             "A=1",  "a =1",       "a=1;b=2\x7f", "a=\t1",
                                             "_a=1", "a=\xc3\xa4", "a.b=1",       "@a=1" };

    for (guint i = 0; i < G_N_ELEMENTS (malformed); i++) {
        g_autofree char *with_good = g_strconcat ("good=1,", malformed[i], NULL);

        assert_state (malformed[i], "");
        assert_state (with_good, "");
    }
    ck_assert_uint_eq (trace_state_clean (h3_view ("a\0=1", 4), (char[TRACE_STATE_MAX]){ 0 }), 0);
}
END_TEST

START_TEST (state_keeps_the_first_of_a_key)
{
    assert_state ("a=1,b=2,a=3", "a=1,b=2");
    assert_state ("a=1,a=1", "a=1");
}
END_TEST

/* `n` members of `length` bytes each, with keys of their own. */
static char *
make_state (guint n, guint length)
{
    GString *text = g_string_new (NULL);

    for (guint i = 0; i < n; i++)
        g_string_append_printf (text, "%s%c%c=%0*u", i > 0 ? "," : "", 'a' + i / 26, 'a' + i % 26,
                                (int) length - 3, i);
    return g_string_free (text, FALSE);
}

START_TEST (state_has_at_most_32_members)
{
    g_autofree char *most = make_state (32, 5);
    g_autofree char *more = make_state (33, 5);
    g_autofree char *repeats = g_strconcat (most, ",aa=1", NULL);

    assert_state (most, most);
    assert_state (more, "");
    assert_state (repeats, "");
}
END_TEST

START_TEST (state_bounds_keys_and_values)
{
    g_autofree char *key = g_strnfill (257, 'k');
    g_autofree char *value = g_strnfill (257, 'v');
    g_autofree char *long_key = g_strconcat (key, "=1", NULL);
    g_autofree char *long_value = g_strconcat ("a=", value, NULL);

    assert_state (long_key, "");
    assert_state (long_key + 1, long_key + 1);
    assert_state (long_value, "");
    long_value[strlen (long_value) - 1] = '\0';
    assert_state (long_value, long_value);
}
END_TEST

START_TEST (state_that_is_too_long_loses_long_members_then_the_last)
{
    g_autofree char *exact = make_state (27, 18); /* 27 · 18 + 26 = 512 */
    g_autofree char *longer = make_state (27, 19);
    g_autofree char *cut = g_strndup (longer, 25 * 20 - 1);
    g_autofree char *fill = g_strnfill (126, 'v'); /* with "x=" 128 bytes: not long yet */
    g_autofree char *wide = g_strdup_printf ("x=%sw,%s", fill, exact);
    g_autofree char *late = g_strdup_printf ("%s,x=%s", exact, fill);
    g_autofree char *first = g_strdup_printf ("x=%sw,z=%s,a=%s", fill, fill, fill);
    g_autofree char *all = g_strdup_printf ("%s,y=%sw", first, fill);

    assert_state (exact, exact);
    assert_state (longer, cut);
    assert_state (wide, exact);
    assert_state (late, exact);
    assert_state (all, first);
}
END_TEST

START_TEST (request_id_is_a_short_token)
{
    g_autofree char *text = g_strnfill (129, 'x');

    ck_assert (trace_is_request_id (H3_VIEW ("7f3a-1_b.c~")));
    ck_assert (trace_is_request_id (h3_view (text, 128)));
    ck_assert (!trace_is_request_id (h3_view (text, 129)));
    ck_assert (!trace_is_request_id (H3_VIEW_EMPTY));
    ck_assert (!trace_is_request_id (H3_VIEW ("a b")));
    ck_assert (!trace_is_request_id (H3_VIEW ("a,b")));
    ck_assert (!trace_is_request_id (H3_VIEW ("\"a\"")));
    ck_assert (!trace_is_request_id (H3_VIEW ("a\xc3\xa4")));
}
END_TEST

static void
add_tests (Suite *suite)
{
    suite_add_case (
        suite, "traceparent", parent_of_version_00_is_exact, parent_knows_no_flags_but_two,
        parent_of_a_later_version_has_the_first_four_members,
        parent_has_lower_case_digits_and_no_ids_of_zeros, parent_is_written_as_version_00, NULL);
    suite_add_case (suite, "tracestate", state_keeps_its_members_in_order,
                    state_that_is_malformed_is_dropped_whole, state_keeps_the_first_of_a_key,
                    state_has_at_most_32_members, state_bounds_keys_and_values,
                    state_that_is_too_long_loses_long_members_then_the_last, NULL);
    suite_add_case (suite, "request id", request_id_is_a_short_token, NULL);
}

int
main (void)
{
    return suite_run ("http/trace-fields", add_tests);
}
