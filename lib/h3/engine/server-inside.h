/* SPDX-License-Identifier: MIT
 *
 * How the app makes a server. */

#pragma once

#include <h3/engine/server.h>
#include <h3/engine/worker.h>

G_BEGIN_DECLS

/* (transfer full): hands events to `dispatch`, whose data outlives it. */
H3Server *server_new (const ServerDispatch *dispatch);

/* The app is gone: a server that somebody still holds does not start any more. */
void server_disown (H3Server *server);

/* Whether there is one to listen on. */
gboolean server_has_address (const H3Server *server);

/* Whether TLS is spoken at this one of h3_server_dup_addresses (). */
gboolean server_is_address_secure (const H3Server *server, guint index);

G_END_DECLS
