/* SPDX-License-Identifier: MIT
 *
 * The published JSON Schema Test Suite, where Debian's package has put it. Its newest dialect there
 * is draft 7: what 2020-12 calls otherwise is called so before it is compiled. */

#include "h3/format/json.h"
#include "h3/format/schema.h"
#include "tests/support/suite.h"

#define FOLDER "/usr/share/json-schema-test-suite/tests/draft7"

/* What is left out, by file and the beginning of the group's description (NULL: all). */
static const struct {
    const char *file;
    const char *group;
    const char *reason;
} left_out[] = {
    { "dependencies.json", NULL, "2020-12 has dependentRequired and dependentSchemas" },
    { "refRemote.json", NULL, "references do not leave the document" },
    { "ref.json", "ref overrides any sibling keywords", "in 2020-12 it does not" },
    { "ref.json", "relative pointer ref to array", "2020-12 calls these items prefixItems" },
    { "ref.json", "escaped pointer ref", "keywords that are not known are refused" },
    { "ref.json", "remote ref", "references do not leave the document" },
    { "ref.json", "Recursive references between schemas", "$id is known at the root alone" },
    { "ref.json", "Location-independent identifier", "2020-12 has $anchor" },
    { "bignum.json", NULL, "numbers are those of jansson" },
    { "content.json", NULL, "what a text holds is an annotation" },
    { "idn-email.json", NULL, "there is no such format" },
    { "idn-hostname.json", NULL, "there is no such format" },
    { "iri.json", NULL, "there is no such format" },
    { "iri-reference.json", NULL, "there is no such format" },
    { "uri-template.json", NULL, "there is no such format" },
    { "definitions.json", NULL, "references do not leave the document" },
};

/* (nullable): why a group is left out; `group` NULL: why the whole file is. */
static const char *
find_reason (const char *file, const char *group)
{
    for (gsize i = 0; i < G_N_ELEMENTS (left_out); i++) {
        if (strcmp (left_out[i].file, file) == 0
            && (left_out[i].group == NULL
                || (group != NULL && g_str_has_prefix (group, left_out[i].group))))
            return left_out[i].reason;
    }
    return NULL;
}

/* (transfer full): the same in the words of 2020-12. */
static json_t *
translate (const json_t *schema)
{
    json_t *result, *value;
    const char *name;
    gsize i;

    if (json_is_array (schema)) {
        result = json_array ();
        json_array_foreach (schema, i, value) json_array_append_new (result, translate (value));
        return result;
    }
    if (!json_is_object (schema))
        return json_deep_copy (schema);
    result = json_object ();
    json_object_foreach ((json_t *) schema, name, value)
    {
        gboolean has_prefix = json_is_array (json_object_get (schema, "items"));

        if (strcmp (name, "$schema") == 0 || (strcmp (name, "additionalItems") == 0 && !has_prefix))
            continue;
        if (strcmp (name, "enum") == 0 || strcmp (name, "const") == 0)
            json_object_set (result, name, value);
        else if (strcmp (name, "items") == 0 && has_prefix)
            json_object_set_new (result, "prefixItems", translate (value));
        else if (strcmp (name, "additionalItems") == 0)
            json_object_set_new (result, "items", translate (value));
        else
            json_object_set_new (result, name, translate (value));
    }
    return result;
}

static guint
run_group (const char *file, const json_t *group)
{
    const char *description = json_string_value (json_object_get (group, "description"));
    const char *reason = find_reason (file, description);
    g_autoptr (json_t) document = translate (json_object_get (group, "schema"));
    g_autoptr (GError) error = NULL;
    g_autoptr (H3Schema) schema = NULL;
    json_t *test;
    gsize i;

    if (reason != NULL) {
        g_print ("left out: %s, %s: %s\n", file, description, reason);
        return 0;
    }
    schema = h3_schema_new (document, &error);
    ck_assert_msg (schema != NULL, "%s, %s: %s", file, description,
                   error != NULL ? error->message : "");
    json_array_foreach (json_object_get (group, "tests"), i, test)
    {
        gboolean is_valid = json_is_true (json_object_get (test, "valid"));

        ck_assert_msg (h3_schema_validate (schema, json_object_get (test, "data"), 0, NULL)
                           == is_valid,
                       "%s, %s, %s: not %d", file, description,
                       json_string_value (json_object_get (test, "description")), is_valid);
    }
    return (guint) json_array_size (json_object_get (group, "tests"));
}

/* Returns how many tests there were. */
static guint
run_folder (const char *folder)
{
    g_autoptr (GDir) files = g_dir_open (folder, 0, NULL);
    const char *name;
    guint count = 0;

    while (files != NULL && (name = g_dir_read_name (files)) != NULL) {
        g_autofree char *path = g_build_filename (folder, name, NULL);
        g_autoptr (json_t) groups = NULL;
        json_t *group;
        gsize i;

        if (!g_str_has_suffix (name, ".json") || find_reason (name, NULL) != NULL)
            continue;
        groups = json_load_file (path, 0, NULL);
        ck_assert_msg (json_is_array (groups), "%s cannot be read", path);
        json_array_foreach (groups, i, group) count += run_group (name, group);
    }
    return count;
}

static gboolean
is_there (void)
{
    if (g_file_test (FOLDER, G_FILE_TEST_IS_DIR))
        return TRUE;
    g_print ("SKIP: json-schema-test-suite is not installed\n");
    return FALSE;
}

START_TEST (schema_agrees_with_the_published_suite)
{
    if (is_there ())
        ck_assert_uint_gt (run_folder (FOLDER), 350);
}
END_TEST

START_TEST (schema_agrees_with_the_published_expressions_and_formats)
{
    if (is_there ()) {
        ck_assert_uint_gt (run_folder (FOLDER "/optional"), 1);
        ck_assert_uint_gt (run_folder (FOLDER "/optional/format"), 50);
    }
}
END_TEST

static void
add_tests (Suite *suite)
{
    suite_add_case (suite, "published", schema_agrees_with_the_published_suite,
                    schema_agrees_with_the_published_expressions_and_formats, NULL);
}

int
main (void)
{
    return suite_run ("format/schema-suite", add_tests);
}
