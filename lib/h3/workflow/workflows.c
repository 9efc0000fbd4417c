/* SPDX-License-Identifier: MIT */

#include "workflows-queue.h"

#include <h3/format/json.h>
#include <h3/loop/clock.h>
#include <h3/workflow/run-id.h>

#include <errno.h>

#define DEFAULT_RUNS         64
#define DEFAULT_STEPS        64
#define DEFAULT_KEEP_RUNS    10000
#define DEFAULT_KEEP_SECONDS ((gint64) 30 * 24 * 3600)
#define FOLDER_MODE          0700 /* what programs print is nobody else's */

G_DEFINE_FINAL_TYPE (H3Workflows, h3_workflows, G_TYPE_OBJECT)

static void
unref_plan (gpointer plan)
{
    h3_plan_unref (plan);
}

static void
unref_function (gpointer function)
{
    step_function_unref (function);
}

static void
unref_array (gpointer array)
{
    g_ptr_array_unref (array);
}

static void
h3_workflows_init (H3Workflows *self)
{
    pthread_mutex_init (&self->lock, NULL);
    self->plans = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, unref_plan);
    self->functions = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, unref_function);
    self->watches = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, unref_array);
    workflows_account_init (self);
    self->max_runs = DEFAULT_RUNS;
    self->max_steps = DEFAULT_STEPS;
    self->keep_runs = DEFAULT_KEEP_RUNS;
    self->keep_seconds = DEFAULT_KEEP_SECONDS;
}

static void
finalize (GObject *object)
{
    H3Workflows *self = H3_WORKFLOWS (object);

    h3_workflows_stop (self);
    g_hash_table_unref (self->plans);
    g_hash_table_unref (self->functions);
    g_hash_table_unref (self->watches);
    workflows_account_clear (self);
    g_free (self->folder);
    g_free (self->queue_url);
    g_free (self->store_fault);
    pthread_mutex_destroy (&self->lock);
    G_OBJECT_CLASS (h3_workflows_parent_class)->finalize (object);
}

static void
h3_workflows_class_init (H3WorkflowsClass *class)
{
    G_OBJECT_CLASS (class)->finalize = finalize;
}

H3Workflows *
h3_workflows_new (void)
{
    return g_object_new (H3_TYPE_WORKFLOWS, NULL);
}

/* --- plans and functions --- */

const char *
workflows_find_missing (H3Workflows *self, const H3Plan *plan)
{
    for (guint i = 0; i < plan->n_steps; i++) {
        const char *name = plan->steps[i].call;

        if (name != NULL && !g_hash_table_contains (self->functions, name))
            return name;
    }
    return NULL;
}

static gboolean
refuse_missing (const H3Plan *plan, const char *missing, GError **error)
{
    g_set_error (error, H3_ERROR, H3_ERROR_NOT_FOUND,
                 "the plan '%s' calls '%s', and there is no function of that name", plan->name,
                 missing);
    return FALSE;
}

gboolean
h3_workflows_add_plan (H3Workflows *self, H3Plan *plan, GError **error)
{
    const char *missing = NULL;

    g_return_val_if_fail (H3_IS_WORKFLOWS (self) && plan != NULL, FALSE);
    pthread_mutex_lock (&self->lock);
    if (self->phase == WORKFLOWS_RUNNING)
        missing = workflows_find_missing (self, plan);
    if (missing == NULL)
        (void) g_hash_table_replace (self->plans, plan->name, h3_plan_ref (plan));
    if (missing == NULL && self->phase == WORKFLOWS_RUNNING)
        workflows_thread_set_schedules (self, plan->name);
    pthread_mutex_unlock (&self->lock);
    return missing == NULL || refuse_missing (plan, missing, error);
}

gboolean
h3_workflows_load_file (H3Workflows *self, const char *path, GError **error)
{
    g_autoptr (H3Plan) plan = NULL;

    g_return_val_if_fail (H3_IS_WORKFLOWS (self) && path != NULL, FALSE);
    plan = h3_plan_new_from_file (path, error);
    return plan != NULL && h3_workflows_add_plan (self, plan, error);
}

