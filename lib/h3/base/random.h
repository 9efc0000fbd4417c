/* SPDX-License-Identifier: MIT
 *
 * Random bytes from the system. Any thread. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Fills `out` with `length` bytes of the system's cryptographic random source.
 * FALSE, with `out` untouched or partly filled and not to be used, when the source fails: whoever
 * needs a secret must then give no answer. */
gboolean random_fill (void *out, gsize length) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
