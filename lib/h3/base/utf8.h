/* SPDX-License-Identifier: MIT
 *
 * Whether a text that comes in pieces is UTF-8 (RFC 3629): told at the first byte that cannot be,
 * wherever the pieces are cut. No surrogates, nothing overlong, nothing above U+10FFFF; NUL is a
 * character like others. Embedded in whoever reads; one thread at a time. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Zeroed before the first piece. */
typedef struct {
    guint8 needed;    /* bytes that the character under way still has */
    guint8 low, high; /* what the next of them may be */
} Utf8Check;

/* FALSE: `data` has a byte that cannot follow; the text is lost. */
gboolean utf8_check (Utf8Check *check, const char *data, gsize length);

/* Whether the text may end here. */
static inline gboolean
utf8_check_is_whole (const Utf8Check *check)
{
    return check->needed == 0;
}

G_END_DECLS
