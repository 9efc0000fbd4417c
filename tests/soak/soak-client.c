/* SPDX-License-Identifier: MIT
 *
 * Drives one server for long, with all that clients do, and says whether it bore it. Work and rest
 * take turns: in a rest the server has nothing to do but keep connections open, and is weighed, and
 * timed beside a control. docs/soak.md says how to read it. */

#include "crowd.h"
#include "probe.h"

#include <gio/gio.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#define SECOND 1000000.0 /* of g_get_monotonic_time () */
/* Until all clients have come to their end, or the server has let go of them: on a machine with
 * much else to do, in a build with a sanitizer. */
#define PATIENCE 60
/* Comparisons in a rest: what disturbs one leaves the others as they are. */
#define BLOCKS 10

static struct {
    int port, control_port, pid, seconds, seed, active, held, flood;
    char *wrk; /* owned */
} options = { .seconds = 600, .active = 150, .held = 2000, .flood = 2600 };

typedef struct {
    GRand *rand;    /* owned */
    Crowd *crowd;   /* owned */
    Record *record; /* owned */
    Probe soaked, control;
    gint64 began;
    double rest_length, work_length; /* seconds */
    guint64 n_wrk;
    guint n_weighed;
} Soak;

static double
get_seconds (const Soak *soak)
{
    return (double) (g_get_monotonic_time () - soak->began) / SECOND;
}

static gint64
get_moment (double seconds_from_now)
{
    return g_get_monotonic_time () + (gint64) (seconds_from_now * SECOND);
}

static GSubprocess *
start_wrk (Soak *soak)
{
    static const char *const paths[] = { "/plaintext", "/users/42", "/bench/json", "/get?a=b" };
    g_autofree char *url =
        g_strdup_printf ("http://127.0.0.1:%d%s", options.port,
                         paths[g_rand_int_range (soak->rand, 0, G_N_ELEMENTS (paths))]);
    g_autofree char *length = g_strdup_printf ("-d%d", MAX (1, (int) soak->work_length));
    g_autoptr (GError) error = NULL;
    GSubprocess *wrk;

    if (options.wrk == NULL)
        return NULL;
    wrk =
        g_subprocess_new (G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_MERGE, &error,
                          options.wrk, "-t1", "-c32", "--timeout", "30s", length, url, NULL);
    if (wrk == NULL)
        crowd_add_error (soak->crowd, "wrk", error->message);
    return wrk;
}

static void
end_wrk (Soak *soak, GSubprocess *wrk)
{
    g_autofree char *output = NULL;
    const char *at;

    if (wrk == NULL)
        return;
    if (!g_subprocess_communicate_utf8 (wrk, NULL, NULL, &output, NULL, NULL)
        || !g_subprocess_get_successful (wrk))
        crowd_add_error (soak->crowd, "wrk", "did not end well");
    for (at = output; at != NULL && *at != '\0';
         at = strchr (at, '\n') != NULL ? strchr (at, '\n') + 1 : NULL) {
        g_autofree char *line = g_strndup (at, strcspn (at, "\n"));

        if (strstr (line, "Socket errors") != NULL || strstr (line, "Non-2xx") != NULL)
            crowd_add_error (soak->crowd, "wrk", g_strstrip (line));
        else if (strstr (line, "requests in") != NULL)
            soak->n_wrk += g_ascii_strtoull (g_strstrip (line), NULL, 10);
    }
    g_object_unref (wrk);
}

static void
work (Soak *soak)
{
    GSubprocess *wrk = start_wrk (soak);

    crowd_run (soak->crowd, (guint) options.active, (guint) options.held,
               get_moment (soak->work_length));
    (void) crowd_settle (soak->crowd, get_moment (PATIENCE));
    end_wrk (soak, wrk);
}

static void
tell_rest (const Soak *soak, const Rest *rest)
{
    CrowdNumbers numbers;

    crowd_get_numbers (soak->crowd, &numbers);
    printf ("%5.0f s  %7" G_GUINT64_FORMAT " clients  %8" G_GUINT64_FORMAT
            " answers  %9" G_GUINT64_FORMAT " of wrk  %5u open  %6" G_GUINT64_FORMAT " KiB",
            rest->seconds, numbers.n_peers, numbers.n_answers, soak->n_wrk, numbers.n_open,
            probe_resident ((guint) options.pid));
    if (rest->control > 0)
        printf ("  %5.1f µs to %5.1f: %.3f", rest->soaked / 1000, rest->control / 1000,
                rest->soaked / rest->control);
    printf ("  %" G_GUINT64_FORMAT " errors%s\n", numbers.n_errors,
            rest->resident > 0 ? ", weighed" : "");
    (void) fflush (stdout);
}

