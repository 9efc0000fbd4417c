/* SPDX-License-Identifier: MIT
 *
 * A server's bytes read the plain way, as the answers to one request: lines are cut apart first,
 * then each part is looked at (RFC 9112 §4 to §7, and the stricter rules that are ours). Slow, and
 * right by looking at it; shares nothing with the library but views and limits. */

#pragma once

#include "h3/base/view.h"
#include "h3/http/limits.h"
#include "h3/http/method.h"
#include "h3/wire/http1-writer.h"

/* What was asked. */
typedef struct {
    H3Method method;
    H3View upgrade; /* empty: none */
} PlainQuestion;

typedef struct {
    H3View name, value;
} PlainLine;

typedef struct {
    gboolean whole;    /* its empty line has come */
    const char *wrong; /* static: why it is refused; NULL: it is not */
    gsize length;      /* of the whole head */
    H3View reason;
    GArray *lines; /* owned: PlainLine */
    guint status, minor;
    Http1Framing framing;
    gboolean has_length, keep_alive;
    guint64 body;
} PlainResponse;

/* Reads the head that `bytes` begin with. */
void plain_response_read (PlainResponse *response, const H3Limits *limits,
                          const PlainQuestion *question, H3View bytes);
void plain_response_clear (PlainResponse *response);
