/* SPDX-License-Identifier: MIT
 *
 * Middleware: handlers that stand around others. One of them acts, calls h3_event_next () for what
 * stands behind it, and may act again; it does so now, later or never. A middleware is
 * reference-counted, any thread; it is frozen once an app that uses it has started. Since: 0.1 */

#pragma once

#include <h3/http/event.h>
#include <h3/route/route.h>

#include <glib-object.h>

G_BEGIN_DECLS

/**
 * H3Middleware:
 *
 * A handler with what it needs, and where it applies. Every battery's `_new` returns one.
 */
typedef struct _H3Middleware H3Middleware;

#define H3_TYPE_MIDDLEWARE (h3_middleware_get_type ())
GType h3_middleware_get_type (void);

/**
 * h3_middleware_new:
 * @handler: (scope notified) (closure user_data) (destroy destroy): what to call
 * @user_data: (nullable): for @handler
 * @destroy: (nullable): for @user_data, when the last reference is dropped
 *
 * Returns: (transfer full): a middleware that applies to every request
 */
H3Middleware *h3_middleware_new (H3Handler handler, gpointer user_data, GDestroyNotify destroy);

H3Middleware *h3_middleware_ref (H3Middleware *middleware);
/* NULL is allowed. */
void h3_middleware_unref (H3Middleware *middleware);

/**
 * H3Predicate:
 *
 * Returns: whether the middleware applies to this event
 */
typedef gboolean (*H3Predicate) (H3Event *event, gpointer user_data);

/* It applies only to these methods (names with blanks between; they replace those of before), where
 * GET stands for HEAD too, as in routes, and `*` for all. */
void h3_middleware_set_methods (H3Middleware *middleware, const char *methods);

/* It applies only where `predicate` (scope notified) says so, asked on the event's worker. */
void h3_middleware_set_predicate (H3Middleware *middleware, H3Predicate predicate,
                                  gpointer user_data, GDestroyNotify destroy);

/* Whether the middleware does without the request's body: FALSE unless it is set. An early one runs
 * when the head is there, before 100 Continue and before any of the body is read, where all that
 * stand before it are early as well: what it refuses is never sent. What is after h3_event_next ()
 * in it may run before the handler, so that it looks at the answer in h3_event_on_send (). */
void h3_middleware_set_early (H3Middleware *middleware, gboolean is_early);

/* Returns: (transfer none) (nullable): the route that was found for the event: its name, its data.
 */
const H3Route *h3_event_get_route (const H3Event *event);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (H3Middleware, h3_middleware_unref)

G_END_DECLS
