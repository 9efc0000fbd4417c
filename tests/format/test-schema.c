/* SPDX-License-Identifier: MIT */

#include "h3/format/json.h"
#include "h3/format/schema.h"
#include "tests/support/suite.h"

typedef struct {
    const char *schema;
    const char *fits; /* documents, one a line; NULL: none */
    const char *differs;
} SchemaCase;

static H3Schema *
compile (const char *text)
{
    g_autoptr (GError) error = NULL;
    H3Schema *schema = h3_schema_new_from_text (text, &error);

    ck_assert_msg (schema != NULL, "%s: %s", text, error != NULL ? error->message : "no error");
    return schema;
}

static void
assert_verdicts (const H3Schema *schema, const char *text, const char *documents, gboolean verdict)
{
    g_auto (GStrv) lines = g_strsplit (documents != NULL ? documents : "", "\n", -1);

    for (char **line = lines; *line != NULL && documents != NULL; line++) {
        g_autoptr (GError) error = NULL;
        gboolean fits = h3_schema_validate_text (schema, *line, &error);

        ck_assert_msg (fits == verdict, "%s: %s: %s", text, *line,
                       error != NULL ? error->message : "fits");
        ck_assert_msg (fits || g_error_matches (error, H3_ERROR, H3_ERROR_INVALID), "%s",
                       error != NULL ? error->message : "no error");
    }
}

static void
assert_cases (const SchemaCase *cases, gsize count)
{
    for (gsize i = 0; i < count; i++) {
        g_autoptr (H3Schema) schema = compile (cases[i].schema);

        assert_verdicts (schema, cases[i].schema, cases[i].fits, TRUE);
        assert_verdicts (schema, cases[i].schema, cases[i].differs, FALSE);
    }
}

START_TEST (schema_tells_types_and_values_apart)
{
    static const SchemaCase cases[] = {
        { "true", "1\nnull", NULL },
        { "false", NULL, "1\n{}" },
        { "{}", "1\n[]\n\"a\"", NULL },
        { "{\"type\":\"integer\"}", "1\n1.0\n-0.0\n1e300\n9223372036854775807",
          "1.5\n\"1\"\ntrue" },
        { "{\"type\":[\"string\",\"null\"]}", "\"\"\nnull", "1\n{}\nfalse" },
        { "{\"type\":\"number\"}", "1\n1.5", "\"1\"" },
        { "{\"enum\":[1,\"a\",{\"b\":[true]}]}", "1.0\n\"a\"\n{\"b\":[true]}",
          "2\n\"A\"\n{\"b\":[1]}\n{\"b\":[true],\"c\":1}" },
        { "{\"const\":{\"a\":1,\"b\":2}}", "{\"b\":2.0,\"a\":1}", "{\"a\":1}\n[1]" },
        { "{\"const\":0}", "0\n0.0\n-0.0", "false\n\"\"\nnull" },
        { "{\"const\":9007199254740993}", "9007199254740993", "9007199254740992.0" },
    };

    assert_cases (cases, G_N_ELEMENTS (cases));
}
END_TEST

START_TEST (schema_bounds_numbers_by_their_value)
{
    static const SchemaCase cases[] = {
        { "{\"minimum\":1,\"maximum\":3}", "1\n3\n1.0\n\"0\"", "0.999\n3.001\n-1" },
        { "{\"exclusiveMinimum\":1,\"exclusiveMaximum\":3}", "1.0001\n2", "1\n3\n1.0" },
        { "{\"maximum\":9223372036854775807}", "9223372036854775807",
          "9223372036854775808.0\n1e300" },
        { "{\"minimum\":9223372036854775807}", "1e19\n9223372036854775807", "9223372036854775806" },
        { "{\"maximum\":9007199254740992.0}", "9007199254740992", "9007199254740993" },
        { "{\"multipleOf\":0.01}", "4.35\n19.99\n0\n1e10\n0.07", "4.355\n0.001" },
        { "{\"multipleOf\":0.0001}", "0.0075\n12391239123", "0.00751" },
        { "{\"multipleOf\":0.1}", "0.3\n-0.7\n1e300", "0.35" },
        { "{\"multipleOf\":3}", "9\n-3\n3e20\n0.0", "10\n1e20\n4.5" },
        { "{\"multipleOf\":0.123456789}", "0.246913578", "1e308" },
        { "{\"multipleOf\":9223372036854775807}", "0\n9223372036854775807", "9223372036854775806" },
        { "{\"multipleOf\":2.5e-308}", "1e-307", "1.1e-308" },
        { "{\"format\":\"int32\"}", "2147483647\n-2147483648\n1.5\n\"x\"", "2147483648\n3e9" },
        { "{\"format\":\"int64\"}", "9223372036854775807", "9223372036854775808.0" },
    };

    assert_cases (cases, G_N_ELEMENTS (cases));
}
END_TEST

