/* SPDX-License-Identifier: MIT
 *
 * The request as an answer, for routes that answer with it under conditions of their own. */

#pragma once

#include <h3/h3.h>

/* Answers as `/get` does; status and fields that were set stay. */
void demo_send_request (H3Event *event);
