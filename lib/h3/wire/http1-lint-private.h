/* SPDX-License-Identifier: MIT
 *
 * What the two ways over a head share: what its bytes may be, and which fields are known. Holds
 * nothing; any thread. */

#pragma once

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

/* `name` in lower case; letters and '-' stay apart from all other token characters when bit 5 is
 * set in them. Four at a time: every name has as many. */
static inline gboolean
is_known (const char *data, const char *name, gsize length)
{
    guint32 odd = 0;

    for (gsize i = 0; i < length; i += 4) {
        gsize at = MIN (i, length - 4);
        guint32 here, there;

        memcpy (&here, data + at, 4);
        memcpy (&there, name + at, 4);
        odd |= (here | 0x20202020) ^ there;
    }
    return odd == 0;
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
        if (is_known (name, "host", 4))
            note_known (index, field, KNOWN_HOST);
        break;
    case 6:
        if (is_known (name, "expect", 6))
            note_known (index, field, KNOWN_EXPECT);
        break;
    case 7:
        if (is_known (name, "upgrade", 7))
            note_known (index, field, KNOWN_UPGRADE);
        break;
    case 10:
        if (is_known (name, "connection", 10))
            note_known (index, field, KNOWN_CONNECTION);
        break;
    case 12:
        if (is_known (name, "content-type", 12))
            note_known (index, field, KNOWN_CONTENT_TYPE);
        break;
    case 14:
        if (is_known (name, "content-length", 14))
            note_known (index, field, KNOWN_CONTENT_LENGTH);
        break;
    case 17:
        if (is_known (name, "transfer-encoding", 17))
            note_known (index, field, KNOWN_TRANSFER_ENCODING);
        break;
    }
}

G_END_DECLS
