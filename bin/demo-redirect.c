/* SPDX-License-Identifier: MIT
 *
 * Redirects: a number of them one after the other, and one to where the client says. */

#include "demo.h"

#include "demo-route.h"

/* As many as a client may ask for: more than any of them follows. */
#define MAX_REDIRECTS 1000000

/* Where the next of the redirects still to come leads to. */
static void
lead_on (H3Event *event, const char *way, guint64 left, gboolean absolute)
{
    g_autofree char *path =
        left == 0 ? g_strdup ("/get") : g_strdup_printf ("/%s/%" G_GUINT64_FORMAT, way, left);
    g_autofree char *url = absolute ? demo_dup_url (event, path) : NULL;

    h3_event_redirect (event, 302, absolute ? url : path);
}

static void
redirect (H3Event *event, gpointer user_data)
{
    const char *asked = h3_event_get_query (event, "absolute");
    gboolean absolute = asked != NULL && g_ascii_strcasecmp (asked, "true") == 0;
    guint64 n;

    if (demo_read_param (event, "n", 1, MAX_REDIRECTS, &n))
        lead_on (event, absolute ? "absolute-redirect" : "relative-redirect", n - 1, absolute);
}

static void
redirect_by (H3Event *event, gpointer user_data)
{
    const char *way = user_data;
    guint64 n;

    if (demo_read_param (event, "n", 1, MAX_REDIRECTS, &n))
        lead_on (event, way, n - 1, g_str_has_prefix (way, "absolute"));
}

/* Any 3xx, for who asks wants to know what a client makes of it; other numbers count as none.
 * FALSE, with the event answered 400, for what is no number. */
static gboolean
read_status (H3Event *event, guint *out_status)
{
    const char *text = demo_get_query (event, "status_code");
    guint64 status = 302;

    if (text != NULL && !h3_view_parse_uint (h3_view_of (text), G_MAXUINT, &status)) {
        h3_event_fail_status (event, 400, "status_code is a number; those from 300 to 399 count");
        return FALSE;
    }
    *out_status = status >= 300 && status <= 399 ? (guint) status : 302;
    return TRUE;
}

static gboolean
has_control (const char *text)
{
    while (*text != '\0' && !g_ascii_iscntrl (*text))
        text++;
    return *text != '\0';
}

/* Where this leads is not checked: whoever runs a demo of redirects wants them. */
static void
redirect_to (H3Event *event, gpointer user_data)
{
    const char *url = demo_get_query (event, "url");
    guint status;

    if (url == NULL || *url == '\0' || has_control (url)) {
        h3_event_fail_status (event, 400, "url is where to redirect to: ?url=/get&status_code=307");
        return;
    }
    if (!read_status (event, &status))
        return;
    h3_event_redirect (event, 302, url);
    h3_event_set_status (event, status);
}

void
demo_add_redirect (H3App *app)
{
    demo_add (app, "GET", "/redirect/:n", redirect, NULL,
              "Redirects n times, then to /get; ?absolute=true: with whole URLs");
    demo_add (app, "GET", "/relative-redirect/:n", redirect_by, (gpointer) "relative-redirect",
              "Redirects n times, by paths");
    demo_add (app, "GET", "/absolute-redirect/:n", redirect_by, (gpointer) "absolute-redirect",
              "Redirects n times, by whole URLs");
    demo_add (app, "*", "/redirect-to", redirect_to, NULL,
              "Redirects to ?url=, with ?status_code=");
}