/* What the server keeps for reuse it gives back when nobody has wanted it for a while. This while
 * is not part of the run. */
static void
wait_until_at_ease (Soak *soak)
{
    gint64 since = g_get_monotonic_time ();
    gint64 until = get_moment (PATIENCE);
    GHashTable *before = soak->record->objects_before;
    gint64 *least = g_hash_table_lookup (before, "buffer_bytes");
    gboolean is_at_ease = least == NULL;

    while (!is_at_ease && g_get_monotonic_time () < until) {
        g_autoptr (GHashTable) now =
            g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
        g_autofree char *wrong = NULL;
        gint64 *bytes;

        g_usleep (SECOND);
        if (!probe_objects ((guint) options.port, now, &wrong))
            crowd_add_error (soak->crowd, "memory", wrong);
        bytes = g_hash_table_lookup (now, "buffer_bytes");
        is_at_ease = bytes == NULL || *bytes <= *least;
    }
    soak->began += g_get_monotonic_time () - since;
}

static void
weigh (Soak *soak, Rest *rest)
{
    g_autofree char *wrong = NULL;

    wait_until_at_ease (soak);
    rest->resident = probe_resident ((guint) options.pid);
    if (!probe_heap ((guint) options.port, &rest->heap, &wrong))
        crowd_add_error (soak->crowd, "memory", wrong);
}

static void
take_rest (Soak *soak, gboolean is_weighing)
{
    Rest this = { 0 };

    for (guint i = 0; i < BLOCKS && options.control_port > 0; i++) {
        g_autofree char *wrong = NULL;

        if (i > 0)
            record_add_rest (soak->record, &this);
        if (!probe_compare (&soak->soaked, &soak->control, get_moment (soak->rest_length / BLOCKS),
                            &this.soaked, &this.control, &wrong))
            crowd_add_error (soak->crowd, "probe", wrong);
        this.seconds = get_seconds (soak);
    }
    this.seconds = get_seconds (soak);
    if (is_weighing && options.pid > 0)
        weigh (soak, &this);
    record_add_rest (soak->record, &this);
    tell_rest (soak, &this);
}

static gboolean
is_as_before (const Record *record)
{
    g_autoptr (GPtrArray) wrong = verdict_judge (record, 0);

    for (guint i = 0; i < wrong->len; i++) {
        if (strstr (wrong->pdata[i], "before the load") != NULL)
            return FALSE;
    }
    return TRUE;
}

/* What is closed lingers for a few seconds in the server. */
static void
take_leave (Soak *soak)
{
    CrowdNumbers numbers;
    gint64 until = get_moment (PATIENCE);

    probe_clear (&soak->soaked);
    probe_clear (&soak->control);
    crowd_get_numbers (soak->crowd, &numbers);
    soak->record->n_errors = numbers.n_errors;
    g_clear_pointer (&soak->crowd, crowd_free);
    do {
        g_autofree char *wrong = NULL;

        g_usleep (50000);
        if (!probe_objects ((guint) options.port, soak->record->objects_after, &wrong)) {
            fprintf (stderr, "error: memory: %s\n", wrong);
            soak->record->n_errors++;
        }
    } while (!is_as_before (soak->record) && g_get_monotonic_time () < until);
}

static void
tell_growth (const Record *record, Weight weight, const char *what)
{
    guint64 warm, last;

    if (verdict_get_growth (record, weight, &warm, &last))
        printf ("%s: %" G_GUINT64_FORMAT " KiB after the warm-up, %" G_GUINT64_FORMAT
                " KiB at the end\n",
                what, warm, last);
}

