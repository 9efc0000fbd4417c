/* SPDX-License-Identifier: MIT
 *
 * What the routes of the demo share. */

#include "demo-route.h"

gint64
demo_read_number (H3Event *event, const char *name, gint64 maximum)
{
    const char *text = h3_event_get_query (event, name);
    guint64 number = 0;

    if (text == NULL)
        return 0;
    if (h3_view_parse_uint (h3_view_of (text), (guint64) maximum, &number))
        return (gint64) number;
    h3_event_fail (event, h3_http_error_new (400, "%s takes a number from 0 to %" G_GINT64_FORMAT,
                                             name, maximum));
    return -1;
}

H3Route *
demo_add (H3App *app, const char *methods, const char *pattern, H3Handler handler,
          gpointer user_data, const char *what)
{
    H3Route *route = h3_app_route (app, methods, pattern, handler, user_data, NULL);

    h3_route_set_data_full (route, "what", (gpointer) what, NULL);
    return route;
}
