/* SPDX-License-Identifier: MIT
 *
 * Tokens against requests that another site has a browser send in its user's name (CSRF). A page
 * gets a token that is good for its client's session alone; what changes something must bring it
 * back. Made before the start, frozen then, read by all workers. docs/csrf.md has the threats.
 * Since: 0.1 */

#pragma once

#include <h3/route/chain.h>
#include <h3/store/store.h>

G_BEGIN_DECLS

/**
 * H3CsrfOptions:
 * @store: (nullable): where the digests of tokens are kept; %NULL: a memory store of their own
 * @header: the field that brings a token
 * @field: the field of a form that does
 * @lifetime: seconds that a token is good for, at least 60
 * @ignores_origin: requests that say they come from another site are not refused for that
 * @trusted_origins: (nullable) (array zero-terminated=1): other sites that may send requests, with
 *   a token: "https://app.example.org"; a `*` stands for one label or more at the front of the host
 *
 * How tokens are given and asked for. To be filled by h3_csrf_options_init() first.
 *
 * Since: 0.1
 */
typedef struct {
    H3Store *store;     /* a reference is taken */
    const char *header; /* borrowed: the caller, for the call, as the others */
    const char *field;
    gint64 lifetime;
    gboolean ignores_origin;
    const char *const *trusted_origins;
} H3CsrfOptions;

/**
 * h3_csrf_options_init:
 * @options: (out caller-allocates): what is filled
 *
 * Sets a store of their own, "X-CSRF-Token", "csrf_token", 24 hours, no other origin.
 *
 * Since: 0.1
 */
void h3_csrf_options_init (H3CsrfOptions *options);

/**
 * h3_csrf_new:
 * @store: (nullable): where the digests of tokens are kept; %NULL: in the memory of this process
 *
 * Refuses requests that another site may have had a browser send. Those with other methods than
 * GET, HEAD, OPTIONS, TRACE and QUERY must bring a token of their session, in the header or, of an
 * urlencoded or multipart form, in the field; else they are answered 403. Those whose principal
 * (`<h3/batteries/principal.h>`) was shown by a bearer token need none. To be used behind sessions
 * and what authenticates, before the handlers. It answers 503 where the store fails.
 *
 * Returns: (transfer full): middleware for h3_app_use(), with the options' defaults
 *
 * Since: 0.1
 */
H3Middleware *h3_csrf_new (H3Store *store);

/**
 * h3_csrf_new_full:
 * @options: which names, how long
 * @error: return location for an %H3_ERROR_INVALID that names the option
 *
 * Does what h3_csrf_new() does, as @options say.
 *
 * Returns: (transfer full): middleware for h3_app_use(); %NULL with @error
 *
 * Since: 0.1
 */
H3Middleware *h3_csrf_new_full (const H3CsrfOptions *options, GError **error);

/**
 * h3_event_get_csrf_token:
 * @event: an exchange behind h3_csrf_new(), whose answer has not left
 * @error: where there is none to be had: %H3_ERROR_FAILED without random bytes, %H3_ERROR_INVALID
 *   where no middleware for tokens and sessions stands before, %H3_ERROR_CLOSED where the answer
 *   has left or the session was destroyed
 *
 * Gets a token for the page that is answered: a new one for each answer, the same for one; the
 * answer waits until it is kept. Of a session's tokens the five newest are good. Who holds the
 * event may ask.
 *
 * Returns: (transfer none): 43 characters, A–Z, a–z, 0–9, `-` and `_`, until the event
 *   ends; %NULL with @error
 *
 * Since: 0.1
 */
const char *h3_event_get_csrf_token (H3Event *event, GError **error);

G_END_DECLS
