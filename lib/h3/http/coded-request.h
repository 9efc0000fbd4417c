/* SPDX-License-Identifier: MIT
 *
 * Bodies of requests that come coded: what a handler reads, whole or in pieces, is what was coded.
 * Part of its event; the event's worker only. */

#pragma once

#include <h3/format/coder.h>
#include <h3/http/event.h>

G_BEGIN_DECLS

typedef struct _DecodedBody DecodedBody;

/* For a middleware: takes `coder`, which reads within its bounds, and goes on with what stands
 * behind (h3_event_next ()), now or, after a long body, later. A body that is no code ends in 400,
 * one that exceeds the bounds in 413; a streamed one tells its reader so. An empty body is empty
 * in any coding. */
void event_decode_body (H3Event *event, Coder *coder);

/* For body.c: the reader that was set is to be given what comes out of the coder. */
void decoded_body_begin (DecodedBody *body, H3Event *event);
void decoded_body_pause (DecodedBody *body, H3Event *event);
void decoded_body_resume (DecodedBody *body, H3Event *event);

G_END_DECLS
