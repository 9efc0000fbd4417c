/* SPDX-License-Identifier: MIT
 *
 * A chunked body read the plain way: one function for each rule of RFC 9112 §7.1, over bytes that
 * may end anywhere. Slow, and right by looking at it; shares nothing with the decoder but its
 * limits. */

#pragma once

#include "h3/wire/http1-body.h"

typedef struct {
    Http1BodyResult result; /* NEEDS_MORE, END or REFUSED */
    guint status;           /* when refused */
    gsize used;             /* at the end */
    GString *data;          /* owned */
    GString *trailers;      /* owned; "name=value;" of those that may be used */
} PlainBody;

void plain_body_read (PlainBody *body, const Http1BodyLimits *limits, H3View bytes);
void plain_body_clear (PlainBody *body);
