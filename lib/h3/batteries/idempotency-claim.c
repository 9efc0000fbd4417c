/* SPDX-License-Identifier: MIT
 *
 * A claim is renewed while its request is under way, so that it outlives the slowest handler and
 * not its server. It ends in one step: the answer takes its place where that is one to be kept, or
 * it is removed, both only where it is still there. The client hears its answer when the store has
 * it, so that nobody is told that a request is under way whose answer is known.
 *
 * Where the client has gone, the handler may still be at work, and what it does must not be done
 * twice: the claim stays until nobody holds the event any more, and an answer that comes late is
 * kept all the same. */

#include "idempotency-private.h"

#include <h3/http/event-flow.h>
#include <h3/loop/timer.h>

#define DATUM "h3-idempotency-claim"

/* What the timer renews. Any thread may be the last who holds it. */
typedef struct {
    atomic_int refs;
    atomic_bool is_over;
    H3Idempotency *idempotency; /* ref */
    char key[IDEMPOTENCY_STORE_KEY_ROOM];
    GBytes *claim; /* ref */
} Lease;

/* Owned by its event's data; the event's worker, or, where that has ended, whoever held it last. */
typedef struct {
    H3Event *event; /* borrowed: it has this */
    Lease *lease;   /* ref; NULL: it has ended */
    Loop *loop;     /* ref: of the timer */
    H3Timer *timer; /* ref */
    guint8 fingerprint[IDEMPOTENCY_FINGERPRINT];
} Claim;

static void
lease_unref (gpointer data)
{
    Lease *lease = data;

    if (atomic_fetch_sub_explicit (&lease->refs, 1, memory_order_acq_rel) != 1)
        return;
    g_bytes_unref (lease->claim);
    h3_idempotency_unref (lease->idempotency);
    g_free (lease);
}

static void
renew (H3Timer *timer, gpointer user_data)
{
    Lease *lease = user_data;

    if (atomic_load (&lease->is_over))
        h3_timer_cancel (timer);
    else
        h3_store_compare_and_set (lease->idempotency->store, lease->key, lease->claim, lease->claim,
                                  lease->idempotency->lease, NULL, NULL);
}

void
idempotency_claim_drop (H3Idempotency *idempotency, const char *key, GBytes *claim)
{
    h3_store_compare_and_set (idempotency->store, key, claim, NULL, 0, NULL, NULL);
}

/* Who waits for the end of a claim. */
typedef struct {
    Lease *lease;   /* ref */
    H3Event *event; /* ref; NULL: nobody waits for the answer */
    gboolean keeps;
} Ending;

static void
on_ended (H3Store *store, const H3StoreAnswer *found, gpointer user_data)
{
    g_autofree Ending *ending = user_data;
    Lease *lease = ending->lease;

    if (found->outcome == H3_STORE_FAILED) {
        idempotency_tell_failure (lease->idempotency, found->error);
        /* An answer for which there is no room is as one that is not kept. */
        if (ending->keeps)
            idempotency_claim_drop (lease->idempotency, lease->key, lease->claim);
    }
    if (ending->event != NULL) {
        event_release (ending->event, NULL);
        h3_event_unref (ending->event);
    }
    lease_unref (lease);
}

/* `answer` is (transfer full) (nullable): NULL: none is kept. */
static void
end_claim (Claim *claim, GBytes *answer, gboolean holds)
{
    Ending *ending = g_new0 (Ending, 1);
    Lease *lease = g_steal_pointer (&claim->lease);
    H3Idempotency *idempotency = lease->idempotency;
    gboolean has_loop = loop_get_current () != NULL;

    atomic_store (&lease->is_over, TRUE);
    if (loop_get_current () == claim->loop)
        h3_timer_cancel (claim->timer);
    ending->lease = lease;
    ending->event = holds ? h3_event_defer (claim->event) : NULL;
    ending->keeps = answer != NULL;
    /* Where the worker has ended nobody turns anything that an answer could come by. */
    h3_store_compare_and_set (idempotency->store, lease->key, lease->claim, answer,
                              idempotency->kept, has_loop ? on_ended : NULL, ending);
    if (!has_loop) {
        lease_unref (lease);
        g_free (ending);
    }
    g_clear_pointer (&answer, g_bytes_unref);
}

