/* SPDX-License-Identifier: MIT
 *
 * Answers as they come over one connection, in pieces of any size, each held to what it must be.
 * Owned by a peer; one thread. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The bytes that bodies are made of, wherever they begin: seeded once. */
void pattern_init (guint32 seed);
/* (transfer none): bytes from `offset` on, at most `length`, at least one; so many are there. */
const char *pattern_at (guint64 offset, gsize length, gsize *out_there);

typedef enum {
    BODY_ANY,     /* as many bytes as the head says */
    BODY_TEXT,    /* exactly this */
    BODY_HAS,     /* this occurs in it; it is short */
    BODY_PATTERN, /* `length` bytes of the pattern from its beginning */
} BodyKind;

typedef struct {
    guint status;
    BodyKind kind;
    const char *text; /* borrowed: static, or the plan's */
    guint64 length;
    gboolean no_body; /* the request was a HEAD */
} Expected;

typedef struct {
    const GArray *expected; /* borrowed: Expected, in order */
    guint n_done;           /* answers that have come whole, and were right */
    guint phase;            /* of the parser */
    GString *line;          /* owned: a head, a chunk's size, a trailer so far */
    GString *text;          /* owned: the body where its text is looked at */
    gint64 left;            /* of the body or the chunk; -1: up to the end */
    guint64 taken;          /* of the body */
    gboolean closes;        /* the last head said so */
} AnswerReader;

void answer_reader_init (AnswerReader *reader, const GArray *expected);
void answer_reader_clear (AnswerReader *reader);

/* (transfer full) (nullable): what is wrong with what came. */
char *answer_reader_feed (AnswerReader *reader, const char *data, gsize length);
/* Whether the next answer has begun, its interim ones apart. */
gboolean answer_reader_is_inside (const AnswerReader *reader);
/* The connection's end ends an answer that had no length. */
char *answer_reader_end (AnswerReader *reader);

G_END_DECLS
