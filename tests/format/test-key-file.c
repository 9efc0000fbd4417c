/* SPDX-License-Identifier: MIT */

#include <h3/base/error.h>
#include <h3/format/key-file.h>

#include "tests/support/suite.h"

#include <string.h>

static void
keep_slip (guint line, const char *text, gpointer data)
{
    g_string_append_printf (data, "%u: %s\n", line, text);
}

/* (transfer full): all of it as lines, and behind each group its keys. */
static char *
describe (const char *text, gsize length, GString *slips)
{
    g_autoptr (GPtrArray) groups = key_file_parse (text, length, keep_slip, slips);
    g_autoptr (GString) all = g_string_new (NULL);

    for (guint i = 0; i < groups->len; i++) {
        const KeyFileGroup *group = groups->pdata[i];

        g_string_append_printf (all, "%u[%s]", group->line, group->name);
        for (guint j = 0; j < group->entries->len; j++) {
            const KeyFileEntry *entry = group->entries->pdata[j];

            g_string_append_printf (all, " %u:%s=%s", entry->line, entry->key, entry->value);
        }
        g_string_append_c (all, '\n');
    }
    return g_strdup (all->str);
}

static void
expect (const char *text, const char *all, const char *slips)
{
    g_autoptr (GString) found = g_string_new (NULL);
    g_autofree char *read = describe (text, strlen (text), found);

    ck_assert_str_eq (read, all);
    ck_assert_str_eq (found->str, slips);
}

START_TEST (groups_and_keys_have_their_lines)
{
    expect ("# first\n\n[a b]\nx=1\n  y =  2 3 \r\n\n[c]\n[d]\nheader X-A = a = b\n",
            "3[a b] 4:x=1 5:y=2 3\n7[c]\n8[d] 9:header X-A=a = b\n", "");
    expect ("", "", "");
    expect ("[a]\nx=", "1[a] 2:x=\n", "");
}
END_TEST

START_TEST (what_comes_twice_is_a_slip)
{
    expect ("[a]\nx=1\nx=2\n[b]\n[a]\ny=3\n[c]\nx=1\n", "1[a] 2:x=1\n4[b]\n7[c] 8:x=1\n",
            "3: x stands on line 2 already: give it once\n"
            "5: the group [a] begins on line 1: write its keys there\n");
}
END_TEST

START_TEST (what_is_no_line_is_a_slip)
{
    expect ("x=1\n[a]\nx\n=1\nk[de]=1\n[b\n[]\n[a[b]\n[c] d\n", "2[a]\n",
            "1: a [GROUP] stands before the first key\n"
            "3: a line is [GROUP], KEY = VALUE, or begins with #\n"
            "4: a key is missing before the =\n"
            "5: a key has no brackets and no control characters\n"
            "6: the head of a group is [NAME], alone in its line, without brackets in it\n"
            "7: between the brackets stands the name of a group, without brackets in it\n"
            "8: between the brackets stands the name of a group, without brackets in it\n"
            "9: the head of a group is [NAME], alone in its line, without brackets in it\n");
}
END_TEST

START_TEST (keys_below_a_bad_head_belong_to_nobody)
{
    expect ("[a]\nx=1\n[b\ny=2\n", "1[a] 2:x=1\n",
            "3: the head of a group is [NAME], alone in its line, without brackets in it\n");
}
END_TEST

START_TEST (bytes_that_are_no_text_are_slips)
{
    static const char text[] = "[a]\nx=\0\ny=\xff\n";
    g_autoptr (GString) slips = g_string_new (NULL);
    g_autofree char *read = describe (text, sizeof text - 1, slips);

    ck_assert_str_eq (read, "1[a]\n");
    ck_assert_str_eq (slips->str, "2: there is a NUL in this line\n3: this line is not UTF-8\n");
}
END_TEST

START_TEST (texts_are_unescaped)
{
    g_autofree char *text = key_file_dup_text ("\\sa\\n\\t\\r\\\\d", NULL);
    g_autoptr (GError) error = NULL;

    ck_assert_str_eq (text, " a\n\t\r\\d");
    ck_assert_ptr_null (key_file_dup_text ("a\\d", &error));
    ck_assert (g_error_matches (error, H3_ERROR, H3_ERROR_SYNTAX));
    ck_assert_ptr_null (key_file_dup_text ("a\\", NULL));
    ck_assert_ptr_null (key_file_dup_text ("a\\;b", NULL));
}
END_TEST

START_TEST (lists_are_split)
{
    g_auto (GStrv) list = key_file_dup_list ("a; b c ;;d\\;e;", NULL);
    g_auto (GStrv) none = key_file_dup_list (" ; ", NULL);

    ck_assert_uint_eq (g_strv_length (list), 3);
    ck_assert_str_eq (list[0], "a");
    ck_assert_str_eq (list[1], "b c");
    ck_assert_str_eq (list[2], "d;e");
    ck_assert_uint_eq (g_strv_length (none), 0);
    ck_assert_ptr_null (key_file_dup_list ("a\\d;b", NULL));
}
END_TEST

static void
add (Suite *suite)
{
    suite_add_case (suite, "lines", groups_and_keys_have_their_lines, what_comes_twice_is_a_slip,
                    what_is_no_line_is_a_slip, keys_below_a_bad_head_belong_to_nobody,
                    bytes_that_are_no_text_are_slips, NULL);
    suite_add_case (suite, "values", texts_are_unescaped, lists_are_split, NULL);
}

int
main (void)
{
    return suite_run ("format/key-file", add);
}
