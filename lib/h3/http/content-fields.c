/* SPDX-License-Identifier: MIT
 *
 * What the request's fields say: cookies, what is accepted, who asks. */

#include "content-private.h"

#include <h3/format/negotiation.h>
#include <h3/http/event-flow.h>
#include <h3/http/failure.h>

H3View
content_get_cookie_field (H3Event *event)
{
    EventContent *content = content_ensure (event);

    if (content->cookie_field.data == NULL)
        content->cookie_field =
            request_join_field (&event->request, H3_VIEW ("Cookie"), "; ", event->arena);
    return content->cookie_field;
}

static EventContent *
ensure_cookies (H3Event *event)
{
    EventContent *content = content_ensure (event);
    EventCookie **end = &content->cookies;
    H3CookieReader reader;
    H3View name;
    H3View value;

    if (content->has_cookies)
        return content;
    content->has_cookies = TRUE;
    h3_cookie_reader_init (&reader, content_get_cookie_field (event));
    while (h3_cookie_next (&reader, &name, &value)) {
        EventCookie *cookie = h3_arena_new0 (event->arena, EventCookie);

        cookie->name = h3_arena_dup_view (event->arena, name);
        cookie->value = h3_arena_dup_view (event->arena, value);
        *end = cookie;
        end = &cookie->next;
    }
    return content;
}

static const EventCookie *
find_cookie (const EventCookie *cookie, const char *name)
{
    while (cookie != NULL && strcmp (cookie->name, name) != 0)
        cookie = cookie->next;
    return cookie;
}

/* Looked for once a name, so that what comes of it is kept once. */
static const EventCookie *
join_chunks (H3Event *event, const char *name)
{
    EventContent *content = event->content;
    EventCookie *cookie = h3_arena_new0 (event->arena, EventCookie);
    g_autofree char *first = g_strdup_printf ("%s.0", name);

    cookie->name = h3_arena_strdup (event->arena, name);
    if (find_cookie (content->cookies, first) != NULL) {
        g_autofree char *header = h3_view_dup (content->cookie_field);
        g_autofree char *value = h3_cookie_dup_value (header, name);

        cookie->value = h3_arena_strdup (event->arena, value);
    }
    cookie->next = content->joined;
    content->joined = cookie;
    return cookie;
}

const char *
h3_event_get_cookie (H3Event *event, const char *name)
{
    const EventCookie *cookie;
    EventContent *content;

    g_return_val_if_fail (event != NULL && name != NULL, NULL);
    content = ensure_cookies (event);
    if (content->cookies == NULL)
        return NULL;
    cookie = find_cookie (content->cookies, name);
    if (cookie == NULL)
        cookie = find_cookie (content->joined, name);
    if (cookie == NULL)
        cookie = join_chunks (event, name);
    return cookie->value;
}

void
h3_event_foreach_cookie (H3Event *event, H3CookieFunction function, gpointer user_data)
{
    g_return_if_fail (event != NULL && function != NULL);
    for (const EventCookie *cookie = ensure_cookies (event)->cookies; cookie != NULL;
         cookie = cookie->next) {
        if (!function (cookie->name, cookie->value, user_data))
            return;
    }
}

typedef gssize (*Negotiate) (H3View field, const char *const *offers, gssize count);

static const char *
negotiate (H3Event *event, const char *name, Negotiate function, const char *const *offers)
{
    H3View field = request_join_field (&event->request, h3_view_of (name), ", ", event->arena);
    gssize best = function (field, offers, -1);

    h3_response_add_vary (&event->response, name);
    return best >= 0 ? offers[best] : NULL;
}

const char *
h3_event_negotiate_type (H3Event *event, const char *const *offers)
{
    g_return_val_if_fail (event != NULL && offers != NULL, NULL);
    return negotiate (event, "Accept", h3_negotiate_type, offers);
}

const char *
h3_event_negotiate_encoding (H3Event *event, const char *const *offers)
{
    g_return_val_if_fail (event != NULL && offers != NULL, NULL);
    return negotiate (event, "Accept-Encoding", h3_negotiate_encoding, offers);
}

const char *
h3_event_negotiate_language (H3Event *event, const char *const *offers)
{
    g_return_val_if_fail (event != NULL && offers != NULL, NULL);
    return negotiate (event, "Accept-Language", h3_negotiate_language, offers);
}

/* The views of what was found may lie in the receive buffer: they are copied, as strings. */
static void
resolve (H3Event *event, EventContent *content)
{
    const H3Request *request = &event->request;
    H3Arena *arena = event->arena;
    H3SocketAddress peer = { 0 };
    gboolean secure = FALSE;
    H3View none = { NULL, 0 };
    H3View forwarded = none;
    H3View client = none;
    H3View scheme = none;
    H3View host = none;

    if (event->carrier != NULL)
        event->carrier->functions->get_peer (event->carrier, &peer, &secure);
    if (event->trusted != NULL) {
        forwarded = request_join_field (request, H3_VIEW ("Forwarded"), ", ", arena);
        client = request_join_field (request, H3_VIEW ("X-Forwarded-For"), ", ", arena);
        scheme = request_join_field (request, H3_VIEW ("X-Forwarded-Proto"), ", ", arena);
        host = request_join_field (request, H3_VIEW ("X-Forwarded-Host"), ", ", arena);
    }
    content->is_disputed = !h3_forwarded_resolve (
        event->trusted, &peer.address, secure ? H3_VIEW ("https") : H3_VIEW ("http"), request->host,
        forwarded, client, scheme, host, &content->client);
    content->client.scheme.data = h3_arena_dup_view (arena, content->client.scheme);
    content->client.host.data = h3_arena_dup_view (arena, content->client.host);
    content->has_client = TRUE;
}

static EventContent *
ensure_client (H3Event *event)
{
    EventContent *content = content_ensure (event);

    if (!content->has_client)
        resolve (event, content);
    return content;
}

const H3Forwarded *
h3_event_get_client (H3Event *event)
{
    g_return_val_if_fail (event != NULL, NULL);
    return &ensure_client (event)->client;
}

const char *
h3_event_get_client_address (H3Event *event)
{
    EventContent *content;

    g_return_val_if_fail (event != NULL, NULL);
    content = ensure_client (event);
    if (content->address == NULL) {
        char text[H3_ADDRESS_TEXT_SIZE];

        h3_address_write (&content->client.client, text);
        content->address = h3_arena_strdup (event->arena, text);
    }
    return content->address;
}

const char *
h3_event_get_scheme (H3Event *event)
{
    g_return_val_if_fail (event != NULL, NULL);
    return ensure_client (event)->client.scheme.data;
}

const char *
h3_event_get_host (H3Event *event)
{
    g_return_val_if_fail (event != NULL, NULL);
    return ensure_client (event)->client.host.data;
}

const char *
content_get_host (H3Event *event)
{
    if (event_is_on_worker (event) || (event->content != NULL && event->content->has_client))
        return h3_event_get_host (event);
    return h3_request_get_host (&event->request);
}

gboolean
content_is_client_disputed (H3Event *event)
{
    return ensure_client (event)->is_disputed;
}
