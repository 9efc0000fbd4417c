/* SPDX-License-Identifier: MIT
 *
 * A request that a step makes: its answer's body is told as it comes. It is its own until its end
 * was told; the loop's thread only. */

#pragma once

#include <h3/client/client-settings.h>
#include <h3/loop/loop.h>
#include <h3/workflow/plan-inside.h>

G_BEGIN_DECLS

typedef struct _StepHttp StepHttp;

typedef struct {
    void (*on_output) (const char *text, gsize length, gpointer data);
    /* Never inline; it is gone then. `status`: 0 without an answer. `error` is (nullable),
     * borrowed: there was none, not all of it came, or its status is none of those expected. */
    void (*on_end) (guint status, const GError *error, gpointer data);
} StepHttpListener;

typedef struct {
    ClientSettings *settings;  /* ref taken */
    H3ClientRequest *request;  /* ref taken; frozen by this */
    const PlanRequest *expect; /* whose statuses are good; outlives it */
} StepHttpOrder;

/* (transfer none): until its end was told. `listener` is static. */
StepHttp *step_http_start (Loop *loop, const StepHttpOrder *order, const StepHttpListener *listener,
                           gpointer data);

/* Nothing more of it comes but its end. */
void step_http_end (StepHttp *http);

G_END_DECLS
