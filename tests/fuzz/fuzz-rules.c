/* SPDX-License-Identifier: MIT
 *
 * Rules, one "PATTERN" or "PATTERN TARGET" a line, and behind an empty line the paths that are
 * asked for. Which rule has the word is what a plain router of the same patterns says; and a
 * redirect leads nowhere but to the host of its target, or stays on this one. */

#include "fuzz.h"
#include "h3/format/path.h"
#include "h3/format/url.h"
#include "h3/route/rules.h"
#include "plain-router.h"

#include <stdlib.h>

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PlainRoute, plain_route_free)

#define MAX_LINES 16
#define HERE      "http://own.example/here"

/* FALSE for a rule that cannot be, alone or beside the others. */
static gboolean
add_rule (GPtrArray *lines, GPtrArray *routes, const char *line)
{
    g_auto (GStrv) parts = g_strsplit (line, " ", 2);
    g_autoptr (H3RouteRule) rule = h3_route_rule_new ();
    g_autoptr (Rules) alone = rules_new ();
    g_autoptr (PlainRoute) route = NULL;

    if (parts[0] == NULL)
        return FALSE;
    if (parts[1] != NULL)
        h3_route_rule_set_redirect (rule, 303, parts[1]);
    if (!rules_add (alone, parts[0], rule, NULL))
        return FALSE;
    route = plain_route_new ("GET", parts[0]);
    FUZZ_ASSERT (route != NULL, "%s is taken", parts[0]);
    for (guint i = 0; i < routes->len; i++) {
        if (plain_routes_clash (routes->pdata[i], route))
            return FALSE;
    }
    g_ptr_array_add (routes, g_steal_pointer (&route));
    g_ptr_array_add (lines, g_strdup (line));
    return TRUE;
}

/* (transfer full) (nullable): the rules of all lines; NULL where redirects lead round. Each says
 * its own pattern in X-Rule. */
static Rules *
make_rules (GPtrArray *lines)
{
    g_autoptr (Rules) rules = rules_new ();

    for (guint i = 0; i < lines->len; i++) {
        g_auto (GStrv) parts = g_strsplit (lines->pdata[i], " ", 2);
        g_autoptr (H3RouteRule) rule = h3_route_rule_new ();
        g_autofree char *number = g_strdup_printf ("%u", i);

        h3_route_rule_set_header (rule, "X-Rule", number);
        if (parts[1] != NULL)
            h3_route_rule_set_redirect (rule, 303, parts[1]);
        FUZZ_ASSERT (rules_add (rules, parts[0], rule, NULL), "%s", parts[0]);
    }
    return rules_freeze (rules, NULL) ? g_steal_pointer (&rules) : NULL;
}

static void
assert_stays (const RuleOutcome *outcome, const char *location)
{
    const char *text = rule_target_get_text (outcome->target);
    g_autoptr (GUri) here = h3_url_parse (HERE, H3_URL_NONE, NULL);
    g_autoptr (GUri) wanted = NULL;
    g_autoptr (GUri) led = NULL;
    g_autofree char *origin = NULL;

    for (const char *p = location; *p != '\0'; p++)
        FUZZ_ASSERT (*p > 0x20 && *p < 0x7f && *p != '\\', "%s", location);
    if (rule_target_is_local (outcome->target)) {
        FUZZ_ASSERT (location[0] == '/' && location[1] != '/', "%s", location);
        wanted = g_uri_ref (here);
    } else {
        origin = g_strndup (text, strcspn (strstr (text, "://") + 3, "/?#")
                                      + (gsize) (strstr (text, "://") + 3 - text));
        wanted = h3_url_parse (origin, H3_URL_NONE, NULL);
    }
    led = h3_url_join (here, location, H3_URL_NONE, NULL);
    /* Escapes that the rule itself has are the program's, and GUri does not read all. */
    if (led == NULL && strchr (text, '%') != NULL)
        return;
    FUZZ_ASSERT (wanted != NULL && led != NULL && h3_url_is_same_origin (wanted, led), "%s to %s",
                 text, location);
}

static void
ask (const Rules *rules, GPtrArray *routes, const char *raw)
{
    g_autofree char *path = h3_path_canonicalize_string (raw);
    g_autoptr (H3Arena) arena = h3_arena_new ();
    g_autofree char *location = NULL;
    const RuleOutcome *outcome;
    const PlainRoute *expected;
    const RuleField *field;
    gboolean any_method;

    if (path == NULL)
        return;
    expected = plain_router_match (routes, "GET", path, &any_method);
    outcome = rules_merge (rules, NULL, h3_view_of (path), arena);
    field = rules_count_fields (rules) > 0 ? outcome->fields[0] : NULL;
    FUZZ_ASSERT ((field != NULL) == (expected != NULL)
                     && (field == NULL || routes->pdata[atoi (field->value)] == expected),
                 "%s: %s", path, field != NULL ? field->value : "nobody");
    if (outcome->target == NULL)
        return;
    location = rules_build_location (outcome, h3_view_of (path), (H3View){ NULL, 0 });
    assert_stays (outcome, location);
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
    H3View rest = h3_view ((const char *) data, size), line;
    g_autoptr (GPtrArray) routes = g_ptr_array_new_with_free_func (plain_route_free);
    g_autoptr (GPtrArray) lines = g_ptr_array_new_with_free_func (g_free);
    g_autoptr (Rules) rules = NULL;

    for (guint n = 0; n < MAX_LINES && fuzz_take_line (&rest, &line) && line.length > 0; n++) {
        g_autofree char *text = h3_view_dup (line);

        (void) add_rule (lines, routes, text);
    }
    rules = make_rules (lines);
    for (guint n = 0; rules != NULL && n < MAX_LINES && fuzz_take_line (&rest, &line); n++) {
        g_autofree char *raw = h3_view_dup (line);

        ask (rules, routes, raw);
    }
    return 0;
}
