/* SPDX-License-Identifier: MIT
 *
 * A path followed step by step beneath a folder, for kernels that cannot be told to stay there.
 * Holds nothing; any thread. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* As many links are followed, as the kernel would. */
#define BENEATH_WALK_MAX_LINKS 40

/* As beneath_root_open (), from the folder that `root` is open at. */
int beneath_walk_open (int root, const char *path);

G_END_DECLS
