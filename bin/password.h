/* SPDX-License-Identifier: MIT
 *
 * `h3d password USER`: a line for a file of passwords. */

#pragma once

/* The whole command; returns its exit status. */
int password_run (int argc, char **argv);
