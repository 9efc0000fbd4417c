/* SPDX-License-Identifier: MIT
 *
 * What the programs that fetch share: how their arguments are read, how many requests are still to
 * come, and how the time is told. One thread at a time. */

#pragma once

#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <time.h>

/* The first of them only warm up: connections are made, and what is made once. */
typedef struct {
    const char *url;
    long n;         /* counted requests */
    long in_flight; /* at a time, and so many connections */
    long warm;      /* how many come before those that count */
    long begun, ended;
    double cpu, time; /* when counting began, in seconds */
} Measure;

static inline double
measure_get_cpu (void)
{
    struct rusage usage;

    getrusage (RUSAGE_SELF, &usage);
    return (double) (usage.ru_utime.tv_sec + usage.ru_stime.tv_sec)
           + (double) (usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
}

static inline double
measure_get_time (void)
{
    struct timespec now;

    clock_gettime (CLOCK_MONOTONIC, &now);
    return (double) now.tv_sec + (double) now.tv_nsec / 1e9;
}

/* PROGRAM URL N IN-FLIGHT */
static inline void
measure_init (Measure *measure, int argc, char **argv)
{
    if (argc < 4 || atol (argv[2]) < 1 || atol (argv[3]) < 1) {
        fprintf (stderr, "usage: %s URL N IN-FLIGHT\n", argv[0]);
        exit (2);
    }
    *measure = (Measure){ .url = argv[1], .n = atol (argv[2]), .in_flight = atol (argv[3]) };
    measure->warm = 20 * measure->in_flight;
}

/* Whether one more is to be begun. */
static inline int
measure_begin (Measure *measure)
{
    if (measure->begun == measure->warm + measure->n)
        return 0;
    measure->begun++;
    return 1;
}

/* One has ended, well: 13 bytes of a body with status 200. Whether it was the last. */
static inline int
measure_end (Measure *measure, long status, size_t length)
{
    if (status != 200 || length != 13) {
        fprintf (stderr, "an answer with %ld and %zu bytes\n", status, length);
        exit (1);
    }
    if (++measure->ended == measure->warm) {
        measure->cpu = measure_get_cpu ();
        measure->time = measure_get_time ();
    }
    return measure->ended == measure->warm + measure->n;
}

/* "REQUESTS-A-SECOND MICROSECONDS-OF-CPU-EACH" */
static inline void
measure_tell (const Measure *measure)
{
    double time = measure_get_time () - measure->time, cpu = measure_get_cpu () - measure->cpu;

    printf ("%.0f %.2f\n", (double) measure->n / time, cpu * 1e6 / (double) measure->n);
}