START_TEST (schema_measures_texts_in_characters)
{
    static const SchemaCase cases[] = {
        { "{\"minLength\":2,\"maxLength\":3}",
          "\"ab\"\n\"\xc3\xa4\xc3\xb6\xc3\xbc\"\n\"\xf0\x9f\x92\xa9\xf0\x9f\x92\xa9\"\n12",
          "\"a\"\n\"abcd\"\n\"\xf0\x9f\x92\xa9\"" },
        { "{\"minLength\":2.0}", "\"ab\"", "\"a\"" },
        { "{\"pattern\":\"b+\"}", "\"abbc\"\n\"b\"\n1", "\"\"\n\"ac\"" },
        { "{\"pattern\":\"^[a-z]{2,3}$\"}", "\"ab\"", "\"a\"\n\"abcd\"\n\"ab\\n\"\n\"AB\"" },
    };

    assert_cases (cases, G_N_ELEMENTS (cases));
}
END_TEST

START_TEST (schema_knows_the_properties_of_objects)
{
    static const SchemaCase cases[] = {
        { "{\"properties\":{\"a\":{\"type\":\"integer\"},\"b\":false}}",
          "{}\n{\"a\":1}\n{\"c\":1}\n[1]", "{\"a\":\"1\"}\n{\"b\":1}" },
        { "{\"required\":[\"a\",\"b\"]}", "{\"a\":1,\"b\":null}\n[]", "{}\n{\"a\":1}" },
        { "{\"properties\":{\"a\":true},\"patternProperties\":{\"^x-\":{\"type\":\"string\"}},"
          "\"additionalProperties\":false}",
          "{\"a\":1,\"x-y\":\"z\"}\n{}", "{\"b\":1}\n{\"x-y\":1}\n{\"ax-\":\"\"}" },
        { "{\"additionalProperties\":{\"minimum\":2}}", "{\"a\":2}", "{\"a\":1}" },
        { "{\"propertyNames\":{\"maxLength\":2}}", "{\"ab\":1}", "{\"abc\":1}" },
        { "{\"minProperties\":1,\"maxProperties\":2}", "{\"a\":1}",
          "{}\n{\"a\":1,\"b\":1,\"c\":1}" },
        { "{\"dependentRequired\":{\"a\":[\"b\",\"c\"]}}", "{\"b\":1}\n{\"a\":1,\"b\":1,\"c\":1}",
          "{\"a\":1,\"b\":1}" },
        { "{\"dependentSchemas\":{\"a\":{\"minProperties\":2}}}", "{\"b\":1}\n{\"a\":1,\"b\":1}",
          "{\"a\":1}" },
    };

    assert_cases (cases, G_N_ELEMENTS (cases));
}
END_TEST

START_TEST (schema_knows_the_items_of_arrays)
{
    static const SchemaCase cases[] = {
        { "{\"items\":{\"type\":\"integer\"}}", "[]\n[1,2]\n{\"a\":\"b\"}", "[1,\"2\"]" },
        { "{\"prefixItems\":[{\"type\":\"integer\"},true],\"items\":false}", "[]\n[1]\n[1,\"b\"]",
          "[\"a\"]\n[1,2,3]" },
        { "{\"minItems\":1,\"maxItems\":2}", "[1]", "[]\n[1,2,3]" },
        { "{\"contains\":{\"minimum\":5}}", "[1,5]\n{}", "[]\n[1,4]" },
        { "{\"contains\":{\"minimum\":5},\"minContains\":2,\"maxContains\":3}", "[5,5]\n[5,6,7,1]",
          "[5]\n[5,5,5,5]" },
        { "{\"contains\":{\"minimum\":5},\"minContains\":0}", "[]\n[1]", NULL },
        { "{\"uniqueItems\":true}",
          "[]\n[1,2]\n[0,false]\n[1,true,\"1\",[1],{\"a\":1}]\n[{\"a\":1,\"b\":2},{\"a\":2,\"b\":1}"
          "]",
          "[1,1.0]\n[\"a\",\"a\"]\n[{\"a\":1,\"b\":2},{\"b\":2.0,\"a\":1}]\n[[1,[2]],[1,[2]]]\n"
          "[1,2,3,4,5,6,7,8,9,10,10.0]\n[0,1,2,3,4,5,6,7,8,-0.0]\n[1e300,0,1,2,3,4,5,6,7,1e300]" },
        { "{\"uniqueItems\":false}", "[1,1]", NULL },
    };

    assert_cases (cases, G_N_ELEMENTS (cases));
}
END_TEST

