/* SPDX-License-Identifier: MIT */

#include "path-builder.h"

#include <h3/base/error.h>

/* pchar of RFC 3986 §3.3, without the escapes. */
static gboolean
is_path_character (char c)
{
    return g_ascii_isalnum (c) || (c != '\0' && strchr ("-._~!$&'()*+,;=:@", c) != NULL);
}

static void
append_encoded (GString *path, H3View text, gboolean keep_slashes)
{
    for (gsize i = 0; i < text.length; i++) {
        char c = text.data[i];

        if (is_path_character (c) || (keep_slashes && c == '/'))
            g_string_append_c (path, c);
        else
            g_string_append_printf (path, "%%%02X", (guint) (guchar) c);
    }
}

/* What is canonical keeps some escapes; its other characters may need one. */
void
path_builder_append_canonical (GString *path, H3View text)
{
    gssize at;

    while ((at = h3_view_find (text, '%')) >= 0) {
        append_encoded (path, h3_view (text.data, (gsize) at), TRUE);
        g_string_append_len (path, text.data + at, 3);
        text = h3_view (text.data + at + 3, text.length - (gsize) at - 3);
    }
    append_encoded (path, text, TRUE);
}

static gboolean
has_dot_segment (H3View text)
{
    H3View part;

    while (h3_view_split (&text, '/', &part)) {
        if (h3_view_equal (part, H3_VIEW (".")) || h3_view_equal (part, H3_VIEW ("..")))
            return TRUE;
    }
    return FALSE;
}

/* What is wrong with `value` in the place of `segment`; NULL when nothing is. */
static const char *
find_fault (const PatternSegment *segment, const char *value)
{
    H3View view = h3_view_of (value);

    if (h3_view_is_empty (view)) {
        if (segment->kind == PATTERN_OPTIONAL || segment->kind == PATTERN_REST)
            return NULL;
        return value == NULL ? "has no value" : "has an empty value";
    }
    if (!g_utf8_validate_len (view.data, view.length, NULL))
        return "has a value that is not UTF-8";
    if (has_dot_segment (view) && (segment->kind == PATTERN_REST || h3_view_find (view, '/') < 0))
        return "has a dot segment for its value, which would lead elsewhere";
    if (segment->kind == PATTERN_REST && *value == '/')
        return "has a value that begins with a slash: leave the slash out";
    if (segment->kind == PATTERN_CONSTRAINED) {
        g_autoptr (GString) encoded = g_string_new (NULL);

        append_encoded (encoded, view, FALSE);
        if (!pattern_segment_fits (segment, h3_view (encoded->str, encoded->len)))
            return "has a value that does not fit its regex";
    }
    return NULL;
}

char *
path_builder_build (const Pattern *pattern, PathLookup lookup, gpointer user_data, GError **error)
{
    g_autoptr (GString) path = g_string_new (NULL);

    for (guint i = 0; i < pattern_count_segments (pattern); i++) {
        const PatternSegment *segment = pattern_get_segment (pattern, i);
        const char *value, *fault;

        if (segment->kind == PATTERN_LITERAL) {
            g_string_append_c (path, '/');
            path_builder_append_canonical (path, h3_view_of (segment->text));
            continue;
        }
        value = lookup (segment->name, user_data);
        fault = find_fault (segment, value);
        if (fault != NULL) {
            g_set_error (error, H3_ERROR, H3_ERROR_INVALID, "route pattern \"%s\": \"%s\" %s",
                         pattern_get_text (pattern), segment->name, fault);
            return NULL;
        }
        if (value == NULL || *value == '\0')
            break; /* only the last segment may go without */
        g_string_append_c (path, '/');
        append_encoded (path, h3_view_of (value), segment->kind == PATTERN_REST);
    }
    if (path->len == 0)
        g_string_append_c (path, '/');
    return g_string_free (g_steal_pointer (&path), FALSE);
}
