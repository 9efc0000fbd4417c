/* SPDX-License-Identifier: MIT
 *
 * Rules against a model that does it the plain way: for each thing that rules speak of, all of them
 * are tried on the path, as one regex each, and of those that fit and speak of it the one with the
 * smallest list of ranks has the word. A router of the same patterns has to prefer the same.
 * RULES_SEED repeats a run. */

#include "h3/route/pattern-match.h"
#include "h3/route/router.h"
#include "h3/route/rules.h"
#include "tests/route/invented.h"
#include "tests/support/suite.h"

#define MAX_RULES 12
#define MAX_PARTS 8
#define N_FIELDS  4
#define N_SLOTS   2

/* What a rule speaks of. */
enum { CACHE = N_FIELDS + N_SLOTS, VARY, REDIRECT, BODY, DEADLINE, N_KEYS };

typedef enum { SILENT, OFF, SET } Word;

typedef struct {
    char *pattern;              /* owned */
    char *ranks[MAX_PARTS + 1]; /* owned; NULL-terminated */
    GRegex *regex;              /* owned */
    Word words[N_KEYS];
    H3Middleware *slots[N_SLOTS]; /* borrowed: the rule */
    H3RouteRule *rule;            /* owned */
} Plain;

/* A digit for the kind, then what tells two of a kind apart; and the segment as a regex. */
static char *
rank_segment (const char *text, GString *regex)
{
    const char *own = strchr (text, '(');

    if (g_str_has_prefix (text, "**")) {
        g_string_append (regex, "(/.*)?");
        return g_strdup ("5");
    }
    if (*text == ':' && g_str_has_suffix (text, "?")) {
        g_string_append (regex, "(/[^/]+)?");
        return g_strdup ("4");
    }
    g_string_append_c (regex, '/');
    if (own != NULL) {
        g_string_append_printf (regex, "(?=[^/])%s", own);
        return g_strconcat ("1", own, NULL);
    }
    if (*text == ':' || *text == '*') {
        g_string_append (regex, "[^/]+");
        return g_strdup (*text == ':' ? "2" : "3");
    }
    g_string_append (regex, text);
    return g_strconcat ("0", text, NULL);
}

static void
plain_init (Plain *plain, char *pattern)
{
    g_auto (GStrv) written = g_strsplit (pattern + 1, "/", -1);
    g_autoptr (GString) regex = g_string_new ("^");
    guint n = MAX (g_strv_length (written), 1);

    plain->pattern = pattern;
    for (guint i = 0; i < n; i++)
        plain->ranks[i] = rank_segment (written[i] != NULL ? written[i] : "", regex);
    g_string_append_c (regex, '$');
    plain->regex = g_regex_new (regex->str, G_REGEX_DOLLAR_ENDONLY | G_REGEX_DOTALL, 0, NULL);
    ck_assert_ptr_nonnull (plain->regex);
    plain->rule = h3_route_rule_new ();
}

static void
plain_clear (Plain *plain)
{
    for (guint i = 0; i <= MAX_PARTS; i++)
        g_free (plain->ranks[i]);
    g_free (plain->pattern);
    g_clear_pointer (&plain->regex, g_regex_unref);
    h3_route_rule_unref (plain->rule);
}

/* The root is nothing to what may be absent, and an empty segment to a literal. */
static gboolean
plain_fits (const Plain *plain, const char *path)
{
    if (strcmp (path, "/") == 0 && *plain->ranks[0] >= '4')
        path = "";
    return g_regex_match (plain->regex, path, 0, NULL);
}

static int
compare_ranks (const Plain *a, const Plain *b)
{
    for (guint i = 0;; i++) {
        int order = g_strcmp0 (a->ranks[i], b->ranks[i]); /* NULL is the least */

        if (order != 0 || a->ranks[i] == NULL)
            return order;
    }
}

/* (nullable): who has the word on `key`, the most specific of all where that is N_KEYS. */
static const Plain *
find_speaker (const Plain *rules, guint n_rules, guint key, const char *path)
{
    const Plain *best = NULL;

    for (guint i = 0; i < n_rules; i++) {
        if ((key == N_KEYS || rules[i].words[key] != SILENT) && plain_fits (&rules[i], path)
            && (best == NULL || compare_ranks (&rules[i], best) < 0))
            best = &rules[i];
    }
    return best;
}

static void
do_nothing (H3Event *event, gpointer user_data)
{
}

