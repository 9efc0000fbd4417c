/* SPDX-License-Identifier: MIT
 *
 * [sessions] and [csrf]. What they keep in memory outlives every reload; so do the keys of sealed
 * sessions, where they come from a file. */

#include "config-shapes.h"

#include <h3/base/error.h>
#include <h3/base/file-text.h>
#include <h3/batteries/csrf.h>
#include <h3/batteries/sessions.h>
#include <h3/http/answer.h>

/* (transfer full) (nullable): the keys of sealed sessions, of a file's lines, the newest first;
 * NULL with an error. */
static H3Sealer *
read_secrets (const char *file, GError **error)
{
    g_autoptr (H3Sealer) sealer = h3_sealer_new ();
    g_autofree char *text = NULL;
    g_auto (GStrv) lines = NULL;

    if (!file_text_read (file, FILE_TEXT_MAX, &text, NULL, error))
        return NULL;
    lines = g_strsplit (text, "\n", -1);
    for (guint i = g_strv_length (lines); i-- > 0;) {
        g_autoptr (GBytes) secret = NULL;

        g_strstrip (lines[i]);
        if (lines[i][0] == '\0')
            continue;
        secret = g_bytes_new (lines[i], strlen (lines[i]));
        if (!h3_sealer_add_key (sealer, secret, error))
            return NULL;
    }
    if (h3_sealer_get_n_keys (sealer) > 0)
        return g_steal_pointer (&sealer);
    g_set_error (error, H3_ERROR, H3_ERROR_INVALID, "'%s' has no secret: a line each", file);
    return NULL;
}

static void
use_sessions (ConfigBuild *build, const ConfigGroup *group, H3Sealer *sealer)
{
    H3SessionsOptions options;
    H3Middleware *middleware;
    GError *error = NULL;

    h3_sessions_options_init (&options);
    options.sealer = sealer;
    if (sealer == NULL)
        options.store = config_build_get_store (build, group, "sessions");
    options.name = config_group_get_text (group, "cookie");
    options.path = config_group_get_text (group, "cookie-path");
    options.domain = config_group_get_text (group, "cookie-domain");
    options.idle_time = config_group_get_number (group, "idle");
    options.absolute_time = config_group_get_number (group, "lifetime");
    options.max_size = (gsize) config_group_get_number (group, "max-size");
    options.same_site =
        (H3SameSite) (config_group_get_number (group, "same-site") + H3_SAME_SITE_STRICT);
    options.always_secure = config_group_get_number (group, "always-secure") != 0;
    options.is_persistent = config_group_get_number (group, "persistent") != 0;
    middleware = h3_sessions_new_full (&options, &error);
    if (middleware == NULL)
        config_build_tell_error (build, group, NULL, error);
    else
        config_build_use (build, group, middleware);
}

static void
apply_sessions (ConfigBuild *build, const ConfigGroup *group, ConfigPhase phase)
{
    const char *secrets = config_group_get_text (group, "secrets");
    g_autoptr (H3Sealer) sealer = NULL;
    GError *error = NULL;

    if (config_document_find (build->document, "csrf", NULL) == NULL)
        config_build_tell (build, group, NULL,
                           "has no effect alone: sessions begin with the tokens of [csrf]");
    if (secrets != NULL) {
        sealer = read_secrets (secrets, &error);
        if (sealer == NULL) {
            config_build_tell_error (build, group, "secrets", error);
            return;
        }
    }
    use_sessions (build, group, sealer);
}

static const ConfigKey sessions_keys[] = {
    CONFIG_PATH_KEY,
    CONFIG_STORE_KEY,
    { "secrets", CONFIG_FILE, 0, 0, 0, NULL, NULL, "!store",
      "a file of secrets, 32 random characters or more in a line, the newest first: sessions are "
      "then sealed in the cookie, and not stored" },
    { "cookie", CONFIG_TEXT, 0, 0, 0, NULL, NULL, NULL,
      "its name; __Host-session over TLS, else session" },
    { "cookie-path", CONFIG_TEXT, 0, 0, 0, "/", NULL, NULL, "its Path" },
    { "cookie-domain", CONFIG_TEXT, 0, 0, 0, NULL, NULL, NULL,
      "its Domain; the host alone where it is not given" },
    { "same-site", CONFIG_CHOICE, 0, 0, 0, "lax", "strict lax none", NULL, "its SameSite" },
    { "idle", CONFIG_SECONDS, 0, 60, 34560000, "30min", NULL, NULL,
      "without a request for so long a session ends" },
    { "lifetime", CONFIG_SECONDS, 0, 60, 34560000, "12h", NULL, NULL,
      "from its beginning until it ends in any case" },
    { "max-size", CONFIG_SIZE, 0, 64, 1 << 20, "64K", NULL, NULL, "bytes of its values" },
    { "always-secure", CONFIG_SWITCH, 0, 0, 0, "no", NULL, NULL,
      "the cookie is for TLS also where the request did not come by it" },
    { "persistent", CONFIG_SWITCH, 0, 0, 0, "no", NULL, NULL,
      "the client keeps the cookie when it is closed" },
};

