/* SPDX-License-Identifier: MIT
 *
 * One fetch on one loop: an exchange, and those that redirects lead to, with cookies and codings.
 * It is its own until its end has been told, or it is cancelled; the loop's thread only (but for
 * the cancellable). */

#pragma once

#include <h3/client/client-response-inside.h>
#include <h3/client/client-settings.h>

G_BEGIN_DECLS

typedef struct _ClientFetch ClientFetch;

/* On the loop's thread, never inline. The fetch may be cancelled in each. */
typedef struct {
    /* The first two are called of a fetch that is opened only; a body is gathered else. The head
     * has come; the response (transfer none) may still be given its stream. */
    void (*on_head) (ClientFetch *fetch, H3ClientResponse *response, gpointer data);
    /* A piece of the body, decoded, borrowed for the call. */
    void (*on_body) (ClientFetch *fetch, H3View piece, gpointer data);
    /* Once, last. `response` (transfer none) (nullable) has its whole body; NULL of a fetch that is
     * opened, and where there is an error (H3_CLIENT_ERROR), borrowed for the call. */
    void (*on_end) (ClientFetch *fetch, H3ClientResponse *response, const GError *error,
                    gpointer data);
} ClientFetchListener;

typedef struct {
    ClientSettings *settings;  /* ref taken */
    H3ClientRequest *request;  /* ref taken; frozen by this */
    const H3Headers *extra;    /* (nullable): borrowed for the call: fields for a request that has
                                * none of these names */
    GCancellable *cancellable; /* (nullable): ref taken; may be cancelled on any thread */
    gboolean opens;            /* the body is wanted in pieces */
} ClientFetchOrder;

/* (transfer none): until on_end has returned, or it is cancelled. `listener` is static. */
ClientFetch *client_fetch_start (Loop *loop, const ClientFetchOrder *order,
                                 const ClientFetchListener *listener, gpointer data);

/* In on_head: who hears of the rest. */
void client_fetch_set_listener (ClientFetch *fetch, const ClientFetchListener *listener,
                                gpointer data);

/* No on_body, nor an end without an error, until resumed: the server is slowed down. */
void client_fetch_pause (ClientFetch *fetch);
void client_fetch_resume (ClientFetch *fetch);

/* Nothing is called any more, on_end neither; it is gone. */
void client_fetch_cancel (ClientFetch *fetch);

G_END_DECLS
