/* SPDX-License-Identifier: MIT
 *
 * What was registered becomes what requests are served from: one router, a flat chain a route. */

#include "app-private.h"

#include <h3/base/error.h>

/* Where an app stands in the tree of mounted ones. */
typedef struct {
    const H3App *app; /* borrowed: the root holds it */
    char *prefix;     /* owned: as it was written, without a slash at its end */
    char *path;       /* owned: the same as it stands in canonical paths */
} Place;

/* A middleware with its whole prefix. */
typedef struct {
    const AppUse *use;  /* borrowed: its app */
    const char *prefix; /* borrowed: the table's, canonical; NULL: of one route */
} PlacedUse;

static char *
join (const char *prefix, const char *rest)
{
    g_autofree char *joined = g_strconcat (prefix, rest, NULL);
    gsize length = strlen (joined);

    while (length > 0 && joined[length - 1] == '/')
        joined[--length] = '\0';
    return g_steal_pointer (&joined);
}

/* `/` of a mounted app is its prefix. */
static char *
join_pattern (const char *prefix, const char *pattern)
{
    if (g_strcmp0 (pattern, "/") == 0 && *prefix != '\0')
        return g_strdup (prefix);
    return g_strconcat (prefix, pattern, NULL);
}

char *
app_prefix_to_path (const char *prefix)
{
    g_autofree char *text = join (prefix, "");
    g_autoptr (Pattern) pattern = NULL;
    GString *path = NULL;

    if (prefix[0] == '\0' || strcmp (prefix, "/") == 0)
        return g_strdup ("");
    pattern = text[0] != '\0' ? pattern_new (text, NULL) : NULL;
    if (pattern == NULL)
        return NULL;
    path = g_string_new (NULL);
    for (guint i = 0; i < pattern_count_segments (pattern); i++) {
        const PatternSegment *segment = pattern_get_segment (pattern, i);

        if (segment->kind != PATTERN_LITERAL) {
            g_string_free (path, TRUE);
            return NULL;
        }
        g_string_append_printf (path, "/%s", segment->text);
    }
    return g_string_free (path, FALSE);
}

static void
free_place (gpointer data)
{
    Place *place = data;

    g_free (place->prefix);
    g_free (place->path);
    g_free (place);
}

/* The app and all that are mounted below it, outermost first. */
static void
collect_places (const H3App *app, GPtrArray *places)
{
    Place *root = g_new0 (Place, 1);

    root->app = app;
    root->prefix = g_strdup ("");
    root->path = g_strdup ("");
    g_ptr_array_add (places, root);
    for (guint i = places->len - 1; i < places->len; i++) {
        const Place *place = places->pdata[i];

        for (guint j = 0; j < place->app->mounts->len; j++) {
            const AppMount *mount = place->app->mounts->pdata[j];
            Place *child = g_new0 (Place, 1);

            child->app = mount->child;
            child->prefix = join (place->prefix, mount->prefix);
            child->path = app_prefix_to_path (child->prefix);
            g_ptr_array_add (places, child);
        }
    }
}

/* The first problem of any of them, and of their middleware. */
static gboolean
check_places (const GPtrArray *places, GError **error)
{
    for (guint i = 0; i < places->len; i++) {
        const H3App *app = ((const Place *) places->pdata[i])->app;

        if (app->problem != NULL) {
            g_propagate_error (error, g_error_copy (app->problem));
            return FALSE;
        }
        for (guint j = 0; j < app->uses->len; j++) {
            const AppUse *use = app->uses->pdata[j];

            if (!middleware_check (use->middleware, error))
                return FALSE;
        }
    }
    return TRUE;
}

