/* SPDX-License-Identifier: MIT */

#include "rank-test.h"

#include <math.h>

double
rank_test (const double *sample, const double *baseline)
{
    double n = 0, m = 0, wins = 0, ties = 0;
    double all, variance;

    for (guint i = 0; i < HISTOGRAM_N_BUCKETS; i++) {
        double here = sample[i] + baseline[i];

        wins += sample[i] * (m + baseline[i] / 2);
        ties += here * here * here - here;
        n += sample[i];
        m += baseline[i];
    }
    all = n + m;
    if (n <= 0 || m <= 0 || all <= 1)
        return 0;
    variance = n * m / 12 * (all + 1 - ties / (all * (all - 1)));
    return variance > 0 ? (wins - n * m / 2) / sqrt (variance) : 0;
}
