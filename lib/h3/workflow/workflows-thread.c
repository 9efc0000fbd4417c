/* SPDX-License-Identifier: MIT
 *
 * The thread of the workflows: all runs are its own. */

#include "workflows-queue.h"

#include <h3/base/random.h>
#include <h3/loop/clock.h>

#include <signal.h>

#define MAX_FUNCTIONS 64   /* that run at a time: threads of the pool */
#define SEARCH_PAUSE  2000 /* milliseconds, until what others left is looked for again */

/* What is told to the process itself by who started it, and not to its steps. */
static const char *const own_variables[] = { "NOTIFY_SOCKET",  "LISTEN_FDS",    "LISTEN_PID",
                                             "LISTEN_FDNAMES", "WATCHDOG_USEC", "WATCHDOG_PID" };

static char **
make_environment (void)
{
    char **environment = g_get_environ ();

    for (guint i = 0; i < G_N_ELEMENTS (own_variables); i++)
        environment = g_environ_unsetenv (environment, own_variables[i]);
    return environment;
}

/* --- the loop's thread --- */

static void
publish (H3Workflows *self)
{
    pthread_mutex_lock (&self->lock);
    self->n_going = self->n_begun;
    self->n_steps = self->context.n_steps;
    pthread_mutex_unlock (&self->lock);
}

static void
begin_some (H3Workflows *self)
{
    while (self->n_begun < self->max_runs && self->line.length > 0) {
        self->n_begun++;
        run_begin (g_queue_pop_head (&self->line));
    }
    workflows_queue_set_room (self);
    publish (self);
}

void
workflows_thread_end_if_done (H3Workflows *self)
{
    if (self->is_stopping && g_hash_table_size (self->runs) == 0 && workflows_queue_is_done (self))
        loop_stop (self->loop);
}

static StepFunction *
find_function (const char *name, gpointer data)
{
    H3Workflows *self = data;
    StepFunction *function;

    pthread_mutex_lock (&self->lock);
    function = g_hash_table_lookup (self->functions, name);
    if (function != NULL)
        function = step_function_ref (function);
    pthread_mutex_unlock (&self->lock);
    return function;
}

static void
on_changed (Run *run, RunState state, gpointer data)
{
    H3Workflows *self = data;

    pthread_mutex_lock (&self->lock);
    workflows_account_note (self, run_get_id (run), run_get_workflow (run), state);
    self->n_steps = self->context.n_steps;
    pthread_mutex_unlock (&self->lock);
}

/* Told or not, it is no longer this process's. */
static void
on_over (Run *run, RunState state, gpointer data)
{
    H3Workflows *self = data;

    if (!g_queue_remove (&self->line, run))
        self->n_begun--;
    pthread_mutex_lock (&self->lock);
    (void) g_hash_table_remove (self->active, run_get_id (run));
    pthread_mutex_unlock (&self->lock);
    workflows_queue_note_over (self, run, state);
    (void) g_hash_table_remove (self->runs, run_get_id (run));
    begin_some (self);
    workflows_thread_end_if_done (self);
}

void
workflows_thread_take_run (H3Workflows *self, Run *run)
{
    pthread_mutex_lock (&self->lock);
    workflows_account_note (self, run_get_id (run), run_get_workflow (run), RUN_PENDING);
    pthread_mutex_unlock (&self->lock);
    (void) g_hash_table_insert (self->runs, (char *) run_get_id (run), run);
    g_queue_push_tail (&self->line, run);
    if (self->is_stopping)
        run_end (run, RUN_INTERRUPTED, "the server is ending");
    else
        begin_some (self);
}

/* Something that another thread wants done. */
typedef struct {
    H3Workflows *workflows; /* borrowed: waits for the thread */
    char *id;               /* owned */
    H3Plan *plan;           /* ref */
    char *input;            /* owned; NULL: none */
} Errand;

static Errand *
new_errand (H3Workflows *self, const char *id, H3Plan *plan, const char *input)
{
    Errand *errand = g_new (Errand, 1);

    *errand =
        (Errand){ self, g_strdup (id), plan != NULL ? h3_plan_ref (plan) : NULL, g_strdup (input) };
    return errand;
}

static void
free_errand (gpointer data)
{
    Errand *errand = data;

    g_free (errand->id);
    h3_plan_unref (errand->plan);
    g_free (errand->input);
    g_free (errand);
}

