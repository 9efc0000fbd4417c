/* SPDX-License-Identifier: MIT */

#include "digest-credentials.h"

#include <h3/base/character.h>
#include <h3/format/percent.h>

#define NC_LENGTH 8

static gboolean
is_hex (const char *text)
{
    gsize n = 0;

    while (character_is (text[n], CHARACTER_HEX))
        n++;
    return n > 0 && text[n] == '\0';
}

static gboolean
is_text (const char *text)
{
    for (const char *at = text; *at != '\0'; at++)
        if (g_ascii_iscntrl (*at))
            return FALSE;
    return g_utf8_validate (text, -1, NULL);
}

/* RFC 8187 §3.2.1: the charset, which is UTF-8, a language that nobody needs, escapes. */
static const char *
decode_extended (const char *value, H3Arena *arena)
{
    static const char charset[] = "UTF-8'";
    const char *text;
    char *out;
    gsize length;

    if (g_ascii_strncasecmp (value, charset, sizeof charset - 1) != 0)
        return NULL;
    text = strchr (value + sizeof charset - 1, '\'');
    if (text == NULL)
        return NULL;
    out = h3_arena_alloc (arena, strlen (text));
    return h3_percent_decode (h3_view_of (text + 1), out, &length) ? out : NULL;
}

/* `username` or `username*`, one of them, the second never hashed (RFC 7616 §3.4). */
static const char *
read_username (const H3Credentials *credentials, gboolean is_hashed, H3Arena *arena)
{
    const char *plain = h3_credentials_get (credentials, "username", arena);
    const char *extended = h3_credentials_get (credentials, "username*", arena);

    if ((plain == NULL) == (extended == NULL))
        return NULL;
    if (is_hashed)
        return plain != NULL && is_hex (plain) ? plain : NULL;
    if (extended != NULL)
        plain = decode_extended (extended, arena);
    return plain != NULL && is_text (plain) ? plain : NULL;
}

/* "true" or "false"; FALSE, with `*out_value` FALSE, for what is neither. */
static gboolean
read_boolean (const char *text, gboolean *out_value)
{
    *out_value = text != NULL && g_ascii_strcasecmp (text, "true") == 0;
    return text == NULL || *out_value || g_ascii_strcasecmp (text, "false") == 0;
}

/* nc and cnonce come with a qop and never without. */
static gboolean
read_count (H3DigestCredentials *digest)
{
    if (digest->qop == NULL)
        return digest->nc == NULL && digest->cnonce == NULL;
    if (digest->nc == NULL || digest->cnonce == NULL || !is_hex (digest->nc)
        || strlen (digest->nc) != NC_LENGTH)
        return FALSE;
    digest->count = (guint32) g_ascii_strtoull (digest->nc, NULL, 16);
    return TRUE;
}

gboolean
h3_digest_credentials_init (H3DigestCredentials *digest, const H3Credentials *credentials,
                            H3Arena *arena)
{
    gboolean is_readable;

    g_return_val_if_fail (digest != NULL && credentials != NULL && arena != NULL, FALSE);
    memset (digest, 0, sizeof *digest);
    is_readable =
        read_boolean (h3_credentials_get (credentials, "userhash", arena), &digest->is_hashed);
    digest->username = read_username (credentials, digest->is_hashed, arena);
    digest->realm = h3_credentials_get (credentials, "realm", arena);
    digest->nonce = h3_credentials_get (credentials, "nonce", arena);
    digest->uri = h3_credentials_get (credentials, "uri", arena);
    digest->response = h3_credentials_get (credentials, "response", arena);
    digest->algorithm = h3_credentials_get (credentials, "algorithm", arena);
    digest->qop = h3_credentials_get (credentials, "qop", arena);
    digest->cnonce = h3_credentials_get (credentials, "cnonce", arena);
    digest->nc = h3_credentials_get (credentials, "nc", arena);
    digest->opaque = h3_credentials_get (credentials, "opaque", arena);
    return is_readable && digest->username != NULL && digest->realm != NULL && digest->nonce != NULL
           && digest->uri != NULL && digest->response != NULL && is_hex (digest->response)
           && read_count (digest);
}

H3CredentialsResult
h3_event_read_digest (H3Event *event, H3DigestCredentials *out_digest)
{
    H3Credentials credentials;
    H3CredentialsResult result;

    g_return_val_if_fail (event != NULL && out_digest != NULL, H3_CREDENTIALS_MALFORMED);
    result = h3_event_read_credentials (event, &credentials);
    if (result != H3_CREDENTIALS_READ)
        return result;
    if (!h3_credentials_is (&credentials, "Digest"))
        return H3_CREDENTIALS_OTHER;
    return h3_digest_credentials_init (out_digest, &credentials, h3_event_get_arena (event))
               ? H3_CREDENTIALS_READ
               : H3_CREDENTIALS_MALFORMED;
}