/* Statuses that ask the client to come again, or to say who it is, are no answers to keep. */
static gboolean
is_lasting (guint status)
{
    return status >= 200 && status < 500 && status != 401 && status != 407 && status != 408
           && status != 425 && status != 429;
}

static gboolean
find_body (const H3Response *response, H3View *out_body)
{
    gsize length;

    switch (response->body_kind) {
    case BODY_NONE:
        *out_body = H3_VIEW_EMPTY;
        return TRUE;
    case BODY_MEMORY:
        *out_body = response->body.memory;
        return TRUE;
    case BODY_BYTES:
        out_body->data = g_bytes_get_data (response->body.bytes, &length);
        out_body->length = length;
        return TRUE;
    default:
        return FALSE;
    }
}

typedef struct {
    const H3Idempotency *idempotency;
    H3Headers *fields;
} Choosing;

static gboolean
choose_field (const char *name, const char *value, gpointer user_data)
{
    Choosing *choosing = user_data;

    for (char **kept = choosing->idempotency->fields; *kept != NULL; kept++) {
        if (g_ascii_strcasecmp (name, *kept) == 0)
            h3_headers_add (choosing->fields, name, value);
    }
    return TRUE;
}

/* (transfer full) (nullable): what is kept of an answer; NULL: it is none to be kept. */
static GBytes *
make_answer (const H3Idempotency *idempotency, const guint8 *fingerprint,
             const H3Response *response)
{
    g_autoptr (H3Headers) fields = h3_headers_new ();
    Choosing choosing = { idempotency, fields };
    const char *type = h3_response_get_content_type (response);
    H3View body;

    if (!is_lasting (response->status) || response->trailers != NULL || !find_body (response, &body)
        || body.length > idempotency->max_body)
        return NULL;
    if (!response_status_has_body (response->status))
        body = H3_VIEW_EMPTY;
    if (type != NULL)
        h3_headers_set (fields, "Content-Type", type);
    if (response->headers != NULL)
        h3_headers_foreach (response->headers, choose_field, &choosing);
    return idempotency_record_new_answer (fingerprint, response->status, fields, body);
}

/* What is made as it leaves is under way until the end of the exchange. */
static void
on_send (H3Event *event, gpointer user_data)
{
    Claim *claim = user_data;
    GBytes *answer;
    H3View body;

    if (claim->lease == NULL || !find_body (&event->response, &body))
        return;
    answer = make_answer (claim->lease->idempotency, claim->fingerprint, &event->response);
    end_claim (claim, answer, event_hold (event));
}

/* Nobody holds the event any more. */
static void
free_claim (gpointer data)
{
    g_autofree Claim *claim = data;
    H3Event *event = claim->event;
    GBytes *answer = NULL;

    if (claim->lease != NULL && atomic_load (&event->claim) == CLAIM_LATE)
        answer = make_answer (claim->lease->idempotency, claim->fingerprint, &event->response);
    if (claim->lease != NULL)
        end_claim (claim, answer, FALSE);
    h3_timer_unref (claim->timer);
    loop_unref (claim->loop);
}

static Lease *
new_lease (H3Idempotency *idempotency, const char *key, GBytes *claim)
{
    Lease *lease = g_new0 (Lease, 1);

    atomic_init (&lease->refs, 2);
    lease->idempotency = h3_idempotency_ref (idempotency);
    (void) g_strlcpy (lease->key, key, sizeof lease->key);
    lease->claim = claim;
    return lease;
}

gboolean
idempotency_has_claim (const H3Event *event)
{
    return h3_event_get_data (event, DATUM) != NULL;
}

void
idempotency_claim_begin (H3Idempotency *idempotency, H3Event *event,
                         const IdempotencyRequest *request, GBytes *claim)
{
    Claim *begun = g_new0 (Claim, 1);

    begun->event = event;
    begun->lease = new_lease (idempotency, request->key, claim);
    begun->loop = loop_ref (event->loop);
    begun->timer =
        h3_timer_start ((guint) (idempotency->lease / 3), TRUE, renew, begun->lease, lease_unref);
    memcpy (begun->fingerprint, request->fingerprint, sizeof begun->fingerprint);
    event->keeps_late = TRUE;
    h3_event_set_data (event, DATUM, begun, free_claim);
    h3_event_on_send (event, on_send, begun, NULL);
}
