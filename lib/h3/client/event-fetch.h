/* SPDX-License-Identifier: MIT
 *
 * Requests to other servers on behalf of an exchange: on its worker's own loop, with nothing
 * between. Since: 0.1 */

#pragma once

#include <h3/client/client.h>
#include <h3/http/event.h>

G_BEGIN_DECLS

/**
 * H3Fetched:
 * @event: (transfer none): the exchange, which may have ended meanwhile: answering it is then no
 *   harm
 * @response: (nullable) (transfer none): the answer; %NULL where there is none
 * @error: (nullable): of %H3_CLIENT_ERROR, where there is none
 * @user_data: (nullable) (closure): what was given with the function
 *
 * Is given what came of a fetch on behalf of an exchange.
 *
 * Called once, on the event's worker, never inline.
 *
 * Since: 0.1
 */
typedef void (*H3Fetched) (H3Event *event, H3ClientResponse *response, const GError *error,
                           gpointer user_data);

/**
 * h3_event_fetch:
 * @event: the exchange on whose behalf; held until @function has returned
 * @client: whose settings hold
 * @request: (transfer none): what to ask for. With the exchange's traceparent, unless it has one
 * @function: (scope notified) (closure user_data) (destroy destroy): what to do with the answer
 * @user_data: (nullable): for @function
 * @destroy: (nullable): called behind @function, for @user_data
 *
 * Fetches on behalf of an exchange, on its worker's own loop, with nothing between.
 *
 * It is ended, with %H3_CLIENT_ERROR_CANCELLED, by the event's cancellable: when its client goes
 * away, its deadline passes, or the server stops waiting. Worker only.
 *
 * Since: 0.1
 */
void h3_event_fetch (H3Event *event, H3Client *client, H3ClientRequest *request, H3Fetched function,
                     gpointer user_data, GDestroyNotify destroy);

G_END_DECLS
