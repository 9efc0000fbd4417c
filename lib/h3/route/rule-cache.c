/* SPDX-License-Identifier: MIT */

#include "rule-cache.h"

#include <h3/base/error.h>
#include <h3/base/view.h>

enum {
    PUBLIC = 1 << 0,
    PRIVATE = 1 << 1,
    NO_STORE = 1 << 2,
    NO_CACHE = 1 << 3,
    NO_TRANSFORM = 1 << 4,
    MUST_REVALIDATE = 1 << 5,
    PROXY_REVALIDATE = 1 << 6,
    IMMUTABLE = 1 << 7,
    MAX_AGE = 1 << 8,
    S_MAXAGE = 1 << 9,
    STALE_WHILE_REVALIDATE = 1 << 10,
    STALE_IF_ERROR = 1 << 11,
};

static const struct {
    const char *name;
    guint bit;
    gboolean has_seconds;
} known[] = {
    { "public", PUBLIC, FALSE },
    { "private", PRIVATE, FALSE },
    { "no-store", NO_STORE, FALSE },
    { "no-cache", NO_CACHE, FALSE },
    { "no-transform", NO_TRANSFORM, FALSE },
    { "must-revalidate", MUST_REVALIDATE, FALSE },
    { "proxy-revalidate", PROXY_REVALIDATE, FALSE },
    { "immutable", IMMUTABLE, FALSE },
    { "max-age", MAX_AGE, TRUE },
    { "s-maxage", S_MAXAGE, TRUE },
    { "stale-while-revalidate", STALE_WHILE_REVALIDATE, TRUE },
    { "stale-if-error", STALE_IF_ERROR, TRUE },
};

#define STALE (STALE_WHILE_REVALIDATE | STALE_IF_ERROR)

/* What each needs one of, and what it cannot stand beside. */
static const struct {
    guint bits, needs, excludes;
    const char *why;
} rules[] = {
    { NO_STORE, 0, ~(guint) (NO_STORE | NO_TRANSFORM), "no-store stands alone: nothing is kept" },
    { PUBLIC, 0, PRIVATE, "public and private are opposites" },
    { S_MAXAGE, 0, PRIVATE, "s-maxage is for shared caches, which private keeps out" },
    { IMMUTABLE, MAX_AGE, NO_CACHE, "immutable is for the time of a max-age" },
    { STALE, MAX_AGE | S_MAXAGE, MUST_REVALIDATE | NO_CACHE,
      "an answer is stale after a max-age or s-maxage, and must-revalidate and no-cache forbid "
      "it" },
};

static gboolean
refuse (const char *directives, const char *why, GError **error)
{
    g_set_error (error, H3_ERROR, H3_ERROR_INVALID, "Cache-Control \"%s\": %s", directives, why);
    return FALSE;
}

/* The bit of one directive, lower case; 0: it is none. */
static guint
read_directive (const char *text)
{
    const char *equals = strchr (text, '=');
    gsize length = equals != NULL ? (gsize) (equals - text) : strlen (text);
    guint64 seconds;

    for (guint i = 0; i < G_N_ELEMENTS (known); i++) {
        if (!h3_view_equal (h3_view (text, length), h3_view_of (known[i].name)))
            continue;
        if (known[i].has_seconds != (equals != NULL)
            || (equals != NULL
                && !h3_view_parse_uint (h3_view_of (equals + 1), G_MAXINT32, &seconds)))
            return 0;
        return known[i].bit;
    }
    return 0;
}

static gboolean
check (const char *directives, guint bits, GError **error)
{
    for (guint i = 0; i < G_N_ELEMENTS (rules); i++) {
        if ((bits & rules[i].bits) != 0
            && ((bits & rules[i].excludes) != 0
                || (rules[i].needs != 0 && (bits & rules[i].needs) == 0)))
            return refuse (directives, rules[i].why, error);
    }
    return TRUE;
}

gboolean
rule_cache_read (const char *directives, RuleCache *out, GError **error)
{
    g_autofree char *lower = g_ascii_strdown (directives, -1);
    g_auto (GStrv) parts = g_strsplit (lower, ",", -1);
    guint bits = 0;

    for (char **part = parts; *part != NULL; part++) {
        guint bit = read_directive (g_strstrip (*part));

        if (bit == 0)
            return refuse (directives,
                           "a directive of answers is not known, or lacks its seconds, or has some",
                           error);
        if ((bits & bit) != 0)
            return refuse (directives, "a directive comes twice", error);
        bits |= bit;
    }
    if (bits == 0)
        return refuse (directives, "nothing is said", error);
    if (!check (directives, bits, error))
        return FALSE;
    out->text = g_strjoinv (", ", parts);
    out->may_keep = (bits & NO_STORE) == 0;
    out->is_shared = (bits & (PUBLIC | S_MAXAGE)) != 0;
    return TRUE;
}

void
rule_cache_clear (RuleCache *cache)
{
    g_clear_pointer (&cache->text, g_free);
}
