/* SPDX-License-Identifier: MIT
 *
 * What clients wait for: late answers, events. */

#pragma once

#include "plan.h"

G_BEGIN_DECLS

void waits_for_answers (Plan *plan, GRand *rand);
void waits_for_events (Plan *plan, GRand *rand);
void waits_publish (Plan *plan, GRand *rand);
void waits_subscribe (Plan *plan, GRand *rand);

G_END_DECLS
