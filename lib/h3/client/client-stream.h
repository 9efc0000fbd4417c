/* SPDX-License-Identifier: MIT
 *
 * The reading end of a pipe as a GInputStream. One reader at a time, any thread; dropped by any. */

#pragma once

#include <h3/client/client-pipe.h>
#include <h3/client/client-thread.h>

#include <gio/gio.h>

G_BEGIN_DECLS

/* To be asked for once before threads are. */
GType client_stream_get_type (void);

/* (transfer full): takes the pipe (transfer full), and a reference to `thread` (nullable), which
 * runs the fetch: it lasts as long. */
GInputStream *client_stream_new (ClientPipe *pipe, ClientThread *thread);

G_END_DECLS
