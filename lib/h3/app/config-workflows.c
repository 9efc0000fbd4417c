/* SPDX-License-Identifier: MIT
 *
 * [workflows]. What runs goes on over reloads that leave folder and bounds as they were; plans are
 * read anew by each, and followed only when all else is right. */

#include "config-workflows.h"

#include "config-shapes.h"

#include "app-workflows-inside.h"
#include "components.h"

#include <h3/workflow/plan-inside.h>
#include <h3/workflow/workflows-inside.h>

#include <pthread.h>
#include <stdatomic.h>
#include <string.h>

/* Started by the first server that has it, stopped behind the last. */
struct _ConfigWorkflows {
    atomic_uint references; /* an app may be freed by the last thread of its server */
    H3Workflows *workflows; /* ref */
    pthread_mutex_t mutex;  /* guards what follows; held while the first starts */
    guint n_servers;
    gboolean is_started;
    ConfigWorkflows *successor; /* ref: what takes up what this one leaves; NULL: none */
};

static ConfigWorkflows *
new_workflows (void)
{
    ConfigWorkflows *shared = g_new0 (ConfigWorkflows, 1);

    atomic_init (&shared->references, 1);
    shared->workflows = h3_workflows_new ();
    (void) pthread_mutex_init (&shared->mutex, NULL);
    return shared;
}

static ConfigWorkflows *
ref_workflows (ConfigWorkflows *shared)
{
    atomic_fetch_add_explicit (&shared->references, 1, memory_order_relaxed);
    return shared;
}

static void
unref_workflows (gpointer data)
{
    ConfigWorkflows *shared = data;

    if (atomic_fetch_sub_explicit (&shared->references, 1, memory_order_acq_rel) > 1)
        return;
    (void) pthread_mutex_destroy (&shared->mutex);
    g_clear_pointer (&shared->successor, unref_workflows);
    g_object_unref (shared->workflows);
    g_free (shared);
}

/* (transfer full) (nullable) */
static ConfigWorkflows *
ref_successor (ConfigWorkflows *shared)
{
    ConfigWorkflows *successor;

    (void) pthread_mutex_lock (&shared->mutex);
    successor = shared->successor != NULL ? ref_workflows (shared->successor) : NULL;
    (void) pthread_mutex_unlock (&shared->mutex);
    return successor;
}

static void
set_successor (ConfigWorkflows *shared, ConfigWorkflows *successor)
{
    ConfigWorkflows *before;

    (void) pthread_mutex_lock (&shared->mutex);
    before = shared->successor;
    shared->successor = successor != NULL ? ref_workflows (successor) : NULL;
    (void) pthread_mutex_unlock (&shared->mutex);
    if (before != NULL)
        unref_workflows (before);
}

/* What is interrupted here goes on there, as far as its plan and its folder say so. A successor may
 * have ended before this one: then its own is asked. */
static void
tell_successors (ConfigWorkflows *shared)
{
    ConfigWorkflows *next = ref_successor (shared);

    while (next != NULL) {
        ConfigWorkflows *told = next;

        workflows_search (told->workflows);
        next = ref_successor (told);
        unref_workflows (told);
    }
}

/* A configuration's part: its plans, and who runs them. */
struct _ConfigPlans {
    ConfigWorkflows *shared; /* ref */
    GPtrArray *plans;        /* owned: H3Plan, refs */
    gboolean is_awaited;     /* the server's start begins nothing: config_plans_begin () does */
};

void
config_plans_free (ConfigPlans *plans)
{
    if (plans == NULL)
        return;
    g_ptr_array_unref (plans->plans);
    unref_workflows (plans->shared);
    g_free (plans);
}

/* Those that are no longer in the file begin no more runs. */
static void
remove_others (const ConfigPlans *plans)
{
    g_auto (GStrv) names = h3_workflows_dup_names (plans->shared->workflows);

    for (guint i = 0; names[i] != NULL; i++) {
        gboolean is_there = FALSE;

        for (guint j = 0; j < plans->plans->len; j++)
            is_there =
                is_there || strcmp (h3_plan_get_name (plans->plans->pdata[j]), names[i]) == 0;
        if (!is_there)
            (void) h3_workflows_remove_plan (plans->shared->workflows, names[i]);
    }
}

static void
add_plans (const ConfigPlans *plans)
{
    remove_others (plans);
    for (guint i = 0; i < plans->plans->len; i++) {
        g_autoptr (GError) error = NULL;

        /* Plans that call functions were refused when they were read. */
        if (!h3_workflows_add_plan (plans->shared->workflows, plans->plans->pdata[i], &error))
            g_message ("%s", error->message);
    }
}

