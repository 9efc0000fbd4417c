/* SPDX-License-Identifier: MIT
 *
 * What the files of idempotency share: how it is set up, and a claim: the word in the store that a
 * request is under way. Frozen when it is first used; then any thread that runs a loop. */

#pragma once

#include <h3/batteries/failure-notice.h>
#include <h3/batteries/idempotency-record.h>
#include <h3/batteries/idempotency.h>

#include <stdatomic.h>

G_BEGIN_DECLS

/* Room for a key of a store with its NUL: "idempotency:" and a digest. */
#define IDEMPOTENCY_STORE_KEY_ROOM 64

struct _H3Idempotency {
    atomic_int refs;
    H3Store *store; /* ref */
    char *methods;  /* owned */
    GStrv fields;   /* owned */
    gboolean is_required;
    gint64 kept;  /* milliseconds */
    gint64 lease; /* milliseconds */
    gsize max_body;
    struct {
        H3IdempotencyScope function; /* NULL: none */
        gpointer user_data;
        GDestroyNotify destroy; /* of user_data */
    } scope;
    FailureNotice notice;
};

/* What a request asks for. */
typedef struct {
    char key[IDEMPOTENCY_STORE_KEY_ROOM];
    guint8 fingerprint[IDEMPOTENCY_FINGERPRINT];
} IdempotencyRequest;

/* FALSE: there is no digest. `key` is the client's. */
gboolean idempotency_request_init (IdempotencyRequest *request, H3Idempotency *idempotency,
                                   H3Event *event, const char *key);

/* Now and then, in the log. */
void idempotency_tell_failure (H3Idempotency *idempotency, const GError *error);

/* Takes the claim's bytes (transfer full), which are in the store: from now on they stay there
 * until the event has been answered and the answer taken their place, or nobody holds the event
 * any more. */
void idempotency_claim_begin (H3Idempotency *idempotency, H3Event *event,
                              const IdempotencyRequest *request, GBytes *claim);

/* Whether the event has one, by another that stands before. */
gboolean idempotency_has_claim (const H3Event *event);

/* The claim is not needed, or was made for a client that has gone: `claim` is borrowed. */
void idempotency_claim_drop (H3Idempotency *idempotency, const char *key, GBytes *claim);

G_END_DECLS
