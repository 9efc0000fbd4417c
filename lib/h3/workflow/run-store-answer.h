/* SPDX-License-Identifier: MIT
 *
 * What a store answers, on its way to who asked. Made by the store's thread, given to the asker's
 * loop. */

#pragma once

#include "run-store-database.h"
#include "run-store-item.h"

G_BEGIN_DECLS

/* Finds the answer and sends it off. Takes the question (transfer full). `why` is (nullable): what
 * was told last could not be kept. */
void run_answer_give (RunDatabase *database, RunItem *question, const GError *why);

/* A thread that waits for all that was told to be kept: it gives this as the data of a question
 * without a loop. */
typedef struct _RunWaiter RunWaiter;
RunWaiter *run_waiter_new (void);
/* Waits for the answer, and frees it. FALSE with its error. */
gboolean run_waiter_finish (RunWaiter *waiter, GError **error);

G_END_DECLS
