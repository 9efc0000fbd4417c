/* SPDX-License-Identifier: MIT
 *
 * What a service remembers of a client from one request to the next: values by name, behind a
 * cookie. <h3/batteries/sessions.h> has the middleware that reads them before handlers run and
 * keeps them before the answer leaves. A session belongs to its event, and to the thread that holds
 * it. Since: 0.1 */

#pragma once

#include <h3/http/event.h>

G_BEGIN_DECLS

typedef struct json_t json_t;

/**
 * H3Session:
 *
 * The session of an event. Nothing is kept, and no cookie set, until something is written to it.
 * Boxed: a copy of it holds the event.
 *
 * Since: 0.1
 */
typedef struct _H3Session H3Session;

#define H3_TYPE_SESSION (h3_session_get_type ())
GType h3_session_get_type (void);

/**
 * h3_event_get_session:
 * @event: an exchange
 *
 * Gets the session of an exchange: that of the middleware which stands nearest. The answer then
 * varies with the cookie, and says so.
 *
 * Returns: (transfer none) (nullable): the session, until the event ends; %NULL where no middleware
 *   for sessions stands before
 *
 * Since: 0.1
 */
H3Session *h3_event_get_session (H3Event *event);

/**
 * h3_session_is_new:
 * @session: a session
 *
 * Says whether there was none before this request: the client sent no cookie, or one that is good
 * for nothing (any more).
 *
 * Returns: whether it is new
 *
 * Since: 0.1
 */
gboolean h3_session_is_new (H3Session *session);

/**
 * h3_session_get_string:
 * @session: a session
 * @name: of a value
 *
 * Gets a text.
 *
 * Returns: (transfer none) (nullable): the text, until it is changed; %NULL where there is none
 *
 * Since: 0.1
 */
const char *h3_session_get_string (H3Session *session, const char *name);

/**
 * h3_session_get_int:
 * @session: a session
 * @name: of a value
 * @out_value: (out): the integer; untouched where there is none
 *
 * Gets an integer.
 *
 * Returns: %FALSE where there is no integer
 *
 * Since: 0.1
 */
gboolean h3_session_get_int (H3Session *session, const char *name, gint64 *out_value);

/**
 * h3_session_get_json: (skip)
 * @session: a session
 * @name: of a value
 *
 * Gets a value. Bindings have h3_session_dup_json_text().
 *
 * Returns: (transfer none) (nullable): the value, which is not to be changed, but set; %NULL where
 *   there is none
 *
 * Since: 0.1
 */
json_t *h3_session_get_json (H3Session *session, const char *name);

/**
 * h3_session_dup_json_text:
 * @session: a session
 * @name: of a value
 *
 * Gets a value as JSON.
 *
 * Returns: (transfer full) (nullable): the value; %NULL where there is none
 *
 * Since: 0.1
 */
char *h3_session_dup_json_text (H3Session *session, const char *name);

/**
 * h3_session_set_string:
 * @session: a session
 * @name: of a value: 1 to 128 bytes of UTF-8 without controls, `"` and `\\`
 * @value: UTF-8
 * @error: %H3_ERROR_INVALID for another name, or a value that cannot be kept; %H3_ERROR_LIMIT where
 *   the session would have more bytes than it may; %H3_ERROR_CLOSED where the answer has left, or
 *   the session was destroyed or is being kept
 *
 * Writes a text, in place of what was there. Where another request has written meanwhile, its
 * values stay, but for those that were written here.
 *
 * Returns: %FALSE with @error, and nothing changed
 *
 * Since: 0.1
 */
gboolean h3_session_set_string (H3Session *session, const char *name, const char *value,
                                GError **error);

/**
 * h3_session_set_int:
 * @session: a session
 * @name: as of h3_session_set_string()
 * @value: the integer
 * @error: as of h3_session_set_string()
 *
 * Writes an integer, else as h3_session_set_string().
 *
 * Returns: %FALSE with @error, and nothing changed
 *
 * Since: 0.1
 */
gboolean h3_session_set_int (H3Session *session, const char *name, gint64 value, GError **error);

/**
 * h3_session_set_json_text:
 * @session: a session
 * @name: as of h3_session_set_string()
 * @text: JSON in UTF-8
 * @error: as of h3_session_set_string()
 *
 * Writes a value that is given as JSON, else as h3_session_set_string().
 *
 * Returns: %FALSE with @error, and nothing changed
 *
 * Since: 0.1
 */
gboolean h3_session_set_json_text (H3Session *session, const char *name, const char *text,
                                   GError **error);

/**
 * h3_session_set_json: (skip)
 * @session: a session
 * @name: as of h3_session_set_string()
 * @value: (transfer full): what is kept is a copy
 * @error: as of h3_session_set_string()
 *
 * Writes a value, else as h3_session_set_string(). Bindings have h3_session_set_json_text().
 *
 * Returns: %FALSE with @error, and nothing changed
 *
 * Since: 0.1
 */
gboolean h3_session_set_json (H3Session *session, const char *name, json_t *value, GError **error);

/**
 * h3_session_add_int:
 * @session: a session
 * @name: as of h3_session_set_string()
 * @amount: may be below 0
 * @out_value: (out) (optional): the sum here
 * @error: as of h3_session_set_string()
 *
 * Adds to an integer, 0 where there is none, and no more than a gint64 holds. Of several requests
 * at once each adds its own.
 *
 * Returns: %FALSE with @error, and nothing changed
 *
 * Since: 0.1
 */
gboolean h3_session_add_int (H3Session *session, const char *name, gint64 amount, gint64 *out_value,
                             GError **error);

/**
 * h3_session_remove:
 * @session: a session
 * @name: of a value
 *
 * Takes a value out.
 *
 * Returns: whether there was such a value; %FALSE too where the answer has left
 *
 * Since: 0.1
 */
gboolean h3_session_remove (H3Session *session, const char *name);

/**
 * h3_session_take_string:
 * @session: a session
 * @name: of a value
 *
 * Takes a text out and gives it: a message for the next page.
 *
 * Returns: (transfer full) (nullable): the text; %NULL where there is none
 *
 * Since: 0.1
 */
char *h3_session_take_string (H3Session *session, const char *name);

/**
 * h3_session_regenerate:
 * @session: a session
 * @error: %H3_ERROR_CLOSED as of h3_session_set_string()
 *
 * Keeps the same values under another id, and the old one ends: to be called where a client has
 * shown who it is, or may do more than before, so that an id which was known to others is of no
 * use.
 *
 * Returns: %FALSE with @error
 *
 * Since: 0.1
 */
gboolean h3_session_regenerate (H3Session *session, GError **error);

/**
 * h3_session_destroy:
 * @session: a session
 *
 * Ends a session: all values are gone, the id ends, and the client forgets the cookie.
 *
 * Since: 0.1
 */
void h3_session_destroy (H3Session *session);

/**
 * h3_event_save_session:
 * @event: an exchange with a session
 * @function: (scope notified) (closure user_data) (destroy destroy): called once, never inline,
 *   when what was written is kept; never where it could not be, for then the event has been failed
 * @user_data: (nullable): for @function
 * @destroy: (nullable): for @user_data
 *
 * Keeps a session before the answer. Answers wait until their session is kept; of those that are
 * written piece by piece only the end does, and connections that are taken over do not wait. This
 * is for what stands before them. The event is held meanwhile. Worker only.
 *
 * Since: 0.1
 */
void h3_event_save_session (H3Event *event, H3Handler function, gpointer user_data,
                            GDestroyNotify destroy);

G_END_DECLS
