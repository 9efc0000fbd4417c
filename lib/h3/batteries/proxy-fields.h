/* SPDX-License-Identifier: MIT
 *
 * The fields of messages that are handed on: none is copied without being judged, and what is said
 * to the next one of this connection, of who was here before and of us is said anew. The worker's
 * thread. */

#pragma once

#include <h3/batteries/proxy-target.h>
#include <h3/http/forwarded.h>
#include <h3/http/request-inside.h>
#include <h3/http/response-inside.h>
#include <h3/wire/http1-response-reader.h>

G_BEGIN_DECLS

/* So many are on a request's way at most, ourselves too. */
#define PROXY_MAX_HOPS 32

/* Whom a request came from, and how. */
typedef struct {
    H3View name;                   /* how Via calls us */
    H3Address peer;                /* at the other end of the socket */
    const H3TrustedProxies *trust; /* (nullable): whose word counts; NULL: nobody's */
    H3View scheme;                 /* of the connection */
    H3View told_scheme, told_host; /* of the client's, as far as is known */
    H3View prefix;                 /* what the server behind does not see of the path; may be "" */
    const H3Headers *set;          /* (nullable): the program's own, in the place of others */
    const H3Headers *removed;      /* (nullable): names of those that are not handed on */
} ProxyHop;

/* Whether Via, all in one list, says that the request was here twice already, or went through more
 * than PROXY_MAX_HOPS. */
gboolean proxy_fields_have_loop (const H3Request *request, H3View name, H3Arena *arena);

/* (transfer full): what goes with the request to the server behind, but for Host, framing, and its
 * place in a trace. `arena` is the event's. */
H3Headers *proxy_fields_forward (const H3Request *request, const ProxyHop *hop, H3Arena *arena);

/* The fields of the final answer into `out`, in the place of those that it has under the same
 * names. Where `place` is not NULL, where they lead to is told in our paths. */
void proxy_fields_answer (const Http1Response *answer, const ProxyPlace *place, H3Arena *arena,
                          H3Response *out);

/* (transfer full): those of an interim answer. */
H3Headers *proxy_fields_interim (const Http1Response *answer, const ProxyPlace *place,
                                 H3Arena *arena);

/* The answer's trailer fields into `out`, which is streamed. */
void proxy_fields_end (const H3Headers *trailers, H3Response *out);

G_END_DECLS
