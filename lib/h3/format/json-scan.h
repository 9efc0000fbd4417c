/* SPDX-License-Identifier: MIT
 *
 * The first look at a JSON text (RFC 8259): whether it is one, how deep it nests, and where it goes
 * wrong. Iterative, allocates nothing. Holds nothing; any thread. */

#pragma once

#include <h3/base/view.h>

#include <glib.h>

G_BEGIN_DECLS

/**
 * H3_JSON_MAX_DEPTH:
 *
 * How deep a text from a peer may nest where nobody says otherwise.
 *
 * Since: 0.1
 */
#define H3_JSON_MAX_DEPTH 64

/**
 * H3_JSON_DEPTH_LIMIT:
 *
 * The deepest nesting that can be allowed.
 *
 * Since: 0.1
 */
#define H3_JSON_DEPTH_LIMIT 1024

/**
 * H3JsonProblem: (skip)
 * @offset: bytes before the place where it goes wrong
 * @line: from 1, a new one behind each LF
 * @column: from 1, in characters
 * @reason: what is wrong there, static
 *
 * Where a JSON text goes wrong.
 *
 * Since: 0.1
 */
typedef struct {
    gsize offset;
    guint line;
    guint column;
    const char *reason; /* borrowed: static */
} H3JsonProblem;

/**
 * h3_json_scan: (skip)
 * @text: a whole JSON text: any value, nothing behind it
 * @max_depth: how many arrays and objects may be open at once, at most %H3_JSON_DEPTH_LIMIT
 * @out_problem: (out) (optional): the first thing that is wrong; untouched where nothing is
 *
 * Looks whether a text is JSON (RFC 8259), how deep it nests, and where it goes wrong. Any thread.
 *
 * Stricter than RFC 8259 where that leaves it free: a byte order mark, lone surrogates and an
 * escape of NUL are refused. Repeated names are not looked for.
 *
 * Returns: %FALSE when @text is refused. It is the peer's fault: 400
 *
 * Since: 0.1
 */
gboolean h3_json_scan (H3View text, guint max_depth, H3JsonProblem *out_problem);

G_END_DECLS
