/* SPDX-License-Identifier: MIT
 *
 * Pages made from templates: what the demo answers, and a greeting. */

#include "demo.h"

#include "demo-route.h"

#include <jansson.h>
#include <string.h>

static const char frame_text[] =
    "<!DOCTYPE html>\n<html lang=\"en\">\n<head><meta charset=\"utf-8\">"
    "<meta name=\"viewport\" content=\"width=device-width\"><title>{{title}}</title>\n"
    "<style nonce=\"{{nonce}}\">:root{color-scheme:light dark}body{font:1rem/1.5 "
    "system-ui,sans-serif;"
    "max-width:56rem;margin:2rem auto;padding:0 1rem}table{border-collapse:collapse;width:100%}"
    "td,th{padding:.3rem .8rem .3rem 0;text-align:left;border-bottom:1px solid #8884}"
    "</style></head>\n";

static const char index_text[] =
    "{{> frame}}<body><h1>{{title}}</h1>\n<p>This server is made with h3-glib. It answers "
    "as httpbin does, and at a few paths of its own:</p>\n<table>\n"
    "<tr><th>Method</th><th>Path</th><th>What it does</th></tr>\n"
    "{{#each routes as route}}<tr><td>{{route.methods}}</td><td><code>"
    "{{#if route.link}}<a href=\"{{route.link}}\">{{route.pattern}}</a>"
    "{{else}}{{route.pattern}}{{/if}}</code></td><td>{{route.what}}</td></tr>\n"
    "{{/each}}</table>\n</body>\n</html>\n";

static const char hello_text[] =
    "{{> frame}}<body><h1>Hello, {{name}}!</h1>\n"
    "<p title=\"{{name}}\">{{#if from}}<a href=\"{{from}}\">Where you come from</a>"
    "{{else}}Nobody knows where you come from: ?from= says so{{/if}}, "
    "<a href=\"/get?name={{name}}\">what you asked</a></p>\n"
    "<script type=\"application/json\">{{json name}}</script>\n</body>\n</html>\n";

typedef struct {
    H3App *app;             /* borrowed: it holds the routes that hold this */
    H3Templates *templates; /* owned */
} Pages;

static void
free_pages (gpointer data)
{
    Pages *pages = data;

    h3_templates_unref (pages->templates);
    g_free (pages);
}

/* Of routes that the library adds, some of them to an app of its own, where they cannot be had
 * before the start. */
static const char *
find_text (const char *methods, const char *pattern)
{
    static const char *const texts[][3] = {
        { "GET", "/openapi.json", "What the server answers, as an OpenAPI document" },
        { "GET", "/openapi", "That document, to be read" },
        { "GET", "/openapi/style.css", "How its page looks" },
        { "GET", "/workflows", "The workflows there are" },
        { "POST", "/workflows/:name/runs", "Begins a run; the body is its input" },
        { "GET", "/workflows/runs", "The last runs: ?workflow=, ?state=" },
        { "GET", "/workflows/runs/:id", "A run: its steps, and what they printed" },
        { "GET", "/workflows/runs/:id/events", "What a run does, as events" },
        { "DELETE", "/workflows/runs/:id", "Cancels a run" },
    };

    for (guint i = 0; i < G_N_ELEMENTS (texts); i++) {
        if (strcmp (methods, texts[i][0]) == 0 && strcmp (pattern, texts[i][1]) == 0)
            return texts[i][2];
    }
    return NULL;
}

static json_t *
describe_route (const H3Route *route)
{
    const char *pattern = h3_route_get_pattern (route);
    const char *methods = h3_route_get_methods (route);
    const char *what = h3_route_get_data (route, "what");
    gboolean is_link = strpbrk (pattern, ":*") == NULL && strstr (methods, "GET") != NULL;

    return json_pack ("{s:s, s:s, s:s?, s:s?}", "methods", methods, "pattern", pattern, "link",
                      is_link ? pattern : NULL, "what",
                      what != NULL ? what : find_text (methods, pattern));
}

/* `document` is (transfer full); the style of the page has the nonce that its policy asks for. */
static void
send_page (H3Event *event, const Pages *pages, const char *name, json_t *document)
{
    const char *nonce = h3_security_headers_get_nonce (event);

    if (nonce == NULL) {
        json_decref (document);
        return;
    }
    json_object_set_new (document, "nonce", json_string (nonce));
    h3_event_send_template (event, pages->templates, name, document);
}

/* The page is made from the live routes at every request: it cannot go stale. */
static void
show_index (H3Event *event, gpointer user_data)
{
    const Pages *pages = user_data;
    json_t *routes = json_array ();
    H3Route *route;

    for (guint i = 0; (route = h3_app_get_route_at (pages->app, i)) != NULL; i++)
        json_array_append_new (routes, describe_route (route));
    send_page (event, pages, "index",
               json_pack ("{s:s, s:o}", "title", "h3d demo", "routes", routes));
}

static void
say_hello (H3Event *event, gpointer user_data)
{
    const Pages *pages = user_data;
    const char *name = h3_event_get_param (event, "name");

    send_page (event, pages, "hello",
               json_pack ("{s:s, s:s, s:s?}", "title", "Hello", "name", name, "from",
                          h3_event_get_query (event, "from")));
}

void
demo_add_page (H3App *app)
{
    Pages *pages = g_new (Pages, 1);
    H3Route *index;

    *pages = (Pages){ app, h3_templates_new () };
    if (!h3_templates_add (pages->templates, "frame", frame_text, NULL)
        || !h3_templates_add (pages->templates, "index", index_text, NULL)
        || !h3_templates_add (pages->templates, "hello", hello_text, NULL))
        g_assert_not_reached ();
    index = h3_app_route (app, "GET", "/", show_index, pages, free_pages);
    h3_route_set_data_full (index, "what", (gpointer) "This page", NULL);
    demo_add (app, "GET", "/hello/:name", say_hello, pages,
              "A greeting, by a template: ?from= is a link");
}
