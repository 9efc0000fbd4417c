/* SPDX-License-Identifier: MIT
 *
 * How many short steps workflows do in a second: functions, and programs that end at once. All of
 * it is kept, in memory or in a file. */

#include "h3/loop/clock.h"
#include "h3/workflow/workflows.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/resource.h>

#define STEPS_A_RUN 50

typedef struct {
    const char *name;
    const char *step; /* its JSON, behind the id */
    guint n_runs;
} Kind;

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t ended = PTHREAD_COND_INITIALIZER;
static guint n_ended;

static void
do_nothing (H3Step *step, gpointer user_data)
{
}

/* The last step of a run. */
static void
note_end (H3Step *step, gpointer user_data)
{
    pthread_mutex_lock (&lock);
    n_ended++;
    pthread_cond_signal (&ended);
    pthread_mutex_unlock (&lock);
}

static H3Plan *
make_plan (const Kind *kind)
{
    g_autoptr (GString) text = g_string_new (NULL);
    g_autoptr (GString) all = g_string_new (NULL);
    g_autoptr (GError) error = NULL;
    H3Plan *plan;

    g_string_append_printf (text, "{\"name\":\"%s\",\"concurrency\":8,\"steps\":[", kind->name);
    for (guint i = 1; i < STEPS_A_RUN; i++) {
        g_string_append_printf (text, "{\"id\":\"s%u\",%s},", i, kind->step);
        g_string_append_printf (all, "%s\"s%u\"", i > 1 ? "," : "", i);
    }
    g_string_append_printf (text, "{\"id\":\"end\",\"call\":\"end\",\"depends_on\":[%s]}]}",
                            all->str);
    plan = h3_plan_new_from_text (text->str, -1, &error);
    if (plan == NULL)
        g_error ("%s", error->message);
    return plan;
}

/* Microseconds of processor time, of this process and of those it waited for. */
static gint64
get_used (void)
{
    static const int whose[] = { RUSAGE_SELF, RUSAGE_CHILDREN };
    gint64 sum = 0;

    for (guint i = 0; i < G_N_ELEMENTS (whose); i++) {
        struct rusage usage;

        (void) getrusage (whose[i], &usage);
        sum += (usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * G_USEC_PER_SEC
               + usage.ru_utime.tv_usec + usage.ru_stime.tv_usec;
    }
    return sum;
}

static void
measure (const Kind *kind, const char *folder)
{
    g_autoptr (H3Workflows) workflows = h3_workflows_new ();
    g_autoptr (H3Plan) plan = make_plan (kind);
    g_autoptr (GError) error = NULL;
    gint64 began, took, used;
    double n_steps = kind->n_runs * (double) STEPS_A_RUN;

    h3_workflows_add_function (workflows, "nothing", do_nothing, NULL, NULL);
    h3_workflows_add_function (workflows, "end", note_end, NULL, NULL);
    if (!h3_workflows_set_folder (workflows, folder, &error)
        || !h3_workflows_add_plan (workflows, plan, &error)
        || !h3_workflows_start (workflows, &error))
        g_error ("%s", error->message);
    n_ended = 0;
    used = get_used ();
    began = clock_get_precise ();
    for (guint i = 0; i < kind->n_runs; i++)
        g_free (h3_workflows_start_run (workflows, kind->name, NULL, &error));
    pthread_mutex_lock (&lock);
    while (n_ended < kind->n_runs)
        pthread_cond_wait (&ended, &lock);
    pthread_mutex_unlock (&lock);
    took = clock_get_precise () - began;
    used = get_used () - used;
    g_print ("%-10s %-10s %8.0f steps a second, %6.0f us of a processor each\n", kind->name,
             folder != NULL ? "in a file" : "in memory", n_steps * 1e6 / (double) took,
             (double) used / n_steps);
}

int
main (void)
{
    static const Kind kinds[] = {
        { "functions", "\"call\":\"nothing\"", 400 },
        { "programs", "\"run\":[\"/bin/true\"]", 100 },
    };
    g_autofree char *folder = g_dir_make_tmp ("h3-bench-XXXXXX", NULL);
    g_autofree char *command = g_strdup_printf ("rm -r '%s'", folder);

    for (guint i = 0; i < G_N_ELEMENTS (kinds); i++) {
        measure (&kinds[i], NULL);
        measure (&kinds[i], folder);
    }
    return system (command);
}
