/* SPDX-License-Identifier: MIT */

#include "multipart-head.h"

#include <h3/base/character.h>
#include <h3/format/parameters.h>
#include <h3/format/percent.h>

/* What has been found of a part, while its strings still move. */
typedef struct {
    H3View disposition; /* data NULL: none */
    H3View type;        /* the same */
    H3View coding;      /* the same */
} Fields;

typedef struct {
    Parameter plain;    /* name=; name empty: none */
    Parameter extended; /* name*=, RFC 8187 */
} Text;

static gboolean
set_once (H3View *field, H3View value)
{
    if (field->data != NULL)
        return FALSE;
    *field = value;
    return TRUE;
}

/* FALSE where a field that may be there once is there twice. */
static gboolean
find_fields (H3View lines, Fields *fields)
{
    H3View line;

    while (h3_view_split (&lines, '\n', &line)) {
        gssize colon = h3_view_find (line, ':');
        H3View name, value;
        gboolean is_first = TRUE;

        if (colon < 0)
            continue;
        name = h3_view (line.data, (gsize) colon);
        /* Without the CR. */
        value = h3_view_trim (h3_view (line.data + colon + 1, line.length - (gsize) colon - 2));
        if (h3_view_equal_ignore_case (name, H3_VIEW ("Content-Disposition")))
            is_first = set_once (&fields->disposition, value);
        else if (h3_view_equal_ignore_case (name, H3_VIEW ("Content-Type")))
            is_first = set_once (&fields->type, value);
        else if (h3_view_equal_ignore_case (name, H3_VIEW ("Content-Transfer-Encoding")))
            is_first = set_once (&fields->coding, value);
        if (!is_first)
            return FALSE;
    }
    return TRUE;
}

/* Only what leaves the bytes as they are: RFC 7578 §4.7 has no use for the others, and a content
 * handed on in a coding that nobody asked about would be taken for what it is not. */
static gboolean
is_plain_coding (H3View coding)
{
    return coding.data == NULL || h3_view_equal_ignore_case (coding, H3_VIEW ("binary"))
           || h3_view_equal_ignore_case (coding, H3_VIEW ("8bit"))
           || h3_view_equal_ignore_case (coding, H3_VIEW ("7bit"));
}

static gboolean
take_parameter (Text *text, const Parameter *parameter, gboolean is_extended)
{
    Parameter *place = is_extended ? &text->extended : &text->plain;

    if (place->name.length > 0)
        return FALSE;
    *place = *parameter;
    return TRUE;
}

/* FALSE where the disposition is malformed, not that of a form, or says something twice. */
static gboolean
read_disposition (H3View value, Text *name, Text *filename)
{
    gssize end = h3_view_find (value, ';');
    H3View type = h3_view_trim (h3_view (value.data, end < 0 ? value.length : (gsize) end));
    H3View rest = h3_view (value.data + type.length, value.length - type.length);
    ParameterResult result;
    Parameter parameter;

    if (!h3_view_equal_ignore_case (type, H3_VIEW ("form-data")))
        return FALSE;
    while ((result = parameter_next (&rest, &parameter)) == PARAMETER_READ) {
        gboolean is_extended = h3_view_ends_with (parameter.name, H3_VIEW ("*"));
        H3View key = h3_view (parameter.name.data, parameter.name.length - is_extended);
        gboolean is_first = TRUE;

        if (h3_view_equal_ignore_case (key, H3_VIEW ("name")))
            is_first = take_parameter (name, &parameter, is_extended);
        else if (h3_view_equal_ignore_case (key, H3_VIEW ("filename")))
            is_first = take_parameter (filename, &parameter, is_extended);
        if (!is_first)
            return FALSE;
    }
    return result == PARAMETER_END;
}

/* The three escapes of the WHATWG's forms ("multipart/form-data encoding algorithm"): 0 for what
 * is none. */
static char
read_escape (H3View text)
{
    static const struct {
        H3View escape;
        char character;
    } escapes[] = { { { "%22", 3 }, '"' }, { { "%0D", 3 }, '\r' }, { { "%0A", 3 }, '\n' } };

    for (guint i = 0; i < G_N_ELEMENTS (escapes) && text.length >= 3; i++) {
        if (h3_view_equal_ignore_case (h3_view (text.data, 3), escapes[i].escape))
            return escapes[i].character;
    }
    return 0;
}

