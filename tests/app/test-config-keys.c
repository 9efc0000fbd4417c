/* SPDX-License-Identifier: MIT
 *
 * Every key of every group by itself, as the schema has it: what it takes, what it does not, and
 * which line is told. */

#include <h3/app/config-document.h>
#include <h3/base/view.h>

#include "tests/support/suite.h"

#include <string.h>

static guint n_groups;

static const ConfigShape *
get_shape (int index)
{
    guint n;

    return config_schema_list (&n)[index];
}

/* (transfer full): the document of a group with one key, on the second line. */
static ConfigDocument *
read_key (const ConfigShape *shape, const ConfigKey *key, const char *value)
{
    gboolean has_name = (key->flags & CONFIG_WITH_NAME) != 0;
    g_autofree char *text =
        g_strdup_printf ("[%s%s]\n%s%s = %s\n", shape->name, shape->argument != NULL ? " /a" : "",
                         key->name, has_name ? " X-A" : "", value);

    return config_document_new ("/nowhere/x.conf", text, strlen (text));
}

/* Whether a fault of the value itself is told, and at its line. */
static gboolean
is_refused (const ConfigShape *shape, const ConfigKey *key, const char *value)
{
    g_autoptr (ConfigDocument) document = read_key (shape, key, value);
    g_auto (GStrv) faults = config_document_dup_faults (document);
    g_autofree char *takes = g_strdup_printf ("/nowhere/x.conf:2: %s takes ", key->name);
    g_autofree char *empty = g_strdup_printf ("/nowhere/x.conf:2: %s has no value", key->name);

    for (guint i = 0; faults[i] != NULL; i++) {
        if (g_str_has_prefix (faults[i], takes) || g_str_has_prefix (faults[i], empty))
            return TRUE;
        ck_assert_msg (strstr (faults[i], "has no effect") != NULL
                           || strstr (faults[i], "is missing in this group") != NULL,
                       "%s = %s: %s", key->name, value, faults[i]);
    }
    return FALSE;
}

static void
expect_good (const ConfigShape *shape, const ConfigKey *key, const char *value)
{
    ck_assert_msg (!is_refused (shape, key, value), "[%s] %s = %s is refused", shape->name,
                   key->name, value);
}

static void
expect_bad (const ConfigShape *shape, const ConfigKey *key, const char *value)
{
    ck_assert_msg (is_refused (shape, key, value), "[%s] %s = %s is taken", shape->name, key->name,
                   value);
}

static gboolean
is_amount (const ConfigKey *key)
{
    return key->kind == CONFIG_NUMBER || key->kind == CONFIG_SIZE || key->kind == CONFIG_TIME
           || key->kind == CONFIG_SECONDS;
}

static void
expect_bounds (const ConfigShape *shape, const ConfigKey *key)
{
    g_autofree char *least = config_value_format (key->kind, key->minimum);
    g_autofree char *most = config_value_format (key->kind, key->maximum);
    g_autofree char *more = config_value_format (key->kind, key->maximum + 1);

    expect_good (shape, key, least);
    if (key->maximum < G_MAXINT64 / 2000) {
        expect_good (shape, key, most);
        expect_bad (shape, key, more);
    }
    if (key->minimum > 0) {
        g_autofree char *less = config_value_format (key->kind, key->minimum - 1);

        expect_bad (shape, key, less);
    }
    expect_bad (shape, key, "-1");
    expect_bad (shape, key, "many");
    expect_bad (shape, key, "99999999999999999999");
    /* No number in the smallest unit. */
    if (key->kind != CONFIG_NUMBER)
        expect_bad (shape, key,
                    key->kind == CONFIG_SIZE ? "3016412660772459982M" : "3016412660772459982h");
    if (key->kind == CONFIG_TIME || key->kind == CONFIG_SECONDS)
        expect_bad (shape, key, "7");
    if (key->kind == CONFIG_SECONDS)
        expect_bad (shape, key, "61500ms");
}

