/* SPDX-License-Identifier: MIT
 *
 * A client as they should be, among others that are not: for so many seconds it asks again and
 * again, over one connection that it keeps and over one that it has just made, and fails unless
 * each is answered at once and the kept one stays. Usage: regular PORT SECONDS */

#include "probe.h"

#include <stdio.h>
#include <stdlib.h>

#define PAUSE      20000      /* µs */
#define PATIENCE   2000000000 /* ns until an answer */
#define MAX_ON_ONE 900        /* the server ends a connection after 1,000 */

static guint n_wrong;

static void
ask (Probe *probe, const char *which, GArray *times)
{
    g_autofree char *wrong = NULL;
    double taken = (double) probe_ask (probe, &wrong);

    g_array_append_val (times, taken);
    if (taken > 0 && taken < PATIENCE)
        return;
    n_wrong++;
    fprintf (stderr, "error: the %s connection: %s\n", which,
             wrong != NULL ? wrong : "the answer comes late");
}

int
main (int argc, char **argv)
{
    g_autoptr (GArray) times = g_array_new (FALSE, FALSE, sizeof (double));
    double median;
    gint64 until;
    Probe kept;

    if (argc != 3) {
        fprintf (stderr, "usage: regular PORT SECONDS\n");
        return EXIT_FAILURE;
    }
    probe_init (&kept, (guint) atoi (argv[1]));
    until = g_get_monotonic_time () + (gint64) (atof (argv[2]) * 1000000);
    for (guint i = 1; g_get_monotonic_time () < until; i++) {
        Probe fresh;

        probe_init (&fresh, kept.port);
        ask (&kept, "kept", times);
        ask (&fresh, "new", times);
        probe_clear (&fresh);
        if (i % MAX_ON_ONE == 0)
            probe_clear (&kept);
        g_usleep (PAUSE);
    }
    probe_clear (&kept);
    median = verdict_get_median (times);
    printf ("%u requests, median %.2f ms, slowest %.2f ms, %u not answered as they should be\n",
            times->len, median / 1e6, g_array_index (times, double, times->len - 1) / 1e6, n_wrong);
    return n_wrong == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
