/* SPDX-License-Identifier: MIT
 *
 * How a worker serves events from the app's table. Nothing here is written but the worker's own
 * route cache; the table is shared and frozen. */

#include "app-private.h"
#include "components-inside.h"

#include <h3/http/content-inside.h>
#include <h3/http/event-flow.h>
#include <h3/http/failure.h>
#include <h3/http/whole-body.h>
#include <h3/http/event-carried.h>
#include <h3/monitor/memory-inside.h>

/* What the app keeps for a worker. */
typedef struct {
    const AppTable *table; /* borrowed: the app, which outlives its server's run */
    AppCache *joined;      /* owned; NULL: none */
    RouteCache *cache;     /* borrowed: `joined`; NULL: none */
    Gate *gate;            /* borrowed: the worker; NULL: every request is taken */
    RouterMatch match;
} AppWorker;

gpointer
app_start_alone (H3App *app)
{
    AppWorker *worker = g_new0 (AppWorker, 1);

    worker->table = app->table;
    return worker;
}

/* A cache that is off may be resized while the worker runs. */
static gpointer
start_worker (gpointer data)
{
    H3App *app = data;
    AppWorker *worker = app_start_alone (app);

    if (app->table->has_regexes) {
        worker->joined = app_cache_join (app->caches, app->table->router);
        worker->cache = app_cache_get (worker->joined);
    }
    for (guint i = 0; i < app->table->starts->len; i++)
        middleware_start (app->table->starts->pdata[i]);
    return worker;
}

static void
stop_worker (gpointer data)
{
    AppWorker *worker = data;

    app_cache_leave (worker->joined);
    g_free (worker);
}

static const AppTable *
get_table (const H3Event *event)
{
    return ((const AppWorker *) event->host_data)->table;
}

const H3App *
app_of_event (const H3Event *event)
{
    return get_table (event)->app;
}

static gboolean
hook_applies (const TableHook *hook, const H3Event *event)
{
    return hook->prefix == NULL || chain_prefix_has (hook->prefix, request_path (&event->request));
}

static const char *
get_route_label (const H3Event *event)
{
    return event->route != NULL ? h3_route_get_pattern (event->route) : NULL;
}

/* That of the innermost app on the way to the path: the longest prefix, of equals the last. */
static const TableHook *
find_error_hook (const H3Event *event)
{
    const GArray *hooks = get_table (event)->hooks[HOOK_ERROR];
    const TableHook *found = NULL;
    gsize longest = 0;

    for (guint i = 0; i < hooks->len; i++) {
        const TableHook *hook = &g_array_index (hooks, TableHook, i);
        gsize length = hook->prefix != NULL ? strlen (hook->prefix) : 0;

        if (length >= longest && hook_applies (hook, event)) {
            found = hook;
            longest = length;
        }
    }
    return found;
}

/* (transfer full) both ways: in development the client is told of errors that are none of its
 * making. */
static GError *
show_error (const H3Event *event, GError *given)
{
    g_autoptr (GError) error = given;

    if (get_table (event)->app->preset != H3_PRESET_DEVELOPMENT || error->domain == H3_HTTP_ERROR)
        return g_steal_pointer (&error);
    return h3_http_error_new (500, "%s", error->message);
}

/* The handler of the innermost app answers; where none does, the default. */
static void
host_fail (H3Event *event, GError *error)
{
    const TableHook *hook = find_error_hook (event);
    int refs = atomic_load_explicit (&event->refs, memory_order_relaxed);

    if (hook != NULL) {
        event->response.status = (guint16) h3_http_error_get_status (error);
        ((H3ErrorHandler) hook->hook->function) (event, error, hook->hook->user_data);
        /* Answered, or deferred by the handler: who failed the event may hold it as well. */
        if (event->phase != EVENT_OPEN || h3_event_is_answered (event)
            || atomic_load_explicit (&event->refs, memory_order_relaxed) > refs) {
            g_error_free (error);
            return;
        }
    }
    event_answer_error (event, show_error (event, error));
}

/* (transfer none): whether requests to a route, or to what has none (NULL), use the pool. */
static atomic_bool *
get_pool_use (const AppTable *table, gconstpointer route)
{
    if (route == NULL)
        return &((AppTable *) table)->fallback_uses_pool;
    return &((TableRoute *) route_get_target (route))->uses_pool;
}

/* Learnt, since nobody says so of a route: only who needs the pool is refused for it. */
static void
note_offload (const H3Event *event)
{
    atomic_bool *uses_pool;

    if (((const AppWorker *) event->host_data)->gate == NULL)
        return;
    uses_pool = get_pool_use (get_table (event), event->route);
    if (!atomic_load_explicit (uses_pool, memory_order_relaxed))
        atomic_store_explicit (uses_pool, TRUE, memory_order_relaxed);
}

