/* SPDX-License-Identifier: MIT */

#include "tests/support/suite.h"

#include <h3/base/error.h>
#include <h3/format/json.h>
#include <h3/workflow/plan-text-read.h>

/* Hears of references and of what is wrong. */
static void
on_reference (PlanPiece *piece, gsize at, const char *fault, gpointer data)
{
    g_string_append_printf (data, "%u:%s|", (guint) at, piece != NULL ? piece->text : fault);
    ck_assert ((piece == NULL) == (fault != NULL));
}

/* <KIND TEXT FIELD>, but for "gone". */
static char *
show (const PlanPiece *piece, gpointer data, GError **error)
{
    (void) data;
    if (strcmp (piece->text, "gone") == 0) {
        g_set_error (error, H3_ERROR, H3_ERROR_NOT_FOUND, "gone");
        return NULL;
    }
    if (strcmp (piece->text, "latin") == 0)
        return g_strdup ("\xe9");
    return g_strdup_printf ("<%u %s %u>", piece->kind, piece->text,
                            piece->kind == PLAN_OUTPUT ? piece->field : 0);
}

static const struct {
    const char *source;
    const char *heard;
    const char *resolved;
} cases[] = {
    { "", "", "" },
    { "plain", "", "plain" },
    { "a $ b $$ c $d $", "", "a $ b $$ c $d $" },
    { "$${input}", "", "${input}" },
    { "$$${input}", "", "$${input}" },
    { "${input}", "0:|", "<2  0>" },
    { "${input.a[0].b}", "0:a[0].b|", "<2 a[0].b 0>" },
    { "x${env.HOME}y", "1:HOME|", "x<3 HOME 0>y" },
    { "${steps.a.stdout}-${steps.b.1.body}", "0:a|18:b.1|", "<1 a 0>-<1 b.1 4>" },
    { "${steps.a.stderr}${steps.a.exit_code}${steps.a.status}", "0:a|17:a|37:a|",
      "<1 a 1><1 a 2><1 a 3>" },
};

START_TEST (references_are_found_and_resolved)
{
    for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
        g_autoptr (GString) heard = g_string_new (NULL);
        g_autoptr (PlanText) text = plan_text_read (cases[i].source, on_reference, heard);
        g_autofree char *resolved = plan_text_resolve (text, show, NULL, NULL);

        ck_assert_str_eq (heard->str, cases[i].heard);
        ck_assert_str_eq (resolved, cases[i].resolved);
        ck_assert_int_eq (plan_text_get_literal (text) != NULL, *cases[i].heard == '\0');
    }
}
END_TEST

START_TEST (what_is_no_reference_is_told)
{
    static const char *const sources[] = {
        "${}",        "${x}",         "${input",          "${steps}",
        "${steps.a}", "${steps.a.x}", "${steps..stdout}", "${steps.stdout}",
        "${env.}",    "${env}",       "${inputs.a}",      "${ input.a}",
    };

    for (guint i = 0; i < G_N_ELEMENTS (sources); i++) {
        g_autoptr (GString) heard = g_string_new (NULL);
        G_GNUC_UNUSED g_autoptr (PlanText) text = plan_text_read (sources[i], on_reference, heard);

        ck_assert_msg (g_str_has_prefix (heard->str, "0:") && strchr (heard->str, ' ') != NULL,
                       "%s: %s", sources[i], heard->str);
    }
}
END_TEST

START_TEST (a_text_that_cannot_be_resolved_has_the_error)
{
    g_autoptr (GString) heard = g_string_new (NULL);
    g_autoptr (PlanText) text = plan_text_read ("a ${input.gone}", on_reference, heard);
    g_autoptr (GError) error = NULL;

    ck_assert_ptr_null (plan_text_resolve (text, show, NULL, &error));
    ck_assert (g_error_matches (error, H3_ERROR, H3_ERROR_NOT_FOUND));
}
END_TEST

static PlanDocument *
read_document (const char *source)
{
    g_autoptr (GString) heard = g_string_new (NULL);
    g_autoptr (json_t) value = json_loads (source, JSON_DECODE_ANY, NULL);

    ck_assert_ptr_nonnull (value);
    return plan_document_read (value, on_reference, heard);
}

START_TEST (the_texts_of_a_document_are_resolved_and_nothing_else)
{
    g_autoptr (PlanDocument) document = read_document (
        "{\"${input.x}\": [\"${input.x}\", 1, null, true, 1.5, {}, []], \"b\": {\"c\": \"d\","
        " \"e\": \"${env.E}!\"}}");

    /* More than once: a document is not used up. */
    for (guint i = 0; i < 2; i++) {
        g_autoptr (json_t) resolved = plan_document_resolve (document, show, NULL, NULL);
        g_autofree char *text = h3_json_to_text (resolved, H3_JSON_COMPACT);

        ck_assert_str_eq (text, "{\"${input.x}\":[\"<2 x 0>\",1,null,true,1.5,{},[]],"
                                "\"b\":{\"c\":\"d\",\"e\":\"<3 E 0>!\"}}");
    }
}
END_TEST

START_TEST (a_document_that_cannot_be_resolved_has_the_error)
{
    g_autoptr (PlanDocument) gone = read_document ("[1, [\"${input.gone}\"], 2]");
    g_autoptr (PlanDocument) latin = read_document ("\"${input.latin}\"");
    g_autoptr (GError) missing = NULL;
    g_autoptr (GError) invalid = NULL;

    ck_assert_ptr_null (plan_document_resolve (gone, show, NULL, &missing));
    ck_assert (g_error_matches (missing, H3_ERROR, H3_ERROR_NOT_FOUND));
    ck_assert_ptr_null (plan_document_resolve (latin, show, NULL, &invalid));
    ck_assert (g_error_matches (invalid, H3_ERROR, H3_ERROR_INVALID));
}
END_TEST

static void
add_tests (Suite *suite)
{
    suite_add_case (suite, "text", references_are_found_and_resolved, what_is_no_reference_is_told,
                    a_text_that_cannot_be_resolved_has_the_error, NULL);
    suite_add_case (suite, "document", the_texts_of_a_document_are_resolved_and_nothing_else,
                    a_document_that_cannot_be_resolved_has_the_error, NULL);
}

int
main (void)
{
    return suite_run ("workflow/plan-text", add_tests);
}