static void
collect_uses (AppTable *table, GPtrArray *places, GArray *uses)
{
    for (guint i = 0; i < places->len; i++) {
        const Place *place = places->pdata[i];

        for (guint j = 0; j < place->app->uses->len; j++) {
            PlacedUse placed = { place->app->uses->pdata[j], NULL };

            if (middleware_wants_start (placed.use->middleware))
                g_ptr_array_add (table->starts, h3_middleware_ref (placed.use->middleware));
            if (placed.use->prefix != NULL) {
                g_autofree char *written = join (place->prefix, placed.use->prefix);
                char *prefix = app_prefix_to_path (written);

                g_ptr_array_add (table->prefixes, prefix);
                placed.prefix = prefix;
                /* What cannot be read has no path: only what stands everywhere is told of it. */
                if (prefix[0] == '\0' && middleware_wants_unread (placed.use->middleware))
                    g_ptr_array_add (table->unread, h3_middleware_ref (placed.use->middleware));
            }
            g_array_append_val (uses, placed);
        }
    }
}

static void
collect_hooks (AppTable *table, GPtrArray *places)
{
    for (guint i = 0; i < places->len; i++) {
        const Place *place = places->pdata[i];

        for (guint j = 0; j < place->app->hooks->len; j++) {
            const AppHook *hook = place->app->hooks->pdata[j];
            TableHook placed = { hook, NULL };

            if (place->path[0] != '\0')
                placed.prefix = g_strdup (place->path);
            g_array_append_val (table->hooks[hook->kind], placed);
        }
    }
}

/* Whether what stands at `prefix` applies to a pattern: to all its paths, to none, or to those that
 * begin with the prefix. */
typedef enum { COVERS_NONE, COVERS_SOME, COVERS_ALL } Cover;

static Cover
cover (const char *prefix, const Pattern *pattern)
{
    g_auto (GStrv) parts = g_strsplit (prefix, "/", -1);

    /* parts[0] is what stands before the leading slash: nothing. */
    for (guint i = 1; parts[0] != NULL && parts[i] != NULL; i++) {
        const PatternSegment *segment;

        if (i > pattern_count_segments (pattern))
            return COVERS_NONE;
        segment = pattern_get_segment (pattern, i - 1);
        if (segment->kind != PATTERN_LITERAL)
            return COVERS_SOME;
        if (strcmp (segment->text, parts[i]) != 0)
            return COVERS_NONE;
    }
    return COVERS_ALL;
}

/* What hears of all requests, also of those that cannot be read: rules may answer behind it. */
static gboolean
is_observer (const PlacedUse *placed)
{
    return placed->prefix != NULL && placed->prefix[0] == '\0'
           && middleware_wants_unread (placed->use->middleware);
}

/* Those at prefixes, of which `route` (nullable: none was found) tells what applies: with its whole
 * pattern. */
static void
add_placed (GArray *links, const PlacedUse *placed, const H3Route *route)
{
    ChainLink link = { placed->use->middleware, NULL };
    Cover covers = COVERS_SOME;

    if (placed->prefix == NULL || !middleware_takes_route (link.middleware, route))
        return;
    if (route != NULL)
        covers = cover (placed->prefix, route_get_parsed (route));
    if (covers == COVERS_SOME && placed->prefix[0] != '\0')
        link.prefix = placed->prefix;
    if (covers != COVERS_NONE)
        g_array_append_val (links, link);
}

/* Rules stand in front, but behind the observers: no answer of theirs is to be missed. */
static void
add_prefixed (GArray *links, const GArray *uses, const H3Route *route, AppPlan *plan)
{
    if (plan != NULL) {
        app_plan_add_first (plan, links);
        for (guint i = 0; i < uses->len; i++) {
            if (is_observer (&g_array_index (uses, PlacedUse, i)))
                add_placed (links, &g_array_index (uses, PlacedUse, i), route);
        }
        app_plan_add_slots (plan, links);
    }
    for (guint i = 0; i < uses->len; i++) {
        if (plan == NULL || !is_observer (&g_array_index (uses, PlacedUse, i)))
            add_placed (links, &g_array_index (uses, PlacedUse, i), route);
    }
}

