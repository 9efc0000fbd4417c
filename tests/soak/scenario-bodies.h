/* SPDX-License-Identifier: MIT
 *
 * What clients do that send much: bodies by length, in chunks, as forms. Each fills a plan. */

#pragma once

#include "plan.h"

/* Parts of scenarios: the request and the answer, no more. */
void scenario_add_echo (Plan *plan, guint64 length, gsize piece, guint pause);
/* A form with a file of `length` bytes, up to its first byte. */
void scenario_begin_form (Plan *plan, guint64 length);

/* Whole ones. */
void scenario_echo_much (Plan *plan, GRand *rand);
void scenario_echo_in_chunks (Plan *plan, GRand *rand);
void scenario_post_much (Plan *plan, GRand *rand);
void scenario_send_file (Plan *plan, GRand *rand);
void scenario_read_slowly (Plan *plan, GRand *rand);
