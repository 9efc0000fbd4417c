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
 * A handler that stands around others, with what it needs, and where it applies. Every battery's
 * `_new` returns one.
 *
 * It acts, calls h3_event_next() for what stands behind it, and may act again; it does so now,
 * later or never. Boxed and reference-counted, any thread; it is frozen once an app that uses it
 * has started.
 *
 * Since: 0.1
 */
typedef struct _H3Middleware H3Middleware;

#define H3_TYPE_MIDDLEWARE (h3_middleware_get_type ())
GType h3_middleware_get_type (void);

/**
 * h3_middleware_new: (constructor)
 * @handler: (scope notified) (closure user_data) (destroy destroy): what to call
 * @user_data: (nullable): for @handler
 * @destroy: (nullable): for @user_data, when the last reference is dropped
 *
 * Makes a middleware of a handler.
 *
 * Returns: (transfer full): a middleware that applies to every request
 *
 * Since: 0.1
 */
H3Middleware *h3_middleware_new (H3Handler handler, gpointer user_data, GDestroyNotify destroy);

/**
 * h3_middleware_ref:
 * @middleware: a middleware
 *
 * Takes a reference. Any thread.
 *
 * Returns: (transfer full): @middleware
 *
 * Since: 0.1
 */
H3Middleware *h3_middleware_ref (H3Middleware *middleware);

/**
 * h3_middleware_unref:
 * @middleware: (transfer full) (nullable): a middleware; %NULL is allowed
 *
 * Drops a reference. Any thread.
 *
 * Since: 0.1
 */
void h3_middleware_unref (H3Middleware *middleware);

/**
 * H3Predicate:
 * @event: (transfer none): the exchange
 * @user_data: (nullable) (closure): what was given with the function
 *
 * Tells whether a middleware applies to an event, on the event's worker.
 *
 * Returns: whether the middleware applies to this event
 *
 * Since: 0.1
 */
typedef gboolean (*H3Predicate) (H3Event *event, gpointer user_data);

/**
 * h3_middleware_set_methods:
 * @middleware: a middleware that is not frozen
 * @methods: names with blanks between, where GET stands for HEAD too, as in routes; `*`: all
 *
 * Has it apply only to these methods; they replace those of before.
 *
 * Since: 0.1
 */
void h3_middleware_set_methods (H3Middleware *middleware, const char *methods);

/**
 * h3_middleware_set_predicate:
 * @middleware: a middleware that is not frozen
 * @predicate: (scope notified) (closure user_data) (destroy destroy): says where, asked on the
 *   event's worker
 * @user_data: (nullable): for @predicate
 * @destroy: (nullable): for @user_data, when the last reference is dropped or another predicate set
 *
 * Has it apply only where @predicate says so.
 *
 * Since: 0.1
 */
void h3_middleware_set_predicate (H3Middleware *middleware, H3Predicate predicate,
                                  gpointer user_data, GDestroyNotify destroy);

/**
 * h3_middleware_set_early:
 * @middleware: a middleware that is not frozen
 * @is_early: %FALSE unless it is set
 *
 * Says whether the middleware does without the request's body.
 *
 * An early one runs when the head is there, before 100 Continue (RFC 9110 §10.1.1) and before any
 * of the body is read, where all that stand before it are early as well: what it refuses is never
 * sent. What is after h3_event_next() in it may run before the handler, so that it looks at the
 * answer in h3_event_on_send().
 *
 * Since: 0.1
 */
void h3_middleware_set_early (H3Middleware *middleware, gboolean is_early);

/**
 * h3_event_get_route:
 * @event: an event
 *
 * Gives the route that was found for the event: its name, its data.
 *
 * Returns: (transfer none) (nullable): the route, which the app holds; %NULL where none was found
 *
 * Since: 0.1
 */
const H3Route *h3_event_get_route (const H3Event *event);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (H3Middleware, h3_middleware_unref)

G_END_DECLS
