/* SPDX-License-Identifier: MIT
 *
 * A configuration as the whole of a program: it starts, is followed by others, and ends.
 *
 *   the first ── SIGHUP, the file is right ──▶ the next serves, the one before parts ── its last
 *   client has gone ──▶ it is let go. SIGTERM stops all there are; the last to stop ends the
 * program. Where several processes serve that is the master's part (config-master.h), and each of
 * them has one configuration for its life. */

#include "app-private.h"
#include "app-run-loop.h"
#include "config-inside.h"
#include "config-master.h"

#include <h3/base/error.h>
#include <h3/batteries/access-log.h>
#include <h3/monitor/metrics-inside.h>

#include <stdlib.h>

/* Exit statuses, as config.h says. */
enum { EXIT_NOT_STARTED = 1, EXIT_CUT = 3 };

typedef struct {
    const char *path; /* borrowed: the caller */
    Prefork *prefork; /* owned; NULL: there are no other processes */
    RunLoop loop;
    GPtrArray *all;   /* owned: H3Config, refs: those that serve or part; the last is the newest */
    H3Config *next;   /* borrowed: what is being started; else NULL */
    ConfigUser *user; /* owned: whom the first became; NULL: it stays who it is */
} ConfigRun;

static void
on_stopped (H3Server *server, gpointer data)
{
    ConfigRun *run = data;

    for (guint i = 0; i < run->all->len; i++) {
        if (config_get_server (run->all->pdata[i]) == server) {
            g_ptr_array_remove_index (run->all, i);
            break;
        }
    }
}

/* (transfer none) (nullable): what serves. */
static H3Config *
get_newest (const ConfigRun *run)
{
    return run->all->len > 0 ? run->all->pdata[run->all->len - 1] : NULL;
}

/* Of several processes one begins what is due. */
static gboolean
is_scheduling (const ConfigRun *run)
{
    return run->prefork == NULL || prefork_get_index (run->prefork) == 0;
}

static gboolean
follow_plans (ConfigRun *run, GError **error)
{
    H3Config *before = get_newest (run);
    ConfigPlans *plans = config_get_plans (run->next);

    if (!is_scheduling (run))
        config_plans_rest (plans, NULL);
    if (!config_plans_begin (plans, error))
        return FALSE;
    if (before != NULL)
        config_plans_rest (config_get_plans (before), plans);
    if (is_scheduling (run))
        config_plans_follow (plans);
    return TRUE;
}

/* Becomes the user, when all is bound and before any thread of the server starts; and new plans are
 * followed before anybody hears that it serves. */
static gboolean
on_bound (gpointer data, GError **error)
{
    ConfigRun *run = data;

    if (run->user != NULL && !config_user_become (run->user, error))
        return FALSE;
    return follow_plans (run, error);
}

/* The first says whom the process becomes, which is for good. */
static gboolean
choose_user (ConfigRun *run, const H3Config *config, GError **error)
{
    g_autoptr (ConfigUser) user = NULL;

    if (!config_find_user (config, &user, error))
        return FALSE;
    if (run->all->len == 0) {
        run->user = g_steal_pointer (&user);
        return TRUE;
    }
    if (config_user_is_same (user, run->user))
        return TRUE;
    g_set_error_literal (error, H3_ERROR, H3_ERROR_INVALID,
                         "user, group and groups cannot change while it runs: stop it and "
                         "start it again");
    return FALSE;
}

/* Of one that changes nothing. */
static void
tell_reload (const ConfigRun *run)
{
    H3Config *newest = get_newest (run);

    if (newest != NULL)
        server_tell_reload (config_get_server (newest));
}

static gboolean
start_server (ConfigRun *run, H3Config *config, GError **error)
{
    H3Config *before = get_newest (run);
    H3Server *server = config_get_server (config);
    gboolean is_started;

    h3_server_set_supervised (server, TRUE);
    server_set_bound (server, on_bound, run);
    run->next = config;
    config_plans_await (config_get_plans (config));
    is_started = before == NULL
                     ? h3_server_start (server, error)
                     : h3_server_start_in_place_of (server, config_get_server (before), error);
    run->next = NULL;
    if (!is_started && before != NULL)
        config_plans_follow (config_get_plans (before));
    return is_started;
}

