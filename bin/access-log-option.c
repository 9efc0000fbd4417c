/* SPDX-License-Identifier: MIT */

#include "access-log-option.h"

gboolean
access_log_option_take (const char *name, const char *value, gpointer app, GError **error)
{
    /* In the order of H3AccessLogFormat. */
    static const char *const formats[] = { "common", "combined", "json", "traced" };
    g_auto (GStrv) parts = g_strsplit (value, ":", 2);

    for (guint i = 0; i < G_N_ELEMENTS (formats); i++) {
        H3Middleware *log;

        if (g_strcmp0 (formats[i], parts[0]) != 0)
            continue;
        log = parts[1] != NULL ? h3_access_log_new_full ((H3AccessLogFormat) i, parts[1], error)
                               : h3_access_log_new ((H3AccessLogFormat) i);
        if (log != NULL)
            h3_app_use (app, "/", log);
        return log != NULL;
    }
    g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                 "%s takes common, combined, traced or json, and behind it a file, as in "
                 "json:/var/log/h3.log, not '%s'",
                 name, value);
    return FALSE;
}
