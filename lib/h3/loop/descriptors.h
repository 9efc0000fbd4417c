/* SPDX-License-Identifier: MIT
 *
 * Whether there are descriptors for what cannot say that there are none: libevent and GLib end the
 * process where they find none for a wake-up. Any thread. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Whether `n` more can be opened now. FALSE with H3_ERROR_FAILED, which says that they are for
 * `what`, and why not. Who opens them at once is safe from all but threads that open others
 * meanwhile. */
gboolean descriptors_are_left (guint n, const char *what, GError **error);

/* Opens what a thread is woken by: eight bytes that are written to `*out_write` can be read from
 * `*out_read`, neither blocks, both may be one. FALSE with errno. */
gboolean descriptors_open_wake (int *out_read, int *out_write);

G_END_DECLS
