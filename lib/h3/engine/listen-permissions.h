/* SPDX-License-Identifier: MIT
 *
 * Who may connect to the path of a Unix socket: its mode, owner and group. Any thread. */

#pragma once

#include <h3/engine/listen-address.h>

G_BEGIN_DECLS

/* As the address says; what it does not say stays. FALSE with H3_ERROR. */
gboolean listen_permissions_set (const ListenAddress *address, GError **error);

G_END_DECLS