/* The rule says of `key` a value that has its number `id` in it. */
static void
say (Plain *plain, guint key, guint id)
{
    g_autofree char *text = g_strdup_printf ("%s%u",
                                             key == CACHE      ? "max-age="
                                             : key == REDIRECT ? "https://a"
                                                               : "x",
                                             id);
    const char *value = plain->words[key] == SET ? text : NULL;
    g_autofree char *name = g_strdup_printf ("%s%u", id % 2 == 0 ? "X-" : "x-", key);

    if (key < N_FIELDS) {
        h3_route_rule_set_header (plain->rule, name, value);
    } else if (key < N_FIELDS + N_SLOTS) {
        H3Middleware *middleware =
            value != NULL ? h3_middleware_new (do_nothing, NULL, NULL) : NULL;

        plain->slots[key - N_FIELDS] = middleware;
        h3_route_rule_set_middleware (plain->rule, key == N_FIELDS ? "cors" : "a", middleware);
    } else if (key == CACHE) {
        h3_route_rule_set_cache (plain->rule, value);
    } else if (key == VARY) {
        h3_route_rule_set_vary (plain->rule, value);
    } else if (key == REDIRECT) {
        h3_route_rule_set_redirect (plain->rule, 303, value);
    } else if (key == BODY) {
        h3_route_rule_set_body_max (plain->rule, id + 1);
    } else {
        h3_route_rule_set_deadline (plain->rule, id + 1);
    }
}

/* Rules of different patterns. */
static guint
invent_rules (Plain *rules, GRand *rand)
{
    guint wanted = 1 + invented_number (rand, MAX_RULES), n = 0;

    for (guint i = 0; i < wanted; i++) {
        Plain *plain = &rules[n];
        gboolean is_new = TRUE;

        plain_init (plain, invented_pattern (rand));
        for (guint j = 0; j < n; j++)
            is_new = is_new && compare_ranks (&rules[j], plain) != 0;
        if (!is_new) {
            plain_clear (plain);
            memset (plain, 0, sizeof *plain);
            continue;
        }
        for (guint key = 0; key < N_KEYS; key++) {
            plain->words[key] = key < BODY                  ? (Word) invented_number (rand, 3)
                                : invented_number (rand, 2) ? SET
                                                            : SILENT;
            if (plain->words[key] != SILENT)
                say (plain, key, n);
        }
        n++;
    }
    return n;
}

/* (transfer full): `first` says at which of the rules registration begins. */
static Rules *
register_rules (const Plain *plain, guint n, guint first)
{
    g_autoptr (Rules) rules = rules_new ();
    g_autoptr (GError) error = NULL;

    for (guint i = 0; i < n; i++) {
        const Plain *next = &plain[(first + i) % n];

        ck_assert_msg (rules_add (rules, next->pattern, next->rule, &error), "%s",
                       error != NULL ? error->message : "no error");
    }
    ck_assert_msg (rules_freeze (rules, &error), "%s", error != NULL ? error->message : "no error");
    return g_steal_pointer (&rules);
}

/* What the outcome has for a name that rules write in any case. */
static const RuleField *
find_field (const Rules *rules, const RuleOutcome *outcome, guint key)
{
    g_autofree char *name = g_strdup_printf ("x-%u", key);

    for (guint i = 0; i < rules_count_fields (rules); i++) {
        if (outcome->fields[i] != NULL && strcmp (outcome->fields[i]->name, name) == 0)
            return outcome->fields[i];
    }
    return NULL;
}

static void
assert_text (const char *found, const char *prefix, guint id, gboolean is_set, const char *path)
{
    g_autofree char *expected = is_set ? g_strdup_printf ("%s%u", prefix, id) : NULL;

    ck_assert_msg (g_strcmp0 (found, expected) == 0, "%s: %s instead of %s", path, found, expected);
}

