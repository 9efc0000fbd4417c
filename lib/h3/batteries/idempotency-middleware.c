/* SPDX-License-Identifier: MIT */

#include "idempotency-private.h"

#include <h3/crypto/digest.h>
#include <h3/http/event-flow.h>
#include <h3/http/failure.h>

#define RETRY_RUNNING 1
#define RETRY_FAILED  5

/* A request whose claim is asked for. */
typedef struct {
    H3Idempotency *idempotency; /* ref */
    H3Event *event;             /* ref */
    GBytes *claim;              /* ref */
    IdempotencyRequest request;
} Asking;

static void
free_asking (Asking *asking)
{
    g_bytes_unref (asking->claim);
    h3_event_unref (asking->event);
    h3_idempotency_unref (asking->idempotency);
    g_free (asking);
}

static void
fail_later (H3Event *event, guint status, guint seconds, const char *detail)
{
    char text[12];

    g_snprintf (text, sizeof text, "%u", seconds);
    (void) h3_response_set_header_always (&event->response, "Retry-After", text);
    h3_event_fail_status (event, status, detail);
}

static gboolean
add_field (const char *name, const char *value, gpointer response)
{
    return h3_response_add_header (response, name, value);
}

static void
replay (H3Event *event, const IdempotencyRecord *record, GBytes *value)
{
    H3Response *response = &event->response;
    gsize offset = (gsize) (record->body.data - (const char *) g_bytes_get_data (value, NULL));
    g_autoptr (GBytes) body = g_bytes_new_from_bytes (value, offset, record->body.length);

    h3_response_set_status (response, record->status);
    /* Of what stands before the handler the answer has its own. */
    h3_headers_foreach (record->fields, add_field, response);
    (void) h3_response_set_header (response, "Idempotency-Replayed", "true");
    if (record->body.length > 0)
        h3_response_set_body_bytes (response, body);
    h3_event_send (event);
}

/* Another request has had the key before. */
static void
answer_known (Asking *asking, GBytes *value)
{
    H3Event *event = asking->event;
    g_auto (IdempotencyRecord) record = { 0 };
    gsize length;
    const char *data = g_bytes_get_data (value, &length);

    if (!idempotency_record_read (h3_view (data, length), &record)) {
        g_autoptr (GError) error = g_error_new_literal (
            H3_HTTP_ERROR, 503, "what is kept under a key was not written by this library");

        idempotency_tell_failure (asking->idempotency, error);
        fail_later (event, 503, RETRY_FAILED, "The answer that was kept cannot be read.");
    } else if (memcmp (record.fingerprint, asking->request.fingerprint, IDEMPOTENCY_FINGERPRINT)
               != 0) {
        h3_event_fail_status (event, 422, "This Idempotency-Key was another request's.");
    } else if (record.is_answer) {
        replay (event, &record, value);
    } else {
        fail_later (event, 409, RETRY_RUNNING,
                    "The first request with this Idempotency-Key is under way.");
    }
}

static void
run_claimed (Asking *asking)
{
    if (event_is_lost (asking->event)) {
        idempotency_claim_drop (asking->idempotency, asking->request.key, asking->claim);
        return;
    }
    idempotency_claim_begin (asking->idempotency, asking->event, &asking->request,
                             g_bytes_ref (asking->claim));
    h3_event_next (asking->event);
}

static void
on_claimed (H3Store *store, const H3StoreAnswer *found, gpointer user_data)
{
    Asking *asking = user_data;

    if (found->outcome == H3_STORE_DONE) {
        run_claimed (asking);
    } else if (found->outcome == H3_STORE_FAILED) {
        /* It may have been made all the same. */
        idempotency_claim_drop (asking->idempotency, asking->request.key, asking->claim);
        idempotency_tell_failure (asking->idempotency, found->error);
        if (!event_is_lost (asking->event))
            fail_later (asking->event, 503, RETRY_FAILED,
                        "Whether this was asked before is not known.");
    } else if (!event_is_lost (asking->event)) {
        answer_known (asking, found->value);
    }
    free_asking (asking);
}

static void
ask (H3Idempotency *idempotency, H3Event *event, const IdempotencyRequest *request,
     const guint8 token[IDEMPOTENCY_TOKEN])
{
    Asking *asking = g_new0 (Asking, 1);

    asking->idempotency = h3_idempotency_ref (idempotency);
    asking->event = h3_event_defer (event);
    asking->request = *request;
    asking->claim = idempotency_record_new_claim (request->fingerprint, token);
    h3_store_compare_and_set (idempotency->store, request->key, NULL, asking->claim,
                              idempotency->lease, on_claimed, asking);
}

static void
handle_keyed (H3Idempotency *idempotency, H3Event *event, const char *key)
{
    guint8 token[IDEMPOTENCY_TOKEN];
    IdempotencyRequest request;
    GError *error = NULL;

    if (!idempotency_request_init (&request, idempotency, event, key))
        h3_event_fail_status (event, 500, NULL);
    else if (!h3_digest_fill_random (token, sizeof token, &error))
        h3_event_fail (event, error);
    else
        ask (idempotency, event, &request, token);
}

static void
handle_event (H3Event *event, gpointer user_data)
{
    H3Idempotency *idempotency = user_data;
    H3View field =
        request_join_field (&event->request, H3_VIEW ("Idempotency-Key"), ", ", event->arena);
    char key[IDEMPOTENCY_KEY_ROOM];

    if (idempotency_has_claim (event))
        h3_event_next (event);
    else if (field.data == NULL && idempotency->is_required)
        h3_event_fail_status (event, 400, "This request needs an Idempotency-Key.");
    else if (field.data == NULL)
        h3_event_next (event);
    else if (!idempotency_key_read (field, key))
        h3_event_fail_status (event, 400,
                              "The Idempotency-Key is no string of 1 to 255 characters.");
    else
        handle_keyed (idempotency, event, key);
}

H3Middleware *
h3_idempotency_to_middleware (H3Idempotency *idempotency)
{
    H3Middleware *middleware;

    g_return_val_if_fail (idempotency != NULL, NULL);
    middleware = h3_middleware_new (handle_event, h3_idempotency_ref (idempotency),
                                    (GDestroyNotify) h3_idempotency_unref);
    h3_middleware_set_methods (middleware, idempotency->methods);
    return middleware;
}
