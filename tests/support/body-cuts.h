/* SPDX-License-Identifier: MIT
 *
 * Bodies read in every cut of their bytes, which must all give the same. Main thread only. */

#pragma once

#include "h3/wire/http1-body.h"

/* What a reader of the whole message sees. */
typedef struct {
    Http1BodyResult result;
    guint16 status;
    gsize used;        /* of the input */
    gboolean is_whole; /* where nothing comes any more */
    guint64 received;
    GString *data;     /* owned */
    GString *trailers; /* owned; "name=value;" for each */
} Outcome;

/* The length of a chunked body, and of one that ends with the connection. */
#define CHUNKED     G_MAXUINT64
#define UNTIL_CLOSE (G_MAXUINT64 - 1)

/* Generous in all but the numbers that http-rules.md gives. */
extern const Http1BodyLimits wide_limits;

/* Reads `bytes` cut at the `n` ascending offsets. */
Outcome outcome_read_cut (const Http1BodyLimits *limits, guint64 length, H3View bytes,
                          const gsize *cuts, gsize n);

/* The outcome of `bytes`, which is the same whole, cut once anywhere, one byte at a time, and cut
 * at random, with empty pieces between; the test fails where it is not. */
Outcome outcome_read_all_ways (const Http1BodyLimits *limits, guint64 length, H3View bytes);
void outcome_clear (Outcome *outcome);

/* Asserts the outcome of a chunked body, read all ways; `data` NULL is any. */
void assert_chunked (const Http1BodyLimits *limits, H3View bytes, Http1BodyResult result,
                     guint16 status, const char *data, const char *trailers);

/* The same within the wide limits: read whole, or refused. */
void assert_read (H3View bytes, const char *data, const char *trailers);
void assert_refused (H3View bytes, guint16 status);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Outcome, outcome_clear)