static void
expect_words (const ConfigShape *shape, const ConfigKey *key)
{
    H3View rest = h3_view_of (key->choices), word;

    while (h3_view_split (&rest, ' ', &word)) {
        g_autofree char *value = h3_view_dup (word);

        expect_good (shape, key, value);
    }
    expect_bad (shape, key, "neither");
}

static void
expect_kind (const ConfigShape *shape, const ConfigKey *key)
{
    if (is_amount (key))
        expect_bounds (shape, key);
    else if (key->kind == CONFIG_SWITCH) {
        expect_good (shape, key, "yes");
        expect_good (shape, key, "no");
        expect_bad (shape, key, "maybe");
    } else if (key->choices != NULL)
        expect_words (shape, key);
    else
        expect_good (shape, key, "/a");
    if ((key->flags & CONFIG_MAY_BE_EMPTY) != 0)
        expect_good (shape, key, "");
    else
        expect_bad (shape, key, "");
    if (key->standard != NULL)
        expect_good (shape, key, key->standard);
}

START_TEST (every_key_is_held_to_what_it_takes)
{
    const ConfigShape *shape = get_shape (_i);

    ck_assert_uint_gt (shape->n_keys, 0);
    for (guint i = 0; i < shape->n_keys; i++)
        expect_kind (shape, &shape->keys[i]);
}
END_TEST

START_TEST (what_a_key_needs_is_a_key)
{
    const ConfigShape *shape = get_shape (_i);

    for (guint i = 0; i < shape->n_keys; i++) {
        const ConfigKey *key = &shape->keys[i];
        const char *needed = key->needs;
        const char *rest;
        g_autoptr (ConfigDocument) document = NULL;
        g_auto (GStrv) faults = NULL;

        ck_assert_msg (key->what != NULL && *key->what != '\0', "%s", key->name);
        if (needed == NULL)
            continue;
        needed += *needed == '!';
        ck_assert_msg (config_schema_find_key (shape, needed, &rest) != NULL, "%s", needed);
        if (key->needs[0] == '!')
            continue;
        document = read_key (shape, key, key->standard != NULL ? key->standard : "1d");
        faults = config_document_dup_faults (document);
        ck_assert_msg (strstr (faults[0], "has no effect without") != NULL
                           || strstr (faults[1], "has no effect without") != NULL
                           || strstr (faults[0], " takes ") != NULL,
                       "%s", faults[0]);
    }
}
END_TEST

START_TEST (keys_that_are_not_there_are_told)
{
    const ConfigShape *shape = get_shape (_i);
    static const ConfigKey none = { "no-such-key", CONFIG_TEXT, 0, 0, 0, NULL, NULL, NULL, "" };
    g_autoptr (ConfigDocument) document = read_key (shape, &none, "1");
    g_auto (GStrv) faults = config_document_dup_faults (document);
    g_autofree char *all = g_strjoinv ("\n", faults);
    g_autofree char *wanted =
        g_strdup_printf ("/nowhere/x.conf:2: [%s] has no key 'no-such-key'", shape->name);

    ck_assert_msg (strstr (all, wanted) != NULL, "%s", all);
}
END_TEST

static void
expect_fault (const char *text, const char *wanted)
{
    g_autoptr (ConfigDocument) document = config_document_new ("f", text, strlen (text));
    g_auto (GStrv) faults = config_document_dup_faults (document);
    g_autofree char *all = g_strjoinv ("\n", faults);

    ck_assert_str_eq (all, wanted);
}

START_TEST (groups_that_cannot_be_are_told)
{
    expect_fault ("[nothing]\na = b\n",
                  "f:1: there is no group [nothing]: h3d check --keys lists all there are");
    expect_fault ("[server web]\n", "f:1: the group is [server], with nothing behind it");
    expect_fault ("\n[files]\n", "f:2: PREFIX is missing: [files PREFIX]");
    expect_fault ("[files /]\n", "f:1: directory is missing in this group: whose files are served, "
                                 "and nothing outside of it");
    expect_fault ("[store a]\nurl = memory:\n[store  a]\nurl = memory:\n",
                  "f:3: this group was there before: give it once");
}
END_TEST

