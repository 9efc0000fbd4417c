/* SPDX-License-Identifier: MIT
 *
 * `h3d run FILE`: the server that a key file describes. */

#pragma once

/* The whole command; returns its exit status. */
int run_run (int argc, char **argv);
