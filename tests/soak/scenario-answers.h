/* SPDX-License-Identifier: MIT
 *
 * What clients do to a server whose answers are made in other ways than at once. Each fills a plan
 * by chance; one thread. */

#pragma once

#include "plan.h"

G_BEGIN_DECLS

void scenario_use_codings (Plan *plan, GRand *rand);
void scenario_wait_for_answers (Plan *plan, GRand *rand);
void scenario_use_gio (Plan *plan, GRand *rand);
void scenario_be_hinted (Plan *plan, GRand *rand);
void scenario_expect_refusal (Plan *plan, GRand *rand);

G_END_DECLS
