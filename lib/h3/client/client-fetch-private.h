/* SPDX-License-Identifier: MIT
 *
 * What the files of a fetch share.
 *
 *              ┌───────── follow ─────────┐
 *              ▼                          │
 *     ASKING ── redirected ──▶ SKIPPING ──┘
 *       │
 *       └── answered ──▶ READING ── fetch_end ──▶ OVER
 *
 *   ASKING    an exchange runs, and its final head has not come; or it could not be begun, and that
 *             will be told at the end of the turn
 *   SKIPPING  the answer is a redirect, whose body nobody wants; not waited for where the request's
 *             own is not whole
 *   READING   the answer is the one that was asked for
 *   OVER      the end was told, or it was cancelled; freed when nothing of it is on the stack, or
 *             deferred, any more. From each state fetch_end () and client_fetch_cancel () lead here
 */

#pragma once

#include "client-decoder.h"
#include "client-fetch.h"
#include "client-redirect.h"
#include "client-upload.h"

#include <h3/http/gathered.h>

G_BEGIN_DECLS

typedef enum { FETCH_ASKING, FETCH_SKIPPING, FETCH_READING, FETCH_OVER } FetchState;

struct _ClientFetch {
    Loop *loop;                          /* ref */
    ClientSettings *settings;            /* ref */
    H3ClientRequest *request;            /* ref */
    GCancellable *cancellable;           /* ref; NULL: none */
    const ClientFetchListener *listener; /* borrowed: static */
    gpointer data;                       /* borrowed: the listener's */
    FetchState state;
    guint frames;    /* callbacks of it on the stack */
    gboolean is_due; /* something is deferred */
    gboolean opens;  /* the body is handed on in pieces */
    GError *problem; /* owned; why it could not be begun, to be told when that is due */
    gint64 began;    /* microseconds of clock_get_precise () */
    gint64 deadline; /* milliseconds of clock_get_now (); 0: none */

    /* What is asked, by now. */
    GUri *url;          /* ref */
    const char *method; /* borrowed: the request, or static */
    H3Headers *headers; /* owned */
    gboolean has_body;
    gboolean cookie_is_ours; /* the Cookie field is the jar's */
    guint redirects;
    ClientPeer *peer;         /* ref; NULL: could not be made */
    ClientExchange *exchange; /* borrowed: until its end; NULL: none */
    ClientUpload *upload;     /* owned; NULL: no stream */

    /* SKIPPING: where it goes on, and how much was thrown away. */
    ClientRedirect next; /* owned: its URL */
    guint64 skipped;

    /* READING. */
    H3ClientResponse *response; /* ref; NULL once it was opened */
    ClientDecoder *decoder;     /* owned; NULL: the body is as it comes */
    GByteArray *coded; /* owned; NULL: empty; what came and is not decoded, since it rests */
    Gathered body;     /* owned */
    guint64 max_body;
    guint64 received; /* decoded */
    gboolean is_paused;
    gboolean is_behind; /* the decoder has more of what came */
};

/* client-fetch-body.c. Once the head of the answer is in `response`: FALSE, and the fetch has
 * ended, where its body cannot be taken. */
gboolean fetch_begin_body (ClientFetch *fetch, const Http1Response *head);
void fetch_take_piece (ClientFetch *fetch, H3View piece);
/* Goes on with what has come. */
void fetch_catch_up (ClientFetch *fetch);
/* All has come: FALSE, and the fetch has ended, where the body is not whole as it is coded. */
gboolean fetch_finish_body (ClientFetch *fetch);

/* client-fetch.c. Has fetch_run_due () called at the end of the turn. */
void fetch_defer (ClientFetch *fetch);
/* `error` (transfer full) (nullable): NULL: all is well. Inside a frame. */
void fetch_end (ClientFetch *fetch, GError *error);
/* fetch_end () with an H3_CLIENT_ERROR whose message begins with the peer's name. */
void fetch_fail (ClientFetch *fetch, H3ClientError code, const char *format, ...)
    G_GNUC_PRINTF (3, 4);

G_END_DECLS
