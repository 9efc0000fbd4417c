/* SPDX-License-Identifier: MIT
 *
 * The tokens of one session, as a store keeps them: digests, each with its end. A value; one thread
 * at a time. */

#pragma once

#include <h3/base/view.h>

#include <glib.h>

G_BEGIN_DECLS

/* The most that a session has: where there is one more, the oldest ends. */
#define CSRF_MAX_TOKENS    5
#define CSRF_DIGEST_LENGTH 32

typedef struct {
    guint8 digest[CSRF_DIGEST_LENGTH];
    gint64 end; /* seconds since 1970 */
} CsrfToken;

typedef struct {
    CsrfToken tokens[CSRF_MAX_TOKENS]; /* the oldest first */
    guint n_tokens;
} CsrfTokens;

/* Those of `bytes` that have not ended by `now`; none where it is something else. */
void csrf_tokens_read (CsrfTokens *tokens, H3View bytes, gint64 now);
/* (transfer full) */
GBytes *csrf_tokens_write (const CsrfTokens *tokens);

void csrf_tokens_add (CsrfTokens *tokens, const guint8 *digest, gint64 end);
/* Takes the same time wherever it is, and where it is not. */
gboolean csrf_tokens_have (const CsrfTokens *tokens, const guint8 *digest);

G_END_DECLS
