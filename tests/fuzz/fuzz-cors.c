/* SPDX-License-Identifier: MIT
 *
 * A pattern of origins, and origins, a line each: what is read of an origin is one spelling of it,
 * and whether the pattern takes it is what a regex made of the pattern says. */

#include "fuzz.h"
#include "h3/batteries/cors-origin.h"

/* What an origin serialized looks like. */
#define SHAPE                                                                                      \
    "^(null|[a-z][a-z0-9+.-]{0,31}://(\\[[0-9a-f:.]+\\]|[a-z0-9._~!$&'()*+;=-]{1,254})"            \
    "(:(0|[1-9][0-9]{0,4}))?)$"

static gboolean
has_shape (const char *regex, const char *text)
{
    return g_regex_match_simple (regex, text, G_REGEX_DOLLAR_ENDONLY, 0);
}

static void
assert_serialized (H3View raw, const Origin *origin)
{
    g_autofree char *lower = g_ascii_strdown (raw.data, (gssize) raw.length);
    Origin again;

    FUZZ_ASSERT (origin->length == strlen (origin->text) && has_shape (SHAPE, origin->text),
                 "%.*s: %s", H3_VIEW_ARGS (raw), origin->text);
    FUZZ_ASSERT (origin_parse (h3_view (origin->text, origin->length), &again)
                     && strcmp (again.text, origin->text) == 0,
                 "%s is not its own spelling", origin->text);
    /* Nothing is added, but where an address is written otherwise; and a port may be left out. */
    FUZZ_ASSERT (strchr (lower, '[') != NULL || g_str_has_prefix (lower, origin->text)
                     || strstr (lower, ":0") != NULL,
                 "%s became %s", lower, origin->text);
}

/* (transfer full): the pattern as a regex of what is serialized. */
static char *
make_regex (const char *pattern)
{
    gboolean any_port = g_str_has_suffix (pattern, ":*");
    g_autofree char *plain = g_strndup (pattern, strlen (pattern) - (any_port ? 2 : 0));
    char *star = strstr (plain, "://*.");
    g_autofree char *scheme = NULL;
    g_autofree char *host = NULL;
    Origin shape;

    if (star != NULL)
        memmove (star + 3, star + 5, strlen (star + 5) + 1);
    FUZZ_ASSERT (origin_parse (h3_view_of (plain), &shape), "%s is taken for a pattern", pattern);
    scheme = g_regex_escape_string (shape.text, shape.scheme_length);
    host = g_regex_escape_string (shape.text + shape.host, -1);
    return g_strdup_printf ("^%s://%s%s%s$", scheme, star != NULL ? "([^.]+\\.)+" : "", host,
                            any_port ? "(:[0-9]+)?" : "");
}

static void
compare (const OriginPattern *pattern, const char *regex, H3View raw)
{
    Origin origin;

    if (!origin_parse (raw, &origin))
        return;
    assert_serialized (raw, &origin);
    if (pattern != NULL)
        FUZZ_ASSERT (origin_pattern_fits (pattern, &origin) == has_shape (regex, origin.text),
                     "%s and %s", regex, origin.text);
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
    g_autofree char *copy = fuzz_copy (data, size);
    H3View rest = h3_view (copy, size), line;
    g_autofree char *text = NULL;
    g_autofree char *regex = NULL;
    g_autoptr (OriginPattern) pattern = NULL;

    if (!fuzz_take_line (&rest, &line) || h3_view_find (line, '\0') >= 0)
        return 0;
    text = h3_view_dup (line);
    if (origin_pattern_is (text))
        pattern = origin_pattern_new (text, NULL);
    if (pattern != NULL)
        regex = make_regex (text);
    compare (pattern, regex, line);
    while (fuzz_take_line (&rest, &line))
        compare (pattern, regex, line);
    return 0;
}
