/* SPDX-License-Identifier: MIT
 *
 * What another server answers, fetched without a thread. Whoever may have a server fetch what they
 * like reaches all that the server reaches: so this one asks itself only, unless it was started to
 * ask others too. */

#include "demo.h"

#include "demo-inspect.h"
#include "demo-route.h"

#include <jansson.h>
#include <string.h>

#define MAX_BODY           (1024 * 1024)
#define TOTAL_MILLISECONDS 20000
#define MARK               "X-H3-Demo-Fetch"

typedef struct {
    H3App *app;              /* borrowed: it has the routes */
    const gboolean *is_open; /* borrowed: others are asked too */
    H3Client *own;           /* owned: for this server, whatever its certificate says */
    H3Client *others;        /* owned */
} DemoFetch;

static void
demo_fetch_free (gpointer data)
{
    DemoFetch *fetch = data;

    g_object_unref (fetch->own);
    g_object_unref (fetch->others);
    g_free (fetch);
}

static gboolean
add_field (const char *name, const char *value, gpointer user_data)
{
    json_t *fields = user_data;
    const char *before = json_string_value (json_object_get (fields, name));
    g_autofree char *text = demo_dup_as_utf8 (value);
    g_autofree char *joined = before != NULL ? g_strconcat (before, ", ", text, NULL) : NULL;

    json_object_set_new (fields, name, json_string (joined != NULL ? joined : text));
    return TRUE;
}

static json_t *
describe_timing (const H3ClientResponse *response)
{
    H3ClientTiming timing;

    h3_client_response_get_timing (response, &timing);
    return json_pack ("{s:I,s:I,s:I,s:I,s:I,s:b,s:i}", "name_us", (json_int_t) timing.name,
                      "connect_us", (json_int_t) timing.connect, "tls_us", (json_int_t) timing.tls,
                      "first_byte_us", (json_int_t) timing.first_byte, "total_us",
                      (json_int_t) timing.total, "reused", timing.is_reused, "redirects",
                      (int) h3_client_response_get_redirects (response));
}

static void
send_response (H3Event *event, H3ClientResponse *response)
{
    GBytes *body = h3_client_response_get_body (response);
    gsize length;
    const char *data = g_bytes_get_data (body, &length);
    json_t *fields = json_object ();

    h3_headers_foreach (h3_client_response_get_headers (response), add_field, fields);
    demo_send_json (event,
                    json_pack ("{s:i,s:s,s:o,s:o,s:o}", "status",
                               (int) h3_client_response_get_status (response), "url",
                               h3_client_response_get_url (response), "headers", fields, "body",
                               demo_describe_content (length > 0 ? data : "", length,
                                                      "application/octet-stream"),
                               "timing", describe_timing (response)));
}

/* In the order of H3ClientError. */
static const struct {
    guint status;
    const char *kind;
} failures[] = {
    { 502, "url" },       { 502, "name" },      { 502, "connect" },  { 502, "tls" },
    { 504, "timeout" },   { 502, "cancelled" }, { 502, "closed" },   { 502, "protocol" },
    { 502, "redirects" }, { 502, "too large" }, { 502, "encoding" },
};

static void
on_fetched (H3Event *event, H3ClientResponse *response, const GError *error, gpointer user_data)
{
    if (response != NULL)
        send_response (event, response);
    else if (error->domain == H3_CLIENT_ERROR && (guint) error->code < G_N_ELEMENTS (failures))
        h3_event_fail (event, h3_http_error_new (failures[error->code].status, "%s: %s",
                                                 failures[error->code].kind, error->message));
    else
        h3_event_fail (event, h3_http_error_new (502, "%s", error->message));
}

/* (transfer full) (nullable): where this server may be reached, as host and port of a URL, by an
 * address that it listens on. */
static char *
dup_reachable (const char *address)
{
    if (g_str_has_prefix (address, "unix:"))
        return NULL;
    if (g_str_has_prefix (address, "0.0.0.0:"))
        return g_strconcat ("127.0.0.1", strrchr (address, ':'), NULL);
    if (g_str_has_prefix (address, "[::]:"))
        return g_strconcat ("[::1]", strrchr (address, ':'), NULL);
    return g_strdup (address);
}

/* (transfer full): host and port, as URLs and Host fields have them. */
static char *
dup_authority (GUri *url)
{
    const char *host = g_uri_get_host (url);
    gboolean is_secure = strcmp (g_uri_get_scheme (url), "https") == 0;
    int port = g_uri_get_port (url);

    if (port < 0)
        port = is_secure ? 443 : 80;
    return g_strdup_printf (strchr (host, ':') != NULL ? "[%s]:%d" : "%s:%d", host, port);
}