static void
on_run_added (gpointer data)
{
    Errand *errand = data;
    H3Workflows *self = errand->workflows;

    workflows_thread_take_run (self,
                               run_new (&self->context, errand->id, errand->plan, errand->input));
    free_errand (errand);
}

static void
on_run_cancelled (gpointer data)
{
    Errand *errand = data;
    Run *run = g_hash_table_lookup (errand->workflows->runs, errand->id);

    if (run != NULL)
        run_end (run, RUN_CANCELLED, "the run was cancelled");
    else if (errand->workflows->queue != NULL)
        workflows_queue_cancel (errand->workflows, errand->id);
    free_errand (errand);
}

void
workflows_thread_add_run (H3Workflows *self, const char *id, H3Plan *plan, const char *input)
{
    loop_post (self->loop, on_run_added, new_errand (self, id, plan, input), free_errand);
}

void
workflows_thread_cancel_run (H3Workflows *self, const char *id)
{
    loop_post (self->loop, on_run_cancelled, new_errand (self, id, NULL, NULL), free_errand);
}

/* --- schedules --- */

/* Where it cannot be begun, as too many are there that have not ended, it is left out this time. */
static void
on_scheduled (const char *name, gpointer data)
{
    g_autoptr (GError) error = NULL;
    g_autofree char *id = h3_workflows_start_run (data, name, NULL, &error);

    if (id == NULL)
        g_message ("the workflow '%s' was due, and is left out this time: %s", name,
                   error->message);
}

static gboolean
is_scheduling (H3Workflows *self)
{
    gboolean is_unscheduled;

    pthread_mutex_lock (&self->lock);
    is_unscheduled = self->is_unscheduled;
    pthread_mutex_unlock (&self->lock);
    return !is_unscheduled;
}

static void
on_schedules_set (gpointer data)
{
    Errand *errand = data;
    H3Workflows *self = errand->workflows;
    g_autoptr (H3Plan) plan = workflows_get_plan (self, errand->id);

    if (self->triggers != NULL && plan != NULL && is_scheduling (self))
        triggers_set_plan (self->triggers, plan);
    else if (self->triggers != NULL)
        triggers_remove_plan (self->triggers, errand->id);
    free_errand (errand);
}

void
workflows_thread_set_schedules (H3Workflows *self, const char *name)
{
    loop_post (self->loop, on_schedules_set, new_errand (self, name, NULL, NULL), free_errand);
}

/* --- runs that another process left --- */

static void
take_up (H3Workflows *self, const RunFound *found)
{
    g_autoptr (GError) error = NULL;
    g_autoptr (H3Plan) plan = h3_plan_new_from_text (found->run.plan, -1, &error);
    g_autofree char *why = NULL;
    Run *run;

    if (plan == NULL) {
        why = g_strdup_printf ("its plan cannot be read any more: %s", error->message);
        run_store_set_run (self->store, found->run.id, RUN_FAILED, why, clock_get_real ());
        return;
    }
    if (workflows_queue_leaves (self, found, plan))
        return;
    run = run_new (&self->context, found->run.id, plan, found->run.input);
    run_resume (run, found);
    workflows_thread_take_run (self, run);
}

static void
on_unfinished (const RunFound *runs, guint n, const GError *error, gpointer data)
{
    H3Workflows *self = data;

    /* Where the server ends already, the next one finds them again. */
    for (guint i = 0; i < n && !self->is_stopping; i++)
        take_up (self, &runs[i]);
    if (error != NULL && !self->is_stopping)
        alarms_set (loop_get_alarms (self->loop), &self->search, clock_get_now () + SEARCH_PAUSE);
    if (error != NULL || self->has_searched_in_vain)
        workflows_store_listener.changed (error != NULL ? error->message : NULL, self);
    self->has_searched_in_vain = error != NULL;
}

static void
search (gpointer data)
{
    H3Workflows *self = data;

    if (!self->is_stopping)
        run_store_take_unfinished (self->store, on_unfinished, self, NULL);
}

void
workflows_thread_search (H3Workflows *self)
{
    loop_post (self->loop, search, self, NULL);
}

/* Another process may have had the file locked. */
static void
on_search (Alarm *alarm)
{
    H3Workflows *self =
        (H3Workflows *) (void *) ((char *) alarm - G_STRUCT_OFFSET (H3Workflows, search));

    run_store_take_unfinished (self->store, on_unfinished, self, NULL);
}

static void
on_begin (gpointer data)
{
    H3Workflows *self = data;

    self->triggers = triggers_new (self->loop, on_scheduled, self);
    run_store_take_unfinished (self->store, on_unfinished, self, NULL);
    workflows_queue_set_room (self);
}