const ConfigShape config_shape_sessions = { .name = "sessions",
                                            .what = "clients are known again by a cookie",
                                            CONFIG_KEYS (sessions_keys),
                                            .apply = apply_sessions,
                                            .phases = 1 << CONFIG_PHASE_WHO };

/* Pages that are files have no other way to come by a token. */
static void
give_token (H3Event *event, gpointer user_data)
{
    GError *error = NULL;
    const char *token = h3_event_get_csrf_token (event, &error);

    if (token == NULL)
        h3_event_fail (event, error);
    else {
        g_autofree char *text = g_strdup_printf ("{\"token\":\"%s\"}", token);

        h3_event_set_header (event, "Cache-Control", "no-store");
        h3_event_send_json_text (event, text);
    }
}

static void
add_token_path (ConfigBuild *build, const ConfigGroup *group)
{
    const char *path = config_group_get_text (group, "token-path");

    if (path != NULL && config_build_check_prefix (build, group, "token-path", path))
        (void) config_build_route (build, group, "GET", path, TRUE, give_token, NULL, NULL);
}

static void
apply_csrf (ConfigBuild *build, const ConfigGroup *group, ConfigPhase phase)
{
    H3CsrfOptions options;
    H3Middleware *middleware;
    GError *error = NULL;

    if (phase == CONFIG_PHASE_ROUTES) {
        add_token_path (build, group);
        return;
    }
    if (config_document_find (build->document, "sessions", NULL) == NULL)
        config_build_tell (build, group, NULL, "tokens belong to sessions: give [sessions] too");
    h3_csrf_options_init (&options);
    options.store = config_build_get_store (build, group, "tokens");
    options.header = config_group_get_text (group, "header");
    options.field = config_group_get_text (group, "field");
    options.lifetime = config_group_get_number (group, "lifetime");
    options.ignores_origin = config_group_get_number (group, "ignore-origin") != 0;
    options.trusted_origins = config_group_get_list (group, "trusted-origins");
    middleware = h3_csrf_new_full (&options, &error);
    if (middleware == NULL)
        config_build_tell_error (build, group, NULL, error);
    else
        config_build_use (build, group, middleware);
}

static const ConfigKey csrf_keys[] = {
    CONFIG_PATH_KEY,
    CONFIG_STORE_KEY,
    { "token-path", CONFIG_TEXT, 0, 0, 0, NULL, NULL, NULL,
      "where a page gets a token by GET, as {\"token\": …}; below `path`" },
    { "header", CONFIG_TEXT, 0, 0, 0, "X-CSRF-Token", NULL, NULL, "the field that brings it" },
    { "field", CONFIG_TEXT, 0, 0, 0, "csrf_token", NULL, NULL, "the field of a form that does" },
    { "lifetime", CONFIG_SECONDS, 0, 60, 31622400, "24h", NULL, NULL, "for how long it is good" },
    { "trusted-origins", CONFIG_LIST, 0, 0, 0, NULL, NULL, NULL,
      "other sites that may send requests, with a token" },
    { "ignore-origin", CONFIG_SWITCH, 0, 0, 0, "no", NULL, "!trusted-origins",
      "whether requests that say they come from another site are taken, with a token" },
};

const ConfigShape config_shape_csrf = {
    .name = "csrf",
    .what = "what changes something needs a token that other sites cannot have",
    CONFIG_KEYS (csrf_keys),
    .apply = apply_csrf,
    .phases = 1 << CONFIG_PHASE_ONCE | 1 << CONFIG_PHASE_ROUTES
};
