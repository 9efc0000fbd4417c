/* SPDX-License-Identifier: MIT
 *
 * What the files of CSRF share: what the middleware was told, and what it knows of an event. */

#pragma once

#include "cors-origin.h"
#include "csrf-tokens.h"
#include "csrf.h"
#include "session-inside.h"

#include <h3/crypto/base64.h>

G_BEGIN_DECLS

#define CSRF_TOKEN_BYTES 32
/* Characters of one. */
#define CSRF_TOKEN_LENGTH 43

/* Frozen; any thread. */
typedef struct {
    H3Store *store; /* ref */
    char *header;   /* owned */
    char *field;    /* owned */
    gint64 lifetime;
    gboolean ignores_origin;
    GPtrArray *trusted; /* owned; of OriginPattern */
    GPtrArray *origins; /* owned; of Origin */
} Csrf;

/* Of an event; the event's data. */
typedef struct {
    const Csrf *csrf; /* borrowed: the middleware, which outlives its events */
    char token[H3_BASE64_ROOM (CSRF_TOKEN_BYTES)]; /* "": none was asked for */
    gboolean is_closed;                            /* the answer leaves */
} CsrfState;

/* (transfer full) (nullable): where the tokens of a session are kept. */
char *csrf_make_key (const guint8 *binding, GError **error);
gboolean csrf_make_digest (H3View token, guint8 *digest, GError **error);

/* Answers 503, with when to try again. */
void csrf_fail_store (H3Event *event, const H3StoreAnswer *answer);

/* csrf-give.c. Before the head leaves: the token that was asked for is kept; the answer waits. */
void csrf_keep_token (H3Event *event, CsrfState *state);

/* csrf-check.c. Answers 403, or goes on with what stands behind; now or later. */
void csrf_check (H3Event *event, const CsrfState *state);

G_END_DECLS
