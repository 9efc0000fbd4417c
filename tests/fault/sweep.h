/* SPDX-License-Identifier: MIT
 *
 * The account of a test program that has calls fail one after the other: how many did, which one
 * was under way when a test ended early, and which of them are tried where there is no time for
 * all. Main thread, of the program and of the processes that check forks for its tests. */

#pragma once

#include "fault.h"

#include <glib.h>

/* One way for a call to fail. */
typedef struct {
    FaultCall call;
    int error_number;
    gboolean is_harmless; /* a client must not notice */
} Fault;

/* All that are plausible of a call, in `*out_n`. */
const Fault *sweep_list (FaultCall call, guint *out_n);

/* First in main (); prints the seed. H3_FAULT_SHARE is how many of a hundred are tried (all, and
 * twenty where a sanitizer slows them down, without it), H3_FAULT_SEED which. */
void sweep_init (void);
/* Last in main (): prints the account; returns the program's exit status. */
int sweep_finish (int status);

/* Whether this one is to be tried: always, until one of its call was carried out. */
gboolean sweep_wants (const Fault *fault);
/* Of things that are tried in a row, how far it is to the next. */
guint sweep_get_step (void);
/* Gives the order, and remembers it as what is under way in `where`. */
void sweep_arm (const Fault *fault, guint first, const char *where);
/* Takes it back. Whether it was carried out; then it is counted. */
gboolean sweep_disarm (const Fault *fault);
/* The two halves of both, for orders that are given otherwise. */
void sweep_note (const Fault *fault, guint first, const char *where);
void sweep_count (const Fault *fault, guint n);
/* The test has come to its end; fails it where no `call` failed in it. */
void sweep_end (FaultCall call);
