/* SPDX-License-Identifier: MIT */

#include "client-request-inside.h"

#include "client-userinfo.h"

#include <h3/format/json.h>
#include <h3/format/query.h>
#include <h3/format/url-inside.h>
#include <h3/http/method.h>

#define FORM "application/x-www-form-urlencoded"

G_DEFINE_BOXED_TYPE (H3ClientRequest, h3_client_request, h3_client_request_ref,
                     h3_client_request_unref)

/* What says where a message ends, who it is for, and how long a connection lasts: the wire's. */
static const char *const wire_fields[] = {
    "Host",       "Connection",          "Content-Length",   "Expect",
    "Keep-Alive", "Proxy-Authorization", "Proxy-Connection", "TE",
    "Trailer",    "Transfer-Encoding",   "Upgrade",
};

static gboolean
is_wire_field (const char *name)
{
    for (gsize i = 0; i < G_N_ELEMENTS (wire_fields); i++) {
        if (g_ascii_strcasecmp (name, wire_fields[i]) == 0)
            return TRUE;
    }
    return FALSE;
}

static gboolean
may_change (const H3ClientRequest *request, const char *function)
{
    if (!atomic_load_explicit (&request->is_frozen, memory_order_acquire))
        return TRUE;
    g_critical ("%s: refused: the request has been fetched, and is not changed any more", function);
    return FALSE;
}

static GUri *
refuse_url (const char *problem, GError **error)
{
    g_set_error (error, H3_CLIENT_ERROR, H3_CLIENT_ERROR_INVALID_URL,
                 "the URL cannot be fetched: %s", problem);
    return NULL;
}

/* (transfer full) (nullable): the URL without its userinfo, which is in `*out_credentials` then. */
static GUri *
read_url (const char *text, char **out_credentials, GError **error)
{
    const char *problem = url_find_problem (text, H3_URL_ALLOW_USERINFO);
    g_autoptr (GUri) url = NULL;
    gboolean is_wrong;

    if (problem == NULL)
        url = h3_url_parse (text, H3_URL_ALLOW_USERINFO, NULL);
    if (url == NULL)
        return refuse_url (problem != NULL ? problem : "it is malformed", error);
    if (g_uri_get_port (url) == 0)
        return refuse_url ("nobody can be reached at port 0", error);
    *out_credentials = client_userinfo_dup_basic (url, &is_wrong);
    if (is_wrong)
        return refuse_url ("its user or password cannot be sent", error);
    return g_uri_build (g_uri_get_flags (url) & ~G_URI_FLAGS_HAS_PASSWORD, g_uri_get_scheme (url),
                        NULL, g_uri_get_host (url), g_uri_get_port (url), g_uri_get_path (url),
                        g_uri_get_query (url), g_uri_get_fragment (url));
}

H3ClientRequest *
h3_client_request_new (const char *method, const char *url, GError **error)
{
    g_autofree char *credentials = NULL;
    g_autoptr (GUri) parsed = NULL;
    H3ClientRequest *request;

    g_return_val_if_fail (method != NULL && url != NULL, NULL);
    g_return_val_if_fail (h3_headers_is_name (h3_view_of (method)), NULL);
    g_return_val_if_fail (strcmp (method, "CONNECT") != 0, NULL);
    parsed = read_url (url, &credentials, error);
    if (parsed == NULL)
        return NULL;
    request = g_new0 (H3ClientRequest, 1);
    atomic_init (&request->references, 1);
    atomic_init (&request->is_frozen, FALSE);
    atomic_init (&request->stream_is_used, FALSE);
    request->method = g_strdup (method);
    request->url = g_steal_pointer (&parsed);
    request->url_text = g_uri_to_string (request->url);
    request->headers = h3_headers_new ();
    if (credentials != NULL)
        (void) h3_headers_set (request->headers, "Authorization", credentials);
    for (guint i = 0; i < N_CLIENT_WAITS; i++)
        request->timeouts[i] = -1;
    request->max_redirects = -1;
    return request;
}

