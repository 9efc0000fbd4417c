/* SPDX-License-Identifier: MIT
 *
 * What was received, in the JSON that httpbin writes. */

#include "demo-inspect.h"

#include "demo-route.h"
#include "demo.h"

#include <h3/format/json.h>

#include <jansson.h>
#include <string.h>

/* A second value under a name turns the first into a list. */
static gboolean
add_value (const char *name, const char *value, gpointer user_data)
{
    json_t *object = user_data;
    json_t *before = json_object_get (object, name);

    if (before == NULL) {
        json_object_set_new (object, name, json_string (value));
    } else if (json_is_array (before)) {
        json_array_append_new (before, json_string (value));
    } else {
        json_t *both = json_array ();

        json_array_append (both, before);
        json_array_append_new (both, json_string (value));
        json_object_set_new (object, name, both);
    }
    return TRUE;
}

static json_t *
describe_query (const H3Query *query)
{
    json_t *object = json_object ();

    if (query != NULL)
        h3_query_foreach (query, add_value, object);
    return object;
}

/* Each-Word-Begins-With-A-Capital, as httpbin shows names whatever their case on the wire. */
static void
capitalize (char *name)
{
    gboolean at_start = TRUE;

    for (; *name != '\0'; name++) {
        *name = at_start ? g_ascii_toupper (*name) : g_ascii_tolower (*name);
        at_start = *name == '-';
    }
}

static json_t *
describe_headers (const H3Request *request)
{
    json_t *object = json_object ();
    const char *name, *value;

    for (guint i = 0; h3_request_get_header_at (request, i, &name, &value); i++) {
        g_autofree char *shown = g_strdup (name);
        g_autofree char *text = demo_dup_as_utf8 (value);
        const char *before;
        g_autofree char *joined = NULL;

        capitalize (shown);
        before = json_string_value (json_object_get (object, shown));
        if (before != NULL)
            joined = g_strconcat (before, ",", text, NULL);
        json_object_set_new (object, shown, json_string (joined != NULL ? joined : text));
    }
    return object;
}

/* The target as it was sent: a client that takes us for a proxy sends a whole URL. */
static json_t *
describe_url (H3Event *event)
{
    const char *target = h3_request_get_target (h3_event_get_request (event));
    g_autofree char *url = *target == '/' ? demo_dup_url (event, target) : g_strdup (target);

    return json_string (url);
}

static gboolean
has_type (const H3Request *request, const char *pattern)
{
    H3View type = h3_request_get_header_view (request, H3_VIEW ("Content-Type"));
    H3MediaType media_type;

    return type.data != NULL && h3_media_type_parse (type, &media_type)
           && h3_media_type_matches (&media_type, pattern);
}

/* The text of the body, or a data URL where it is none. */
static json_t *
describe_data (GBytes *body)
{
    gsize length = 0;
    const char *data = body != NULL ? g_bytes_get_data (body, &length) : "";
    g_autofree char *coded = NULL;
    g_autofree char *url = NULL;

    if (length == 0)
        return json_string ("");
    if (g_utf8_validate_len (data, length, NULL))
        return json_stringn (data, length);
    coded = g_base64_encode ((const guchar *) data, length);
    url = g_strconcat ("data:application/octet-stream;base64,", coded, NULL);
    return json_string (url);
}

static json_t *
describe_json (const H3Event *event, GBytes *body)
{
    gsize length = 0;
    const char *data = body != NULL ? g_bytes_get_data (body, &length) : "";
    json_t *document = length > 0 ? h3_json_parse (h3_view (data, length), 64, NULL) : NULL;

    return document != NULL ? document : json_null ();
}

static void
describe_body (H3Event *event, json_t *into)
{
    const H3Request *request = h3_event_get_request (event);
    GBytes *body = h3_request_get_body (request);
    g_autoptr (GError) error = NULL;
    const H3Query *form = NULL;

    if (body != NULL && has_type (request, "application/x-www-form-urlencoded"))
        form = h3_event_parse_form (event, &error);
    json_object_set_new (into, "form", describe_query (form));
    json_object_set_new (into, "data", form != NULL ? json_string ("") : describe_data (body));
    json_object_set_new (into, "json", form != NULL ? json_null () : describe_json (event, body));
    json_object_set_new (into, "files", json_object ());
}

enum { SHOW_BODY = 1, SHOW_METHOD = 2 };

static void
show_request (H3Event *event, gpointer user_data)
{
    int what = GPOINTER_TO_INT (user_data);
    const H3Request *request = h3_event_get_request (event);
    json_t *document = json_pack ("{s:o, s:o, s:s, s:o}", "args",
                                  describe_query (h3_event_get_query_table (event)), "headers",
                                  describe_headers (request), "origin",
                                  h3_event_get_client_address (event), "url", describe_url (event));

    if (what & SHOW_BODY)
        describe_body (event, document);
    if (what & SHOW_METHOD)
        json_object_set_new (document, "method",
                             json_string (h3_request_get_method_name (request)));
    demo_send_json (event, document);
}

void
demo_send_request (H3Event *event)
{
    show_request (event, GINT_TO_POINTER (0));
}

static void
show_headers (H3Event *event, gpointer user_data)
{
    demo_send_json (
        event, json_pack ("{s:o}", "headers", describe_headers (h3_event_get_request (event))));
}

static void
show_ip (H3Event *event, gpointer user_data)
{
    demo_send_json (event, json_pack ("{s:s}", "origin", h3_event_get_client_address (event)));
}

static void
show_user_agent (H3Event *event, gpointer user_data)
{
    const char *agent = h3_request_get_header (h3_event_get_request (event), "User-Agent");

    demo_send_json (event, json_pack ("{s:s?}", "user-agent", agent));
}

void
demo_add_inspect (H3App *app)
{
    demo_add (app, "GET", "/get", show_request, GINT_TO_POINTER (0), "The request");
    demo_add (app, "POST", "/post", show_request, GINT_TO_POINTER (SHOW_BODY),
              "The request and its body");
    demo_add (app, "PUT", "/put", show_request, GINT_TO_POINTER (SHOW_BODY),
              "The request and its body");
    demo_add (app, "PATCH", "/patch", show_request, GINT_TO_POINTER (SHOW_BODY),
              "The request and its body");
    demo_add (app, "DELETE", "/delete", show_request, GINT_TO_POINTER (SHOW_BODY),
              "The request and its body");
    demo_add (app, "*", "/anything", show_request, GINT_TO_POINTER (SHOW_BODY | SHOW_METHOD),
              "Any request");
    demo_add (app, "*", "/anything/**", show_request, GINT_TO_POINTER (SHOW_BODY | SHOW_METHOD),
              "Any request");
    demo_add (app, "GET", "/headers", show_headers, GINT_TO_POINTER (0), "The request's fields");
    demo_add (app, "GET", "/ip", show_ip, GINT_TO_POINTER (0), "The client's address");
    demo_add (app, "GET", "/user-agent", show_user_agent, GINT_TO_POINTER (0),
              "The client's name of itself");
}
