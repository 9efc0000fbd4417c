/* SPDX-License-Identifier: MIT */

#include "tests/support/suite.h"

#include <h3/base/error.h>
#include <h3/batteries/session-document.h>
#include <h3/format/json.h>

#define MOST 1000

static SessionDocument document;

static void
set_up (void)
{
    session_document_init (&document);
    document.created = 1000000000;
    document.renewed = 1000000060;
    memset (document.binding, 'b', sizeof document.binding);
    ck_assert (session_document_read_values (&document));
}

static void
tear_down (void)
{
    session_document_clear (&document);
}

static void
set (const char *name, json_t *value)
{
    GError *error = NULL;

    ck_assert_msg (session_document_set (&document, name, value, MOST, &error), "%s",
                   error != NULL ? error->message : "");
}

static gboolean
read_back (SessionDocument *again, GBytes *bytes)
{
    gsize length;
    const char *data = g_bytes_get_data (bytes, &length);

    session_document_init (again);
    return session_document_read_head (again, h3_view (data, length))
           && session_document_read_values (again);
}

START_TEST (what_is_written_is_read_again)
{
    g_autoptr (GBytes) bytes = NULL;
    g_autoptr (GBytes) unread = NULL;
    SessionDocument again;

    set ("user", json_string ("Zoë \"z\"\n"));
    set ("n", json_integer (G_MININT64));
    bytes = session_document_write (&document);
    ck_assert (read_back (&again, bytes));
    ck_assert_int_eq (again.created, document.created);
    ck_assert_int_eq (again.renewed, document.renewed);
    ck_assert_mem_eq (again.binding, document.binding, sizeof again.binding);
    ck_assert (json_equal (again.values, document.values));
    ck_assert_uint_eq (again.size, document.size);
    session_document_clear (&again);
    /* Its values need not be read to be written. */
    ck_assert (session_document_read_head (
        &again, h3_view (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes))));
    unread = session_document_write (&again);
    ck_assert (g_bytes_equal (bytes, unread));
    session_document_clear (&again);
}
END_TEST

START_TEST (a_document_needs_no_values)
{
    g_autoptr (GBytes) bytes = NULL;
    g_autoptr (GBytes) never_read = NULL;
    SessionDocument again;

    bytes = session_document_write (&document);
    ck_assert (read_back (&again, bytes));
    ck_assert_uint_eq (json_object_size (again.values), 0);
    session_document_clear (&again);
    session_document_clear (&document);
    never_read = session_document_write (&document);
    ck_assert_uint_eq (g_bytes_get_size (never_read), SESSION_HEAD_LENGTH);
    ck_assert (read_back (&again, never_read));
    session_document_clear (&again);
}
END_TEST

START_TEST (what_is_no_document_is_refused)
{
    g_autoptr (GBytes) bytes = NULL;
    const guint8 *data;
    SessionDocument again;
    gsize length;

    set ("n", json_integer (1));
    bytes = session_document_write (&document);
    data = g_bytes_get_data (bytes, &length);
    for (gsize cut = 0; cut < length; cut++) {
        g_autoptr (GBytes) part = g_bytes_new (data, cut);

        ck_assert_msg (read_back (&again, part) == (cut == SESSION_HEAD_LENGTH), "%zu of %zu bytes",
                       cut, length);
        session_document_clear (&again);
    }
    for (gsize at = 0; at < 17; at++) {
        g_autofree guint8 *copy = g_memdup2 (data, length);
        g_autoptr (GBytes) other = NULL;

        copy[at] ^= 0x80;
        other = g_bytes_new (copy, length);
        /* A version, and moments before 1970; others are moments too. */
        if (at == 0 || at == 1 || at == 9)
            ck_assert_msg (!read_back (&again, other), "byte %zu", at);
        else
            (void) read_back (&again, other);
        session_document_clear (&again);
    }
}
END_TEST

START_TEST (the_bound_counts_what_is_written)
{
    g_autofree char *text = g_strnfill (400, 'x');
    g_autoptr (GError) error = NULL;
    g_autoptr (GBytes) bytes = NULL;

    set ("a", json_string (text));
    set ("b", json_string (text));
    ck_assert (!session_document_set (&document, "c", json_string (text), MOST, &error));
    ck_assert (g_error_matches (error, H3_ERROR, H3_ERROR_LIMIT));
    ck_assert_ptr_null (session_document_get (&document, "c"));
    set ("a", json_string ("short"));
    set ("c", json_string (text));
    bytes = session_document_write (&document);
    ck_assert_uint_eq (g_bytes_get_size (bytes), SESSION_HEAD_LENGTH + document.size + 1);
    ck_assert (session_document_remove (&document, "b"));
    ck_assert (!session_document_remove (&document, "b"));
    ck_assert (session_document_remove (&document, "a"));
    ck_assert (session_document_remove (&document, "c"));
    ck_assert_uint_eq (document.size, 0);
}
END_TEST

START_TEST (memory_stays_flat_over_many_writes)
{
    for (guint i = 0; i < 100000; i++)
        set (i % 2 == 0 ? "a" : "b", json_integer (i));
    ck_assert_uint_eq (document.size, 2 * (1 + 4 + 5));
    ck_assert_uint_eq (json_object_size (document.values), 2);
}
END_TEST

