/* SPDX-License-Identifier: MIT
 *
 * What is told of each request while it is on its way, to those who look for a fault: GLib puts a
 * message together before it finds that nobody wants it, which costs more than the rest of a
 * request. Any thread. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Whether G_MESSAGES_DEBUG was set when this was first asked. */
gboolean debug_is_wanted (void);

/* As g_debug (), where it is. */
#define debug_tell(...)                                                                            \
    G_STMT_START                                                                                   \
    {                                                                                              \
        if (G_UNLIKELY (debug_is_wanted ()))                                                       \
            g_debug (__VA_ARGS__);                                                                 \
    }                                                                                              \
    G_STMT_END

G_END_DECLS
