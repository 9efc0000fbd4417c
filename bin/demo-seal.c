/* SPDX-License-Identifier: MIT
 *
 * Texts that a client keeps for the server: sealed, until they expire or the server ends. */

#include "demo.h"

#include "demo-route.h"

#include <jansson.h>

#define PURPOSE     "demo"
#define MAX_SECONDS 86400
#define MAX_BODY    4096

/* `user_data` is the sealer, here and below. */
static void
seal (H3Event *event, gpointer user_data)
{
    GBytes *body = h3_request_get_body (h3_event_get_request (event));
    gint64 seconds = demo_read_number (event, "seconds", MAX_SECONDS);
    g_autoptr (GError) error = NULL;
    g_autofree char *token = NULL;
    gconstpointer data = NULL;
    gsize length = 0;

    if (seconds < 0)
        return;
    if (h3_event_get_query (event, "seconds") == NULL)
        seconds = 60;
    if (body != NULL)
        data = g_bytes_get_data (body, &length);
    if (length > MAX_BODY) {
        h3_event_fail_status (event, 413, "a token of the demo has 4096 bytes at most");
        return;
    }
    token = h3_sealer_seal (user_data, PURPOSE, data, length,
                            g_get_real_time () / G_USEC_PER_SEC + seconds, &error);
    if (token == NULL)
        h3_event_fail (event, g_steal_pointer (&error));
    else
        demo_send_json (event,
                        json_pack ("{s:s, s:I}", "token", token, "seconds", (json_int_t) seconds));
}

/* As plain text: what comes from a link must not be run as a page of this server. */
static void
open_token (H3Event *event, gpointer user_data)
{
    g_autoptr (GError) error = NULL;
    g_autoptr (GBytes) opened =
        h3_sealer_open (user_data, PURPOSE, h3_event_get_param (event, "token"), &error);
    const char *data;
    gsize length;

    if (opened == NULL) {
        h3_event_fail_status (
            event, g_error_matches (error, H3_ERROR, H3_ERROR_TIMEOUT) ? 410 : 400, error->message);
        return;
    }
    data = g_bytes_get_data (opened, &length);
    if (g_utf8_validate_len (data, length, NULL))
        h3_event_send_data (event, "text/plain; charset=utf-8", data, length);
    else
        h3_event_send_data (event, "application/octet-stream", data, length);
}

void
demo_add_seal (H3App *app)
{
    H3Sealer *sealer = h3_sealer_new ();
    g_autoptr (GError) error = NULL;
    H3Route *route;

    /* Without a key nothing is sealed, and each request is told so. */
    if (!h3_sealer_generate_key (sealer, &error))
        g_warning ("%s", error->message);
    route = h3_app_route (app, "POST", "/token", seal, h3_sealer_ref (sealer),
                          (GDestroyNotify) h3_sealer_unref);
    h3_route_set_data_full (route, "what", (gpointer) "Seals the body as a token", NULL);
    route = h3_app_route (app, "GET", "/token/:token", open_token, sealer,
                          (GDestroyNotify) h3_sealer_unref);
    h3_route_set_data_full (route, "what", (gpointer) "What a token of ours has in it", NULL);
}
