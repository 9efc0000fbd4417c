/* SPDX-License-Identifier: MIT */

#include "csrf-tokens.h"

#include <h3/crypto/digest.h>

/* The first byte: how the rest is to be read. */
#define VERSION     1
#define ENTRY_BYTES (CSRF_DIGEST_LENGTH + 8)

void
csrf_tokens_read (CsrfTokens *tokens, H3View bytes, gint64 now)
{
    gsize n = bytes.length > 0 ? (bytes.length - 1) / ENTRY_BYTES : 0;

    memset (tokens, 0, sizeof *tokens);
    if (bytes.length != 1 + n * ENTRY_BYTES || n > CSRF_MAX_TOKENS || bytes.data[0] != VERSION)
        return;
    for (gsize i = 0; i < n; i++) {
        const char *entry = bytes.data + 1 + i * ENTRY_BYTES;
        CsrfToken *token = &tokens->tokens[tokens->n_tokens];
        guint64 end;

        memcpy (&end, entry + CSRF_DIGEST_LENGTH, sizeof end);
        token->end = (gint64) GUINT64_FROM_BE (end);
        memcpy (token->digest, entry, sizeof token->digest);
        if (token->end > now)
            tokens->n_tokens++;
    }
}

GBytes *
csrf_tokens_write (const CsrfTokens *tokens)
{
    gsize length = 1 + tokens->n_tokens * ENTRY_BYTES;
    guint8 *bytes = g_malloc (length);

    bytes[0] = VERSION;
    for (guint i = 0; i < tokens->n_tokens; i++) {
        guint8 *entry = bytes + 1 + i * ENTRY_BYTES;
        guint64 end = GUINT64_TO_BE ((guint64) tokens->tokens[i].end);

        memcpy (entry, tokens->tokens[i].digest, CSRF_DIGEST_LENGTH);
        memcpy (entry + CSRF_DIGEST_LENGTH, &end, sizeof end);
    }
    return g_bytes_new_take (bytes, length);
}

void
csrf_tokens_add (CsrfTokens *tokens, const guint8 *digest, gint64 end)
{
    CsrfToken *token;

    if (tokens->n_tokens == CSRF_MAX_TOKENS) {
        tokens->n_tokens--;
        memmove (tokens->tokens, tokens->tokens + 1, tokens->n_tokens * sizeof *tokens->tokens);
    }
    token = &tokens->tokens[tokens->n_tokens++];
    memcpy (token->digest, digest, sizeof token->digest);
    token->end = end;
}

gboolean
csrf_tokens_have (const CsrfTokens *tokens, const guint8 *digest)
{
    gboolean found = FALSE;

    for (guint i = 0; i < CSRF_MAX_TOKENS; i++)
        found |= (i < tokens->n_tokens)
                 & h3_digest_equal (tokens->tokens[i].digest, digest, CSRF_DIGEST_LENGTH);
    return found;
}
