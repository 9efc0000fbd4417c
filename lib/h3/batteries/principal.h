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
 * The outcome of an authentication. It keeps no secret: no password, no token.
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
 * Returns: (transfer full): a principal without claims
 */
H3Principal *h3_principal_new (const char *scheme, const char *name, const char *const *scopes);

/**
 * h3_principal_new_with_claims: (skip)
 * @claims: (nullable) (transfer full): a JSON object that nobody changes any more
 *
 * Returns: (transfer full): the same with what a token says
 */
H3Principal *h3_principal_new_with_claims (const char *scheme, const char *name,
                                           const char *const *scopes, json_t *claims);

H3Principal *h3_principal_ref (H3Principal *principal);
/* NULL is allowed. */
void h3_principal_unref (H3Principal *principal);

/* (transfer none) */
const char *h3_principal_get_scheme (const H3Principal *principal);
const char *h3_principal_get_name (const H3Principal *principal);

/* Returns: (transfer none) (array zero-terminated=1): each once, none empty, in the order they were
 * given. */
const char *const *h3_principal_get_scopes (const H3Principal *principal);
gboolean h3_principal_has_scope (const H3Principal *principal, const char *scope);

/* (skip) Returns: (transfer none) (nullable): what the token said; to be read only. */
const json_t *h3_principal_get_claims (const H3Principal *principal);

/* Its introspectable twin. Returns: (transfer full) (nullable): the claims as JSON. */
char *h3_principal_dup_claims_text (const H3Principal *principal);

/**
 * h3_event_set_principal:
 * @event: an exchange
 * @principal: (transfer full) (nullable): whose it is; %NULL: nobody's
 *
 * What middleware does that has verified credentials. Who holds the event may call it.
 */
void h3_event_set_principal (H3Event *event, H3Principal *principal);

/* Returns: (transfer none) (nullable): lives as long as the event, or until another is set. */
H3Principal *h3_event_get_principal (const H3Event *event);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (H3Principal, h3_principal_unref)

G_END_DECLS