START_TEST (schema_combines_schemas)
{
    static const SchemaCase cases[] = {
        { "{\"allOf\":[{\"minimum\":2},{\"maximum\":4}]}", "3", "1\n5" },
        { "{\"anyOf\":[{\"type\":\"string\"},{\"minimum\":2}]}", "\"\"\n2", "1" },
        { "{\"oneOf\":[{\"type\":\"integer\"},{\"minimum\":2}]}", "1\n2.5", "3\n1.5" },
        { "{\"not\":{\"type\":\"integer\"}}", "1.5", "1" },
        { "{\"not\":{\"not\":{\"type\":\"integer\"}}}", "1", "1.5" },
        { "{\"if\":{\"required\":[\"a\"]},\"then\":{\"required\":[\"b\"]},\"else\":{"
          "\"maxProperties\":0}}",
          "{}\n{\"a\":1,\"b\":1}", "{\"a\":1}\n{\"c\":1}" },
        { "{\"then\":false,\"else\":false}", "1", NULL },
        { "{\"if\":true}", "1", NULL },
    };

    assert_cases (cases, G_N_ELEMENTS (cases));
}
END_TEST

START_TEST (schema_follows_references)
{
    static const SchemaCase cases[] = {
        { "{\"$defs\":{\"n\":{\"type\":\"integer\"}},\"$ref\":\"#/$defs/n\",\"minimum\":2}", "2",
          "1\n\"a\"" },
        { "{\"properties\":{\"next\":{\"$ref\":\"#\"},\"v\":{\"type\":\"integer\"}},"
          "\"additionalProperties\":false}",
          "{\"v\":1,\"next\":{\"v\":2,\"next\":{}}}", "{\"next\":{\"next\":{\"v\":\"x\"}}}" },
        { "{\"$defs\":{\"a~b/c%d\":{\"type\":\"null\"}},\"$ref\":\"#/$defs/a~0b~1c%25d\"}", "null",
          "1" },
        { "{\"$defs\":{\"x\":{\"$anchor\":\"here\",\"type\":\"null\"}},\"items\":{\"$ref\":\"#"
          "here\"}}",
          "[null]", "[1]" },
        { "{\"prefixItems\":[{\"type\":\"null\"},{\"$ref\":\"#/prefixItems/0\"}]}", "[null,null]",
          "[null,1]" },
        { "{\"$id\":\"http://a/b\",\"items\":{\"$ref\":\"http://a/b#/$defs/"
          "c\"},\"$defs\":{\"c\":false}}",
          "[]", "[1]" },
        /* Properties that are called like keywords are properties. */
        { "{\"properties\":{\"$ref\":{\"type\":\"string\"}}}", "{\"$ref\":\"a\"}", "{\"$ref\":1}" },
        { "{\"$defs\":{\"yes\":true},\"items\":{\"$ref\":\"#/$defs/yes\"}}", "[1]", NULL },
    };

    assert_cases (cases, G_N_ELEMENTS (cases));
}
END_TEST

