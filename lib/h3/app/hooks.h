/* SPDX-License-Identifier: MIT
 *
 * What an app has called on every exchange, beside its routes and middleware. Registered before
 * the start, on one thread; called on workers, several at once. Part of <h3/app/app.h>. Since: 0.1
 */

#pragma once

#include <h3/http/event.h>

G_BEGIN_DECLS

typedef struct _H3App H3App;

/**
 * h3_app_on_request:
 * @app: an app that has not started
 * @function: (scope notified) (closure user_data) (destroy destroy): called on workers, several at
 *   once
 * @user_data: (nullable): for @function
 * @destroy: (nullable): for @user_data, when @app is freed
 *
 * Has @function called on every exchange at and below where @app is mounted, whether a route is
 * found or not: when a head has been read, no body, and no route was looked for. First registered
 * first, outer apps before inner.
 *
 * It may answer or fail, which ends the exchange there; it must not defer, and has nothing to call
 * h3_event_next() for. What is to run just before handlers is middleware.
 *
 * Since: 0.1
 */
void h3_app_on_request (H3App *app, H3Handler function, gpointer user_data, GDestroyNotify destroy);

/**
 * h3_app_on_send:
 * @app: an app that has not started
 * @function: (scope notified) (closure user_data) (destroy destroy): called on workers, several at
 *   once
 * @user_data: (nullable): for @function
 * @destroy: (nullable): for @user_data, when @app is freed
 *
 * Has @function called before the head of an answer leaves, errors too, at and below where @app is
 * mounted, whether a route is found or not; it may change the answer. Last registered first, inner
 * apps before outer.
 *
 * Since: 0.1
 */
void h3_app_on_send (H3App *app, H3Handler function, gpointer user_data, GDestroyNotify destroy);

/**
 * h3_app_on_response:
 * @app: an app that has not started
 * @function: (scope notified) (closure user_data) (destroy destroy): called on workers, several at
 *   once
 * @user_data: (nullable): for @function
 * @destroy: (nullable): for @user_data, when @app is freed
 *
 * Has @function called once for each exchange at and below where @app is mounted, when it is over,
 * whether a route was found or not; in the order of h3_app_on_send(). See #H3Outcome and
 * h3_event_on_dispose().
 *
 * Since: 0.1
 */
void h3_app_on_response (H3App *app, H3Disposed function, gpointer user_data,
                         GDestroyNotify destroy);

/**
 * H3ErrorHandler:
 * @event: (transfer none): the exchange, its status set to that of @error, its prepared fields
 *   dropped but those of h3_response_set_header_always()
 * @error: (transfer none): what happened; its status is h3_http_error_get_status()
 * @user_data: (nullable) (closure): what was registered with it
 *
 * Answers in the place of what failed, now or (deferred) later, on the worker of @event. Where it
 * does neither, or fails itself, the answer is problem+json (RFC 9457).
 *
 * Since: 0.1
 */
typedef void (*H3ErrorHandler) (H3Event *event, const GError *error, gpointer user_data);

/**
 * h3_app_on_error:
 * @app: an app that has not started
 * @function: (scope notified) (closure user_data) (destroy destroy): called on workers, several at
 *   once
 * @user_data: (nullable): for @function
 * @destroy: (nullable): for @user_data, when @app is freed
 *
 * Has @function answer errors at and below where @app is mounted; of several apps on the way to a
 * path that with the longest prefix is asked, once an exchange.
 *
 * Since: 0.1
 */
void h3_app_on_error (H3App *app, H3ErrorHandler function, gpointer user_data,
                      GDestroyNotify destroy);

G_END_DECLS
