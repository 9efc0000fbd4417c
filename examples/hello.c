/* SPDX-License-Identifier: MIT */

#include <h3/h3.h>
#include <jansson.h>

static void
show_user (H3Event *event, gpointer user_data)
{
    h3_event_send_json (event, json_pack ("{s:s}", "id", h3_event_get_param (event, "id")));
}

int
main (int argc, char **argv)
{
    g_autoptr (H3App) app = h3_app_new ();

    h3_app_use (app, "/", h3_access_log_new (H3_ACCESS_LOG_COMBINED));
    h3_app_get (app, "/users/:id", show_user, NULL);
    return h3_app_run (app, argc, argv);
}