START_TEST (schema_knows_what_no_schema_has_looked_at)
{
    static const SchemaCase cases[] = {
        { "{\"properties\":{\"a\":true},\"unevaluatedProperties\":false}", "{\"a\":1}",
          "{\"b\":1}" },
        { "{\"allOf\":[{\"properties\":{\"a\":true}},{\"patternProperties\":{\"^b\":true}}],"
          "\"unevaluatedProperties\":false}",
          "{\"a\":1,\"bb\":1}", "{\"c\":1}" },
        { "{\"anyOf\":[{\"properties\":{\"a\":{\"const\":1}},\"required\":[\"a\"]},"
          "{\"properties\":{\"b\":true}}],\"unevaluatedProperties\":false}",
          "{\"a\":1,\"b\":1}\n{\"b\":1}", "{\"a\":2,\"b\":1}\n{\"c\":1}" },
        { "{\"if\":{\"properties\":{\"a\":{\"const\":1}},\"required\":[\"a\"]},"
          "\"then\":{\"properties\":{\"b\":true}},\"else\":{\"properties\":{\"c\":true}},"
          "\"unevaluatedProperties\":false}",
          "{\"a\":1,\"b\":1}\n{\"c\":1}", "{\"a\":1,\"c\":1}\n{\"a\":2}" },
        { "{\"$ref\":\"#/$defs/x\",\"unevaluatedProperties\":false,"
          "\"$defs\":{\"x\":{\"properties\":{\"a\":true}}}}",
          "{\"a\":1}", "{\"b\":1}" },
        { "{\"allOf\":[{\"properties\":{\"a\":true},\"unevaluatedProperties\":true}],"
          "\"unevaluatedProperties\":false}",
          "{\"a\":1,\"b\":1}", NULL },
        { "{\"not\":{\"not\":{\"properties\":{\"a\":true}}},\"unevaluatedProperties\":false}", "{}",
          "{\"a\":1}" },
        { "{\"prefixItems\":[true],\"unevaluatedItems\":{\"type\":\"null\"}}", "[1]\n[1,null]",
          "[1,2]" },
        { "{\"contains\":{\"const\":2},\"unevaluatedItems\":false}", "[2,2]", "[2,1]" },
        { "{\"allOf\":[{\"prefixItems\":[true]},{\"prefixItems\":[true,true]}],"
          "\"unevaluatedItems\":false}",
          "[1,2]", "[1,2,3]" },
        { "{\"allOf\":[{\"items\":true}],\"unevaluatedItems\":false}", "[1,2]", NULL },
        { "{\"dependentSchemas\":{\"a\":{\"properties\":{\"b\":true,\"a\":true}}},"
          "\"unevaluatedProperties\":false}",
          "{\"a\":1,\"b\":1}", "{\"b\":1}" },
    };

    assert_cases (cases, G_N_ELEMENTS (cases));
}
END_TEST

static void
assert_refused (const char *text, const char *message)
{
    g_autoptr (GError) error = NULL;
    g_autoptr (H3Schema) schema = h3_schema_new_from_text (text, &error);

    ck_assert_msg (schema == NULL, "%s is taken", text);
    ck_assert_msg (g_error_matches (error, H3_ERROR, H3_ERROR_INVALID), "%s", error->message);
    ck_assert_msg (strstr (error->message, message) != NULL, "%s: %s, not %s", text, error->message,
                   message);
}

START_TEST (schema_tells_what_it_cannot_be_and_where)
{
    assert_refused ("1", "#: a schema is an object or a boolean");
    assert_refused ("{\"minlength\":1}", "#/minlength: there is no such keyword");
    assert_refused ("{\"properties\":{\"a/b\":{\"type\":\"int\"}}}",
                    "#/properties/a~1b/type: must be");
    assert_refused ("{\"type\":[\"null\",\"null\"]}", "#/type");
    assert_refused ("{\"type\":[]}", "#/type: must name a type");
    assert_refused ("{\"items\":[{}]}", "#/items: a schema is an object or a boolean");
    assert_refused ("{\"minLength\":-1}", "#/minLength: must be a whole number");
    assert_refused ("{\"maxItems\":1.5}", "#/maxItems: must be a whole number");
    assert_refused ("{\"minimum\":\"1\"}", "#/minimum: must be a number");
    assert_refused ("{\"multipleOf\":0}", "#/multipleOf: must be a number greater than 0");
    assert_refused ("{\"required\":[\"a\",\"a\"]}", "#/required: has a name twice");
    assert_refused ("{\"required\":\"a\"}", "#/required: must be an array");
    assert_refused ("{\"enum\":[]}", "#/enum: must be an array");
    assert_refused ("{\"anyOf\":[]}", "#/anyOf: must be an array");
    assert_refused ("{\"anyOf\":[true,3]}", "#/anyOf/1: a schema is");
    assert_refused ("{\"pattern\":\"(\"}", "#/pattern: the regular expression is refused");
    assert_refused ("{\"patternProperties\":{\"[\":true}}", "#/patternProperties: the regular");
    assert_refused ("{\"format\":\"datetime\"}", "#/format: there is no such format");
    assert_refused ("{\"$ref\":\"#/$defs/a\"}", "#/$ref: it leads nowhere");
    assert_refused ("{\"$ref\":\"#a\"}", "#/$ref: there is no such anchor");
    assert_refused ("{\"$ref\":\"other.json\"}", "#/$ref: it leads out of the document");
    assert_refused ("{\"$ref\":\"#/type\",\"type\":\"null\"}", "#/type: a schema is");
    assert_refused ("{\"$schema\":\"http://json-schema.org/draft-07/schema#\"}", "2020-12");
    assert_refused ("{\"$dynamicRef\":\"#a\"}", "#/$dynamicRef: there is no such keyword");
    assert_refused ("{\"$defs\":{\"a\":{\"$anchor\":\"x\"},\"b\":{\"$anchor\":\"x\"}}}", "already");
    assert_refused ("{\"$defs\":{\"a\":{\"$id\":\"x\"}}}", "#/$defs/a/$id");
    assert_refused ("{\"$defs\":{\"a\":{\"typ\":\"x\"}}}", "#/$defs/a/typ");
}
END_TEST

