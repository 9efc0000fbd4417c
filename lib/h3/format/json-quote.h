/* SPDX-License-Identifier: MIT
 *
 * Texts between JSON's quotes (RFC 8259 §7). Values and functions; any thread. */

#pragma once

#include <h3/base/view.h>

#include <glib.h>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

G_BEGIN_DECLS

/* How far behind its text json_quote_is_needed () reads. */
#define JSON_QUOTE_BEYOND 16

/* What `text` takes with its quotes; 0 where it is not UTF-8 or has a NUL. */
gsize json_quote_measure (H3View text);

/* Writes as many bytes as json_quote_measure () said. */
void json_quote_write (H3View text, char *to);

#ifdef __SSE2__

/* Whether `text` has a byte that must be escaped, or one outside ASCII, which must be looked at.
 * Sixteen bytes at a time: a table took 8 instructions for each of them. What is read behind the
 * end is masked away. */
static inline gboolean
json_quote_is_needed (const char *text, gsize length)
{
    for (gsize i = 0; i < length; i += 16) {
        __m128i bytes = _mm_loadu_si128 ((const __m128i *) (gconstpointer) (text + i));
        /* Bytes from 0x80 on are negative, and so below a blank as well. */
        __m128i odd = _mm_cmplt_epi8 (bytes, _mm_set1_epi8 (0x20));
        guint mask;

        odd = _mm_or_si128 (odd, _mm_cmpeq_epi8 (bytes, _mm_set1_epi8 ('"')));
        odd = _mm_or_si128 (odd, _mm_cmpeq_epi8 (bytes, _mm_set1_epi8 ('\\')));
        mask = (guint) _mm_movemask_epi8 (odd);
        if (length - i < 16)
            mask &= (1u << (length - i)) - 1;
        if (mask != 0)
            return TRUE;
    }
    return FALSE;
}

#else

static inline gboolean
json_quote_is_needed (const char *text, gsize length)
{
    for (gsize i = 0; i < length; i++) {
        guchar byte = (guchar) text[i];

        if (byte < 0x20 || byte >= 0x80 || byte == '"' || byte == '\\')
            return TRUE;
    }
    return FALSE;
}

#endif

G_END_DECLS