static void
assert_outcome (const Rules *rules, const RuleOutcome *outcome, const Plain *plain, guint n,
                const char *path)
{
    guint n_slots = rules_count_slots (rules);

    for (guint key = 0; key < N_KEYS; key++) {
        const Plain *speaker = find_speaker (plain, n, key, path);
        gboolean is_set = speaker != NULL && speaker->words[key] == SET;
        guint id = speaker != NULL ? (guint) (speaker - plain) : 0;
        const RuleField *field = find_field (rules, outcome, key);
        H3Middleware *middleware = NULL;

        if (key < N_FIELDS) {
            ck_assert_int_eq (field != NULL, speaker != NULL);
            assert_text (field != NULL ? field->value : NULL, "x", id, is_set, path);
        } else if (key < N_FIELDS + N_SLOTS) {
            /* "cors" is the first of those that there are. */
            for (guint i = 0; i < n_slots; i++) {
                if (is_set && outcome->slots[i] == speaker->slots[key - N_FIELDS])
                    middleware = outcome->slots[i];
            }
            ck_assert_ptr_eq (middleware, is_set ? speaker->slots[key - N_FIELDS] : NULL);
        } else if (key == CACHE) {
            assert_text (outcome->cache != NULL ? outcome->cache->text : NULL, "max-age=", id,
                         is_set, path);
        } else if (key == VARY) {
            assert_text (outcome->vary, "x", id, is_set, path);
        } else if (key == REDIRECT) {
            assert_text (outcome->target != NULL ? rule_target_get_text (outcome->target) : NULL,
                         "https://a", id, is_set, path);
        } else {
            ck_assert_uint_eq (key == BODY ? outcome->body_max : outcome->deadline,
                               is_set ? id + 1 : 0);
        }
    }
}

/* A router that has the same patterns finds the most specific of those that take the path. */
static void
assert_router_agrees (const Router *router, const Plain *plain, guint n, const char *path)
{
    const Plain *best = find_speaker (plain, n, N_KEYS, path);
    RouterMatch match;
    RouterResult result = router_match (router, H3_VIEW ("GET"), h3_view_of (path), &match);

    ck_assert_int_eq (result == ROUTER_FOUND, best != NULL);
    if (best != NULL)
        ck_assert_str_eq (h3_route_get_pattern (match.route), best->pattern);
}

/* What is known of a route's paths from the start must be what is found for each of them. */
static void
assert_cover_agrees (const Rules *rules, const Plain *plain, guint n, const Plain *route,
                     const char *path, H3Arena *arena)
{
    g_autoptr (Pattern) pattern = pattern_new (route->pattern, NULL);
    guint8 takes[MAX_RULES];

    ck_assert_int_eq (pattern_match (pattern, h3_view_of (path), NULL), plain_fits (route, path));
    if (!plain_fits (route, path))
        return;
    for (guint i = 0; i < n; i++)
        takes[i] = (guint8) rules_cover (rules, i, pattern);
    assert_outcome (rules, rules_merge (rules, takes, h3_view_of (path), arena), plain, n, path);
}

static void
try_paths (const Rules *rules, const Router *router, const Plain *plain, guint n, GRand *rand)
{
    g_autoptr (H3Arena) arena = h3_arena_new ();
    Plain route = { 0 };

    plain_init (&route, invented_pattern (rand));
    for (int i = 0; i < 30; i++) {
        g_autofree char *path = invented_path (rand);
        H3View view = h3_view_of (path);

        assert_outcome (rules, rules_merge (rules, NULL, view, arena), plain, n, path);
        assert_router_agrees (router, plain, n, path);
        assert_cover_agrees (rules, plain, n, &route, path, arena);
        h3_arena_reset (arena);
    }
    plain_clear (&route);
}

START_TEST (rules_come_to_what_the_plain_model_says_in_any_order)
{
    const char *wish = g_getenv ("RULES_SEED");
    guint32 seed = wish != NULL ? (guint32) g_ascii_strtoull (wish, NULL, 10) : g_random_int ();
    g_autoptr (GRand) rand = g_rand_new_with_seed (seed);

    g_print ("RULES_SEED=%u\n", seed);
    for (int round = 0; round < 400; round++) {
        Plain plain[MAX_RULES] = { 0 };
        guint n = invent_rules (plain, rand);
        g_autoptr (Rules) rules = register_rules (plain, n, invented_number (rand, n));
        g_autoptr (Router) router = router_new ();

        for (guint i = 0; i < n; i++)
            ck_assert_ptr_nonnull (router_add (router, "GET", plain[i].pattern, NULL, NULL, NULL));
        try_paths (rules, router, plain, n, rand);
        for (guint i = 0; i < n; i++)
            plain_clear (&plain[i]);
    }
}
END_TEST

static void
add_tests (Suite *suite)
{
    suite_add_case (suite, "random", rules_come_to_what_the_plain_model_says_in_any_order, NULL);
}

int
main (void)
{
    return suite_run ("route/rules-random", add_tests);
}
