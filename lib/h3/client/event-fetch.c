/* SPDX-License-Identifier: MIT */

#include "event-fetch.h"

#include "client-fetch.h"
#include "client-private.h"

#include <h3/http/event-flow.h>
#include <h3/http/trace-context-inside.h>

typedef struct {
    H3Event *event; /* ref */
    H3Fetched function;
    gpointer user_data; /* owned where destroy says so */
    GDestroyNotify destroy;
} EventFetch;

static void
on_end (ClientFetch *fetch, H3ClientResponse *response, const GError *error, gpointer data)
{
    EventFetch *asked = data;

    event_enter (asked->event);
    asked->function (asked->event, response, error, asked->user_data);
    event_leave (asked->event);
    if (asked->destroy != NULL)
        asked->destroy (asked->user_data);
    h3_event_unref (asked->event);
    g_free (asked);
}

static const ClientFetchListener listener = { NULL, NULL, on_end };

void
h3_event_fetch (H3Event *event, H3Client *client, H3ClientRequest *request, H3Fetched function,
                gpointer user_data, GDestroyNotify destroy)
{
    g_autoptr (H3Headers) extra = h3_headers_new ();
    ClientFetchOrder order = { .request = request, .extra = extra };
    EventFetch *asked;

    g_return_if_fail (event != NULL && H3_IS_CLIENT (client) && request != NULL);
    g_return_if_fail (function != NULL && event_is_on_worker (event));
    if (h3_client_request_get_header (request, "traceparent") == NULL)
        trace_add_fields (event, extra);
    asked = g_new (EventFetch, 1);
    *asked = (EventFetch){ h3_event_defer (event), function, user_data, destroy };
    order.settings = client_get_settings (client);
    order.cancellable = h3_event_get_cancellable (event);
    (void) client_fetch_start (event->loop, &order, &listener, asked);
}
