/* SPDX-License-Identifier: MIT
 *
 * A configuration on its way to an app: what the groups share while each adds its part. One thread,
 * before the start. */

#pragma once

#include "app.h"
#include "config-document.h"
#include "config-kept.h"
#include "config-workflows.h"

#include <h3/monitor/metrics.h>
#include <h3/monitor/trend.h>
#include <h3/net/tls-settings.h>
#include <h3/store/store.h>

G_BEGIN_DECLS

struct _ConfigBuild {
    ConfigDocument *document; /* borrowed: the configuration's, with the faults */
    ConfigKept *kept;         /* borrowed: the configuration's */
    H3App *app;               /* borrowed: the configuration's */
    gboolean is_dry;          /* it is only looked at: nothing is made that others would see */
    ConfigPlans *plans;       /* borrowed: the app's; NULL: there are none */
    GHashTable *routes;       /* owned: pattern → line, of those that are there */
    H3TlsSettings *tls;       /* owned; NULL: there is no certificate */
    gboolean is_measured;     /* the app's requests are counted and timed */
    guint n_listeners, n_secure;
};

/* Adds all of `document` to the app. What cannot be is among the document's faults. */
void config_build_run (ConfigBuild *build);

/* A fault of a key, or (NULL) of the group; the error is (transfer full). */
void config_build_tell (ConfigBuild *build, const ConfigGroup *group, const char *key,
                        const char *format, ...) G_GNUC_PRINTF (4, 5);
void config_build_tell_error (ConfigBuild *build, const ConfigGroup *group, const char *key,
                              GError *error);

/* Has middleware (transfer full) (nullable: it could not be made) stand at each `path` of the
 * group, if its check has nothing against it. */
void config_build_use (ConfigBuild *build, const ConfigGroup *group, H3Middleware *middleware);

/* Says of a prefix of paths, that of a group or of its key (nullable), whether it is one. */
gboolean config_build_check_prefix (ConfigBuild *build, const ConfigGroup *group, const char *key,
                                    const char *prefix);
/* Whether nobody has a route there yet; else that is a fault. */
gboolean config_build_claim (ConfigBuild *build, const ConfigGroup *group, const char *pattern);
/* (transfer none) (nullable): a route for all beneath a prefix, or (is_whole) for a path alone; the
 * data (transfer full) goes where it cannot be: then NULL, and a fault is told. */
H3Route *config_build_route (ConfigBuild *build, const ConfigGroup *group, const char *methods,
                             const char *prefix, gboolean is_whole, H3Handler handler,
                             gpointer data, GDestroyNotify destroy);

/* Whether an [auth NAME] or [clients NAME] stands before the path. */
gboolean config_build_is_guarded (const ConfigBuild *build, const char *path);

/* (transfer full): `middleware` for the methods alone that the group's key `methods` names. */
H3Middleware *config_build_limit_methods (ConfigBuild *build, const ConfigGroup *group,
                                          H3Middleware *middleware);

/* (transfer full): under which name a thing outlives reloads: it says how that was set up, the
 * store of the group too. */
char *config_build_dup_name (ConfigBuild *build, const ConfigGroup *group);

/* (transfer none): what all of this process is counted in. */
H3Metrics *config_metrics_get (ConfigBuild *build);
/* (transfer none): what watches that. */
H3Trend *config_metrics_get_trend (ConfigBuild *build);
/* Has the app's requests counted and timed, once, however many groups want it. */
void config_metrics_measure (ConfigBuild *build);

/* (transfer none): the store that the group's key `store` names, else a memory of its own for
 * `purpose`, which outlives reloads. NULL: there is no such store, which is a fault. */
H3Store *config_build_get_store (ConfigBuild *build, const ConfigGroup *group, const char *purpose);

G_END_DECLS
