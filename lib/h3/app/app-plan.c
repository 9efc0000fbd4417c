/* SPDX-License-Identifier: MIT
 *
 * Route rules at work: what a chain has of them. Where a route's pattern says which rules take all
 * its paths, what they come to is known when the app starts; else it is worked out for each path.
 */

#include "app-plan.h"

#include <h3/http/answer.h>
#include <h3/http/event-inside.h>
#include <h3/http/headers-inside.h>
#include <h3/http/response-inside.h>

#define OUTCOME_KEY "h3-rules"

/* Of one route, or of all paths without one. */
struct _AppPlan {
    const Rules *rules; /* borrowed: the table */
    guint8 *takes;      /* owned: RuleTakes of each rule; NULL: each is asked */
    H3Arena *arena;     /* owned: has `fixed` */
    RuleOutcome *fixed; /* NULL: depends on the path */
    H3Headers *fields;  /* owned; of `fixed`: without Cache-Control */
    H3Headers *cached;  /* owned; with it; NULL: there is none */
    GPtrArray *own;     /* owned: H3Middleware made for the chain */
};

/* An error is never kept in the place of what was asked for; what must not be kept, never is. */
static gboolean
is_cached (const H3Event *event, const RuleCache *cache)
{
    H3Method method = event->request.method;

    return !cache->may_keep
           || (event->response.status < 400
               && (method == H3_METHOD_GET || method == H3_METHOD_HEAD));
}

/* A cookie is its client's own: no shared cache may hand it to others. */
static const char *
choose_cache (const H3Event *event, const RuleCache *cache)
{
    if (cache->is_shared && h3_response_get_header (&event->response, "Set-Cookie") != NULL)
        return "no-store";
    return cache->text;
}

static void
put_default (H3Response *response, const char *name, const char *value)
{
    if (h3_response_get_header (response, name) == NULL)
        h3_response_set_header (response, name, value);
}

static void
put_fixed (H3Event *event, gpointer user_data)
{
    const AppPlan *plan = user_data;
    const RuleCache *cache = plan->fixed->cache;
    H3Headers *fields = plan->fields;

    if (cache != NULL && is_cached (event, cache)) {
        if (choose_cache (event, cache) == cache->text)
            fields = plan->cached;
        else
            put_default (&event->response, "Cache-Control", choose_cache (event, cache));
    }
    response_add_defaults (&event->response, fields);
}

static void
put_merged (H3Event *event, gpointer user_data)
{
    const RuleOutcome *outcome = user_data;
    H3Response *response = &event->response;

    for (guint i = 0; i < rules_count_fields (outcome->rules); i++) {
        const RuleField *field = outcome->fields[i];

        if (field != NULL && field->value != NULL)
            put_default (response, field->label, field->value);
    }
    if (outcome->vary != NULL)
        h3_response_add_vary (response, outcome->vary);
    if (outcome->cache != NULL && is_cached (event, outcome->cache))
        put_default (response, "Cache-Control", choose_cache (event, outcome->cache));
}

static void
apply_fixed (H3Event *event, gpointer user_data)
{
    h3_event_on_send (event, put_fixed, user_data, NULL);
    h3_event_next (event);
}

/* What a route says itself goes before what rules say. */
static void
set_limits (H3Event *event, const RuleOutcome *outcome)
{
    if (event->route == NULL)
        return;
    if (outcome->body_max > 0 && h3_route_get_body_max (event->route) == 0)
        event->body_bound = outcome->body_max;
    if (outcome->deadline > 0 && h3_route_get_deadline (event->route) == 0)
        h3_event_set_deadline (event, outcome->deadline);
}

static void
apply_merged (H3Event *event, gpointer user_data)
{
    const AppPlan *plan = user_data;
    RuleOutcome *outcome =
        rules_merge (plan->rules, plan->takes, request_path (&event->request), event->arena);

    h3_event_set_data (event, OUTCOME_KEY, outcome, NULL);
    set_limits (event, outcome);
    if (outcome->has_fields)
        h3_event_on_send (event, put_merged, outcome, NULL);
    if (outcome->target != NULL)
        event->wish = H3_BODY_NONE; /* whatever was sent, it is asked for elsewhere */
    h3_event_next (event);
}

static void
run_slot (H3Event *event, gpointer user_data)
{
    const RuleOutcome *outcome = h3_event_get_data (event, OUTCOME_KEY);
    H3Middleware *middleware = outcome->slots[GPOINTER_TO_UINT (user_data)];

    if (middleware != NULL)
        middleware_run (middleware, event);
    else
        h3_event_next (event);
}

static void
redirect_to (H3Event *event, const RuleOutcome *outcome)
{
    const H3Request *request = &event->request;
    H3View query = h3_view (request->base + request->query, request->query_length);
    g_autofree char *location = rules_build_location (
        outcome, request_path (request), request->query != 0 ? query : (H3View){ NULL, 0 });

    h3_event_redirect (event, outcome->status, location);
}

