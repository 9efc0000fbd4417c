/* SPDX-License-Identifier: MIT
 *
 * What the files of the dashboard share.
 *
 * Each who looks is a viewer on the worker of its stream. The first in the list leads: a timer on
 * its loop reads the numbers and publishes them for all. When it leaves, the next is told, by a
 * post to its loop; with the last one the timer ends, and nothing is kept. */

#pragma once

#include "dashboard-inside.h"
#include "traffic.h"

#include <h3/engine/sse.h>
#include <h3/loop/loop.h>
#include <h3/loop/timer.h>

#include <pthread.h>
#include <stdatomic.h>

G_BEGIN_DECLS

/* A page that is open somewhere; ends with its stream. */
typedef struct {
    H3Dashboard *dashboard; /* ref */
    Loop *loop;             /* ref: of its worker */
    H3Timer *timer;         /* ref; NULL: it does not lead */
} Viewer;

typedef struct {
    char *name, *title; /* owned */
    H3PanelFunction function;
    gpointer user_data;     /* owned, by way of its destroy */
    GDestroyNotify destroy; /* (nullable) */
} Panel;

struct _H3Dashboard {
    atomic_int refs;
    H3Metrics *metrics;    /* ref */
    H3Channel *channel;    /* ref: what all who look hear; keeps the last for who comes now */
    gint64 made;           /* monotonic microseconds */
    pthread_mutex_t mutex; /* guards what follows */
    GPtrArray *viewers;    /* owned; Viewer, borrowed: their streams; the first leads */
    GPtrArray *panels;     /* owned: Panel, never removed */
    DashboardHost host;    /* of nobody: no functions */
    Traffic *traffic;      /* owned; NULL: nobody looks. Used by who leads alone */
};

/* dashboard-viewers.c: has the stream hear the numbers, and somebody read them. */
void dashboard_join (H3Dashboard *dashboard, H3Sse *sse);

/* dashboard-numbers.c (transfer full): the events "about", once for each who comes, and "numbers",
 * each second, as JSON. */
char *dashboard_describe (H3Dashboard *dashboard);
char *dashboard_read_numbers (H3Dashboard *dashboard, Traffic *traffic);

/* Of the files in dashboard/; made by glib-compile-resources. Borrowed: static. */
GResource *dashboard_get_resource (void);

/* dashboard-files.c: answers with one of the page's files; 404 where there is none. */
void dashboard_send_file (H3Event *event, const char *name);

G_END_DECLS
