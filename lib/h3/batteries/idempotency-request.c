/* SPDX-License-Identifier: MIT
 *
 * Whose a key is, and what tells one request from another. Each part goes into a digest with its
 * length, so that no two can be put together to the same. */

#include "idempotency-private.h"

#include <h3/batteries/principal.h>
#include <h3/batteries/session-inside.h>
#include <h3/crypto/base64.h>
#include <h3/crypto/digest.h>
#include <h3/http/content.h>

static void
add (H3Digest *digest, H3View part)
{
    guint64 length = GUINT64_TO_LE (part.length);

    h3_digest_update (digest, &length, sizeof length);
    h3_digest_update (digest, part.data, part.length);
}

static void
add_text (H3Digest *digest, const char *text)
{
    add (digest, h3_view_of (text));
}

static gboolean
has_name (const H3Principal *principal)
{
    return principal != NULL && *h3_principal_get_name (principal) != '\0';
}

/* Whoever gives out tokens may call somebody as another is called by passwords. */
static void
add_user (H3Digest *digest, const H3Principal *principal)
{
    add_text (digest, has_name (principal) ? h3_principal_get_scheme (principal) : "");
    add_text (digest, has_name (principal) ? h3_principal_get_name (principal) : "");
}

static const guint8 *
get_session_binding (H3Event *event)
{
    H3Session *session = h3_event_get_session (event);

    return session != NULL ? session_peek_binding (session) : NULL;
}

/* One client shall not see what another was answered. */
static void
add_scope (H3Digest *digest, const H3Idempotency *idempotency, H3Event *event)
{
    g_autofree char *own = idempotency->scope.function != NULL
                               ? idempotency->scope.function (event, idempotency->scope.user_data)
                               : NULL;
    const H3Principal *user = h3_event_get_principal (event);
    const guint8 *binding = get_session_binding (event);

    if (own != NULL) {
        add_text (digest, "own");
        add_text (digest, own);
    } else if (has_name (user)) {
        add_text (digest, "user");
        add_user (digest, user);
    } else if (binding != NULL) {
        add_text (digest, "session");
        add (digest, h3_view ((const char *) binding, SESSION_BINDING_LENGTH));
    } else {
        add_text (digest, "address");
        add_text (digest, h3_event_get_client_address (event));
    }
}

static gboolean
write_key (const H3Idempotency *idempotency, H3Event *event, const char *key,
           char out[IDEMPOTENCY_STORE_KEY_ROOM])
{
    g_autoptr (H3Digest) digest = h3_digest_new (H3_DIGEST_SHA256, NULL);
    guint8 bytes[IDEMPOTENCY_FINGERPRINT];
    char *end;

    if (digest == NULL)
        return FALSE;
    add_scope (digest, idempotency, event);
    add_text (digest, key);
    end = g_stpcpy (out, "idempotency:");
    G_STATIC_ASSERT (sizeof "idempotency:" + H3_BASE64_ROOM (sizeof bytes)
                     <= IDEMPOTENCY_STORE_KEY_ROOM);
    if (!h3_digest_finish (digest, bytes, NULL))
        return FALSE;
    (void) h3_base64_encode (bytes, sizeof bytes, H3_BASE64_URL, end);
    return TRUE;
}

/* Of a body that is streamed only what the head says of it is known. */
static void
add_body (H3Digest *digest, const H3Request *request)
{
    GBytes *body = h3_request_get_body (request);
    g_autofree char *length =
        g_strdup_printf ("%" G_GINT64_FORMAT, h3_request_get_content_length (request));
    const char *type = h3_request_get_header (request, "Content-Type");
    gsize size = 0;

    add_text (digest, type != NULL ? type : "");
    if (body != NULL) {
        const char *data = g_bytes_get_data (body, &size);

        add (digest, h3_view (data, size));
    } else {
        add_text (digest, h3_request_has_body (request) ? length : "");
    }
}

static gboolean
write_fingerprint (H3Event *event, guint8 out[IDEMPOTENCY_FINGERPRINT])
{
    g_autoptr (H3Digest) digest = h3_digest_new (H3_DIGEST_SHA256, NULL);
    const H3Request *request = h3_event_get_request (event);
    const char *query = h3_request_get_query_string (request);

    if (digest == NULL)
        return FALSE;
    add_text (digest, h3_request_get_method_name (request));
    add_text (digest, h3_request_get_path (request));
    add_text (digest, query != NULL ? query : "");
    add_user (digest, h3_event_get_principal (event));
    add_body (digest, request);
    return h3_digest_finish (digest, out, NULL);
}

gboolean
idempotency_request_init (IdempotencyRequest *request, H3Idempotency *idempotency, H3Event *event,
                          const char *key)
{
    return write_key (idempotency, event, key, request->key)
           && write_fingerprint (event, request->fingerprint);
}
