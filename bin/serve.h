/* SPDX-License-Identifier: MIT
 *
 * `h3d serve DIRECTORY`: the files of a directory. */

#pragma once

/* The whole command; returns its exit status. */
int serve_run (int argc, char **argv);
