/* SPDX-License-Identifier: MIT
 *
 * Connections of proxies that have not yet said who their client is (the PROXY protocol): they
 * become connections when they have, or are closed. Owned by a worker; its thread only, but for
 * greeting_admit (). */

#pragma once

#include <h3/engine/connection-bound.h>
#include <h3/engine/connection.h>
#include <h3/http/forwarded.h>

G_BEGIN_DECLS

typedef struct _Greetings Greetings;

/* Whether the peer of `fd` is one of the proxies. Of whoever is not, no header is believed, and
 * without one nobody is served here: it is closed. Any thread. */
gboolean greeting_admit (const H3TrustedProxies *proxies, int fd);

/* Borrows all; made where the context is. */
Greetings *greetings_new (ConnectionContext *context, ConnectionBound *bound, Deadlines *deadlines);
/* None is left. NULL is allowed. */
void greetings_free (Greetings *greetings);

/* Takes `fd` over, which the bound counts already, without an address: that of the client is
 * counted when it is known. FALSE where the system refuses; the descriptor is closed then. */
gboolean greetings_accept (Greetings *greetings, int fd);
/* Closes the one that is silent longest, if it is so for a while. */
gboolean greetings_make_room (Greetings *greetings);
/* Closes all. */
void greetings_end (Greetings *greetings);

G_END_DECLS
