/* SPDX-License-Identifier: MIT
 *
 * [access-log] and [trace]. A log outlives reloads that leave its group as it was. */

#include "config-shapes.h"

#include <h3/batteries/access-log.h>
#include <h3/batteries/trace.h>

#include <errno.h>
#include <unistd.h>

static void
unref_middleware (gpointer middleware)
{
    h3_middleware_unref (middleware);
}

/* Whether the file could be opened for writing, which this does not. */
static void
check_file (ConfigBuild *build, const ConfigGroup *group, const char *file)
{
    g_autofree char *folder = g_path_get_dirname (file);
    gboolean is_there = access (file, F_OK) == 0;

    if (access (is_there ? file : folder, W_OK) != 0)
        config_build_tell (build, group, "file", "'%s' cannot be written: %s", file,
                           g_strerror (errno));
}

/* (transfer none) (nullable) */
static H3Middleware *
open_log (ConfigBuild *build, const ConfigGroup *group)
{
    H3AccessLogFormat format = (H3AccessLogFormat) config_group_get_number (group, "format");
    const char *file = config_group_get_text (group, "file");
    H3Middleware *log = config_kept_find (build->kept, group->text);
    GError *error = NULL;

    if (log != NULL)
        return log;
    log = file != NULL ? h3_access_log_new_full (format, file, &error) : h3_access_log_new (format);
    if (log == NULL) {
        config_build_tell_error (build, group, "file", error);
        return NULL;
    }
    return config_kept_add (build->kept, group->text, log, unref_middleware);
}

static void
apply_access_log (ConfigBuild *build, const ConfigGroup *group, ConfigPhase phase)
{
    const char *file = config_group_get_text (group, "file");
    H3Middleware *log;

    if (build->is_dry && file != NULL) {
        check_file (build, group, file);
        return;
    }
    log = open_log (build, group);
    if (log != NULL)
        config_build_use (build, group, h3_middleware_ref (log));
}

static const ConfigKey access_log_keys[] = {
    CONFIG_PATH_KEY,
    { "format", CONFIG_CHOICE, 0, 0, 0, "combined", "common combined json traced", NULL,
      "how a line is written; traced is combined with request id and trace" },
    { "file", CONFIG_FILE, 0, 0, 0, NULL, NULL, NULL,
      "the file, opened anew on SIGUSR1; the standard output where it is not given" },
};

const ConfigShape config_shape_access_log = { .name = "access-log",
                                              .what = "a line for each request that is over",
                                              CONFIG_KEYS (access_log_keys),
                                              .apply = apply_access_log,
                                              .phases = 1 << CONFIG_PHASE_LOG };

static void
apply_trace (ConfigBuild *build, const ConfigGroup *group, ConfigPhase phase)
{
    const ConfigGroup *server = config_document_find (build->document, "server", NULL);
    H3TraceFlags flags = H3_TRACE_DEFAULT;

    if (config_group_get_number (group, "tell-request-id") != 0)
        flags |= H3_TRACE_TELL_REQUEST_ID;
    if (config_group_get_number (group, "tell-trace") != 0)
        flags |= H3_TRACE_TELL_TRACE;
    if (config_group_get_number (group, "trust-proxies-only") != 0) {
        flags |= H3_TRACE_TRUST_PROXIES_ONLY;
        if (server == NULL || !config_group_has (server, "trusted-proxies"))
            config_build_tell (build, group, "trust-proxies-only",
                               "nobody is trusted: name trusted-proxies in [server]");
    }
    config_build_use (build, group, h3_trace_new (flags));
}

static const ConfigKey trace_keys[] = {
    CONFIG_PATH_KEY,
    { "tell-request-id", CONFIG_SWITCH, 0, 0, 0, "yes", NULL, NULL, "answers have X-Request-Id" },
    { "tell-trace", CONFIG_SWITCH, 0, 0, 0, "no", NULL, NULL, "answers have traceresponse" },
    { "trust-proxies-only", CONFIG_SWITCH, 0, 0, 0, "no", NULL, NULL,
      "traceparent counts only where a trusted proxy sent it" },
};

const ConfigShape config_shape_trace = {
    .name = "trace",
    .what = "each request has an id, and its place in a trace, which proxies hand on",
    CONFIG_KEYS (trace_keys),
    .apply = apply_trace,
    .phases = 1 << CONFIG_PHASE_FIELDS
};
