/* SPDX-License-Identifier: MIT
 *
 * What the files of sessions share: what the middleware was told, a session of an event, and how it
 * is kept.
 *
 *     loaded ── written to ──▶ changed ── session_save ──▶ kept, as loaded
 *       │                        │
 *       └──── destroyed ◀────────┘
 *
 * A session is loaded before the handlers run and saved by a hook before sending, which holds the
 * answer until the store has said that it is kept. */

#pragma once

#include "session-inside.h"
#include "sessions.h"

#include <h3/http/event-flow.h>

G_BEGIN_DECLS

/* Characters of an id: 256 bits. */
#define SESSION_ID_LENGTH 43
/* How often the end of an idle session is moved at most, in seconds. */
#define SESSION_RENEW_TIME 60
/* Of a cookie: room for the prefix and the number of a chunk is left. */
#define SESSIONS_MAX_NAME 100

/* Frozen; any thread. */
typedef struct {
    H3Store *store;   /* ref; NULL: they are sealed */
    H3Sealer *sealer; /* ref; NULL: they are in the store */
    char *data_key;   /* owned: under which its sessions are the events' */
    char *names[2];   /* owned: of the cookie, without TLS and with it */
    char *path;       /* owned */
    char *domain;     /* owned; NULL: the host alone */
    gint64 idle_time;
    gint64 absolute_time;
    gsize max_size;
    H3SameSite same_site;
    gboolean always_secure;
    gboolean is_persistent;
} Sessions;

struct _H3Session {
    const Sessions *sessions; /* borrowed: the middleware, which outlives its events */
    H3Event *event;           /* borrowed: it owns the session */
    SessionDocument document;
    GHashTable *changes; /* owned; of SessionChange by name; NULL: none */
    GBytes *kept;        /* ref: as the store has it, or the client; NULL: nobody */
    char *key;           /* owned: where the store has it; NULL: nowhere */
    guint16 is_secure : 1;
    guint16 is_new : 1;
    guint16 is_asked : 1; /* by a handler: the answer varies with it */
    guint16 has_binding : 1;
    guint16 is_changed : 1;
    guint16 is_regenerated : 1;
    guint16 is_destroyed : 1;
    guint16 is_closed : 1; /* its answer leaves */
    guint16 is_saving : 1; /* before its answer: nothing is written meanwhile */
    guint16 is_held : 1;   /* its answer waits for that */
};

H3Session *session_new (const Sessions *sessions, H3Event *event);
void session_free (gpointer session);

/* Whether `bytes` are a session that has not ended: it then is this one. */
gboolean session_take (H3Session *session, GBytes *bytes);
/* As if the client had come without one. */
void session_forget (H3Session *session);
/* The document is to be written now. FALSE: there are no random bytes. */
gboolean session_prepare (H3Session *session, GError **error);

/* session-cookie.c */

const char *session_get_cookie_name (const H3Session *session);
/* Whether the client's id can be one: its place in the store, (transfer full). */
char *session_dup_key (const H3Session *session, H3View id, GError **error);
/* A new id for the cookie, which is set: its place in the store, (transfer full) (nullable). */
char *session_set_new_id (H3Session *session, GError **error);
gboolean session_set_cookie (H3Session *session, const char *value, GError **error);
void session_end_cookie (H3Session *session);
/* Seals it and sets the cookie. */
gboolean session_seal (H3Session *session, GError **error);
/* What the client sent, opened: (transfer full); NULL: nothing of ours. */
GBytes *session_unseal (H3Session *session);

/* session-save.c */

/* `error` (transfer full) is NULL where all is kept. */
typedef void (*SessionSaved) (H3Session *session, GError *error, gpointer user_data);

/* Begins to keep what was written. TRUE: `saved` will be called, never inline, while the event is
 * held; FALSE: nothing is waited for, and `error` says whether it went wrong. */
gboolean session_save (H3Session *session, SessionSaved saved, gpointer user_data, GError **error);

G_END_DECLS
