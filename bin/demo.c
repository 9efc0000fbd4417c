/* SPDX-License-Identifier: MIT */

#include "demo.h"

#include <string.h>

/* The table of access log formats. */
static gboolean
take_access_log (const char *name, const char *value, gpointer data, GError **error)
{
    static const char *const formats[] = { "common", "combined", "json", NULL };
    H3App *app = data;

    for (guint i = 0; formats[i] != NULL; i++) {
        if (strcmp (formats[i], value) == 0) {
            h3_app_use (app, "/", h3_access_log_new ((H3AccessLogFormat) i));
            return TRUE;
        }
    }
    g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                 "%s takes common, combined or json, not '%s'", name, value);
    return FALSE;
}

int
demo_run (int argc, char **argv)
{
    static const GOptionEntry entries[] = {
        { "access-log", 0, 0, G_OPTION_ARG_CALLBACK, take_access_log,
          "Write a line for each request: common, combined or json", "FORMAT" },
        { NULL, 0, 0, 0, NULL, NULL, NULL }
    };
    g_autoptr (H3App) app = h3_app_new ();

    g_set_prgname ("h3d demo");
    demo_add_page (app);
    demo_add_cors (app);
    demo_add_bench (app);
    demo_add_plain (app);
    demo_add_inspect (app);
    demo_add_field (app);
    demo_add_status (app);
    demo_add_redirect (app);
    demo_add_cookie (app);
    demo_add_cache (app);
    demo_add_document (app);
    demo_add_answer (app);
    demo_add_link (app);
    demo_add_base64 (app);
    demo_add_later (app);
    demo_add_json_rpc (app);
    demo_add_json_lines (app);
    demo_add_bytes (app);
    demo_add_stream (app);
    demo_add_gio (app);
    h3_app_add_options (app, entries, app);
    return h3_app_run (app, argc, argv);
}
