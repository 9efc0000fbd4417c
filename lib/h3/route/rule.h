/* SPDX-License-Identifier: MIT
 *
 * What holds for all paths that a pattern takes, beside their routes: fields, a redirect, caching,
 * limits, middleware. Of all rules that take a path, the most specific has the word for each of
 * these. Set up on one thread, given to h3_app_add_rule (); frozen when the app starts, and read by
 * all workers. What cannot be is told by h3_app_start (). Since: 0.1 */

#pragma once

#include <h3/route/chain.h>

#include <glib-object.h>

G_BEGIN_DECLS

/**
 * H3RouteRule:
 *
 * What holds for all paths that a pattern takes, beside their routes: fields, a redirect, caching,
 * limits, middleware. Of all rules that take a path, the most specific has the word for each of
 * these.
 *
 * Boxed, reference-counted (any thread): one may be given for several patterns. Set up on one
 * thread, given to h3_app_add_rule(); frozen when the app starts, and read by all workers. What
 * cannot be is told by h3_app_start(). A setter called later is a critical.
 *
 * Since: 0.1
 */
typedef struct _H3RouteRule H3RouteRule;

#define H3_TYPE_ROUTE_RULE (h3_route_rule_get_type ())
GType h3_route_rule_get_type (void);

/**
 * h3_route_rule_new: (constructor)
 *
 * Makes a rule that says nothing yet.
 *
 * Returns: (transfer full): the rule
 *
 * Since: 0.1
 */
H3RouteRule *h3_route_rule_new (void);

/**
 * h3_route_rule_ref:
 * @rule: a rule
 *
 * Takes a reference. Any thread.
 *
 * Returns: (transfer full): @rule
 *
 * Since: 0.1
 */
H3RouteRule *h3_route_rule_ref (H3RouteRule *rule);

/**
 * h3_route_rule_unref:
 * @rule: (transfer full) (nullable): a rule; %NULL is allowed
 *
 * Drops a reference. Any thread.
 *
 * Since: 0.1
 */
void h3_route_rule_unref (H3RouteRule *rule);

/**
 * h3_route_rule_set_header:
 * @rule: a rule that is not frozen
 * @name: of a field of answers; not Content-Type, Set-Cookie, Location, those that the server sets
 *   itself, nor those that have a function here
 * @value: (nullable): %NULL: the field that a less specific rule sets is left out
 *
 * Sets a field of all answers, errors too, that do not have it from a handler.
 *
 * Since: 0.1
 */
void h3_route_rule_set_header (H3RouteRule *rule, const char *name, const char *value);

/**
 * h3_route_rule_set_redirect:
 * @rule: a rule that is not frozen
 * @status: 301, 302, 303, 307 or 308
 * @target: (nullable): `/new`, `/new/:id`, `/new/` and `**:rest`, or such a path behind
 *   `https://host`; then a query or a fragment, as they stand. A parameter is that of the rule's
 *   pattern, and of the same kind. %NULL: a redirect of a less specific rule does not hold
 *
 * Has all requests answered with a redirect instead of by their routes, behind all middleware. The
 * request's query goes along where @target has none.
 *
 * Since: 0.1
 */
void h3_route_rule_set_redirect (H3RouteRule *rule, guint status, const char *target);

/**
 * h3_route_rule_set_cache:
 * @rule: a rule that is not frozen
 * @directives: (nullable): Cache-Control (RFC 9111 §5.2.2): "public, max-age=60,
 *   stale-while-revalidate=30", "no-store"; %NULL: less specific rules do not hold
 *
 * Sets Cache-Control of answers that do not have it from a handler: those below 400 to GET and
 * HEAD; all of them, where it is no-store. An answer that sets a cookie is never one for shared
 * caches: it is no-store where @directives has public or s-maxage.
 *
 * Since: 0.1
 */
void h3_route_rule_set_cache (H3RouteRule *rule, const char *directives);

/**
 * h3_route_rule_set_vary:
 * @rule: a rule that is not frozen
 * @names: (nullable): of fields, with blanks between; %NULL: less specific rules do not hold
 *
 * Adds the names of these fields to Vary (RFC 9110 §12.5.5) of all answers.
 *
 * Since: 0.1
 */
void h3_route_rule_set_vary (H3RouteRule *rule, const char *names);

/**
 * h3_route_rule_set_body_max:
 * @rule: a rule that is not frozen
 * @max_bytes: as of h3_route_set_body(); not 0
 *
 * Says how large bodies of requests may be, of routes that do not say so themselves.
 *
 * Since: 0.1
 */
void h3_route_rule_set_body_max (H3RouteRule *rule, gsize max_bytes);

/**
 * h3_route_rule_set_deadline:
 * @rule: a rule that is not frozen
 * @milliseconds: as of h3_route_set_deadline(); not 0
 *
 * Says how long an answer may take, of routes that do not say so themselves.
 *
 * Since: 0.1
 */
void h3_route_rule_set_deadline (H3RouteRule *rule, guint milliseconds);

/**
 * h3_route_rule_set_middleware:
 * @rule: a rule that is not frozen
 * @slot: what it is for, a token: "cors", "limit", any other
 * @middleware: (transfer full) (nullable): what stands there; %NULL: that of a less specific rule
 *   does not
 *
 * Puts @middleware before all of h3_app_use(), also where no route is found. Each slot has one: the
 * most specific. "cors" comes first, the others in the order of their names.
 *
 * Since: 0.1
 */
void h3_route_rule_set_middleware (H3RouteRule *rule, const char *slot, H3Middleware *middleware);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (H3RouteRule, h3_route_rule_unref)

G_END_DECLS
