/* SPDX-License-Identifier: MIT */

#include "rules.h"

#include "pattern-match.h"

#include <h3/base/error.h>
#include <h3/format/path.h>
#include <h3/route/chain-inside.h>

/* More redirects than these are followed by no client: they lead round, or on and on. */
#define MAX_REDIRECTS 20

typedef struct {
    Pattern *pattern;  /* owned */
    H3RouteRule *rule; /* ref */
    guint *fields;     /* owned: the numbers of the rule's fields */
    guint *slots;      /* owned: those of its slots */
} PlacedRule;

struct _Rules {
    GPtrArray *placed; /* owned: PlacedRule; once frozen the least specific first */
    GPtrArray *fields; /* owned: names in lower case */
    GPtrArray *slots;  /* owned: names in the order in which they run */
};

static void
free_placed (gpointer data)
{
    PlacedRule *placed = data;

    pattern_free (placed->pattern);
    h3_route_rule_unref (placed->rule);
    g_free (placed->fields);
    g_free (placed->slots);
    g_free (placed);
}

Rules *
rules_new (void)
{
    Rules *rules = g_new0 (Rules, 1);

    rules->placed = g_ptr_array_new_with_free_func (free_placed);
    rules->fields = g_ptr_array_new_with_free_func (g_free);
    rules->slots = g_ptr_array_new_with_free_func (g_free);
    return rules;
}

void
rules_free (Rules *rules)
{
    if (rules == NULL)
        return;
    g_ptr_array_unref (rules->placed);
    g_ptr_array_unref (rules->fields);
    g_ptr_array_unref (rules->slots);
    g_free (rules);
}

static gboolean
check_rule (const H3RouteRule *rule, const Pattern *pattern, GError **error)
{
    if (rule->problem != NULL) {
        g_propagate_error (error, g_error_copy (rule->problem));
        return FALSE;
    }
    for (guint i = 0; i < rule->slots->len; i++) {
        const RuleSlot *slot = rule->slots->pdata[i];

        if (slot->middleware != NULL && !middleware_check (slot->middleware, error))
            return FALSE;
    }
    return rule->target == NULL || rule_target_check (rule->target, pattern, error);
}

gboolean
rules_add (Rules *rules, const char *pattern, H3RouteRule *rule, GError **error)
{
    PlacedRule *placed = g_new0 (PlacedRule, 1);

    rule->is_frozen = TRUE;
    placed->rule = h3_route_rule_ref (rule);
    placed->pattern = pattern_new (pattern, error);
    if (placed->pattern == NULL || !check_rule (rule, placed->pattern, error)) {
        g_prefix_error (error, "route rule of \"%s\": ", pattern);
        free_placed (placed);
        return FALSE;
    }
    g_ptr_array_add (rules->placed, placed);
    return TRUE;
}

static const PlacedRule *
get_placed (const Rules *rules, guint index)
{
    return rules->placed->pdata[index];
}

static int
compare_placed (gconstpointer a, gconstpointer b)
{
    const PlacedRule *const *left = a;
    const PlacedRule *const *right = b;

    return pattern_compare ((*right)->pattern, (*left)->pattern);
}

/* A field or slot that both rules speak of; NULL: none. */
static const char *
find_common_name (const H3RouteRule *a, const H3RouteRule *b)
{
    for (guint i = 0; i < a->fields->len; i++) {
        for (guint j = 0; j < b->fields->len; j++) {
            const RuleField *field = a->fields->pdata[i];

            if (strcmp (field->name, ((const RuleField *) b->fields->pdata[j])->name) == 0)
                return field->label;
        }
    }
    for (guint i = 0; i < a->slots->len; i++) {
        for (guint j = 0; j < b->slots->len; j++) {
            const RuleSlot *slot = a->slots->pdata[i];

            if (strcmp (slot->name, ((const RuleSlot *) b->slots->pdata[j])->name) == 0)
                return slot->name;
        }
    }
    return NULL;
}

/* What both rules speak of; NULL: nothing. */
static const char *
find_common (const H3RouteRule *a, const H3RouteRule *b)
{
    if (a->redirect != RULE_SILENT && b->redirect != RULE_SILENT)
        return "redirect";
    if (a->cache != RULE_SILENT && b->cache != RULE_SILENT)
        return "cache";
    if (a->vary != RULE_SILENT && b->vary != RULE_SILENT)
        return "vary";
    if (a->body_max > 0 && b->body_max > 0)
        return "body_max";
    if (a->deadline > 0 && b->deadline > 0)
        return "deadline";
    return find_common_name (a, b);
}

