/* SPDX-License-Identifier: MIT
 *
 * `h3d check FILE`: what is wrong with a key file, and what can stand in one. */

#pragma once

/* The whole command; returns its exit status. */
int check_run (int argc, char **argv);