/* What stands at prefixes goes before what stands at the route alone. `served` is the route as it
 * was added, with the data of the one that the program was given. */
static Chain *
make_chain (const GArray *uses, const AppRoute *route, const H3Route *served, AppPlan *plan)
{
    g_autoptr (GArray) links = g_array_new (FALSE, FALSE, sizeof (ChainLink));

    add_prefixed (links, uses, served, plan);
    for (guint i = 0; i < uses->len; i++) {
        const PlacedUse *placed = &g_array_index (uses, PlacedUse, i);
        ChainLink link = { placed->use->middleware, NULL };

        if (placed->prefix == NULL && placed->use->route == route->route)
            g_array_append_val (links, link);
    }
    if (plan != NULL)
        app_plan_add_redirect (plan, links);
    return chain_new ((const ChainLink *) (gpointer) links->data, links->len, route->handler,
                      route->user_data);
}

/* Where no route was found the prefixes are asked of each path. */
static Chain *
make_fallback (const GArray *uses, AppPlan *plan)
{
    g_autoptr (GArray) links = g_array_new (FALSE, FALSE, sizeof (ChainLink));

    add_prefixed (links, uses, NULL, plan);
    if (plan != NULL)
        app_plan_add_redirect (plan, links);
    return chain_new ((const ChainLink *) (gpointer) links->data, links->len, app_answer_fallback,
                      NULL);
}

/* (transfer none) (nullable): what rules say to a route, or (no pattern) where none is found. */
static AppPlan *
add_plan (AppTable *table, const Pattern *pattern)
{
    AppPlan *plan;

    if (table->rules == NULL)
        return NULL;
    plan = app_plan_new (table->rules, pattern);
    g_ptr_array_add (table->plans, plan);
    return plan;
}

static void
free_table_route (gpointer data)
{
    TableRoute *route = data;

    chain_free (route->chain);
    g_free (route);
}

/* What rules say of a route's limits holds where the route says nothing itself. */
static void
set_limits (TableRoute *target, const H3Route *route, const RuleOutcome *rules,
            const H3Limits *limits)
{
    gsize max = h3_route_get_body_max (route);

    target->deadline = h3_route_get_deadline (route);
    target->bound =
        h3_route_get_body_mode (route) == H3_BODY_STREAMED ? G_MAXUINT64 : (guint64) limits->body;
    if (rules != NULL && rules->body_max > 0)
        target->bound = rules->body_max;
    if (max > 0)
        target->bound = max;
    if (rules != NULL && target->deadline == 0)
        target->deadline = rules->deadline;
}

/* Name and options move from what the program was given to what is served from. `rules` is
 * (nullable): what they come to at all paths of the route. */
static void
inherit (H3Route *to, const H3Route *from, TableRoute *target, const RuleOutcome *rules,
         const H3Limits *limits)
{
    H3BodyMode mode = h3_route_get_body_mode (from);
    gsize max = h3_route_get_body_max (from);

    if (h3_route_get_name (from) != NULL)
        h3_route_set_name (to, h3_route_get_name (from));
    h3_route_set_body (to, mode, max);
    target->wish = rules != NULL && rules->target != NULL ? H3_BODY_NONE : mode;
    /* What is early runs first and may refuse; the chain then has the body gathered. */
    if (target->wish == H3_BODY_BUFFERED) {
        chain_set_gather (target->chain, app_gather_body);
        if (chain_gathers (target->chain))
            target->wish = H3_BODY_STREAMED;
    }
    set_limits (target, from, rules, limits);
}

