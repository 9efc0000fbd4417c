/* SPDX-License-Identifier: MIT
 *
 * Which pages of other origins may read answers (the CORS protocol of WHATWG's Fetch). A policy is
 * set up on one thread before the start; it is frozen when an app that uses it is, and then read by
 * all workers. What cannot be is told by h3_app_start (). Since: 0.1 */

#pragma once

#include <h3/route/chain.h>

G_BEGIN_DECLS

/**
 * H3CorsPolicy:
 *
 * Who may ask what from elsewhere. Boxed, reference-counted (any thread); several middleware and
 * rules may share one.
 *
 * Since: 0.1
 */
typedef struct _H3CorsPolicy H3CorsPolicy;

#define H3_TYPE_CORS_POLICY (h3_cors_policy_get_type ())
GType h3_cors_policy_get_type (void);

/**
 * h3_cors_policy_new:
 *
 * Makes a policy that allows no origin yet, and those that will be: GET, HEAD, POST, PUT, PATCH and
 * DELETE, the field Content-Type, no credentials; kept for 10 minutes.
 *
 * Returns: (transfer full): a new policy
 *
 * Since: 0.1
 */
H3CorsPolicy *h3_cors_policy_new (void);

/**
 * h3_cors_policy_ref:
 * @policy: a policy
 *
 * Takes one more reference. Any thread.
 *
 * Returns: (transfer full): @policy
 *
 * Since: 0.1
 */
H3CorsPolicy *h3_cors_policy_ref (H3CorsPolicy *policy);

/**
 * h3_cors_policy_unref:
 * @policy: (nullable) (transfer full): a policy
 *
 * Gives a reference back; the last frees it. Any thread.
 *
 * Since: 0.1
 */
void h3_cors_policy_unref (H3CorsPolicy *policy);

/**
 * h3_cors_policy_allow_origin:
 * @policy: a policy that is not frozen
 * @origin: `https://example.org`, `http://[::1]:8080`; with `*.` in front of the host, all whose
 *   host has whole labels there, at any depth; with `:*` in the place of a port, any; `null`, which
 *   any page can become; `*`, everybody, which is refused beside others and with credentials
 *
 * Allows pages of @origin, and may be called again for others.
 *
 * Since: 0.1
 */
void h3_cors_policy_allow_origin (H3CorsPolicy *policy, const char *origin);

/**
 * h3_cors_policy_allow_origin_regex:
 * @policy: a policy that is not frozen
 * @regex: of PCRE2
 *
 * Allows pages of origins that @regex fits as a whole, as they are serialized: scheme and host in
 * lower case, no port where it is the scheme's own.
 *
 * Since: 0.1
 */
void h3_cors_policy_allow_origin_regex (H3CorsPolicy *policy, const char *regex);

/**
 * H3CorsFunction:
 * @event: (transfer none): what is asked; must not be answered here
 * @origin: as it is serialized, "null" too
 * @user_data: (nullable) (closure): what was set with it
 *
 * Decides for origins that nothing else allows, on workers, several at once.
 *
 * Returns: whether pages of @origin may read the answer
 *
 * Since: 0.1
 */
typedef gboolean (*H3CorsFunction) (H3Event *event, const char *origin, gpointer user_data);

/**
 * h3_cors_policy_set_function:
 * @policy: a policy that is not frozen
 * @function: (scope notified) (closure user_data) (destroy destroy): asked, on workers, for origins
 *   that nothing else allows
 * @user_data: (nullable): for @function
 * @destroy: (nullable): for @user_data, with the end of @policy
 *
 * Has a function of the program's allow origins.
 *
 * Since: 0.1
 */
void h3_cors_policy_set_function (H3CorsPolicy *policy, H3CorsFunction function, gpointer user_data,
                                  GDestroyNotify destroy);

/**
 * h3_cors_policy_set_methods:
 * @policy: a policy that is not frozen
 * @methods: names with blanks between; `*` is any: those that were asked for are then allowed by
 *   name
 *
 * Says which methods pages may use, in the place of what was there.
 *
 * Since: 0.1
 */
void h3_cors_policy_set_methods (H3CorsPolicy *policy, const char *methods);

/**
 * h3_cors_policy_set_request_fields:
 * @policy: a policy that is not frozen
 * @names: names with blanks between; `*` is any: those that were asked for are then allowed by name
 *
 * Says which fields requests may have, in the place of what was there.
 *
 * Since: 0.1
 */
void h3_cors_policy_set_request_fields (H3CorsPolicy *policy, const char *names);

/**
 * h3_cors_policy_set_response_fields:
 * @policy: a policy that is not frozen
 * @names: names with blanks between; `*` is any, but not with credentials, where browsers would
 *   take it for a name
 *
 * Says which fields of answers pages may read, in the place of what was there.
 *
 * Since: 0.1
 */
void h3_cors_policy_set_response_fields (H3CorsPolicy *policy, const char *names);

/**
 * h3_cors_policy_set_max_age:
 * @policy: a policy that is not frozen
 * @seconds: 0: not at all
 *
 * Says how long browsers may keep the answer to a preflight.
 *
 * Since: 0.1
 */
void h3_cors_policy_set_max_age (H3CorsPolicy *policy, guint seconds);

/**
 * h3_cors_policy_set_credentials:
 * @policy: a policy that is not frozen
 * @allows: %FALSE where nothing is said
 *
 * Says whether requests come with cookies, client certificates and HTTP authentication.
 *
 * Since: 0.1
 */
void h3_cors_policy_set_credentials (H3CorsPolicy *policy, gboolean allows);

/**
 * h3_cors_policy_set_private_network:
 * @policy: a policy that is not frozen
 * @allows: %FALSE where nothing is said
 *
 * Says whether pages of the public net may ask this server where it stands in a private one.
 *
 * Since: 0.1
 */
void h3_cors_policy_set_private_network (H3CorsPolicy *policy, gboolean allows);

/**
 * h3_cors_new:
 * @policy: (transfer none): a reference is kept
 *
 * Tells browsers by @policy who may read answers, and answers preflights with 204. To be used at a
 * prefix, or by a rule, and before what asks who the client is: preflights carry no credentials,
 * and no route sees them. Its fields stand on errors too. Two Origin fields are answered 400.
 *
 * Returns: (transfer full): middleware for h3_app_use()
 *
 * Since: 0.1
 */
H3Middleware *h3_cors_new (H3CorsPolicy *policy);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (H3CorsPolicy, h3_cors_policy_unref)

G_END_DECLS
