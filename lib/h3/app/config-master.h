/* SPDX-License-Identifier: MIT
 *
 * The master of processes that serve as a key file says: it reads the file, binds addresses, and
 * has one process after another give way to those of a new configuration. It stays who it is, so
 * that each process reads keys and logs before it becomes the user. The main thread, alone in the
 * process. */

#pragma once

#include "config.h"

#include <h3/engine/prefork.h>

G_BEGIN_DECLS

/* `*config` says how many there are; it is another one when this returns, and a reference of it the
 * caller's as before. Returns in each process, which is to follow that, and `*out_prefork`
 * (transfer full) (nullable) tells it the master's orders; and in the master at the end, as
 * prefork_run (). */
PreforkEnd config_master_run (const char *path, H3Config **config, Prefork **out_prefork,
                              GError **error);

G_END_DECLS