START_TEST (schema_refuses_references_that_never_end)
{
    assert_refused ("{\"$ref\":\"#\"}", "circle");
    assert_refused ("{\"anyOf\":[{\"not\":{\"$ref\":\"#\"}}]}", "circle");
    assert_refused (
        "{\"$defs\":{\"a\":{\"$ref\":\"#/$defs/b\"},\"b\":{\"allOf\":[{\"$ref\":\"#/$defs/a\"}]}}}",
        "circle");
    assert_refused ("{\"dependentSchemas\":{\"a\":{\"$ref\":\"#\"}}}", "circle");
    h3_schema_unref (compile ("{\"additionalProperties\":{\"$ref\":\"#\"}}"));
    /* Met twice on the way, and no circle. */
    h3_schema_unref (compile ("{\"allOf\":[{\"$ref\":\"#/$defs/a\"},{\"$ref\":\"#/$defs/a\"}],"
                              "\"$defs\":{\"a\":{\"type\":\"null\"}}}"));
}
END_TEST

START_TEST (schema_lets_annotations_be)
{
    h3_schema_unref (compile (
        "{\"$schema\":\"https://json-schema.org/draft/2020-12/"
        "schema\",\"$comment\":1,\"title\":\"t\","
        "\"description\":\"d\",\"default\":{\"type\":\"no\"},\"examples\":[1],\"deprecated\":true,"
        "\"readOnly\":true,\"writeOnly\":false,\"contentEncoding\":\"base64\",\"x-mine\":{\"a\":1},"
        "\"discriminator\":{\"propertyName\":\"a\"}}"));
}
END_TEST

START_TEST (schema_within_a_document_sees_all_of_it)
{
    g_autoptr (json_t) document = h3_json_parse (
        H3_VIEW (
            "{\"openapi\":\"3.1.0\",\"components\":{\"schemas\":{"
            "\"users\":{\"type\":\"array\",\"items\":{\"$ref\":\"#/components/schemas/user\"}},"
            "\"user\":{\"type\":\"object\",\"required\":[\"name\"]}}}}"),
        64, NULL);
    g_autoptr (GError) error = NULL;
    g_autoptr (H3Schema) schema =
        h3_schema_new_within (document, "/components/schemas/users", &error);

    ck_assert_ptr_nonnull (schema);
    assert_verdicts (schema, "users", "[]\n[{\"name\":1}]", TRUE);
    assert_verdicts (schema, "users", "[{}]\n{}", FALSE);
    ck_assert_ptr_null (h3_schema_new_within (document, "/components/schemas/x", &error));
    ck_assert (g_error_matches (error, H3_ERROR, H3_ERROR_INVALID));
}
END_TEST

START_TEST (schema_is_a_copy)
{
    g_autoptr (json_t) document = json_pack ("{s:s}", "type", "null");
    g_autoptr (H3Schema) schema = h3_schema_new (document, NULL);
    g_autofree char *text = NULL;

    json_object_set_new (document, "type", json_string ("string"));
    assert_verdicts (schema, "copy", "null", TRUE);
    text = h3_schema_to_text (schema);
    ck_assert_str_eq (text, "{\"type\":\"null\"}");
}
END_TEST

static void
assert_problem (const GPtrArray *problems, guint index, const char *pointer, const char *rule,
                const char *message)
{
    const H3SchemaProblem *problem;

    ck_assert_uint_lt (index, problems->len);
    problem = g_ptr_array_index (problems, index);
    ck_assert_str_eq (problem->pointer, pointer);
    ck_assert_str_eq (problem->rule, rule);
    ck_assert_str_eq (problem->message, message);
}

