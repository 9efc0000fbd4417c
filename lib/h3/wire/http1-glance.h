/* SPDX-License-Identifier: MIT
 *
 * One quick pass over a head that came whole and is such as nearly all are. It takes only what
 * the lint would take, and gives the same index; all else, wrong or merely rare, is left to the
 * lint, which goes byte by byte, stops and goes on anywhere, and says with what to refuse. Holds
 * nothing; any thread. */

#pragma once

#include <h3/http/limits.h>
#include <h3/http/request-inside.h>

G_BEGIN_DECLS

/* Looks at `data`, which begins with a head. TRUE: `index`, fresh before, describes the head.
 * FALSE: the lint must tell, with a fresh index. */
gboolean http1_glance (HeadIndex *index, const H3Limits *limits, const char *data, gsize length);

G_END_DECLS
