/* SPDX-License-Identifier: MIT
 *
 * How `h3d fetch` ends: one exit status for each kind of error, the numbers that curl has for them,
 * and what to do about it. docs/fetch.md has them as a table. */

#pragma once

#include <glib.h>

enum {
    FETCH_DONE = 0,
    FETCH_FAILED = 1,
    FETCH_USAGE = 2,
    FETCH_URL = 3,
    FETCH_NAME = 6,
    FETCH_CONNECT = 7,
    FETCH_PROTOCOL = 8,
    FETCH_CLOSED = 18,
    FETCH_REFUSED = 22, /* 4xx or 5xx, with --fail */
    FETCH_WRITE = 23,
    FETCH_READ = 26,
    FETCH_TIMEOUT = 28,
    FETCH_TLS = 35,
    FETCH_REDIRECTS = 47,
    FETCH_ENCODING = 61,
    FETCH_TOO_LARGE = 63,
    FETCH_INTERRUPTED = 130
};

#define FETCH_ERROR (fetch_error_quark ())
/* Its codes are the exit statuses. */
GQuark fetch_error_quark (void);

/* The exit status for an error of any domain. */
int fetch_status_of (const GError *error);

/* Tells of it on the standard error, with what to do where that is known. */
void fetch_status_tell (const GError *error);
