/* SPDX-License-Identifier: MIT */

#include "parameters.h"

#include <h3/base/view-scan.h>

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
    view_skip (rest, n + 1);
    return TRUE;
}

static gboolean
take_value (H3View *rest, Parameter *parameter)
{
    parameter->is_quoted = view_take (rest, '"');
    if (parameter->is_quoted)
        return take_quoted (rest, &parameter->value);
    parameter->value = view_take_token (rest);
    return parameter->value.length > 0;
}

ParameterResult
parameter_next (H3View *rest, Parameter *out_parameter)
{
    H3View text = *rest;

    view_skip_blanks (&text);
    while (view_take (&text, ';')) {
        view_skip_blanks (&text);
        out_parameter->name = view_take_token (&text);
        if (out_parameter->name.length == 0)
            continue;
        if (!view_take (&text, '='))
            return PARAMETER_BAD;
        if (!take_value (&text, out_parameter))
            return PARAMETER_BAD;
        *rest = text;
        return PARAMETER_READ;
    }
    *rest = text;
    return text.length == 0 ? PARAMETER_END : PARAMETER_BAD;
}
