/* SPDX-License-Identifier: MIT
 *
 * What the two ways over a head share: what its bytes may be, and which fields are known. Holds
 * nothing; any thread. */

#pragma once

#include <h3/base/bytes.h>
#include <h3/http/request-inside.h>

G_BEGIN_DECLS

#define HTTP1_MAX_METHOD 32

/* Bit 0: a token character (RFC 9110 §5.6.2). Bit 1: may stand in a target (RFC 3986, less '#').
 * Bits 2 and up: what a target has, as TARGET_HAS_* moved by one. */
enum { HTTP1_TOKEN = 1, HTTP1_TARGET = 2 };
extern const guint8 http1_classes[256];

#define IS_TOKEN(c)  ((http1_classes[(guchar) (c)] & HTTP1_TOKEN) != 0)
#define IS_TARGET(c) ((http1_classes[(guchar) (c)] & HTTP1_TARGET) != 0)

/* The classes of all bytes of a target, as TARGET_HAS_*. */
static inline guint8
target_flags_of (guint classes)
{
    return (guint8) ((classes >> 1) & ~1u);
}

/* Notes that `field` of `index` is `known`. */
static inline void
note_known (HeadIndex *index, const HeadField *field, KnownField known)
{
    if (index->known[known] != 0)
        index->doubled |= (guint16) (1u << known);
    else
        index->known[known] = (guint16) (field - index->fields + 1);
}

/* Notes `field` where its name is a known one: no two of them have one length. */
static inline void
look_up_known (HeadIndex *index, const HeadField *field, const char *name, gsize length)
{
    switch (length) {
    case 4:
        if (bytes_are_word (name, "host", 4))
            note_known (index, field, KNOWN_HOST);
        break;
    case 6:
        if (bytes_are_word (name, "expect", 6))
            note_known (index, field, KNOWN_EXPECT);
        break;
    case 7:
        if (bytes_are_word (name, "upgrade", 7))
            note_known (index, field, KNOWN_UPGRADE);
        break;
    case 10:
        if (bytes_are_word (name, "connection", 10))
            note_known (index, field, KNOWN_CONNECTION);
        break;
    case 12:
        if (bytes_are_word (name, "content-type", 12))
            note_known (index, field, KNOWN_CONTENT_TYPE);
        break;
    case 14:
        if (bytes_are_word (name, "content-length", 14))
            note_known (index, field, KNOWN_CONTENT_LENGTH);
        break;
    case 17:
        if (bytes_are_word (name, "transfer-encoding", 17))
            note_known (index, field, KNOWN_TRANSFER_ENCODING);
        break;
    }
}

G_END_DECLS
