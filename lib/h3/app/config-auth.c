/* SPDX-License-Identifier: MIT
 *
 * [auth NAME]: who may come in. The files of passwords and of keys are read anew at each reload. */

#include "config-shapes.h"

#include <h3/base/file-text.h>
#include <h3/batteries/auth.h>
#include <h3/crypto/jwt.h>

#define ALGORITHMS "HS256 HS384 HS512 RS256 RS384 RS512 PS256 PS384 PS512 ES256 ES384 ES512 EdDSA"

/* In the order of ALGORITHMS. */
static const H3SignatureKind kinds[] = {
    H3_SIGNATURE_HS256, H3_SIGNATURE_HS384, H3_SIGNATURE_HS512, H3_SIGNATURE_RS256,
    H3_SIGNATURE_RS384, H3_SIGNATURE_RS512, H3_SIGNATURE_PS256, H3_SIGNATURE_PS384,
    H3_SIGNATURE_PS512, H3_SIGNATURE_ES256, H3_SIGNATURE_ES384, H3_SIGNATURE_ES512,
    H3_SIGNATURE_EDDSA,
};

static void
add_passwords (H3Auth *auth, ConfigBuild *build, const ConfigGroup *group)
{
    const char *file = config_group_get_text (group, "passwords");
    g_autoptr (H3Passwords) passwords = h3_passwords_new ();
    GError *error = NULL;

    if (h3_passwords_load (passwords, file, &error))
        h3_auth_add_passwords (auth, passwords);
    else
        config_build_tell_error (build, group, "passwords", error);
}

static gboolean
read_keys (H3JwtVerifier *verifier, const ConfigGroup *group, GError **error)
{
    gint64 chosen = config_group_get_number (group, "algorithms");
    H3SignatureKind taken[G_N_ELEMENTS (kinds)];
    g_autofree char *text = NULL;
    gsize n = 0;

    for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
        if (chosen & (gint64) 1 << i)
            taken[n++] = kinds[i];
    return file_text_read (config_group_get_text (group, "tokens"), FILE_TEXT_MAX, &text, NULL,
                           error)
           && h3_jwt_verifier_set_key_set (verifier, text, taken, n, error);
}

static void
add_tokens (H3Auth *auth, ConfigBuild *build, const ConfigGroup *group)
{
    const char *const *audiences = config_group_get_list (group, "audience");
    g_autoptr (H3JwtVerifier) verifier = h3_jwt_verifier_new ();
    GError *error = NULL;

    if (!read_keys (verifier, group, &error)) {
        config_build_tell_error (build, group, "tokens", error);
        return;
    }
    h3_jwt_verifier_set_issuer (verifier, config_group_get_text (group, "issuer"));
    for (guint i = 0; audiences != NULL && audiences[i] != NULL; i++)
        h3_jwt_verifier_add_audience (verifier, audiences[i]);
    h3_auth_add_jwt (auth, verifier);
}

static H3Auth *
new_auth (ConfigBuild *build, const ConfigGroup *group)
{
    const char *realm = config_group_get_text (group, "realm");
    H3Auth *auth = h3_auth_new (realm != NULL ? realm : group->argument);

    if (config_group_has (group, "passwords"))
        add_passwords (auth, build, group);
    if (config_group_has (group, "tokens"))
        add_tokens (auth, build, group);
    h3_auth_set_optional (auth, config_group_get_number (group, "optional") != 0);
    return auth;
}

static void
apply_auth (ConfigBuild *build, const ConfigGroup *group, ConfigPhase phase)
{
    const char *const *scopes = config_group_get_list (group, "scopes");
    g_autoptr (H3Auth) auth = NULL;

    if (!config_group_has (group, "passwords") && !config_group_has (group, "tokens")) {
        config_build_tell (build, group, NULL,
                           "nobody could come in: passwords or tokens names a file");
        return;
    }
    auth = new_auth (build, group);
    config_build_use (build, group,
                      config_build_limit_methods (build, group, h3_auth_to_middleware (auth)));
    if (scopes != NULL) {
        g_autofree char *names = g_strjoinv (" ", (char **) scopes);

        config_build_use (build, group,
                          config_build_limit_methods (build, group, h3_auth_require_scope (names)));
    }
}

static const ConfigKey auth_keys[] = {
    CONFIG_PATH_KEY,
    { "passwords", CONFIG_FILE, 0, 0, 0, NULL, NULL, NULL,
      "a file with a user a line, name:hash or name:hash:scope scope; `h3d password` makes a "
      "hash" },
    { "tokens", CONFIG_FILE, 0, 0, 0, NULL, NULL, NULL,
      "a JWK Set, JSON: JSON Web Tokens are good that one of its keys has signed; who comes is "
      "called what their sub says" },
    { "algorithms", CONFIG_CHOICES, 0, 0, 0,
      "RS256;RS384;RS512;PS256;PS384;PS512;ES256;ES384;ES512;EdDSA", ALGORITHMS, "tokens",
      "how tokens may be signed, as far as the keys allow it" },
    { "issuer", CONFIG_TEXT, 0, 0, 0, NULL, NULL, "tokens",
      "what their iss must be; whatever it is where it is not given" },
    { "audience", CONFIG_LIST, 0, 0, 0, NULL, NULL, "tokens",
      "of which their aud must have one; where it is not given a token with an aud is refused" },
    { "realm", CONFIG_TEXT, 0, 0, 0, NULL, NULL, NULL,
      "what users are told they come into; the name of the group where it is not given" },
    { "scopes", CONFIG_LIST, 0, 0, 0, NULL, NULL, NULL,
      "who comes in has all of these; others are answered 403" },
    { "optional", CONFIG_SWITCH, 0, 0, 0, "no", NULL, "!scopes",
      "whether who shows nothing comes in too; who shows what is wrong never does" },
    { "methods", CONFIG_LIST, 0, 0, 0, NULL, NULL, NULL,
      "for which requests; for all where it is not given" },
};

const ConfigShape config_shape_auth = {
    .name = "auth",
    .argument = "NAME",
    .what = "who may come in, by name and password (Basic) or by a token (Bearer)",
    CONFIG_KEYS (auth_keys),
    .apply = apply_auth,
    .phases = 1 << CONFIG_PHASE_WHO,
};
