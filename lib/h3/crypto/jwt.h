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

/**
 * H3_JWT_MAX_LENGTH:
 *
 * The longest token, in bytes: what is longer is malformed.
 *
 * Since: 0.1
 */
#define H3_JWT_MAX_LENGTH 16384

/**
 * H3_JWT_MAX_DEPTH:
 *
 * How deep the parts of a token may nest: what nests deeper is malformed.
 *
 * Since: 0.1
 */
#define H3_JWT_MAX_DEPTH 16

/**
 * H3_JWT_MAX_KEYS:
 *
 * How many keys a verifier has at most.
 *
 * Since: 0.1
 */
#define H3_JWT_MAX_KEYS 64

/**
 * H3_JWT_MAX_TRIES:
 *
 * How many keys are tried at most for one token: one that names no key must not be dear.
 *
 * Since: 0.1
 */
#define H3_JWT_MAX_TRIES 4

/**
 * H3_JWT_ERROR:
 *
 * The domain of the errors of #H3JwtError.
 *
 * Since: 0.1
 */
#define H3_JWT_ERROR (h3_jwt_error_quark ())

/**
 * h3_jwt_error_quark:
 *
 * Gives the domain of the errors of #H3JwtError. Any thread.
 *
 * Returns: the quark that is %H3_JWT_ERROR
 *
 * Since: 0.1
 */
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
 *
 * Since: 0.1
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
 * @kind: in which way
 * @claims: an object; `exp` should be in it
 * @type: (nullable): `typ`; %NULL: "JWT"
 * @error: of %H3_ERROR: %H3_ERROR_INVALID where the key does not sign so, %H3_ERROR_LIMIT where
 *   the token would be too long
 *
 * Makes a token (RFC 7519, RFC 7515). Any thread. For bindings there is h3_jwt_sign_text().
 *
 * Returns: (transfer full): the token; %NULL with @error set
 *
 * Since: 0.1
 */
char *h3_jwt_sign (H3Key *key, H3SignatureKind kind, const json_t *claims, const char *type,
                   GError **error);

/**
 * h3_jwt_sign_text:
 * @key: a secret or a private key; its name becomes `kid`
 * @kind: in which way
 * @claims: a JSON text of an object; `exp` should be in it
 * @type: (nullable): `typ`; %NULL: `JWT`
 * @error: as for h3_jwt_sign(), and %H3_ERROR_SYNTAX where @claims are no JSON, %H3_ERROR_INVALID
 *   where they are no object
 *
 * Makes a token of a text, as h3_jwt_sign() does. Any thread.
 *
 * Returns: (transfer full): the token; %NULL with @error set
 *
 * Since: 0.1
 */
char *h3_jwt_sign_text (H3Key *key, H3SignatureKind kind, const char *claims, const char *type,
                        GError **error);

/**
 * H3JwtVerifier:
 *
 * Keys, each with the algorithms it is for, and what claims must say.
 *
 * Boxed, reference-counted. It takes of a token nothing that its makers did not ask for: which
 * keys, and which algorithm with each, is said beforehand (RFC 8725). It is set up by one thread;
 * then any thread, several at a time; keys may come and go at any time.
 *
 * Since: 0.1
 */
typedef struct _H3JwtVerifier H3JwtVerifier;

#define H3_TYPE_JWT_VERIFIER (h3_jwt_verifier_get_type ())
GType h3_jwt_verifier_get_type (void);

/**
 * h3_jwt_verifier_new:
 *
 * Makes a verifier without keys, so that it takes no token yet.
 *
 * Returns: (transfer full): the verifier
 *
 * Since: 0.1
 */
H3JwtVerifier *h3_jwt_verifier_new (void);

/**
 * h3_jwt_verifier_ref:
 * @verifier: a verifier
 *
 * Holds the verifier once more. Any thread.
 *
 * Returns: (transfer full): the verifier
 *
 * Since: 0.1
 */
H3JwtVerifier *h3_jwt_verifier_ref (H3JwtVerifier *verifier);

/**
 * h3_jwt_verifier_unref:
 * @verifier: (nullable) (transfer full): a verifier; %NULL is allowed
 *
 * Lets go of the verifier, which ends with its last reference. Any thread.
 *
 * Since: 0.1
 */
void h3_jwt_verifier_unref (H3JwtVerifier *verifier);

/**
 * h3_jwt_verifier_add_key:
 * @verifier: a verifier
 * @key: (transfer none): a public key or a secret
 * @kind: the algorithm its tokens are signed with; one key may be added for several
 * @error: %H3_ERROR_INVALID where the key does not verify so, %H3_ERROR_LIMIT where there are
 *   %H3_JWT_MAX_KEYS
 *
 * Adds a key.
 *
 * Any thread, at any time.
 *
 * Returns: %FALSE with @error set
 *
 * Since: 0.1
 */
gboolean h3_jwt_verifier_add_key (H3JwtVerifier *verifier, H3Key *key, H3SignatureKind kind,
                                  GError **error);