/* Those with one pattern stand side by side. */
static gboolean
check_duplicates (const Rules *rules, GError **error)
{
    for (guint i = 0; i < rules->placed->len; i++) {
        const PlacedRule *placed = get_placed (rules, i);

        for (guint j = i + 1; j < rules->placed->len; j++) {
            const PlacedRule *other = get_placed (rules, j);
            const char *common;

            if (pattern_compare (placed->pattern, other->pattern) != 0)
                break;
            common = find_common (placed->rule, other->rule);
            if (common == NULL)
                continue;
            g_set_error (error, H3_ERROR, H3_ERROR_EXISTS,
                         "the route rules of \"%s\" and \"%s\", which is the same, both set \"%s\"",
                         pattern_get_text (placed->pattern), pattern_get_text (other->pattern),
                         common);
            return FALSE;
        }
    }
    return TRUE;
}

static guint
find_number (GPtrArray *names, const char *name)
{
    guint number;

    if (!g_ptr_array_find_with_equal_func (names, name, g_str_equal, &number)) {
        number = names->len;
        g_ptr_array_add (names, g_strdup (name));
    }
    return number;
}

/* What tells browsers who may read goes before what may refuse the request. */
static int
compare_slots (gconstpointer a, gconstpointer b)
{
    const char *left = *(const char *const *) a;
    const char *right = *(const char *const *) b;
    gboolean is_left = strcmp (left, "cors") == 0;
    gboolean is_right = strcmp (right, "cors") == 0;

    return is_left || is_right ? is_right - is_left : strcmp (left, right);
}

static void
number_names (Rules *rules)
{
    for (guint i = 0; i < rules->placed->len; i++) {
        const H3RouteRule *rule = get_placed (rules, i)->rule;

        for (guint j = 0; j < rule->slots->len; j++)
            find_number (rules->slots, ((const RuleSlot *) rule->slots->pdata[j])->name);
    }
    g_ptr_array_sort (rules->slots, compare_slots);
    for (guint i = 0; i < rules->placed->len; i++) {
        PlacedRule *placed = rules->placed->pdata[i];
        const H3RouteRule *rule = placed->rule;

        placed->fields = g_new (guint, rule->fields->len);
        placed->slots = g_new (guint, rule->slots->len);
        for (guint j = 0; j < rule->fields->len; j++)
            placed->fields[j] =
                find_number (rules->fields, ((const RuleField *) rule->fields->pdata[j])->name);
        for (guint j = 0; j < rule->slots->len; j++)
            placed->slots[j] =
                find_number (rules->slots, ((const RuleSlot *) rule->slots->pdata[j])->name);
    }
}

guint
rules_count (const Rules *rules)
{
    return rules->placed->len;
}

guint
rules_count_fields (const Rules *rules)
{
    return rules->fields->len;
}

guint
rules_count_slots (const Rules *rules)
{
    return rules->slots->len;
}

RuleTakes
rules_cover (const Rules *rules, guint index, const Pattern *pattern)
{
    switch (pattern_cover (get_placed (rules, index)->pattern, pattern)) {
    case PATTERN_COVERS_ALL:
        return RULE_TAKES_ALL;
    case PATTERN_COVERS_SOME:
        return RULE_TAKES_SOME;
    default:
        return RULE_TAKES_NONE;
    }
}

H3Middleware *
rules_get_slot (const Rules *rules, guint index, guint slot)
{
    const PlacedRule *placed = get_placed (rules, index);

    for (guint i = 0; i < placed->rule->slots->len; i++) {
        if (placed->slots[i] == slot)
            return ((const RuleSlot *) placed->rule->slots->pdata[i])->middleware;
    }
    return NULL;
}

static void
merge_names (RuleOutcome *outcome, const PlacedRule *placed)
{
    const H3RouteRule *rule = placed->rule;

    for (guint i = 0; i < rule->fields->len; i++)
        outcome->fields[placed->fields[i]] = rule->fields->pdata[i];
    for (guint i = 0; i < rule->slots->len; i++)
        outcome->slots[placed->slots[i]] = ((const RuleSlot *) rule->slots->pdata[i])->middleware;
}

