/* SPDX-License-Identifier: MIT */

#include "demo.h"

#include "access-log-option.h"
#include "demo-route.h"

#include <string.h>

static void
append_escaped (GString *page, const char *text)
{
    g_autofree char *escaped = g_markup_escape_text (text, -1);

    g_string_append (page, escaped);
}

static void
append_route (GString *page, const H3Route *route)
{
    const char *pattern = h3_route_get_pattern (route);
    gboolean is_link =
        strpbrk (pattern, ":*") == NULL && strstr (h3_route_get_methods (route), "GET") != NULL;
    const char *what = h3_route_get_data (route, "what");

    g_string_append (page, "<tr><td>");
    append_escaped (page, h3_route_get_methods (route));
    g_string_append (page, "</td><td><code>");
    if (is_link) {
        g_string_append (page, "<a href=\"");
        append_escaped (page, pattern);
        g_string_append (page, "\">");
    }
    append_escaped (page, pattern);
    g_string_append_printf (page, "%s</code></td><td>", is_link ? "</a>" : "");
    append_escaped (page, what != NULL ? what : "");
    g_string_append (page, "</td></tr>\n");
}

/* The page is made from the live routes at every request: it cannot go stale. */
static void
show_index (H3Event *event, gpointer user_data)
{
    H3App *app = user_data;
    g_autoptr (GString) page = g_string_new (
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head><meta charset=\"utf-8\">"
        "<meta name=\"viewport\" content=\"width=device-width\"><title>h3d demo</title>\n"
        "<style>:root{color-scheme:light dark}body{font:1rem/1.5 system-ui,sans-serif;"
        "max-width:56rem;margin:2rem auto;padding:0 1rem}table{border-collapse:collapse;width:100%}"
        "td,th{padding:.3rem .8rem .3rem 0;text-align:left;border-bottom:1px solid #8884}"
        "</style></head>\n<body><h1>h3d demo</h1>\n<p>This server is made with h3-glib. It answers "
        "as httpbin does, and at a few paths of its own:</p>\n<table>\n"
        "<tr><th>Method</th><th>Path</th><th>What it does</th></tr>\n");
    H3Route *route;

    for (guint i = 0; (route = h3_app_get_route_at (app, i)) != NULL; i++)
        append_route (page, route);
    g_string_append (page, "</table>\n</body>\n</html>\n");
    h3_event_send_html (event, page->str);
}

/* Adds /static/ with the files of a directory. */
static gboolean
take_static (const char *name, const char *value, gpointer data, GError **error)
{
    H3App *app = data;
    H3StaticFiles *files = h3_static_files_new (value, error);

    if (files == NULL)
        return FALSE;
    h3_static_files_set_listing (files, TRUE);
    demo_add_files (app, files);
    return TRUE;
}

int
demo_run (int argc, char **argv)
{
    static gboolean is_compressing = TRUE;
    static const GOptionEntry entries[] = {
        ACCESS_LOG_OPTION,
        { "static", 0, 0, G_OPTION_ARG_CALLBACK, take_static,
          "Serve the files of this directory at /static/", "DIRECTORY" },
        { "no-compression", 0, G_OPTION_FLAG_REVERSE, G_OPTION_ARG_NONE, &is_compressing,
          "Send answers as they are, whatever clients accept", NULL },
        { NULL, 0, 0, 0, NULL, NULL, NULL }
    };
    g_autoptr (H3App) app = h3_app_new ();

    g_set_prgname ("h3d demo");
    demo_add (app, "GET", "/", show_index, app, "This page");
    demo_add_cors (app);
    demo_add_plain (app);
    demo_add_inspect (app);
    demo_add_field (app);
    demo_add_status (app);
    demo_add_redirect (app);
    demo_add_cookie (app);
    demo_add_cache (app);
    demo_add_document (app);
    demo_add_image (app);
    demo_add_answer (app);
    demo_add_link (app);
    demo_add_base64 (app);
    demo_add_later (app);
    demo_add_upload (app);
    demo_add_json_rpc (app);
    demo_add_bytes (app);
    demo_add_stream (app);
    demo_add_message (app);
    demo_add_gio (app);
    demo_add_sse (app);
    demo_add_compression (app, &is_compressing);
    demo_add_bench (app); /* last: nothing that costs time stands before these */
    h3_app_add_options (app, entries, app);
    return h3_app_run (app, argc, argv);
}
