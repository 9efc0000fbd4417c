/* SPDX-License-Identifier: MIT
 *
 * What a document may cost, and how regular expressions of schemas are read. */

#include "h3/format/json.h"
#include "h3/format/schema-pattern.h"
#include "h3/format/schema.h"
#include "tests/support/suite.h"

static H3Schema *
compile (const char *text)
{
    g_autoptr (GError) error = NULL;
    H3Schema *schema = h3_schema_new_from_text (text, &error);

    ck_assert_msg (schema != NULL, "%s: %s", text, error != NULL ? error->message : "no error");
    return schema;
}

/* (transfer full): arrays, one in the other. */
static json_t *
nest (guint depth, json_t *inner)
{
    for (guint i = 0; i < depth; i++) {
        json_t *outer = json_array ();

        json_array_append_new (outer, inner);
        inner = outer;
    }
    return inner;
}

static void
assert_costly (const H3Schema *schema, const json_t *document)
{
    g_autoptr (GPtrArray) problems = NULL;
    const H3SchemaProblem *problem;

    ck_assert (!h3_schema_validate (schema, document, 10, &problems));
    ck_assert_uint_eq (problems->len, 1);
    problem = g_ptr_array_index (problems, 0);
    ck_assert_str_eq (problem->pointer, "");
    ck_assert_str_eq (problem->message, "takes more work to check than it may");
}

START_TEST (documents_that_cost_too_much_are_refused)
{
    /* Each level asks twice for the next one. */
    g_autoptr (H3Schema) doubling =
        compile ("{\"anyOf\":[{\"items\":{\"$ref\":\"#\"},\"type\":\"array\"},"
                 "{\"items\":{\"$ref\":\"#\"},\"type\":\"array\"}]}");
    g_autoptr (H3Schema) deep = compile ("{\"items\":{\"$ref\":\"#\"}}");
    g_autoptr (H3Schema) denied = compile ("{\"not\":{\"items\":{\"$ref\":\"#/not\"}}}");
    g_autoptr (json_t) forty = nest (40, json_null ());
    g_autoptr (json_t) thousands = nest (2000, json_null ());
    g_autoptr (json_t) few = nest (300, json_array ());

    assert_costly (doubling, forty);
    assert_costly (deep, thousands);
    assert_costly (denied, thousands);
    ck_assert (h3_schema_validate (deep, few, 1, NULL));
}
END_TEST

START_TEST (expressions_that_run_wild_are_stopped)
{
    static const char *const wild[] = { "^(a+)+$",   "(a|aa)+$", "(.*a){12}$",
                                        "^(a|a?)+$", "(a*)*b",   "([a-z]+)*=" };
    g_autofree char *text = g_strnfill (5000, 'a');
    g_autoptr (json_t) documents = json_array ();

    text[4999] = '!';
    for (guint i = 0; i < 500; i++)
        json_array_append_new (documents, json_string (text));
    for (gsize i = 0; i < G_N_ELEMENTS (wild); i++) {
        g_autoptr (json_t) document = json_pack ("{s:{s:s}}", "items", "pattern", wild[i]);
        g_autoptr (H3Schema) schema = h3_schema_new (document, NULL);
        g_autoptr (GPtrArray) problems = NULL;

        ck_assert_ptr_nonnull (schema);
        ck_assert (!h3_schema_validate (schema, documents, 1000, &problems));
    }
}
END_TEST

START_TEST (large_arrays_are_found_unique_in_linear_time)
{
    g_autoptr (H3Schema) schema = compile ("{\"uniqueItems\":true}");
    g_autoptr (json_t) array = json_array ();

    for (int i = 0; i < 300000; i++)
        json_array_append_new (array, i % 2 == 0 ? json_integer (i) : json_sprintf ("%d", i));
    ck_assert (h3_schema_validate (schema, array, 1, NULL));
    json_array_append_new (array, json_real (1000));
    ck_assert (!h3_schema_validate (schema, array, 1, NULL));
}
END_TEST

typedef struct {
    const char *expression;
    const char *fits; /* texts, parted by "|" */
    const char *differs;
} PatternCase;

static void
assert_matches (const PatternCase *one, const char *texts, SchemaPatternVerdict verdict)
{
    g_autoptr (GError) error = NULL;
    SchemaPattern *pattern = schema_pattern_new (one->expression, &error);
    g_auto (GStrv) list = g_strsplit (texts, "|", -1);

    ck_assert_msg (pattern != NULL, "%s: %s", one->expression,
                   error != NULL ? error->message : "no error");
    for (char **text = list; *text != NULL; text++) {
        guint work = 1000000;

        ck_assert_msg (schema_pattern_match (pattern, *text, strlen (*text), &work) == verdict,
                       "%s: %s", one->expression, *text);
        ck_assert_uint_lt (work, 1000000);
    }
    schema_pattern_free (pattern);
}

