/* SPDX-License-Identifier: MIT */

#include "command.h"
#include "workflow-tell.h"
#include "workflow.h"

#include <h3/h3.h>

#include <errno.h>
#include <glib-unix.h>
#include <jansson.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* As shells tell of what a signal ended. */
#define STATUS_CANCELLED 130

typedef struct {
    char *kind; /* owned; NULL: nothing more comes */
    char *json; /* owned; nullable */
} Told;

typedef struct {
    H3Workflows *workflows; /* owned */
    char *id;               /* owned: the run's */
    GMainLoop *loop;        /* owned */
    WorkflowTell *tell;     /* owned */
    int pipe[2];            /* owned: a byte for what is in the queue */
    pthread_mutex_t mutex;  /* guards the queue */
    GQueue queue;           /* owned; Told */
    guint interrupts;
} Command;

/* On the thread that runs all runs. */
static void
on_told (const char *kind, const char *json, gpointer data)
{
    Command *command = data;
    Told *told = g_new (Told, 1);
    gboolean was_empty;

    told->kind = g_strdup (kind);
    told->json = g_strdup (json);
    pthread_mutex_lock (&command->mutex);
    was_empty = g_queue_is_empty (&command->queue);
    g_queue_push_tail (&command->queue, told);
    pthread_mutex_unlock (&command->mutex);
    while (was_empty && write (command->pipe[1], "", 1) < 0 && errno == EINTR)
        continue;
}

static void
take (Command *command, const Told *told)
{
    json_t *event;

    if (told->kind == NULL) {
        g_main_loop_quit (command->loop);
        return;
    }
    event = json_loads (told->json, 0, NULL);
    workflow_tell_event (command->tell, told->kind, event);
    json_decref (event);
}

static gboolean
on_readable (int fd, GIOCondition condition, gpointer data)
{
    Command *command = data;
    char byte;

    (void) condition;
    while (read (fd, &byte, 1) < 0 && errno == EINTR)
        continue;
    for (;;) {
        Told *told;

        pthread_mutex_lock (&command->mutex);
        told = g_queue_pop_head (&command->queue);
        pthread_mutex_unlock (&command->mutex);
        if (told == NULL)
            return G_SOURCE_CONTINUE;
        take (command, told);
        g_free (told->kind);
        g_free (told->json);
        g_free (told);
    }
}

static gboolean
on_second (gpointer data)
{
    workflow_tell_tick (((Command *) data)->tell);
    return G_SOURCE_CONTINUE;
}

static gboolean
on_end_signal (gpointer data)
{
    Command *command = data;

    command->interrupts++;
    if (h3_workflows_count_runs (command->workflows) == 0) {
        workflow_tell_say (command->tell, "The run has ended; how cannot be kept");
        g_main_loop_quit (command->loop);
        return G_SOURCE_CONTINUE;
    }
    workflow_tell_say (command->tell, command->interrupts == 1
                                          ? "Cancelling: once more kills what still runs"
                                          : "Killing what still runs");
    (void) h3_workflows_cancel_run (command->workflows, command->id, NULL);
    return G_SOURCE_CONTINUE;
}

static gboolean
fail (const GError *error)
{
    g_printerr ("h3d: %s\n", error->message);
    return FALSE;
}

/* The plan of a file, in workflows that have started. */
static gboolean
prepare (Command *command, const char *path, const char *folder, char **out_name)
{
    g_autoptr (GError) error = NULL;
    g_autoptr (H3Plan) plan = h3_plan_new_from_file (path, &error);

    if (plan == NULL)
        return fail (error);
    if (!h3_plan_is_manual (plan)) {
        g_printerr ("h3d: %s says \"manual\": false: it is run by a server only\n", path);
        return FALSE;
    }
    command->workflows = h3_workflows_new ();
    if (folder != NULL && !h3_workflows_set_folder (command->workflows, folder, &error))
        return fail (error);
    if (!h3_workflows_add_plan (command->workflows, plan, &error)
        || !h3_workflows_start (command->workflows, &error))
        return fail (error);
    *out_name = g_strdup (h3_plan_get_name (plan));
    return TRUE;
}

