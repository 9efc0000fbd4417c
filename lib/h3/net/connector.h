/* SPDX-License-Identifier: MIT
 *
 * One connection being made, by TCP or to a Unix socket: the name looked up off the loop, the
 * addresses tried as RFC 8305 has it. Its own owner until it is over or cancelled, which is before
 * the loop closes. The loop's thread only. */

#pragma once

#include <h3/loop/loop.h>

G_BEGIN_DECLS

typedef struct _Connector Connector;

/* Addresses alternate between the families, and there may be so many of them: what a name server
 * says is no reason to knock at a thousand doors. */
#define CONNECTOR_MAX_ADDRESSES 16
/* One that does not answer has this long before the next is tried beside it. One that refuses has
 * the next tried at once. */
#define CONNECTOR_STAGGER_MILLISECONDS 250

typedef struct {
    const char *host; /* borrowed: a name, or an address without brackets; NULL: unix_path */
    guint16 port;
    const char *unix_path; /* borrowed: an abstract one begins with '@'; NULL: TCP */
} ConnectorTarget;

/* Once, never inline: the connector is over. `fd` (transfer full): connected, non-blocking,
 * close-on-exec; -1 with `error` (borrowed), H3_CLIENT_ERROR_NAME or _CONNECT, which names where to
 * and why not. `resolved`: when the name had been looked up, in clock_get_now () milliseconds; 0:
 * it was an address, or has none. */
typedef void (*ConnectorDone) (gpointer data, int fd, gint64 resolved, const GError *error);

/* (transfer none): until it is over, or cancelled. `target` is read in this call only. A name needs
 * the loop's offload (loop_get_offload ()). How long it may take is for the caller to bound. */
Connector *connector_start (Loop *loop, const ConnectorTarget *target, ConnectorDone done,
                            gpointer data);
/* Nothing is called any more, and every descriptor is closed. NULL is allowed. */
void connector_cancel (Connector *connector);

G_END_DECLS
