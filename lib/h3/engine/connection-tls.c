/* SPDX-License-Identifier: MIT
 *
 * What a handler may know of its connection's TLS. */

#include "connection-private.h"

#include <h3/net/transport-tls.h>

gboolean
connection_carry_tls (Carrier *carrier, H3Arena *arena, H3TlsInfo *out_info)
{
    const Connection *connection = ((Activity *) carrier)->connection;
    g_auto (TlsFacts) facts = { 0 };

    if (!transport_get_tls_facts (connection->transport, &facts))
        return FALSE;
    *out_info = (H3TlsInfo){
        .version = facts.version,
        .cipher = facts.cipher,
        .protocol = facts.protocol,
        .server_name =
            facts.server_name != NULL ? h3_arena_strdup (arena, facts.server_name) : NULL,
        .is_resumed = facts.is_resumed,
        .client = facts.client != NULL ? h3_arena_strdup (arena, facts.client) : NULL,
        .client_fingerprint = facts.client_fingerprint != NULL
                                  ? h3_arena_strdup (arena, facts.client_fingerprint)
                                  : NULL,
    };
    return TRUE;
}
