/* SPDX-License-Identifier: MIT
 *
 * What a plan is made of, for who runs it. All of it is the plan's, frozen once it was read; any
 * thread. */

#pragma once

#include <h3/workflow/plan-text.h>
#include <h3/workflow/plan.h>
#include <h3/workflow/schedule.h>

#include <glib.h>
#include <stdatomic.h>

G_BEGIN_DECLS

/* No index of a step. */
#define PLAN_NONE G_MAXUINT

#define PLAN_MAX_BYTES (1024 * 1024) /* of a plan's text */
#define PLAN_MAX_STEPS 1000          /* those of parallel groups with them */

typedef enum {
    PLAN_RUN,      /* a program, by its arguments */
    PLAN_HTTP,     /* a request */
    PLAN_CALL,     /* a function of the program */
    PLAN_PARALLEL, /* steps at the same time; it ends when all of them have */
} PlanKind;

typedef enum {
    PLAN_CONTINUE, /* what does not depend on the step that failed goes on */
    PLAN_STOP,     /* nothing more is begun, and what runs is ended */
} PlanFailure;

typedef enum {
    PLAN_MARK,   /* a run that the process's death ended is interrupted, and stays so */
    PLAN_RESUME, /* it goes on with the steps that had not succeeded */
} PlanInterrupt;

/* A variable of the environment, or a field of a request. */
typedef struct {
    char *name;      /* owned */
    PlanText *value; /* owned */
} PlanPair;

typedef struct {
    guint tries;     /* beside the first */
    guint delay;     /* milliseconds before the second try */
    double factor;   /* by which each wait is longer than the one before */
    guint max_delay; /* milliseconds */
    double jitter;   /* the part of a wait that chance may take off it: 0 to 1 */
} PlanRetries;

typedef struct {
    PlanText *method;       /* owned; NULL: GET, and POST where there is a body */
    PlanText *url;          /* owned */
    GPtrArray *headers;     /* owned; PlanPair; may be empty */
    PlanText *body;         /* owned; nullable: a text, sent as it is */
    PlanDocument *document; /* owned; nullable: sent as application/json; never beside `body` */
    guint *expect;          /* owned; statuses that are success; none: 200 to 299 */
    guint n_expect;
} PlanRequest;

typedef struct {
    char *id; /* owned; unique in the plan. A child that has none in the text is "GROUP.1", … */
    PlanKind kind;
    guint parent;      /* the parallel group that it stands in, or PLAN_NONE */
    guint *depends_on; /* owned; what is to succeed first: what the text says, and each step that
                        * a reference names. Without its parent, which begins before it */
    guint n_depends_on;
    guint *children; /* owned; of PLAN_PARALLEL */
    guint n_children;

    PlanText **argv; /* owned; of PLAN_RUN, at least one; "shell" is /bin/sh -c TEXT, and TEXT has
                      * no references */
    guint n_argv;
    PlanText *directory;     /* owned; nullable: the process's own */
    GPtrArray *env;          /* owned; PlanPair; beside the process's own */
    PlanRequest *request;    /* owned; of PLAN_HTTP */
    char *call;              /* owned; of PLAN_CALL: a function's name */
    PlanDocument *arguments; /* owned; nullable */

    guint timeout; /* milliseconds a try, of a group from its begin to its end; 0: none */
    PlanRetries retries;
    gsize output_max; /* bytes kept of each stream */
} PlanStep;

struct _H3Plan {
    atomic_uint references;
    char *name;        /* owned */
    char *description; /* owned; nullable */
    PlanStep *steps;   /* owned; a group stands before its children */
    guint n_steps;
    guint timeout;     /* milliseconds a run; 0: none */
    guint concurrency; /* steps of a run at a time */
    PlanFailure on_failure;
    PlanInterrupt on_interrupt;
    gboolean by_http;     /* POST may start it */
    gboolean by_hand;     /* who stands at a terminal may */
    GPtrArray *schedules; /* owned; Schedule */
    char *text;           /* owned; its JSON as it was: kept with each run */
};

/* PLAN_NONE: there is no such step. */
guint plan_find_step (const H3Plan *plan, const char *id);

/* (transfer full): {"name", "description", "trigger": {"manual", "http", "schedule"}, "steps":
 * [{"id", "kind", "depends_on": [id], "group": id}]}, for who shows it. */
json_t *plan_describe (const H3Plan *plan);

G_END_DECLS
