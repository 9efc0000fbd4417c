/* SPDX-License-Identifier: MIT
 *
 * `h3d workflow`: plans, looked at and run without a server. */

#pragma once

/* Each is a whole command and returns its exit status; argv[0] is its name. */
int workflow_run (int argc, char **argv);
int workflow_check (int argc, char **argv);
int workflow_run_file (int argc, char **argv);