void
config_plans_follow (ConfigPlans *plans)
{
    if (plans == NULL)
        return;
    set_successor (plans->shared, NULL);
    add_plans (plans);
    workflows_set_scheduling (plans->shared->workflows, TRUE);
}

void
config_plans_rest (ConfigPlans *plans, ConfigPlans *next)
{
    ConfigWorkflows *shared = plans != NULL ? plans->shared : NULL;
    ConfigWorkflows *successor = next != NULL ? next->shared : NULL;

    if (shared == NULL || shared == successor)
        return;
    workflows_set_scheduling (shared->workflows, FALSE);
    set_successor (shared, successor);
}

static gboolean
begin (ConfigPlans *plans, GError **error)
{
    ConfigWorkflows *shared = plans->shared;
    gboolean is_started;

    (void) pthread_mutex_lock (&shared->mutex);
    if (!shared->is_started) {
        add_plans (plans);
        shared->is_started = h3_workflows_start (shared->workflows, error);
    }
    is_started = shared->is_started;
    (void) pthread_mutex_unlock (&shared->mutex);
    return is_started;
}

void
config_plans_await (ConfigPlans *plans)
{
    if (plans != NULL)
        plans->is_awaited = TRUE;
}

gboolean
config_plans_begin (ConfigPlans *plans, GError **error)
{
    return plans == NULL || begin (plans, error);
}

H3Workflows *
config_plans_get_workflows (const ConfigPlans *plans)
{
    return plans->shared->workflows;
}

static gboolean
start (gpointer data, GError **error)
{
    ConfigPlans *plans = data;

    if (!plans->is_awaited && !begin (plans, error))
        return FALSE;
    (void) pthread_mutex_lock (&plans->shared->mutex);
    plans->shared->n_servers++;
    (void) pthread_mutex_unlock (&plans->shared->mutex);
    return TRUE;
}

static void
stop (gpointer data)
{
    ConfigWorkflows *shared = ((ConfigPlans *) data)->shared;
    gboolean is_last;

    (void) pthread_mutex_lock (&shared->mutex);
    is_last = --shared->n_servers == 0;
    if (is_last)
        shared->is_started = FALSE;
    (void) pthread_mutex_unlock (&shared->mutex);
    if (!is_last)
        return;
    h3_workflows_stop (shared->workflows);
    tell_successors (shared);
}

static gboolean
check_health (gpointer data, GError **error)
{
    return app_check_workflows (((ConfigPlans *) data)->shared->workflows, error);
}

/* Nobody has functions here that a plan could call. */
static gboolean
check_plan (ConfigBuild *build, const ConfigGroup *group, const H3Plan *plan)
{
    for (guint i = 0; i < plan->n_steps; i++) {
        if (plan->steps[i].kind != PLAN_CALL)
            continue;
        config_build_tell (build, group, "plans",
                           "the step '%s' of '%s' calls a function, and only a program has some",
                           plan->steps[i].id, h3_plan_get_name (plan));
        return FALSE;
    }
    return TRUE;
}

static void
read_plan (ConfigBuild *build, const ConfigGroup *group, const char *file, GPtrArray *plans)
{
    g_autofree char *path = g_canonicalize_filename (file, build->document->folder);
    GError *error = NULL;
    g_autoptr (H3Plan) plan = h3_plan_new_from_file (path, &error);

    if (plan == NULL) {
        config_build_tell_error (build, group, "plans", error);
        return;
    }
    for (guint i = 0; i < plans->len; i++) {
        if (strcmp (h3_plan_get_name (plans->pdata[i]), h3_plan_get_name (plan)) == 0)
            config_build_tell (build, group, "plans", "two of them are called '%s'",
                               h3_plan_get_name (plan));
    }
    if (check_plan (build, group, plan))
        g_ptr_array_add (plans, g_steal_pointer (&plan));
}

static void
unref_plan (gpointer plan)
{
    h3_plan_unref (plan);
}

/* (transfer full): as the group's file says them. */
static GPtrArray *
read_plans (ConfigBuild *build, const ConfigGroup *group)
{
    const char *const *files = config_group_get_list (group, "plans");
    GPtrArray *plans = g_ptr_array_new_with_free_func (unref_plan);

    for (guint i = 0; files != NULL && files[i] != NULL; i++)
        read_plan (build, group, files[i], plans);
    return plans;
}

/* Several executors share what they do by a queue: without one a run would be known to one process
 * alone, and interrupted for good when that gives way. */
static void
check_processes (ConfigBuild *build, const ConfigGroup *group)
{
    if (config_document_count_processes (build->document) > 0 && !config_group_has (group, "queue"))
        config_build_tell (build, group, NULL,
                           "processes share runs by a queue: give queue = redis://127.0.0.1/0, or "
                           "leave processes out");
}

