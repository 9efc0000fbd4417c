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
 */
typedef struct _H3CorsPolicy H3CorsPolicy;

#define H3_TYPE_CORS_POLICY (h3_cors_policy_get_type ())
GType h3_cors_policy_get_type (void);

/* Returns: (transfer full): a policy that allows no origin yet, and those that will be: GET, HEAD,
 * POST, PUT, PATCH and DELETE, the field Content-Type, no credentials; kept for 10 minutes. */
H3CorsPolicy *h3_cors_policy_new (void);
H3CorsPolicy *h3_cors_policy_ref (H3CorsPolicy *policy);
/* NULL is allowed. */
void h3_cors_policy_unref (H3CorsPolicy *policy);

/**
 * h3_cors_policy_allow_origin:
 * @policy: a policy that is not frozen
 * @origin: `https://example.org`, `http://[::1]:8080`; with `*.` in front of the host, all whose
 * host has whole labels there, at any depth; with `:*` in the place of a port, any; `null`, which
 * any page can become; `*`, everybody, which is refused beside others and with credentials
 *
 * Allows pages of @origin, and may be called again for others.
 */
void h3_cors_policy_allow_origin (H3CorsPolicy *policy, const char *origin);

/* The same for origins that a regex (PCRE2) fits as a whole, as they are serialized: scheme and
 * host in lower case, no port where it is the scheme's own. */
void h3_cors_policy_allow_origin_regex (H3CorsPolicy *policy, const char *regex);

/**
 * H3CorsFunction:
 * @event: (transfer none): what is asked; must not be answered here
 * @origin: as it is serialized, "null" too
 *
 * Returns: whether pages of @origin may read the answer
 */
typedef gboolean (*H3CorsFunction) (H3Event *event, const char *origin, gpointer user_data);

/* `function` (scope notified) is asked, on workers, for origins that nothing else allows. */
void h3_cors_policy_set_function (H3CorsPolicy *policy, H3CorsFunction function, gpointer user_data,
                                  GDestroyNotify destroy);

/* Names with blanks between: methods; fields that requests may have; fields of answers that pages
 * may read. Each replaces what was there. `*` is any: of methods and of requests' fields then those
 * that were asked for are allowed by name; of answers' fields not with credentials, where browsers
 * would take it for a name. */
void h3_cors_policy_set_methods (H3CorsPolicy *policy, const char *methods);
void h3_cors_policy_set_request_fields (H3CorsPolicy *policy, const char *names);
void h3_cors_policy_set_response_fields (H3CorsPolicy *policy, const char *names);

/* How long browsers may keep the answer to a preflight, in seconds; 0: not at all. */
void h3_cors_policy_set_max_age (H3CorsPolicy *policy, guint seconds);

/* Whether requests come with cookies, client certificates and HTTP authentication. */
void h3_cors_policy_set_credentials (H3CorsPolicy *policy, gboolean allows);

/* Whether pages of the public net may ask this server where it stands in a private one. */
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
 */
H3Middleware *h3_cors_new (H3CorsPolicy *policy);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (H3CorsPolicy, h3_cors_policy_unref)

G_END_DECLS
