/* SPDX-License-Identifier: MIT
 *
 * Bytes that are wiped when nobody holds them any more. Any thread. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* (transfer full): `length` bytes, zeros, to be written to at `*out_data` before anyone else has
 * them. */
GBytes *secret_new (gsize length, guint8 **out_data) G_GNUC_WARN_UNUSED_RESULT;
/* (transfer full) */
GBytes *secret_copy (const void *data, gsize length) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
