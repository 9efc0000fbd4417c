/* SPDX-License-Identifier: MIT
 *
 * A router that does it the plain way: every route is tried on every path, and of those that fit,
 * the one with the smallest ranks, segment by segment, is the answer. Of the library it has only
 * the reading of patterns. */

#pragma once

#include "h3/route/pattern.h"
#include "h3/route/router.h"

typedef struct {
    H3Route *route;    /* borrowed: the router that is compared */
    Pattern *pattern;  /* owned */
    char **methods;    /* owned */
    GPtrArray *values; /* owned: strings; parameters of the last path that fitted */
} PlainRoute;

/* (transfer full): NULL where the pattern is none. */
PlainRoute *plain_route_new (const char *methods, const char *pattern);
void plain_route_free (gpointer route);

/* Whether two routes cannot both be: alike but for names, and with a method in common. */
gboolean plain_routes_clash (const PlainRoute *a, const PlainRoute *b);

/* What of `routes` (PlainRoute) answers; NULL: nothing does, and `out_any_method` says whether for
 * the method only. */
PlainRoute *plain_router_match (GPtrArray *routes, const char *method, const char *path,
                                gboolean *out_any_method);