static void
on_stop (gpointer data)
{
    H3Workflows *self = data;
    g_autoptr (GList) runs = g_hash_table_get_values (self->runs);

    self->is_stopping = TRUE;
    g_clear_pointer (&self->triggers, triggers_free);
    for (GList *at = runs; at != NULL; at = at->next)
        run_end (at->data, RUN_INTERRUPTED, "the server is ending");
    alarms_clear (loop_get_alarms (self->loop), &self->search);
    workflows_queue_stop (self);
    workflows_thread_end_if_done (self);
}

/* --- its life --- */

static void *
run_thread (void *data)
{
    H3Workflows *self = data;

    loop_enter (self->loop);
    loop_run (self->loop);
    workflows_queue_close (self);
    loop_close (self->loop);
    loop_leave (self->loop);
    return NULL;
}

static void
free_run (gpointer run)
{
    run_free (run);
}

static GRand *
new_random (void)
{
    guint32 seed[4];

    if (random_fill (seed, sizeof seed))
        return g_rand_new_with_seed_array (seed, G_N_ELEMENTS (seed));
    return g_rand_new ();
}

static void
make_context (H3Workflows *self)
{
    ClientOptions options;

    client_options_init (&options);
    self->settings = client_settings_new (&options);
    self->runs = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, free_run);
    g_queue_init (&self->line);
    self->n_begun = 0;
    self->is_stopping = self->is_draining = self->is_drained = FALSE;
    self->has_searched_in_vain = FALSE;
    self->search = (Alarm){ .on_due = on_search };
    self->context = (RunContext){ .loop = self->loop,
                                  .offload = self->offload,
                                  .store = self->store,
                                  .settings = self->settings,
                                  .random = new_random (),
                                  .environment = make_environment (),
                                  .outlives = self->folder != NULL || self->queue_url != NULL,
                                  .max_steps = self->max_steps,
                                  .find_function = find_function,
                                  .on_changed = on_changed,
                                  .on_over = on_over,
                                  .data = self };
    g_queue_init (&self->context.line);
}

static void
clear_all (H3Workflows *self)
{
    workflows_queue_close (self);
    g_clear_pointer (&self->offload, offload_free);
    g_clear_pointer (&self->store, run_store_free);
    g_clear_pointer (&self->runs, g_hash_table_unref);
    g_clear_pointer (&self->settings, client_settings_unref);
    g_clear_pointer (&self->context.random, g_rand_free);
    g_clear_pointer (&self->context.environment, g_strfreev);
    g_clear_pointer (&self->loop, loop_unref);
}

/* Signals are for the program's own threads; a broken pipe is told by send (). */
static gboolean
spawn_thread (H3Workflows *self, GError **error)
{
    sigset_t all, before;
    int result;

    sigfillset (&all);
    pthread_sigmask (SIG_SETMASK, &all, &before);
    result = pthread_create (&self->thread, NULL, run_thread, self);
    pthread_sigmask (SIG_SETMASK, &before, NULL);
    if (result != 0)
        g_set_error (error, H3_ERROR, H3_ERROR_FAILED,
                     "the thread of the workflows cannot be started: %s", g_strerror (result));
    return result == 0;
}

gboolean
workflows_thread_start (H3Workflows *self, GError **error)
{
    g_autofree char *path =
        self->folder != NULL ? g_build_filename (self->folder, "workflows.sqlite", NULL) : NULL;

    self->store = run_store_new (path, error);
    if (self->store == NULL)
        return FALSE;
    run_store_listen (self->store, &workflows_store_listener, self);
    run_store_set_keep (self->store, self->keep_runs, self->keep_seconds);
    self->offload = offload_new (MIN (self->max_steps, MAX_FUNCTIONS));
    self->loop = loop_new (error);
    if (self->loop != NULL) {
        loop_set_offload (self->loop, self->offload);
        make_context (self);
        if (workflows_queue_open (self, error) && spawn_thread (self, error)) {
            /* A loop that nobody runs would begin as it is closed. */
            loop_post (self->loop, on_begin, self, NULL);
            return TRUE;
        }
        workflows_queue_close (self);
        loop_close (self->loop);
    }
    clear_all (self);
    return FALSE;
}

void
workflows_thread_stop (H3Workflows *self)
{
    loop_post (self->loop, on_stop, self, NULL);
    (void) pthread_join (self->thread, NULL);
    clear_all (self);
}