/* Threads run in this one, which a process made of it would not have. */
static gboolean
check_processes (const H3Config *config, GError **error)
{
    if (config_count_processes (config) == 0)
        return TRUE;
    g_set_error_literal (error, H3_ERROR, H3_ERROR_INVALID,
                         "processes cannot be given to a server that runs without: stop it and "
                         "start it again");
    return FALSE;
}

/* FALSE with an error: all is as it was. */
static gboolean
start (ConfigRun *run, H3Config *config, GError **error)
{
    if ((run->prefork == NULL && !check_processes (config, error))
        || !choose_user (run, config, error)) {
        tell_reload (run);
        return FALSE;
    }
    if (!start_server (run, config, error))
        return FALSE;
    run_loop_add (&run->loop, config_get_server (config));
    g_ptr_array_add (run->all, h3_config_ref (config));
    return TRUE;
}

static void
on_hang_up (gpointer data)
{
    ConfigRun *run = data;
    g_autoptr (H3Config) next = NULL;
    g_autoptr (GError) error = NULL;

    h3_access_log_reopen_all ();
    next = config_new_after (run->path, get_newest (run), &error);
    if (next != NULL && start (run, next, &error)) {
        g_message ("the configuration in %s is followed from now on", run->path);
        config_announce (next);
        return;
    }
    /* One that was started, in vain, has told it. */
    if (next == NULL)
        tell_reload (run);
    g_message ("the configuration stays as it was:\n%s", error->message);
}

/* Another process begins what is due. */
static void
on_part (gpointer data)
{
    H3Config *newest = get_newest (data);

    if (newest != NULL)
        config_plans_rest (config_get_plans (newest), NULL);
}

/* It is the master's: what follows is another process. */
static void
ignore_hang_up (gpointer data)
{
}

/* Signals are heard before the service manager is told that it serves: it may send one then. */
static gboolean
start_first (ConfigRun *run, H3Config *config, GError **error)
{
    const RunFollowing following = { run->prefork == NULL ? on_hang_up : ignore_hang_up, on_part,
                                     on_stopped, run };

    if (!run_loop_open (&run->loop, run->prefork, &following, error) || !start (run, config, error))
        return FALSE;
    if (run->prefork == NULL)
        config_announce (config);
    return TRUE;
}

/* TRUE: this is a process that serves, by the configuration. */
static gboolean
fork_processes (ConfigRun *run, H3Config **config, int *out_status, GError **error)
{
    switch (config_master_run (run->path, config, &run->prefork, error)) {
    case PREFORK_IS_PROCESS:
        metrics_set_process ((int) prefork_get_index (run->prefork));
        return TRUE;
    case PREFORK_ENDED:
        *out_status = EXIT_SUCCESS;
        break;
    case PREFORK_CUT:
        *out_status = EXIT_CUT;
        break;
    default:
        *out_status = EXIT_NOT_STARTED;
        break;
    }
    return FALSE;
}

static void
clear_run (ConfigRun *run)
{
    run_loop_clear (&run->loop);
    g_ptr_array_unref (run->all);
    g_clear_pointer (&run->user, config_user_free);
    g_clear_pointer (&run->prefork, prefork_free);
}

static int
run_file (ConfigRun *run, GError **error)
{
    g_autoptr (H3Config) config = config_new_after (run->path, NULL, error);
    int status = EXIT_NOT_STARTED;

    if (config == NULL
        || (config_count_processes (config) > 0 && !fork_processes (run, &config, &status, error)))
        return status;
    if (!start_first (run, config, error))
        return EXIT_NOT_STARTED;
    return run_loop_run (&run->loop) ? EXIT_SUCCESS : EXIT_CUT;
}

int
h3_config_run (const char *path)
{
    ConfigRun run = { .path = path };
    g_autoptr (GError) error = NULL;
    int status;

    g_return_val_if_fail (path != NULL, EXIT_NOT_STARTED);
    run.all = g_ptr_array_new_with_free_func ((GDestroyNotify) h3_config_unref);
    status = run_file (&run, &error);
    if (error != NULL)
        g_printerr ("%s\n", error->message);
    clear_run (&run);
    return status;
}
