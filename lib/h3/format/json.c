/* SPDX-License-Identifier: MIT */

#include "json.h"

#include <h3/base/character.h>

static const char *
describe (json_error_t *problem)
{
    switch (json_error_code (problem)) {
    case json_error_duplicate_key:
        return "an object has this name twice";
    case json_error_numeric_overflow:
        return "the number is too big";
    default:
        return problem->text;
    }
}

json_t *
h3_json_parse (H3View text, guint max_depth, GError **error)
{
    H3JsonProblem problem;
    json_error_t refusal;
    json_t *document;

    g_return_val_if_fail (max_depth <= H3_JSON_DEPTH_LIMIT, NULL);
    if (!h3_json_scan (text, max_depth, &problem)) {
        g_set_error (error, H3_ERROR, H3_ERROR_SYNTAX, "line %u, column %u: %s", problem.line,
                     problem.column, problem.reason);
        return NULL;
    }
    document =
        json_loadb (text.data, text.length, JSON_DECODE_ANY | JSON_REJECT_DUPLICATES, &refusal);
    if (document == NULL)
        g_set_error (error, H3_ERROR, H3_ERROR_SYNTAX, "line %d, column %d: %s", refusal.line,
                     refusal.column, describe (&refusal));
    return document;
}

static int
append (const char *data, size_t length, void *user_data)
{
    g_string_append_len (user_data, data, (gssize) length);
    return 0;
}

char *
h3_json_to_text (const json_t *document, H3JsonStyle style)
{
    size_t flags = style == H3_JSON_PRETTY ? JSON_INDENT (2) : JSON_COMPACT;
    GString *text;
    int status;

    g_return_val_if_fail (document != NULL, NULL);
    text = g_string_new (NULL);
    status = json_dump_callback (document, append, text, flags | JSON_ENCODE_ANY);
    return g_string_free (text, status != 0);
}

const char *
h3_json_get_string (const json_t *root, const char *path)
{
    const json_t *value = h3_json_get (root, path);
    gsize length = json_string_length (value);

    if (value == NULL || !character_all_text (json_string_value (value), length))
        return NULL;
    return json_string_value (value);
}

gboolean
h3_json_get_int (const json_t *root, const char *path, gint64 *out_value)
{
    const json_t *value = h3_json_get (root, path);

    if (!json_is_integer (value))
        return FALSE;
    *out_value = json_integer_value (value);
    return TRUE;
}

gboolean
h3_json_get_double (const json_t *root, const char *path, double *out_value)
{
    const json_t *value = h3_json_get (root, path);

    if (!json_is_number (value))
        return FALSE;
    *out_value = json_number_value (value);
    return TRUE;
}

gboolean
h3_json_get_boolean (const json_t *root, const char *path, gboolean *out_value)
{
    const json_t *value = h3_json_get (root, path);

    if (!json_is_boolean (value))
        return FALSE;
    *out_value = json_is_true (value);
    return TRUE;
}