H3ClientRequest *
h3_client_request_ref (H3ClientRequest *request)
{
    g_return_val_if_fail (request != NULL, NULL);
    atomic_fetch_add_explicit (&request->references, 1, memory_order_relaxed);
    return request;
}

static void
drop_body (H3ClientRequest *request)
{
    g_clear_pointer (&request->body, g_bytes_unref);
    g_clear_object (&request->stream);
    if (request->form != NULL)
        (void) g_string_free (g_steal_pointer (&request->form), TRUE);
}

void
h3_client_request_unref (H3ClientRequest *request)
{
    if (request == NULL
        || atomic_fetch_sub_explicit (&request->references, 1, memory_order_acq_rel) != 1)
        return;
    drop_body (request);
    h3_headers_unref (request->headers);
    g_uri_unref (request->url);
    g_free (request->url_text);
    g_free (request->method);
    g_free (request);
}

const char *
h3_client_request_get_method (const H3ClientRequest *request)
{
    g_return_val_if_fail (request != NULL, NULL);
    return request->method;
}

const char *
h3_client_request_get_url (const H3ClientRequest *request)
{
    g_return_val_if_fail (request != NULL, NULL);
    return request->url_text;
}

const char *
h3_client_request_get_header (const H3ClientRequest *request, const char *name)
{
    g_return_val_if_fail (request != NULL && name != NULL, NULL);
    return h3_headers_get (request->headers, name);
}

gboolean
h3_client_request_can_set_header (const char *name, const char *value)
{
    g_return_val_if_fail (name != NULL && value != NULL, FALSE);
    return h3_headers_is_name (h3_view_of (name)) && h3_headers_is_value (h3_view_of (value))
           && !is_wire_field (name);
}

static gboolean
can_set (const H3ClientRequest *request, const char *name, const char *function)
{
    if (!may_change (request, function))
        return FALSE;
    if (!is_wire_field (name))
        return TRUE;
    g_critical ("%s: refused: %s is written by the client", function, name);
    return FALSE;
}

gboolean
h3_client_request_set_header (H3ClientRequest *request, const char *name, const char *value)
{
    g_return_val_if_fail (request != NULL && name != NULL && value != NULL, FALSE);
    return can_set (request, name, G_STRFUNC) && h3_headers_set (request->headers, name, value);
}

gboolean
h3_client_request_add_header (H3ClientRequest *request, const char *name, const char *value)
{
    g_return_val_if_fail (request != NULL && name != NULL && value != NULL, FALSE);
    return can_set (request, name, G_STRFUNC) && h3_headers_add (request->headers, name, value);
}

static void
set_body (H3ClientRequest *request, const char *content_type, GBytes *bytes)
{
    drop_body (request);
    request->body = bytes;
    if (content_type != NULL)
        (void) h3_headers_set (request->headers, "Content-Type", content_type);
}

void
h3_client_request_set_body_bytes (H3ClientRequest *request, const char *content_type, GBytes *bytes)
{
    g_return_if_fail (request != NULL && bytes != NULL);
    if (may_change (request, G_STRFUNC))
        set_body (request, content_type, g_bytes_ref (bytes));
}

void
h3_client_request_set_body_text (H3ClientRequest *request, const char *content_type,
                                 const char *text)
{
    g_return_if_fail (request != NULL && text != NULL);
    if (may_change (request, G_STRFUNC))
        set_body (request, content_type, g_bytes_new (text, strlen (text)));
}

void
h3_client_request_set_body_json (H3ClientRequest *request, json_t *document)
{
    g_autoptr (json_t) owned = document;
    char *text;

    g_return_if_fail (request != NULL && document != NULL);
    if (!may_change (request, G_STRFUNC))
        return;
    text = h3_json_to_text (owned, H3_JSON_COMPACT);
    g_return_if_fail (text != NULL);
    set_body (request, "application/json", g_bytes_new_take (text, strlen (text)));
}

