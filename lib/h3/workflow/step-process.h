/* SPDX-License-Identifier: MIT
 *
 * A program that a step runs, as a process group of its own: what it prints is told as it comes,
 * and its end when nothing of the group is left. It is its own until its end was told; the loop's
 * thread only. */

#pragma once

#include <h3/loop/loop.h>
#include <h3/workflow/run-record.h>

G_BEGIN_DECLS

/* How long a group that is told to end has for it, and how long what its first process left behind
 * may still print, in milliseconds. */
#define STEP_PROCESS_GRACE 5000
#define STEP_PROCESS_DRAIN 1000

typedef struct _StepProcess StepProcess;

typedef struct {
    int exit_code;         /* -1: a signal ended it */
    int signal;            /* 0: none did */
    gboolean was_killed;   /* it did not end when it was told to, and had to be killed */
    const char *complaint; /* (nullable): what could not be read, or waited for */
} StepProcessEnd;

typedef struct {
    void (*on_output) (RunStream stream, const char *text, gsize length, gpointer data);
    /* Never inline; the process is gone then. */
    void (*on_end) (const StepProcessEnd *end, gpointer data);
} StepProcessListener;

/* Borrowed for the call. */
typedef struct {
    char *const *argv;        /* the program is looked for in the PATH of `environment` */
    char *const *environment; /* all of it */
    const char *directory;    /* (nullable): the process's own */
} StepProcessOrder;

/* (transfer none) (nullable): until its end was told. It reads nothing, has no descriptors but its
 * three, and no signal is blocked or ignored in it. NULL with H3_ERROR (_NOT_FOUND: no such
 * program; _FAILED). `listener` is static. */
StepProcess *step_process_start (Loop *loop, const StepProcessOrder *order,
                                 const StepProcessListener *listener, gpointer data,
                                 GError **error);

/* The group's number, and when it began (process-group.h). */
gint64 step_process_get_group (const StepProcess *process);
guint64 step_process_get_start (const StepProcess *process);

/* Has the whole group end: SIGTERM, and SIGKILL where it has not within the grace. Its end is told
 * as ever. */
void step_process_end (StepProcess *process);
/* The same, with SIGKILL at once. */
void step_process_kill (StepProcess *process);

G_END_DECLS
