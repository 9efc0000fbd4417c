/* SPDX-License-Identifier: MIT
 *
 * What a worker hands its events to: the app's functions, past a gate where requests may be
 * refused. */

#include "worker.h"

Gate *
worker_open_dispatch (const WorkerSettings *settings, Loop *loop, Dispatch *out_dispatch)
{
    const ServerDispatch *functions = &settings->dispatch;
    Gate *gate;

    out_dispatch->data = functions->start_worker (functions->data);
    out_dispatch->begin = functions->begin;
    out_dispatch->run = functions->run;
    out_dispatch->refused = functions->refused;
    if (settings->admission == NULL)
        return NULL;
    gate = gate_new (settings->admission, loop);
    functions->set_gate (out_dispatch->data, gate);
    out_dispatch->begin = functions->begin_at_gate;
    return gate;
}
