/* SPDX-License-Identifier: MIT
 *
 * What the files of stores share: the life of a question. */

#pragma once

#include <h3/store/store-inside.h>

G_BEGIN_DECLS

typedef struct _Loop Loop;

/* A question of this thread, who hears of it here. `answered` may be NULL. */
StoreQuestion *store_question_new (H3Store *store, H3StoreAnswered answered, gpointer user_data);

/* (nullable): the loop that asked, which is the current one; NULL: a thread without. */
Loop *store_question_get_loop (const StoreQuestion *question);

/* Drops a reference to `store`, ordered before the end of it on another thread. */
void store_let_go (H3Store *store);

G_END_DECLS
