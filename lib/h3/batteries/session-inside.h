/* SPDX-License-Identifier: MIT
 *
 * What other batteries ask of a session. As <h3/batteries/session.h>. */

#pragma once

#include "session-document.h"
#include "session.h"

G_BEGIN_DECLS

/* (transfer none): SESSION_BINDING_LENGTH random bytes that are kept with the session and stay the
 * same while it has one id: what is bound to them is good for no other. NULL with `error` where
 * there are none to be had. */
const guint8 *session_get_binding (H3Session *session, GError **error);

/* The same where the client came with it; NULL, and nothing is made, where it did not. */
const guint8 *session_peek_binding (H3Session *session);

gboolean session_is_destroyed (const H3Session *session);

G_END_DECLS
