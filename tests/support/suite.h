/* SPDX-License-Identifier: MIT
 *
 * What every test program shares: one suite, run by check, each test in a process of its own.
 * Main thread only. */

#pragma once

#include <check.h>
#include <glib.h>

/* Ends the program's main (): runs the suite `name`, to which `add` adds its cases.
 * Returns the exit status. */
int suite_run (const char *name, void (*add) (Suite *suite));

/* Adds the NULL-terminated tests to a case of their own, `name`, of `suite`. */
void suite_add_case (Suite *suite, const char *name, ...) G_GNUC_NULL_TERMINATED;

/* (transfer full) (nullable): the path of `relative` in the published vectors, which lie in the
 * folder that H3_VECTORS names, else in ../shared/vectors beside the sources. NULL, after saying
 * so on the terminal, where there are none. */
char *suite_dup_vector_path (const char *relative);

/* The number of descriptors this process has open. */
guint suite_count_descriptors (void);
