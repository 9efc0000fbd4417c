/* SPDX-License-Identifier: MIT */

#include "mime.h"

#include <string.h>

/* A parameter as it stands in the text. */
typedef struct {
    H3View name;
    H3View value; /* without the quotes, escapes as they are */
    gboolean is_escaped;
} Parameter;

static gboolean
is_token_byte (guchar c)
{
    return g_ascii_isalnum (c) || (c != '\0' && strchr ("!#$%&'*+-.^_`|~", c) != NULL);
}

static gboolean
is_token (H3View text)
{
    for (gsize i = 0; i < text.length; i++) {
        if (!is_token_byte ((guchar) text.data[i]))
            return FALSE;
    }
    return text.length > 0;
}

/* Every byte may stand in a quoted string, escaped or not (RFC 9110 §5.6.4). */
static gboolean
is_quotable (H3View text)
{
    for (gsize i = 0; i < text.length; i++) {
        guchar c = (guchar) text.data[i];

        if (c == 0x7f || (c < ' ' && c != '\t'))
            return FALSE;
    }
    return TRUE;
}

static gboolean
is_space (char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static H3View
trim_front (H3View text)
{
    while (text.length > 0 && is_space (text.data[0]))
        text = h3_view (text.data + 1, text.length - 1);
    return text;
}

static H3View
trim_back (H3View text)
{
    while (text.length > 0 && is_space (text.data[text.length - 1]))
        text.length--;
    return text;
}

static H3View
skip (H3View text, gsize count)
{
    count = MIN (count, text.length);
    return h3_view (text.data + count, text.length - count);
}

/* Reads the quoted string that `*rest` stands in, behind its first quote, and what follows up to
 * the next semicolon. A quote that never comes is the end. */
static void
take_quoted (H3View *rest, Parameter *parameter)
{
    gsize length = 0;
    gssize semicolon;

    parameter->is_escaped = FALSE;
    while (length < rest->length && rest->data[length] != '"') {
        if (rest->data[length] == '\\') {
            parameter->is_escaped = TRUE;
            length++;
        }
        length++;
    }
    length = MIN (length, rest->length);
    parameter->value = h3_view (rest->data, length);
    *rest = skip (*rest, length);
    semicolon = h3_view_find (*rest, ';');
    *rest = skip (*rest, semicolon < 0 ? rest->length : (gsize) semicolon + 1);
}

static void
take_unquoted (H3View *rest, Parameter *parameter)
{
    gssize semicolon = h3_view_find (*rest, ';');
    gsize length = semicolon < 0 ? rest->length : (gsize) semicolon;

    parameter->is_escaped = FALSE;
    parameter->value = trim_back (h3_view (rest->data, length));
    *rest = skip (*rest, length + 1);
}

/* Takes the next well-formed parameter off the front of `*rest`. */
static gboolean
take_parameter (H3View *rest, Parameter *parameter)
{
    while (rest->length > 0) {
        gsize length = 0;
        gboolean is_quoted;

        *rest = trim_front (*rest);
        while (length < rest->length && rest->data[length] != '=' && rest->data[length] != ';')
            length++;
        parameter->name = h3_view (rest->data, length);
        if (length == rest->length)
            return FALSE;
        is_quoted = length + 1 < rest->length && rest->data[length + 1] == '"';
        if (rest->data[length] == ';') {
            *rest = skip (*rest, length + 1);
            continue;
        }
        *rest = skip (*rest, length + 1 + is_quoted);
        if (is_quoted)
            take_quoted (rest, parameter);
        else
            take_unquoted (rest, parameter);
        if (is_token (parameter->name) && is_quotable (parameter->value)
            && (is_quoted || parameter->value.length > 0))
            return TRUE;
    }
    return FALSE;
}

/* Copies the value without its escapes; returns its length then. A backslash that ends the text
 * escapes nothing and stays. */
static gsize
unescape (H3View value, char *out)
{
    gsize length = 0;

    for (gsize i = 0; i < value.length; i++) {
        if (value.data[i] == '\\' && i + 1 < value.length)
            i++;
        out[length++] = value.data[i];
    }
    return length;
}

gboolean
h3_media_type_parse (H3View text, H3MediaType *out_type)
{
    H3MediaType result = { .parameters = H3_VIEW_EMPTY };
    gssize slash, semicolon;

    g_return_val_if_fail (out_type != NULL, FALSE);
    text = trim_back (trim_front (text));
    semicolon = h3_view_find (text, ';');
    result.essence = text;
    if (semicolon >= 0) {
        result.essence = trim_back (h3_view (text.data, (gsize) semicolon));
        result.parameters = skip (text, (gsize) semicolon + 1);
    }
    slash = h3_view_find (result.essence, '/');
    if (slash < 0)
        return FALSE;
    result.type = h3_view (result.essence.data, (gsize) slash);
    result.subtype = skip (result.essence, (gsize) slash + 1);
    if (!is_token (result.type) || !is_token (result.subtype))
        return FALSE;
    *out_type = result;
    return TRUE;
}

gboolean
h3_media_type_parse_string (const char *text, H3MediaType *out_type)
{
    g_return_val_if_fail (text != NULL, FALSE);
    return h3_media_type_parse (h3_view_of (text), out_type);
}

static gboolean
find_parameter (const H3MediaType *media_type, H3View name, Parameter *parameter)
{
    H3View rest = media_type->parameters;

    for (guint i = 0; i < H3_MEDIA_TYPE_MAX_PARAMETERS && take_parameter (&rest, parameter); i++) {
        if (h3_view_equal_ignore_case (parameter->name, name))
            return TRUE;
    }
    return FALSE;
}

gboolean
h3_media_type_get_parameter (const H3MediaType *media_type, H3View name, char *buffer, gsize size,
                             H3View *out_value)
{
    Parameter parameter;

    g_return_val_if_fail (media_type != NULL && out_value != NULL, FALSE);
    g_return_val_if_fail (buffer != NULL || size == 0, FALSE);
    if (!find_parameter (media_type, name, &parameter))
        return FALSE;
    if (!parameter.is_escaped) {
        *out_value = parameter.value;
        return TRUE;
    }
    if (parameter.value.length > size)
        return FALSE;
    *out_value = h3_view (buffer, unescape (parameter.value, buffer));
    return TRUE;
}

char *
h3_media_type_dup_parameter (const H3MediaType *media_type, const char *name)
{
    Parameter parameter;
    char *value;

    g_return_val_if_fail (media_type != NULL && name != NULL, NULL);
    if (!find_parameter (media_type, h3_view_of (name), &parameter))
        return NULL;
    value = g_malloc (parameter.value.length + 1);
    value[unescape (parameter.value, value)] = '\0';
    return value;
}

gboolean
h3_media_type_matches (const H3MediaType *media_type, const char *pattern)
{
    H3View subtype = h3_view_of (pattern);
    H3View type;

    g_return_val_if_fail (media_type != NULL && pattern != NULL, FALSE);
    if (!h3_view_split (&subtype, '/', &type) || subtype.data == NULL
        || !(h3_view_equal (type, H3_VIEW ("*"))
             || h3_view_equal_ignore_case (type, media_type->type)))
        return FALSE;
    if (h3_view_equal (subtype, H3_VIEW ("*")))
        return TRUE;
    if (h3_view_starts_with (subtype, H3_VIEW ("*+"))) {
        H3View tail = media_type->subtype;

        subtype = skip (subtype, 1);
        if (tail.length <= subtype.length)
            return FALSE;
        return h3_view_equal_ignore_case (skip (tail, tail.length - subtype.length), subtype);
    }
    return h3_view_equal_ignore_case (subtype, media_type->subtype);
}

static void
append_lower (GString *out, H3View text)
{
    for (gsize i = 0; i < text.length; i++)
        g_string_append_c (out, g_ascii_tolower (text.data[i]));
}

static void
append_value (GString *out, H3View value)
{
    if (is_token (value)) {
        g_string_append_len (out, value.data, (gssize) value.length);
        return;
    }
    g_string_append_c (out, '"');
    for (gsize i = 0; i < value.length; i++) {
        if (value.data[i] == '"' || value.data[i] == '\\')
            g_string_append_c (out, '\\');
        g_string_append_c (out, value.data[i]);
    }
    g_string_append_c (out, '"');
}

/* Whether `parameter` is the first of its name. */
static gboolean
is_first (const H3MediaType *media_type, const Parameter *parameter)
{
    Parameter first;

    return find_parameter (media_type, parameter->name, &first)
           && first.name.data == parameter->name.data;
}

char *
h3_media_type_to_string (const H3MediaType *media_type)
{
    GString *out;
    Parameter parameter;
    H3View rest;

    g_return_val_if_fail (media_type != NULL, NULL);
    out = g_string_new (NULL);
    rest = media_type->parameters;
    append_lower (out, media_type->essence);
    for (guint i = 0; i < H3_MEDIA_TYPE_MAX_PARAMETERS && take_parameter (&rest, &parameter); i++) {
        g_autofree char *value = NULL;

        if (!is_first (media_type, &parameter))
            continue;
        value = g_malloc (parameter.value.length + 1);
        g_string_append_c (out, ';');
        append_lower (out, parameter.name);
        g_string_append_c (out, '=');
        append_value (out, parameter.is_escaped ? h3_view (value, unescape (parameter.value, value))
                                                : parameter.value);
    }
    return g_string_free (out, FALSE);
}
