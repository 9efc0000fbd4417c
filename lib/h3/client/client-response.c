/* SPDX-License-Identifier: MIT */

#include "client-response-inside.h"

#include <h3/format/json.h>
#include <h3/http/trailer.h>
#include <h3/loop/clock.h>

#include <stdatomic.h>

/* Whether the body is a text: found out when somebody asks. */
enum { TEXT_NOT_ASKED, TEXT_IS, TEXT_IS_NOT };

struct _H3ClientResponse {
    atomic_int references;
    atomic_uchar text; /* one of the above */
    guint status;
    guint redirects;
    char *reason;       /* owned */
    char *url;          /* owned */
    Http1Response head; /* its bytes and fields owned; without a reason */
    /* Owned; NULL: nobody has asked for fields. Made once, by whoever asks first, on any thread. */
    _Atomic (H3Headers *) headers;
    H3Headers *trailers;  /* owned; NULL: none */
    GBytes *body;         /* ref; a NUL stands behind it */
    GInputStream *stream; /* ref; NULL: not opened as one */
    H3ClientTiming timing;
};

G_DEFINE_BOXED_TYPE (H3ClientResponse, h3_client_response, h3_client_response_ref,
                     h3_client_response_unref)

H3ClientResponse *
client_response_new (const Http1Response *head, const char *url, guint redirects)
{
    H3ClientResponse *response = g_new0 (H3ClientResponse, 1);

    atomic_init (&response->references, 1);
    atomic_init (&response->text, TEXT_NOT_ASKED);
    response->status = head->status;
    response->redirects = redirects;
    response->reason = h3_view_dup (head->reason);
    response->url = g_strdup (url);
    response->body = g_bytes_new_static ("", 0);
    atomic_init (&response->headers, NULL);
    response->head = *head;
    response->head.reason = H3_VIEW_EMPTY;
    response->head.base = g_memdup2 (head->base, head->head.length);
    response->head.head.fields =
        g_memdup2 (head->head.fields, head->head.n_fields * sizeof *head->head.fields);
    return response;
}

/* Many who fetch look at status and body alone. */
static H3Headers *
get_headers (const H3ClientResponse *response)
{
    _Atomic (H3Headers *) *place = (_Atomic (H3Headers *) *) &response->headers;
    H3Headers *known = atomic_load_explicit (place, memory_order_acquire);
    H3Headers *made;

    if (known != NULL)
        return known;
    made = h3_headers_new ();
    for (guint i = 0; i < response->head.head.n_fields; i++)
        (void) h3_headers_add_view (made, http1_response_get_name (&response->head, i),
                                    http1_response_get_value (&response->head, i));
    if (atomic_compare_exchange_strong_explicit (place, &known, made, memory_order_acq_rel,
                                                 memory_order_acquire))
        return made;
    h3_headers_unref (made);
    return known;
}

void
client_response_forget_coding (H3ClientResponse *response)
{
    H3Headers *headers = get_headers (response);

    (void) h3_headers_remove (headers, "Content-Encoding");
    (void) h3_headers_remove (headers, "Content-Length");
}

void
client_response_take_body (H3ClientResponse *response, GBytes *body)
{
    g_bytes_unref (response->body);
    response->body = body;
}

void
client_response_take_stream (H3ClientResponse *response, GInputStream *stream)
{
    response->stream = stream;
}

static gboolean
add_trailer (const char *name, const char *value, gpointer user_data)
{
    if (trailer_is_allowed (h3_view_of (name)))
        (void) h3_headers_add (user_data, name, value);
    return TRUE;
}

void
client_response_set_trailers (H3ClientResponse *response, const H3Headers *trailers)
{
    if (trailers == NULL)
        return;
    response->trailers = h3_headers_new ();
    h3_headers_foreach (trailers, add_trailer, response->trailers);
}

/* How long a part took, where it was. */
static gint64
get_span (gint64 from, gint64 to)
{
    return from > 0 && to > from ? to - from : 0;
}

