/* SPDX-License-Identifier: MIT
 *
 * Whether what one histogram holds lies higher than what another does: the test of Mann and
 * Whitney, where all in one bucket are ties. Pure; any thread. */

#pragma once

#include <h3/base/histogram.h>

G_BEGIN_DECLS

/* How many standard deviations the ranks of `sample` lie above what they would be on average if
 * both came from the same; below 0: lower. 0 where that cannot be said. Weights of `baseline` may
 * be fractions: what counts as half a one makes the test more careful, never less. */
double rank_test (const double *sample, const double *baseline);

/* What rank_test () exceeds by chance once in a thousand times. */
#define RANK_TEST_LEVEL 3.0902

G_END_DECLS
