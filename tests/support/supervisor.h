/* SPDX-License-Identifier: MIT
 *
 * A service manager of a test's: hears what a service tells it, in order. Every wait has a deadline
 * that fails the test. Main thread. */

#pragma once

#include <glib.h>

typedef struct {
    char *folder; /* owned; NULL: the socket is abstract */
    char *name;   /* owned: as NOTIFY_SOCKET has it */
    int fd;       /* owned */
} Supervisor;

void supervisor_init (Supervisor *supervisor, gboolean is_abstract);
void supervisor_clear (Supervisor *supervisor);

/* (transfer full): the next message. */
char *supervisor_hear (Supervisor *supervisor);
/* The same; fails the test unless it has this line in it. */
void supervisor_expect (Supervisor *supervisor, const char *line);
/* Hears on until a message has this line in it; fails the test where one has the other (nullable).
 */
void supervisor_await (Supervisor *supervisor, const char *line, const char *never);
