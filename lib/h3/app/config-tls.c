/* SPDX-License-Identifier: MIT
 *
 * [tls] and [certificate NAME]. The files are read while the configuration is checked, so that what
 * is wrong with one of them is told by the line that names it. */

#include "config-shapes.h"

#include <h3/net/tls.h>

static void
add_certificate (H3TlsSettings *settings, const ConfigGroup *group)
{
    h3_tls_settings_add_certificate (settings, config_group_get_text (group, "certificate"),
                                     config_group_get_text (group, "key"));
    h3_tls_settings_set_ocsp (settings, config_group_get_text (group, "ocsp"));
}

/* FALSE, with a fault: a file that it names cannot be used. */
static gboolean
check_settings (ConfigBuild *build, const ConfigGroup *group, const char *key,
                const H3TlsSettings *settings)
{
    GError *error = NULL;
    Tls *tls = tls_new (settings, &error);

    tls_free (tls);
    if (tls == NULL)
        config_build_tell_error (build, group, key, error);
    return tls != NULL;
}

static void
apply_certificate (ConfigBuild *build, const ConfigGroup *group, ConfigPhase phase)
{
    g_autoptr (H3TlsSettings) alone = h3_tls_settings_new ();

    if (build->n_secure == 0)
        config_build_tell (build, group, NULL,
                           "no address speaks TLS: leave tls = no out of one, or this group");
    if (config_group_get_text (group, "certificate") == NULL)
        return;
    add_certificate (alone, group);
    if (!check_settings (build, group, "certificate", alone))
        return;
    if (build->tls == NULL)
        build->tls = h3_tls_settings_new ();
    add_certificate (build->tls, group);
}

static const ConfigKey certificate_keys[] = {
    { "certificate", CONFIG_FILE, CONFIG_REQUIRED, 0, 0, NULL, NULL, NULL,
      "a PEM file: the certificate, and those above it behind it" },
    { "key", CONFIG_FILE, 0, 0, 0, NULL, NULL, NULL,
      "a PEM file: its key; it is in the first file where this is not given" },
    { "ocsp", CONFIG_FILE, 0, 0, 0, NULL, NULL, NULL,
      "a DER file: the OCSP answer for it, given to clients that ask" },
};

const ConfigShape config_shape_certificate = {
    .name = "certificate",
    .argument = "NAME",
    .what = "a certificate; of several each client gets that for the name it asks for, else the "
            "first",
    CONFIG_KEYS (certificate_keys),
    .apply = apply_certificate,
    .phases = 1 << CONFIG_PHASE_STORES
};

static void
set_clients (ConfigBuild *build, const ConfigGroup *group)
{
    const char *authorities = config_group_get_text (group, "client-authorities");
    H3TlsClients clients = authorities != NULL ? H3_TLS_CLIENTS_KNOWN : H3_TLS_CLIENTS_ANY;

    if (config_group_has (group, "client-certificates"))
        clients = (H3TlsClients) config_group_get_number (group, "client-certificates");
    if (clients != H3_TLS_CLIENTS_ANY && authorities == NULL)
        return;
    if (clients == H3_TLS_CLIENTS_ANY && authorities != NULL)
        config_build_tell (build, group, "client-authorities",
                           "has no effect where client-certificates is none");
    h3_tls_settings_set_clients (build->tls, clients, authorities);
    if (authorities != NULL)
        (void) check_settings (build, group, "client-authorities", build->tls);
}

static void
apply_tls (ConfigBuild *build, const ConfigGroup *group, ConfigPhase phase)
{
    if (config_document_find (build->document, "certificate", NULL) == NULL)
        config_build_tell (build, group, NULL, "has no effect without a [certificate NAME]");
    if (build->tls == NULL)
        return;
    h3_tls_settings_set_minimum (
        build->tls, config_group_get_number (group, "minimum") == 1 ? H3_TLS_1_3 : H3_TLS_1_2);
    set_clients (build, group);
}

static const ConfigKey tls_keys[] = {
    { "minimum", CONFIG_CHOICE, 0, 0, 0, "1.2", "1.2 1.3", NULL,
      "the oldest version that is spoken" },
    { "client-certificates", CONFIG_CHOICE, 0, 0, 0, NULL, "none request require",
      "client-authorities",
      "whether clients are asked for a certificate, and must have one; require where it is not "
      "given" },
    { "client-authorities", CONFIG_FILE, 0, 0, 0, NULL, NULL, NULL,
      "a PEM file: clients' certificates are good that one of these has signed" },
};

const ConfigShape config_shape_tls = { .name = "tls",
                                       .what = "how TLS is spoken, whatever the certificate",
                                       CONFIG_KEYS (tls_keys),
                                       .apply = apply_tls,
                                       .phases = 1 << CONFIG_PHASE_LOG };
