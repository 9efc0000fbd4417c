/* SPDX-License-Identifier: MIT
 *
 * A store that can be told to fail; else as the one behind it. Any
 * thread that runs a loop asks; the test tells. */

#pragma once

#include "h3/store/store.h"

/* (transfer full): in front of a store (transfer full). */
H3Store *failing_store_new (H3Store *behind);
/* Whether questions from now on fail. */
void failing_store_set_failing (H3Store *store, gboolean fails);
/* How many have been asked. */
guint failing_store_count_asked (H3Store *store);
