/* SPDX-License-Identifier: MIT
 *
 * What an app has called on every exchange, beside its routes and middleware. Registered before
 * the start, on one thread; called on workers, several at once. Part of <h3/app/app.h>. Since: 0.1
 */

#pragma once

#include <h3/http/event.h>

G_BEGIN_DECLS

typedef struct _H3App H3App;

/* Hooks on every exchange at and below where the app is mounted, whether a route is found or not.
 * Each `function` is (scope notified) (closure user_data) (destroy destroy), called on workers.
 *
 * `request`: a head has been read, no body, and no route was looked for; first registered first,
 * outer apps before inner. It may answer or fail, which ends the exchange there; it must not defer,
 * and has nothing to call h3_event_next () for. What is to run just before handlers is middleware.
 *
 * `send`: before the head of an answer leaves, errors too; may change it. Last registered first,
 * inner apps before outer.
 *
 * `response`: once, when the exchange is over; in the order of `send`. See H3Outcome and
 * h3_event_on_dispose (). */
void h3_app_on_request (H3App *app, H3Handler function, gpointer user_data, GDestroyNotify destroy);
void h3_app_on_send (H3App *app, H3Handler function, gpointer user_data, GDestroyNotify destroy);
void h3_app_on_response (H3App *app, H3Disposed function, gpointer user_data,
                         GDestroyNotify destroy);

/**
 * H3ErrorHandler:
 * @event: (transfer none): the exchange, its status set to that of @error, its prepared fields
 *   dropped but those of h3_response_set_header_always()
 * @error: (transfer none): what happened; its status is h3_http_error_get_status()
 *
 * Answers in the place of what failed, now or (deferred) later. Where it does neither, or fails
 * itself, the answer is problem+json.
 */
typedef void (*H3ErrorHandler) (H3Event *event, const GError *error, gpointer user_data);
/* Has `function` (scope notified) answer errors at and below where the app is mounted; of several
 * apps on the way to a path that with the longest prefix is asked, once an exchange. */
void h3_app_on_error (H3App *app, H3ErrorHandler function, gpointer user_data,
                      GDestroyNotify destroy);

G_END_DECLS
