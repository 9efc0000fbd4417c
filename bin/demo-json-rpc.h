/* SPDX-License-Identifier: MIT
 *
 * The methods that the demo has for JSON-RPC, whatever carries the messages. */

#pragma once

#include <h3/h3.h>

/* (transfer full): echo, sum, sleep, fail. */
H3JsonRpc *demo_json_rpc_new (void);
