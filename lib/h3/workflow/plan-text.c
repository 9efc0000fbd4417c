/* SPDX-License-Identifier: MIT */

#include "plan-text-read.h"

#include <h3/base/error.h>
#include <h3/format/json.h>

struct _PlanDocument {
    json_t *value;    /* owned */
    GPtrArray *texts; /* owned; a PlanText each text in it, in the order in which it is walked */
};

static void
clear_piece (gpointer data)
{
    g_free (((PlanPiece *) data)->text);
}

static PlanText *
text_new (void)
{
    PlanText *text = g_new0 (PlanText, 1);

    text->pieces = g_array_new (FALSE, FALSE, sizeof (PlanPiece));
    g_array_set_clear_func (text->pieces, clear_piece);
    return text;
}

void
plan_text_free (PlanText *text)
{
    if (text == NULL)
        return;
    g_array_unref (text->pieces);
    g_free (text);
}

static void
add_literal (PlanText *text, GString *literal)
{
    PlanPiece piece = { .kind = PLAN_LITERAL };

    if (literal->len == 0)
        return;
    piece.text = g_strndup (literal->str, literal->len);
    g_array_append_val (text->pieces, piece);
    g_string_truncate (literal, 0);
}

static gboolean
read_field (const char *name, PlanField *out_field)
{
    static const char *const names[] = { "stdout", "stderr", "exit_code", "status", "body" };

    for (guint i = 0; i < G_N_ELEMENTS (names); i++) {
        if (strcmp (name, names[i]) == 0) {
            *out_field = (PlanField) i;
            return TRUE;
        }
    }
    return FALSE;
}

/* What stands between the braces; NULL, or what is wrong with it (transfer full). */
static char *
read_reference (const char *reference, PlanPiece *out_piece)
{
    if (g_str_has_prefix (reference, "steps.")) {
        const char *dot = strrchr (reference, '.');

        if (dot - reference <= (gssize) strlen ("steps.")
            || !read_field (dot + 1, &out_piece->field))
            return g_strdup ("what a step gave is ${steps.ID.stdout}, .stderr, .exit_code, .status "
                             "or .body");
        out_piece->kind = PLAN_OUTPUT;
        out_piece->text = g_strndup (reference + strlen ("steps."),
                                     (gsize) (dot - reference) - strlen ("steps."));
        return NULL;
    }
    if (strcmp (reference, "input") == 0 || g_str_has_prefix (reference, "input.")) {
        out_piece->kind = PLAN_INPUT;
        out_piece->text = g_strdup (reference[5] == '.' ? reference + 6 : "");
        return NULL;
    }
    if (g_str_has_prefix (reference, "env.") && reference[4] != '\0') {
        out_piece->kind = PLAN_ENV;
        out_piece->text = g_strdup (reference + 4);
        return NULL;
    }
    return g_strdup_printf ("there is no reference ${%.80s}: there are ${steps.ID.stdout}, "
                            "${input.NAME} and ${env.NAME}; the two characters ${ are written $${",
                            reference);
}

PlanText *
plan_text_new_literal (const char *literal)
{
    PlanText *text = text_new ();
    g_autoptr (GString) copy = g_string_new (literal);

    add_literal (text, copy);
    return text;
}

PlanText *
plan_text_read (const char *source, PlanTextCheck check, gpointer data)
{
    PlanText *text = text_new ();
    g_autoptr (GString) literal = g_string_new (NULL);
    const char *at = source;

    while (*at != '\0') {
        const char *end = g_str_has_prefix (at, "${") ? strchr (at, '}') : NULL;
        g_autofree char *reference = NULL;
        PlanPiece piece = { .kind = PLAN_LITERAL };
        g_autofree char *fault = NULL;

        if (g_str_has_prefix (at, "$${")) {
            g_string_append (literal, "${");
            at += 3;
            continue;
        }
        if (!g_str_has_prefix (at, "${")) {
            g_string_append_c (literal, *at++);
            continue;
        }
        if (end == NULL) {
            check (NULL, (gsize) (at - source), "a reference begins here, and no } ends it", data);
            break;
        }
        add_literal (text, literal);
        reference = g_strndup (at + 2, (gsize) (end - at) - 2);
        fault = read_reference (reference, &piece);
        check (fault == NULL ? &piece : NULL, (gsize) (at - source), fault, data);
        if (fault == NULL)
            g_array_append_val (text->pieces, piece);
        at = end + 1;
    }
    add_literal (text, literal);
    return text;
}