START_TEST (problems_say_where_and_why)
{
    g_autoptr (H3Schema) schema = compile (
        "{\"type\":\"object\",\"required\":[\"a/b\"],\"properties\":{"
        "\"age\":{\"$ref\":\"#/$defs/age\"},\"list\":{\"items\":{\"type\":[\"string\",\"null\"]}},"
        "\"m~n\":{\"multipleOf\":0.25}},\"additionalProperties\":false,"
        "\"$defs\":{\"age\":{\"type\":\"integer\",\"minimum\":18}}}");
    g_autoptr (json_t) document = h3_json_parse (
        H3_VIEW ("{\"age\":17,\"list\":[\"a\",1,2],\"m~n\":0.3,\"z\\u0007\":1}"), 64, NULL);
    g_autoptr (GPtrArray) problems = NULL;
    g_autoptr (GPtrArray) first = NULL;

    ck_assert (!h3_schema_validate (schema, document, 100, &problems));
    ck_assert_uint_eq (problems->len, 6);
    assert_problem (problems, 0, "", "#/required", "\"a/b\" is missing");
    assert_problem (problems, 1, "/age", "#/$defs/age/minimum", "must be 18 or more");
    assert_problem (problems, 2, "/list/1", "#/properties/list/items/type",
                    "must be a text or null");
    assert_problem (problems, 3, "/list/2", "#/properties/list/items/type",
                    "must be a text or null");
    assert_problem (problems, 4, "/m~0n", "#/properties/m~0n/multipleOf",
                    "must be a multiple of 0.25");
    assert_problem (problems, 5, "/z\a", "#/additionalProperties", "must not be there");
    ck_assert (!h3_schema_validate (schema, document, 1, &first));
    ck_assert_uint_eq (first->len, 1);
    ck_assert (!h3_schema_validate (schema, document, 0, NULL));
}
END_TEST

START_TEST (problems_of_alternatives_are_one)
{
    g_autoptr (H3Schema) schema = compile (
        "{\"items\":{\"anyOf\":[{\"type\":\"null\"},{\"minimum\":5,\"type\":\"number\"}]}}");
    g_autoptr (json_t) document = h3_json_parse (H3_VIEW ("[null,5,4]"), 64, NULL);
    g_autoptr (GPtrArray) problems = NULL;

    ck_assert (!h3_schema_validate (schema, document, 100, &problems));
    ck_assert_uint_eq (problems->len, 1);
    assert_problem (problems, 0, "/2", "#/items/anyOf",
                    "must fit one of 2 alternatives, and fits none");
}
END_TEST

START_TEST (problems_do_not_grow_with_what_a_peer_names)
{
    g_autoptr (H3Schema) schema =
        compile ("{\"additionalProperties\":{\"additionalProperties\":false}}");
    g_autofree char *name = g_strnfill (100000, 'n');
    g_autoptr (json_t) document = json_object ();
    g_autoptr (GPtrArray) problems = NULL;

    json_object_set_new (document, "a", json_object ());
    json_object_set_new (json_object_get (document, "a"), name, json_null ());
    ck_assert (!h3_schema_validate (schema, document, 5, &problems));
    ck_assert_uint_eq (problems->len, 1);
    assert_problem (problems, 0, "/a", "#/additionalProperties/additionalProperties",
                    "must not be there");
}
END_TEST

static void
add_tests (Suite *suite)
{
    suite_add_case (suite, "keywords", schema_tells_types_and_values_apart,
                    schema_bounds_numbers_by_their_value, schema_measures_texts_in_characters,
                    schema_knows_the_properties_of_objects, schema_knows_the_items_of_arrays,
                    schema_combines_schemas, schema_follows_references,
                    schema_knows_what_no_schema_has_looked_at, NULL);
    suite_add_case (suite, "compile", schema_tells_what_it_cannot_be_and_where,
                    schema_refuses_references_that_never_end, schema_lets_annotations_be,
                    schema_within_a_document_sees_all_of_it, schema_is_a_copy, NULL);
    suite_add_case (suite, "problems", problems_say_where_and_why, problems_of_alternatives_are_one,
                    problems_do_not_grow_with_what_a_peer_names, NULL);
}

int
main (void)
{
    return suite_run ("format/schema", add_tests);
}
