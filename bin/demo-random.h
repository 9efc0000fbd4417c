/* SPDX-License-Identifier: MIT
 *
 * Bytes that look random and are the same for the same seed (SplitMix64), from any offset on. */

#pragma once

#include <glib.h>

/* A seed that nobody has chosen. */
guint64 demo_random_new_seed (void);

void demo_random_fill (guint64 seed, guint64 offset, char *data, gsize length);