static void
redirect_fixed (H3Event *event, gpointer user_data)
{
    redirect_to (event, ((const AppPlan *) user_data)->fixed);
}

static void
redirect_merged (H3Event *event, gpointer user_data)
{
    const RuleOutcome *outcome = h3_event_get_data (event, OUTCOME_KEY);

    if (outcome->target != NULL)
        redirect_to (event, outcome);
    else
        h3_event_next (event);
}

/* What all answers of the route get. */
static void
make_tables (AppPlan *plan)
{
    const RuleOutcome *fixed = plan->fixed;

    plan->fields = h3_headers_new ();
    for (guint i = 0; i < rules_count_fields (plan->rules); i++) {
        const RuleField *field = fixed->fields[i];

        if (field != NULL && field->value != NULL)
            h3_headers_set (plan->fields, field->label, field->value);
    }
    if (fixed->vary != NULL)
        h3_headers_set (plan->fields, "Vary", fixed->vary);
    if (fixed->cache == NULL)
        return;
    plan->cached = h3_headers_ref (plan->fields);
    headers_own (&plan->cached);
    h3_headers_set (plan->cached, "Cache-Control", fixed->cache->text);
}

AppPlan *
app_plan_new (const Rules *rules, const Pattern *pattern)
{
    AppPlan *plan = g_new0 (AppPlan, 1);
    gboolean is_fixed = pattern != NULL;

    plan->rules = rules;
    plan->own = g_ptr_array_new_with_free_func ((GDestroyNotify) h3_middleware_unref);
    if (pattern != NULL)
        plan->takes = g_new0 (guint8, rules_count (rules));
    for (guint i = 0; pattern != NULL && i < rules_count (rules); i++) {
        plan->takes[i] = (guint8) rules_cover (rules, i, pattern);
        is_fixed = is_fixed && plan->takes[i] != RULE_TAKES_SOME;
    }
    if (is_fixed) {
        plan->arena = h3_arena_new ();
        plan->fixed = rules_merge (rules, plan->takes, H3_VIEW ("/"), plan->arena);
        make_tables (plan);
    }
    return plan;
}

void
app_plan_free (gpointer data)
{
    AppPlan *plan = data;

    g_ptr_array_unref (plan->own);
    h3_headers_unref (plan->fields);
    h3_headers_unref (plan->cached);
    h3_arena_free (plan->arena);
    g_free (plan->takes);
    g_free (plan);
}

const RuleOutcome *
app_plan_get_fixed (const AppPlan *plan)
{
    return plan->fixed;
}

static void
add_link (GArray *links, H3Middleware *middleware)
{
    ChainLink link = { middleware, NULL };

    g_array_append_val (links, link);
}

static H3Middleware *
add_own (AppPlan *plan, GArray *links, H3Handler handler, gpointer data)
{
    H3Middleware *middleware = h3_middleware_new (handler, data, NULL);

    g_ptr_array_add (plan->own, middleware);
    add_link (links, middleware);
    return middleware;
}

void
app_plan_add_first (AppPlan *plan, GArray *links)
{
    H3Middleware *middleware;

    if (plan->fixed != NULL && !plan->fixed->has_fields)
        return;
    middleware = add_own (plan, links, plan->fixed != NULL ? apply_fixed : apply_merged, plan);
    h3_middleware_set_early (middleware, TRUE);
}

/* Early where all are that may stand there. */
static void
add_merged_slot (AppPlan *plan, GArray *links, guint slot)
{
    gboolean is_early = TRUE;
    gboolean is_used = FALSE;

    for (guint i = 0; i < rules_count (plan->rules); i++) {
        const H3Middleware *middleware = rules_get_slot (plan->rules, i, slot);

        if (middleware == NULL || (plan->takes != NULL && plan->takes[i] == RULE_TAKES_NONE))
            continue;
        is_used = TRUE;
        is_early = is_early && middleware_is_early (middleware);
    }
    if (!is_used)
        return;
    h3_middleware_set_early (add_own (plan, links, run_slot, GUINT_TO_POINTER (slot)), is_early);
}

void
app_plan_add_slots (AppPlan *plan, GArray *links)
{
    for (guint i = 0; i < rules_count_slots (plan->rules); i++) {
        if (plan->fixed == NULL)
            add_merged_slot (plan, links, i);
        else if (plan->fixed->slots[i] != NULL)
            add_link (links, plan->fixed->slots[i]);
    }
}

void
app_plan_add_redirect (AppPlan *plan, GArray *links)
{
    if (plan->fixed == NULL)
        add_own (plan, links, redirect_merged, plan);
    else if (plan->fixed->target != NULL)
        add_own (plan, links, redirect_fixed, plan);
}
