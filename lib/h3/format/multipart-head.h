/* SPDX-License-Identifier: MIT
 *
 * The head of one part of a form: what its Content-Disposition and its other fields say. Embedded
 * in a reader; its thread. */

#pragma once

#include "multipart.h"

G_BEGIN_DECLS

typedef struct {
    H3MultipartPart part;
    GString *strings; /* owned: the part's strings lie in it */
} MultipartHead;

/* Reads `lines`: whole header fields that are well formed, each with its CRLF. NULL, or why the
 * part is refused: a static sentence; then `*out_status` is what to answer with. */
const char *multipart_head_read (MultipartHead *head, H3View lines, const H3MultipartLimits *limits,
                                 guint *out_status);

void multipart_head_clear (MultipartHead *head);

G_END_DECLS
