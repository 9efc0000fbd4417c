/* SPDX-License-Identifier: MIT
 *
 * The workflows of a configuration. The main thread. */

#pragma once

#include <h3/workflow/workflows.h>

G_BEGIN_DECLS

typedef struct _ConfigWorkflows ConfigWorkflows;
typedef struct _ConfigPlans ConfigPlans;

/* NULL is allowed, here and below. */
void config_plans_free (ConfigPlans *plans);

/* The server's start is to begin no runs, not even those that were left: it may not be who it is to
 * become. config_plans_begin () does. */
void config_plans_await (ConfigPlans *plans);
gboolean config_plans_begin (ConfigPlans *plans, GError **error);

/* The plans of this configuration, and no others, are run from now on, also by the clock. */
void config_plans_follow (ConfigPlans *plans);
/* Others do that from now on: nothing is begun by the clock any more, and what is interrupted when
 * it ends is taken up by `next` (nullable). Nothing where both share what runs. */
void config_plans_rest (ConfigPlans *plans, ConfigPlans *next);

/* (transfer none): who runs them. Not for NULL. */
H3Workflows *config_plans_get_workflows (const ConfigPlans *plans);

G_END_DECLS
