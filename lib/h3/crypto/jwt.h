/* SPDX-License-Identifier: MIT
 *
 * JSON Web Tokens (RFC 7519), signed (RFC 7515, compact): claims that whoever has the key vouches
 * for. A verifier takes of a token nothing that its makers did not ask for: which keys, and which
 * algorithm with each, is said beforehand (RFC 8725). It is set up by one thread; then any thread,
 * several at a time; keys may come and go at any time. Since: 0.1 */

#pragma once

#include <h3/crypto/key.h>

#include <glib-object.h>

G_BEGIN_DECLS

/* jansson's; include <h3/format/json.h> to use it. */
typedef struct json_t json_t;

/* What is longer, or nests deeper, is malformed. Keys of a verifier, and of those how many are
 * tried for one token: one that names no key must not be dear. */
#define H3_JWT_MAX_LENGTH 16384
#define H3_JWT_MAX_DEPTH  16
#define H3_JWT_MAX_KEYS   64
#define H3_JWT_MAX_TRIES  4

#define H3_JWT_ERROR (h3_jwt_error_quark ())
GQuark h3_jwt_error_quark (void);

/**
 * H3JwtError:
 * @H3_JWT_ERROR_MALFORMED: no token in three parts of base64url and JSON
 * @H3_JWT_ERROR_ALGORITHM: signed in a way that is not taken, or not at all
 * @H3_JWT_ERROR_EXTENSION: it demands something that is not understood (`crit`, `b64`)
 * @H3_JWT_ERROR_KEY: there is no such key, or it names none where several fit
 * @H3_JWT_ERROR_SIGNATURE: signed by somebody else, or changed
 * @H3_JWT_ERROR_EXPIRED: its time is up
 * @H3_JWT_ERROR_EARLY: its time has not come
 * @H3_JWT_ERROR_CLAIM: a claim, or its type, is not what it must be
 *
 * Why a token is not taken. The messages have nothing of the token in them.
 */
typedef enum {
    H3_JWT_ERROR_MALFORMED,
    H3_JWT_ERROR_ALGORITHM,
    H3_JWT_ERROR_EXTENSION,
    H3_JWT_ERROR_KEY,
    H3_JWT_ERROR_SIGNATURE,
    H3_JWT_ERROR_EXPIRED,
    H3_JWT_ERROR_EARLY,
    H3_JWT_ERROR_CLAIM,
} H3JwtError;

/**
 * h3_jwt_sign: (skip)
 * @key: a secret or a private key; its name becomes `kid`
 * @claims: an object; `exp` should be in it
 * @type: (nullable): `typ`; %NULL: "JWT"
 *
 * Returns: (transfer full) (nullable): the token; %NULL with @error set: of %H3_ERROR where the key
 *   does not sign so, or the token would be too long
 */
char *h3_jwt_sign (H3Key *key, H3SignatureKind kind, const json_t *claims, const char *type,
                   GError **error);
/* Its introspectable twin: `claims` is a JSON text. Returns: (transfer full) (nullable). */
char *h3_jwt_sign_text (H3Key *key, H3SignatureKind kind, const char *claims, const char *type,
                        GError **error);

/**
 * H3JwtVerifier:
 *
 * Keys, each with the algorithms it is for, and what claims must say.
 */
typedef struct _H3JwtVerifier H3JwtVerifier;

#define H3_TYPE_JWT_VERIFIER (h3_jwt_verifier_get_type ())
GType h3_jwt_verifier_get_type (void);

/* Returns: (transfer full): without keys, so that it takes no token yet. */
H3JwtVerifier *h3_jwt_verifier_new (void);
H3JwtVerifier *h3_jwt_verifier_ref (H3JwtVerifier *verifier);
/* NULL is allowed. */
void h3_jwt_verifier_unref (H3JwtVerifier *verifier);

/**
 * h3_jwt_verifier_add_key:
 * @key: (transfer none): a public key or a secret
 * @kind: the algorithm its tokens are signed with; one key may be added for several
 *
 * Any thread, at any time.
 *
 * Returns: %FALSE with @error set: %H3_ERROR_INVALID where the key does not verify so,
 *   %H3_ERROR_LIMIT where there are %H3_JWT_MAX_KEYS
 */
gboolean h3_jwt_verifier_add_key (H3JwtVerifier *verifier, H3Key *key, H3SignatureKind kind,
                                  GError **error);

/**
 * h3_jwt_verifier_set_key_set:
 * @text: a JWK Set (RFC 7517 §5), from a source that is trusted
 * @kinds: (array length=n_kinds): the algorithms that are taken; a key is for those of them that it
 *   can, and that its own `alg` allows
 *
 * Replaces the keys of the set before, all at once; those that were added stay. Keys that are not
 * for signatures, or that are not understood, are passed over. Secrets count only where an
 * algorithm with a secret is among @kinds. Any thread, at any time.
 *
 * Returns: %FALSE with @error set, and nothing changed, where no key can be used, or
 *   %H3_ERROR_LIMIT
 */
gboolean h3_jwt_verifier_set_key_set (H3JwtVerifier *verifier, const char *text,
                                      const H3SignatureKind *kinds, gsize n_kinds, GError **error);

/* How many keys there are, counted once for each algorithm. */
guint h3_jwt_verifier_count_keys (H3JwtVerifier *verifier);

/* What follows is said before the verifier is used. */

/* `iss` must be this. NULL, the default: whatever it is, or none. */
void h3_jwt_verifier_set_issuer (H3JwtVerifier *verifier, const char *issuer);
/* `sub` must be this. NULL, the default: likewise. */
void h3_jwt_verifier_set_subject (H3JwtVerifier *verifier, const char *subject);
/* One of those who are meant: `aud` must name one of them. Without any, a token that names somebody
 * is not taken (RFC 7519 §4.1.3). */
void h3_jwt_verifier_add_audience (H3JwtVerifier *verifier, const char *audience);
/* `typ` must be this ("at+jwt"), in any case, with "application/" or without. NULL, the default:
 * whatever it is. */
void h3_jwt_verifier_set_type (H3JwtVerifier *verifier, const char *type);
/* How far clocks may be apart, in seconds; 30 where nothing is said. */
void h3_jwt_verifier_set_leeway (H3JwtVerifier *verifier, guint seconds);
/* How old a token may be by its `iat`, which it must then have; 0, the default: any age. */
void h3_jwt_verifier_set_max_age (H3JwtVerifier *verifier, guint seconds);
/* Whether it must have an end, `exp`; TRUE where nothing is said. */
void h3_jwt_verifier_set_needs_expiry (H3JwtVerifier *verifier, gboolean needs_expiry);

/**
 * h3_jwt_verifier_verify: (skip)
 * @token: what a client sent, be it what it may
 *
 * RSA and curves take tens of microseconds, P-384 and P-521 some hundreds.
 *
 * Returns: (transfer full) (nullable): the claims; %NULL with @error of %H3_JWT_ERROR set, or,
 * where the system failed, of %H3_ERROR
 */
json_t *h3_jwt_verifier_verify (H3JwtVerifier *verifier, const char *token, GError **error);
/* Its introspectable twin. Returns: (transfer full) (nullable): the claims as JSON. */
char *h3_jwt_verifier_verify_text (H3JwtVerifier *verifier, const char *token, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (H3JwtVerifier, h3_jwt_verifier_unref)

G_END_DECLS
