/* SPDX-License-Identifier: MIT
 *
 * What the client keeps of a session: the id of one in the store, or all of it, sealed. */

#include "session-private.h"

#include <h3/base/error.h>
#include <h3/crypto/base64.h>
#include <h3/crypto/digest.h>
#include <h3/http/answer.h>
#include <h3/http/content.h>
#include <h3/loop/clock.h>

#define ID_BYTES 32
#define PREFIX   "session:"

const char *
session_get_cookie_name (const H3Session *session)
{
    return session->sessions->names[session->is_secure];
}

/* The id is a secret, and a store may be read by others than its owner: it is kept under a digest.
 * The cookie's name goes in, so that one service's id is none of another's on the same store. */
static char *
make_key (const H3Session *session, H3View id, GError **error)
{
    const char *name = session_get_cookie_name (session);
    guint8 text[SESSIONS_MAX_NAME + 1 + SESSION_ID_LENGTH];
    gsize length = strlen (name) + 1;
    guint8 digest[32];
    char key[sizeof PREFIX + H3_BASE64_ROOM (sizeof digest)] = PREFIX;
    gboolean is_done;

    memcpy (text, name, length);
    memcpy (text + length, id.data, id.length);
    is_done = h3_digest_compute (H3_DIGEST_SHA256, text, length + id.length, digest, error);
    h3_digest_wipe (text, sizeof text);
    if (!is_done)
        return NULL;
    (void) h3_base64_encode (digest, sizeof digest, H3_BASE64_URL, key + strlen (PREFIX));
    return g_strdup (key);
}

char *
session_dup_key (const H3Session *session, H3View id, GError **error)
{
    guint8 bytes[SESSION_ID_LENGTH / 4 * 3 + 2];
    gsize length;

    if (id.length != SESSION_ID_LENGTH || !h3_base64_decode (id, H3_BASE64_URL, bytes, &length))
        return NULL;
    h3_digest_wipe (bytes, sizeof bytes);
    return make_key (session, id, error);
}

static H3Cookie *
make_cookie (const H3Session *session, const char *value)
{
    const Sessions *sessions = session->sessions;
    H3Cookie *cookie = h3_cookie_new (session_get_cookie_name (session), value);

    h3_cookie_set_path (cookie, sessions->path);
    h3_cookie_set_domain (cookie, sessions->domain);
    h3_cookie_set_secure (cookie, session->is_secure);
    h3_cookie_set_http_only (cookie, TRUE);
    h3_cookie_set_same_site (cookie, sessions->same_site);
    return cookie;
}

/* A cache that kept the answer would hand the session to others. */
static void
forbid_caching (H3Event *event)
{
    if (h3_response_get_header (&event->response, "Cache-Control") == NULL)
        (void) h3_event_set_cache_control (event, "no-store");
}

gboolean
session_set_cookie (H3Session *session, const char *value, GError **error)
{
    const Sessions *sessions = session->sessions;
    g_autoptr (H3Cookie) cookie = make_cookie (session, value);

    if (sessions->is_persistent)
        h3_cookie_set_max_age (cookie, session->document.created + sessions->absolute_time
                                           - clock_get_real_seconds ());
    forbid_caching (session->event);
    return h3_event_set_cookie (session->event, cookie, error);
}

void
session_end_cookie (H3Session *session)
{
    const Sessions *sessions = session->sessions;

    forbid_caching (session->event);
    (void) h3_event_delete_cookie (session->event, session_get_cookie_name (session),
                                   sessions->path, sessions->domain, NULL);
}

char *
session_set_new_id (H3Session *session, GError **error)
{
    guint8 bytes[ID_BYTES];
    char id[H3_BASE64_ROOM (ID_BYTES)];
    g_autofree char *key = NULL;

    if (!h3_digest_fill_random (bytes, sizeof bytes, error))
        return NULL;
    (void) h3_base64_encode (bytes, sizeof bytes, H3_BASE64_URL, id);
    h3_digest_wipe (bytes, sizeof bytes);
    key = make_key (session, h3_view (id, SESSION_ID_LENGTH), error);
    if (key != NULL && !session_set_cookie (session, id, error))
        g_clear_pointer (&key, g_free);
    h3_digest_wipe (id, sizeof id);
    return g_steal_pointer (&key);
}

/* One service's sealed session is none of another's that has the same keys. */
static char *
make_purpose (const H3Session *session)
{
    return g_strconcat (PREFIX, session_get_cookie_name (session), NULL);
}

gboolean
session_seal (H3Session *session, GError **error)
{
    const Sessions *sessions = session->sessions;
    g_autofree char *purpose = make_purpose (session);
    g_autoptr (GBytes) bytes = session_document_write (&session->document);
    gint64 end = MIN (session->document.created + sessions->absolute_time,
                      session->document.renewed + sessions->idle_time);
    g_autofree char *text = NULL;
    gsize length;
    const void *data = g_bytes_get_data (bytes, &length);

    text = h3_sealer_seal (sessions->sealer, purpose, data, length, end, error);
    return text != NULL && session_set_cookie (session, text, error);
}

GBytes *
session_unseal (H3Session *session)
{
    const char *text = h3_event_get_cookie (session->event, session_get_cookie_name (session));
    g_autofree char *purpose = make_purpose (session);

    if (text == NULL)
        return NULL;
    return h3_sealer_open (session->sessions->sealer, purpose, text, NULL);
}
