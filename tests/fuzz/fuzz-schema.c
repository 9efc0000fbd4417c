/* SPDX-License-Identifier: MIT
 *
 * A schema in the first line, a document in each line behind it. Where the schema has keywords that
 * the plain reading knows, both have one verdict; what is not like it is like its negation; one
 * problem wanted or many, the verdict is the same; and each problem stands where its pointer leads.
 */

#include "fuzz.h"
#include "h3/format/json.h"
#include "h3/format/schema.h"
#include "plain-schema.h"

#define MAX_PROBLEMS 5

static gboolean
is_costly (const GPtrArray *problems)
{
    const H3SchemaProblem *problem = g_ptr_array_index (problems, 0);

    return problems->len == 1 && strstr (problem->message, "more work") != NULL;
}

/* What a JSON Pointer leads to. */
static const json_t *
follow (const json_t *value, const char *pointer)
{
    g_auto (GStrv) names = g_strsplit (pointer, "/", -1);

    for (char **name = names; *name != NULL && value != NULL; name++) {
        g_autoptr (GString) plain = g_string_new (*name);

        if (name == names)
            continue;
        (void) g_string_replace (plain, "~1", "/", 0);
        (void) g_string_replace (plain, "~0", "~", 0);
        value = json_is_array (value)
                    ? json_array_get (value, (gsize) g_ascii_strtoull (plain->str, NULL, 10))
                    : json_object_get (value, plain->str);
    }
    return value;
}

static void
assert_problems (const GPtrArray *problems, const json_t *document)
{
    FUZZ_ASSERT (problems->len >= 1 && problems->len <= MAX_PROBLEMS, "%u problems", problems->len);
    for (guint i = 0; i < problems->len; i++) {
        const H3SchemaProblem *problem = g_ptr_array_index (problems, i);

        FUZZ_ASSERT (follow (document, problem->pointer) != NULL, "nothing at %s",
                     problem->pointer);
        FUZZ_ASSERT (problem->rule[0] == '#' && problem->message[0] != '\0'
                         && g_utf8_validate (problem->message, -1, NULL),
                     "%s: %s", problem->rule, problem->message);
    }
}

/* -1: it costs too much. */
static int
judge (const H3Schema *schema, const json_t *document)
{
    g_autoptr (GPtrArray) problems = NULL;
    gboolean fits = h3_schema_validate (schema, document, MAX_PROBLEMS, &problems);

    FUZZ_ASSERT (fits == (problems == NULL), "a verdict without problems, or with them");
    if (fits)
        return 1;
    if (is_costly (problems))
        return -1;
    assert_problems (problems, document);
    FUZZ_ASSERT (!h3_schema_validate (schema, document, 0, NULL), "it fits where nobody asks why");
    return 0;
}

/* (transfer full) (nullable): what is `keyword` of the schema; NULL where it has references, which
 * would lead elsewhere. */
static H3Schema *
wrap (const json_t *schema, const char *keyword, gboolean is_list)
{
    g_autoptr (json_t) wrapped =
        is_list ? json_pack ("{s:[O]}", keyword, schema) : json_pack ("{s:O}", keyword, schema);
    g_autofree char *text = h3_json_to_text (schema, H3_JSON_COMPACT);
    g_autoptr (GError) error = NULL;
    H3Schema *result;

    if (strstr (text, "$ref") != NULL || strstr (text, "$id") != NULL)
        return NULL;
    result = h3_schema_new (wrapped, &error);
    FUZZ_ASSERT (result != NULL || strstr (error->message, "deep") != NULL
                     || strstr (error->message, "too many") != NULL,
                 "%s: %s", text, error->message);
    return result;
}

static void
check_document (const H3Schema *schema, const json_t *document)
{
    const json_t *text = h3_schema_get_document (schema);
    g_autoptr (H3Schema) denied = wrap (text, "not", FALSE);
    g_autoptr (H3Schema) listed = wrap (text, "allOf", TRUE);
    int verdict = judge (schema, document), plain = plain_schema_judge (text, document);

    if (verdict < 0)
        return;
    FUZZ_ASSERT (plain < 0 || plain == verdict, "plainly it is %d, not %d", plain, verdict);
    if (denied != NULL)
        FUZZ_ASSERT (judge (denied, document) != verdict, "it is and is not");
    if (listed != NULL) {
        int again = judge (listed, document);

        FUZZ_ASSERT (again < 0 || again == verdict, "allOf of one differs");
    }
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
    g_autofree char *copy = fuzz_copy (data, size);
    H3View rest = h3_view (copy, size), line;
    g_autoptr (json_t) text = NULL;
    g_autoptr (GError) error = NULL;
    g_autoptr (H3Schema) schema = NULL;

    if (size > 4096 || !fuzz_take_line (&rest, &line))
        return 0;
    text = h3_json_parse (line, 64, NULL);
    schema = text != NULL ? h3_schema_new (text, &error) : NULL;
    if (schema == NULL) {
        FUZZ_ASSERT (text == NULL || g_error_matches (error, H3_ERROR, H3_ERROR_INVALID),
                     "refused without a reason");
        return 0;
    }
    while (fuzz_take_line (&rest, &line)) {
        g_autoptr (json_t) document = h3_json_parse (line, 64, NULL);

        if (document != NULL)
            check_document (schema, document);
    }
    return 0;
}
