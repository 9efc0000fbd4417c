/* SPDX-License-Identifier: MIT
 *
 * Whether new requests are taken: not while memory is short, and not by who comes too late to those
 * that wait. What runs is left alone. An admission is its server's for one run, a gate its
 * worker's. */

#pragma once

#include <h3/loop/loop.h>
#include <h3/loop/offload.h>

G_BEGIN_DECLS

/* All workers share one; the functions of it are for any thread, but where marked. */
typedef struct _Admission Admission;

typedef struct {
    /* Handed down by the app: whether memory is short of a budget of so many bytes, where it `was`
     * or was not before. Asked now and then, on one thread. */
    gboolean (*is_short) (guint64 budget, gboolean was);
    guint64 memory_budget; /* bytes; 0: none */
    gint64 queue_delay;    /* milliseconds; 0: not asked */
    Offload *offload;      /* borrowed: the server's */
} AdmissionSettings;

Admission *admission_new (const AdmissionSettings *settings);
/* Its gates are freed before. NULL is allowed. */
void admission_free (Admission *admission);

/* Memory is looked at on this loop, on its thread, from now on; until then it was not short. */
void admission_start (Admission *admission, Loop *loop);
/* On that thread, before the loop closes. NULL is allowed. */
void admission_stop (Admission *admission);

/* (nullable): what requests are refused for now: "memory", "queue-delay". */
const char *admission_get_reason (const Admission *admission);

/* The worker's thread only. */
typedef struct _Gate Gate;

typedef enum {
    GATE_OPEN,
    GATE_MEMORY, /* no requests are taken */
    GATE_DELAY,  /* this one has waited too long already */
    GATE_POOL,   /* what needs the pool of threads is to ask gate_is_pool_late () */
} GateAnswer;

Gate *gate_new (Admission *admission, Loop *loop);
void gate_free (Gate *gate);

/* Asked for each request, once, when its head has been read. */
GateAnswer gate_ask (Gate *gate);
/* Whether a request that needs the pool would wait too long for it. */
gboolean gate_is_pool_late (Gate *gate);
/* The request is refused for that: counted, and told to the log once a second. */
void gate_note_refused (Gate *gate, GateAnswer why);

G_END_DECLS
