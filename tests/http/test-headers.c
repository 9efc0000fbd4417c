/* SPDX-License-Identifier: MIT */

#include "h3/base/counters.h"
#include "h3/http/headers.h"
#include "tests/support/suite.h"

#include <malloc.h>

static gboolean
append_line (const char *name, const char *value, gpointer user_data)
{
    g_string_append_printf (user_data, "%s: %s\n", name, value);
    return TRUE;
}

static gboolean
stop_at_second (const char *name, const char *value, gpointer user_data)
{
    guint *calls = user_data;

    return ++*calls < 2;
}

static void
assert_lines (const H3Headers *headers, const char *expected)
{
    g_autoptr (GString) lines = g_string_new (NULL);

    h3_headers_foreach (headers, append_line, lines);
    ck_assert_str_eq (lines->str, expected);
}

/* What must hold after every change: each field is found by its name, each name by its fields. */
static gboolean
check_entry (const char *name, const char *value, gpointer user_data)
{
    const H3Headers *headers = user_data;
    g_autoptr (GString) lines = g_string_new (NULL);
    g_autofree char *line = g_strdup_printf ("%s: %s\n", name, value);

    ck_assert (h3_headers_has (headers, name));
    h3_headers_foreach_value (headers, name, append_line, lines);
    ck_assert_ptr_nonnull (strstr (lines->str, line));
    return TRUE;
}

static void
assert_sane_headers (const H3Headers *headers)
{
    g_autoptr (GString) lines = g_string_new (NULL);
    guint newlines = 0;

    h3_headers_foreach (headers, check_entry, (gpointer) headers);
    h3_headers_foreach (headers, append_line, lines);
    for (const char *at = lines->str; (at = strchr (at, '\n')) != NULL; at++)
        newlines++;
    ck_assert_uint_eq (newlines, h3_headers_get_size (headers));
}

START_TEST (headers_get_ignores_case)
{
    g_autoptr (H3Headers) headers = h3_headers_new ();

    ck_assert (h3_headers_set (headers, "Content-Type", "text/plain"));
    ck_assert_str_eq (h3_headers_get (headers, "cONTENT-tYPE"), "text/plain");
    ck_assert (h3_headers_has (headers, "CONTENT-TYPE"));
    ck_assert_ptr_null (h3_headers_get (headers, "Content_Type"));
    ck_assert (!h3_headers_has (headers, "Content-Typ"));
}
END_TEST

START_TEST (headers_keep_order_and_repeats)
{
    g_autoptr (H3Headers) headers = h3_headers_new ();
    g_autofree char *joined = NULL;
    g_autoptr (GString) lines = g_string_new (NULL);
    guint calls = 0;

    h3_headers_add (headers, "Set-Cookie", "a=1");
    h3_headers_add (headers, "X", "y");
    h3_headers_add (headers, "set-cookie", "b=2");
    assert_sane_headers (headers);
    assert_lines (headers, "Set-Cookie: a=1\nX: y\nSet-Cookie: b=2\n");
    ck_assert_str_eq (h3_headers_get (headers, "Set-Cookie"), "a=1");
    ck_assert_uint_eq (h3_headers_get_size (headers), 3);
    joined = h3_headers_dup_joined (headers, "SET-COOKIE");
    ck_assert_str_eq (joined, "a=1, b=2");
    h3_headers_foreach_value (headers, "set-Cookie", append_line, lines);
    ck_assert_str_eq (lines->str, "Set-Cookie: a=1\nSet-Cookie: b=2\n");
    h3_headers_foreach (headers, stop_at_second, &calls);
    ck_assert_uint_eq (calls, 2);
    calls = 0;
    h3_headers_foreach_value (headers, "Set-Cookie", stop_at_second, &calls);
    ck_assert_uint_eq (calls, 2);
}
END_TEST

