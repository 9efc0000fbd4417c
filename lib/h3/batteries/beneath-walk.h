/* SPDX-License-Identifier: MIT
 *
 * A path followed step by step beneath a folder, for kernels that cannot be told to stay there.
 * Holds nothing; any thread. */

#pragma once

#include <fcntl.h>
#include <glib.h>

G_BEGIN_DECLS

/* How a folder is opened that is only passed: where there is no such way it must be readable. */
#if defined(O_PATH) && !defined(H3_PORTABLE)
#define BENEATH_WALK_FOLDER (O_PATH | O_DIRECTORY)
#else
#define BENEATH_WALK_FOLDER (O_RDONLY | O_DIRECTORY)
#endif

/* As many links are followed, as the kernel would. */
#define BENEATH_WALK_MAX_LINKS 40

/* As beneath_root_open (), from the folder that `root` is open at. */
int beneath_walk_open (int root, const char *path);

G_END_DECLS
