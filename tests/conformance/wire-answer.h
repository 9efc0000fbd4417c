/* SPDX-License-Identifier: MIT
 *
 * Answers taken apart strictly, knowing nothing of the library: what must hold of every answer, and
 * what one case wants. Any thread. */

#pragma once

#include <glib.h>

/* What one request is to be answered. */
typedef struct {
    guint status;             /* 0: any of 200 to 299 */
    guint other;              /* as good; 0: none */
    gboolean is_head, is_old; /* the request: HEAD, HTTP/1.0 */
    gboolean expects_continue;
    gboolean ends;    /* the connection ends behind it */
    const char *sees; /* the body; NULL: any */
    /* NULL, or lines: "Name: value" must be there so, "-Name" must not, "=text" is the body. */
    const char *wants;
} WireExpected;

/* Takes `text`, all that came on a connection, apart. Returns: (transfer full) (nullable): what is
 * wrong with it; NULL: there are just the `n` answers, each as expected and as HTTP wants it. */
char *wire_answers_check (const GString *text, const WireExpected *expected, guint n);