/* Takes a digest of NULL as a failure that has been told. */
static gboolean
finish (H3Digest *digest, char *out, GError **error)
{
    guint8 bytes[H3_DIGEST_MAX_LENGTH];
    g_autofree char *hex = NULL;
    gsize length;

    if (digest == NULL || !h3_digest_finish (digest, bytes, error))
        return FALSE;
    length = h3_digest_get_length (h3_digest_get_kind (digest));
    hex = h3_digest_to_hex (bytes, length);
    memcpy (out, hex, 2 * length + 1);
    h3_digest_wipe (bytes, length);
    h3_digest_wipe (hex, 2 * length);
    return TRUE;
}

/* The digest of texts with colons between; `out` may be one of them. */
static gboolean
join_and_hash (H3DigestKind kind, const char *const *texts, gsize n, char *out, GError **error)
{
    g_autoptr (H3Digest) digest = h3_digest_new (kind, error);

    for (gsize i = 0; digest != NULL && i < n; i++) {
        if (i > 0)
            h3_digest_update (digest, ":", 1);
        h3_digest_update (digest, texts[i], strlen (texts[i]));
    }
    return finish (digest, out, error);
}

gboolean
h3_digest_credentials_hash_password (H3DigestKind kind, const char *user, const char *realm,
                                     const char *password, char *out, GError **error)
{
    const char *const texts[] = { user, realm, password };

    g_return_val_if_fail (user != NULL && realm != NULL && password != NULL && out != NULL, FALSE);
    return join_and_hash (kind, texts, G_N_ELEMENTS (texts), out, error);
}

gboolean
h3_digest_credentials_hash_name (H3DigestKind kind, const char *user, const char *realm, char *out,
                                 GError **error)
{
    const char *const texts[] = { user, realm };

    g_return_val_if_fail (user != NULL && realm != NULL && out != NULL, FALSE);
    return join_and_hash (kind, texts, G_N_ELEMENTS (texts), out, error);
}

static gboolean
hash_body (H3DigestKind kind, GBytes *body, char *out, GError **error)
{
    g_autoptr (H3Digest) digest = h3_digest_new (kind, error);
    gsize length = 0;
    gconstpointer data = body != NULL ? g_bytes_get_data (body, &length) : NULL;

    if (digest != NULL)
        h3_digest_update (digest, data, length);
    return finish (digest, out, error);
}

/* H(A2): what was asked for (RFC 7616 §3.4.3). */
static gboolean
hash_request (const H3DigestCredentials *digest, H3DigestKind kind, const char *method,
              GBytes *body, char *out, GError **error)
{
    const char *const texts[] = { method, digest->uri, out };
    gboolean has_body = g_strcmp0 (digest->qop, "auth-int") == 0;

    return (!has_body || hash_body (kind, body, out, error))
           && join_and_hash (kind, texts, has_body ? 3 : 2, out, error);
}

/* The hash of a session is bound to the nonce and the client's own. */
static gboolean
hash_session (const H3DigestCredentials *digest, H3DigestKind kind, char *hash, GError **error)
{
    const char *const texts[] = { hash, digest->nonce, digest->cnonce };

    return join_and_hash (kind, texts, G_N_ELEMENTS (texts), hash, error);
}

static gboolean
hash_all (const H3DigestCredentials *digest, H3DigestKind kind, const char *a1, const char *a2,
          char *out, GError **error)
{
    const char *const texts[] = { a1, digest->nonce, digest->nc, digest->cnonce, digest->qop, a2 };
    const char *const old[] = { a1, digest->nonce, a2 };

    return digest->qop != NULL ? join_and_hash (kind, texts, G_N_ELEMENTS (texts), out, error)
                               : join_and_hash (kind, old, G_N_ELEMENTS (old), out, error);
}

gboolean
h3_digest_credentials_compute (const H3DigestCredentials *digest, H3DigestKind kind,
                               const char *hash, gboolean is_session, const char *method,
                               GBytes *body, char *out, GError **error)
{
    char a1[H3_DIGEST_CREDENTIALS_ROOM], a2[H3_DIGEST_CREDENTIALS_ROOM];
    gboolean done;

    g_return_val_if_fail (digest != NULL && hash != NULL && method != NULL && out != NULL, FALSE);
    g_return_val_if_fail (!is_session || digest->cnonce != NULL, FALSE);
    (void) g_strlcpy (a1, hash, sizeof a1);
    done = (!is_session || hash_session (digest, kind, a1, error))
           && hash_request (digest, kind, method, body, a2, error)
           && hash_all (digest, kind, a1, a2, out, error);
    h3_digest_wipe (a1, sizeof a1);
    return done;
}
