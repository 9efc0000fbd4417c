/* SPDX-License-Identifier: MIT
 *
 * One strict pass over the raw head of a request (RFC 9112 §2, §3, §5): refuses what another
 * reader could read differently, and finds every line. Knows nothing of what fields mean, but
 * notes where the few lie that frame a message. Reads on where it stopped when more bytes have
 * come, so that a bad byte is refused as soon as it is there; the same answer whole and split.
 *
 *     START ─▶ METHOD ─▶ TARGET ─▶ VERSION ─▶ LINE ─▶ NAME ─▶ VALUE ─▶ VALUE_LF ─▶ LINE … END_LF
 *
 * Owned by a connection while its head is incomplete; its worker only. */

#pragma once

#include <h3/http/limits.h>
#include <h3/http/request-inside.h>

G_BEGIN_DECLS

typedef struct {
    guint8 phase;      /* where it stopped */
    guint8 version_at; /* bytes of "HTTP/1.x" CR LF seen */
    char major_character, minor_character;
    guint16 status; /* when refused */
    guint32 at;     /* offset of the next byte to look at */
    guint32 line;   /* offset of this line's first byte */
    guint32 value;  /* offset of this line's value */
    HeadIndex index;
} Http1Lint;

typedef enum { LINT_MORE, LINT_WHOLE, LINT_REFUSED } LintResult;

/* `fields` has room for `max_fields`. */
void http1_lint_init (Http1Lint *lint, HeadField *fields, guint16 max_fields);

/* Looks at `data`, the head so far from its first byte. MORE: all was looked at; call again with
 * more behind the same bytes. WHOLE: lint->index describes it, lint->index.length bytes of `data`
 * are the head. REFUSED: lint->status is the answer. */
LintResult http1_lint_step (Http1Lint *lint, const H3Limits *limits, const char *data,
                            gsize length);

/* Whether any byte but an empty line has come. */
gboolean http1_lint_has_begun (const Http1Lint *lint);

G_END_DECLS
