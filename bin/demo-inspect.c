/* SPDX-License-Identifier: MIT
 *
 * What was received, in the JSON that httpbin writes. */

#include "demo-inspect.h"

#include "demo-route.h"
#include "demo.h"

#include <h3/format/json.h>

#include <jansson.h>
#include <string.h>

/* A second value (transfer full) under a name turns the first into a list. */
static void
add_value (json_t *object, const char *name, json_t *value)
{
    json_t *before = json_object_get (object, name);

    if (before == NULL) {
        json_object_set_new (object, name, value);
    } else if (json_is_array (before)) {
        json_array_append_new (before, value);
    } else {
        json_t *both = json_array ();

        json_array_append (both, before);
        json_array_append_new (both, value);
        json_object_set_new (object, name, both);
    }
}

static gboolean
add_text (const char *name, const char *value, gpointer user_data)
{
    add_value (user_data, name, json_string (value));
    return TRUE;
}

static json_t *
describe_query (const H3Query *query)
{
    json_t *object = json_object ();

    if (query != NULL)
        h3_query_foreach (query, add_text, object);
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

json_t *
demo_describe_content (const char *data, gsize length, const char *type)
{
    g_autofree char *coded = NULL;
    g_autofree char *url = NULL;

    if (g_utf8_validate_len (data, length, NULL))
        return json_stringn (data, length);
    coded = g_base64_encode ((const guchar *) data, length);
    url = g_strconcat ("data:", type, ";base64,", coded, NULL);
    return json_string (url);
}

static json_t *
describe_data (GBytes *body)
{
    gsize length = 0;
    const char *data = body != NULL ? g_bytes_get_data (body, &length) : NULL;

    return demo_describe_content (length > 0 ? data : "", length, "application/octet-stream");
}

static json_t *
describe_fields (const H3Form *form)
{
    json_t *object = json_object ();
    const char *name, *value;

    for (guint i = 0; form != NULL && h3_form_get_field_at (form, i, &name, &value); i++)
        add_text (name, value, object);
    return object;
}

/* Never from disk: the bodies of these routes are kept whole. */
static json_t *
describe_files (const H3Form *form)
{
    json_t *object = json_object ();
    H3Upload *upload;

    for (guint i = 0; form != NULL && (upload = h3_form_get_file_at (form, i)) != NULL; i++) {
        g_autoptr (GBytes) bytes = h3_upload_dup_bytes (upload, NULL);
        gsize length = 0;
        const char *data = bytes != NULL ? g_bytes_get_data (bytes, &length) : NULL;

        add_value (object, h3_upload_get_name (upload),
                   demo_describe_content (length > 0 ? data : "", length,
                                          h3_upload_get_media_type (upload)));
    }
    return object;
}

static json_t *
describe_json (const H3Event *event, GBytes *body)
{
    gsize length = 0;
    const char *data = body != NULL ? g_bytes_get_data (body, &length) : "";
    json_t *document = length > 0 ? h3_json_parse (h3_view (data, length), 64, NULL) : NULL;

    return document != NULL ? document : json_null ();
}

/* Whether the body is a form that can be read; one that cannot is shown as it came. */
static const H3Form *
read_form (H3Event *event)
{
    const H3Request *request = h3_event_get_request (event);

    if (h3_request_get_body (request) == NULL
        || !(has_type (request, "application/x-www-form-urlencoded")
             || has_type (request, "multipart/form-data")))
        return NULL;
    return h3_event_get_form (event, NULL);
}

static void
describe_body (H3Event *event, json_t *into)
{
    GBytes *body = h3_request_get_body (h3_event_get_request (event));
    const H3Form *form = read_form (event);

    json_object_set_new (into, "form", describe_fields (form));
    json_object_set_new (into, "data", form != NULL ? json_string ("") : describe_data (body));
    json_object_set_new (into, "json", form != NULL ? json_null () : describe_json (event, body));
    json_object_set_new (into, "files", describe_files (form));
}

json_t *
demo_describe_request (H3Event *event, DemoShow what)
{
    const H3Request *request = h3_event_get_request (event);
    json_t *document = json_pack ("{s:o, s:o, s:s, s:o}", "args",
                                  describe_query (h3_event_get_query_table (event)), "headers",
                                  describe_headers (request), "origin",
                                  h3_event_get_client_address (event), "url", describe_url (event));

    if (what & DEMO_SHOW_BODY)
        describe_body (event, document);
    if (what & DEMO_SHOW_METHOD)
        json_object_set_new (document, "method",
                             json_string (h3_request_get_method_name (request)));
    return document;
}

/* A form in parts that is cut short, say, is refused rather than shown in part. */
static gboolean
is_readable (H3Event *event)
{
    const H3Request *request = h3_event_get_request (event);
    g_autoptr (GError) error = NULL;

    if (h3_request_get_body (request) == NULL || !has_type (request, "multipart/form-data")
        || h3_event_get_form (event, &error) != NULL)
        return TRUE;
    h3_event_fail (event, g_steal_pointer (&error));
    return FALSE;
}

static void
show_request (H3Event *event, gpointer user_data)
{
    guint what = GPOINTER_TO_UINT (user_data);

    if ((what & DEMO_SHOW_BODY) == 0 || is_readable (event))
        demo_send_json (event, demo_describe_request (event, what));
}

void
demo_send_request (H3Event *event)
{
    show_request (event, GUINT_TO_POINTER (DEMO_SHOW_HEAD));
}

static void
show_headers (H3Event *event, gpointer user_data)
{
    demo_send_json (
        event, json_pack ("{s:o}", "headers", describe_headers (h3_event_get_request (event))));
}

static void
show_fingerprint (H3Event *event, gpointer user_data)
{
    g_autoptr (GError) error = NULL;
    const char *text = h3_event_get_fingerprint (event, H3_FINGERPRINT_ALL, NULL, &error);

    if (text == NULL)
        h3_event_fail (event, g_steal_pointer (&error));
    else
        demo_send_json (event, json_pack ("{s:s}", "fingerprint", text));
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
    g_autofree char *text = agent != NULL ? demo_dup_as_utf8 (agent) : NULL;

    demo_send_json (event, json_pack ("{s:s?}", "user-agent", text));
}

void
demo_add_inspect (H3App *app)
{
    demo_add (app, "GET", "/get", show_request, GUINT_TO_POINTER (DEMO_SHOW_HEAD), "The request");
    demo_add (app, "POST", "/post", show_request, GUINT_TO_POINTER (DEMO_SHOW_BODY),
              "The request and its body");
    demo_add (app, "PUT", "/put", show_request, GUINT_TO_POINTER (DEMO_SHOW_BODY),
              "The request and its body");
    demo_add (app, "PATCH", "/patch", show_request, GUINT_TO_POINTER (DEMO_SHOW_BODY),
              "The request and its body");
    demo_add (app, "DELETE", "/delete", show_request, GUINT_TO_POINTER (DEMO_SHOW_BODY),
              "The request and its body");
    demo_add (app, "*", "/anything", show_request,
              GUINT_TO_POINTER (DEMO_SHOW_BODY | DEMO_SHOW_METHOD), "Any request");
    demo_add (app, "*", "/anything/**", show_request,
              GUINT_TO_POINTER (DEMO_SHOW_BODY | DEMO_SHOW_METHOD), "Any request");
    demo_add (app, "GET", "/headers", show_headers, NULL, "The request's fields");
    demo_add (app, "GET", "/ip", show_ip, GINT_TO_POINTER (0), "The client's address");
    demo_add (app, "GET", "/fingerprint", show_fingerprint, NULL,
              "What is alike in the requests of one client");
    demo_add (app, "GET", "/user-agent", show_user_agent, GINT_TO_POINTER (0),
              "The client's name of itself");
}
