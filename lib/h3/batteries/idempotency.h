/* SPDX-License-Identifier: MIT
 *
 * Requests that a client may send again without harm (draft-ietf-httpapi-idempotency-key-header):
 * the answer to the first with a key is kept and given again to those that follow. Set up on one
 * thread, then frozen by its first use; reference-counted, any thread. docs/idempotency.md has the
 * rules. Since: 0.1 */

#pragma once

#include <h3/route/chain.h>
#include <h3/store/store.h>

G_BEGIN_DECLS

/**
 * H3Idempotency:
 *
 * Which requests, for how long, and where their answers are kept.
 */
typedef struct _H3Idempotency H3Idempotency;

#define H3_TYPE_IDEMPOTENCY (h3_idempotency_get_type ())
GType h3_idempotency_get_type (void);

/* Answers that a memory of its own keeps, and bytes of them: then those asked for longest ago go.
 */
#define H3_IDEMPOTENCY_ANSWERS 10000
#define H3_IDEMPOTENCY_BYTES   (64 << 20)

/* Returns: (transfer full): POST and PATCH; a key is welcome and not demanded; answers of 64 KiB
 * are kept for a day in a memory of its own. */
H3Idempotency *h3_idempotency_new (void);
H3Idempotency *h3_idempotency_ref (H3Idempotency *idempotency);
/* NULL is allowed. */
void h3_idempotency_unref (H3Idempotency *idempotency);

/* Where to keep; a reference is kept. `store` is (nullable), NULL: a memory of its own. */
void h3_idempotency_set_store (H3Idempotency *idempotency, H3Store *store);

/* Names with blanks between, as of h3_middleware_set_methods(). */
void h3_idempotency_set_methods (H3Idempotency *idempotency, const char *methods);

/* Whether a request without a key is refused with 400. */
void h3_idempotency_set_required (H3Idempotency *idempotency, gboolean required);

/* Seconds that an answer is kept, 1 to 31,622,400; 86,400 where nothing was set. */
void h3_idempotency_set_seconds (H3Idempotency *idempotency, gint64 seconds);

/* Seconds, 3 to 3600, after which a request that was under way counts as one that never was, where
 * its server has died; while that lives it says so in time. 30 where nothing was set. */
void h3_idempotency_set_lease (H3Idempotency *idempotency, gint64 seconds);

/* Bytes of an answer's body, up to 16 MiB; longer ones are not kept. */
void h3_idempotency_set_max_body (H3Idempotency *idempotency, gsize max_body);

/* Which fields of an answer are kept, names with blanks between; Content-Type always is. Where
 * nothing was set: Content-Disposition, Content-Encoding, Content-Language, Content-Location,
 * Cache-Control, ETag, Expires, Last-Modified, Link, Location, Vary. FALSE, and nothing changed,
 * where one cannot be: Set-Cookie, those of authentication and of framing. */
gboolean h3_idempotency_set_fields (H3Idempotency *idempotency, const char *fields);

/**
 * H3IdempotencyScope:
 * @event: (transfer none): a request, on its worker
 *
 * Returns: (transfer full) (nullable): whose it is; %NULL: as if there were no such function
 */
typedef char *(*H3IdempotencyScope) (H3Event *event, gpointer user_data);

/* Who shares keys: `function` (scope notified) (nullable) says it, a tenant for one. Without, the
 * principal; where there is none, the session that the client came with; where there is none
 * either, the client's address, whole, through trusted proxies. */
void h3_idempotency_set_scope (H3Idempotency *idempotency, H3IdempotencyScope function,
                               gpointer user_data, GDestroyNotify destroy);

/**
 * h3_idempotency_to_middleware:
 *
 * Answers 400 to a key that is malformed, 409 with Retry-After while the first request with the
 * key is under way, 422 where that was another request, 503 where the store fails. To be used
 * behind what says whose a request is, and before what shall not happen twice.
 *
 * Returns: (transfer full): middleware for h3_app_use(), which holds @idempotency
 */
H3Middleware *h3_idempotency_to_middleware (H3Idempotency *idempotency);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (H3Idempotency, h3_idempotency_unref)

G_END_DECLS