START_TEST (expressions_are_those_of_ecma_262)
{
    static const PatternCase cases[] = {
        { "^\\d+$", "0|42", "|4 2|\xd9\xa3|4\n" }, /* no digit but those of ASCII */
        { "^\\D$", "a|\xd9\xa3", "1" },
        { "^\\w+$", "a_9", "\xc3\xa4|a-b" },
        { "^\\W$", "\xc3\xa4|-", "a" },
        { "^\\s+$", " \t\n\v\f\r|\xc2\xa0\xe2\x80\xa8\xef\xbb\xbf", "a|\xc2\x85" },
        { "^\\S$", "a|\xc2\x85", " |\xe3\x80\x80" },
        { "^[\\d\\-x]+$", "1-x", "a" },
        { "^[\\D]$", "a|\xf0\x9f\x98\x80", "5" },
        { "^[^\\W]$", "a", "-|\xc3\xa4" },
        { "^[\\s\\S]$", "\n|a|\xf0\x9f\x98\x80", "|ab" },
        { "\\bon\\b", "on|go on|on!|\xc3\xa4on\xc3\xa4", "one|son" },
        { "o\\B", "on", "go|o" },
        { "^a.c$",
          "abc|a\xf0\x9f\x98\x80"
          "c",
          "a\nc|a\xe2\x80\xa8"
          "c" },
        { "^[^]$", "\n|a", "|ab" },
        { "^(?:a[]|b)$", "b", "a|" },
        { "^\\u0041\\x42\\cJ\\u{1F600}\\uD83D\\uDE00$", "AB\n\xf0\x9f\x98\x80\xf0\x9f\x98\x80",
          "AB" },
        { "^a\\0?$", "a", "0" },
        { "^\\v$", "\v", "\n" },
        { "^[\\b]$", "\b", "b" },
        { "^[[a]+$", "[a[", "b" },
        { "^\\/\\.\\$$", "/.$", "a" },
        { "^\\p{Letter}+$", "a\xc3\xa4", "1" },
        { "^\\p{gc=Lu}\\P{L}$", "A1", "aA" },
        { "^\\p{Script=Greek}$", "\xce\xb1", "a" },
        { "^(a)(b)\\2\\1$", "abba", "abab" },
        { "^(?<x>a|b)\\k<x>$", "aa|bb", "ab" },
        { "^(?:a(?=b)|c(?!d)|(?<=x)y|(?<!x)z)", "ab|ce|z", "ac|cd|y" },
        { "^a{2}b{1,}c{0,1}?$", "aab|aabbc", "ab|aabcc" },
        { "a|^b$", "xa|b", "xb|B" },
        { "x}", "x}", "x" },
        { "", "|a", "" },
        { "b$", "ab", "b\n" },
    };

    for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
        assert_matches (&cases[i], cases[i].fits, SCHEMA_PATTERN_FITS);
        if (cases[i].differs[0] != '\0')
            assert_matches (&cases[i], cases[i].differs, SCHEMA_PATTERN_DIFFERS);
    }
}
END_TEST

START_TEST (expressions_that_ecma_262_has_not_are_refused)
{
    static const char *const bad[] = {
        "(",        ")",           "[a",
        "a**",      "a++",         "*a",
        "a|*",      "^*",          "(*",
        "(?i)a",    "(?>a)",       "(?P<n>a)",
        "(?#a)",    "\\Z",         "\\A",
        "\\z",      "\\K",         "\\Q",
        "\\h",      "\\e",         "\\c1",
        "\\x1",     "\\u12",       "\\uD800",
        "\\01",     "\\",          "a{",
        "a{x}",     "a{2,1}",      "[b-a]",
        "\\p{",     "\\pL",        "\\p{Nonsense}",
        "\\k<x>",   "\\kx",        "[\\1]",
        "[\\B]",    "(a",          "(?R)",
        "(?1)",     "\\u{110000}", "\xff",
        "a{99999}", "\\p{^L}",     "(*LIMIT_MATCH=9)a",
        "a???",
    };

    for (gsize i = 0; i < G_N_ELEMENTS (bad); i++) {
        g_autoptr (GError) error = NULL;

        ck_assert_msg (schema_pattern_new (bad[i], &error) == NULL, "%s is taken", bad[i]);
        ck_assert (g_error_matches (error, H3_ERROR, H3_ERROR_INVALID));
    }
}
END_TEST

START_TEST (expressions_cost_what_they_took)
{
    SchemaPattern *tame = schema_pattern_new ("^[a-z]+$", NULL);
    SchemaPattern *wild = schema_pattern_new ("^(a|a)+$", NULL);
    guint work = 100;

    ck_assert_int_eq (schema_pattern_match (tame, "abc", 3, &work), SCHEMA_PATTERN_FITS);
    ck_assert_uint_ge (work, 50);
    work = 3;
    ck_assert_int_eq (schema_pattern_match (tame, "abc", 3, &work), SCHEMA_PATTERN_COSTLY);
    work = G_MAXUINT;
    ck_assert_int_eq (
        schema_pattern_match (wild, "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!", 41, &work),
        SCHEMA_PATTERN_COSTLY);
    ck_assert_uint_lt (work, G_MAXUINT - 100000);
    schema_pattern_free (tame);
    schema_pattern_free (wild);
}
END_TEST

static void
add_tests (Suite *suite)
{
    suite_add_case (suite, "bounds", documents_that_cost_too_much_are_refused,
                    expressions_that_run_wild_are_stopped,
                    large_arrays_are_found_unique_in_linear_time, NULL);
    suite_add_case (suite, "expressions", expressions_are_those_of_ecma_262,
                    expressions_that_ecma_262_has_not_are_refused, expressions_cost_what_they_took,
                    NULL);
}

int
main (void)
{
    return suite_run ("format/schema-bounds", add_tests);
}