static const EventHost host = { chain_next, host_fail, get_route_label, note_offload };

/* No route: which of the reasons is asked only now, behind the middleware. */
void
app_answer_fallback (H3Event *event, gpointer user_data)
{
    const AppWorker *worker = event->host_data;
    const Router *router = worker->table->router;
    H3Method method = event->request.method;
    const char *name = h3_request_get_method_name (&event->request);
    const char *allow;

    if ((method == H3_METHOD_OTHER
         && router_find_method (router, h3_view_of (name)) == H3_METHOD_OTHER)
        || method == H3_METHOD_CONNECT || method == H3_METHOD_TRACE) {
        h3_event_fail_status (event, 501, "The server does not know this method.");
        return;
    }
    allow = strcmp (event->request.path, "*") == 0
                ? "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS, QUERY"
                : router_format_allow (router, request_path (&event->request), event->arena);
    if (allow == NULL) {
        h3_event_fail_status (event, 404, "There is nothing at this path.");
        return;
    }
    if (method == H3_METHOD_OPTIONS) {
        h3_event_set_header (event, "Allow", allow);
        h3_event_set_status (event, 204);
        h3_event_send (event);
        return;
    }
    h3_response_set_header_always (&event->response, "Allow", allow);
    h3_event_fail_status (event, 405, "This path takes other methods: see Allow.");
}

/* Names are the route's; the values lie in one piece with the parameters. */
static void
set_params (H3Event *event, const RouterMatch *match, const char *const *names)
{
    H3View path = request_path (&event->request);
    /* Where the path has a slash before a parameter its value has a NUL behind it; only the last
     * may be absent and have no slash. */
    EventParam *params = event_add_params (event, match->n_params, path.length + 1);
    char *at;

    at = (char *) (params + match->n_params);
    for (guint i = 0; i < match->n_params; i++) {
        params[i].name = names[i];
        params[i].value = at;
        at += pattern_decode (router_match_get_raw (match, path, i), at);
        *at++ = '\0';
    }
}

/* What each request goes through stays in one piece, though what is refused goes through it too. */
#define ON_THE_PATH inline __attribute__ ((always_inline))

/* Each hook of the app becomes one of the event; those of the first registered run as the event's
 * own rules say: before sending, last registered first. */
static ON_THE_PATH void
add_event_hooks (const AppTable *table, H3Event *event)
{
    for (guint i = 0; i < table->hooks[HOOK_SEND]->len; i++) {
        const TableHook *hook = &g_array_index (table->hooks[HOOK_SEND], TableHook, i);

        if (hook_applies (hook, event))
            h3_event_on_send (event, (H3Handler) hook->hook->function, hook->hook->user_data, NULL);
    }
    for (guint i = 0; i < table->hooks[HOOK_RESPONSE]->len; i++) {
        const TableHook *hook = &g_array_index (table->hooks[HOOK_RESPONSE], TableHook, i);

        if (hook_applies (hook, event))
            h3_event_on_dispose (event, (H3Disposed) hook->hook->function, hook->hook->user_data,
                                 NULL);
    }
}

/* A request that nothing is run for is told to those that want to know of all. */
static void
refused (gpointer worker_data, H3Event *event)
{
    const AppWorker *worker = worker_data;

    for (guint i = 0; i < worker->table->unread->len; i++)
        middleware_tell_unread (worker->table->unread->pdata[i], event);
}

/* Of a body that could not be gathered hear those that are still to come. */
static void
tell_later_ones (H3Event *event, gpointer user_data)
{
    const GPtrArray *unread = get_table (event)->unread;

    for (guint i = 0; i < unread->len; i++) {
        if (!chain_is_early (user_data, unread->pdata[i]))
            middleware_tell_unread (unread->pdata[i], event);
    }
}

void
app_gather_body (H3Event *event, gpointer user_data)
{
    if (event->request.has_body && event->wish != H3_BODY_NONE)
        event_gather_body (event, tell_later_ones, user_data);
    else
        h3_event_next (event);
}

/* FALSE where a hook has answered: no middleware will see the request. */
static gboolean
run_request_hooks (AppWorker *worker, H3Event *event)
{
    const GArray *hooks = worker->table->hooks[HOOK_REQUEST];

    for (guint i = 0; i < hooks->len; i++) {
        const TableHook *hook = &g_array_index (hooks, TableHook, i);

        if (!hook_applies (hook, event))
            continue;
        event_enter (event);
        ((H3Handler) hook->hook->function) (event, hook->hook->user_data);
        if (event->phase != EVENT_OPEN)
            refused (worker, event);
        event->frames--;
        if (event->phase != EVENT_OPEN) {
            event_settle (event);
            return FALSE;
        }
    }
    return TRUE;
}

