/* SPDX-License-Identifier: MIT
 *
 * What a router answers: a route and where its parameters stand in the path. Passed in by the
 * caller, who may copy it; valid as long as the router and, for the parameters, the path. */

#pragma once

#include <h3/base/view.h>
#include <h3/route/pattern.h>
#include <h3/route/route.h>

#include <glib.h>

G_BEGIN_DECLS

typedef struct {
    const H3Route *route; /* borrowed: the router's */
    guint n_params;
    /* In the order of the pattern, as the path has them: %2F, %5C and %25 still escaped
     * (pattern_decode ()). A length of 0: an optional parameter that is absent, or an empty rest.
     */
    struct {
        guint32 offset, length;
    } params[PATTERN_MAX_PARAMS];
} RouterMatch;

/* Parameter `index` as it stands in `path`, the one that was matched. */
static inline H3View
router_match_get_raw (const RouterMatch *match, H3View path, guint index)
{
    return h3_view (path.data + match->params[index].offset, match->params[index].length);
}

G_END_DECLS
