/* SPDX-License-Identifier: MIT
 *
 * What is protected: a token for who has the password, and what it is good for. */

#include "demo.h"

#include "demo-route.h"

#include <h3/format/json.h>

#include <time.h>

#define REALM      "h3d demo"
#define USER       "demo"
#define PASSWORD   "demo"
#define TOKEN_TIME 3600

/* Everybody may know this one, so it may be cheap. */
static const char password_hash[] =
    "$scrypt$ln=12,r=8,p=1$y2d6PYwK/FRM37cGNkygdg$tdrdd3/XaMrDtT27d66uwMm+4PwsQD0Sg5vTDZn6n2U";

/* Set before the start; then workers read them. */
static H3JwtVerifier *verifier; /* ref */
static H3Key *signing_key;      /* ref; NULL: the system has no random bytes */
static H3SignatureKind signing_kind;

/* From now on tokens are signed with this key (transfer full). */
static gboolean
take_key (H3Key *key, H3SignatureKind kind, GError **error)
{
    if (!h3_key_is_private (key) || !h3_jwt_verifier_add_key (verifier, key, kind, error)) {
        if (error != NULL && *error == NULL)
            g_set_error_literal (error, H3_ERROR, H3_ERROR_INVALID,
                                 "tokens are signed with a private key");
        h3_key_unref (key);
        return FALSE;
    }
    h3_key_unref (signing_key);
    signing_key = key;
    signing_kind = kind;
    return TRUE;
}

static H3SignatureKind
kind_of (const H3Key *key)
{
    switch (h3_key_get_kind (key)) {
    case H3_KEY_RSA:
        return H3_SIGNATURE_PS256;
    case H3_KEY_P256:
        return H3_SIGNATURE_ES256;
    case H3_KEY_P384:
        return H3_SIGNATURE_ES384;
    case H3_KEY_P521:
        return H3_SIGNATURE_ES512;
    case H3_KEY_ED25519:
        return H3_SIGNATURE_EDDSA;
    case H3_KEY_SECRET:
        break;
    }
    return H3_SIGNATURE_HS256;
}

gboolean
demo_take_token_key (const char *name, const char *value, gpointer data, GError **error)
{
    H3Key *key = h3_key_new_from_file (value, NULL, error);

    return key != NULL && take_key (key, kind_of (key), error);
}

static void
make_token (H3Event *event, gpointer user_data)
{
    const H3Principal *principal = h3_event_get_principal (event);
    json_int_t now = (json_int_t) time (NULL);
    g_autoptr (GError) error = NULL;
    g_autoptr (json_t) claims =
        json_pack ("{s:s, s:s, s:I, s:I}", "sub", h3_principal_get_name (principal), "scope",
                   "read", "iat", now, "exp", now + TOKEN_TIME);
    g_autofree char *token = NULL;

    if (signing_key != NULL)
        token = h3_jwt_sign (signing_key, signing_kind, claims, NULL, &error);
    if (token == NULL) {
        h3_event_fail_status (event, 500, NULL);
        return;
    }
    h3_event_set_header (event, "Cache-Control", "no-store");
    demo_send_json (event, json_pack ("{s:s}", "token", token));
}

static void
show_claims (H3Event *event, gpointer user_data)
{
    demo_send_json (event,
                    json_deep_copy (h3_principal_get_claims (h3_event_get_principal (event))));
}

static void
show_user (H3Event *event, gpointer user_data)
{
    demo_send_json (event, json_pack ("{s:b, s:s}", "authenticated", TRUE, "user",
                                      h3_principal_get_name (h3_event_get_principal (event))));
}

static gboolean
look_up (const char *user, H3DigestKind kind, const char *realm, char *out, gpointer user_data)
{
    return g_str_equal (user, USER)
           && h3_digest_credentials_hash_password (kind, user, realm, PASSWORD, out, NULL);
}

/* (transfer full) */
static H3Middleware *
new_basic (void)
{
    g_autoptr (H3Passwords) passwords = h3_passwords_new ();
    gboolean is_set = h3_passwords_set_user (passwords, USER, password_hash, NULL, NULL);

    g_assert (is_set);
    return h3_auth_require_password (REALM, passwords);
}

/* (transfer full): without random bytes for its nonces it lets nobody in. */
static H3Middleware *
new_digest (void)
{
    g_autoptr (H3Auth) auth = h3_auth_new (REALM);
    H3AuthDigestOptions options;

    h3_auth_digest_options_init (&options);
    options.algorithms = "SHA-256 MD5";
    (void) h3_auth_add_digest (auth, &options, look_up, NULL, NULL, NULL);
    return h3_auth_to_middleware (auth);
}

void
demo_add_token (H3App *app)
{
    H3Key *key = h3_key_generate (H3_KEY_SECRET, 0, NULL);

    verifier = h3_jwt_verifier_new ();
    if (key != NULL)
        (void) take_key (key, H3_SIGNATURE_HS256, NULL);
    h3_app_use (app, "/auth/token", new_basic ());
    h3_app_use (app, "/auth/me", h3_auth_require_jwt (REALM, verifier));
    h3_app_use (app, "/auth/me", h3_auth_require_scope ("read"));
    h3_app_use (app, "/auth/digest", new_digest ());
    demo_add (app, "POST", "/auth/token", make_token, NULL,
              "A token for an hour, for who is demo with the password demo");
    demo_add (app, "GET", "/auth/me", show_claims, NULL, "What the token says that came");
    demo_add (app, "GET", "/auth/digest", show_user, NULL,
              "For demo with the password demo, by Digest");
}
