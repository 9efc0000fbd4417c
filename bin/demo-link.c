/* SPDX-License-Identifier: MIT
 *
 * Pages that link to one another, for clients that follow links. */

#include "demo.h"

#include "demo-route.h"

#define MAX_LINKS 200

static void
show_links (H3Event *event, gpointer user_data)
{
    g_autoptr (GString) page = NULL;
    guint64 n, offset;

    if (!demo_read_param (event, "n", 0, G_MAXUINT32, &n)
        || !demo_read_param (event, "offset", 0, G_MAXUINT32, &offset))
        return;
    n = CLAMP (n, 1, MAX_LINKS);
    page = g_string_new ("<!DOCTYPE html>\n<html lang=\"en\">\n<head><meta charset=\"utf-8\">"
                         "<title>Links</title></head>\n<body>\n<p>\n");
    for (guint64 i = 0; i < n; i++) {
        if (i == offset)
            g_string_append_printf (page, "%" G_GUINT64_FORMAT "\n", i);
        else
            g_string_append_printf (page,
                                    "<a href=\"/links/%" G_GUINT64_FORMAT "/%" G_GUINT64_FORMAT
                                    "\">%" G_GUINT64_FORMAT "</a>\n",
                                    n, i, i);
    }
    g_string_append (page, "</p>\n</body>\n</html>\n");
    h3_event_send_html (event, page->str);
}

static void
lead_to_first (H3Event *event, gpointer user_data)
{
    g_autofree char *path = NULL;
    guint64 n;

    if (!demo_read_param (event, "n", 0, G_MAXUINT32, &n))
        return;
    path = g_strdup_printf ("/links/%" G_GUINT64_FORMAT "/0", n);
    h3_event_redirect (event, 302, path);
}

void
demo_add_link (H3App *app)
{
    demo_add (app, "GET", "/links/:n", lead_to_first, NULL, "Redirects to the first of n pages");
    demo_add (app, "GET", "/links/:n/:offset", show_links, NULL,
              "A page with links to n pages, but to itself");
}
