/* SPDX-License-Identifier: MIT */

#include "schema-inside.h"

#include "json.h"
#include "schema-run.h"

G_DEFINE_BOXED_TYPE (H3Schema, h3_schema, h3_schema_ref, h3_schema_unref)
G_DEFINE_BOXED_TYPE (H3SchemaProblem, h3_schema_problem, h3_schema_problem_copy,
                     h3_schema_problem_free)

H3Schema *
h3_schema_ref (H3Schema *schema)
{
    g_return_val_if_fail (schema != NULL, NULL);
    atomic_fetch_add_explicit (&schema->refs, 1, memory_order_relaxed);
    return schema;
}

void
h3_schema_unref (H3Schema *schema)
{
    if (schema == NULL || atomic_fetch_sub_explicit (&schema->refs, 1, memory_order_acq_rel) != 1)
        return;
    h3_arena_free (schema->arena);
    json_decref (schema->document);
    g_free (schema);
}

const json_t *
h3_schema_get_document (const H3Schema *schema)
{
    g_return_val_if_fail (schema != NULL, NULL);
    return schema->document;
}

char *
h3_schema_to_text (const H3Schema *schema)
{
    g_return_val_if_fail (schema != NULL, NULL);
    return h3_json_to_text (schema->document, H3_JSON_COMPACT);
}

H3SchemaProblem *
h3_schema_problem_copy (const H3SchemaProblem *problem)
{
    H3SchemaProblem *copy;

    g_return_val_if_fail (problem != NULL, NULL);
    copy = g_new0 (H3SchemaProblem, 1);
    copy->pointer = g_strdup (problem->pointer);
    copy->rule = g_strdup (problem->rule);
    copy->message = g_strdup (problem->message);
    return copy;
}

void
h3_schema_problem_free (H3SchemaProblem *problem)
{
    if (problem == NULL)
        return;
    g_free (problem->pointer);
    g_free (problem->rule);
    g_free (problem->message);
    g_free (problem);
}

static void
free_problem (gpointer data)
{
    h3_schema_problem_free (data);
}

static gboolean
validate (SchemaRun *run, const H3Schema *schema, const json_t *document, GPtrArray **out_problems)
{
    g_autoptr (GPtrArray) problems = g_ptr_array_new_with_free_func (free_problem);
    SchemaSpot whole = { NULL, document, NULL, 0 };
    gboolean is_valid;

    run->problems = problems;
    run->work = SCHEMA_MAX_WORK;
    is_valid = schema_run_check (run, schema->root, &whole, NULL);
    if (run->is_costly) {
        is_valid = run->is_costly = FALSE;
        g_ptr_array_set_size (problems, 0);
        (void) schema_run_complain (run, schema->root, NULL, &whole,
                                    "takes more work to check than it may");
    }
    if (out_problems != NULL)
        *out_problems = is_valid ? NULL : g_steal_pointer (&problems);
    return is_valid;
}

gboolean
h3_schema_validate (const H3Schema *schema, const json_t *document, guint max_problems,
                    GPtrArray **out_problems)
{
    SchemaRun run = { .max_problems = max_problems };

    g_return_val_if_fail (schema != NULL && document != NULL, FALSE);
    return validate (&run, schema, document, out_problems);
}

gboolean
schema_validate_request (const H3Schema *schema, const json_t *document, guint max_problems,
                         GPtrArray **out_problems)
{
    SchemaRun run = { .max_problems = max_problems, .refuses_controls = TRUE };

    return validate (&run, schema, document, out_problems);
}

gboolean
h3_schema_validate_text (const H3Schema *schema, const char *text, GError **error)
{
    g_autoptr (GPtrArray) problems = NULL;
    g_autoptr (json_t) document = NULL;
    const H3SchemaProblem *problem;

    g_return_val_if_fail (schema != NULL && text != NULL, FALSE);
    document = h3_json_parse (h3_view_of (text), H3_JSON_MAX_DEPTH, error);
    if (document == NULL)
        return FALSE;
    if (h3_schema_validate (schema, document, 1, &problems))
        return TRUE;
    problem = g_ptr_array_index (problems, 0);
    g_set_error (error, H3_ERROR, H3_ERROR_INVALID, "\"%s\" %s (%s)", problem->pointer,
                 problem->message, problem->rule);
    return FALSE;
}