START_TEST (headers_that_are_absent_give_nothing)
{
    g_autoptr (H3Headers) headers = h3_headers_new ();
    guint calls = 0;

    ck_assert_ptr_null (h3_headers_get (headers, "A"));
    ck_assert_ptr_null (h3_headers_dup_joined (headers, "A"));
    ck_assert_uint_eq (h3_headers_remove (headers, "A"), 0);
    ck_assert_uint_eq (h3_headers_get_size (headers), 0);
    h3_headers_foreach_value (headers, "A", stop_at_second, &calls);
    h3_headers_foreach (headers, stop_at_second, &calls);
    ck_assert_uint_eq (calls, 0);
}
END_TEST

START_TEST (headers_set_replaces_all_in_the_place_of_the_first)
{
    g_autoptr (H3Headers) headers = h3_headers_new ();

    h3_headers_add (headers, "A", "1");
    h3_headers_add (headers, "Vary", "x");
    h3_headers_add (headers, "B", "2");
    h3_headers_add (headers, "vary", "y");
    h3_headers_add (headers, "vary", "z");
    ck_assert (h3_headers_set (headers, "VARY", "Accept"));
    assert_sane_headers (headers);
    assert_lines (headers, "A: 1\nVary: Accept\nB: 2\n");
    h3_headers_add (headers, "vary", "Origin");
    assert_sane_headers (headers);
    assert_lines (headers, "A: 1\nVary: Accept\nB: 2\nVary: Origin\n");
}
END_TEST

START_TEST (headers_remove_and_clear_take_every_value)
{
    g_autoptr (H3Headers) headers = h3_headers_new ();

    h3_headers_add (headers, "A", "1");
    h3_headers_add (headers, "B", "2");
    h3_headers_add (headers, "a", "3");
    ck_assert_uint_eq (h3_headers_remove (headers, "a"), 2);
    assert_sane_headers (headers);
    assert_lines (headers, "B: 2\n");
    h3_headers_add (headers, "a", "4");
    assert_lines (headers, "B: 2\na: 4\n");
    h3_headers_clear (headers);
    assert_sane_headers (headers);
    ck_assert_uint_eq (h3_headers_get_size (headers), 0);
    ck_assert (h3_headers_set (headers, "A", "5"));
    assert_lines (headers, "A: 5\n");
}
END_TEST

START_TEST (headers_own_what_literals_stacks_and_heaps_gave)
{
    g_autoptr (H3Headers) headers = h3_headers_new ();
    char name[] = "X-Stack", value[] = "on the stack";
    char *heap_name = g_strdup ("X-Heap"), *heap_value = g_strdup ("on the heap");

    ck_assert (h3_headers_set (headers, "X-Literal", "literal"));
    ck_assert (h3_headers_set (headers, name, value));
    ck_assert (h3_headers_add (headers, heap_name, heap_value));
    memset (name, '#', sizeof name);
    memset (value, '#', sizeof value);
    g_free (heap_name);
    g_free (heap_value);
    assert_lines (headers, "X-Literal: literal\nX-Stack: on the stack\nX-Heap: on the heap\n");
    ck_assert (h3_headers_set (headers, "X-Literal", "other"));
    ck_assert (h3_headers_set (headers, "x-stack", "other"));
    assert_sane_headers (headers);
}
END_TEST

START_TEST (headers_own_what_was_taken)
{
    g_autoptr (H3Headers) headers = h3_headers_new ();

    ck_assert (h3_headers_set_take (headers, g_strdup ("A"), g_strdup ("1")));
    ck_assert (h3_headers_set_take (headers, g_strdup ("a"), g_strdup (" \t2 \t")));
    ck_assert (h3_headers_set_take (headers, g_strdup ("B"), g_strdup ("  ")));
    assert_lines (headers, "A: 2\nB: \n");
}
END_TEST