/* (transfer full) */
static ConfigWorkflows *
make_workflows (ConfigBuild *build, const ConfigGroup *group)
{
    ConfigWorkflows *shared = new_workflows ();
    const char *folder = config_group_get_text (group, "data");
    const char *queue = config_group_get_text (group, "queue");
    GError *error = NULL;

    h3_workflows_set_concurrency (shared->workflows,
                                  (guint) config_group_get_number (group, "runs"),
                                  (guint) config_group_get_number (group, "steps"));
    h3_workflows_set_keep (shared->workflows, (guint) config_group_get_number (group, "keep-runs"),
                           config_group_get_number (group, "keep-time"));
    if (folder != NULL && !build->is_dry
        && !h3_workflows_set_folder (shared->workflows, folder, &error))
        config_build_tell_error (build, group, "data", error);
    if (queue != NULL && !build->is_dry
        && !h3_workflows_set_queue (shared->workflows, queue, &error))
        config_build_tell_error (build, group, "queue", error);
    return shared;
}

/* (transfer none): those of before, where folder and bounds are the same. */
static ConfigWorkflows *
find_workflows (ConfigBuild *build, const ConfigGroup *group)
{
    const char *folder = config_group_get_text (group, "data");
    const char *queue = config_group_get_text (group, "queue");
    g_autofree char *name = g_strdup_printf (
        "workflows %" G_GINT64_FORMAT " %" G_GINT64_FORMAT " %" G_GINT64_FORMAT " %" G_GINT64_FORMAT
        " %s %s",
        config_group_get_number (group, "runs"), config_group_get_number (group, "steps"),
        config_group_get_number (group, "keep-runs"), config_group_get_number (group, "keep-time"),
        queue != NULL ? queue : "", folder != NULL ? folder : "");
    ConfigWorkflows *shared = config_kept_find (build->kept, name);

    if (shared == NULL)
        shared =
            config_kept_add (build->kept, name, make_workflows (build, group), unref_workflows);
    return shared;
}

static void
free_plans (gpointer plans)
{
    config_plans_free (plans);
}

static void
apply_workflows (ConfigBuild *build, const ConfigGroup *group, ConfigPhase phase)
{
    static const H3Component component = {
        .name = "workflows", .start = start, .stop = stop, .health = check_health
    };
    const char *path = config_group_get_text (group, "path");
    ConfigPlans *plans;

    if (!config_build_check_prefix (build, group, "path", path)
        || !config_build_claim (build, group, path))
        return;
    if (!config_build_is_guarded (build, path))
        config_build_tell (build, group, NULL,
                           "whoever reaches it would run programs here: give an [auth NAME], for "
                           "all methods and not optional, or a [clients NAME] with path = %s",
                           path);
    check_processes (build, group);
    plans = g_new0 (ConfigPlans, 1);
    plans->plans = read_plans (build, group);
    plans->shared = ref_workflows (find_workflows (build, group));
    app_add_workflow_routes (build->app, path, plans->shared->workflows, NULL);
    h3_app_add_component (build->app, &component, plans, free_plans);
    build->plans = plans;
}

static const ConfigKey workflows_keys[] = {
    { "path", CONFIG_TEXT, 0, 0, 0, "/workflows", NULL, NULL,
      "where they are started, watched and ended, which an `[auth NAME]` or `[clients NAME]` keeps "
      "others out of" },
    { "plans", CONFIG_LIST, CONFIG_REQUIRED, 0, 0, NULL, NULL, NULL,
      "files with a plan each, in JSON, from the folder of the configuration" },
    { "data", CONFIG_FILE, 0, 0, 0, NULL, NULL, NULL,
      "the folder in which runs are kept; in memory where it is not given" },
    { "queue", CONFIG_TEXT, 0, 0, 0, NULL, NULL, NULL,
      "a Redis server by which several machines share runs: redis://127.0.0.1/0" },
    { "runs", CONFIG_NUMBER, 0, 1, 100000, "64", NULL, NULL, "that go on at a time" },
    { "steps", CONFIG_NUMBER, 0, 1, 100000, "64", NULL, NULL, "of all runs at a time" },
    { "keep-runs", CONFIG_NUMBER, 0, 1, G_MAXINT32, "10000", NULL, NULL,
      "runs that are kept when they have ended" },
    { "keep-time", CONFIG_SECONDS, 0, 1, 3153600000, "30d", NULL, NULL, "… and for how long" },
};

const ConfigShape config_shape_workflows = {
    .name = "workflows",
    .what = "programs and requests in steps that wait for one another, run when asked for or by "
            "the clock",
    CONFIG_KEYS (workflows_keys),
    .apply = apply_workflows,
    .phases = 1 << CONFIG_PHASE_ROUTES
};
