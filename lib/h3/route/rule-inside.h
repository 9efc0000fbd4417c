/* SPDX-License-Identifier: MIT
 *
 * What a rule says, key by key. Set up before the start; then only read, by any thread. */

#pragma once

#include <h3/route/rule-cache.h>
#include <h3/route/rule-target.h>
#include <h3/route/rule.h>

#include <stdatomic.h>

G_BEGIN_DECLS

typedef struct {
    char *name;  /* owned; in lower case */
    char *label; /* owned; as it was written */
    char *value; /* owned; NULL: the field is left out */
} RuleField;

typedef struct {
    char *name;               /* owned */
    H3Middleware *middleware; /* owned; NULL: none */
} RuleSlot;

/* A key that may say that less specific ones do not hold. */
typedef enum { RULE_SILENT, RULE_OFF, RULE_SET } RuleWord;

struct _H3RouteRule {
    atomic_int refs;
    GPtrArray *fields; /* owned: RuleField */
    GPtrArray *slots;  /* owned: RuleSlot */
    RuleWord redirect, cache, vary;
    guint redirect_status;
    RuleTarget *target; /* owned; of a redirect that is set */
    RuleCache cached;   /* of a cache that is set */
    char *vary_text;    /* owned; ", " between them */
    gsize body_max;     /* 0: silent */
    guint deadline;     /* 0: silent */
    gboolean is_frozen;
    GError *problem; /* owned: the first thing that cannot be */
};

G_END_DECLS