void
h3_client_request_add_form_field (H3ClientRequest *request, const char *name, const char *value)
{
    g_return_if_fail (request != NULL && name != NULL && value != NULL);
    if (!may_change (request, G_STRFUNC))
        return;
    if (request->form == NULL) {
        set_body (request, FORM, NULL);
        request->form = g_string_new (NULL);
    }
    h3_query_append (request->form, name, value);
}

void
h3_client_request_set_body_stream (H3ClientRequest *request, const char *content_type,
                                   GInputStream *stream, gint64 length)
{
    g_return_if_fail (request != NULL && G_IS_INPUT_STREAM (stream) && length >= -1);
    if (!may_change (request, G_STRFUNC))
        return;
    set_body (request, content_type, NULL);
    request->stream = g_object_ref (stream);
    request->stream_length = length;
}

void
h3_client_request_set_expects_continue (H3ClientRequest *request, gboolean expects_continue)
{
    g_return_if_fail (request != NULL);
    if (may_change (request, G_STRFUNC))
        request->expects_continue = expects_continue;
}

static void
set_timeout (H3ClientRequest *request, ClientWait wait, int milliseconds, const char *function)
{
    if (may_change (request, function))
        request->timeouts[wait] = milliseconds;
}

void
h3_client_request_set_connect_timeout (H3ClientRequest *request, int milliseconds)
{
    g_return_if_fail (request != NULL && milliseconds >= -1);
    set_timeout (request, CLIENT_WAIT_CONNECT, milliseconds, G_STRFUNC);
}

void
h3_client_request_set_first_byte_timeout (H3ClientRequest *request, int milliseconds)
{
    g_return_if_fail (request != NULL && milliseconds >= -1);
    set_timeout (request, CLIENT_WAIT_FIRST_BYTE, milliseconds, G_STRFUNC);
}

void
h3_client_request_set_idle_timeout (H3ClientRequest *request, int milliseconds)
{
    g_return_if_fail (request != NULL && milliseconds >= -1);
    set_timeout (request, CLIENT_WAIT_IDLE, milliseconds, G_STRFUNC);
}

void
h3_client_request_set_total_timeout (H3ClientRequest *request, int milliseconds)
{
    g_return_if_fail (request != NULL && milliseconds >= -1);
    set_timeout (request, CLIENT_WAIT_TOTAL, milliseconds, G_STRFUNC);
}

void
h3_client_request_set_max_redirects (H3ClientRequest *request, guint max_redirects)
{
    g_return_if_fail (request != NULL);
    if (may_change (request, G_STRFUNC))
        request->max_redirects = max_redirects;
}

void
h3_client_request_set_max_body (H3ClientRequest *request, guint64 max_body)
{
    g_return_if_fail (request != NULL);
    if (!may_change (request, G_STRFUNC))
        return;
    request->has_max_body = TRUE;
    request->max_body = max_body;
}

gboolean
client_request_freeze (H3ClientRequest *request)
{
    atomic_store_explicit (&request->is_frozen, TRUE, memory_order_release);
    return request->stream == NULL
           || !atomic_exchange_explicit (&request->stream_is_used, TRUE, memory_order_acq_rel);
}

static void
let_go_of_form (gpointer data)
{
    h3_client_request_unref (data);
}

GBytes *
client_request_dup_body (H3ClientRequest *request)
{
    if (request->form != NULL)
        return g_bytes_new_with_free_func (request->form->str, request->form->len, let_go_of_form,
                                           h3_client_request_ref (request));
    return request->body != NULL ? g_bytes_ref (request->body) : NULL;
}

gboolean
client_request_is_idempotent (const char *method)
{
    switch (h3_method_from_string (method)) {
    case H3_METHOD_GET:
    case H3_METHOD_HEAD:
    case H3_METHOD_PUT:
    case H3_METHOD_DELETE:
    case H3_METHOD_OPTIONS:
    case H3_METHOD_QUERY:
    case H3_METHOD_TRACE:
        return TRUE;
    default:
        return FALSE;
    }
}
