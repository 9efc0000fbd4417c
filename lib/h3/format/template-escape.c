/* SPDX-License-Identifier: MIT
 *
 * How a value becomes what it is, and nothing else, to the reader of a page. */

#include "template-private.h"

#include "template-url.h"

#include <string.h>

/* Instead of a URL of a scheme that may run scripts; browsers go nowhere with it. */
#define INSTEAD_OF_URL "about:invalid#h3"

/* In text, in values in either quotes, and in titles. */
static void
append_text (GString *out, H3View value)
{
    for (gsize i = 0; i < value.length; i++) {
        switch (value.data[i]) {
        case '&':
            g_string_append (out, "&amp;");
            break;
        case '<':
            g_string_append (out, "&lt;");
            break;
        case '>':
            g_string_append (out, "&gt;");
            break;
        case '"':
            g_string_append (out, "&#34;");
            break;
        case '\'':
            g_string_append (out, "&#39;");
            break;
        case '\0':
            g_string_append (out, "\xef\xbf\xbd"); /* as browsers read it */
            break;
        default:
            g_string_append_c (out, value.data[i]);
        }
    }
}

/* `keep` stands as it is, beside what may stand anywhere. An ampersand needs no percent sign, but
 * begins a character reference. */
static void
append_percent (GString *out, H3View value, const char *keep)
{
    for (gsize i = 0; i < value.length; i++) {
        char c = value.data[i];

        if (c == '&' && strchr (keep, c) != NULL)
            g_string_append (out, "&amp;");
        else if (g_ascii_isalnum (c) || (c != '\0' && strchr (keep, c) != NULL))
            g_string_append_c (out, c);
        else
            g_string_append_printf (out, "%%%02X", (guchar) c);
    }
}

/* Browsers take what stands before the first colon for a scheme, unless a path has begun. */
static gboolean
is_safe_url (H3View url)
{
    gsize length = 0;

    while (length < url.length && url.data[length] != '\0'
           && strchr (":/?#", url.data[length]) == NULL)
        length++;
    return length == url.length || url.data[length] != ':'
           || html_url_is_safe_scheme (url.data, length);
}

/* JSON in which no end tag, comment or character reference can begin. Quotes and the like stand in
 * strings only, where an escape says the same. */
static void
append_json (GString *out, H3View json)
{
    for (gsize i = 0; i < json.length; i++) {
        guchar c = (guchar) json.data[i];

        if (c == '<' || c == '>' || c == '&' || c == '\'')
            g_string_append_printf (out, "\\u%04x", c);
        else
            g_string_append_c (out, (char) c);
    }
}

void
template_escape (GString *out, HtmlEscape escape, H3View value)
{
    static const char url[] = "-._~:/?#[]@!$&()*+,;=%";

    switch (escape) {
    case HTML_ESCAPE_TEXT:
        append_text (out, value);
        break;
    case HTML_ESCAPE_WHOLE_URL:
        if (is_safe_url (value))
            append_percent (out, value, url);
        else
            g_string_append (out, INSTEAD_OF_URL);
        break;
    case HTML_ESCAPE_URL:
        append_percent (out, value, url);
        break;
    case HTML_ESCAPE_QUERY:
        append_percent (out, value, "-._~");
        break;
    case HTML_ESCAPE_JSON:
        append_json (out, value);
        break;
    case HTML_ESCAPE_NONE:
        g_string_append_len (out, value.data, (gssize) value.length);
        break;
    }
}
