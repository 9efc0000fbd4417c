/* SPDX-License-Identifier: MIT
 *
 * What OpenSSL says is wrong, as a GError. Its queue of errors belongs to the thread and is left
 * empty: who asks it about a connection later must not find ours there. */

#pragma once

#include <h3/base/error.h>

#include <glib.h>

G_BEGIN_DECLS

/* `what`, and OpenSSL's last reason behind it. */
void library_error_set (GError **error, H3Error code, const char *what);

G_END_DECLS
