/* SPDX-License-Identifier: MIT */

#include "chain-inside.h"

#include <h3/http/event-inside.h>
#include <h3/http/failure.h>

#include <stdatomic.h>

struct _H3Middleware {
    atomic_int refs;
    H3Handler handler;
    H3Handler unread;                   /* for requests that could not be read; NULL: none */
    MiddlewareCheck check;              /* NULL: none */
    void (*start) (gpointer user_data); /* NULL: none */
    MiddlewareChoice choice;            /* NULL: stands before all routes */
    gpointer user_data;
    GDestroyNotify destroy; /* of user_data */
    char **methods;         /* owned; NULL: all */
    H3Predicate predicate;  /* NULL: none */
    gpointer predicate_data;
    GDestroyNotify predicate_destroy; /* of predicate_data */
    gboolean is_early;
};

/* One call. The last step of an array is a handler that finds nothing behind it. */
typedef struct {
    H3Handler handler;
    gpointer user_data; /* borrowed: the middleware, a condition, or the route */
} ChainStep;

/* A middleware that must be asked whether it applies. */
typedef struct {
    H3Middleware *middleware; /* borrowed: the chain's */
    const char *prefix;       /* borrowed: the app; NULL: applies to all paths of this chain */
} ChainCondition;

struct _Chain {
    guint n_links;
    guint n_early;              /* before the step that gathers the body; 0: there is none */
    H3Middleware **held;        /* owned: n_links refs */
    ChainCondition *conditions; /* owned: n_links, those that are needed */
    ChainStep steps[];          /* n_links + 2, and the one that gathers */
};

G_DEFINE_BOXED_TYPE (H3Middleware, h3_middleware, h3_middleware_ref, h3_middleware_unref)

H3Middleware *
h3_middleware_new (H3Handler handler, gpointer user_data, GDestroyNotify destroy)
{
    H3Middleware *middleware;

    g_return_val_if_fail (handler != NULL, NULL);
    middleware = g_new0 (H3Middleware, 1);
    atomic_init (&middleware->refs, 1);
    middleware->handler = handler;
    middleware->user_data = user_data;
    middleware->destroy = destroy;
    return middleware;
}

H3Middleware *
h3_middleware_ref (H3Middleware *middleware)
{
    g_return_val_if_fail (middleware != NULL, NULL);
    atomic_fetch_add_explicit (&middleware->refs, 1, memory_order_relaxed);
    return middleware;
}

void
h3_middleware_unref (H3Middleware *middleware)
{
    if (middleware == NULL
        || atomic_fetch_sub_explicit (&middleware->refs, 1, memory_order_acq_rel) != 1)
        return;
    if (middleware->predicate_destroy != NULL)
        middleware->predicate_destroy (middleware->predicate_data);
    if (middleware->destroy != NULL)
        middleware->destroy (middleware->user_data);
    g_strfreev (middleware->methods);
    g_free (middleware);
}

void
h3_middleware_set_methods (H3Middleware *middleware, const char *methods)
{
    g_return_if_fail (middleware != NULL && methods != NULL);
    g_strfreev (middleware->methods);
    middleware->methods = g_strsplit (methods, " ", -1);
}

void
h3_middleware_set_predicate (H3Middleware *middleware, H3Predicate predicate, gpointer user_data,
                             GDestroyNotify destroy)
{
    g_return_if_fail (middleware != NULL && predicate != NULL);
    if (middleware->predicate_destroy != NULL)
        middleware->predicate_destroy (middleware->predicate_data);
    middleware->predicate = predicate;
    middleware->predicate_data = user_data;
    middleware->predicate_destroy = destroy;
}

void
h3_middleware_set_early (H3Middleware *middleware, gboolean is_early)
{
    g_return_if_fail (middleware != NULL);
    middleware->is_early = is_early;
}

void
middleware_set_unread (H3Middleware *middleware, H3Handler unread)
{
    middleware->unread = unread;
}

gboolean
middleware_wants_unread (const H3Middleware *middleware)
{
    return middleware->unread != NULL && middleware->methods == NULL
           && middleware->predicate == NULL;
}

void
middleware_tell_unread (const H3Middleware *middleware, H3Event *event)
{
    middleware->unread (event, middleware->user_data);
}

void
middleware_set_check (H3Middleware *middleware, MiddlewareCheck check)
{
    middleware->check = check;
}

gboolean
middleware_check (const H3Middleware *middleware, GError **error)
{
    return middleware->check == NULL || middleware->check (middleware->user_data, error);
}

void
middleware_set_start (H3Middleware *middleware, void (*start) (gpointer user_data))
{
    middleware->start = start;
}

gboolean
middleware_wants_start (const H3Middleware *middleware)
{
    return middleware->start != NULL;
}

void
middleware_start (const H3Middleware *middleware)
{
    middleware->start (middleware->user_data);
}

void
middleware_set_choice (H3Middleware *middleware, MiddlewareChoice choice)
{
    middleware->choice = choice;
}

