/* SPDX-License-Identifier: MIT
 *
 * Patterns and paths made up at random, alike enough that many of them meet. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Below `n`. */
guint invented_number (GRand *rand, guint n);
/* (transfer full): one that can be. */
char *invented_pattern (GRand *rand);
/* (transfer full): may be "/". */
char *invented_path (GRand *rand);

G_END_DECLS