static gboolean
add_route (AppTable *table, const AppRoute *route, const char *prefix, const GArray *uses,
           const H3Limits *limits, GError **error)
{
    g_autofree char *pattern = join_pattern (prefix, route->pattern);
    TableRoute *target = g_new0 (TableRoute, 1);
    H3Route *added =
        router_add (table->router, route->methods, pattern, target, free_table_route, error);
    AppPlan *plan;

    if (added == NULL) {
        g_free (target);
        return FALSE;
    }
    plan = add_plan (table, route_get_parsed (added));
    route_share_data (added, route->route);
    target->chain = make_chain (uses, route, added, plan);
    target->is_essential = h3_route_is_essential (route->route);
    target->param_names = pattern_get_param_names (route_get_parsed (added));
    inherit (added, route->route, target, plan != NULL ? app_plan_get_fixed (plan) : NULL, limits);
    for (guint i = 0; i < pattern_count_segments (route_get_parsed (added)); i++) {
        if (pattern_get_segment (route_get_parsed (added), i)->kind == PATTERN_CONSTRAINED)
            table->has_regexes = TRUE;
    }
    return TRUE;
}

static gboolean
add_routes (AppTable *table, GPtrArray *places, const GArray *uses, GError **error)
{
    const H3Limits *limits = h3_server_get_limits (table->app->server);

    for (guint i = 0; i < places->len; i++) {
        const Place *place = places->pdata[i];

        for (guint j = 0; j < place->app->routes->len; j++) {
            if (!add_route (table, place->app->routes->pdata[j], place->prefix, uses, limits,
                            error))
                return FALSE;
        }
    }
    return router_freeze (table->router, error);
}

/* The rules of all apps are one set. */
static gboolean
add_rules (AppTable *table, GPtrArray *places, GError **error)
{
    for (guint i = 0; i < places->len; i++) {
        const Place *place = places->pdata[i];

        for (guint j = 0; j < place->app->rules->len; j++) {
            const AppRule *rule = place->app->rules->pdata[j];
            g_autofree char *pattern = join_pattern (place->prefix, rule->pattern);

            if (table->rules == NULL)
                table->rules = rules_new ();
            if (!rules_add (table->rules, pattern, rule->rule, error))
                return FALSE;
        }
    }
    return table->rules == NULL || rules_freeze (table->rules, error);
}

static void
clear_hook (gpointer data)
{
    g_free (((TableHook *) data)->prefix);
}

AppTable *
app_table_new (H3App *app, GError **error)
{
    g_autoptr (GPtrArray) places = g_ptr_array_new_with_free_func (free_place);
    g_autoptr (GArray) uses = g_array_new (FALSE, FALSE, sizeof (PlacedUse));
    AppTable *table = g_new0 (AppTable, 1);

    table->app = app;
    table->router = router_new ();
    table->prefixes = g_ptr_array_new_with_free_func (g_free);
    table->unread = g_ptr_array_new_with_free_func ((GDestroyNotify) h3_middleware_unref);
    table->starts = g_ptr_array_new_with_free_func ((GDestroyNotify) h3_middleware_unref);
    table->plans = g_ptr_array_new_with_free_func (app_plan_free);
    for (guint kind = 0; kind <= HOOK_ERROR; kind++) {
        table->hooks[kind] = g_array_new (FALSE, FALSE, sizeof (TableHook));
        g_array_set_clear_func (table->hooks[kind], clear_hook);
    }
    collect_places (app, places);
    if (!check_places (places, error) || !add_rules (table, places, error)) {
        app_table_free (table);
        return NULL;
    }
    collect_uses (table, places, uses);
    collect_hooks (table, places);
    table->fallback = make_fallback (uses, add_plan (table, NULL));
    if (!add_routes (table, places, uses, error)) {
        app_table_free (table);
        return NULL;
    }
    return table;
}

void
app_table_free (AppTable *table)
{
    if (table == NULL)
        return;
    router_free (table->router);
    chain_free (table->fallback);
    for (guint kind = 0; kind <= HOOK_ERROR; kind++)
        g_array_unref (table->hooks[kind]);
    g_ptr_array_unref (table->plans);
    rules_free (table->rules);
    g_ptr_array_unref (table->prefixes);
    g_ptr_array_unref (table->unread);
    g_ptr_array_unref (table->starts);
    g_free (table);
}
