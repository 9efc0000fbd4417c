/* SPDX-License-Identifier: MIT
 *
 * What the soak does with WebSockets. */

#pragma once

#include "plan.h"

/* Texts in one frame and in two, a ping between them, Close 1000. */
void scenario_speak_websocket (Plan *plan, GRand *rand);
/* Half a message, for who breaks off behind it. */
void scenario_begin_websocket (Plan *plan);
