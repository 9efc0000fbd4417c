/* SPDX-License-Identifier: MIT */

#include "run-follow.h"

#include "run-pull.h"
#include "workflows-inside.h"

#include <h3/loop/loop.h>

#include <stddef.h>

typedef struct {
    H3Workflows *workflows; /* borrowed */
    Loop *loop;             /* ref; nullable: the workflows' own, which runs this */
    char *id;               /* owned */
    RunPull *pull;          /* owned; NULL: not yet */
    H3RunFunction function;
    gpointer user_data;
    GDestroyNotify destroy; /* may be NULL */
    EndingNode ending;      /* of the loop */
} RunFollower;

static void
follower_end (gpointer data)
{
    RunFollower *follower = data;

    if (follower->pull != NULL)
        endings_remove (loop_get_endings (follower->loop), &follower->ending);
    follower->function (NULL, NULL, follower->user_data);
    if (follower->destroy != NULL)
        follower->destroy (follower->user_data);
    run_pull_end (follower->pull);
    g_clear_pointer (&follower->loop, loop_unref);
    g_free (follower->id);
    g_free (follower);
}

static guint
on_events (const RunEvent *events, guint n, gboolean has_ended, gpointer data)
{
    RunFollower *follower = data;

    for (guint i = 0; i < n; i++)
        follower->function (events[i].kind, events[i].data, follower->user_data);
    if (has_ended)
        follower_end (follower);
    return n;
}

static void
on_failed (const GError *error, gpointer data)
{
    (void) error;
    follower_end (data);
}

static void
on_ending (EndingNode *node)
{
    follower_end ((char *) node - offsetof (RunFollower, ending));
}

static void
begin (gpointer data)
{
    static const RunPuller puller = { on_events, on_failed, follower_end };
    RunFollower *follower = data;

    follower->pull = run_pull_begin (follower->workflows, follower->id, 0, &puller, follower);
    follower->ending.on_ending = on_ending;
    endings_add (loop_get_endings (follower->loop), ENDING_CLOSE, &follower->ending);
}

void
h3_workflows_follow_run (H3Workflows *workflows, const char *id, H3RunFunction function,
                         gpointer user_data, GDestroyNotify destroy)
{
    RunFollower *follower = g_new0 (RunFollower, 1);

    g_return_if_fail (H3_IS_WORKFLOWS (workflows) && id != NULL && function != NULL);
    follower->workflows = workflows;
    follower->id = g_strdup (id);
    follower->function = function;
    follower->user_data = user_data;
    follower->destroy = destroy;
    follower->loop = workflows_ref_loop (workflows);
    if (follower->loop != NULL)
        loop_post (follower->loop, begin, follower, follower_end);
    else
        follower_end (follower);
}
