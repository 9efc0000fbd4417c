/* SPDX-License-Identifier: MIT */

#include "demo-random.h"

#include <string.h>

guint64
demo_random_new_seed (void)
{
    return (guint64) g_random_int () << 32 | g_random_int ();
}

/* Eight bytes at once: those from `index` * 8 on. */
static guint64
mix (guint64 seed, guint64 index)
{
    guint64 z = seed + (index + 1) * G_GUINT64_CONSTANT (0x9e3779b97f4a7c15);

    z = (z ^ (z >> 30)) * G_GUINT64_CONSTANT (0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * G_GUINT64_CONSTANT (0x94d049bb133111eb);
    return GUINT64_TO_LE (z ^ (z >> 31));
}

void
demo_random_fill (guint64 seed, guint64 offset, char *data, gsize length)
{
    while (length > 0) {
        guint64 word = mix (seed, offset / 8);
        gsize skipped = offset % 8;
        gsize part = MIN (length, 8 - skipped);

        memcpy (data, (const char *) &word + skipped, part);
        data += part;
        offset += part;
        length -= part;
    }
}
