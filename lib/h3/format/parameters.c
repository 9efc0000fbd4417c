/* SPDX-License-Identifier: MIT */

#include "parameters.h"

#include <h3/base/character.h>

static gboolean
is_blank (char c)
{
    return c == ' ' || c == '\t';
}

static H3View
skip (H3View text, gsize n)
{
    return h3_view (text.data + n, text.length - n);
}

static H3View
skip_blanks (H3View text)
{
    while (text.length > 0 && is_blank (*text.data))
        text = skip (text, 1);
    return text;
}

static H3View
take_token (H3View *rest)
{
    gsize n = 0;
    H3View token;

    while (n < rest->length && character_is (rest->data[n], CHARACTER_TOKEN))
        n++;
    token = h3_view (rest->data, n);
    *rest = skip (*rest, n);
    return token;
}

/* What stands up to the closing quote, which is taken too. A backslash keeps the quote behind it
 * from closing; what else it means is for who knows which client wrote it. */
static gboolean
take_quoted (H3View *rest, H3View *out_value)
{
    gsize n = 0;

    while (n < rest->length && rest->data[n] != '"') {
        if (!character_is (rest->data[n], CHARACTER_TEXT))
            return FALSE;
        if (rest->data[n] == '\\' && n + 1 < rest->length
            && (rest->data[n + 1] == '"' || rest->data[n + 1] == '\\'))
            n++;
        n++;
    }
    if (n >= rest->length)
        return FALSE;
    *out_value = h3_view (rest->data, n);
    *rest = skip (*rest, n + 1);
    return TRUE;
}

static gboolean
take_value (H3View *rest, Parameter *parameter)
{
    if (rest->length > 0 && *rest->data == '"') {
        *rest = skip (*rest, 1);
        parameter->is_quoted = TRUE;
        return take_quoted (rest, &parameter->value);
    }
    parameter->is_quoted = FALSE;
    parameter->value = take_token (rest);
    return parameter->value.length > 0;
}

ParameterResult
parameter_next (H3View *rest, Parameter *out_parameter)
{
    H3View text = skip_blanks (*rest);

    while (text.length > 0 && *text.data == ';') {
        text = skip_blanks (skip (text, 1));
        out_parameter->name = take_token (&text);
        if (out_parameter->name.length == 0)
            continue;
        if (text.length == 0 || *text.data != '=')
            return PARAMETER_BAD;
        text = skip (text, 1);
        if (!take_value (&text, out_parameter))
            return PARAMETER_BAD;
        *rest = text;
        return PARAMETER_READ;
    }
    *rest = text;
    return text.length == 0 ? PARAMETER_END : PARAMETER_BAD;
}
