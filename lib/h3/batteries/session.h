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
 */
typedef struct _H3Session H3Session;

/* Returns: (transfer none) (nullable): until the event ends, that of the middleware which stands
 * nearest; NULL where none for sessions stands before. The answer then varies with the cookie, and
 * says so. */
H3Session *h3_event_get_session (H3Event *event);

/* Whether there was none before this request: the client sent no cookie, or one that is good for
 * nothing (any more). */
gboolean h3_session_is_new (H3Session *session);

/* Returns: (transfer none) (nullable): the text under `name`, until it is changed. */
const char *h3_session_get_string (H3Session *session, const char *name);

/* FALSE, with the result untouched, where there is no integer. */
gboolean h3_session_get_int (H3Session *session, const char *name, gint64 *out_value);

/* (skip) Returns: (transfer none) (nullable): the value, which is not to be changed, but set. */
json_t *h3_session_get_json (H3Session *session, const char *name);

/* Its introspectable twin. Returns: (transfer full) (nullable): the value as JSON. */
char *h3_session_dup_json_text (H3Session *session, const char *name);

/* Each of these writes a value, in place of what was there. FALSE, and nothing changed, with
 * H3_ERROR_INVALID for a name that is not 1 to 128 bytes of UTF-8 without controls, `"` and `\\`,
 * or a value that cannot be kept; H3_ERROR_LIMIT where the session would have more bytes than it
 * may; H3_ERROR_CLOSED where the answer has left, or the session was destroyed or is being kept.
 * Where another request has written meanwhile, its values stay, but for those that were written
 * here. */
gboolean h3_session_set_string (H3Session *session, const char *name, const char *value,
                                GError **error);
gboolean h3_session_set_int (H3Session *session, const char *name, gint64 value, GError **error);
gboolean h3_session_set_json_text (H3Session *session, const char *name, const char *text,
                                   GError **error);
/* (skip) `value` is (transfer full); what is kept is a copy. */
gboolean h3_session_set_json (H3Session *session, const char *name, json_t *value, GError **error);

/* Adds to an integer, 0 where there is none, and no more than a gint64 holds. Of several requests
 * at once each adds its own. `out_value` (out) (optional) is the sum here. */
gboolean h3_session_add_int (H3Session *session, const char *name, gint64 amount, gint64 *out_value,
                             GError **error);

/* Whether there was such a value; FALSE too where the answer has left. */
gboolean h3_session_remove (H3Session *session, const char *name);

/* Returns: (transfer full) (nullable): a text, which is removed: a message for the next page. */
char *h3_session_take_string (H3Session *session, const char *name);

/* The same values under another id, and the old one ends: to be called where a client has shown who
 * it is, or may do more than before, so that an id which was known to others is of no use. FALSE
 * with H3_ERROR_CLOSED as above. */
gboolean h3_session_regenerate (H3Session *session, GError **error);

/* All values are gone, the id ends, and the client forgets the cookie. */
void h3_session_destroy (H3Session *session);

/**
 * h3_event_save_session:
 * @event: an exchange with a session
 * @function: (scope notified) (closure user_data) (destroy destroy): called once, never inline,
 *   when what was written is kept; never where it could not be, for then the event has been failed
 *
 * Answers wait until their session is kept; of those that are written piece by piece only the end
 * does, and connections that are taken over do not wait. This is for what stands before them. The
 * event is held meanwhile. Worker only.
 */
void h3_event_save_session (H3Event *event, H3Handler function, gpointer user_data,
                            GDestroyNotify destroy);

G_END_DECLS
