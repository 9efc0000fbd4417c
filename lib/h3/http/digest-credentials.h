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
 * @username: UTF-8 without controls, out of username or username*; where @is_hashed, hex digits
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
 * What a client said.
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

/* FALSE where something is missing, is there although it must not be, or is not what it must be. */
gboolean h3_digest_credentials_init (H3DigestCredentials *digest, const H3Credentials *credentials,
                                     H3Arena *arena);

/* Of the event's Authorization; what is lent lives as long as the event. */
H3CredentialsResult h3_event_read_digest (H3Event *event, H3DigestCredentials *out_digest);

/* Room for a digest in hex, with a NUL. */
#define H3_DIGEST_CREDENTIALS_ROOM (2 * H3_DIGEST_MAX_LENGTH + 1)

/* H(user:realm:password), which a server may keep in place of the password: whoever has it can do
 * all that the password lets them do here. `out` has room for H3_DIGEST_CREDENTIALS_ROOM. */
gboolean h3_digest_credentials_hash_password (H3DigestKind kind, const char *user,
                                              const char *realm, const char *password, char *out,
                                              GError **error);

/* H(user:realm), the name of clients that do not send theirs in the clear. */
gboolean h3_digest_credentials_hash_name (H3DigestKind kind, const char *user, const char *realm,
                                          char *out, GError **error);

/**
 * h3_digest_credentials_compute:
 * @hash: h3_digest_credentials_hash_password()
 * @is_session: the algorithm ends in -sess
 * @method: of the request
 * @body: (nullable): of the request; for auth-int
 * @out: room for H3_DIGEST_CREDENTIALS_ROOM: what @digest's response must be
 *
 * To be compared with h3_digest_equal().
 */
gboolean h3_digest_credentials_compute (const H3DigestCredentials *digest, H3DigestKind kind,
                                        const char *hash, gboolean is_session, const char *method,
                                        GBytes *body, char *out, GError **error);

G_END_DECLS
