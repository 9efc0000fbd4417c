/* SPDX-License-Identifier: MIT
 *
 * What a step prints on one stream, as lines: valid UTF-8 whatever came, each of a bounded length,
 * and no more of them than is kept. Embedded in who runs the step; one thread. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The longest line that is told in one piece. */
#define STEP_LINE_MAX 16384

/* A line with its end; without one where it is the last, or goes on in the next call (beyond
 * STEP_LINE_MAX). `is_cut`: it is the last that is kept, and more came. */
typedef void (*StepOutputLine) (const char *text, gsize length, gboolean is_cut, gpointer data);

typedef struct {
    StepOutputLine on_line;
    gpointer data;  /* its function's */
    gsize max;      /* bytes that are kept of it */
    gsize n_kept;   /* as they are told */
    GString *raw;   /* owned: the begin of a character whose rest has not come */
    GString *line;  /* owned: what has no end yet */
    GString *whole; /* owned; NULL: not asked for: all that was told */
    gboolean is_cut;
} StepOutput;

/* `keeps`: all that is told is gathered in `whole`, too. */
void step_output_init (StepOutput *output, gsize max, gboolean keeps, StepOutputLine on_line,
                       gpointer data);
void step_output_clear (StepOutput *output);

/* What is no UTF-8 becomes U+FFFD, a byte at a time, and so does NUL. */
void step_output_add (StepOutput *output, const char *data, gsize length);

/* Nothing more comes: tells what has no end. */
void step_output_finish (StepOutput *output);

G_END_DECLS