/**
 * h3_jwt_verifier_set_key_set:
 * @verifier: a verifier
 * @text: a JWK Set (RFC 7517 §5), from a source that is trusted
 * @kinds: (array length=n_kinds): the algorithms that are taken; a key is for those of them that
 *   it can, and that its own `alg` allows
 * @n_kinds: how many
 * @error: %H3_ERROR_SYNTAX or %H3_ERROR_INVALID where it is no set of keys, %H3_ERROR_NOT_FOUND
 *   where none of them can be used, %H3_ERROR_LIMIT where there would be more than
 *   %H3_JWT_MAX_KEYS
 *
 * Takes the keys of a set.
 *
 * Replaces the keys of the set before, all at once; those that were added stay. Keys that are not
 * for signatures, or that are not understood, are passed over. Secrets count only where an
 * algorithm with a secret is among @kinds. Any thread, at any time.
 *
 * Returns: %FALSE with @error set, and nothing changed
 *
 * Since: 0.1
 */
gboolean h3_jwt_verifier_set_key_set (H3JwtVerifier *verifier, const char *text,
                                      const H3SignatureKind *kinds, gsize n_kinds, GError **error);

/**
 * h3_jwt_verifier_count_keys:
 * @verifier: a verifier
 *
 * Tells how many keys there are, counted once for each algorithm. Any thread, at any time.
 *
 * Returns: the number
 *
 * Since: 0.1
 */
guint h3_jwt_verifier_count_keys (H3JwtVerifier *verifier);

/* What follows is said before the verifier is used. */

/**
 * h3_jwt_verifier_set_issuer:
 * @verifier: a verifier that is not used yet
 * @issuer: (nullable): what `iss` must be, copied; %NULL, the default: whatever it is, or none
 *
 * Sets who must have made the token.
 *
 * Since: 0.1
 */
void h3_jwt_verifier_set_issuer (H3JwtVerifier *verifier, const char *issuer);

/**
 * h3_jwt_verifier_set_subject:
 * @verifier: a verifier that is not used yet
 * @subject: (nullable): what `sub` must be, copied; %NULL, the default: whatever it is, or none
 *
 * Sets of whom the token must speak.
 *
 * Since: 0.1
 */
void h3_jwt_verifier_set_subject (H3JwtVerifier *verifier, const char *subject);

/**
 * h3_jwt_verifier_add_audience:
 * @verifier: a verifier that is not used yet
 * @audience: one of those who are meant, copied
 *
 * Adds one to those of whom `aud` must name one. Without any, a token that names somebody is not
 * taken (RFC 7519 §4.1.3).
 *
 * Since: 0.1
 */
void h3_jwt_verifier_add_audience (H3JwtVerifier *verifier, const char *audience);

/**
 * h3_jwt_verifier_set_type:
 * @verifier: a verifier that is not used yet
 * @type: (nullable): what `typ` must be (`at+jwt`), in any case, with `application/` or without,
 *   copied; %NULL, the default: whatever it is
 *
 * Sets of what type the token must be.
 *
 * Since: 0.1
 */
void h3_jwt_verifier_set_type (H3JwtVerifier *verifier, const char *type);

/**
 * h3_jwt_verifier_set_leeway:
 * @verifier: a verifier that is not used yet
 * @seconds: 30 where nothing is said
 *
 * Sets how far clocks may be apart.
 *
 * Since: 0.1
 */
void h3_jwt_verifier_set_leeway (H3JwtVerifier *verifier, guint seconds);

/**
 * h3_jwt_verifier_set_max_age:
 * @verifier: a verifier that is not used yet
 * @seconds: 0, the default: any age
 *
 * Sets how old a token may be by its `iat`, which it must then have.
 *
 * Since: 0.1
 */
void h3_jwt_verifier_set_max_age (H3JwtVerifier *verifier, guint seconds);

/**
 * h3_jwt_verifier_set_needs_expiry:
 * @verifier: a verifier that is not used yet
 * @needs_expiry: %TRUE where nothing is said
 *
 * Sets whether a token must have an end, `exp`.
 *
 * Since: 0.1
 */
void h3_jwt_verifier_set_needs_expiry (H3JwtVerifier *verifier, gboolean needs_expiry);

/**
 * h3_jwt_verifier_verify: (skip)
 * @verifier: a verifier
 * @token: what a client sent, be it what it may
 * @error: of %H3_JWT_ERROR, or, where the system failed, of %H3_ERROR
 *
 * Verifies a token. Any thread. For bindings there is h3_jwt_verifier_verify_text().
 *
 * RSA and curves take tens of microseconds, P-384 and P-521 some hundreds.
 *
 * Returns: (transfer full): the claims; %NULL with @error set
 *
 * Since: 0.1
 */
json_t *h3_jwt_verifier_verify (H3JwtVerifier *verifier, const char *token, GError **error);

/**
 * h3_jwt_verifier_verify_text:
 * @verifier: a verifier
 * @token: what a client sent, be it what it may
 * @error: as for h3_jwt_verifier_verify()
 *
 * Verifies a token, as h3_jwt_verifier_verify() does. Any thread.
 *
 * Returns: (transfer full): the claims as JSON; %NULL with @error set
 *
 * Since: 0.1
 */
char *h3_jwt_verifier_verify_text (H3JwtVerifier *verifier, const char *token, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (H3JwtVerifier, h3_jwt_verifier_unref)

G_END_DECLS
