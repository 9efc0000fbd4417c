/* SPDX-License-Identifier: MIT */

#include "operation-private.h"

#include "validation.h"

static const char operation_key[] = "h3 operation";

G_DEFINE_BOXED_TYPE (H3Operation, h3_operation, h3_operation_ref, h3_operation_unref)

static void
free_answer (gpointer data)
{
    OperationAnswer *answer = data;

    g_free (answer->description);
    g_free (answer->type);
    h3_schema_unref (answer->schema);
    g_free (answer);
}

H3Operation *
h3_operation_new (const char *summary)
{
    H3Operation *operation;

    g_return_val_if_fail (summary != NULL && g_utf8_validate (summary, -1, NULL), NULL);
    operation = g_new0 (H3Operation, 1);
    atomic_init (&operation->references, 1);
    operation->summary = g_strdup (summary);
    operation->tags = g_ptr_array_new_with_free_func (g_free);
    operation->answers = g_ptr_array_new_with_free_func (free_answer);
    operation->securities = g_ptr_array_new_with_free_func (g_free);
    return operation;
}

H3Operation *
h3_operation_ref (H3Operation *operation)
{
    g_return_val_if_fail (operation != NULL, NULL);
    atomic_fetch_add_explicit (&operation->references, 1, memory_order_relaxed);
    return operation;
}

void
h3_operation_unref (H3Operation *operation)
{
    if (operation == NULL
        || atomic_fetch_sub_explicit (&operation->references, 1, memory_order_acq_rel) != 1)
        return;
    for (guint i = 0; i < N_OPERATION_PARTS; i++)
        h3_schema_unref (operation->schemas[i]);
    g_ptr_array_unref (operation->tags);
    g_ptr_array_unref (operation->answers);
    g_ptr_array_unref (operation->securities);
    g_free (operation->summary);
    g_free (operation->description);
    g_free (operation);
}

void
h3_operation_set_description (H3Operation *operation, const char *description)
{
    g_return_if_fail (operation != NULL);
    g_return_if_fail (description == NULL || g_utf8_validate (description, -1, NULL));
    g_free (operation->description);
    operation->description = g_strdup (description);
}

/* A text once. */
static void
add_text (GPtrArray *texts, const char *text)
{
    if (!g_ptr_array_find_with_equal_func (texts, text, g_str_equal, NULL))
        g_ptr_array_add (texts, g_strdup (text));
}

void
h3_operation_add_tag (H3Operation *operation, const char *tag)
{
    g_return_if_fail (operation != NULL && tag != NULL && g_utf8_validate (tag, -1, NULL));
    add_text (operation->tags, tag);
}

void
h3_operation_set_deprecated (H3Operation *operation, gboolean is_deprecated)
{
    g_return_if_fail (operation != NULL);
    operation->is_deprecated = is_deprecated;
}

void
h3_operation_set_hidden (H3Operation *operation, gboolean is_hidden)
{
    g_return_if_fail (operation != NULL);
    operation->is_hidden = is_hidden;
}

void
h3_operation_set_schema (H3Operation *operation, H3OperationPart part, H3Schema *schema)
{
    g_return_if_fail (operation != NULL && (guint) part < N_OPERATION_PARTS);
    if (schema != NULL)
        h3_schema_ref (schema);
    h3_schema_unref (operation->schemas[part]);
    operation->schemas[part] = schema;
}

static gint
compare_answers (gconstpointer a, gconstpointer b)
{
    const OperationAnswer *const *one = a, *const *other = b;

    return (gint) (*one)->status - (gint) (*other)->status;
}

static void
remove_answer (H3Operation *operation, guint status)
{
    for (guint i = operation->answers->len; i-- > 0;) {
        if (((const OperationAnswer *) operation->answers->pdata[i])->status == status)
            g_ptr_array_remove_index (operation->answers, i);
    }
}

void
h3_operation_add_answer (H3Operation *operation, guint status, const char *description,
                         const char *type, H3Schema *schema)
{
    OperationAnswer *answer;

    g_return_if_fail (operation != NULL && status >= 100 && status <= 599);
    g_return_if_fail (description != NULL && g_utf8_validate (description, -1, NULL));
    remove_answer (operation, status);
    answer = g_new0 (OperationAnswer, 1);
    answer->status = status;
    answer->description = g_strdup (description);
    answer->type = g_strdup (type == NULL && schema != NULL ? "application/json" : type);
    answer->schema = schema != NULL ? h3_schema_ref (schema) : NULL;
    g_ptr_array_add (operation->answers, answer);
    g_ptr_array_sort (operation->answers, compare_answers);
}

void
h3_operation_add_security (H3Operation *operation, const char *scheme)
{
    g_return_if_fail (operation != NULL && scheme != NULL);
    add_text (operation->securities, scheme);
}

gboolean
operation_validates (const H3Operation *operation)
{
    for (guint i = 0; i < N_OPERATION_PARTS; i++) {
        if (operation->schemas[i] != NULL)
            return TRUE;
    }
    return FALSE;
}

H3Middleware *
h3_operation_new_middleware (const H3Operation *operation)
{
    H3ValidationOptions options;

    g_return_val_if_fail (operation != NULL, NULL);
    if (!operation_validates (operation))
        return NULL;
    h3_validation_options_init (&options);
    options.params = operation->schemas[H3_OPERATION_PARAMS];
    options.query = operation->schemas[H3_OPERATION_QUERY];
    options.json = operation->schemas[H3_OPERATION_JSON];
    options.form = operation->schemas[H3_OPERATION_FORM];
    return h3_validation_new (&options);
}

void
h3_operation_attach (H3Operation *operation, H3Route *route)
{
    g_return_if_fail (operation != NULL && route != NULL);
    h3_route_set_data_full (route, operation_key, h3_operation_ref (operation),
                            (GDestroyNotify) h3_operation_unref);
}

const H3Operation *
operation_of (const H3Route *route)
{
    return h3_route_get_data (route, operation_key);
}

gboolean
h3_operation_is_attached (const H3Route *route)
{
    g_return_val_if_fail (route != NULL, FALSE);
    return operation_of (route) != NULL;
}