START_TEST (names_are_short_utf8_that_needs_no_escapes)
{
    static const char *const bad[] = { "", "a\"b", "a\\b", "a\nb", "\xff", "\xc3" };
    g_autofree char *longest = g_strnfill (SESSION_MAX_NAME, 'n');
    g_autofree char *longer = g_strnfill (SESSION_MAX_NAME + 1, 'n');

    set (longest, json_true ());
    set ("Zoë.1 2", json_true ());
    for (gsize i = 0; i <= G_N_ELEMENTS (bad); i++) {
        const char *name = i < G_N_ELEMENTS (bad) ? bad[i] : longer;
        g_autoptr (GError) error = NULL;

        ck_assert (!session_document_set (&document, name, json_true (), MOST, &error));
        ck_assert (g_error_matches (error, H3_ERROR, H3_ERROR_INVALID));
    }
}
END_TEST

START_TEST (values_are_taken_that_are_read_again)
{
    g_autoptr (json_t) deepest = json_object ();
    g_autoptr (json_t) zero = json_stringn ("a\0b", 3);
    g_autoptr (GBytes) bytes = NULL;
    g_autoptr (GError) error = NULL;
    SessionDocument again;
    json_t *inner = deepest;

    for (guint depth = 2; depth < H3_JSON_MAX_DEPTH; depth++) {
        json_object_set_new (inner, "d", json_object ());
        inner = json_object_get (inner, "d");
    }
    set ("deep", session_document_copy_value (deepest, NULL));
    bytes = session_document_write (&document);
    ck_assert (read_back (&again, bytes));
    session_document_clear (&again);
    json_object_set_new (inner, "d", json_object ());
    ck_assert_ptr_null (session_document_copy_value (deepest, &error));
    ck_assert (g_error_matches (error, H3_ERROR, H3_ERROR_INVALID));
    ck_assert_ptr_null (session_document_copy_value (zero, NULL));
    ck_assert_ptr_null (session_document_parse_value ("{", NULL));
}
END_TEST

static void
change (GHashTable *changes, const char *name, gboolean is_added, gint64 amount)
{
    SessionChange made = { is_added, amount };

    g_hash_table_insert (changes, g_strdup (name), g_memdup2 (&made, sizeof made));
}

START_TEST (changes_are_done_to_another_document_and_the_rest_stays)
{
    g_autoptr (GHashTable) changes =
        g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
    SessionDocument theirs;
    gsize size = 0;
    json_t *value;
    const char *name;

    session_document_init (&theirs);
    ck_assert (session_document_read_values (&theirs));
    ck_assert (session_document_set (&theirs, "theirs", json_integer (1), MOST, NULL));
    ck_assert (session_document_set (&theirs, "both", json_integer (2), MOST, NULL));
    ck_assert (session_document_set (&theirs, "gone", json_integer (3), MOST, NULL));
    ck_assert (session_document_set (&theirs, "count", json_integer (10), MOST, NULL));
    set ("both", json_string ("ours"));
    set ("new", json_string ("ours"));
    set ("count", json_integer (4));
    set ("full", json_integer (4));
    change (changes, "both", FALSE, 0);
    change (changes, "new", FALSE, 0);
    change (changes, "gone", FALSE, 0);
    change (changes, "never", FALSE, 0);
    change (changes, "count", TRUE, 3);
    change (changes, "full", TRUE, G_MAXINT64);
    session_document_apply (&theirs, &document, changes);
    ck_assert_int_eq (json_integer_value (session_document_get (&theirs, "theirs")), 1);
    ck_assert_str_eq (json_string_value (session_document_get (&theirs, "both")), "ours");
    ck_assert_str_eq (json_string_value (session_document_get (&theirs, "new")), "ours");
    ck_assert_ptr_null (session_document_get (&theirs, "gone"));
    ck_assert_int_eq (json_integer_value (session_document_get (&theirs, "count")), 13);
    ck_assert_int_eq (json_integer_value (session_document_get (&theirs, "full")), G_MAXINT64);
    ck_assert_uint_eq (json_object_size (theirs.values), 5);
    json_object_foreach (theirs.values, name, value) size +=
        strlen (name) + json_dumpb (value, NULL, 0, JSON_ENCODE_ANY) + 4;
    ck_assert_uint_eq (theirs.size, size);
    session_document_clear (&theirs);
}
END_TEST

START_TEST (numbers_end_where_they_end)
{
    ck_assert_int_eq (session_add_numbers (1, 2), 3);
    ck_assert_int_eq (session_add_numbers (G_MAXINT64, 1), G_MAXINT64);
    ck_assert_int_eq (session_add_numbers (G_MININT64, -1), G_MININT64);
    ck_assert_int_eq (session_add_numbers (G_MININT64, G_MAXINT64), -1);
}
END_TEST

static void
add_tests (Suite *suite)
{
    TCase *tcase = tcase_create ("document");

    tcase_add_checked_fixture (tcase, set_up, tear_down);
    suite_add_tcase (suite, tcase);
    tcase_add_test (tcase, what_is_written_is_read_again);
    tcase_add_test (tcase, a_document_needs_no_values);
    tcase_add_test (tcase, what_is_no_document_is_refused);
    tcase_add_test (tcase, the_bound_counts_what_is_written);
    tcase_add_test (tcase, memory_stays_flat_over_many_writes);
    tcase_add_test (tcase, names_are_short_utf8_that_needs_no_escapes);
    tcase_add_test (tcase, values_are_taken_that_are_read_again);
    tcase_add_test (tcase, changes_are_done_to_another_document_and_the_rest_stays);
    tcase_add_test (tcase, numbers_end_where_they_end);
}

int
main (void)
{
    return suite_run ("batteries/session-document", add_tests);
}
