/* SPDX-License-Identifier: MIT
 *
 * What a dashboard is told of the server that it shows. */

#pragma once

#include <h3/monitor/dashboard.h>

G_BEGIN_DECLS

typedef struct json_t json_t;

/* (transfer full) (nullable): what never changes while it runs, and what is now. */
typedef struct {
    json_t *(*describe) (gpointer data);
    json_t *(*read) (gpointer data);
    gpointer data;          /* owned, by way of its destroy */
    GDestroyNotify destroy; /* (nullable) */
} DashboardHost;

/* The first stays: of another nothing is shown, and it is destroyed. Any thread, and its functions
 * are called on workers of any server where the dashboard is. */
void dashboard_set_host (H3Dashboard *dashboard, const DashboardHost *host);

G_END_DECLS
