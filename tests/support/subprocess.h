/* SPDX-License-Identifier: MIT
 *
 * A program of this tree as a process of its own: what it prints, what it takes, how it ends. Every
 * wait has a deadline that fails the test. Main thread. */

#pragma once

#include <glib.h>

typedef struct {
    GPid pid;   /* 0: reaped */
    int output; /* owned: its standard output */
    int errors; /* owned: a file that takes its standard error */
} Subprocess;

/* Starts `bin/h3d` of the build with the NULL-terminated arguments; `descriptors` bounds how many
 * it may have, 0: as many as the test. */
void subprocess_start (Subprocess *process, guint descriptors, const char *first,
                       ...) G_GNUC_NULL_TERMINATED;

/* The same of another program: of the build, by its path there, or of the system, by an absolute
 * one. */
void subprocess_start_program (Subprocess *process, const char *program, guint descriptors,
                               const char *first, ...) G_GNUC_NULL_TERMINATED;

/* What a service manager hands over. */
typedef struct {
    const int *sockets; /* become descriptors 3, 4, …; LISTEN_PID and LISTEN_FDS say so */
    guint n_sockets;
    const char *const *environment; /* (nullable): more of it, "NAME=value"; NULL-terminated */
} SubprocessGifts;

/* The same of `bin/h3d`, with what a service manager hands over. */
void subprocess_start_with (Subprocess *process, const SubprocessGifts *gifts, const char *first,
                            ...) G_GNUC_NULL_TERMINATED;

/* (transfer full) (nullable): the next line of its output, without the end; NULL: it has ended. */
char *subprocess_try_line (Subprocess *process);
/* (transfer full): the same; fails the test at the end. */
char *subprocess_read_line (Subprocess *process);
/* (transfer full): all that is left of its output, whatever the bytes; waits for its end. */
GString *subprocess_read_output (Subprocess *process);
/* (transfer full): all that it wrote to standard error; waits for its end. */
char *subprocess_read_errors (Subprocess *process);
/* (transfer full): the address behind "Listening on", read from its next line. */
char *subprocess_read_address (Subprocess *process);

void subprocess_signal (Subprocess *process, int number);
/* Waits for its end, closes the pipes. Returns the exit status; fails the test where a signal
 * ended it. */
int subprocess_wait (Subprocess *process);

/* The processor time it has taken, in clock ticks. */
guint64 subprocess_get_ticks (const Subprocess *process);
