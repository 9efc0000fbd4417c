/* SPDX-License-Identifier: MIT
 *
 * What the master of several processes makes of signals. */

#include "prefork-private.h"

#include <signal.h>
#include <sys/signalfd.h>
#include <unistd.h>

static void
order_all (Prefork *prefork, ProcessOrder order)
{
    for (guint i = 0; i < prefork->processes->len; i++) {
        Process *process = prefork->processes->pdata[i];

        process->stage = PROCESS_LEAVING;
        process_order (process, order);
    }
}

static void
kill_all (const Prefork *prefork)
{
    for (guint i = 0; i < prefork->processes->len; i++)
        (void) kill (((Process *) prefork->processes->pdata[i])->pid, SIGKILL);
}

void
prefork_stop (Prefork *prefork)
{
    prefork->n_stops++;
    if (prefork->n_stops == 1) {
        prefork->events.stop (prefork->events.data);
        service_notices_pass (prefork->notices, "STOPPING=1\nSTATUS=Lets what runs end");
        order_all (prefork, ORDER_STOP);
    } else if (prefork->n_stops == 2) {
        order_all (prefork, ORDER_CUT);
    } else {
        kill_all (prefork);
    }
}

void
prefork_end_reload (Prefork *prefork)
{
    if (!prefork->reloads)
        return;
    for (guint i = 0; i < prefork->processes->len; i++) {
        if (((Process *) prefork->processes->pdata[i])->is_loading)
            return;
    }
    prefork->reloads = FALSE;
    service_notices_end_reload (prefork->notices);
}

static void
reopen (Prefork *prefork)
{
    prefork->events.reopen (prefork->events.data);
    for (guint i = 0; i < prefork->processes->len; i++) {
        Process *process = prefork->processes->pdata[i];

        if (process->stage == PROCESS_STARTING)
            process->late = process->late != 0 ? process->late : SIGUSR1;
        else
            (void) kill (process->pid, SIGUSR1);
    }
}

/* Who starts may have read the files of before: it reloads when it can hear of it. */
static void
reload_process (Process *process)
{
    if (process->stage == PROCESS_LEAVING)
        return;
    process->is_loading = TRUE;
    if (process->stage == PROCESS_STARTING)
        process->late = SIGHUP;
    else
        (void) kill (process->pid, SIGHUP);
}

/* To the service manager what has not started yet cannot reload: the end would say that it has. */
static void
reload (Prefork *prefork)
{
    if (prefork->n_stops > 0)
        return;
    prefork->events.reopen (prefork->events.data);
    prefork->reloads = prefork->is_ready;
    if (prefork->reloads)
        service_notices_begin_reload (prefork->notices);
    for (guint i = 0; i < prefork->processes->len; i++)
        reload_process (prefork->processes->pdata[i]);
    prefork_end_reload (prefork);
}

static void
take_signal (Prefork *prefork, int number)
{
    switch (number) {
    case SIGTERM:
    case SIGINT:
        prefork_stop (prefork);
        break;
    case SIGHUP:
        if (prefork->events.reload != NULL)
            prefork->wants_reload = TRUE;
        else
            reload (prefork);
        break;
    case SIGUSR1:
        reopen (prefork);
        break;
    case SIGUSR2:
        prefork->wants_restart = TRUE;
        break;
    default:
        prefork_reap (prefork);
        break;
    }
}

void
prefork_take_signals (Prefork *prefork)
{
    struct signalfd_siginfo info;

    while (read (prefork->signals, &info, sizeof info) == (ssize_t) sizeof info)
        take_signal (prefork, (int) info.ssi_signo);
}
