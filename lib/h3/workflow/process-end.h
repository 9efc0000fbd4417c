/* SPDX-License-Identifier: MIT
 *
 * A descriptor that tells of a process's end. Holds nothing; any thread. */

#pragma once

#include <glib.h>
#include <sys/types.h>

G_BEGIN_DECLS

/* Can be read from once the child `pid` has ended; it is the caller's, and the child is still to be
 * waited for. -1 with errno: ESRCH where somebody else has waited, or the program ignores SIGCHLD.
 */
int process_end_open (pid_t pid);

G_END_DECLS