gboolean
h3_workflows_remove_plan (H3Workflows *self, const char *name)
{
    gboolean was_there;

    g_return_val_if_fail (H3_IS_WORKFLOWS (self) && name != NULL, FALSE);
    pthread_mutex_lock (&self->lock);
    was_there = g_hash_table_remove (self->plans, name);
    if (was_there && self->phase == WORKFLOWS_RUNNING)
        workflows_thread_set_schedules (self, name);
    pthread_mutex_unlock (&self->lock);
    return was_there;
}

static int
compare_names (gconstpointer a, gconstpointer b)
{
    return strcmp (*(const char *const *) a, *(const char *const *) b);
}

char **
h3_workflows_dup_names (H3Workflows *self)
{
    GPtrArray *names = g_ptr_array_new ();
    GHashTableIter iter;
    gpointer name;

    g_return_val_if_fail (H3_IS_WORKFLOWS (self), NULL);
    pthread_mutex_lock (&self->lock);
    g_hash_table_iter_init (&iter, self->plans);
    while (g_hash_table_iter_next (&iter, &name, NULL))
        g_ptr_array_add (names, g_strdup (name));
    pthread_mutex_unlock (&self->lock);
    g_ptr_array_sort (names, compare_names);
    g_ptr_array_add (names, NULL);
    return (char **) g_ptr_array_free (names, FALSE);
}

void
h3_workflows_add_function (H3Workflows *self, const char *name, H3StepFunction function,
                           gpointer user_data, GDestroyNotify destroy)
{
    StepFunction *replaced, *added;

    g_return_if_fail (H3_IS_WORKFLOWS (self) && name != NULL && function != NULL);
    added = step_function_new (function, user_data, destroy);
    pthread_mutex_lock (&self->lock);
    replaced = g_hash_table_lookup (self->functions, name);
    if (replaced != NULL)
        replaced = step_function_ref (replaced);
    (void) g_hash_table_replace (self->functions, g_strdup (name), added);
    pthread_mutex_unlock (&self->lock);
    /* Its `destroy` is called without the lock. */
    step_function_unref (replaced);
}

H3Plan *
workflows_get_plan (H3Workflows *self, const char *name)
{
    H3Plan *plan;

    pthread_mutex_lock (&self->lock);
    plan = g_hash_table_lookup (self->plans, name);
    if (plan != NULL)
        plan = h3_plan_ref (plan);
    pthread_mutex_unlock (&self->lock);
    return plan;
}

/* --- settings --- */

static gboolean
is_resting (H3Workflows *self)
{
    gboolean is_resting;

    pthread_mutex_lock (&self->lock);
    is_resting = self->phase == WORKFLOWS_RESTING;
    pthread_mutex_unlock (&self->lock);
    return is_resting;
}

gboolean
h3_workflows_set_folder (H3Workflows *self, const char *folder, GError **error)
{
    g_return_val_if_fail (H3_IS_WORKFLOWS (self) && is_resting (self), FALSE);
    if (folder != NULL && g_mkdir_with_parents (folder, FOLDER_MODE) != 0) {
        g_set_error (error, H3_ERROR, H3_ERROR_FAILED, "cannot make the folder '%s': %s", folder,
                     g_strerror (errno));
        return FALSE;
    }
    g_free (self->folder);
    self->folder = g_strdup (folder);
    return TRUE;
}

gboolean
h3_workflows_set_queue (H3Workflows *self, const char *url, GError **error)
{
    g_return_val_if_fail (H3_IS_WORKFLOWS (self) && is_resting (self), FALSE);
    if (url != NULL && !workflows_queue_check (url, error))
        return FALSE;
    g_free (self->queue_url);
    self->queue_url = g_strdup (url);
    return TRUE;
}

void
h3_workflows_set_concurrency (H3Workflows *self, guint runs, guint steps)
{
    g_return_if_fail (H3_IS_WORKFLOWS (self) && is_resting (self) && runs > 0 && steps > 0);
    self->max_runs = runs;
    self->max_steps = steps;
}

