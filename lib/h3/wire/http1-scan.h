/* SPDX-License-Identifier: MIT
 *
 * Moving over the bytes of a head. They are looked at sixteen at a time where the processor can;
 * without that, and in a head of less than sixteen bytes, the caller's own loops do all of it, with
 * the same answers. Holds nothing; any thread. */

#pragma once

#include <glib.h>

#if defined(__SSE2__) && !defined(HTTP1_SCAN_BYTEWISE)
#include <emmintrin.h>
#endif

G_BEGIN_DECLS

#if defined(__SSE2__) && !defined(HTTP1_SCAN_BYTEWISE)

/* One bit for each of sixteen bytes that the skipping stops at. */
typedef guint (*FindOdd) (__m128i bytes);

static inline __m128i
load_sixteen (const char *p)
{
    return _mm_loadu_si128 ((const __m128i *) (gconstpointer) p);
}

/* From `p` on to the first odd byte before `end`. The last bytes are looked at together with those
 * in front of them, of the same head, which begins at `first`. */
static inline __attribute__ ((always_inline)) const char *
skip_even (FindOdd find_odd, const char *first, const char *p, const char *end)
{
    const char *last;
    guint odd;

    if (G_UNLIKELY (end - first < 16))
        return p;
    last = end - 16;
    for (; p <= last; p += 16) {
        odd = find_odd (load_sixteen (p));
        if (odd != 0)
            return p + __builtin_ctz (odd);
    }
    odd = find_odd (load_sixteen (last)) >> (p - last);
    return odd != 0 ? p + __builtin_ctz (odd) : end;
}

/* Negative where a byte is not from `low` to `high`, both ASCII: the sum makes what lies above
 * negative, the difference, which does not go below the least number, what lies below. */
static inline __m128i
is_outside (__m128i bytes, char low, char high)
{
    __m128i moved = _mm_add_epi8 (bytes, _mm_set1_epi8 ((char) (0x7f - high)));

    return _mm_subs_epi8 (moved, _mm_set1_epi8 ((char) (0x7f - (high - low))));
}

/* Negative where a byte is neither a letter nor '-'. */
static inline __m128i
is_no_letter (__m128i bytes)
{
    __m128i folded = _mm_or_si128 (bytes, _mm_set1_epi8 (0x20));
    __m128i dash = _mm_cmpeq_epi8 (bytes, _mm_set1_epi8 ('-'));

    return _mm_andnot_si128 (dash, is_outside (folded, 'a', 'z'));
}

static inline guint
find_odd_in_name (__m128i bytes)
{
    return (guint) _mm_movemask_epi8 (is_no_letter (bytes));
}

/* The slash stands in front of the digits. */
static inline guint
find_odd_in_target (__m128i bytes)
{
    return (guint) _mm_movemask_epi8 (
        _mm_and_si128 (is_no_letter (bytes), is_outside (bytes, '/', '9')));
}

static inline guint
find_odd_in_clean (__m128i bytes)
{
    return (guint) _mm_movemask_epi8 (is_outside (bytes, ' ', '~'));
}

static inline guint
find_odd_in_text (__m128i bytes)
{
    __m128i low = _mm_cmpeq_epi8 (_mm_min_epu8 (bytes, _mm_set1_epi8 (0x1f)), bytes);
    __m128i del = _mm_cmpeq_epi8 (bytes, _mm_set1_epi8 (0x7f));

    return (guint) _mm_movemask_epi8 (_mm_or_si128 (low, del));
}

#define SKIP_EVEN(what, first, p, end) skip_even (find_odd_in_##what, first, p, end)

#else

#define SKIP_EVEN(what, first, p, end) ((void) (first), (p))

#endif

/* Moves on while bytes are letters or '-': what nearly all names are made of. `first` is
 * the first byte of the head. */
static inline const char *
skip_plain_name (const char *first, const char *p, const char *end)
{
    return SKIP_EVEN (name, first, p, end);
}

/* Moves on while bytes are letters, digits, '-' or '/': what most of a target is made of. */
static inline const char *
skip_plain_target (const char *first, const char *p, const char *end)
{
    return SKIP_EVEN (target, first, p, end);
}

/* Moves on while bytes are no controls, DEL among them. */
static inline const char *
skip_text (const char *first, const char *p, const char *end)
{
    return SKIP_EVEN (text, first, p, end);
}

/* Moves on while bytes are printable ASCII. */
static inline const char *
skip_clean_text (const char *first, const char *p, const char *end)
{
    return SKIP_EVEN (clean, first, p, end);
}

#undef SKIP_EVEN

G_END_DECLS
