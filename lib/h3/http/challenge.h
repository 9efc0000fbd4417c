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
 * A scheme with its parameters.
 */
typedef struct _H3Challenge H3Challenge;

/* `scheme` is a token: "Basic". Returns: (transfer full) */
H3Challenge *h3_challenge_new (const char *scheme);
/* NULL is allowed. */
void h3_challenge_free (H3Challenge *challenge);

/* Adds a parameter as a quoted string, which takes any text without controls: FALSE, and nothing
 * added, for others. `name` is a token that was not added before. */
gboolean h3_challenge_add (H3Challenge *challenge, const char *name, const char *value);
/* The same as a token, for those that must not be quoted (algorithm, stale). */
gboolean h3_challenge_add_token (H3Challenge *challenge, const char *name, const char *value);

/* (transfer none): as it stands in the field. */
const char *h3_challenge_get_text (const H3Challenge *challenge);

/* Adds it to the answer in a field of its own, one more beside those of other schemes; it stays
 * when an error takes the answer's place. Who holds the event. */
void h3_event_add_challenge (H3Event *event, const H3Challenge *challenge);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (H3Challenge, h3_challenge_free)

G_END_DECLS