void
h3_workflows_set_keep (H3Workflows *self, guint runs, gint64 seconds)
{
    g_return_if_fail (H3_IS_WORKFLOWS (self) && is_resting (self) && runs > 0 && seconds > 0);
    self->keep_runs = runs;
    self->keep_seconds = seconds;
}

/* --- life --- */

/* Under the lock. */
static gboolean
may_start (H3Workflows *self, GError **error)
{
    GHashTableIter iter;
    gpointer plan;

    if (self->phase != WORKFLOWS_RESTING) {
        g_set_error (error, H3_ERROR, H3_ERROR_CLOSED, "the workflows have been started already");
        return FALSE;
    }
    g_hash_table_iter_init (&iter, self->plans);
    while (g_hash_table_iter_next (&iter, NULL, &plan)) {
        const char *missing = workflows_find_missing (self, plan);

        if (missing != NULL)
            return refuse_missing (plan, missing, error);
    }
    return TRUE;
}

gboolean
h3_workflows_start (H3Workflows *self, GError **error)
{
    gboolean is_started;

    g_return_val_if_fail (H3_IS_WORKFLOWS (self), FALSE);
    pthread_mutex_lock (&self->lock);
    is_started = may_start (self, error);
    if (is_started)
        self->phase = WORKFLOWS_STARTING;
    pthread_mutex_unlock (&self->lock);
    if (!is_started)
        return FALSE;
    is_started = workflows_thread_start (self, error);
    pthread_mutex_lock (&self->lock);
    self->phase = is_started ? WORKFLOWS_RUNNING : WORKFLOWS_RESTING;
    if (is_started)
        workflows_watch_schedules (self);
    pthread_mutex_unlock (&self->lock);
    return is_started;
}

void
h3_workflows_stop (H3Workflows *self)
{
    gboolean is_running;

    g_return_if_fail (H3_IS_WORKFLOWS (self));
    pthread_mutex_lock (&self->lock);
    is_running = self->phase == WORKFLOWS_RUNNING;
    if (is_running)
        self->phase = WORKFLOWS_ENDING;
    pthread_mutex_unlock (&self->lock);
    if (!is_running)
        return;
    workflows_thread_stop (self);
    pthread_mutex_lock (&self->lock);
    g_hash_table_remove_all (self->active);
    g_clear_pointer (&self->store_fault, g_free);
    self->n_going = self->n_steps = 0;
    self->phase = WORKFLOWS_RESTING;
    pthread_mutex_unlock (&self->lock);
}

RunStore *
workflows_get_store (H3Workflows *self)
{
    RunStore *store;

    pthread_mutex_lock (&self->lock);
    store = self->phase == WORKFLOWS_RUNNING ? self->store : NULL;
    pthread_mutex_unlock (&self->lock);
    return store;
}

Loop *
workflows_ref_loop (H3Workflows *self)
{
    Loop *loop;

    pthread_mutex_lock (&self->lock);
    loop = self->phase == WORKFLOWS_RUNNING ? loop_ref (self->loop) : NULL;
    pthread_mutex_unlock (&self->lock);
    return loop;
}

/* --- runs --- */

static gboolean
is_json (const char *text, GError **error)
{
    g_autoptr (json_t) document = NULL;
    g_autoptr (GError) fault = NULL;

    if (text == NULL)
        return TRUE;
    document = h3_json_parse (h3_view_of (text), H3_JSON_MAX_DEPTH, &fault);
    if (document == NULL)
        g_set_error (error, H3_ERROR, H3_ERROR_SYNTAX, "the input of a run must be JSON: %s",
                     fault->message);
    return document != NULL;
}