static ON_THE_PATH RouterResult
find_route (AppWorker *worker, const H3Event *event)
{
    const Router *router = worker->table->router;
    H3View path = request_path (&event->request);
    guint method = event->request.method;

    if (G_UNLIKELY (method == H3_METHOD_OTHER))
        method =
            router_find_method (router, h3_view_of (h3_request_get_method_name (&event->request)));
    /* Nothing is asked of what a path could cost that is found at once: 74 instructions less. */
    if (router_match_plain (router, method, path, &worker->match))
        return ROUTER_FOUND;
    if (worker->cache != NULL && router_is_costly (router, path))
        return route_cache_match (worker->cache, method, path, &worker->match);
    return router_match_tree (router, method, path, &worker->match);
}

/* FALSE where the head says what cannot be: the event has been answered. */
static gboolean
check_content (AppWorker *worker, H3Event *event)
{
    GError *fault = content_find_fault (event);

    if (fault == NULL)
        return TRUE;
    refused (worker, event);
    h3_event_fail (event, fault);
    return FALSE;
}

static ON_THE_PATH void
host_event (AppWorker *worker, H3Event *event)
{
    event->host = &host;
    event->host_data = worker;
    event->trusted = worker->table->app->trusted;
    event->writes_pretty = worker->table->app->preset == H3_PRESET_DEVELOPMENT;
    add_event_hooks (worker->table, event);
}

static void
begin (gpointer worker_data, H3Event *event)
{
    AppWorker *worker = worker_data;
    const TableRoute *target;

    host_event (worker, event);
    if (!run_request_hooks (worker, event))
        return;
    if ((event->request.query != 0 || event->trusted != NULL) && !check_content (worker, event))
        return;
    if (find_route (worker, event) != ROUTER_FOUND) {
        event->wish = H3_BODY_NONE;
        chain_start (worker->table->fallback, event);
        return;
    }
    target = route_get_target (worker->match.route);
    event->route = worker->match.route;
    event->wish = (guint8) target->wish;
    event->body_bound = target->bound;
    if (worker->match.n_params > 0)
        set_params (event, &worker->match, target->param_names);
    if (target->deadline > 0)
        h3_event_set_deadline (event, target->deadline);
    chain_start (target->chain, event);
}

static void
set_gate (gpointer worker_data, Gate *gate)
{
    ((AppWorker *) worker_data)->gate = gate;
}

/* Whether this request is one of those that are refused for `why`. */
static G_GNUC_NO_INLINE gboolean
is_refused (AppWorker *worker, const H3Event *event, GateAnswer why)
{
    const H3Route *route = find_route (worker, event) == ROUTER_FOUND ? worker->match.route : NULL;

    if (route != NULL && ((const TableRoute *) route_get_target (route))->is_essential)
        return FALSE;
    return why != GATE_POOL
           || (atomic_load_explicit (get_pool_use (worker->table, route), memory_order_relaxed)
               && gate_is_pool_late (worker->gate));
}

/* Before any hook and any middleware: it must cost little. */
static G_GNUC_NO_INLINE void
refuse (AppWorker *worker, H3Event *event, GateAnswer why)
{
    gate_note_refused (worker->gate, why);
    host_event (worker, event);
    event->wish = H3_BODY_NONE;
    refused (worker, event);
    h3_response_set_header_always (&event->response, "Retry-After", "1");
    event_refuse (event, 503, "The server has more to do than it can: come again later.");
}

static void
begin_at_gate (gpointer worker_data, H3Event *event)
{
    AppWorker *worker = worker_data;
    GateAnswer why = gate_ask (worker->gate);

    if (G_LIKELY (why == GATE_OPEN) || !is_refused (worker, event, why))
        begin (worker, event);
    else
        refuse (worker, event, why);
}

static void
run (gpointer worker_data, H3Event *event)
{
    h3_event_next (event);
}

static gboolean
prepare (gpointer data, GError **error)
{
    H3App *app = data;
    gint64 budget = h3_server_get_limits (app->server)->memory_budget;

    if (!app_freeze (app, error) || !app_components_start (app, error))
        return FALSE;
    if (budget > 0)
        h3_memory_set_budget ((guint64) budget);
    return TRUE;
}

static void
end (gpointer data)
{
    app_components_stop (data);
}

const ServerDispatch app_dispatch = {
    .prepare = prepare,
    .start_worker = start_worker,
    .stop_worker = stop_worker,
    .begin = begin,
    .run = run,
    .refused = refused,
    .set_gate = set_gate,
    .begin_at_gate = begin_at_gate,
    .is_short = memory_is_short,
    .end = end,
};
