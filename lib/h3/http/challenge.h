/* SPDX-License-Identifier: MIT
 *
 * What a server asks of a client in WWW-Authenticate (RFC 9110 §11.6.1), put together with the
 * right quotes. A challenge belongs to who made it; one thread at a time. Since: 0.1 */

#pragma once

#include <h3/http/event.h>

G_BEGIN_DECLS

/**
 * H3Challenge: (skip)
 *
 * A scheme with its parameters, put together with the right quotes (RFC 9110 §11.6.1).
 *
 * It belongs to who made it; one thread at a time. Bindings set the field as a text, with
 * h3_response_add_header_always().
 *
 * Since: 0.1
 */
typedef struct _H3Challenge H3Challenge;

/**
 * h3_challenge_new: (skip)
 * @scheme: a token: "Basic"
 *
 * Makes a challenge without parameters.
 *
 * Returns: (transfer full): the challenge, to be freed with h3_challenge_free()
 *
 * Since: 0.1
 */
H3Challenge *h3_challenge_new (const char *scheme);

/**
 * h3_challenge_free: (skip)
 * @challenge: (transfer full) (nullable): a challenge; %NULL is allowed
 *
 * Frees a challenge.
 *
 * Since: 0.1
 */
void h3_challenge_free (H3Challenge *challenge);

/**
 * h3_challenge_add: (skip)
 * @challenge: a challenge
 * @name: a token that was not added before
 * @value: any text without controls
 *
 * Adds a parameter as a quoted string.
 *
 * Returns: %FALSE, and nothing added, for a value that cannot be one
 *
 * Since: 0.1
 */
gboolean h3_challenge_add (H3Challenge *challenge, const char *name, const char *value);

/**
 * h3_challenge_add_token: (skip)
 * @challenge: a challenge
 * @name: a token that was not added before
 * @value: a token
 *
 * Adds a parameter as a token, for those that must not be quoted (algorithm, stale).
 *
 * Returns: %FALSE, and nothing added, for a value that is no token
 *
 * Since: 0.1
 */
gboolean h3_challenge_add_token (H3Challenge *challenge, const char *name, const char *value);

/**
 * h3_challenge_get_text: (skip)
 * @challenge: a challenge
 *
 * Tells how the challenge stands in the field.
 *
 * Returns: (transfer none): the text, until the challenge changes
 *
 * Since: 0.1
 */
const char *h3_challenge_get_text (const H3Challenge *challenge);

/**
 * h3_event_add_challenge: (skip)
 * @event: an event
 * @challenge: a challenge
 *
 * Adds a challenge to the answer, in a WWW-Authenticate field of its own, one more beside those of
 * other schemes; it stays when an error takes the answer's place. Who holds the event. Bindings
 * have h3_response_add_header_always().
 *
 * Since: 0.1
 */
void h3_event_add_challenge (H3Event *event, const H3Challenge *challenge);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (H3Challenge, h3_challenge_free)

G_END_DECLS