START_TEST (headers_take_views_that_no_nul_ends)
{
    static const char text[] = "NameValue!";
    g_autoptr (H3Headers) headers = h3_headers_new ();

    ck_assert (h3_headers_set_view (headers, h3_view (text, 4), h3_view (text + 4, 5)));
    ck_assert (h3_headers_add_view (headers, h3_view (text, 3), h3_view (NULL, 0)));
    assert_lines (headers, "Name: Value\nNam: \n");
}
END_TEST

START_TEST (headers_set_accepts_its_own_value)
{
    g_autoptr (H3Headers) headers = h3_headers_new ();

    h3_headers_set (headers, "A", "value");
    ck_assert (h3_headers_set (headers, "A", h3_headers_get (headers, "A") + 1));
    ck_assert_str_eq (h3_headers_get (headers, "A"), "alue");
}
END_TEST

START_TEST (headers_take_blanks_off_values)
{
    g_autoptr (H3Headers) headers = h3_headers_new ();

    h3_headers_add (headers, "A", " \t a\t b \t");
    ck_assert_str_eq (h3_headers_get (headers, "A"), "a\t b");
}
END_TEST

START_TEST (headers_setting_one_key_100000_times_is_flat)
{
    static const char *const values[] = { "one", "another" };
    g_autoptr (H3Headers) headers = h3_headers_new ();
    gsize before = 0;

    for (guint i = 0; i < 100000; i++) {
        ck_assert (h3_headers_set (headers, "X-Key", values[i % 2]));
        if (i == 100)
            before = mallinfo2 ().uordblks;
    }
    ck_assert_uint_le (mallinfo2 ().uordblks, before + 256);
    ck_assert_uint_eq (h3_headers_get_size (headers), 1);
    ck_assert_str_eq (h3_headers_get (headers, "X-Key"), "another");
}
END_TEST

START_TEST (headers_are_freed_with_their_last_reference)
{
    gint64 before = counters_read (COUNTER_HEADERS_LIVE);
    H3Headers *headers = h3_headers_new ();
    H3Headers *boxed;

    h3_headers_set (headers, "A", "1");
    ck_assert_ptr_eq (h3_headers_ref (headers), headers);
    h3_headers_unref (headers);
    ck_assert_str_eq (h3_headers_get (headers, "A"), "1");
    boxed = g_boxed_copy (H3_TYPE_HEADERS, headers);
    ck_assert_ptr_eq (boxed, headers);
    g_boxed_free (H3_TYPE_HEADERS, boxed);
    ck_assert_int_eq (counters_read (COUNTER_HEADERS_LIVE), before + 1);
    h3_headers_unref (headers);
    ck_assert_int_eq (counters_read (COUNTER_HEADERS_LIVE), before);
    h3_headers_unref (NULL);
}
END_TEST

START_TEST (headers_hold_many_names_and_values)
{
    g_autoptr (H3Headers) headers = h3_headers_new ();

    for (guint i = 0; i < 2000; i++) {
        g_autofree char *name = g_strdup_printf ("X-%u", i % 500);
        g_autofree char *value = g_strdup_printf ("%u", i);

        ck_assert (h3_headers_add (headers, name, value));
    }
    assert_sane_headers (headers);
    for (guint i = 0; i < 500; i += 2) {
        g_autofree char *name = g_strdup_printf ("x-%u", i);

        ck_assert_uint_eq (h3_headers_remove (headers, name), 4);
    }
    assert_sane_headers (headers);
    ck_assert_uint_eq (h3_headers_get_size (headers), 1000);
    ck_assert_str_eq (h3_headers_get (headers, "x-499"), "499");
}
END_TEST

/* Criticals end a test unless they are awaited by their text. */
static void
assert_refused (H3Headers *headers, H3View name, H3View value)
{
    for (guint way = 0; way < 3; way++) {
        gboolean done;

        g_test_expect_message ("h3", G_LOG_LEVEL_CRITICAL, "*refused*");
        if (way == 0)
            done = h3_headers_set_view (headers, name, value);
        else if (way == 1)
            done = h3_headers_add_view (headers, name, value);
        else
            done = h3_headers_set_take (headers, h3_view_dup (name), h3_view_dup (value));
        g_test_assert_expected_messages ();
        ck_assert (!done);
        if (memchr (name.data, 0, name.length) != NULL
            || memchr (value.data, 0, value.length) != NULL)
            break; /* a string cannot say it */
    }
    assert_sane_headers (headers);
    assert_lines (headers, "A: 1\nB: 2\n");
}

