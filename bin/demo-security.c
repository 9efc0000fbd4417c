/* SPDX-License-Identifier: MIT
 *
 * Pages whose fields have browsers be careful: what is inline runs where it has the answer's nonce,
 * and nowhere else. */

#include "demo.h"

#include "demo-route.h"

#include <jansson.h>

static const char page_text[] =
    "<!DOCTYPE html>\n<html lang=\"en\">\n<head><meta charset=\"utf-8\">"
    "<title>Security headers</title>\n"
    "<style nonce=\"{{nonce}}\">#state{font-weight:bold}</style></head>\n"
    "<body><h1>Security headers</h1>\n<p id=\"state\">The script has not run.</p>\n"
    "<p>The fields of this answer have browsers run no script but those with the answer's own "
    "nonce: look at it with <code>curl -i</code>.</p>\n"
    "<script nonce=\"{{nonce}}\">document.querySelector('#state').textContent = "
    "'The script with the nonce has run.'</script>\n</body>\n</html>\n";

static void
show_page (H3Event *event, gpointer user_data)
{
    const char *nonce = h3_security_headers_get_nonce (event);

    if (nonce != NULL)
        h3_event_send_template (event, user_data, "page", json_pack ("{s:s}", "nonce", nonce));
}

static void
free_templates (gpointer data)
{
    h3_templates_unref (data);
}

static void
secure (H3App *app, const char *pattern, H3Middleware *middleware)
{
    H3RouteRule *rule = h3_route_rule_new ();

    h3_route_rule_set_middleware (rule, "security", h3_middleware_ref (middleware));
    h3_app_add_rule (app, pattern, rule);
}

/* Not for all: httpbin's answers are asked for by pages of everybody. */
void
demo_add_security (H3App *app)
{
    g_autoptr (H3Middleware) middleware = h3_security_headers_new ();
    H3Templates *templates = h3_templates_new ();
    H3Route *route;

    if (!h3_templates_add (templates, "page", page_text, NULL))
        g_assert_not_reached ();
    route = h3_app_route (app, "GET", "/security-headers", show_page, templates, free_templates);
    h3_route_set_data_full (route, "what", (gpointer) "A page whose policy lets its own script run",
                            NULL);
    secure (app, "/", middleware);
    secure (app, "/hello/*", middleware);
    secure (app, "/security-headers/**", middleware);
}
