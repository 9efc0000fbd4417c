/* SPDX-License-Identifier: MIT
 *
 * Answers in codings: those that a client asks for at the paths that httpbin has for them, and all
 * others as the client accepts them. Bodies that come in one. */

#include "demo.h"

#include "demo-inspect.h"
#include "demo-route.h"

#include <jansson.h>

/* A coding, and the member that says so. */
typedef struct {
    const char *coding;
    const char *member;
} Coded;

static void
send_coded (H3Event *event, gpointer user_data)
{
    const Coded *coded = user_data;
    json_t *document = demo_describe_request (event, DEMO_SHOW_METHOD);

    json_object_del (document, "args");
    json_object_del (document, "url");
    json_object_set_new (document, coded->member, json_true ());
    h3_event_force_coding (event, coded->coding);
    demo_send_json (event, document);
}

static void
show_decoded (H3Event *event, gpointer user_data)
{
    demo_send_json (event, demo_describe_request (event, DEMO_SHOW_BODY));
}

static gboolean
is_wanted (H3Event *event, gpointer user_data)
{
    return *(const gboolean *) user_data;
}

void
demo_add_compression (H3App *app, const gboolean *is_on)
{
    static const Coded gzip = { "gzip", "gzipped" };
    static const Coded deflate = { "deflate", "deflated" };
    static const Coded brotli = { "br", "brotli" };
    static const Coded zstd = { "zstd", "zstd" };
    g_autoptr (H3Middleware) middleware = h3_compression_new ();
    H3Route *route;

    h3_middleware_set_predicate (middleware, is_wanted, (gpointer) is_on, NULL);
    for (guint i = 0; (route = h3_app_get_route_at (app, i)) != NULL; i++)
        h3_app_use_for (app, route, h3_middleware_ref (middleware));
    route = demo_add (app, "POST", "/decoded", show_decoded, NULL, "A body that comes coded");
    h3_app_use_for (app, route, h3_decoding_new ());
    demo_add (app, "GET", "/gzip", send_coded, (gpointer) &gzip, "The request, in gzip");
    demo_add (app, "GET", "/deflate", send_coded, (gpointer) &deflate, "The request, in deflate");
    if (h3_has_feature ("brotli"))
        demo_add (app, "GET", "/brotli", send_coded, (gpointer) &brotli, "The request, in br");
    if (h3_has_feature ("zstd"))
        demo_add (app, "GET", "/zstd", send_coded, (gpointer) &zstd, "The request, in zstd");
}
