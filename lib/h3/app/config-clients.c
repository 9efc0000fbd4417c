/* SPDX-License-Identifier: MIT
 *
 * [clients NAME]: who may come, by address. */

#include "config-shapes.h"

#include <h3/http/content.h>
#include <h3/http/failure.h>
#include <h3/http/forwarded.h>

static void
let_in (H3Event *event, gpointer user_data)
{
    const H3Forwarded *client = h3_event_get_client (event);

    if (h3_trusted_proxies_has (user_data, &client->client))
        h3_event_next (event);
    else
        h3_event_fail_status (event, 403, "Clients at this address may not come here.");
}

static void
unref_prefixes (gpointer prefixes)
{
    h3_trusted_proxies_unref (prefixes);
}

static void
apply_clients (ConfigBuild *build, const ConfigGroup *group, ConfigPhase phase)
{
    const char *const *allowed = config_group_get_list (group, "allow");
    H3TrustedProxies *prefixes = h3_trusted_proxies_new ();
    H3Middleware *middleware = h3_middleware_new (let_in, prefixes, unref_prefixes);

    h3_middleware_set_early (middleware, TRUE);
    for (guint i = 0; allowed != NULL && allowed[i] != NULL; i++) {
        GError *error = NULL;

        if (!h3_trusted_proxies_add (prefixes, allowed[i], &error))
            config_build_tell_error (build, group, "allow", error);
    }
    config_build_use (build, group, middleware);
}

static const ConfigKey clients_keys[] = {
    CONFIG_PATH_KEY,
    { "allow", CONFIG_LIST, CONFIG_REQUIRED, 0, 0, NULL, NULL, NULL,
      "who may come: 10.0.0.0/8, ::1, or unix for those that come by a Unix socket; others are "
      "answered 403" },
};

const ConfigShape config_shape_clients = { .name = "clients",
                                           .argument = "NAME",
                                           .what =
                                               "who may come, by address, through trusted proxies",
                                           CONFIG_KEYS (clients_keys),
                                           .apply = apply_clients,
                                           .phases = 1 << CONFIG_PHASE_LIMITS };