static int
follow (Command *command)
{
    gboolean is_terminal = isatty (STDOUT_FILENO);
    const char *state;

    command->loop = g_main_loop_new (NULL, FALSE);
    command->tell = workflow_tell_new (is_terminal);
    g_unix_signal_add (SIGINT, on_end_signal, command);
    g_unix_signal_add (SIGTERM, on_end_signal, command);
    /* Its programs do not hear of a terminal that is closed: they are no part of its session's
     * foreground. */
    g_unix_signal_add (SIGHUP, on_end_signal, command);
    g_unix_fd_add (command->pipe[0], G_IO_IN, on_readable, command);
    if (is_terminal)
        g_timeout_add_seconds (1, on_second, command);
    h3_workflows_follow_run (command->workflows, command->id, on_told, command, NULL);
    g_main_loop_run (command->loop);
    state = workflow_tell_get_state (command->tell);
    if (strcmp (state, "succeeded") == 0)
        return EXIT_SUCCESS;
    return strcmp (state, "cancelled") == 0 ? STATUS_CANCELLED : EXIT_FAILURE;
}

static int
run (const char *path, const char *folder, const char *input)
{
    Command command = { .pipe = { -1, -1 } };
    g_autofree char *name = NULL;
    g_autoptr (GError) error = NULL;
    int status = EXIT_FAILURE;

    /* Where nobody reads any more what is told, the run still comes to its end. */
    (void) signal (SIGPIPE, SIG_IGN);
    pthread_mutex_init (&command.mutex, NULL);
    if (!g_unix_open_pipe (command.pipe, FD_CLOEXEC, &error)) {
        (void) fail (error);
    } else if (prepare (&command, path, folder, &name)) {
        command.id = h3_workflows_start_run (command.workflows, name, input, &error);
        if (command.id != NULL)
            status = follow (&command);
        else
            (void) fail (error);
        h3_workflows_stop (command.workflows);
    }
    g_clear_object (&command.workflows);
    g_clear_pointer (&command.tell, workflow_tell_free);
    g_clear_pointer (&command.loop, g_main_loop_unref);
    g_free (command.id);
    for (guint i = 0; i < 2; i++)
        if (command.pipe[i] >= 0)
            close (command.pipe[i]);
    pthread_mutex_destroy (&command.mutex);
    return status;
}

int
workflow_run_file (int argc, char **argv)
{
    g_autofree char *folder = NULL;
    g_autofree char *input = NULL;
    const GOptionEntry entries[] = { { "input", 0, 0, G_OPTION_ARG_STRING, &input,
                                       "What the plan's references to ${input} mean", "JSON" },
                                     { "data", 0, 0, G_OPTION_ARG_FILENAME, &folder,
                                       "Keep the run in this directory; default: in memory",
                                       "DIRECTORY" },
                                     { NULL, 0, 0, 0, NULL, NULL, NULL } };
    g_autoptr (GOptionContext) context = g_option_context_new ("FILE");
    g_auto (GStrv) arguments = NULL;
    g_autoptr (GError) error = NULL;

    g_set_prgname ("h3d workflow run");
    g_option_context_set_summary (context,
                                  "Runs the plan in FILE, and tells what its steps do. The exit "
                                  "status is 0 where it\nsucceeded, 130 where it was cancelled "
                                  "(Ctrl-C; once more kills what still runs),\nelse 1.");
    g_option_context_add_main_entries (context, entries, NULL);
    arguments = command_parse (context, argc, argv, &error);
    if (arguments == NULL) {
        g_printerr ("h3d workflow run: %s\n", error->message);
        return EXIT_FAILURE;
    }
    if (g_strv_length (arguments) != 2) {
        g_printerr ("h3d workflow run: one file is to be named: h3d workflow run FILE\n");
        return EXIT_FAILURE;
    }
    return run (arguments[1], folder, input);
}