const char *
plan_text_get_literal (const PlanText *text)
{
    const PlanPiece *first;

    if (text->pieces->len == 0)
        return "";
    first = &g_array_index (text->pieces, PlanPiece, 0);
    return text->pieces->len == 1 && first->kind == PLAN_LITERAL ? first->text : NULL;
}

char *
plan_text_resolve (const PlanText *text, PlanResolver resolve, gpointer data, GError **error)
{
    g_autoptr (GString) whole = g_string_new (NULL);

    for (guint i = 0; i < text->pieces->len; i++) {
        const PlanPiece *piece = &g_array_index (text->pieces, PlanPiece, i);
        g_autofree char *value = NULL;

        if (piece->kind == PLAN_LITERAL) {
            g_string_append (whole, piece->text);
            continue;
        }
        value = resolve (piece, data, error);
        if (value == NULL)
            return NULL;
        g_string_append (whole, value);
    }
    return g_string_free (g_steal_pointer (&whole), FALSE);
}

/* What is to stand in place of a text: (transfer full); NULL: the copy is left off. */
typedef json_t *(*TextFunction) (const json_t *string, gpointer data);

/* (transfer full) (nullable): a copy that shares nothing with `value`, whose references other
 * threads may count; its texts are handed to `function` from its begin to its end. It nests no
 * deeper than the scan allowed. */
static json_t *
copy_with (const json_t *value, TextFunction function, gpointer data)
{
    g_autoptr (json_t) copy = NULL;
    const char *name;
    json_t *child;
    size_t i;

    if (json_is_string (value))
        return function (value, data);
    if (!json_is_object (value) && !json_is_array (value))
        return json_deep_copy (value);
    copy = json_is_object (value) ? json_object () : json_array ();
    json_object_foreach ((json_t *) value, name, child)
    {
        if (json_object_set_new (copy, name, copy_with (child, function, data)) != 0)
            return NULL;
    }
    json_array_foreach (value, i, child)
    {
        if (json_array_append_new (copy, copy_with (child, function, data)) != 0)
            return NULL;
    }
    return g_steal_pointer (&copy);
}

typedef struct {
    PlanDocument *document; /* borrowed */
    PlanTextCheck check;
    gpointer data;
} DocumentReading;

static json_t *
read_text (const json_t *string, gpointer data)
{
    DocumentReading *reading = data;

    g_ptr_array_add (reading->document->texts,
                     plan_text_read (json_string_value (string), reading->check, reading->data));
    return json_deep_copy (string);
}

PlanDocument *
plan_document_read (json_t *value, PlanTextCheck check, gpointer data)
{
    PlanDocument *document = g_new0 (PlanDocument, 1);
    DocumentReading reading = { document, check, data };

    document->texts = g_ptr_array_new_with_free_func ((GDestroyNotify) plan_text_free);
    document->value = copy_with (value, read_text, &reading);
    return document;
}

void
plan_document_free (PlanDocument *document)
{
    if (document == NULL)
        return;
    json_decref (document->value);
    g_ptr_array_unref (document->texts);
    g_free (document);
}

typedef struct {
    const PlanDocument *document; /* borrowed */
    guint next;                   /* of its texts */
    PlanResolver resolve;
    gpointer data;
    GError *error; /* owned; nullable */
} DocumentResolving;

static json_t *
resolve_text (const json_t *string, gpointer data)
{
    DocumentResolving *resolving = data;
    const PlanText *text = resolving->document->texts->pdata[resolving->next++];
    g_autofree char *value = NULL;
    json_t *resolved;

    (void) string;
    value = plan_text_resolve (text, resolving->resolve, resolving->data, &resolving->error);
    if (value == NULL)
        return NULL;
    resolved = json_string (value);
    if (resolved == NULL)
        g_set_error (&resolving->error, H3_ERROR, H3_ERROR_INVALID,
                     "What a reference stands for is not UTF-8, and cannot stand in JSON");
    return resolved;
}

json_t *
plan_document_resolve (const PlanDocument *document, PlanResolver resolve, gpointer data,
                       GError **error)
{
    DocumentResolving resolving = { document, 0, resolve, data, NULL };
    json_t *resolved = copy_with (document->value, resolve_text, &resolving);

    if (resolving.error != NULL)
        g_propagate_error (error, resolving.error);
    return resolved;
}
