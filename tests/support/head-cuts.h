/* SPDX-License-Identifier: MIT
 *
 * Heads linted in every cut of their bytes, which must all give the same, and read into requests.
 * Main thread only. */

#pragma once

#include "h3/http/limits.h"
#include "h3/wire/http1-lint.h"
#include "h3/wire/http1-reader.h"

#define HEAD_MAX_FIELDS 100

/* What the lint found. */
typedef struct {
    LintResult result;
    guint status;
    HeadIndex index; /* its fields: those below */
    HeadField fields[HEAD_MAX_FIELDS];
} Linted;

/* Lints `bytes` cut at the `n` ascending offsets; each time they lie elsewhere, with nothing
 * behind them. */
void linted_read_cut (Linted *linted, const H3Limits *limits, H3View bytes, const gsize *cuts,
                      gsize n);

/* The same whole, cut once anywhere, one byte at a time and cut at random; the test fails, naming
 * `name`, where it is not. */
void linted_read_all_ways (Linted *linted, const H3Limits *limits, const char *name, H3View bytes);

/* Whether they say the same, their fields too. */
gboolean head_indexes_are_equal (const HeadIndex *a, const HeadIndex *b);

/* One request with all it needs. */
typedef struct {
    Linted linted;
    char *base; /* owned */
    H3Arena *arena;
    Http1Reader *reader;
    H3Request request;
    guint status; /* the lint's or the reader's */
} ReadHead;

/* Lints and reads; a head that is not whole is a failed test. */
void read_head_init (ReadHead *head, const H3Limits *limits, H3View bytes);
void read_head_clear (ReadHead *head);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (ReadHead, read_head_clear)
