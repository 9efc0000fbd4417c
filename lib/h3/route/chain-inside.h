/* SPDX-License-Identifier: MIT
 *
 * Middleware and a handler in order as one flat array, made when the app starts: running it
 * allocates, hashes and locks nothing. Owned by the app; read by all workers. */

#pragma once

#include <h3/route/chain.h>

G_BEGIN_DECLS

typedef struct _Chain Chain;

/* Middleware that stands before a handler. */
typedef struct {
    H3Middleware *middleware; /* borrowed: the app; the chain takes a ref */
    const char *prefix;       /* borrowed: the app; NULL: known to apply, else asked of each path */
} ChainLink;

Chain *chain_new (const ChainLink *links, guint n_links, H3Handler last, gpointer user_data);
void chain_free (Chain *chain);

/* A step between the early middleware, where the chain begins with some, and all the rest: `gather`
 * has the request's body read, is given the chain, and calls next. Before the chain is used. */
void chain_set_gather (Chain *chain, H3Handler gather);
/* Whether there is one. */
gboolean chain_gathers (const Chain *chain);
/* Whether `middleware` is before it. */
gboolean chain_is_early (const Chain *chain, const H3Middleware *middleware);

/* The event is to run this chain from its beginning. */
void chain_start (const Chain *chain, H3Event *event);

/* Runs the next step: an EventHost's next (). */
void chain_next (H3Event *event);

/* A battery's: `unread` is called, with the middleware's own data, for requests that pass no chain
 * since they could not be read; it may look, and set fields that stay with an error; it may not
 * answer. */
void middleware_set_unread (H3Middleware *middleware, H3Handler unread);
/* Whether that is wanted: never of middleware with methods or a predicate, which nobody can ask. */
gboolean middleware_wants_unread (const H3Middleware *middleware);
void middleware_tell_unread (const H3Middleware *middleware, H3Event *event);

/* A battery's: asked, with the middleware's own data, when an app that uses it is frozen; once or
 * more often, before any worker runs. FALSE with H3_ERROR where it was set up as it cannot be. */
typedef gboolean (*MiddlewareCheck) (gpointer user_data, GError **error);
void middleware_set_check (H3Middleware *middleware, MiddlewareCheck check);
gboolean middleware_check (const H3Middleware *middleware, GError **error);

/* A battery's: called, with the middleware's own data, on the thread of each worker of a server
 * before it serves. */
void middleware_set_start (H3Middleware *middleware, void (*start) (gpointer user_data));
gboolean middleware_wants_start (const H3Middleware *middleware);
void middleware_start (const H3Middleware *middleware);

/* A battery's: asked, with the middleware's own data, when the chain of a route is made, or
 * (NULL) that of requests without one; where it says FALSE the middleware does not stand in it, and
 * costs the route nothing. */
typedef gboolean (*MiddlewareChoice) (const H3Route *route, gpointer user_data);
void middleware_set_choice (H3Middleware *middleware, MiddlewareChoice choice);
gboolean middleware_takes_route (const H3Middleware *middleware, const H3Route *route);

gboolean middleware_is_early (const H3Middleware *middleware);

/* Has `middleware` run where it applies by its methods and its predicate, else what stands behind
 * it. */
void middleware_run (H3Middleware *middleware, H3Event *event);

/* Whether `path` lies at or below `prefix`, by whole segments: "/api" has "/api" and "/api/x". */
gboolean chain_prefix_has (const char *prefix, H3View path);

G_END_DECLS