/* Browsers write a quote as %22 and leave backslashes alone; others put a backslash before both:
 * so it is an escape before these two only. */
static void
append_plain (GString *strings, const Parameter *parameter)
{
    H3View text = parameter->value;

    for (gsize i = 0; i < text.length; i++) {
        char c = text.data[i], escaped = 0;

        if (c == '%' && parameter->is_quoted) {
            escaped = read_escape (h3_view (text.data + i, text.length - i));
            if (escaped != 0) {
                c = escaped;
                i += 2;
            }
        } else if (c == '\\' && parameter->is_quoted && i + 1 < text.length
                   && (text.data[i + 1] == '"' || text.data[i + 1] == '\\')) {
            c = text.data[++i];
        }
        g_string_append_c (strings, c);
    }
}

/* RFC 8187, which RFC 7578 §4.2 forbids and widespread clients send: in UTF-8 only. */
static gboolean
append_extended (GString *strings, const Parameter *parameter)
{
    H3View rest = parameter->value, charset, language;
    gsize before = strings->len, length;

    if (parameter->is_quoted || !h3_view_split (&rest, '\'', &charset)
        || !h3_view_split (&rest, '\'', &language) || rest.data == NULL
        || !h3_view_equal_ignore_case (charset, H3_VIEW ("utf-8")))
        return FALSE;
    g_string_set_size (strings, before + rest.length + 1);
    if (!h3_percent_decode (rest, strings->str + before, &length))
        return FALSE;
    g_string_truncate (strings, before + length);
    return TRUE;
}

/* Appends the text and its NUL. A problem as of multipart_head_read (). */
static const char *
append_text (GString *strings, const Text *text, gsize limit, guint *out_status)
{
    gsize before = strings->len;

    *out_status = 400;
    if (text->extended.name.length == 0)
        append_plain (strings, &text->plain);
    else if (!append_extended (strings, &text->extended))
        return "The name of a part is in an encoding that is not taken.";
    if (!character_all_text (strings->str + before, strings->len - before))
        return "The name of a part has a control or is not UTF-8.";
    if (strings->len - before > limit) {
        *out_status = 413;
        return "The name of a part is too long.";
    }
    g_string_append_c (strings, '\0');
    return NULL;
}

static gboolean
has_text (const Text *text)
{
    return text->plain.name.length > 0 || text->extended.name.length > 0;
}

const char *
multipart_head_read (MultipartHead *head, H3View lines, const H3MultipartLimits *limits,
                     guint *out_status)
{
    Fields fields = { { NULL, 0 }, { NULL, 0 }, { NULL, 0 } };
    Text name = { 0 }, filename = { 0 };
    gsize filename_at, type_at;
    const char *problem;

    *out_status = 400;
    if (head->strings == NULL)
        head->strings = g_string_new (NULL);
    g_string_truncate (head->strings, 0);
    if (!find_fields (lines, &fields))
        return "A part has a field twice.";
    if (fields.disposition.data == NULL)
        return "A part has no Content-Disposition.";
    if (!read_disposition (fields.disposition, &name, &filename) || !has_text (&name))
        return "The Content-Disposition of a part is malformed.";
    if (!is_plain_coding (fields.coding))
        return "A part has a Content-Transfer-Encoding that is not taken.";
    problem = append_text (head->strings, &name, limits->name, out_status);
    filename_at = head->strings->len;
    if (problem == NULL && has_text (&filename))
        problem = append_text (head->strings, &filename, limits->name, out_status);
    if (problem != NULL)
        return problem;
    type_at = head->strings->len;
    if (fields.type.data != NULL)
        g_string_append_len (head->strings, fields.type.data, (gssize) fields.type.length);
    head->part.name = head->strings->str;
    head->part.filename = has_text (&filename) ? head->strings->str + filename_at : NULL;
    head->part.type = fields.type.data != NULL ? head->strings->str + type_at : NULL;
    return NULL;
}

void
multipart_head_clear (MultipartHead *head)
{
    if (head->strings != NULL)
        g_string_free (g_steal_pointer (&head->strings), TRUE);
}
