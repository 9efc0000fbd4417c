/* SPDX-License-Identifier: MIT
 *
 * What was agreed on where the client speaks TLS. */

#include "demo.h"

#include "demo-route.h"

#include <jansson.h>

static void
show_tls (H3Event *event, gpointer user_data)
{
    const H3TlsInfo *tls = h3_event_get_tls (event);

    if (tls == NULL) {
        demo_send_json (event, json_pack ("{s:n}", "version"));
        return;
    }
    demo_send_json (event, json_pack ("{s:s,s:s,s:s?,s:s?,s:b,s:s?,s:s?}", "version", tls->version,
                                      "cipher", tls->cipher, "alpn", tls->protocol, "server_name",
                                      tls->server_name, "resumed", tls->is_resumed, "client",
                                      tls->client, "client_fingerprint", tls->client_fingerprint));
}

void
demo_add_tls (H3App *app)
{
    demo_add (app, "GET", "/tls", show_tls, NULL, "What was agreed on, where it came by TLS");
}