static int
sum_up (const Soak *soak)
{
    const Record *record = soak->record;
    Judged judged =
        (options.pid > 0 ? JUDGE_GROWTH : 0) | (options.control_port > 0 ? JUDGE_DRIFT : 0);
    g_autoptr (GPtrArray) wrong = verdict_judge (record, judged);
    double second, end;

    tell_growth (record, WEIGHT_RESIDENT, "resident");
    tell_growth (record, WEIGHT_HEAP, "heap in use");
    if (verdict_get_ratios (record, &second, &end))
        printf ("latency, to the control's: %.3f in the second minute, %.3f in the last, drift "
                "%+.1f %% (a minute: %.0f s)\n",
                second, end, (end / second - 1) * 100, verdict_get_minute (record->seconds));
    for (guint i = 0; i < wrong->len; i++)
        printf ("FAILED: %s\n", (const char *) wrong->pdata[i]);
    if (wrong->len == 0)
        printf ("passed\n");
    return wrong->len == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

static void
raise_limit (void)
{
    struct rlimit limit;

    if (getrlimit (RLIMIT_NOFILE, &limit) != 0)
        return;
    limit.rlim_cur = limit.rlim_max;
    (void) setrlimit (RLIMIT_NOFILE, &limit);
    if (limit.rlim_max < (rlim_t) (options.held + options.active + options.flood + 64))
        g_error ("too few descriptors: %lu", (gulong) limit.rlim_max);
}

/* The flood fills the server's pools to their bounds: what they hold later is no growth. */
static void
open_held (Soak *soak)
{
    gint64 until = get_moment (PATIENCE);
    CrowdNumbers numbers;

    do {
        crowd_run (soak->crowd, 0, (guint) options.held, get_moment (0.02));
        crowd_get_numbers (soak->crowd, &numbers);
    } while (numbers.n_open < (guint) options.held && g_get_monotonic_time () < until);
    if (numbers.n_open < (guint) options.held)
        crowd_add_error (soak->crowd, "held open", "not all could be opened");
    crowd_flood (soak->crowd, (guint) options.flood);
    (void) crowd_settle (soak->crowd, get_moment (PATIENCE));
}

static void
start (Soak *soak)
{
    g_autofree char *wrong = NULL;

    soak->rand = g_rand_new_with_seed ((guint32) options.seed);
    pattern_init ((guint32) options.seed);
    soak->crowd = crowd_new ((guint) options.port, soak->rand);
    soak->record = record_new (options.seconds);
    soak->work_length = CLAMP (options.seconds / 20.0, 0.3, 6);
    soak->rest_length = CLAMP (options.seconds / 60.0, 0.1, 3);
    probe_init (&soak->soaked, (guint) options.port);
    probe_init (&soak->control, (guint) options.control_port);
    if (!probe_objects ((guint) options.port, soak->record->objects_before, &wrong))
        crowd_add_error (soak->crowd, "memory", wrong);
    open_held (soak);
    soak->began = g_get_monotonic_time ();
}

static gboolean
parse (int *argc, char ***argv)
{
    const GOptionEntry entries[] = {
        { "port", 0, 0, G_OPTION_ARG_INT, &options.port, "Of the server, on 127.0.0.1", "PORT" },
        { "pid", 0, 0, G_OPTION_ARG_INT, &options.pid, "Of its process", "PID" },
        { "control-port", 0, 0, G_OPTION_ARG_INT, &options.control_port,
          "Of the same server without a load; none: latencies are not judged", "PORT" },
        { "seconds", 0, 0, G_OPTION_ARG_INT, &options.seconds, "How long (600)", "SECONDS" },
        { "seed", 0, 0, G_OPTION_ARG_INT, &options.seed, "Of all chance", "NUMBER" },
        { "active", 0, 0, G_OPTION_ARG_INT, &options.active, "Busy clients (150)", "NUMBER" },
        { "held", 0, 0, G_OPTION_ARG_INT, &options.held, "Others that stay (2000)", "NUMBER" },
        { "flood", 0, 0, G_OPTION_ARG_INT, &options.flood, "Waiting at once, at the start (2600)",
          "NUMBER" },
        { "wrk", 0, 0, G_OPTION_ARG_STRING, &options.wrk, "Where wrk is; none: not run", "PATH" },
        { NULL, 0, 0, 0, NULL, NULL, NULL }
    };
    g_autoptr (GOptionContext) context = g_option_context_new ("- soaks h3d demo");
    g_autoptr (GError) error = NULL;

    options.seed = (int) (g_random_int () >> 1);
    g_option_context_add_main_entries (context, entries, NULL);
    if (g_option_context_parse (context, argc, argv, &error) && options.port > 0
        && options.seconds > 0)
        return TRUE;
    fprintf (stderr, "soak-client: %s\n", error != NULL ? error->message : "--port is missing");
    return FALSE;
}

/* After the warm-up, half-way, and at the end. */
static gboolean
is_time_to_weigh (Soak *soak)
{
    static const double parts[] = { 0.1, 0.5, 1.0 };

    if (soak->n_weighed == G_N_ELEMENTS (parts)
        || get_seconds (soak) < options.seconds * parts[soak->n_weighed])
        return FALSE;
    soak->n_weighed++;
    return TRUE;
}

int
main (int argc, char **argv)
{
    Soak soak = { 0 };
    int status;

    if (!parse (&argc, &argv))
        return EXIT_FAILURE;
    raise_limit ();
    printf ("seed %d\n", options.seed);
    (void) fflush (stdout);
    start (&soak);
    while (get_seconds (&soak) < options.seconds) {
        work (&soak);
        take_rest (&soak, is_time_to_weigh (&soak));
    }
    take_leave (&soak);
    status = sum_up (&soak);
    record_free (soak.record);
    g_rand_free (soak.rand);
    return status;
}
