/* SPDX-License-Identifier: MIT
 *
 * Which runs there are, and which have ended of late: bounded, under the workflows' lock. */

#include "workflows-private.h"

#include <h3/format/json.h>
#include <h3/loop/clock.h>

static void
free_recent (gpointer data)
{
    RecentRun *recent = data;

    g_free (recent->workflow);
    g_free (recent);
}

void
workflows_account_init (H3Workflows *workflows)
{
    workflows->active = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
    workflows->over = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
    g_queue_init (&workflows->over_order);
    g_queue_init (&workflows->recent);
}

void
workflows_account_clear (H3Workflows *workflows)
{
    g_hash_table_unref (workflows->active);
    g_hash_table_unref (workflows->over);
    g_queue_clear (&workflows->over_order);
    g_queue_clear_full (&workflows->recent, free_recent);
}

static void
note_recent (H3Workflows *workflows, const char *id, const char *name, RunState state)
{
    RecentRun *recent = NULL;

    for (GList *at = workflows->recent.head; at != NULL && recent == NULL; at = at->next) {
        if (strcmp (((RecentRun *) at->data)->id, id) == 0)
            recent = at->data;
    }
    if (recent == NULL) {
        recent = g_new0 (RecentRun, 1);
        g_strlcpy (recent->id, id, sizeof recent->id);
        recent->workflow = g_strdup (name);
        g_queue_push_head (&workflows->recent, recent);
    }
    recent->state = state;
    recent->at = clock_get_real ();
    while (workflows->recent.length > WORKFLOWS_RECENT)
        free_recent (g_queue_pop_tail (&workflows->recent));
}

static void
note_over (H3Workflows *workflows, const char *id)
{
    char *copy = g_strdup (id);

    (void) g_hash_table_remove (workflows->active, id);
    if (!g_hash_table_add (workflows->over, copy))
        return;
    g_queue_push_tail (&workflows->over_order, copy);
    if (workflows->over_order.length > WORKFLOWS_MAX_OVER)
        (void) g_hash_table_remove (workflows->over, g_queue_pop_head (&workflows->over_order));
}

void
workflows_account_note (H3Workflows *workflows, const char *id, const char *name, RunState state)
{
    note_recent (workflows, id, name, state);
    if (run_state_is_end (state)) {
        workflows->n_ended[state]++;
        note_over (workflows, id);
    } else {
        (void) g_hash_table_add (workflows->active, g_strdup (id));
    }
}

static json_t *
describe_plans (H3Workflows *workflows)
{
    g_autoptr (GList) names =
        g_list_sort (g_hash_table_get_keys (workflows->plans), (GCompareFunc) strcmp);
    json_t *plans = json_array ();

    for (GList *at = names; at != NULL; at = at->next)
        json_array_append_new (plans,
                               plan_describe (g_hash_table_lookup (workflows->plans, at->data)));
    return plans;
}

static json_t *
describe_recent (H3Workflows *workflows)
{
    json_t *runs = json_array ();

    for (GList *at = workflows->recent.head; at != NULL; at = at->next) {
        const RecentRun *recent = at->data;

        json_array_append_new (runs, json_pack ("{s:s, s:s, s:s, s:I}", "id", recent->id,
                                                "workflow", recent->workflow, "state",
                                                run_state_get_name (recent->state), "at",
                                                (json_int_t) recent->at));
    }
    return runs;
}

json_t *
workflows_describe (H3Workflows *workflows)
{
    json_t *ended = json_object (), *description;
    guint n_active;

    pthread_mutex_lock (&workflows->lock);
    for (guint i = 0; i < N_RUN_STATES; i++) {
        if (run_state_is_end ((RunState) i) && i != RUN_SKIPPED)
            json_object_set_new (ended, run_state_get_name ((RunState) i),
                                 json_integer ((json_int_t) workflows->n_ended[i]));
    }
    n_active = g_hash_table_size (workflows->active);
    description = json_pack ("{s:o, s:i, s:i, s:i, s:o, s:o, s:s?}", "plans",
                             describe_plans (workflows), "active", (int) workflows->n_going,
                             "waiting", (int) (n_active - MIN (n_active, workflows->n_going)),
                             "steps", (int) workflows->n_steps, "ended", ended, "runs",
                             describe_recent (workflows), "store", workflows->store_fault);
    pthread_mutex_unlock (&workflows->lock);
    return description;
}
