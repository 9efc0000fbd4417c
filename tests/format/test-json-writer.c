/* SPDX-License-Identifier: MIT */

#include "h3/format/json-writer.h"
#include "h3/format/json.h"
#include "tests/support/suite.h"

#include <math.h>

static H3Arena *arena;
static H3JsonWriter *writer;

static void
set_up (void)
{
    arena = h3_arena_new ();
    writer = h3_json_writer_new (arena);
}

static void
tear_down (void)
{
    g_clear_pointer (&arena, h3_arena_free);
}

static void
assert_text (const char *expected)
{
    H3View text = { NULL, 0 };

    ck_assert_msg (h3_json_writer_finish (writer, &text), "%s",
                   h3_json_writer_get_problem (writer));
    ck_assert_ptr_null (h3_json_writer_get_problem (writer));
    ck_assert_msg (h3_view_equal (text, h3_view_of (expected)), "%.*s", H3_VIEW_ARGS (text));
}

static void
assert_problem (const char *problem)
{
    H3View text = H3_VIEW ("before");

    ck_assert (!h3_json_writer_finish (writer, &text));
    ck_assert (h3_view_equal (text, H3_VIEW ("before")));
    ck_assert_ptr_nonnull (h3_json_writer_get_problem (writer));
    ck_assert_str_eq (h3_json_writer_get_problem (writer), problem);
    writer = h3_json_writer_new (arena);
}

START_TEST (json_writer_writes_objects_and_arrays)
{
    h3_json_writer_begin_object (writer);
    h3_json_writer_add_name (writer, "message");
    h3_json_writer_add_string (writer, "Hello");
    h3_json_writer_add_name (writer, "list");
    h3_json_writer_begin_array (writer);
    h3_json_writer_add_int (writer, 1);
    h3_json_writer_add_boolean (writer, TRUE);
    h3_json_writer_add_boolean (writer, FALSE);
    h3_json_writer_add_null (writer);
    h3_json_writer_add_string (writer, NULL);
    h3_json_writer_begin_object (writer);
    h3_json_writer_end_object (writer);
    h3_json_writer_begin_array (writer);
    h3_json_writer_end_array (writer);
    h3_json_writer_add_view (writer, H3_VIEW (""));
    h3_json_writer_end_array (writer);
    h3_json_writer_add_name (writer, "n");
    h3_json_writer_add_double (writer, 0.5);
    h3_json_writer_end_object (writer);
    assert_text ("{\"message\":\"Hello\",\"list\":[1,true,false,null,null,{},[],\"\"],\"n\":0.5}");
}
END_TEST

START_TEST (json_writer_set_writes_name_and_value)
{
    h3_json_writer_begin_object (writer);
    h3_json_writer_set_string (writer, "s", "x");
    h3_json_writer_set_string (writer, "z", NULL);
    h3_json_writer_set_int (writer, "i", -1);
    h3_json_writer_set_double (writer, "d", 1.5);
    h3_json_writer_set_boolean (writer, "b", TRUE);
    h3_json_writer_end_object (writer);
    assert_text ("{\"s\":\"x\",\"z\":null,\"i\":-1,\"d\":1.5,\"b\":true}");
    h3_json_writer_set_int (writer, "outside", 1);
    assert_problem ("a name stands before a value in an object");
}
END_TEST

START_TEST (json_writer_view_is_empty_unless_the_text_is_whole)
{
    ck_assert_uint_eq (h3_json_writer_get_view (writer).length, 0);
    h3_json_writer_add_int (writer, 12);
    ck_assert (h3_view_equal (h3_json_writer_get_view (writer), H3_VIEW ("12")));
    h3_json_writer_add_int (writer, 12);
    ck_assert_uint_eq (h3_json_writer_get_view (writer).length, 0);
}
END_TEST