void
client_response_set_timing (H3ClientResponse *response, const ClientTiming *timing, gint64 began)
{
    H3ClientTiming *own = &response->timing;

    own->is_reused = timing->is_reused;
    own->first_byte = get_span (timing->sent, timing->first_byte);
    own->total = get_span (began, clock_get_precise ());
    if (timing->is_reused)
        return;
    own->name = get_span (timing->started, timing->resolved);
    own->connect =
        get_span (timing->resolved > 0 ? timing->resolved : timing->started, timing->connected);
    own->tls = get_span (timing->connected, timing->secured);
}

H3ClientResponse *
h3_client_response_ref (H3ClientResponse *response)
{
    g_return_val_if_fail (response != NULL, NULL);
    atomic_fetch_add_explicit (&response->references, 1, memory_order_relaxed);
    return response;
}

void
h3_client_response_unref (H3ClientResponse *response)
{
    if (response == NULL
        || atomic_fetch_sub_explicit (&response->references, 1, memory_order_acq_rel) != 1)
        return;
    g_clear_object (&response->stream);
    g_bytes_unref (response->body);
    g_clear_pointer (&response->trailers, h3_headers_unref);
    h3_headers_unref (atomic_load_explicit (&response->headers, memory_order_relaxed));
    g_free (response->head.head.fields);
    g_free ((char *) response->head.base);
    g_free (response->url);
    g_free (response->reason);
    g_free (response);
}

guint
h3_client_response_get_status (const H3ClientResponse *response)
{
    g_return_val_if_fail (response != NULL, 0);
    return response->status;
}

const char *
h3_client_response_get_reason (const H3ClientResponse *response)
{
    g_return_val_if_fail (response != NULL, NULL);
    return response->reason;
}

const char *
h3_client_response_get_url (const H3ClientResponse *response)
{
    g_return_val_if_fail (response != NULL, NULL);
    return response->url;
}

guint
h3_client_response_get_redirects (const H3ClientResponse *response)
{
    g_return_val_if_fail (response != NULL, 0);
    return response->redirects;
}

const char *
h3_client_response_get_header (const H3ClientResponse *response, const char *name)
{
    g_return_val_if_fail (response != NULL && name != NULL, NULL);
    return h3_headers_get (get_headers (response), name);
}

H3Headers *
h3_client_response_get_headers (const H3ClientResponse *response)
{
    g_return_val_if_fail (response != NULL, NULL);
    return get_headers (response);
}

const char *
h3_client_response_get_trailer (const H3ClientResponse *response, const char *name)
{
    g_return_val_if_fail (response != NULL && name != NULL, NULL);
    return response->trailers != NULL ? h3_headers_get (response->trailers, name) : NULL;
}

GBytes *
h3_client_response_get_body (const H3ClientResponse *response)
{
    g_return_val_if_fail (response != NULL, NULL);
    return response->body;
}

const char *
h3_client_response_get_text (H3ClientResponse *response)
{
    const char *text;
    gsize length;
    guchar known;

    g_return_val_if_fail (response != NULL, NULL);
    text = g_bytes_get_data (response->body, &length);
    known = atomic_load_explicit (&response->text, memory_order_relaxed);
    if (known == TEXT_NOT_ASKED) {
        known = g_utf8_validate_len (text, length, NULL) ? TEXT_IS : TEXT_IS_NOT;
        atomic_store_explicit (&response->text, known, memory_order_relaxed);
    }
    return known == TEXT_IS ? text : NULL;
}

char *
h3_client_response_dup_text (H3ClientResponse *response)
{
    g_return_val_if_fail (response != NULL, NULL);
    return g_strdup (h3_client_response_get_text (response));
}

json_t *
h3_client_response_parse_json (const H3ClientResponse *response, GError **error)
{
    H3View text;

    g_return_val_if_fail (response != NULL, NULL);
    text.data = g_bytes_get_data (h3_client_response_get_body (response), &text.length);
    return h3_json_parse (text, H3_JSON_MAX_DEPTH, error);
}

GInputStream *
h3_client_response_get_stream (const H3ClientResponse *response)
{
    g_return_val_if_fail (response != NULL, NULL);
    return response->stream;
}

void
h3_client_response_get_timing (const H3ClientResponse *response, H3ClientTiming *out_timing)
{
    g_return_if_fail (response != NULL && out_timing != NULL);
    *out_timing = response->timing;
}
