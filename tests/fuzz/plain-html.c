/* SPDX-License-Identifier: MIT */

#include "plain-html.h"

#include <string.h>

typedef struct {
    const char *at;  /* borrowed: the page, which a NUL ends */
    const char *end; /* borrowed: likewise */
    GString *skeleton;
    gboolean has_json;
    guint n_running;
} Walk;

static gboolean
is_space (char c)
{
    return c != '\0' && strchr (" \t\n\f\r", c) != NULL;
}

static gboolean
starts (const Walk *walk, const char *text)
{
    return g_ascii_strncasecmp (walk->at, text, strlen (text)) == 0;
}

static void
keep (Walk *walk, gsize length)
{
    length = MIN (length, (gsize) (walk->end - walk->at));
    g_string_append_len (walk->skeleton, walk->at, (gssize) length);
    walk->at += length;
}

/* The first of the texts; the end of the page where there is none. */
static gsize
measure_to (const Walk *walk, const char *text)
{
    const char *found = g_strstr_len (walk->at, walk->end - walk->at, text);

    return (gsize) ((found != NULL ? found + strlen (text) : walk->end) - walk->at);
}

static void
walk_comment (Walk *walk)
{
    if (starts (walk, "<!-->") || starts (walk, "<!--->")) {
        keep (walk, measure_to (walk, ">"));
        return;
    }
    keep (walk, 4);
    keep (walk, MIN (measure_to (walk, "-->"), measure_to (walk, "--!>")));
}

/* What browsers take a character reference for, as far as letters and colons can be written so. */
static char *
decode (const char *from, gsize length)
{
    GString *text = g_string_new (NULL);
    g_autofree char *value = g_strndup (from, length);

    for (const char *p = value; *p != '\0'; p++) {
        char *end = NULL;
        guint64 unit = 0;

        if (g_str_has_prefix (p, "&#x") || g_str_has_prefix (p, "&#X"))
            unit = g_ascii_strtoull (p + 3, &end, 16);
        else if (g_str_has_prefix (p, "&#"))
            unit = g_ascii_strtoull (p + 2, &end, 10);
        else if (g_str_has_prefix (p, "&colon;"))
            unit = ':', end = (char *) p + 6;
        else if (g_str_has_prefix (p, "&Tab;"))
            unit = '\t', end = (char *) p + 4;
        else if (g_str_has_prefix (p, "&NewLine;"))
            unit = '\n', end = (char *) p + 8;
        if (unit > 0 && unit < 0x80) {
            g_string_append_c (text, (char) unit);
            p = *end == ';' ? end : end - 1;
        } else {
            g_string_append_c (text, *p);
        }
    }
    return g_string_free (text, FALSE);
}

static void
look_at_url (Walk *walk, const char *from, gsize length)
{
    g_autofree char *url = decode (from, length);
    char *to = url;

    for (const char *p = url; *p != '\0'; p++) {
        if ((guchar) *p > 0x20)
            *to++ = *p;
    }
    *to = '\0';
    if (g_ascii_strncasecmp (url, "javascript:", 11) == 0
        || g_ascii_strncasecmp (url, "data:", 5) == 0
        || g_ascii_strncasecmp (url, "vbscript:", 9) == 0)
        walk->n_running++;
}

static gboolean
leads_somewhere (const char *name, gsize length)
{
    static const char *const names[] = { "href",   "src",  "action",    "formaction",
                                         "poster", "data", "xlink:href" };

    for (guint i = 0; i < G_N_ELEMENTS (names); i++) {
        if (strlen (names[i]) == length && g_ascii_strncasecmp (name, names[i], length) == 0)
            return TRUE;
    }
    return FALSE;
}

/* Behind '='. */
static void
walk_value (Walk *walk, gboolean is_url)
{
    char quote = *walk->at;
    const char *close;

    if (quote != '"' && quote != '\'') {
        while (walk->at < walk->end && !is_space (*walk->at) && *walk->at != '>')
            keep (walk, 1);
        return;
    }
    walk->at++;
    close = memchr (walk->at, quote, (gsize) (walk->end - walk->at));
    if (close == NULL)
        close = walk->end;
    if (is_url)
        look_at_url (walk, walk->at, (gsize) (close - walk->at));
    g_string_append (walk->skeleton, "\"\"");
    walk->at = close < walk->end ? close + 1 : close;
}

static void
skip_space (Walk *walk)
{
    while (is_space (*walk->at))
        walk->at++;
}

static void
walk_attributes (Walk *walk)
{
    while (walk->at < walk->end && *walk->at != '>') {
        const char *name;
        gsize length;

        if (is_space (*walk->at) || *walk->at == '/') {
            walk->at++;
            continue;
        }
        g_string_append_c (walk->skeleton, ' ');
        name = walk->at;
        do
            keep (walk, 1);
        while (walk->at < walk->end && !is_space (*walk->at) && strchr ("/>=", *walk->at) == NULL);
        length = (gsize) (walk->at - name);
        skip_space (walk);
        if (*walk->at != '=')
            continue;
        keep (walk, 1);
        skip_space (walk);
        if (*walk->at != '>')
            walk_value (walk, leads_somewhere (name, length));
    }
    keep (walk, 1);
}

/* The text of elements that only their own end tag ends. */
static void
walk_raw (Walk *walk, const char *name)
{
    gboolean is_kept = strcmp (name, "title") != 0 && strcmp (name, "textarea") != 0
                       && !(walk->has_json && strcmp (name, "script") == 0);
    g_autofree char *end = g_strconcat ("</", name, NULL);

    while (walk->at < walk->end) {
        char behind = starts (walk, end) ? walk->at[strlen (end)] : '\0';

        if (is_space (behind) || behind == '/' || behind == '>')
            return;
        if (is_kept)
            g_string_append_c (walk->skeleton, *walk->at);
        walk->at++;
    }
}

static void
walk_tag (Walk *walk)
{
    static const char *const raw[] = { "script",  "style",    "xmp",   "iframe",
                                       "noembed", "noframes", "title", "textarea" };
    gboolean is_end = walk->at[1] == '/';
    const char *from = walk->at + 1;
    g_autofree char *name = NULL;

    do
        keep (walk, 1);
    while (walk->at < walk->end && !is_space (*walk->at) && (*walk->at != '/' || walk->at == from)
           && *walk->at != '>');
    name = g_ascii_strdown (from, walk->at - from);
    walk_attributes (walk);
    for (guint i = 0; !is_end && i < G_N_ELEMENTS (raw); i++) {
        if (strcmp (name, raw[i]) == 0)
            walk_raw (walk, name);
    }
}

GString *
plain_html_skeleton (H3View page, gboolean has_json, guint *out_n_running)
{
    Walk walk = { page.data, page.data + page.length, g_string_new (NULL), has_json, 0 };

    while (walk.at < walk.end) {
        if (*walk.at != '<')
            walk.at++;
        else if (starts (&walk, "<!--"))
            walk_comment (&walk);
        else if (g_ascii_isalpha (walk.at[1])
                 || (walk.at[1] == '/' && g_ascii_isalpha (walk.at[2])))
            walk_tag (&walk);
        else if (walk.at[1] == '!' || walk.at[1] == '?' || walk.at[1] == '/')
            keep (&walk, measure_to (&walk, ">"));
        else
            walk.at++;
    }
    *out_n_running = walk.n_running;
    return walk.skeleton;
}
