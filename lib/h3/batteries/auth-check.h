/* SPDX-License-Identifier: MIT
 *
 * Credentials that a program's own function verifies, now or later. A check belongs to its event
 * and is decided once, on the event's worker. Since: 0.1 */

#pragma once

#include <h3/batteries/principal.h>

G_BEGIN_DECLS

/**
 * H3AuthCheck:
 *
 * Credentials of one exchange. Boxed: a copy of it holds the event that it belongs to.
 *
 * Since: 0.1
 */
typedef struct _H3AuthCheck H3AuthCheck;

#define H3_TYPE_AUTH_CHECK (h3_auth_check_get_type ())
GType h3_auth_check_get_type (void);

/**
 * H3AuthVerify:
 * @check: (transfer none): to be decided with h3_auth_check_accept(), h3_auth_check_refuse() or
 *   h3_auth_check_fail()
 * @user_data: (nullable) (closure): what was registered with it
 *
 * Says who credentials belong to. Called on the event's worker, which it must not hold up. Who
 * decides later holds the event, as h3_event_defer() and h3_event_offload() do; where nobody does
 * it is answered 500. It compares secrets with h3_digest_equal(), and takes as long for users that
 * are not there.
 *
 * Since: 0.1
 */
typedef void (*H3AuthVerify) (H3AuthCheck *check, gpointer user_data);

/**
 * h3_auth_check_get_event:
 * @check: a check
 *
 * Gets the exchange whose credentials these are.
 *
 * Returns: (transfer none): the exchange
 *
 * Since: 0.1
 */
H3Event *h3_auth_check_get_event (const H3AuthCheck *check);

/**
 * h3_auth_check_get_user:
 * @check: a check
 *
 * Gets the user that Basic tells.
 *
 * Returns: (transfer none) (nullable): the user: UTF-8 without controls; %NULL where it came
 *   otherwise
 *
 * Since: 0.1
 */
const char *h3_auth_check_get_user (const H3AuthCheck *check);

/**
 * h3_auth_check_get_password:
 * @check: a check
 *
 * Gets the password that Basic tells.
 *
 * Returns: (transfer none) (nullable): the password: UTF-8 without controls; %NULL where it came
 *   otherwise
 *
 * Since: 0.1
 */
const char *h3_auth_check_get_password (const H3AuthCheck *check);

/**
 * h3_auth_check_get_token:
 * @check: a check
 *
 * Gets the token that Bearer tells.
 *
 * Returns: (transfer none) (nullable): the token; %NULL where it came otherwise
 *
 * Since: 0.1
 */
const char *h3_auth_check_get_token (const H3AuthCheck *check);

/**
 * h3_auth_check_accept:
 * @check: a check that is not decided
 * @principal: (transfer full): who it is
 *
 * Says that it is @principal: the chain goes on. Worker only.
 *
 * Since: 0.1
 */
void h3_auth_check_accept (H3AuthCheck *check, H3Principal *principal);

/**
 * h3_auth_check_refuse:
 * @check: a check that is not decided
 * @description: (nullable): shown to the client: a text without controls that says nothing of
 *   whether there is such a user
 *
 * Says that it is nobody: 401. Worker only.
 *
 * Since: 0.1
 */
void h3_auth_check_refuse (H3AuthCheck *check, const char *description);

/**
 * h3_auth_check_fail:
 * @check: a check that is not decided
 * @error: (transfer full): why
 *
 * Says that nobody can tell: h3_event_fail() with @error. Worker only.
 *
 * Since: 0.1
 */
void h3_auth_check_fail (H3AuthCheck *check, GError *error);

G_END_DECLS
