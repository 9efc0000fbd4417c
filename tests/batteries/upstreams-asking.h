/* SPDX-License-Identifier: MIT
 *
 * A set of servers that nobody connects to, and what requests to them come to. Any thread. */

#pragma once

#include "h3/batteries/upstreams-inside.h"
#include "tests/support/suite.h"

#include "h3/base/error.h"
#include "h3/loop/clock.h"

#define FIRST  "http://127.0.0.1:8001"
#define SECOND "http://127.0.0.1:8002"
#define OPEN   1000

typedef struct {
    H3UpstreamReport reports[8];
    guint n;
} Reports;

static inline void
collect (const H3UpstreamReport *report, gpointer data)
{
    Reports *reports = data;

    reports->reports[reports->n++] = *report;
}

static inline H3UpstreamReport
get_report (H3Upstreams *upstreams, guint place)
{
    Reports reports = { .n = 0 };

    h3_upstreams_foreach (upstreams, collect, &reports);
    ck_assert_uint_eq (reports.n, h3_upstreams_count (upstreams));
    return reports.reports[place];
}

/* Opens after two failures in a row. */
static inline H3Upstreams *
new_set (guint n)
{
    H3Upstreams *upstreams = h3_upstreams_new ();

    clock_take_control ();
    h3_upstreams_set_breaker (upstreams, 2, 0, OPEN);
    ck_assert (h3_upstreams_add (upstreams, FIRST, 1, NULL));
    if (n == 2)
        ck_assert (h3_upstreams_add (upstreams, SECOND, 1, NULL));
    return upstreams;
}

static inline Upstream *
choose (H3Upstreams *upstreams, UpstreamUse *out_use)
{
    return upstreams_choose (upstreams, NULL, NULL, 0, out_use);
}

static inline void
end_with (UpstreamUse *use, H3ClientError code)
{
    g_autoptr (GError) error = g_error_new (H3_CLIENT_ERROR, (int) code, "as told");

    upstream_use_end (use, error);
}

static inline void
fail_once (H3Upstreams *upstreams)
{
    UpstreamUse use;

    ck_assert_ptr_nonnull (choose (upstreams, &use));
    end_with (&use, H3_CLIENT_ERROR_CONNECT);
}
