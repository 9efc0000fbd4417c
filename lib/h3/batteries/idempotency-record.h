/* SPDX-License-Identifier: MIT
 *
 * What Idempotency-Key says, and what is kept under a key: first that its request is under way,
 * then the answer to it. Bytes of a store, which others may write too, are read strictly. Holds
 * nothing; any thread. */

#pragma once

#include <h3/base/view.h>
#include <h3/http/headers.h>

G_BEGIN_DECLS

#define IDEMPOTENCY_KEY_MAX     255
#define IDEMPOTENCY_FINGERPRINT 32
#define IDEMPOTENCY_TOKEN       16

/* Room for a key with its NUL. */
#define IDEMPOTENCY_KEY_ROOM (IDEMPOTENCY_KEY_MAX + 1)

/* The key that a field's value is, without blanks around it: a string of RFC 8941 §3.3.3 in quotes,
 * or, as many clients send it, the same without them where it has neither blank nor any of `"`,
 * `\`, `,`, `;`. FALSE where it is neither, empty, or too long. */
gboolean idempotency_key_read (H3View field, char out[IDEMPOTENCY_KEY_ROOM]);

typedef struct {
    gboolean is_answer;        /* else a claim, and what follows the fingerprint is zero */
    const guint8 *fingerprint; /* borrowed: the record */
    guint status;
    H3Headers *fields; /* owned */
    H3View body;       /* borrowed: the record */
} IdempotencyRecord;

/* (transfer full): `token` tells one claim from another by the same request. */
GBytes *idempotency_record_new_claim (const guint8 fingerprint[IDEMPOTENCY_FINGERPRINT],
                                      const guint8 token[IDEMPOTENCY_TOKEN]);
/* (transfer full) */
GBytes *idempotency_record_new_answer (const guint8 fingerprint[IDEMPOTENCY_FINGERPRINT],
                                       guint status, H3Headers *fields, H3View body);

/* FALSE, and nothing to clear, for anything that the two above do not make. */
gboolean idempotency_record_read (H3View bytes, IdempotencyRecord *out_record);
void idempotency_record_clear (IdempotencyRecord *record);

/* Whether a field may be kept: none about the wire, and nothing that is one client's secret. */
gboolean idempotency_may_keep (const char *name);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (IdempotencyRecord, idempotency_record_clear)

G_END_DECLS
