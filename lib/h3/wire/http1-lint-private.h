/* SPDX-License-Identifier: MIT
 *
 * What the ways over a head share: what its bytes may be, which fields are known, and how the lint
 * goes from phase to phase. Holds nothing; any thread. */

#pragma once

#include <h3/base/bytes.h>
#include <h3/http/request-inside.h>
#include <h3/wire/http1-lint.h>

G_BEGIN_DECLS

#define HTTP1_MAX_METHOD 32

/* Bit 0: a token character (RFC 9110 §5.6.2). Bit 1: may stand in a target (RFC 3986, less '#').
 * Bits 2 and up: what a target has, as TARGET_HAS_* moved by one. */
enum { HTTP1_TOKEN = 1, HTTP1_TARGET = 2 };
extern const guint8 http1_classes[256];

#define IS_TOKEN(c)  ((http1_classes[(guchar) (c)] & HTTP1_TOKEN) != 0)
#define IS_TARGET(c) ((http1_classes[(guchar) (c)] & HTTP1_TARGET) != 0)

/* The classes of all bytes of a target, as TARGET_HAS_*. */
static inline guint8
target_flags_of (guint classes)
{
    return (guint8) ((classes >> 1) & ~1u);
}

/* Notes that `field` of `index` is `known`. */
static inline void
note_known (HeadIndex *index, const HeadField *field, KnownField known)
{
    if (index->known[known] != 0)
        index->doubled |= (guint16) (1u << known);
    else
        index->known[known] = (guint16) (field - index->fields + 1);
}

/* Notes `field` where its name is a known one: no two of them have one length. */
static inline void
look_up_known (HeadIndex *index, const HeadField *field, const char *name, gsize length)
{
    switch (length) {
    case 4:
        if (bytes_are_word (name, "host", 4))
            note_known (index, field, KNOWN_HOST);
        break;
    case 6:
        if (bytes_are_word (name, "expect", 6))
            note_known (index, field, KNOWN_EXPECT);
        break;
    case 7:
        if (bytes_are_word (name, "upgrade", 7))
            note_known (index, field, KNOWN_UPGRADE);
        break;
    case 10:
        if (bytes_are_word (name, "connection", 10))
            note_known (index, field, KNOWN_CONNECTION);
        break;
    case 12:
        if (bytes_are_word (name, "content-type", 12))
            note_known (index, field, KNOWN_CONTENT_TYPE);
        break;
    case 14:
        if (bytes_are_word (name, "content-length", 14))
            note_known (index, field, KNOWN_CONTENT_LENGTH);
        break;
    case 17:
        if (bytes_are_word (name, "transfer-encoding", 17))
            note_known (index, field, KNOWN_TRANSFER_ENCODING);
        break;
    }
}

/* Up to PHASE_METHOD nothing has been found yet but an empty line (http1_lint_has_begun ()). The
 * second to the fifth are an answer's status line. */
enum {
    PHASE_START,
    PHASE_STATUS,
    PHASE_STATUS_END,
    PHASE_REASON,
    PHASE_REASON_LF,
    PHASE_START_LF,
    PHASE_METHOD,
    PHASE_TARGET,
    PHASE_VERSION,
    PHASE_LINE,
    PHASE_NAME,
    PHASE_BLANKS,
    PHASE_VALUE,
    PHASE_VALUE_LF,
    PHASE_END_LF,
};

/* What a phase tells the loop that runs them. */
typedef enum { STEP_NEXT, STEP_OUT_OF_BYTES, STEP_WHOLE, STEP_REFUSED } Step;

/* The bytes a phase may look at: up to `end`, which is that of the data or of a limit. */
typedef struct {
    const char *data;
    const char *p;
    const char *end;
    const char *data_end;
    gsize last; /* offset of data_end, or of the head's bound where that comes first */
    const H3Limits *limits;
} Cursor;

static inline Cursor
cursor_at (const Http1Lint *lint, const H3Limits *limits, const char *data, gsize length)
{
    gsize last = MIN (length, (gsize) limits->head);

    return (Cursor){ data, data + lint->at, data + length, data + length, last, limits };
}

static inline Step
refuse (Http1Lint *lint, guint status)
{
    lint->status = (guint16) status;
    return STEP_REFUSED;
}

/* At the end of the bytes: either all have been looked at, or a limit stands there. */
static inline Step
run_out (Http1Lint *lint, const Cursor *cursor, guint status)
{
    return cursor->p == cursor->data_end ? STEP_OUT_OF_BYTES : refuse (lint, status);
}

/* Bounds what follows to `length` bytes from `from`, and to the head's bound. */
static inline void
bound (Cursor *cursor, gsize from, gsize length)
{
    cursor->end = cursor->data + MIN (from + length, cursor->last);
}

/* http1_lint_step () within an answer's status line, and behind it. */
LintResult http1_status_line_step (Http1Lint *lint, const H3Limits *limits, const char *data,
                                   gsize length);

/* The same in any other phase: phase by phase, from where it stopped. */
LintResult http1_lint_go_on (Http1Lint *lint, const H3Limits *limits, const char *data,
                             gsize length);

G_END_DECLS
