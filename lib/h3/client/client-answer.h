/* SPDX-License-Identifier: MIT
 *
 * The answer to one request, read out of bytes as they come: interim heads, the head, the body, or
 * what comes after a change of protocol. Knows no socket. Embedded in who asked; the loop's thread
 * only.
 *
 *   HEAD ── final, with a body ──▶ BODY ── its end ──▶ WHOLE
 *    │ ╰─── final, without ───────────────────────────▶
 *    ╰───── 101 that was asked for ──▶ RAW
 *   each ── what cannot be, or too much ──▶ BROKEN
 *
 *   HEAD    a head has not come whole; interim ones were told
 *   BODY    pieces of the body
 *   RAW     all that comes is the other protocol's
 *   WHOLE   nothing that comes belongs to it
 *   BROKEN  `problem` says why; nothing more is read */

#pragma once

#include <h3/http/headers.h>
#include <h3/http/limits.h>
#include <h3/wire/http1-body.h>
#include <h3/wire/http1-lint.h>
#include <h3/wire/http1-response-reader.h>

G_BEGIN_DECLS

/* What all answers of a loop are read with. */
typedef struct {
    Http1ResponseReader *reader; /* owned */
    HeadField *fields;           /* owned; serves one head at a time, within one turn */
    H3Limits limits;             /* of heads, chunks and trailers */
} AnswerTools;

void answer_tools_init (AnswerTools *tools);
void answer_tools_clear (AnswerTools *tools);

/* An answer has at most so many interim ones before it. */
#define CLIENT_ANSWER_MAX_INTERIM 100

typedef enum { ANSWER_HEAD, ANSWER_BODY, ANSWER_RAW, ANSWER_WHOLE, ANSWER_BROKEN } AnswerState;

typedef struct {
    const AnswerTools *tools; /* borrowed: the loop's */
    H3View upgrade;           /* borrowed: who asked; empty: no other protocol was asked for */
    const char *problem;      /* static: when BROKEN */
    guint32 kept_seconds;     /* the server keeps the connection so long; 0: it does not say */
    guint8 state;             /* AnswerState */
    guint8 method;            /* H3Method of the request */
    guint8 n_interim;
    guint8 head_was_split : 1; /* `lint` has seen the beginning of a head */
    guint8 has_head : 1;       /* the final one */
    guint8 keeps : 1;          /* it leaves the connection to others */
    guint8 is_too_large : 1;   /* when BROKEN */
    Http1BodyLimits limits;
    Http1Lint lint;
    Http1Body body;
} ClientAnswer;

/* Zeroed memory, or one that was cleared. A body has up to `max_body` bytes. */
void client_answer_init (ClientAnswer *answer, const AnswerTools *tools, H3Method method,
                         H3View upgrade, guint64 max_body);
void client_answer_clear (ClientAnswer *answer);

typedef enum {
    ANSWER_WAITS,      /* all input that can be read was read */
    ANSWER_GOES_ON,    /* 100 (Continue) */
    ANSWER_IS_INTERIM, /* *out_response, but 100 and 101 */
    ANSWER_HAS_HEAD,   /* *out_response: final, or 101 */
    ANSWER_HAS_PIECE,  /* *out_piece, inside the input */
    ANSWER_IS_WHOLE,
    ANSWER_IS_BROKEN,
} AnswerStep;

/* Reads on in `*input`, which begins where the last step has left off, and takes off its front what
 * was used: a head only when it is there as a whole. What it gives out lies in the input. */
AnswerStep client_answer_step (ClientAnswer *answer, H3View *input, Http1Response *out_response,
                               H3View *out_piece);

/* Nothing more comes behind what was read; `is_truncated`: TLS was not ended as it has to be. */
AnswerStep client_answer_end_of_input (ClientAnswer *answer, gboolean is_truncated);

/* (transfer full) (nullable): those behind a whole body. */
H3Headers *client_answer_dup_trailers (const ClientAnswer *answer);

G_END_DECLS
