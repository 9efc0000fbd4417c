/* SPDX-License-Identifier: MIT
 *
 * Credentials of the Digest scheme (RFC 7616): read, and what their response must be. Which nonces
 * are good, and who the user is, the caller knows. Any thread, but for what takes an event. (skip)
 * Since: 0.1 */

#pragma once

#include <h3/crypto/digest.h>
#include <h3/http/credentials.h>

G_BEGIN_DECLS

/**
 * H3DigestCredentials: (skip)
 * @username: UTF-8 without controls, out of username or `username*`; where @is_hashed, hex digits
 * @realm: as the client took it from the challenge
 * @nonce: likewise
 * @uri: which target the client meant
 * @response: hex digits
 * @algorithm: (nullable): %NULL: MD5
 * @qop: (nullable): "auth", "auth-int"; %NULL: as it was before RFC 2617
 * @cnonce: (nullable): there where @qop is
 * @nc: (nullable): likewise, eight hex digits
 * @count: what @nc says, else 0
 * @opaque: (nullable): as the challenge had it
 * @is_hashed: @username is h3_digest_credentials_hash_name()
 *
 * What a client said, by Digest (RFC 7616 §3.4). Which nonces are good, and who the user is, the
 * caller knows. Servers ask for it with h3_auth_add_digest().
 *
 * Since: 0.1
 */
typedef struct {
    const char *username; /* borrowed: the arena, as the others */
    const char *realm;
    const char *nonce;
    const char *uri;
    const char *response;
    const char *algorithm;
    const char *qop;
    const char *cnonce;
    const char *nc;
    guint32 count;
    const char *opaque;
    gboolean is_hashed;
} H3DigestCredentials;

/**
 * h3_digest_credentials_init: (skip)
 * @digest: (out): what the client said
 * @credentials: what was read of the field
 * @arena: where the texts are put
 *
 * Reads credentials of the scheme Digest (RFC 7616 §3.4). Any thread.
 *
 * Returns: %FALSE where something is missing, is there although it must not be, or is not what it
 *   must be
 *
 * Since: 0.1
 */
gboolean h3_digest_credentials_init (H3DigestCredentials *digest, const H3Credentials *credentials,
                                     H3Arena *arena);

/**
 * h3_event_read_digest: (skip)
 * @event: an event
 * @out_digest: (out): what the client said; it lives as long as the event
 *
 * Reads Authorization of the scheme Digest (RFC 7616 §3.4). Nothing is verified.
 *
 * Returns: what became of it
 *
 * Since: 0.1
 */
H3CredentialsResult h3_event_read_digest (H3Event *event, H3DigestCredentials *out_digest);

/**
 * H3_DIGEST_CREDENTIALS_ROOM: (skip)
 *
 * Room for a digest in hex, with a NUL.
 *
 * Since: 0.1
 */
#define H3_DIGEST_CREDENTIALS_ROOM (2 * H3_DIGEST_MAX_LENGTH + 1)

/**
 * h3_digest_credentials_hash_password: (skip)
 * @kind: the digest
 * @user: their name
 * @realm: where the password holds
 * @password: their password
 * @out: room for %H3_DIGEST_CREDENTIALS_ROOM: the hash, in hex
 * @error: %H3_ERROR_FAILED
 *
 * Computes H(user:realm:password) (RFC 7616 §3.4.2), which a server may keep in place of the
 * password: whoever has it can do all that the password lets them do here. Any thread.
 *
 * Returns: %FALSE with @error set
 *
 * Since: 0.1
 */
gboolean h3_digest_credentials_hash_password (H3DigestKind kind, const char *user,
                                              const char *realm, const char *password, char *out,
                                              GError **error);

/**
 * h3_digest_credentials_hash_name: (skip)
 * @kind: the digest
 * @user: their name
 * @realm: where it holds
 * @out: room for %H3_DIGEST_CREDENTIALS_ROOM: the hash, in hex
 * @error: %H3_ERROR_FAILED
 *
 * Computes H(user:realm) (RFC 7616 §3.4.4), the name of clients that do not send theirs in the
 * clear. Any thread.
 *
 * Returns: %FALSE with @error set
 *
 * Since: 0.1
 */
gboolean h3_digest_credentials_hash_name (H3DigestKind kind, const char *user, const char *realm,
                                          char *out, GError **error);

/**
 * h3_digest_credentials_compute: (skip)
 * @digest: what the client said
 * @kind: the digest
 * @hash: h3_digest_credentials_hash_password()
 * @is_session: the algorithm ends in -sess
 * @method: of the request
 * @body: (nullable): of the request; for auth-int
 * @out: room for %H3_DIGEST_CREDENTIALS_ROOM: what @digest's response must be
 * @error: %H3_ERROR_FAILED
 *
 * Computes what the client's response must be (RFC 7616 §3.4.1), to be compared with
 * h3_digest_equal(). Any thread.
 *
 * Returns: %FALSE with @error set
 *
 * Since: 0.1
 */
gboolean h3_digest_credentials_compute (const H3DigestCredentials *digest, H3DigestKind kind,
                                        const char *hash, gboolean is_session, const char *method,
                                        GBytes *body, char *out, GError **error);

G_END_DECLS