gboolean
middleware_takes_route (const H3Middleware *middleware, const H3Route *route)
{
    return middleware->choice == NULL || middleware->choice (route, middleware->user_data);
}

gboolean
middleware_is_early (const H3Middleware *middleware)
{
    return middleware->is_early;
}

gboolean
chain_prefix_has (const char *prefix, H3View path)
{
    gsize length = strlen (prefix);

    while (length > 0 && prefix[length - 1] == '/')
        length--;
    return path.length >= length && memcmp (path.data, prefix, length) == 0
           && (path.length == length || path.data[length] == '/' || length == 0);
}

/* What is meant for GET must not be got around with HEAD, which leads to the same handler. */
static gboolean
takes_method (const H3Middleware *middleware, const H3Event *event)
{
    const char *const *methods = (const char *const *) middleware->methods;

    return g_strv_contains (methods, h3_request_get_method_name (&event->request))
           || g_strv_contains (methods, "*")
           || (event->request.method == H3_METHOD_HEAD && g_strv_contains (methods, "GET"));
}

static gboolean
applies (const ChainCondition *condition, H3Event *event)
{
    H3Middleware *middleware = condition->middleware;

    if (condition->prefix != NULL
        && !chain_prefix_has (condition->prefix, request_path (&event->request)))
        return FALSE;
    if (middleware->methods != NULL && !takes_method (middleware, event))
        return FALSE;
    return middleware->predicate == NULL
           || middleware->predicate (event, middleware->predicate_data);
}

void
middleware_run (H3Middleware *middleware, H3Event *event)
{
    const ChainCondition everywhere = { middleware, NULL };

    if (applies (&everywhere, event))
        middleware->handler (event, middleware->user_data);
    else
        chain_next (event);
}

static void
run_conditional (H3Event *event, gpointer user_data)
{
    const ChainCondition *condition = user_data;

    if (applies (condition, event))
        condition->middleware->handler (event, condition->middleware->user_data);
    else
        chain_next (event);
}

static void
find_nothing (H3Event *event, gpointer user_data)
{
    h3_event_fail (event, h3_http_error_new (404, NULL));
}

static ChainStep
make_step (Chain *chain, guint index, const ChainLink *link)
{
    H3Middleware *middleware = link->middleware;
    ChainCondition *condition = &chain->conditions[index];

    chain->held[index] = h3_middleware_ref (middleware);
    if (link->prefix == NULL && middleware->methods == NULL && middleware->predicate == NULL)
        return (ChainStep){ middleware->handler, middleware->user_data };
    condition->middleware = middleware;
    condition->prefix = link->prefix;
    return (ChainStep){ run_conditional, condition };
}

Chain *
chain_new (const ChainLink *links, guint n_links, H3Handler last, gpointer user_data)
{
    Chain *chain = g_malloc0 (sizeof *chain + (n_links + 3) * sizeof (ChainStep));

    chain->n_links = n_links;
    chain->held = g_new0 (H3Middleware *, n_links);
    chain->conditions = g_new0 (ChainCondition, n_links);
    for (guint i = 0; i < n_links; i++)
        chain->steps[i] = make_step (chain, i, &links[i]);
    chain->steps[n_links] = (ChainStep){ last, user_data };
    chain->steps[n_links + 1] = (ChainStep){ find_nothing, NULL };
    return chain;
}

void
chain_set_gather (Chain *chain, H3Handler gather)
{
    guint n_early = 0;

    while (n_early < chain->n_links && chain->held[n_early]->is_early)
        n_early++;
    chain->n_early = n_early;
    if (n_early == 0)
        return;
    memmove (&chain->steps[n_early + 1], &chain->steps[n_early],
             (chain->n_links + 2 - n_early) * sizeof *chain->steps);
    chain->steps[n_early] = (ChainStep){ gather, chain };
}

gboolean
chain_gathers (const Chain *chain)
{
    return chain->n_early > 0;
}

gboolean
chain_is_early (const Chain *chain, const H3Middleware *middleware)
{
    for (guint i = 0; i < chain->n_early; i++) {
        if (chain->held[i] == middleware)
            return TRUE;
    }
    return FALSE;
}

void
chain_free (Chain *chain)
{
    if (chain == NULL)
        return;
    for (guint i = 0; i < chain->n_links; i++)
        h3_middleware_unref (chain->held[i]);
    g_free (chain->held);
    g_free (chain->conditions);
    g_free (chain);
}

void
chain_start (const Chain *chain, H3Event *event)
{
    event->cursor = chain->steps;
}

void
chain_next (H3Event *event)
{
    const ChainStep *step = event->cursor;

    /* Before a route was looked for, as in a request hook, there is nothing behind. */
    g_return_if_fail (step != NULL);
    if (step->handler != find_nothing)
        event->cursor = step + 1;
    step->handler (event, step->user_data);
}

const H3Route *
h3_event_get_route (const H3Event *event)
{
    g_return_val_if_fail (event != NULL, NULL);
    return event->route;
}
