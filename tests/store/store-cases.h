/* SPDX-License-Identifier: MIT
 *
 * What every store does, asked of one that a test has made. */

#pragma once

#include "h3/store/store.h"

typedef void (*StoreCase) (H3Store *store);

/* Each begins with keys that nobody has used. */
extern const StoreCase store_cases[];
extern const unsigned n_store_cases;
