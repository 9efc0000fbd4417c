/* SPDX-License-Identifier: MIT
 *
 * The two fields of W3C Trace Context: read as strictly as it asks, and written. Pure functions:
 * any thread. */

#pragma once

#include <h3/base/view.h>

G_BEGIN_DECLS

#define TRACE_ID_LENGTH     32
#define TRACE_SPAN_LENGTH   16
#define TRACE_PARENT_LENGTH 55 /* of version 00, the one that is written */

/* Those that version 00 knows, of all that may be set (level 2 §3.2.2.5). */
enum { TRACE_SAMPLED = 1 << 0, TRACE_RANDOM = 1 << 1 };

/* How much of tracestate is passed on: as much as everybody must be able to. */
#define TRACE_STATE_MAX         512
#define TRACE_STATE_MAX_MEMBERS 32

/* Texts of lower-case hexadecimal digits, NUL behind them. */
typedef struct {
    char trace_id[TRACE_ID_LENGTH + 1];
    char span_id[TRACE_SPAN_LENGTH + 1]; /* of who sent it: parent-id */
    guint8 flags;
} TraceParent;

/* FALSE, with `out` untouched, for what is none: ids of zeros, upper case, version ff, anything
 * more behind version 00. Of later versions the first four members count. */
gboolean trace_parent_parse (H3View field, TraceParent *out);

/* As version 00; `out` has NUL at its end. */
void trace_parent_write (const TraceParent *parent, char out[TRACE_PARENT_LENGTH + 1]);

/* Writes the members of `field` (all lines of tracestate, joined by commas) anew and in their
 * order, without blanks around them. Of several with one key, the first stays, which is the latest;
 * what is longer than TRACE_STATE_MAX loses members of more than 128 bytes, then its last ones.
 * Returns how long `out` is, without NUL: 0 where nothing is left, a member is malformed, or there
 * are too many. */
gsize trace_state_clean (H3View field, char out[TRACE_STATE_MAX]);

/* Whether it may be a request's id: a token of at most 128 characters. */
gboolean trace_is_request_id (H3View text);

G_END_DECLS
