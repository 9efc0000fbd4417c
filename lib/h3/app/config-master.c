/* SPDX-License-Identifier: MIT
 *
 * Of the configurations there are one that is followed, and while processes give way the one
 * before, to which the way leads back:
 *
 *   now ── SIGHUP, the file is right ──▶ before = now, now = next ── all have given way ──▶ before
 *   goes; a process of the new one does not come up: ──▶ now = before. */

#include "config-master.h"

#include "config-inside.h"

#include <h3/base/error.h>
#include <h3/engine/server-inside.h>
#include <h3/batteries/access-log.h>

typedef struct {
    const char *path; /* borrowed: the caller */
    H3Config *now;    /* owned: who is forked follows it */
    H3Config *before; /* owned; NULL: nobody follows another any more */
} Master;

static void
on_ready (gpointer data)
{
    config_announce (((Master *) data)->now);
}

static void
on_reopen (gpointer data)
{
    h3_access_log_reopen_all ();
}

static void
on_stop (gpointer data)
{
    Master *master = data;

    server_close_sockets (config_get_server (master->now));
    if (master->before != NULL)
        server_close_sockets (config_get_server (master->before));
}

/* Whether processes may become the user, and all addresses are bound. */
static gboolean
open_addresses (H3Config *config, H3Config *before, GError **error)
{
    g_autoptr (ConfigUser) user = NULL;

    return config_find_user (config, &user, error)
           && server_open_sockets (config_get_server (config), config_count_processes (config),
                                   before != NULL ? config_get_server (before) : NULL, error);
}

/* (transfer full): what the file says now; NULL with an error. */
static H3Config *
read_next (Master *master, GError **error)
{
    g_autoptr (H3Config) next = config_new_after (master->path, master->now, error);

    if (next == NULL)
        return NULL;
    if (config_count_processes (next) == 0) {
        g_set_error_literal (error, H3_ERROR, H3_ERROR_INVALID,
                             "processes cannot become 0 while they serve: stop it and start it "
                             "again");
        return NULL;
    }
    return open_addresses (next, master->now, error) ? g_steal_pointer (&next) : NULL;
}

static guint
on_reload (gpointer data)
{
    Master *master = data;
    g_autoptr (GError) error = NULL;
    H3Config *next = read_next (master, &error);

    if (next == NULL) {
        g_message ("the configuration stays as it was:\n%s", error->message);
        return 0;
    }
    master->before = master->now;
    master->now = next;
    return config_count_processes (next);
}

static void
on_reloaded (gboolean is_followed, gpointer data)
{
    Master *master = data;
    H3Config *other = is_followed ? master->before : master->now;

    if (!is_followed)
        master->now = master->before;
    master->before = NULL;
    /* Addresses that it alone has are closed. */
    h3_config_unref (other);
    if (!is_followed) {
        g_message ("the configuration stays as it was");
        return;
    }
    g_message ("the configuration in %s is followed from now on", master->path);
    config_announce (master->now);
}

PreforkEnd
config_master_run (const char *path, H3Config **config, Prefork **out_prefork, GError **error)
{
    Master master = { .path = path, .now = h3_config_ref (*config) };
    const PreforkEvents events = { on_ready, on_reopen, on_stop, on_reload, on_reloaded, &master };
    PreforkEnd end = PREFORK_FAILED;

    if (open_addresses (master.now, NULL, error))
        *out_prefork = prefork_new (config_count_processes (master.now), error);
    h3_config_unref (g_steal_pointer (config));
    if (*out_prefork != NULL)
        end = prefork_run (*out_prefork, &events, error);
    *config = master.now;
    h3_config_unref (master.before);
    if (end == PREFORK_IS_PROCESS)
        server_choose_sockets (config_get_server (master.now), prefork_get_index (*out_prefork),
                               config_count_processes (master.now));
    return end;
}
