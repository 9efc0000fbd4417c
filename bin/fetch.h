/* SPDX-License-Identifier: MIT
 *
 * `h3d fetch URL`: a request to a server, and its answer. */

#pragma once

/* The whole command; returns its exit status: those of fetch-status.h. */
int fetch_run (int argc, char **argv);
