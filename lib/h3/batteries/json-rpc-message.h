/* SPDX-License-Identifier: MIT
 *
 * A text becomes requests: what JSON-RPC says of their form. Values are kept as they were written,
 * so that an id comes back letter by letter, whatever a number of ours could hold. Values and
 * functions; any thread. */

#pragma once

#include <h3/base/view.h>

G_BEGIN_DECLS

/* One request. Views look into the message's text; empty where there is no such member. */
typedef struct {
    H3View id;           /* a string, a number or null; of a request that is wrong, if it is one */
    H3View method;       /* a string, with its quotes */
    H3View params;       /* an array or an object */
    const char *problem; /* static: why it is no request; NULL: it is one */
} JsonRpcRequest;

typedef struct {
    gboolean is_batch;
    H3View rest; /* the requests that were not taken yet; their text was scanned */
} JsonRpcMessage;

/* `text` is JSON: h3_json_scan () took it. */
void json_rpc_message_init (JsonRpcMessage *message, H3View text);

/* How many requests there are, but never more than `maximum` + 1. */
guint json_rpc_message_count (const JsonRpcMessage *message, guint maximum);

/* Takes the next one; FALSE when there is none. */
gboolean json_rpc_message_take (JsonRpcMessage *message, JsonRpcRequest *out_request);

G_END_DECLS
