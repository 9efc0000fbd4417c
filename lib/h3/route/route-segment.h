/* SPDX-License-Identifier: MIT
 *
 * A segment of a path, read eight bytes at a time: where it ends, and what tells it from others.
 * Values; any thread. */

#pragma once

#include <h3/base/view.h>

#include <glib.h>
#include <string.h>

G_BEGIN_DECLS

/* Segments of up to sixteen bytes are the same where these numbers are; longer ones must be
 * compared in the middle as well. */
typedef struct {
    guint64 head;   /* the first eight bytes, the first the lowest, zeros behind the end */
    guint64 tail;   /* the last eight of more than eight; else 0 */
    guint32 length; /* in bytes */
} SegmentKey;

#define SEGMENT_WORD 8

/* Up to eight bytes from `at` on, zeros behind the end of the path. Near the end the last eight
 * bytes of the path are taken, and those before `at` shifted away. */
static inline guint64
segment_load (H3View path, gsize at)
{
    gsize rest = path.length - at;
    guint64 word = 0;

    if (G_LIKELY (rest >= SEGMENT_WORD)) {
        memcpy (&word, path.data + at, SEGMENT_WORD);
        return GUINT64_FROM_LE (word);
    }
    if (rest > 0 && path.length >= SEGMENT_WORD) {
        memcpy (&word, path.data + path.length - SEGMENT_WORD, SEGMENT_WORD);
        return GUINT64_FROM_LE (word) >> 8 * (SEGMENT_WORD - rest);
    }
    for (gsize i = 0; i < rest; i++)
        word |= (guint64) (guchar) path.data[at + i] << 8 * i;
    return word;
}

/* Where the first slash of eight bytes is; 8 for none. A byte that is zero once the slash has been
 * taken out is the only one to borrow from its highest bit, or stands above one that does. */
static inline guint
segment_find_slash (guint64 word)
{
    const guint64 ones = G_GUINT64_CONSTANT (0x0101010101010101);
    guint64 rest = word ^ ones * '/';
    guint64 found = (rest - ones) & ~rest & ones << 7;

    return found != 0 ? (guint) __builtin_ctzll (found) / 8 : SEGMENT_WORD;
}

/* Where the segment that begins at `at` ends. Most are short: no word is worth loading. */
static inline gsize
segment_find_end (H3View path, gsize at)
{
    const char *slash;
    gsize near = MIN (path.length, at + 2 * SEGMENT_WORD);

    for (; at < near; at++) {
        if (path.data[at] == '/')
            return at;
    }
    slash = at < path.length ? memchr (path.data + at, '/', path.length - at) : NULL;
    return slash != NULL ? (gsize) (slash - path.data) : path.length;
}

/* Reads the segment that begins at `at`, behind its slash. */
static inline SegmentKey
segment_read (H3View path, gsize at)
{
    SegmentKey key = { .head = segment_load (path, at) };
    guint n = segment_find_slash (key.head);

    if (G_LIKELY (n < SEGMENT_WORD)) {
        key.head &= (G_GUINT64_CONSTANT (1) << 8 * n) - 1;
        key.length = n;
        return key;
    }
    key.length = (guint32) (segment_find_end (path, MIN (at + SEGMENT_WORD, path.length)) - at);
    if (key.length > SEGMENT_WORD)
        key.tail = segment_load (path, at + key.length - SEGMENT_WORD);
    return key;
}

/* The key of all of `bytes`. */
static inline SegmentKey
segment_key (H3View bytes)
{
    SegmentKey key = { segment_load (bytes, 0), 0, (guint32) bytes.length };

    if (bytes.length > SEGMENT_WORD)
        key.tail = segment_load (bytes, bytes.length - SEGMENT_WORD);
    return key;
}

/* A product carries bits upwards only: what the last bytes say is folded down before the second. */
static inline guint
segment_hash (const SegmentKey *key)
{
    const guint64 factor = G_GUINT64_CONSTANT (0x9e3779b97f4a7c15);
    guint64 hash = key->head + key->length;

    if (key->length > SEGMENT_WORD)
        hash ^= key->tail * G_GUINT64_CONSTANT (0xff51afd7ed558ccd);
    hash *= factor;
    hash ^= hash >> 32;
    return (guint) (hash * factor >> 32);
}

/* `a` and `b` are where the segments begin. */
static inline gboolean
segment_equal (const SegmentKey *key, const char *a, const SegmentKey *other, const char *b)
{
    return key->head == other->head && key->tail == other->tail && key->length == other->length
           && (key->length <= 2 * SEGMENT_WORD || memcmp (a, b, key->length) == 0);
}

G_END_DECLS