START_TEST (all_faults_are_told_by_line)
{
    expect_fault ("[server]\nworkers = 0\n[files]\nworkers = 1\n[limits]\nidle-timeout = 5\n",
                  "f:2: workers takes a number, 1 to 1024, not '0'\n"
                  "f:3: PREFIX is missing: [files PREFIX]\n"
                  "f:6: idle-timeout takes a time as in 500ms, 30s, 5min, 2h, 0 to 1d, not '5'");
}
END_TEST

START_TEST (values_have_units)
{
    static const char text[] = "[limits]\nmax-body = 3M\nidle-timeout = 2min\nmax-form = 2 G\n"
                               "max-fields = 7\nhead-timeout = 0\n";
    g_autoptr (ConfigDocument) document = config_document_new ("f", text, strlen (text));
    const ConfigGroup *group = config_document_find (document, "limits", NULL);

    ck_assert_uint_eq (document->faults->len, 0);
    ck_assert_int_eq (config_group_get_number (group, "max-body"), 3 << 20);
    ck_assert_int_eq (config_group_get_number (group, "idle-timeout"), 120000);
    ck_assert_int_eq (config_group_get_number (group, "max-form"), G_GINT64_CONSTANT (2) << 30);
    ck_assert_int_eq (config_group_get_number (group, "max-fields"), 7);
    ck_assert_int_eq (config_group_get_number (group, "head-timeout"), 0);
    ck_assert_int_eq (config_group_get_number (group, "drain-timeout"), 15000);
    ck_assert (!config_group_has (group, "drain-timeout"));
}
END_TEST

START_TEST (paths_are_from_the_folder_of_the_file)
{
    static const char text[] = "[files /a]\ndirectory = www\n[files /b]\ndirectory = /srv/b\n";
    g_autoptr (ConfigDocument) document = config_document_new ("/etc/h3/f", text, strlen (text));

    ck_assert_str_eq (
        config_group_get_text (config_document_find (document, "files", "/a"), "directory"),
        "/etc/h3/www");
    ck_assert_str_eq (
        config_group_get_text (config_document_find (document, "files", "/b"), "directory"),
        "/srv/b");
}
END_TEST

START_TEST (groups_that_say_the_same_have_one_text)
{
    static const char one[] = "[rate-limit a]\nrequests = 1\nper = 1s\n";
    static const char two[] = "# x\n[rate-limit a]\n\nper=1s\nrequests  =  1";
    static const char three[] = "[rate-limit a]\nrequests = 2\nper = 1s\n";
    g_autoptr (ConfigDocument) a = config_document_new ("f", one, strlen (one));
    g_autoptr (ConfigDocument) b = config_document_new ("f", two, strlen (two));
    g_autoptr (ConfigDocument) c = config_document_new ("f", three, strlen (three));

    ck_assert_str_eq (config_document_find (a, "rate-limit", NULL)->text,
                      config_document_find (b, "rate-limit", NULL)->text);
    ck_assert_str_ne (config_document_find (a, "rate-limit", NULL)->text,
                      config_document_find (c, "rate-limit", NULL)->text);
}
END_TEST

static void
add (Suite *suite)
{
    TCase *keys = tcase_create ("keys");

    (void) config_schema_list (&n_groups);
    tcase_add_loop_test (keys, every_key_is_held_to_what_it_takes, 0, (int) n_groups);
    tcase_add_loop_test (keys, what_a_key_needs_is_a_key, 0, (int) n_groups);
    tcase_add_loop_test (keys, keys_that_are_not_there_are_told, 0, (int) n_groups);
    suite_add_tcase (suite, keys);
    suite_add_case (suite, "document", groups_that_cannot_be_are_told, all_faults_are_told_by_line,
                    values_have_units, paths_are_from_the_folder_of_the_file,
                    groups_that_say_the_same_have_one_text, NULL);
}

int
main (void)
{
    return suite_run ("app/config-keys", add);
}
