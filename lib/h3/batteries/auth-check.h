/* SPDX-License-Identifier: MIT
 *
 * Credentials that a program's own function verifies, now or later. A check belongs to its event
 * and is decided once, on the event's worker. Since: 0.1 */

#pragma once

#include <h3/batteries/principal.h>

G_BEGIN_DECLS

/**
 * H3AuthCheck: (skip)
 *
 * Credentials of one exchange.
 */
typedef struct _H3AuthCheck H3AuthCheck;

/**
 * H3AuthVerify: (skip)
 * @check: to be decided with one of the functions below
 *
 * Called on the event's worker, which it must not hold up. Who decides later holds the event, as
 * h3_event_defer() and h3_event_offload() do; where nobody does it is answered 500. It compares
 * secrets with h3_digest_equal(), and takes as long for users that are not there.
 */
typedef void (*H3AuthVerify) (H3AuthCheck *check, gpointer user_data);

/* (transfer none): the exchange. */
H3Event *h3_auth_check_get_event (const H3AuthCheck *check);

/* (transfer none) (nullable): what came: UTF-8 without controls by Basic, else NULL. */
const char *h3_auth_check_get_user (const H3AuthCheck *check);
const char *h3_auth_check_get_password (const H3AuthCheck *check);
/* (transfer none) (nullable): by Bearer, else NULL. */
const char *h3_auth_check_get_token (const H3AuthCheck *check);

/* It is `principal` (transfer full): the chain goes on. */
void h3_auth_check_accept (H3AuthCheck *check, H3Principal *principal);

/* It is nobody: 401. `description` (nullable) is shown to the client: a text without controls that
 * says nothing of whether there is such a user. */
void h3_auth_check_refuse (H3AuthCheck *check, const char *description);

/* Nobody can tell: h3_event_fail() with `error` (transfer full). */
void h3_auth_check_fail (H3AuthCheck *check, GError *error);

G_END_DECLS
