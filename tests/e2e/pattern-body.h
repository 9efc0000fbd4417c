/* SPDX-License-Identifier: MIT
 *
 * Long bodies whose bytes tell their places, and how much memory they take. Included by test
 * programs of one source. */

#pragma once

#include "tests/support/suite.h"

#include <string.h>

#define MIB       ((guint64) 1024 * 1024)
#define PIECE     65536
#define PATTERN   65521 /* a prime: no two blocks are alike */
#define MOST_HELD (48 * MIB)

static char pattern[PATTERN + PIECE];

static inline void
pattern_init (void)
{
    for (gsize i = 0; i < sizeof pattern; i++)
        pattern[i] = (char) ((i % PATTERN) * 2654435761u >> 13);
}

static inline const char *
pattern_at (guint64 at)
{
    return pattern + at % PATTERN;
}

/* Sanitizers and valgrind are slower, and hold memory of their own. */
static inline gboolean
is_watched (void)
{
    const char *preload = g_getenv ("LD_PRELOAD");

    return g_getenv ("H3_SANITIZED") != NULL
           || (preload != NULL && strstr (preload, "vgpreload") != NULL);
}

static inline guint64
get_length (void)
{
    return is_watched () ? 4 * MIB : 200 * MIB;
}

/* The most memory that this process has had, in bytes. */
static inline guint64
get_peak (void)
{
    g_autofree char *text = NULL;

    ck_assert (g_file_get_contents ("/proc/self/status", &text, NULL, NULL));
    return g_ascii_strtoull (strstr (text, "VmHWM:") + strlen ("VmHWM:"), NULL, 10) * 1024;
}
