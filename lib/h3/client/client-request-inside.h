/* SPDX-License-Identifier: MIT
 *
 * A request as the client reads it. Frozen by the first fetch: from then on any thread may read it,
 * and nobody changes it. */

#pragma once

#include <h3/client/client-request.h>
#include <h3/http/headers.h>

#include <stdatomic.h>

G_BEGIN_DECLS

/* Which of them a timeout is. */
typedef enum {
    CLIENT_WAIT_CONNECT,
    CLIENT_WAIT_FIRST_BYTE,
    CLIENT_WAIT_IDLE,
    CLIENT_WAIT_TOTAL,
    N_CLIENT_WAITS
} ClientWait;

struct _H3ClientRequest {
    atomic_int references;
    atomic_bool is_frozen;
    atomic_bool stream_is_used;
    char *method;                 /* owned */
    GUri *url;                    /* owned; without userinfo */
    char *url_text;               /* owned */
    H3Headers *headers;           /* owned: what the program has set, and Content-Type */
    GBytes *body;                 /* ref; NULL: none, or a stream */
    GString *form;                /* owned; NULL: none; it is the body then */
    GInputStream *stream;         /* ref; NULL: none */
    gint64 stream_length;         /* -1: not known */
    int timeouts[N_CLIENT_WAITS]; /* milliseconds; -1: the client's */
    gint64 max_redirects;         /* -1: the client's */
    guint64 max_body;             /* where has_max_body */
    gboolean has_max_body;
    gboolean expects_continue;
};

/* Before it is fetched, any thread. FALSE: its stream was read by another fetch. */
gboolean client_request_freeze (H3ClientRequest *request);

/* (transfer full) (nullable): what is sent, of a request that is frozen; NULL: nothing, or what the
 * stream gives. */
GBytes *client_request_dup_body (H3ClientRequest *request);

/* Whether sending it twice is as good as once (RFC 9110 §9.2.2). */
gboolean client_request_is_idempotent (const char *method);

G_END_DECLS
