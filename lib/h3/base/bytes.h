/* SPDX-License-Identifier: MIT
 *
 * A few bytes moved and compared in place: where there are up to 32 of them, as most names, paths
 * and values have, two reads that may overlap spare a call of some 20 to 30 instructions. Holds
 * nothing; any thread. */

#pragma once

#include <glib.h>
#include <string.h>

G_BEGIN_DECLS

/* As memcpy (); `from` may be NULL where `length` is 0. */
static inline void
bytes_copy (char *to, const char *from, gsize length)
{
    if (length - 8 <= 8) {
        memcpy (to, from, 8);
        memcpy (to + length - 8, from + length - 8, 8);
    } else if (length - 16 <= 16) {
        memcpy (to, from, 16);
        memcpy (to + length - 16, from + length - 16, 16);
    } else if (length > 32) {
        memcpy (to, from, length);
    } else if (length >= 4) {
        memcpy (to, from, 4);
        memcpy (to + length - 4, from + length - 4, 4);
    } else if (length > 0) {
        to[0] = from[0];
        to[length / 2] = from[length / 2];
        to[length - 1] = from[length - 1];
    }
}

/* As memcmp () == 0. */
static inline gboolean
bytes_are_equal (const char *a, const char *b, gsize length)
{
    guint64 a_start, a_end, b_start, b_end;

    if (length - 8 > 8)
        return memcmp (a, b, length) == 0;
    memcpy (&a_start, a, 8);
    memcpy (&b_start, b, 8);
    memcpy (&a_end, a + length - 8, 8);
    memcpy (&b_end, b + length - 8, 8);
    return ((a_start ^ b_start) | (a_end ^ b_end)) == 0;
}

/* Whether `length` bytes, four or more, are `lower`, letters and '-', in any case. No byte of
 * `bytes` may be a CR, which is what else becomes a '-' when bit 5 is set in it. */
static inline gboolean
bytes_are_word (const char *bytes, const char *lower, gsize length)
{
    guint32 odd = 0;

    for (gsize i = 0; i < length; i += 4) {
        gsize at = MIN (i, length - 4);
        guint32 here, there;

        memcpy (&here, bytes + at, 4);
        memcpy (&there, lower + at, 4);
        odd |= (here | 0x20202020) ^ there;
    }
    return odd == 0;
}

G_END_DECLS
