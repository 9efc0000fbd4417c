/* SPDX-License-Identifier: MIT
 *
 * The inner face of stores: what their class fills in, and how a question is answered. */

#pragma once

#include <h3/base/view.h>
#include <h3/store/store.h>

G_BEGIN_DECLS

typedef enum {
    STORE_GET,
    STORE_PUT,
    STORE_REMOVE,
    STORE_TOUCH,
    STORE_COMPARE,
    STORE_ADD,
    STORE_FILL,
    STORE_COUNT,
} StoreAct;

/* What is asked; checked already. All of it is borrowed until ask () returns. */
typedef struct {
    StoreAct act;
    H3View key;               /* but of STORE_COUNT */
    GBytes *value, *expected; /* (nullable) */
    gint64 amount;            /* STORE_ADD, STORE_FILL */
    gint64 bound;             /* the same: the capacity */
    gint64 ttl;               /* milliseconds; STORE_FILL: the period */
} StoreOrder;

/* Who waits for the answer. Holds the store. Owned by the store until it is answered. */
typedef struct _StoreQuestion StoreQuestion;

struct _H3StoreClass {
    GObjectClass parent_class;
    /* Takes the question, and answers it at any time, this call's too: with store_question_answer
     * () on the thread that asks where that runs a loop, on any where it runs none. */
    void (*ask) (H3Store *store, const StoreOrder *order, StoreQuestion *question);
    /* (nullable): of a store that is always well. Any thread. */
    gboolean (*is_well) (H3Store *store);
};

/* Whether somebody hears the answer. */
gboolean store_question_has_asker (const StoreQuestion *question);

/* Ends the question, and has its asker told at the end of the loop's turn, or by the main context.
 * `error` is taken (transfer full) (nullable), and so is `value`; but for them `answer` is copied.
 */
void store_question_answer (StoreQuestion *question, const H3StoreAnswer *answer, GError *error,
                            GBytes *value);

/* The same, of what failed. */
void store_question_fail (StoreQuestion *question, H3StoreError code, const char *message);

G_END_DECLS
