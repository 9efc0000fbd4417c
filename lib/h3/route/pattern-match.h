/* SPDX-License-Identifier: MIT
 *
 * One pattern by itself: whether it takes a path, how specific it is beside another, and whether it
 * takes all that another does. Keeps nothing; any thread. */

#pragma once

#include <h3/route/pattern.h>

G_BEGIN_DECLS

/* Whether `pattern` takes the canonical `path`, as a router with it alone would. `out_values`
 * (nullable, room for PATTERN_MAX_PARAMS) gets its parameters as they stand in `path`; what is
 * absent, and an empty rest, has length 0. Unspecified where it does not. */
gboolean pattern_match (const Pattern *pattern, H3View path, H3View *out_values);

/* Negative where `a` is the more specific: a router prefers it wherever both take a path. 0 where
 * both are the same but for the names of parameters. */
int pattern_compare (const Pattern *a, const Pattern *b);

typedef enum { PATTERN_COVERS_NONE, PATTERN_COVERS_SOME, PATTERN_COVERS_ALL } PatternCover;

/* Which of the paths that `other` takes `pattern` takes. SOME may also be said where it is all, or
 * none. */
PatternCover pattern_cover (const Pattern *pattern, const Pattern *other);

/* Returns: (transfer full) (nullable): a canonical path that `pattern` takes; NULL: it has a regex.
 */
char *pattern_dup_sample (const Pattern *pattern);

G_END_DECLS
