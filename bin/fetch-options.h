/* SPDX-License-Identifier: MIT
 *
 * What the command line of `h3d fetch` asks for. */

#pragma once

#include <h3/h3.h>

/* All pointers are owned; NULL: not given. */
typedef struct {
    char *url;
    char *method;
    char **headers; /* "Name: value" */
    char **data;    /* texts, or one "@file" */
    char *json;     /* a text, or "@file" */
    char **form;    /* "name=value" */
    char *output;
    char *proxy, *unix_socket, *authorities, *certificate, *key;
    gboolean shows_head, is_verbose, is_head, is_unverified, keeps_cookies, fails, shows_timing;
    gboolean takes_plain; /* no codings */
    int max_redirects;
    gint64 max_size;                 /* bytes; 0: any */
    double timeout, connect_timeout; /* seconds; 0: not given */
} FetchOptions;

/* FALSE with G_OPTION_ERROR: no URL, an option that cannot be, two that exclude each other. */
gboolean fetch_options_read (FetchOptions *options, int argc, char **argv, GError **error);
void fetch_options_clear (FetchOptions *options);

/* (transfer full) (nullable) */
H3Client *fetch_options_make_client (const FetchOptions *options, GError **error);
/* (transfer full) (nullable): all but its body. */
H3ClientRequest *fetch_options_make_request (const FetchOptions *options, GError **error);