START_TEST (json_writer_writes_numbers_that_read_back)
{
    h3_json_writer_begin_array (writer);
    h3_json_writer_add_int (writer, 0);
    h3_json_writer_add_int (writer, G_MININT64);
    h3_json_writer_add_int (writer, G_MAXINT64);
    h3_json_writer_add_uint (writer, G_MAXUINT64);
    h3_json_writer_add_double (writer, 0.1);
    h3_json_writer_add_double (writer, 1.0 / 3);
    h3_json_writer_add_double (writer, 1e300);
    h3_json_writer_add_double (writer, -2);
    h3_json_writer_end_array (writer);
    assert_text ("[0,-9223372036854775808,9223372036854775807,18446744073709551615,0.1,"
                 "0.3333333333333333,1e+300,-2]");
}
END_TEST

START_TEST (json_writer_escapes_what_a_text_cannot_hold)
{
    h3_json_writer_add_string (writer, "\"\\/\b\f\n\r\t\x01\x0b\x1f\x7f\xc3\xa9");
    assert_text ("\"\\\"\\\\/\\b\\f\\n\\r\\t\\u0001\\u000b\\u001f\x7f\xc3\xa9\"");
}
END_TEST

START_TEST (json_writer_round_trips_every_character_below_256)
{
    g_autoptr (GString) all = g_string_new (NULL);
    g_autoptr (json_t) document = NULL;
    H3View text;

    for (gunichar character = 1; character < 256; character++)
        g_string_append_unichar (all, character);
    h3_json_writer_begin_object (writer);
    h3_json_writer_add_name (writer, all->str);
    h3_json_writer_add_string (writer, all->str);
    h3_json_writer_end_object (writer);
    ck_assert (h3_json_writer_finish (writer, &text));
    document = h3_json_parse (text, 64, NULL);
    ck_assert_str_eq (json_string_value (json_object_get (document, all->str)), all->str);
}
END_TEST

START_TEST (json_writer_grows_and_stays_in_its_arena)
{
    g_autofree char *long_text = g_strnfill (10000, '\n');
    g_autoptr (json_t) document = NULL;
    H3View text;

    writer = h3_json_writer_new_sized (arena, 0);
    h3_json_writer_begin_array (writer);
    for (int i = 0; i < 1000; i++)
        h3_json_writer_add_int (writer, i);
    h3_json_writer_add_string (writer, long_text);
    h3_json_writer_end_array (writer);
    ck_assert (h3_json_writer_finish (writer, &text));
    document = h3_json_parse (text, 64, NULL);
    ck_assert_uint_eq (json_array_size (document), 1001);
    ck_assert_int_eq (json_integer_value (json_array_get (document, 999)), 999);
    ck_assert_str_eq (json_string_value (json_array_get (document, 1000)), long_text);
}
END_TEST

START_TEST (json_writer_takes_no_new_memory_once_the_arena_has_its_block)
{
    gsize size = 0;

    for (int round = 0; round < 100; round++) {
        h3_arena_reset (arena);
        writer = h3_json_writer_new (arena);
        h3_json_writer_begin_array (writer);
        for (int i = 0; i < 100; i++)
            h3_json_writer_add_int (writer, i);
        h3_json_writer_end_array (writer);
        if (round == 0)
            size = h3_arena_get_size (arena);
        ck_assert_uint_eq (h3_arena_get_size (arena), size);
    }
}
END_TEST

START_TEST (json_writer_refuses_texts_that_are_not_utf8)
{
    h3_json_writer_add_string (writer, "a\xc3");
    assert_problem ("a text is not UTF-8 or has a NUL");
    h3_json_writer_add_string (writer, "\xed\xa0\x80");
    assert_problem ("a text is not UTF-8 or has a NUL");
    h3_json_writer_add_view (writer, h3_view ("a\0b", 3));
    assert_problem ("a text is not UTF-8 or has a NUL");
    h3_json_writer_begin_object (writer);
    h3_json_writer_add_name (writer, "\xff");
    assert_problem ("a text is not UTF-8 or has a NUL");
}
END_TEST

START_TEST (json_writer_refuses_numbers_that_are_not_finite)
{
    h3_json_writer_add_double (writer, (double) NAN);
    assert_problem ("a number is not finite");
    h3_json_writer_add_double (writer, (double) -INFINITY);
    assert_problem ("a number is not finite");
}
END_TEST

