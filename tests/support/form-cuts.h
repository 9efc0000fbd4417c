/* SPDX-License-Identifier: MIT
 *
 * Forms in parts read in every cut of their bytes, which must all give the same. Main thread. */

#pragma once

#include "h3/format/multipart.h"

/* What a reader of the whole body tells. */
typedef struct {
    GString *parts; /* owned; "name/filename type=content;" for each, without what there is not;
                       one that is not whole has no ";" */
    guint status;   /* 0: the form is whole */
    guint64 offset; /* how far it was read */
} FormOutcome;

/* Reads `bytes` cut at the `n` ascending offsets. */
FormOutcome form_read_cut (const char *boundary, const H3MultipartLimits *limits, H3View bytes,
                           const gsize *cuts, gsize n);

/* The outcome of `bytes`, which is the same whole, cut once anywhere, one byte at a time, and cut
 * at random, with empty pieces between; the test fails where it is not. */
FormOutcome form_read_all_ways (const char *boundary, const H3MultipartLimits *limits,
                                H3View bytes);
void form_outcome_clear (FormOutcome *outcome);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (FormOutcome, form_outcome_clear)
