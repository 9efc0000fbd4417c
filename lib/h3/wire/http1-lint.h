/* SPDX-License-Identifier: MIT
 *
 * One strict pass over the raw head of a request or an answer (RFC 9112 §2 to §5): refuses what
 * another reader could read differently, and finds every line. Knows nothing of what fields mean,
 * but notes where the few lie that frame a message. Reads on where it stopped when more bytes have
 * come, so that a bad byte is refused as soon as it is there; the same answer whole and split.
 *
 *     START ─▶ METHOD ─▶ TARGET ─▶ VERSION ─▶ LINE ─▶ NAME ─▶ VALUE ─▶ VALUE_LF ─▶ LINE … END_LF
 *     STATUS ─▶ REASON ─▶ REASON_LF ─▶ LINE …
 *
 * Owned by a connection while its head is incomplete; its worker only. */

#pragma once

#include <h3/http/limits.h>
#include <h3/http/request-inside.h>

G_BEGIN_DECLS

typedef struct {
    guint8 phase;      /* where it stopped */
    guint8 version_at; /* bytes of "HTTP/1.x" CR LF seen, or of "HTTP/1.x 200" */
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

/* The same for the head of an answer. Its index says where the reason lies, by `target` and
 * `target_length`; no empty line may come first, and limits->field_line bounds the status line. */
void http1_lint_init_response (Http1Lint *lint, HeadField *fields, guint16 max_fields);

/* Looks at `data`, the head so far from its first byte. MORE: all was looked at; call again with
 * more behind the same bytes. WHOLE: lint->index describes it, lint->index.length bytes of `data`
 * are the head. REFUSED: lint->status is the answer. */
LintResult http1_lint_step (Http1Lint *lint, const H3Limits *limits, const char *data,
                            gsize length);

/* After REFUSED: what is wrong with an answer's head, in words for people (static). */
const char *http1_lint_explain (const Http1Lint *lint);

/* Whether any byte but an empty line has come. */
gboolean http1_lint_has_begun (const Http1Lint *lint);

G_END_DECLS
