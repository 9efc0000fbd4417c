/* SPDX-License-Identifier: MIT */

#include "rule-target.h"

#include "path-builder.h"

#include <h3/base/error.h>
#include <h3/format/url.h>

struct _RuleTarget {
    char *text;     /* owned */
    char *origin;   /* owned; "" on this host */
    Pattern *path;  /* owned; NULL: the root */
    char *query;    /* owned; with its '?'; NULL: that of the request */
    char *fragment; /* owned; with its '#', or "" */
};

static gboolean
refuse (const char *text, const char *why, GError **error)
{
    g_set_error (error, H3_ERROR, H3_ERROR_INVALID, "redirect to \"%s\": %s", text, why);
    return FALSE;
}

/* What stands in a query or fragment (RFC 3986 §3.4); escapes are the program's. */
static gboolean
is_suffix (const char *text)
{
    for (; *text != '\0'; text++) {
        if (!g_ascii_isalnum (*text) && strchr ("-._~!$&'()*+,;=:@/?%", *text) == NULL)
            return FALSE;
    }
    return TRUE;
}

/* Cuts what begins with `mark` off `rest`. (transfer full) (nullable) */
static char *
take_suffix (char *rest, char mark)
{
    char *at = strchr (rest, mark);
    char *suffix = g_strdup (at);

    if (at != NULL)
        *at = '\0';
    return suffix;
}

/* The scheme and host in front of a path. */
static gboolean
read_origin (RuleTarget *target, const char *rest, const char **out_path, GError **error)
{
    const char *host = strstr (rest, "://");
    const char *path = host != NULL ? strchr (host + 3, '/') : rest;
    g_autoptr (GError) problem = NULL;
    g_autoptr (GUri) url = NULL;
    g_autofree char *root = NULL;

    if (*rest == '/') {
        target->origin = g_strdup ("");
        *out_path = rest;
        return TRUE;
    }
    if (host == NULL)
        return refuse (target->text, "it begins with \"/\", \"http://\" or \"https://\"", error);
    target->origin = path != NULL ? g_strndup (rest, (gsize) (path - rest)) : g_strdup (rest);
    *out_path = path != NULL ? path : "/";
    root = g_strconcat (target->origin, "/", NULL);
    url = h3_url_parse (root, H3_URL_NONE, &problem);
    return url != NULL || refuse (target->text, problem->message, error);
}

static gboolean
read_path (RuleTarget *target, const char *path, GError **error)
{
    g_autoptr (GError) problem = NULL;

    if (strcmp (path, "/") == 0)
        return TRUE;
    target->path = pattern_new (path, &problem);
    if (target->path == NULL)
        return refuse (target->text, problem->message, error);
    for (guint i = 0; i < pattern_count_segments (target->path); i++) {
        if (pattern_get_segment (target->path, i)->kind == PATTERN_CONSTRAINED)
            return refuse (target->text, "a parameter has its regex in the rule's pattern", error);
    }
    return TRUE;
}

RuleTarget *
rule_target_new (const char *text, GError **error)
{
    g_autoptr (RuleTarget) target = g_new0 (RuleTarget, 1);
    g_autofree char *rest = g_strdup (text);
    const char *path = NULL;

    target->text = g_strdup (text);
    target->fragment = take_suffix (rest, '#');
    target->query = take_suffix (rest, '?');
    if (target->fragment == NULL)
        target->fragment = g_strdup ("");
    if ((target->query != NULL && !is_suffix (target->query + 1))
        || (*target->fragment != '\0' && !is_suffix (target->fragment + 1))) {
        refuse (text, "its query or fragment has what must be escaped", error);
        return NULL;
    }
    if (!read_origin (target, rest, &path, error) || !read_path (target, path, error))
        return NULL;
    return g_steal_pointer (&target);
}

void
rule_target_free (RuleTarget *target)
{
    if (target == NULL)
        return;
    pattern_free (target->path);
    g_free (target->text);
    g_free (target->origin);
    g_free (target->query);
    g_free (target->fragment);
    g_free (target);
}

const char *
rule_target_get_text (const RuleTarget *target)
{
    return target->text;
}

gboolean
rule_target_is_local (const RuleTarget *target)
{
    return *target->origin == '\0';
}

/* The segment of `pattern` that captures `name`; NULL: none does. */
static const PatternSegment *
find_segment (const Pattern *pattern, const char *name)
{
    for (guint i = 0; i < pattern_count_segments (pattern); i++) {
        const PatternSegment *segment = pattern_get_segment (pattern, i);

        if (segment->name != NULL && strcmp (segment->name, name) == 0)
            return segment;
    }
    return NULL;
}

gboolean
rule_target_check (const RuleTarget *target, const Pattern *pattern, GError **error)
{
    guint n = target->path != NULL ? pattern_count_segments (target->path) : 0;

    for (guint i = 0; i < n; i++) {
        const PatternSegment *segment = pattern_get_segment (target->path, i);
        const PatternSegment *source;

        if (segment->name == NULL)
            continue;
        source = find_segment (pattern, segment->name);
        if (source == NULL)
            return refuse (target->text, "it names a parameter that the rule's pattern lacks",
                           error);
        if ((source->kind == PATTERN_REST) != (segment->kind == PATTERN_REST))
            return refuse (target->text, "a rest is \"**\" in both, and a segment in neither",
                           error);
        if (source->kind == PATTERN_OPTIONAL && i + 1 < n)
            return refuse (target->text, "a parameter that may be absent must be last", error);
    }
    return TRUE;
}

static void
append_segment (GString *location, const PatternSegment *segment, const Pattern *pattern,
                const H3View *values)
{
    H3View value = h3_view_of (segment->text);

    if (segment->name != NULL) {
        value = values[pattern_find_param (pattern, h3_view_of (segment->name))];
        if (value.length == 0)
            return; /* only the last may be absent */
    }
    g_string_append_c (location, '/');
    path_builder_append_canonical (location, value);
}

/* A path that begins with two slashes is another host to browsers. */
static void
append_path (GString *location, const RuleTarget *target, const Pattern *pattern,
             const H3View *values)
{
    g_autoptr (GString) path = g_string_new (NULL);
    gsize n_slashes = 0;

    for (guint i = 0; target->path != NULL && i < pattern_count_segments (target->path); i++)
        append_segment (path, pattern_get_segment (target->path, i), pattern, values);
    while (path->str[n_slashes] == '/')
        n_slashes++;
    g_string_append_c (location, '/');
    g_string_append (location, path->str + n_slashes);
}

char *
rule_target_build (const RuleTarget *target, const Pattern *pattern, const H3View *values,
                   H3View query)
{
    g_autoptr (GString) location = g_string_new (target->origin);

    append_path (location, target, pattern, values);
    if (target->query != NULL) {
        g_string_append (location, target->query);
    } else if (query.length > 0) {
        g_string_append_c (location, '?');
        g_string_append_len (location, query.data, (gssize) query.length);
    }
    g_string_append (location, target->fragment);
    return g_string_free (g_steal_pointer (&location), FALSE);
}
