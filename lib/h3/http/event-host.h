/* SPDX-License-Identifier: MIT
 *
 * How an event reaches the app that found its route: function pointers that the app hands down, so
 * that nothing here knows routes or chains. Static data of the app's; the event's worker only. */

#pragma once

#include <h3/http/event.h>

G_BEGIN_DECLS

/* What the app fills in for an event. */
typedef struct {
    /* Runs the next step of the chain (event->cursor is its own). */
    void (*next) (H3Event *event);
    /* (transfer full): hands the error to the error handler, or answers by default. */
    void (*fail) (H3Event *event, GError *error);
    const char *(*get_route_label) (const H3Event *event);
    /* What this event asks for needs the pool of threads. */
    void (*note_offload) (const H3Event *event);
} EventHost;

G_END_DECLS
