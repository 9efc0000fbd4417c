/* SPDX-License-Identifier: MIT
 *
 * The files of a directory that the user names. */

#include "demo.h"

#include "demo-route.h"

void
demo_add_files (H3App *app, H3StaticFiles *files)
{
    H3Route *route = h3_app_route (app, "GET", "/static/**", h3_static_files_handle, files,
                                   (GDestroyNotify) h3_static_files_unref);

    if (route != NULL)
        h3_route_set_data_full (route, "what", (gpointer) "Files of the directory of --static",
                                NULL);
}