/* Whether the client reached this server by that authority. */
static gboolean
is_asked_host (H3Event *event, GUri *url, const char *authority)
{
    g_autofree char *text =
        g_strconcat (g_uri_get_scheme (url), "://", h3_event_get_host (event), NULL);
    g_autoptr (GUri) asked = h3_url_parse (text, H3_URL_NONE, NULL);
    g_autofree char *own = asked != NULL ? dup_authority (asked) : NULL;

    return g_strcmp0 (own, authority) == 0;
}

/* (transfer full) (nullable): the same URL with an address of this server in place of its host,
 * where that means this server: it is such an address, or what the client itself calls it. No name
 * is looked up, so none can change its meaning. */
static char *
dup_own_url (DemoFetch *fetch, H3Event *event, GUri *url)
{
    g_auto (GStrv) addresses = h3_server_dup_addresses (h3_app_get_server (fetch->app));
    g_autofree char *authority = dup_authority (url);
    gboolean is_own = is_asked_host (event, url, authority);
    g_autofree char *reached = NULL;

    for (guint i = 0; addresses[i] != NULL; i++) {
        g_autofree char *own = dup_reachable (addresses[i]);

        if (own == NULL)
            continue;
        if (strcmp (own, authority) == 0) {
            is_own = TRUE;
            g_clear_pointer (&reached, g_free);
        }
        if (reached == NULL)
            reached = g_steal_pointer (&own);
    }
    if (!is_own || reached == NULL)
        return NULL;
    return g_strconcat (g_uri_get_scheme (url), "://", reached, g_uri_get_path (url),
                        g_uri_get_query (url) != NULL ? "?" : "",
                        g_uri_get_query (url) != NULL ? g_uri_get_query (url) : "", NULL);
}

static void
start (H3Event *event, H3Client *client, const char *url)
{
    g_autoptr (GError) error = NULL;
    g_autoptr (H3ClientRequest) request = h3_client_request_new ("GET", url, &error);

    if (request == NULL) {
        h3_event_fail (event, h3_http_error_new (400, "%s", error->message));
        return;
    }
    (void) h3_client_request_set_header (request, MARK, "1");
    h3_event_fetch (event, client, request, on_fetched, NULL, NULL);
}

static void
fetch_url (H3Event *event, gpointer user_data)
{
    DemoFetch *fetch = user_data;
    const char *text = h3_event_get_query (event, "url");
    g_autoptr (GError) error = NULL;
    g_autoptr (GUri) url = NULL;
    g_autofree char *own = NULL;

    if (text == NULL) {
        h3_event_fail_status (event, 400, "url is missing: /fetch?url=http://…");
        return;
    }
    if (h3_request_get_header (h3_event_get_request (event), MARK) != NULL) {
        h3_event_fail_status (event, 508, "This is asked by a fetch already.");
        return;
    }
    url = h3_url_parse (text, H3_URL_NONE, &error);
    if (url == NULL) {
        h3_event_fail (event, h3_http_error_new (400, "url: %s", error->message));
        return;
    }
    if (*fetch->is_open) {
        start (event, fetch->others, text);
        return;
    }
    own = dup_own_url (fetch, event, url);
    if (own != NULL)
        start (event, fetch->own, own);
    else
        h3_event_fail_status (event, 403,
                              "This server asks itself only, unless started with --allow-fetch.");
}

static H3Client *
make_client (void)
{
    H3Client *client = h3_client_new ();

    h3_client_set_max_body (client, MAX_BODY);
    h3_client_set_total_timeout (client, TOTAL_MILLISECONDS);
    return client;
}

void
demo_add_fetch (H3App *app, const gboolean *is_open)
{
    g_autoptr (H3ClientTls) tls = h3_client_tls_new ();
    DemoFetch *fetch = g_new0 (DemoFetch, 1);

    fetch->app = app;
    fetch->is_open = is_open;
    fetch->others = make_client ();
    fetch->own = make_client ();
    h3_client_tls_set_unverified (tls, TRUE);
    h3_client_set_tls (fetch->own, tls);
    h3_client_set_max_redirects (fetch->own, 0);
    h3_route_set_data_full (
        demo_add (app, "GET", "/fetch", fetch_url, fetch,
                  "What ?url= of this server answers; of any, with --allow-fetch"),
        "fetch", fetch, demo_fetch_free);
}
