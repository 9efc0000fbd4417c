/* SPDX-License-Identifier: MIT
 *
 * The groups that a configuration may have, each in the file that knows what it stands for. Static;
 * read by config-schema.c alone. */

#pragma once

#include "config-build.h"

G_BEGIN_DECLS

/* config-server.c */
extern const ConfigShape config_shape_server;
/* config-listen.c */
extern const ConfigShape config_shape_listen;
/* config-tls.c */
extern const ConfigShape config_shape_tls, config_shape_certificate;
/* config-limits.c: its keys are made of the rows of H3_LIMITS. */
const ConfigShape *config_limits_get_shape (void);
/* config-log.c */
extern const ConfigShape config_shape_access_log, config_shape_trace;
/* config-fields.c */
extern const ConfigShape config_shape_security_headers, config_shape_cors;
/* config-to-https.c */
extern const ConfigShape config_shape_to_https;
/* config-codings.c */
extern const ConfigShape config_shape_compression, config_shape_decoding;
/* config-store.c */
extern const ConfigShape config_shape_store;
/* config-rate-limit.c */
extern const ConfigShape config_shape_rate_limit;
/* config-auth.c */
extern const ConfigShape config_shape_auth;
/* config-session.c */
extern const ConfigShape config_shape_sessions, config_shape_csrf;
/* config-idempotency.c */
extern const ConfigShape config_shape_idempotency;
/* config-files.c */
extern const ConfigShape config_shape_files;
/* config-proxy.c */
extern const ConfigShape config_shape_proxy;
/* config-health.c */
extern const ConfigShape config_shape_health;
/* config-clients.c */
extern const ConfigShape config_shape_clients;
/* config-dashboard.c */
extern const ConfigShape config_shape_dashboard;
/* config-workflows.c */
extern const ConfigShape config_shape_workflows;
/* config-metrics.c */
extern const ConfigShape config_shape_metrics;
/* config-rule.c */
extern const ConfigShape config_shape_rule;

/* How a table of keys is written, a line each. */
#define CONFIG_KEYS(table) .keys = (table), .n_keys = G_N_ELEMENTS (table)
#define CONFIG_PATH_KEY                                                                            \
    {                                                                                              \
        "path", CONFIG_LIST, 0, 0, 0, "/", NULL, NULL,                                             \
            "where it stands: at each of these paths and at all below it"                          \
    }
#define CONFIG_STORE_KEY                                                                           \
    {                                                                                              \
        "store", CONFIG_TEXT, 0, 0, 0, NULL, NULL, NULL,                                           \
            "the `[store NAME]` it is kept in; else in the memory of this process"                 \
    }

G_END_DECLS