START_TEST (json_writer_checks_what_stands_where)
{
    h3_json_writer_begin_object (writer);
    h3_json_writer_add_int (writer, 1);
    assert_problem ("a value in an object needs a name");
    h3_json_writer_begin_array (writer);
    h3_json_writer_add_name (writer, "a");
    assert_problem ("a name stands before a value in an object");
    h3_json_writer_add_name (writer, "a");
    assert_problem ("a name stands before a value in an object");
    h3_json_writer_begin_object (writer);
    h3_json_writer_add_name (writer, "a");
    h3_json_writer_add_name (writer, "b");
    assert_problem ("a name stands before a value in an object");
    h3_json_writer_begin_object (writer);
    h3_json_writer_add_name (writer, "a");
    h3_json_writer_end_object (writer);
    assert_problem ("a name needs a value");
    h3_json_writer_begin_object (writer);
    h3_json_writer_end_array (writer);
    assert_problem ("what ends was not begun");
    h3_json_writer_end_array (writer);
    assert_problem ("what ends was not begun");
    h3_json_writer_add_int (writer, 1);
    h3_json_writer_add_int (writer, 2);
    assert_problem ("a text is one value");
}
END_TEST

START_TEST (json_writer_finishes_only_what_is_whole)
{
    H3View text;

    ck_assert (!h3_json_writer_finish (writer, &text));
    h3_json_writer_begin_array (writer);
    ck_assert (!h3_json_writer_finish (writer, &text));
    h3_json_writer_end_array (writer);
    assert_text ("[]");
}
END_TEST

START_TEST (json_writer_ignores_what_follows_a_problem)
{
    h3_json_writer_end_array (writer);
    h3_json_writer_begin_array (writer);
    h3_json_writer_add_name (writer, "a");
    h3_json_writer_end_array (writer);
    assert_problem ("what ends was not begun");
}
END_TEST

START_TEST (json_writer_bounds_the_depth_and_remembers_each_level)
{
    for (int depth = 63; depth <= 65; depth++) {
        writer = h3_json_writer_new (arena);
        for (int i = 0; i < depth; i++) {
            if (i % 3 == 0) {
                h3_json_writer_begin_object (writer);
                h3_json_writer_add_name (writer, "a");
            } else {
                h3_json_writer_begin_array (writer);
            }
        }
        h3_json_writer_add_null (writer);
        for (int i = depth - 1; i >= 0; i--) {
            if (i % 3 == 0)
                h3_json_writer_end_object (writer);
            else
                h3_json_writer_end_array (writer);
        }
        if (depth <= H3_JSON_WRITER_MAX_DEPTH) {
            H3View text;

            ck_assert (h3_json_writer_finish (writer, &text));
            ck_assert (h3_json_scan (text, 64, NULL));
        } else {
            assert_problem ("it nests too deep");
        }
    }
}
END_TEST

static void
add_case (Suite *suite, const char *name, const TTest *const *tests)
{
    TCase *tcase = tcase_create (name);

    tcase_add_checked_fixture (tcase, set_up, tear_down);
    for (; *tests != NULL; tests++)
        tcase_add_test (tcase, *tests);
    suite_add_tcase (suite, tcase);
}

static void
add_tests (Suite *suite)
{
    const TTest *const write[] = { json_writer_writes_objects_and_arrays,
                                   json_writer_set_writes_name_and_value,
                                   json_writer_view_is_empty_unless_the_text_is_whole,
                                   json_writer_writes_numbers_that_read_back,
                                   json_writer_escapes_what_a_text_cannot_hold,
                                   json_writer_round_trips_every_character_below_256,
                                   json_writer_grows_and_stays_in_its_arena,
                                   json_writer_takes_no_new_memory_once_the_arena_has_its_block,
                                   NULL };
    const TTest *const refuse[] = { json_writer_refuses_texts_that_are_not_utf8,
                                    json_writer_refuses_numbers_that_are_not_finite,
                                    json_writer_checks_what_stands_where,
                                    json_writer_finishes_only_what_is_whole,
                                    json_writer_ignores_what_follows_a_problem,
                                    json_writer_bounds_the_depth_and_remembers_each_level,
                                    NULL };

    add_case (suite, "write", write);
    add_case (suite, "refuse", refuse);
}

int
main (void)
{
    return suite_run ("format/json-writer", add_tests);
}
