/* SPDX-License-Identifier: MIT
 *
 * What libevent waits with here, which a program's environment can choose. Any thread. */

#pragma once

#include <glib.h>

/* Whether loops wait with epoll. poll () and select () find folders ready, and cannot wait for an
 * end alone: a test that wants more skips where this, which says so on the terminal, is FALSE. */
gboolean backend_is_epoll (void);

/* Whether a process may have more than 1024 descriptors, which with select () it may not; else this
 * says so, likewise. */
gboolean backend_has_room (void);
