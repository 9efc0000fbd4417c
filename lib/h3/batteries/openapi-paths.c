/* SPDX-License-Identifier: MIT
 *
 * Patterns of routes as templates of paths. */

#include "openapi-private.h"

#include <string.h>

static void
free_text (GString *text)
{
    g_string_free (text, TRUE);
}

void
openapi_path_free (OpenApiPath *path)
{
    if (path == NULL)
        return;
    free_text (path->text);
    free_text (path->shape);
    g_ptr_array_unref (path->names);
    g_ptr_array_unref (path->segments);
    g_free (path);
}

/* A literal may have been written with braces that are percent-encoded. */
static void
add_literal (OpenApiPath *path, const char *text)
{
    for (; *text != '\0'; text++) {
        if (*text == '{' || *text == '}') {
            g_string_append_printf (path->text, "%%%02X", (guint) *text);
            g_string_append_printf (path->shape, "%%%02X", (guint) *text);
        } else {
            g_string_append_c (path->text, *text);
            g_string_append_c (path->shape, *text);
        }
    }
}

static void
add_param (OpenApiPath *path, const PatternSegment *segment, const char *name)
{
    g_string_append_printf (path->text, "{%s}", name);
    g_string_append (path->shape, "{}");
    g_ptr_array_add (path->names, g_strdup (name));
    g_ptr_array_add (path->segments, (gpointer) segment);
}

gboolean
openapi_path_is_optional (const Pattern *pattern)
{
    guint n = pattern_count_segments (pattern);

    return n > 0 && pattern_get_segment (pattern, n - 1)->kind == PATTERN_OPTIONAL;
}

OpenApiPath *
openapi_path_new (const Pattern *pattern, gboolean has_optional)
{
    OpenApiPath *path = g_new0 (OpenApiPath, 1);
    guint n_params = 0;

    path->text = g_string_new (NULL);
    path->shape = g_string_new (NULL);
    path->names = g_ptr_array_new_with_free_func (g_free);
    path->segments = g_ptr_array_new ();
    for (guint i = 0; i < pattern_count_segments (pattern); i++) {
        const PatternSegment *segment = pattern_get_segment (pattern, i);

        if (segment->kind == PATTERN_OPTIONAL && !has_optional)
            break;
        g_string_append_c (path->text, '/');
        g_string_append_c (path->shape, '/');
        if (segment->kind == PATTERN_LITERAL)
            add_literal (path, segment->text);
        else
            add_param (path, segment, pattern_get_param_name (pattern, n_params++));
    }
    if (path->text->len == 0) {
        g_string_append_c (path->text, '/');
        g_string_append_c (path->shape, '/');
    }
    return path;
}
