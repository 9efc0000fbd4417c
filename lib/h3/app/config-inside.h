/* SPDX-License-Identifier: MIT
 *
 * A configuration as h3_config_run () follows one with another. The main thread. */

#pragma once

#include "config-document.h"
#include "config-user.h"
#include "config-workflows.h"
#include "config.h"

#include <h3/engine/server.h>

G_BEGIN_DECLS

/* (transfer full): the configuration in the file, with what `before` (nullable) remembers where
 * both say the same. NULL with H3_ERROR_INVALID, as of h3_config_new_from_file (). */
H3Config *config_new_after (const char *path, const H3Config *before, GError **error);

/* (transfer none): what was read. */
const ConfigDocument *config_get_document (const H3Config *config);

/* (transfer none): of its app. */
H3Server *config_get_server (H3Config *config);

/* How many processes are to serve; 0: there is but this one, and no master. */
guint config_count_processes (const H3Config *config);

/* FALSE with an error: there is no such user, or this process may not become it. `*out_user` is
 * (transfer full) (nullable): NULL: whoever it is already. */
gboolean config_find_user (const H3Config *config, ConfigUser **out_user, GError **error);

/* Says where it listens. */
void config_announce (H3Config *config);

/* (transfer none) (nullable): the workflows it has. */
ConfigPlans *config_get_plans (const H3Config *config);

G_END_DECLS
