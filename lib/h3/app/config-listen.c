/* SPDX-License-Identifier: MIT
 *
 * [listen NAME]: an address each. */

#include "config-shapes.h"

#include <h3/base/view.h>

/* Mode, owner and group: what a file has. */
static const char *const of_paths[] = { "mode", "owner", "group" };

/* FALSE, with a fault: the key `address` says what others are for. */
static gboolean
check_address (ConfigBuild *build, const ConfigGroup *group, const char *address)
{
    gboolean has_path =
        g_str_has_prefix (address, "unix:") && !g_str_has_prefix (address, "unix:@");
    gboolean is_good = TRUE;

    if (strchr (address, ',') != NULL || strstr (address, "://") != NULL) {
        config_build_tell (build, group, "address",
                           "'%s': only the address stands here: tls, mode, owner, group and "
                           "proxy-protocol are keys of their own",
                           address);
        return FALSE;
    }
    for (guint i = 0; i < G_N_ELEMENTS (of_paths); i++) {
        if (!config_group_has (group, of_paths[i]) || has_path)
            continue;
        config_build_tell (build, group, of_paths[i],
                           "has no effect on %s: it is of the path of a Unix socket", address);
        is_good = FALSE;
    }
    return is_good;
}

/* (transfer full): as h3_app_listen () takes it. */
static char *
dup_listen_text (const ConfigGroup *group, gboolean is_secure)
{
    const char *const *proxies = config_group_get_list (group, "proxy-protocol");
    g_autoptr (GString) text = g_string_new (is_secure ? "https://" : "http://");

    g_string_append (text, config_group_get_text (group, "address"));
    for (guint i = 0; i < G_N_ELEMENTS (of_paths); i++) {
        if (config_group_has (group, of_paths[i]))
            g_string_append_printf (text, ",%s=%s", of_paths[i],
                                    config_group_get_text (group, of_paths[i]));
    }
    for (guint i = 0; proxies != NULL && proxies[i] != NULL; i++)
        g_string_append_printf (text, ",proxy-protocol=%s", proxies[i]);
    return g_strdup (text->str);
}

static void
apply_listen (ConfigBuild *build, const ConfigGroup *group, ConfigPhase phase)
{
    gboolean has_certificate = config_document_find (build->document, "certificate", NULL) != NULL;
    gboolean is_secure = has_certificate;
    const char *address = config_group_get_text (group, "address");
    g_autofree char *text = NULL;
    GError *error = NULL;

    build->n_listeners++;
    if (config_group_has (group, "tls"))
        is_secure = config_group_get_number (group, "tls") != 0;
    if (is_secure)
        build->n_secure++;
    if (is_secure && !has_certificate)
        config_build_tell (build, group, "tls",
                           "TLS needs a certificate: give a [certificate "
                           "NAME], or say no");
    if (address == NULL || !check_address (build, group, address))
        return;
    text = dup_listen_text (group, is_secure);
    if (!h3_app_listen (build->app, text, &error))
        config_build_tell_error (build, group, "address", error);
}

static const ConfigKey listen_keys[] = {
    { "address", CONFIG_TEXT, CONFIG_REQUIRED, 0, 0, NULL, NULL, NULL,
      "127.0.0.1:8080, [::]:8080, unix:/run/h3d.sock, systemd for the sockets it hands over, "
      "systemd:NAME for those of a name; port 0 is any free one" },
    { "tls", CONFIG_SWITCH, 0, 0, 0, NULL, NULL, NULL,
      "whether TLS is spoken; yes where there is a `[certificate NAME]`" },
    { "mode", CONFIG_TEXT, 0, 0, 0, NULL, NULL, NULL, "of the path of a Unix socket: 0660" },
    { "owner", CONFIG_TEXT, 0, 0, 0, NULL, NULL, NULL, "whose the path is: a name or a number" },
    { "group", CONFIG_TEXT, 0, 0, 0, NULL, NULL, NULL, "likewise" },
    { "proxy-protocol", CONFIG_LIST, 0, 0, 0, NULL, NULL, NULL,
      "only these proxies may come, and say by the PROXY protocol who their clients are: "
      "10.0.0.0/8, ::1, unix" },
};

const ConfigShape config_shape_listen = { .name = "listen",
                                          .argument = "NAME",
                                          .what = "an address to listen on; 127.0.0.1:8080 where "
                                                  "there is no such group",
                                          CONFIG_KEYS (listen_keys),
                                          .apply = apply_listen,
                                          .phases = 1 << CONFIG_PHASE_SERVER };
