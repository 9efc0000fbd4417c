/* SPDX-License-Identifier: MIT
 *
 * A linted head becomes a request: http-parser judges its framing fields (http1-framing), and the
 * rules of RFC 9112 that a lenient parser leaves open are checked again: target, Host,
 * Content-Length, Transfer-Encoding, Expect. One a worker; its thread only. */

#pragma once

#include <h3/http/limits.h>
#include <h3/http/request-inside.h>

G_BEGIN_DECLS

typedef struct _Http1Reader Http1Reader;

Http1Reader *http1_reader_new (const H3Limits *limits);
void http1_reader_free (Http1Reader *reader);

/* Fills `request` from the head at `base` that `index` describes; what it needs beyond the head's
 * own bytes (the path) goes into `arena`. Puts NULs behind method and target.
 * 0, or the status to refuse the request with: nothing behind this head may then be parsed. */
guint http1_reader_read (Http1Reader *reader, char *base, const HeadIndex *index, H3Arena *arena,
                         H3Request *request);

G_END_DECLS
