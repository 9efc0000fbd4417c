/* SPDX-License-Identifier: MIT
 *
 * Pages of all origins may ask anything here and read the answers, with cookies: this server has
 * nothing to hide, and is there to be asked. Nobody should do that on one that has. */

#include "demo.h"

/* The question that a browser asks before a request that forms could not make. */
static gboolean
is_preflight (const H3Request *request)
{
    return h3_request_get_method (request) == H3_METHOD_OPTIONS
           && h3_request_get_header (request, "Access-Control-Request-Method") != NULL;
}

static void
answer_preflight (H3Event *event)
{
    const char *names =
        h3_request_get_header (h3_event_get_request (event), "Access-Control-Request-Headers");

    h3_event_set_header (event, "Access-Control-Allow-Methods",
                         "GET, POST, PUT, DELETE, PATCH, OPTIONS");
    h3_event_set_header (event, "Access-Control-Max-Age", "3600");
    if (names != NULL)
        h3_event_set_header (event, "Access-Control-Allow-Headers", names);
    h3_event_send_empty (event, 204);
}

/* Set before there is an answer, and to stay whatever becomes of it. */
static void
allow_origin (H3Event *event, gpointer user_data)
{
    const H3Request *request = h3_event_get_request (event);
    H3Response *response = h3_event_get_response (event);
    const char *origin;

    if (h3_request_get_header_view (request, H3_VIEW ("Origin")).data == NULL)
        return;
    origin = h3_request_get_header (request, "Origin");
    h3_response_set_header_always (response, "Access-Control-Allow-Origin", origin);
    h3_response_set_header_always (response, "Access-Control-Allow-Credentials", "true");
    h3_response_add_vary (response, "Origin");
    if (is_preflight (request))
        answer_preflight (event);
}

void
demo_add_cors (H3App *app)
{
    h3_app_on_request (app, allow_origin, NULL, NULL);
}
