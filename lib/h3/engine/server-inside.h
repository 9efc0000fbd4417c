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

/* Whether it wants requests now. SHEDDING: with the reason (out) (transfer none), else NULL. Any
 * thread. */
typedef enum { SERVER_STARTING, SERVER_READY, SERVER_LEAVING, SERVER_SHEDDING } ServerReadiness;
ServerReadiness server_get_readiness (H3Server *server, const char **out_reason);

/* Whether there is one to listen on. */
gboolean server_has_address (const H3Server *server);

/* Binds all addresses now, for so many processes with the server's workers each, but for those that
 * `before` (nullable) has bound so, whose sockets it shares; certificates are read, to see whether
 * they can be. Where the processors are to be shared out, nobody has said how many workers. FALSE
 * with H3_ERROR. */
gboolean server_open_sockets (H3Server *server, guint n_processes, H3Server *before,
                              GError **error);
/* Of what was bound so it is to serve the part of this process, from 0. */
void server_choose_sockets (H3Server *server, guint process, guint n_processes);
/* What was bound is no more, as far as this process goes. The server does not
 * run. */
void server_close_sockets (H3Server *server);
/* Somebody else has its sockets now: it accepts no more, lets each connection bring one more
 * request, and drains. */
void server_part (H3Server *server);
/* Called by each start when all addresses are bound, before any thread of the server's begins: the
 * process may become somebody else there. FALSE with an error: nothing is started. Before the
 * start.
 */
typedef gboolean (*ServerBound) (gpointer data, GError **error);
void server_set_bound (H3Server *server, ServerBound bound, gpointer data);

/* Tells the service manager of a reload that changed nothing. */
void server_tell_reload (H3Server *server);

/* (transfer full): how many connections each worker has, as guint; empty where none run. Any
 * thread. */
GArray *server_list_connections (H3Server *server);

G_END_DECLS
