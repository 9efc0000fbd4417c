/* SPDX-License-Identifier: MIT
 *
 * The body of a request on its way from a GInputStream into an exchange, as fast as that takes it.
 * One loop's; its thread only, whose GMainContext hears from the stream. */

#pragma once

#include <h3/client/client-exchange.h>

G_BEGIN_DECLS

typedef struct _ClientUpload ClientUpload;

/* Never inline, once: the body will not be whole. `problem` says why, for a message to people. The
 * upload is still to be stopped. */
typedef void (*ClientUploadFailed) (const char *problem, gpointer data);

/* `length` in bytes, or -1: until the stream ends. It is not read before client_upload_go_on (). */
ClientUpload *client_upload_new (Loop *loop, GInputStream *stream, gint64 length,
                                 ClientExchange *exchange, ClientUploadFailed failed,
                                 gpointer data);

/* The exchange has room. */
void client_upload_go_on (ClientUpload *upload);

/* All of it has been handed to the exchange. */
gboolean client_upload_is_whole (const ClientUpload *upload);

/* The exchange takes no more, or is gone: reading ends. A read under way is cancelled; its loop
 * does not end before the stream has answered. NULL is allowed. */
void client_upload_stop (ClientUpload *upload);

G_END_DECLS
