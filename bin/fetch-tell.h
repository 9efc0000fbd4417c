/* SPDX-License-Identifier: MIT
 *
 * What `h3d fetch` tells beside the body: heads, how long it took, how far it is. Main thread. */

#pragma once

#include <h3/h3.h>

/* On the standard error: what is asked for, with the fields of the command line; what was answered.
 */
void fetch_tell_request (const H3ClientRequest *request, char **headers);
void fetch_tell_response (H3ClientResponse *response);

/* (transfer full): the head as HTTP/1.1 writes it, its empty line too. */
GString *fetch_tell_dup_head (H3ClientResponse *response);

/* On the standard error; `total` in microseconds. */
void fetch_tell_timing (const H3ClientResponse *response, gint64 total);

/* A line on the standard error that is written over again and again. */
typedef struct {
    gboolean is_on;
    gboolean is_shown;
    gint64 began, told;
    guint64 done;
    guint64 total; /* 0: not known */
} FetchProgress;

/* Nothing is shown of what takes less than a second, or where the standard error is no terminal. */
void fetch_progress_begin (FetchProgress *progress, guint64 total);
void fetch_progress_add (FetchProgress *progress, gsize n);
/* The line goes. */
void fetch_progress_end (FetchProgress *progress);
