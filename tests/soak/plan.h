/* SPDX-License-Identifier: MIT
 *
 * What one client does, step by step, and what it must be answered. Made by a scenario, owned by
 * the peer that runs it. */

#pragma once

#include "answer.h"

G_BEGIN_DECLS

typedef enum {
    STEP_SEND,       /* `data`, in pieces of `piece` bytes, `pause` milliseconds apart */
    STEP_PATTERN,    /* the same with `length` bytes of the pattern */
    STEP_PAUSE,      /* `pause` milliseconds */
    STEP_AWAIT,      /* until so many answers have come in all */
    STEP_BEGUN,      /* until the next answer has begun */
    STEP_HALF_CLOSE, /* nothing more is sent */
    STEP_END,        /* the server must close now, and sends nothing more */
    STEP_CLOSE,      /* the last, as the two that follow: an ordinary end */
    STEP_RESET,      /* with RST */
} StepKind;

typedef struct {
    StepKind kind;
    GBytes *data; /* ref; of STEP_SEND */
    guint64 length;
    gsize piece; /* 0: as much as the kernel takes */
    guint pause; /* milliseconds */
    guint answers;
} Step;

typedef struct {
    const char *name;      /* borrowed: the scenario's */
    GArray *steps;         /* owned: Step */
    GArray *expected;      /* owned: Expected */
    gsize read_piece;      /* bytes taken at a time; 0: all there is */
    guint read_pause;      /* milliseconds between two reads */
    guint receive_buffer;  /* of the kernel, bytes; 0: as it comes */
    gboolean is_holder;    /* stays over rests, idle */
    gboolean may_be_cut;   /* the server may close while it is still sent to */
    gboolean owns_nothing; /* it breaks off: answers may be cut short */
} Plan;

Plan *plan_new (const char *name);
void plan_free (Plan *plan);

/* Each adds a step. */
void plan_send (Plan *plan, const char *text, gsize piece, guint pause);
void plan_send_bytes (Plan *plan, GBytes *bytes, gsize piece, guint pause);
void plan_send_pattern (Plan *plan, guint64 length, gsize piece, guint pause);
void plan_pause (Plan *plan, guint milliseconds);
/* For all answers that have been promised so far. */
void plan_await (Plan *plan);
void plan_step (Plan *plan, StepKind kind);

/* Each promises an answer; texts are static. */
void plan_expect (Plan *plan, guint status);
void plan_expect_text (Plan *plan, guint status, const char *text);
void plan_expect_has (Plan *plan, guint status, const char *text);
void plan_expect_pattern (Plan *plan, guint64 length);
void plan_expect_head (Plan *plan, guint status);

/* (transfer full): a plan of the scenario that `rand` chooses among all. */
Plan *scenario_choose (GRand *rand);
/* (transfer full): one that stays connected and asks now and then. */
Plan *scenario_hold (GRand *rand);
/* (transfer full): one whose answer comes late. */
Plan *scenario_flood (void);
/* (transfer full) (nullable): the next of all, each once; NULL after the last. */
Plan *scenario_nth (GRand *rand, guint n);

G_END_DECLS