static H3Headers *
make_two (void)
{
    H3Headers *headers = h3_headers_new ();

    h3_headers_add (headers, "A", "1");
    h3_headers_add (headers, "B", "2");
    return headers;
}

START_TEST (headers_refuse_every_control_in_a_value_at_every_place)
{
    g_autoptr (H3Headers) headers = make_two ();

    for (guint c = 0; c < 256; c++) {
        gboolean refused = (c < 32 && c != '\t') || c == 127;

        for (guint at = 0; at < 3; at++) {
            char value[] = "vvv";

            value[at] = (char) c;
            ck_assert_int_eq (h3_headers_is_value (h3_view (value, 3)), !refused);
            if (refused)
                assert_refused (headers, H3_VIEW ("A"), h3_view (value, 3));
        }
    }
    assert_refused (headers, H3_VIEW ("A"), H3_VIEW ("x\r\nSet-Cookie: a=b"));
    assert_refused (headers, H3_VIEW ("A"), H3_VIEW ("x\n"));
    assert_refused (headers, H3_VIEW ("A"), H3_VIEW ("\r"));
}
END_TEST

START_TEST (headers_refuse_names_that_are_not_tokens)
{
    g_autoptr (H3Headers) headers = make_two ();

    for (guint c = 0; c < 256; c++) {
        gboolean token =
            c < 128 && (g_ascii_isalnum (c) || (c > 0 && strchr ("!#$%&'*+-.^_`|~", (int) c)));
        char name[] = "A-A";

        name[1] = (char) c;
        ck_assert_int_eq (h3_headers_is_name (h3_view (name, 3)), token);
        if (!token)
            assert_refused (headers, h3_view (name, 3), H3_VIEW ("v"));
    }
    assert_refused (headers, H3_VIEW (""), H3_VIEW ("v"));
}
END_TEST

START_TEST (headers_refuse_null_as_wrong_use)
{
    g_autoptr (H3Headers) headers = make_two ();

    g_test_expect_message ("h3", G_LOG_LEVEL_CRITICAL, "*value != NULL*");
    ck_assert (!h3_headers_set (headers, "A", NULL));
    g_test_expect_message ("h3", G_LOG_LEVEL_CRITICAL, "*name != NULL*");
    ck_assert (!h3_headers_set_take (headers, NULL, g_strdup ("freed also when refused")));
    g_test_assert_expected_messages ();
    assert_lines (headers, "A: 1\nB: 2\n");
}
END_TEST

static void
add_tests (Suite *suite)
{
    suite_add_case (suite, "fields", headers_get_ignores_case, headers_keep_order_and_repeats,
                    headers_that_are_absent_give_nothing,
                    headers_set_replaces_all_in_the_place_of_the_first,
                    headers_remove_and_clear_take_every_value, headers_take_blanks_off_values,
                    headers_hold_many_names_and_values, NULL);
    suite_add_case (suite, "ownership", headers_own_what_literals_stacks_and_heaps_gave,
                    headers_own_what_was_taken, headers_take_views_that_no_nul_ends,
                    headers_set_accepts_its_own_value, headers_setting_one_key_100000_times_is_flat,
                    headers_are_freed_with_their_last_reference, NULL);
    suite_add_case (suite, "refusal", headers_refuse_every_control_in_a_value_at_every_place,
                    headers_refuse_names_that_are_not_tokens, headers_refuse_null_as_wrong_use,
                    NULL);
}

int
main (void)
{
    return suite_run ("http/headers", add_tests);
}
