/* SPDX-License-Identifier: MIT
 *
 * A route's pattern: one that is taken is registered once and not twice, keeps its text, and the
 * paths that are built from it lead back to it with the same values; one that is refused says where
 * and why. */

#include "fuzz.h"
#include "h3/base/error.h"
#include "h3/format/path.h"
#include "h3/route/path-builder.h"
#include "h3/route/router.h"

/* What a parameter is given: enough to fit some regexes. */
static const char *
find_value (const char *name, gpointer user_data)
{
    static const char *const values[] = { "7", "a", "a b/%", "x.y", "1a2b" };

    return values[(g_str_hash (name) + *(guint *) user_data) % G_N_ELEMENTS (values)];
}

static void
assert_segments (const Pattern *pattern)
{
    guint n = pattern_count_segments (pattern), n_params = 0;

    FUZZ_ASSERT (n >= 1 && n <= PATTERN_MAX_SEGMENTS, "%u segments", n);
    for (guint i = 0; i < n; i++) {
        const PatternSegment *segment = pattern_get_segment (pattern, i);

        FUZZ_ASSERT ((segment->name == NULL) == (segment->kind == PATTERN_LITERAL), "a name");
        FUZZ_ASSERT ((segment->regex != NULL) == (segment->kind == PATTERN_CONSTRAINED), "a regex");
        FUZZ_ASSERT (i + 1 == n || segment->kind < PATTERN_OPTIONAL, "the last in the middle");
        if (segment->name == NULL)
            continue;
        FUZZ_ASSERT (pattern_find_param (pattern, h3_view_of (segment->name)) == (int) n_params,
                     "parameter %s", segment->name);
        n_params++;
    }
    FUZZ_ASSERT (n_params == pattern_count_params (pattern) && n_params <= PATTERN_MAX_PARAMS,
                 "%u parameters", n_params);
}

static guint
count_slashes (H3View path)
{
    guint n = 0;

    for (gsize i = 0; i < path.length; i++)
        n += path.data[i] == '/';
    return n;
}

/* As a client that asks for the path would have it matched. */
static void
assert_leads_back (const Router *router, const H3Route *route, const Pattern *pattern,
                   const char *path, guint round)
{
    g_autofree char *canonical = h3_path_canonicalize_string (path);
    g_autofree char *found = g_malloc (strlen (path) + 1);
    RouterMatch match;
    H3View view;

    FUZZ_ASSERT (canonical != NULL, "%s builds %s", pattern_get_text (pattern), path);
    view = h3_view_of (canonical);
    /* A rest that has slashes may make more segments than are looked at. */
    if (count_slashes (view) > PATTERN_MAX_SEGMENTS)
        return;
    FUZZ_ASSERT (router_match (router, H3_VIEW ("GET"), view, &match) == ROUTER_FOUND
                     && match.route == route,
                 "%s builds %s, which does not lead back", pattern_get_text (pattern), path);
    for (guint i = 0; i < match.n_params; i++) {
        const char *given = find_value (pattern_get_param_name (pattern, i), &round);
        H3View raw = router_match_get_raw (&match, view, i);

        FUZZ_ASSERT (raw.length <= strlen (path), "%s: a value longer than its path", path);
        found[pattern_decode (raw, found)] = '\0';
        FUZZ_ASSERT (g_str_equal (found, given), "%s: '%s' became '%s'", pattern_get_text (pattern),
                     given, found);
    }
}

static void
assert_registers_once (const char *text, const Pattern *pattern)
{
    g_autoptr (Router) router = router_new ();
    g_autoptr (GError) error = NULL;
    H3Route *route = router_add (router, "GET", text, NULL, NULL, &error);

    FUZZ_ASSERT (route != NULL, "%s: %s", text, error->message);
    FUZZ_ASSERT (router_add (router, "GET", text, NULL, NULL, &error) == NULL
                     && g_error_matches (error, H3_ERROR, H3_ERROR_EXISTS),
                 "%s twice", text);
    FUZZ_ASSERT (router_freeze (router, NULL), "%s", text);
    for (guint round = 0; round < 3; round++) {
        g_autofree char *path = path_builder_build (pattern, find_value, &round, NULL);

        if (path != NULL)
            assert_leads_back (router, route, pattern, path, round);
    }
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
    g_autofree char *text = g_strndup ((const char *) data, size);
    g_autoptr (GError) error = NULL;
    g_autoptr (Pattern) pattern = NULL;

    pattern = pattern_new (text, &error);
    FUZZ_ASSERT ((pattern == NULL) == (error != NULL), "%s: an error and a pattern, or none", text);
    if (pattern == NULL) {
        FUZZ_ASSERT (g_error_matches (error, H3_ERROR, H3_ERROR_INVALID)
                         && g_utf8_validate (error->message, -1, NULL),
                     "%s", error->message);
        return 0;
    }
    FUZZ_ASSERT (g_str_equal (pattern_get_text (pattern), text), "%s", text);
    assert_segments (pattern);
    assert_registers_once (text, pattern);
    return 0;
}
