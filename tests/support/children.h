/* SPDX-License-Identifier: MIT
 *
 * The processes that another one has forked. Waits for facts; main thread. */

#pragma once

#include <glib.h>

#define CHILDREN_MAX 16

typedef struct {
    GPid all[CHILDREN_MAX];
    guint n;
} Children;

/* Zombies too. */
Children children_list (GPid parent);
gboolean children_have (const Children *children, GPid pid);
/* Waits until there are `n`, none of them of `before`. */
Children children_await_others (GPid parent, guint n, const Children *before);
/* Fails the test where one of them is left. */
void children_expect_gone (const Children *children);
