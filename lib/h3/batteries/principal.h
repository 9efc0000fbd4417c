/* SPDX-License-Identifier: MIT
 *
 * Who a request was shown to come from, as whoever verified it says: a scheme, a name, what it may
 * do. Immutable and reference-counted; any thread, but for what takes an event. Since: 0.1 */

#pragma once

#include <h3/http/event.h>

#include <glib-object.h>

G_BEGIN_DECLS

typedef struct json_t json_t;

/**
 * H3Principal:
 *
 * The outcome of an authentication. It keeps no secret: no password, no token. Boxed,
 * reference-counted.
 *
 * Since: 0.1
 */
typedef struct _H3Principal H3Principal;

#define H3_TYPE_PRINCIPAL (h3_principal_get_type ())
GType h3_principal_get_type (void);

/**
 * h3_principal_new:
 * @scheme: how it was shown, in lower case: "basic", "bearer", "digest", "session"
 * @name: who it is, UTF-8; "" where only what it may do is known
 * @scopes: (nullable) (array zero-terminated=1): what it may do
 *
 * Makes a principal without claims.
 *
 * Returns: (transfer full): a new principal
 *
 * Since: 0.1
 */
H3Principal *h3_principal_new (const char *scheme, const char *name, const char *const *scopes);

/**
 * h3_principal_new_with_claims: (skip)
 * @scheme: as of h3_principal_new()
 * @name: as of h3_principal_new()
 * @scopes: (nullable) (array zero-terminated=1): as of h3_principal_new()
 * @claims: (nullable) (transfer full): a JSON object that nobody changes any more
 *
 * Makes a principal with what a token says. Bindings have h3_principal_new_with_claims_text().
 *
 * Returns: (transfer full): a new principal
 *
 * Since: 0.1
 */
H3Principal *h3_principal_new_with_claims (const char *scheme, const char *name,
                                           const char *const *scopes, json_t *claims);

/**
 * h3_principal_new_with_claims_text:
 * @scheme: as of h3_principal_new()
 * @name: as of h3_principal_new()
 * @scopes: (nullable) (array zero-terminated=1): as of h3_principal_new()
 * @claims: a JSON object in UTF-8
 * @error: %H3_ERROR_SYNTAX where @claims is none
 *
 * Makes a principal with what a token says, as a text.
 *
 * Returns: (transfer full): a new principal; %NULL with @error
 *
 * Since: 0.1
 */
H3Principal *h3_principal_new_with_claims_text (const char *scheme, const char *name,
                                                const char *const *scopes, const char *claims,
                                                GError **error);

/**
 * h3_principal_ref:
 * @principal: a principal
 *
 * Takes one more reference. Any thread.
 *
 * Returns: (transfer full): @principal
 *
 * Since: 0.1
 */
H3Principal *h3_principal_ref (H3Principal *principal);

/**
 * h3_principal_unref:
 * @principal: (nullable) (transfer full): a principal
 *
 * Gives a reference back; the last frees it. Any thread.
 *
 * Since: 0.1
 */
void h3_principal_unref (H3Principal *principal);

/**
 * h3_principal_get_scheme:
 * @principal: a principal
 *
 * Gets how a principal was shown.
 *
 * Returns: (transfer none): as of h3_principal_new()
 *
 * Since: 0.1
 */
const char *h3_principal_get_scheme (const H3Principal *principal);

/**
 * h3_principal_get_name:
 * @principal: a principal
 *
 * Gets who a principal is.
 *
 * Returns: (transfer none): as of h3_principal_new()
 *
 * Since: 0.1
 */
const char *h3_principal_get_name (const H3Principal *principal);

/**
 * h3_principal_get_scopes:
 * @principal: a principal
 *
 * Gets what a principal may do.
 *
 * Returns: (transfer none) (array zero-terminated=1): each once, none empty, in the order they were
 *   given
 *
 * Since: 0.1
 */
const char *const *h3_principal_get_scopes (const H3Principal *principal);

/**
 * h3_principal_has_scope:
 * @principal: a principal
 * @scope: one
 *
 * Says whether a principal may do something.
 *
 * Returns: whether @scope is among its scopes
 *
 * Since: 0.1
 */
gboolean h3_principal_has_scope (const H3Principal *principal, const char *scope);

/**
 * h3_principal_get_claims: (skip)
 * @principal: a principal
 *
 * Gets what the token said. Bindings have h3_principal_dup_claims_text().
 *
 * Returns: (transfer none) (nullable): the claims, to be read only; %NULL where there are none
 *
 * Since: 0.1
 */
const json_t *h3_principal_get_claims (const H3Principal *principal);

/**
 * h3_principal_dup_claims_text:
 * @principal: a principal
 *
 * Gets what the token said as a text.
 *
 * Returns: (transfer full) (nullable): the claims as JSON; %NULL where there are none
 *
 * Since: 0.1
 */
char *h3_principal_dup_claims_text (const H3Principal *principal);

/**
 * h3_event_set_principal:
 * @event: an exchange
 * @principal: (transfer full) (nullable): whose it is; %NULL: nobody's
 *
 * Says whose an exchange is, as middleware does that has verified credentials. Who holds the event
 * may call it.
 *
 * Since: 0.1
 */
void h3_event_set_principal (H3Event *event, H3Principal *principal);

/**
 * h3_event_get_principal:
 * @event: an exchange
 *
 * Gets whose an exchange is.
 *
 * Returns: (transfer none) (nullable): lives as long as the event, or until another is set; %NULL:
 *   nobody's
 *
 * Since: 0.1
 */
H3Principal *h3_event_get_principal (const H3Event *event);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (H3Principal, h3_principal_unref)

G_END_DECLS