/* The rule is more specific than all that were merged before it. */
static void
merge_rule (RuleOutcome *outcome, const PlacedRule *placed)
{
    const H3RouteRule *rule = placed->rule;

    merge_names (outcome, placed);
    if (rule->cache != RULE_SILENT)
        outcome->cache = rule->cache == RULE_SET ? &rule->cached : NULL;
    if (rule->vary != RULE_SILENT)
        outcome->vary = rule->vary_text;
    if (rule->redirect != RULE_SILENT) {
        outcome->target = rule->target;
        outcome->source = placed->pattern;
        outcome->status = rule->redirect_status;
    }
    if (rule->body_max > 0)
        outcome->body_max = rule->body_max;
    if (rule->deadline > 0)
        outcome->deadline = rule->deadline;
}

RuleOutcome *
rules_merge (const Rules *rules, const guint8 *takes, H3View path, H3Arena *arena)
{
    RuleOutcome *outcome = h3_arena_new0 (arena, RuleOutcome);

    outcome->rules = rules;
    outcome->fields = h3_arena_alloc0 (arena, rules->fields->len * sizeof *outcome->fields);
    outcome->slots = h3_arena_alloc0 (arena, rules->slots->len * sizeof *outcome->slots);
    for (guint i = 0; i < rules->placed->len; i++) {
        const PlacedRule *placed = get_placed (rules, i);
        RuleTakes known = takes != NULL ? (RuleTakes) takes[i] : RULE_TAKES_SOME;

        if (known == RULE_TAKES_ALL
            || (known == RULE_TAKES_SOME && pattern_match (placed->pattern, path, NULL)))
            merge_rule (outcome, placed);
    }
    outcome->has_fields = outcome->cache != NULL || outcome->vary != NULL;
    for (guint i = 0; i < rules->fields->len && !outcome->has_fields; i++)
        outcome->has_fields = outcome->fields[i] != NULL;
    return outcome;
}

char *
rules_build_location (const RuleOutcome *outcome, H3View path, H3View query)
{
    H3View values[PATTERN_MAX_PARAMS];
    gboolean fits = pattern_match (outcome->source, path, values);

    g_assert (fits);
    return rule_target_build (outcome->target, outcome->source, values, query);
}

/* (transfer full) (nullable): where this server redirects `path` to on itself; NULL: nowhere. */
static char *
follow (const Rules *rules, const char *path, H3Arena *arena)
{
    const RuleOutcome *outcome = rules_merge (rules, NULL, h3_view_of (path), arena);
    g_autofree char *location = NULL;

    if (outcome->target == NULL || !rule_target_is_local (outcome->target))
        return NULL;
    location = rules_build_location (outcome, h3_view_of (path), (H3View){ NULL, 0 });
    location[strcspn (location, "?#")] = '\0';
    return h3_path_canonicalize_string (location);
}

static gboolean
check_end (const Rules *rules, const PlacedRule *placed, GError **error)
{
    g_autoptr (H3Arena) arena = h3_arena_new ();
    char *path = pattern_dup_sample (placed->pattern);
    guint n = 0;

    while (path != NULL && n++ <= MAX_REDIRECTS) {
        char *next = follow (rules, path, arena);

        g_free (path);
        path = next;
    }
    if (path == NULL)
        return TRUE;
    g_set_error (error, H3_ERROR, H3_ERROR_INVALID,
                 "the redirect of \"%s\" to \"%s\" leads round: nobody arrives",
                 pattern_get_text (placed->pattern), rule_target_get_text (placed->rule->target));
    g_free (path);
    return FALSE;
}

/* Each redirect is followed from one path that its pattern takes. */
static gboolean
check_redirects (const Rules *rules, GError **error)
{
    for (guint i = 0; i < rules->placed->len; i++) {
        const PlacedRule *placed = get_placed (rules, i);

        if (placed->rule->target != NULL && !check_end (rules, placed, error))
            return FALSE;
    }
    return TRUE;
}

gboolean
rules_freeze (Rules *rules, GError **error)
{
    g_ptr_array_sort (rules->placed, compare_placed);
    if (!check_duplicates (rules, error))
        return FALSE;
    number_names (rules);
    return check_redirects (rules, error);
}
