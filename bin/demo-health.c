/* SPDX-License-Identifier: MIT
 *
 * Whether the server is well, and wants requests: with a component, whose word is part of the
 * answer. */

#include "demo.h"

#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

/* Where the larger files of forms go until they have been looked at. */
static gboolean
can_keep_uploads (gpointer data, GError **error)
{
    if (g_access (g_get_tmp_dir (), W_OK) == 0)
        return TRUE;
    g_set_error (error, H3_ERROR, H3_ERROR_FAILED, "nothing can be written to the folder %s",
                 g_get_tmp_dir ());
    return FALSE;
}

static void
explain (H3App *app, const char *pattern, const char *what)
{
    H3Route *route;

    for (guint i = 0; (route = h3_app_get_route_at (app, i)) != NULL; i++) {
        if (strcmp (h3_route_get_pattern (route), pattern) == 0)
            h3_route_set_data_full (route, "what", (gpointer) what, NULL);
    }
}

void
demo_add_health (H3App *app)
{
    static const H3Component uploads = { .name = "uploads", .health = can_keep_uploads };

    h3_app_add_component (app, &uploads, NULL, NULL);
    h3_app_add_health (app, "/health", "/ready");
    explain (app, "/health", "Whether the server is well");
    explain (app, "/ready", "Whether the server wants requests");
}
