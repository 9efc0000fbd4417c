/* SPDX-License-Identifier: MIT */

#include "access-log-option.h"

#include <string.h>

gboolean
access_log_option_take (const char *name, const char *value, gpointer app, GError **error)
{
    /* In the order of H3AccessLogFormat. */
    static const char *const formats[] = { "common", "combined", "json" };

    for (guint i = 0; i < G_N_ELEMENTS (formats); i++) {
        if (strcmp (formats[i], value) == 0) {
            h3_app_use (app, "/", h3_access_log_new ((H3AccessLogFormat) i));
            return TRUE;
        }
    }
    g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                 "%s takes common, combined or json, not '%s'", name, value);
    return FALSE;
}
