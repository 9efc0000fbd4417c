/* SPDX-License-Identifier: MIT
 *
 * An answer's body on its way through a coder, whatever it is made of. The event's worker only. */

#pragma once

#include <h3/format/coder.h>
#include <h3/http/event.h>

G_BEGIN_DECLS

/* A whole body of so many bytes is coded when the head leaves, so that its length is known. */
#define CODED_AT_ONCE 32768

/* For a hook before sending: the body goes through `coder` (transfer full). Bodies in memory, files
 * and generators are read a slice at a time, with turns of others between; what is streamed, or
 * made by a generator, is flushed when its producer waits. Fields are the caller's to set. FALSE,
 * with nothing changed, where there is no body, or one in parts. */
gboolean event_code_answer (H3Event *event, Coder *coder);

G_END_DECLS
