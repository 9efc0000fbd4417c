/* SPDX-License-Identifier: MIT
 *
 * Set-Cookie fields, a line each, set by turns over http and https. Name and value are those that a
 * regex finds; a jar takes nothing else, stays within its bounds, and gives back nothing that
 * would end a field. */

#include "fuzz.h"
#include "h3/format/cookie-jar.h"
#include "h3/format/set-cookie.h"

#include <string.h>

#define NOW          1700000000
#define MAX_COOKIES  6
#define MAX_A_DOMAIN 3

static const CookieOrigin origins[] = {
    { { "a.example.org", 13 }, { "/x/y", 4 }, FALSE },
    { { "a.example.org", 13 }, { "/x/y", 4 }, TRUE },
    { { "b.example.org", 13 }, { "/", 1 }, TRUE },
    { { "192.0.2.1", 9 }, { "/x", 2 }, FALSE },
};

/* What a regex says that the field sets; FALSE: nothing. */
static gboolean
read_plainly (H3View field, char **out_name, char **out_value)
{
    g_autoptr (GRegex) regex =
        g_regex_new ("^[ \\t]*([^;=]*?)[ \\t]*=[ \\t]*([^;]*?)[ \\t]*(;.*)?$",
                     G_REGEX_RAW | G_REGEX_DOLLAR_ENDONLY | G_REGEX_DOTALL, 0, NULL);
    g_autoptr (GMatchInfo) info = NULL;

    for (gsize i = 0; i < field.length; i++) {
        if (((guchar) field.data[i] < ' ' && field.data[i] != '\t') || field.data[i] == 0x7f)
            return FALSE;
    }
    if (!g_regex_match_full (regex, field.data, (gssize) field.length, 0, 0, &info, NULL))
        return FALSE;
    *out_name = g_match_info_fetch (info, 1);
    *out_value = g_match_info_fetch (info, 2);
    return TRUE;
}

static void
compare (H3View field)
{
    g_autofree char *name = NULL;
    g_autofree char *value = NULL;
    gboolean is_field = read_plainly (field, &name, &value);
    SetCookie cookie;

    if (!set_cookie_parse (field, &cookie))
        return;
    FUZZ_ASSERT (is_field && h3_view_equal (cookie.name, h3_view_of (name))
                     && h3_view_equal (cookie.value, h3_view_of (value)),
                 "%.*s is not %s", H3_VIEW_ARGS (cookie.name), name);
    FUZZ_ASSERT (cookie.name.length > 0 && cookie.name.length + cookie.value.length <= 4096,
                 "an impossible size");
    FUZZ_ASSERT (!cookie.has_max_age || cookie.max_age <= H3_COOKIE_MAX_AGE, "it never ends");
}

static void
check_header (CookieJar *jar, const CookieOrigin *origin)
{
    g_autofree char *header = cookie_jar_dup_header (jar, origin, NOW);

    for (const char *at = header; at != NULL && *at != '\0'; at++)
        FUZZ_ASSERT ((guchar) *at >= ' ' || *at == '\t', "a control in %s", header);
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
    g_autofree char *copy = fuzz_copy (data, size);
    H3View rest = h3_view (copy, size), line;
    CookieJar *jar = cookie_jar_new (MAX_COOKIES, MAX_A_DOMAIN);

    for (guint n = 0; fuzz_take_line (&rest, &line); n++) {
        const CookieOrigin *origin = &origins[n % G_N_ELEMENTS (origins)];
        SetCookie cookie;
        gboolean is_one = set_cookie_parse (line, &cookie);

        compare (line);
        FUZZ_ASSERT (!cookie_jar_take (jar, line, origin, NOW) || is_one,
                     "what was refused is taken");
        FUZZ_ASSERT (cookie_jar_get_size (jar) <= MAX_COOKIES, "more than it may");
        check_header (jar, &origins[fuzz_choose (&(FuzzChoice){ n }, G_N_ELEMENTS (origins))]);
    }
    cookie_jar_free (jar);
    return 0;
}
