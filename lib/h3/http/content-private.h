/* SPDX-License-Identifier: MIT
 *
 * What of a request's content was asked for: shared by content.c (query, body, client) and
 * content-fields.c (cookies, negotiation). In the event's arena, as long as the event. */

#pragma once

#include "content-inside.h"

#include <h3/http/coded-request.h>
#include <h3/http/event-inside.h>
#include <h3/http/trace-context-inside.h>

G_BEGIN_DECLS

/* One cookie, or the chunks of one put together. */
typedef struct _EventCookie EventCookie;
struct _EventCookie {
    EventCookie *next; /* borrowed: the arena */
    const char *name;  /* borrowed: the arena */
    const char *value; /* borrowed: the arena; NULL: looked for, and not there */
};

/* No bits: a thread may read what was found while another one finds the next. */
struct _EventContent {
    H3Query *query; /* borrowed: the arena; NULL where it is malformed */
    H3Query *form;  /* borrowed: the arena; NULL: not parsed */
    H3QueryError query_problem;
    guint8 has_query; /* it was parsed */
    guint8 has_client;
    guint8 has_cookies;
    guint8 has_tls;       /* the carrier was asked */
    guint8 is_disputed;   /* proxies tell of two clients */
    H3Forwarded client;   /* its views: the arena */
    const char *address;  /* borrowed: the arena; NULL: not asked for */
    H3TlsInfo *tls;       /* borrowed: the arena; NULL: none */
    H3View cookie_field;  /* borrowed: the arena */
    EventCookie *cookies; /* borrowed: the arena; in their order */
    DecodedBody *decoded; /* borrowed: the event's data; NULL: the body comes as it is read */
    EventCookie *joined;  /* borrowed: the arena; asked for, and not among them */
    /* borrowed: the arena; NULL: not asked for. It never changes, and whoever logs reads it while
     * another thread may ask for it. */
    _Atomic (EventTrace *) trace;
};

EventContent *content_ensure (H3Event *event);

/* Whether proxies tell of two clients; worker only. */
gboolean content_is_client_disputed (H3Event *event);

G_END_DECLS
