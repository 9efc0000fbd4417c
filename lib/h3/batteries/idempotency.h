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
 * Which requests, for how long, and where their answers are kept. Boxed, reference-counted.
 *
 * Since: 0.1
 */
typedef struct _H3Idempotency H3Idempotency;

#define H3_TYPE_IDEMPOTENCY (h3_idempotency_get_type ())
GType h3_idempotency_get_type (void);

/**
 * H3_IDEMPOTENCY_ANSWERS:
 *
 * Answers that a memory of its own keeps; then those asked for longest ago go.
 *
 * Since: 0.1
 */
#define H3_IDEMPOTENCY_ANSWERS 10000

/**
 * H3_IDEMPOTENCY_BYTES:
 *
 * Bytes of answers that a memory of its own keeps; then those asked for longest ago go.
 *
 * Since: 0.1
 */
#define H3_IDEMPOTENCY_BYTES (64 << 20)

/**
 * h3_idempotency_new:
 *
 * Makes one for POST and PATCH; a key is welcome and not demanded; answers of 64 KiB are kept for a
 * day in a memory of its own.
 *
 * Returns: (transfer full): with these defaults
 *
 * Since: 0.1
 */
H3Idempotency *h3_idempotency_new (void);

/**
 * h3_idempotency_ref:
 * @idempotency: what keeps answers
 *
 * Takes one more reference. Any thread.
 *
 * Returns: (transfer full): @idempotency
 *
 * Since: 0.1
 */
H3Idempotency *h3_idempotency_ref (H3Idempotency *idempotency);

/**
 * h3_idempotency_unref:
 * @idempotency: (nullable) (transfer full): what keeps answers
 *
 * Gives a reference back; the last frees it. Any thread.
 *
 * Since: 0.1
 */
void h3_idempotency_unref (H3Idempotency *idempotency);

/**
 * h3_idempotency_set_store:
 * @idempotency: one that is not used yet
 * @store: (nullable): a reference is kept; %NULL: a memory of its own
 *
 * Says where to keep answers.
 *
 * Since: 0.1
 */
void h3_idempotency_set_store (H3Idempotency *idempotency, H3Store *store);

/**
 * h3_idempotency_set_methods:
 * @idempotency: one that is not used yet
 * @methods: names with blanks between, as of h3_middleware_set_methods()
 *
 * Says which methods it is for.
 *
 * Since: 0.1
 */
void h3_idempotency_set_methods (H3Idempotency *idempotency, const char *methods);

/**
 * h3_idempotency_set_required:
 * @idempotency: one that is not used yet
 * @required: %FALSE where nothing was set
 *
 * Says whether a request without a key is refused with 400.
 *
 * Since: 0.1
 */
void h3_idempotency_set_required (H3Idempotency *idempotency, gboolean required);

/**
 * h3_idempotency_set_seconds:
 * @idempotency: one that is not used yet
 * @seconds: 1 to 31,622,400; 86,400 where nothing was set
 *
 * Says how long an answer is kept.
 *
 * Since: 0.1
 */
void h3_idempotency_set_seconds (H3Idempotency *idempotency, gint64 seconds);

/**
 * h3_idempotency_set_lease:
 * @idempotency: one that is not used yet
 * @seconds: 3 to 3600; 30 where nothing was set
 *
 * Says after how long a request that was under way counts as one that never was, where its server
 * has died; while that lives it says so in time.
 *
 * Since: 0.1
 */
void h3_idempotency_set_lease (H3Idempotency *idempotency, gint64 seconds);

/**
 * h3_idempotency_set_max_body:
 * @idempotency: one that is not used yet
 * @max_body: bytes of an answer's body, up to 16 MiB; 64 KiB where nothing was set
 *
 * Says how long an answer may be that is kept; longer ones are not.
 *
 * Since: 0.1
 */
void h3_idempotency_set_max_body (H3Idempotency *idempotency, gsize max_body);

/**
 * h3_idempotency_set_fields:
 * @idempotency: one that is not used yet
 * @fields: names with blanks between
 *
 * Says which fields of an answer are kept; Content-Type always is. Where nothing was set:
 * Content-Disposition, Content-Encoding, Content-Language, Content-Location, Cache-Control, ETag,
 * Expires, Last-Modified, Link, Location, Vary.
 *
 * Returns: %FALSE, and nothing changed, where one cannot be: Set-Cookie, those of authentication
 *   and of framing
 *
 * Since: 0.1
 */
gboolean h3_idempotency_set_fields (H3Idempotency *idempotency, const char *fields);

/**
 * H3IdempotencyScope:
 * @event: (transfer none): a request, on its worker
 * @user_data: (nullable) (closure): what was set with it
 *
 * Says whose a request is, so that two who choose the same key are told apart. Called on workers,
 * several at once.
 *
 * Returns: (transfer full) (nullable): whose it is; %NULL: as if there were no such function
 *
 * Since: 0.1
 */
typedef char *(*H3IdempotencyScope) (H3Event *event, gpointer user_data);

/**
 * h3_idempotency_set_scope:
 * @idempotency: one that is not used yet
 * @function: (nullable) (scope notified) (closure user_data) (destroy destroy): says it; a tenant
 *   for one
 * @user_data: (nullable): for @function
 * @destroy: (nullable): for @user_data, when another is set, or with the end of @idempotency
 *
 * Says who shares keys. Without a function, the principal, by scheme and name; where there is none,
 * the session that the client came with; where there is none either, the client's address, whole,
 * through trusted proxies.
 *
 * Since: 0.1
 */
void h3_idempotency_set_scope (H3Idempotency *idempotency, H3IdempotencyScope function,
                               gpointer user_data, GDestroyNotify destroy);

/**
 * h3_idempotency_to_middleware:
 * @idempotency: which requests and how; frozen by its first use
 *
 * Answers a request that was sent before with the answer that it had then. Answers 400 to a key
 * that is malformed, 409 with Retry-After while the first request with the key is under way, 422
 * where that was another request, 503 where the store fails. To be used behind what says whose a
 * request is, and before what shall not happen twice.
 *
 * Returns: (transfer full): middleware for h3_app_use(), which holds @idempotency
 *
 * Since: 0.1
 */
H3Middleware *h3_idempotency_to_middleware (H3Idempotency *idempotency);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (H3Idempotency, h3_idempotency_unref)

G_END_DECLS
