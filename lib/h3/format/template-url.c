/* SPDX-License-Identifier: MIT */

#include "template-url.h"

#include <string.h>

gboolean
html_url_is_safe_scheme (const char *scheme, gsize length)
{
    static const char *const safe[] = { "http", "https", "mailto", "tel" };

    for (gsize i = 0; i < G_N_ELEMENTS (safe); i++) {
        if (strlen (safe[i]) == length && g_ascii_strncasecmp (scheme, safe[i], length) == 0)
            return TRUE;
    }
    return FALSE;
}

/* Where what comes first is no scheme any more. Browsers decode character references and drop tabs
 * and line ends before they look for one, so none of those is waited for. */
static HtmlUrl
leave_scheme (char c)
{
    if (c == '/')
        return HTML_URL_PATH;
    if (c == '?' || c == '#')
        return HTML_URL_QUERY;
    if (c == '&' || c == ':' || c == '\\' || (guchar) c <= 0x20)
        return HTML_URL_REFUSED;
    return HTML_URL_PATH;
}

static HtmlUrl
step_scheme (HtmlContext *context, char c)
{
    if (c == ':') {
        gboolean is_http =
            context->scheme_length >= 4 && g_ascii_strncasecmp (context->scheme, "http", 4) == 0;

        if (context->scheme_length > HTML_NAME_SIZE
            || !html_url_is_safe_scheme (context->scheme, context->scheme_length))
            return HTML_URL_REFUSED;
        return is_http ? HTML_URL_COLON : HTML_URL_PATH;
    }
    if (!g_ascii_isalnum (c) && c != '+' && c != '-' && c != '.')
        return leave_scheme (c);
    if (context->scheme_length < HTML_NAME_SIZE)
        context->scheme[context->scheme_length] = c;
    if (context->scheme_length <= HTML_NAME_SIZE)
        context->scheme_length++;
    return HTML_URL_SCHEME;
}

static HtmlUrl
step_start (HtmlContext *context, char c)
{
    if (c == '/')
        return HTML_URL_SLASH;
    if (g_ascii_isalpha (c) || c == '.')
        return step_scheme (context, c);
    return leave_scheme (c);
}

/* A second slash, also one that is written as a reference, begins a host. */
static HtmlUrl
step_slash (char c)
{
    if (c == '/' || c == '\\')
        return HTML_URL_HOST;
    return leave_scheme (c);
}

static HtmlUrl
step (HtmlContext *context, char c)
{
    switch (context->url) {
    case HTML_URL_START:
        return step_start (context, c);
    case HTML_URL_SCHEME:
        return step_scheme (context, c);
    case HTML_URL_INSERTED:
        return strchr ("/?#&:", c) == NULL ? HTML_URL_INSERTED : leave_scheme (c);
    case HTML_URL_COLON:
        return c == '/' ? HTML_URL_COLON : HTML_URL_HOST;
    case HTML_URL_SLASH:
        return step_slash (c);
    case HTML_URL_HOST:
        return c == '/' ? HTML_URL_PATH : c == '?' || c == '#' ? HTML_URL_QUERY : HTML_URL_HOST;
    case HTML_URL_PATH:
        return c == '?' || c == '#' ? HTML_URL_QUERY : HTML_URL_PATH;
    default:
        return context->url;
    }
}

void
html_url_step (HtmlContext *context, char c)
{
    context->url = (guint8) step (context, c);
    if (context->url != HTML_URL_SCHEME) {
        memset (context->scheme, 0, sizeof context->scheme);
        context->scheme_length = 0;
    }
}

const char *
html_url_insert (HtmlContext *context, HtmlEscape *out_escape)
{
    *out_escape = context->url == HTML_URL_START   ? HTML_ESCAPE_WHOLE_URL
                  : context->url == HTML_URL_QUERY ? HTML_ESCAPE_QUERY
                                                   : HTML_ESCAPE_URL;
    if (context->url == HTML_URL_SCHEME || context->url == HTML_URL_INSERTED)
        return "a value cannot go on with a URL whose scheme is open: a slash must stand before it";
    if (context->url == HTML_URL_REFUSED)
        return "no value can be inserted into a URL that may run scripts";
    if (context->value == HTML_CODE && context->url < HTML_URL_PATH)
        return "a value cannot choose where code is loaded from: a path must stand before it";
    if (context->url == HTML_URL_START)
        context->url = HTML_URL_INSERTED;
    else if (context->url == HTML_URL_SLASH || context->url == HTML_URL_COLON)
        context->url = HTML_URL_HOST;
    return NULL;
}