/* Under the lock. NULL with an error. */
static H3Plan *
find_startable (H3Workflows *self, const char *name, GError **error)
{
    H3Plan *plan = g_hash_table_lookup (self->plans, name);

    if (self->phase != WORKFLOWS_RUNNING)
        g_set_error (error, H3_ERROR, H3_ERROR_CLOSED, "the workflows are not running");
    else if (plan == NULL)
        g_set_error (error, H3_ERROR, H3_ERROR_NOT_FOUND, "there is no workflow '%s'", name);
    else if (g_hash_table_size (self->active) >= WORKFLOWS_MAX_RUNS)
        g_set_error (error, H3_ERROR, H3_ERROR_LIMIT,
                     "%d runs have not ended yet: start it again later", WORKFLOWS_MAX_RUNS);
    else if (!run_store_has_room (self->store))
        g_set_error (error, H3_ERROR, H3_ERROR_LIMIT,
                     "what runs do cannot be kept at the moment: start it again later");
    else
        return plan;
    return NULL;
}

/* Under the lock. */
static void
add_run (H3Workflows *self, const char *id, H3Plan *plan, const char *input)
{
    g_autofree const char **steps = g_new0 (const char *, plan->n_steps + 1);
    RunRecord record = { id, plan->name, plan->text, input, NULL, clock_get_real () };

    for (guint i = 0; i < plan->n_steps; i++)
        steps[i] = plan->steps[i].id;
    record.steps = steps;
    run_store_add_run (self->store, &record);
    workflows_account_note (self, id, plan->name, RUN_PENDING);
    workflows_thread_add_run (self, id, plan, input);
}

char *
h3_workflows_start_run (H3Workflows *self, const char *name, const char *input, GError **error)
{
    g_autofree char *id = NULL;
    H3Plan *plan;

    g_return_val_if_fail (H3_IS_WORKFLOWS (self) && name != NULL, NULL);
    if (!is_json (input, error))
        return NULL;
    id = run_id_new (error);
    if (id == NULL)
        return NULL;
    pthread_mutex_lock (&self->lock);
    plan = find_startable (self, name, error);
    if (plan != NULL && self->queue != NULL)
        workflows_queue_give (self, id, plan, input);
    else if (plan != NULL)
        add_run (self, id, plan, input);
    pthread_mutex_unlock (&self->lock);
    return plan != NULL ? g_steal_pointer (&id) : NULL;
}

gboolean
h3_workflows_cancel_run (H3Workflows *self, const char *id, GError **error)
{
    gboolean is_active, is_known;

    g_return_val_if_fail (H3_IS_WORKFLOWS (self) && id != NULL, FALSE);
    pthread_mutex_lock (&self->lock);
    is_active = g_hash_table_contains (self->active, id);
    /* Of a run that others may have, they are told. */
    is_known = is_active || g_hash_table_contains (self->over, id)
               || (self->phase == WORKFLOWS_RUNNING && self->queue != NULL && run_id_is_one (id));
    if (self->phase == WORKFLOWS_RUNNING && (is_active || self->queue != NULL) && is_known)
        workflows_thread_cancel_run (self, id);
    pthread_mutex_unlock (&self->lock);
    if (!is_known)
        g_set_error (error, H3_ERROR, H3_ERROR_NOT_FOUND, "there is no run '%s'", id);
    return is_known;
}

guint
h3_workflows_count_runs (H3Workflows *self)
{
    guint n;

    g_return_val_if_fail (H3_IS_WORKFLOWS (self), 0);
    pthread_mutex_lock (&self->lock);
    n = g_hash_table_size (self->active);
    pthread_mutex_unlock (&self->lock);
    return n;
}

gboolean
workflows_is_shared (H3Workflows *self)
{
    gboolean is_shared;

    pthread_mutex_lock (&self->lock);
    is_shared = self->queue != NULL;
    pthread_mutex_unlock (&self->lock);
    return is_shared;
}

void
workflows_ask_run (H3Workflows *self, const char *id, RunAnswer answer, gpointer data,
                   GDestroyNotify dropped)
{
    gboolean is_here;

    pthread_mutex_lock (&self->lock);
    is_here = self->queue == NULL || g_hash_table_contains (self->active, id);
    pthread_mutex_unlock (&self->lock);
    if (is_here)
        run_store_ask_run (self->store, id, answer, data, dropped);
    else
        workflows_queue_ask (self, id, answer, data, dropped);
}
