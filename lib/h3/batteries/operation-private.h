/* SPDX-License-Identifier: MIT
 *
 * What the files of OpenAPI see of an operation. */

#pragma once

#include "operation.h"

#include <stdatomic.h>

G_BEGIN_DECLS

#define N_OPERATION_PARTS (H3_OPERATION_FORM + 1)

typedef struct {
    guint status;
    char *description; /* owned */
    char *type;        /* owned; NULL: no body */
    H3Schema *schema;  /* ref; NULL: any body */
} OperationAnswer;

struct _H3Operation {
    atomic_uint references;
    char *summary;                        /* owned */
    char *description;                    /* owned; NULL: none */
    GPtrArray *tags;                      /* owned: char * */
    H3Schema *schemas[N_OPERATION_PARTS]; /* refs; NULL: nothing is said */
    GPtrArray *answers;                   /* owned: OperationAnswer, by status */
    GPtrArray *securities;                /* owned: char * */
    gboolean is_deprecated, is_hidden;
};

/* (transfer none) (nullable): what was attached to `route`. */
const H3Operation *operation_of (const H3Route *route);
/* Whether requests are held against anything. */
gboolean operation_validates (const H3Operation *operation);

G_END_DECLS
