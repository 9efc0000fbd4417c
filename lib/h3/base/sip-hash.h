/* SPDX-License-Identifier: MIT
 *
 * SipHash-1-3 (Aumasson and Bernstein): a hash with a key, so that who does not know the key cannot
 * choose what collides. Any thread. */

#pragma once

#include <glib.h>
#include <string.h>

G_BEGIN_DECLS

static inline guint64
sip_hash_rotate (guint64 x, int bits)
{
    return (x << bits) | (x >> (64 - bits));
}

#define SIP_HASH_ROUND                                                                             \
    do {                                                                                           \
        v0 += v1;                                                                                  \
        v1 = sip_hash_rotate (v1, 13) ^ v0;                                                        \
        v0 = sip_hash_rotate (v0, 32);                                                             \
        v2 += v3;                                                                                  \
        v3 = sip_hash_rotate (v3, 16) ^ v2;                                                        \
        v0 += v3;                                                                                  \
        v3 = sip_hash_rotate (v3, 21) ^ v0;                                                        \
        v2 += v1;                                                                                  \
        v1 = sip_hash_rotate (v1, 17) ^ v2;                                                        \
        v2 = sip_hash_rotate (v2, 32);                                                             \
    } while (0)

/* Sets bit 5 of the bytes of `word` that are ASCII capitals, eight at a time. */
static inline guint64
sip_hash_fold (guint64 word)
{
    const guint64 ones = 0x0101010101010101;
    guint64 low = word & (0x7f * ones);
    guint64 from_a = low + (0x80 - 'A') * ones;
    guint64 past_z = low + (0x80 - 'Z' - 1) * ones;

    return word | (((from_a & ~past_z & ~word) & (0x80 * ones)) >> 2);
}

/* `fold`: ASCII capitals are what their small letters are. */
static inline guint64
sip_hash_1_3 (const guint64 key[2], const char *data, gsize length, gboolean fold)
{
    guint64 v0 = key[0] ^ 0x736f6d6570736575;
    guint64 v1 = key[1] ^ 0x646f72616e646f6d;
    guint64 v2 = key[0] ^ 0x6c7967656e657261;
    guint64 v3 = key[1] ^ 0x7465646279746573;
    guint64 word;
    gsize rest = length;

    for (; rest >= 8; rest -= 8, data += 8) {
        memcpy (&word, data, 8);
        word = GUINT64_FROM_LE (word);
        if (fold)
            word = sip_hash_fold (word);
        v3 ^= word;
        SIP_HASH_ROUND;
        v0 ^= word;
    }
    word = 0;
    if (rest > 0)
        memcpy (&word, data, rest);
    word = GUINT64_FROM_LE (word);
    if (fold)
        word = sip_hash_fold (word);
    word ^= (guint64) length << 56;
    v3 ^= word;
    SIP_HASH_ROUND;
    v0 ^= word;
    v2 ^= 0xff;
    SIP_HASH_ROUND;
    SIP_HASH_ROUND;
    SIP_HASH_ROUND;
    return v0 ^ v1 ^ v2 ^ v3;
}

G_END_DECLS
