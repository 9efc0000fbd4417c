/* SPDX-License-Identifier: MIT
 *
 * What the library counts anyway, and what the system says of the process. */

#include "config.h"

#include "metrics-private.h"

#include <h3/base/counters.h>
#include <h3/monitor/memory.h>

#include <dirent.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

static void
write_number (MetricsText *text, const char *name, MetricsKind kind, const char *help, double value)
{
    metrics_text_begin (text, name, kind, help);
    metrics_text_add (text, "", value, NULL);
}

/* What one thread counts up another may count down: read in between, a sum can be below zero. */
static void
write_counters (MetricsText *text)
{
    for (Counter i = 0; i < N_COUNTERS; i++) {
        g_autofree char *name = g_strconcat ("h3_", counters_get_name (i), NULL);

        write_number (text, name, i < FIRST_GROWING_COUNTER ? METRICS_GAUGE : METRICS_COUNTER,
                      counters_get_description (i), (double) MAX (counters_read (i), 0));
    }
}

static void
write_memory (MetricsText *text)
{
    guint64 heap = h3_memory_get_heap ();

    write_number (text, "h3_memory_allocated_bytes", METRICS_GAUGE,
                  "bytes that the library holds, by its own counting",
                  (double) h3_memory_get_allocated ());
    write_number (text, "h3_memory_budget_bytes", METRICS_GAUGE,
                  "bytes that the process should stay below; 0: none",
                  (double) h3_memory_get_budget ());
    if (heap > 0)
        write_number (text, "h3_memory_heap_bytes", METRICS_GAUGE,
                      "bytes that the program has from malloc", (double) heap);
}

static double
to_seconds (struct timeval time)
{
    return (double) time.tv_sec + (double) time.tv_usec / 1e6;
}

/* FALSE where the system does not tell. */
static gboolean
count_descriptors (guint *out_n)
{
    DIR *folder = opendir ("/proc/self/fd");
    guint n = 0;

    if (folder == NULL)
        return FALSE;
    for (const struct dirent *entry; (entry = readdir (folder)) != NULL;)
        n += entry->d_name[0] != '.';
    (void) closedir (folder);
    *out_n = n - 1; /* but the one this took */
    return TRUE;
}

/* The number behind `key` in a file of /proc; FALSE where there is none. */
static gboolean
find_number (const char *path, const char *key, guint64 *out_number)
{
    g_autofree char *content = NULL;
    const char *line;

    if (!g_file_get_contents (path, &content, NULL, NULL))
        return FALSE;
    line = strstr (content, key);
    if (line == NULL)
        return FALSE;
    *out_number = g_ascii_strtoull (line + strlen (key), NULL, 10);
    return TRUE;
}

/* Field `index` of /proc/self/stat, from 1. What stands in parentheses may hold anything. */
static gboolean
find_stat (guint index, guint64 *out_number)
{
    g_autofree char *content = NULL;
    const char *at;

    if (!g_file_get_contents ("/proc/self/stat", &content, NULL, NULL))
        return FALSE;
    at = strrchr (content, ')');
    for (guint i = 2; at != NULL && i < index; i++)
        at = strchr (at + 1, ' ');
    if (at == NULL)
        return FALSE;
    *out_number = g_ascii_strtoull (at, NULL, 10);
    return TRUE;
}

enum { STAT_THREADS = 20, STAT_STARTED = 22, STAT_VIRTUAL = 23 };

static void
write_started (MetricsText *text)
{
    guint64 boot, started;

    if (find_number ("/proc/stat", "\nbtime ", &boot) && find_stat (STAT_STARTED, &started))
        write_number (text, "process_start_time_seconds", METRICS_GAUGE,
                      "When the process began, in seconds since 1970",
                      (double) boot + (double) started / (double) sysconf (_SC_CLK_TCK));
}

static void
write_process (MetricsText *text)
{
    struct rusage usage;
    struct rlimit limit;
    guint64 resident = h3_memory_get_resident ();
    guint64 number;
    guint n;

    if (getrusage (RUSAGE_SELF, &usage) == 0)
        write_number (text, "process_cpu_seconds", METRICS_COUNTER,
                      "Processor time in seconds, of the program and of the system for it",
                      to_seconds (usage.ru_utime) + to_seconds (usage.ru_stime));
    if (getrlimit (RLIMIT_NOFILE, &limit) == 0)
        write_number (text, "process_max_fds", METRICS_GAUGE,
                      "How many descriptors the process may have", (double) limit.rlim_cur);
    if (count_descriptors (&n))
        write_number (text, "process_open_fds", METRICS_GAUGE, "Descriptors that are open", n);
    if (resident > 0)
        write_number (text, "process_resident_memory_bytes", METRICS_GAUGE,
                      "Memory that the process occupies", (double) resident);
    write_started (text);
    if (find_stat (STAT_THREADS, &number))
        write_number (text, "process_threads", METRICS_GAUGE, "Threads of the process",
                      (double) number);
    if (find_stat (STAT_VIRTUAL, &number))
        write_number (text, "process_virtual_memory_bytes", METRICS_GAUGE,
                      "Addresses that the process has taken", (double) number);
}

void
metrics_write_library (MetricsText *text)
{
    metrics_text_begin (text, "h3_build", METRICS_INFO, "The version of the library");
    metrics_text_add (text, "", 1, "version", PACKAGE_VERSION, NULL);
    write_counters (text);
    write_memory (text);
    write_process (text);
}
