/* SPDX-License-Identifier: MIT
 *
 * All route rules of an app: which take a path, and what they come to together. Owned by an app's
 * table; filled on one thread, then frozen, and read by any thread.
 *
 * Of two patterns that take a path, the more specific is the one that a router would prefer: at the
 * first segment where they differ the lower PatternKind, and one that ends before one that goes on;
 * two regexes go by their texts. So the order is the same for all paths, and merging is: the rules
 * that take the path, from the least specific to the most, each overwriting what it speaks of. */

#pragma once

#include <h3/base/arena.h>
#include <h3/http/headers.h>
#include <h3/route/rule-inside.h>

G_BEGIN_DECLS

typedef struct _Rules Rules;

/* What rules come to at one path. */
typedef struct {
    const Rules *rules;       /* borrowed: the app's */
    const RuleField **fields; /* by the rules' numbers of names; NULL: nobody speaks of it */
    H3Middleware **slots;     /* by the rules' numbers of slots; NULL: none */
    const RuleCache *cache;   /* NULL: none */
    const char *vary;         /* NULL: none */
    const RuleTarget *target; /* of a redirect; NULL: none */
    const Pattern *source;    /* that of the rule that redirects */
    guint status;             /* of the redirect */
    gsize body_max;           /* 0: nobody speaks of it */
    guint deadline;           /* likewise */
    gboolean has_fields;      /* some field, cache or Vary */
} RuleOutcome;

/* Whether a rule takes the paths of a route. */
typedef enum { RULE_TAKES_NONE, RULE_TAKES_SOME, RULE_TAKES_ALL } RuleTakes;

Rules *rules_new (void);
/* NULL is allowed. */
void rules_free (Rules *rules);

/* FALSE with H3_ERROR_INVALID for a pattern or a rule that cannot be. `rule` is frozen. */
gboolean rules_add (Rules *rules, const char *pattern, H3RouteRule *rule, GError **error);

/* Ends registration. FALSE with H3_ERROR_EXISTS where two rules with the same pattern speak of the
 * same, with H3_ERROR_INVALID where redirects lead round. */
gboolean rules_freeze (Rules *rules, GError **error);

/* Rules, fields and slots by their numbers; slots in the order in which they run. */
guint rules_count (const Rules *rules);
guint rules_count_fields (const Rules *rules);
guint rules_count_slots (const Rules *rules);

/* Which of the paths that `pattern` takes rule `index` takes. SOME where it may be any of them. */
RuleTakes rules_cover (const Rules *rules, guint index, const Pattern *pattern);
/* The middleware that rule `index` has for slot `slot`; NULL: none, or it does not speak of it. */
H3Middleware *rules_get_slot (const Rules *rules, guint index, guint slot);

/* What the rules come to at `path`, which is canonical; it lies in `arena`. `takes` says of each
 * rule whether its pattern is still to be asked (SOME); NULL: all are. */
RuleOutcome *rules_merge (const Rules *rules, const guint8 *takes, H3View path, H3Arena *arena);

/* Returns: (transfer full): the Location of a redirect at `path`. */
char *rules_build_location (const RuleOutcome *outcome, H3View path,
                            H3View query) G_GNUC_WARN_UNUSED_RESULT;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Rules, rules_free)

G_END_DECLS
