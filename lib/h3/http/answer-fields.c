/* SPDX-License-Identifier: MIT
 *
 * Answers that are fields rather than bodies: redirects, cookies, caching. */

#include "answer.h"

#include <h3/base/error.h>
#include <h3/format/cookie-inside.h>
#include <h3/format/percent.h>
#include <h3/format/url.h>
#include <h3/http/content-inside.h>
#include <h3/http/event-flow.h>

/* What stands in a URL as it is; '%' too: what is escaped already stays. */
static gboolean
stands_in_url (guchar c)
{
    return c > 0x20 && c < 0x7f && strchr ("\"<>\\^`{|}", c) == NULL;
}

/* NULL where there is a control in it: browsers drop some of them, so that what was checked is not
 * what they follow, and CR and LF would end the field. */
static char *
escape_location (H3Arena *arena, const char *location)
{
    static const char hex[] = "0123456789ABCDEF";
    char *text = h3_arena_alloc (arena, strlen (location) * 3 + 1);
    char *out = text;

    for (const guchar *p = (const guchar *) location; *p != '\0'; p++) {
        if (*p < 0x20 || *p == 0x7f)
            return NULL;
        if (stands_in_url (*p)) {
            *out++ = (char) *p;
            continue;
        }
        *out++ = '%';
        *out++ = hex[*p >> 4];
        *out++ = hex[*p & 15];
    }
    *out = '\0';
    return text;
}

void
h3_event_redirect (H3Event *event, guint status, const char *location)
{
    const char *text;

    g_return_if_fail (event != NULL && location != NULL);
    g_return_if_fail ((status >= 301 && status <= 303) || status == 307 || status == 308);
    if (!event_claim (event))
        return;
    text = escape_location (event->arena, location);
    if (text == NULL) {
        h3_event_fail (event, g_error_new_literal (H3_ERROR, H3_ERROR_INVALID,
                                                   "a redirect to a location with controls"));
        return;
    }
    h3_response_set_header (&event->response, "Location", text);
    h3_response_set_status (&event->response, status);
    h3_response_clear_body (&event->response);
    event_answer (event);
}

/* "//host" and "/\host" lead elsewhere. */
static gboolean
is_local_path (const char *path)
{
    return path != NULL && path[0] == '/' && path[1] != '/' && path[1] != '\\';
}

/* (nullable): the path and query of the Referer, where host and port are those of the request. The
 * scheme is the Referer's: a path alone is sent, and that stays in the client's own. */
static char *
dup_referer_target (H3Event *event)
{
    const char *referer = h3_request_get_header (&event->request, "Referer");
    g_autoptr (GUri) from = NULL;
    g_autoptr (GUri) here = NULL;
    g_autofree char *origin = NULL;

    from = referer != NULL ? h3_url_parse (referer, H3_URL_NONE, NULL) : NULL;
    if (from == NULL)
        return NULL;
    origin = g_strdup_printf ("%s://%s/", g_uri_get_scheme (from), content_get_host (event));
    here = h3_url_parse (origin, H3_URL_NONE, NULL);
    if (here == NULL || !h3_url_is_same_origin (from, here))
        return NULL;
    return h3_url_dup_target (from);
}

void
h3_event_redirect_back (H3Event *event, const char *fallback)
{
    g_autofree char *target = NULL;

    g_return_if_fail (event != NULL && fallback != NULL);
    target = dup_referer_target (event);
    if (is_local_path (target))
        fallback = target;
    else if (!is_local_path (fallback))
        fallback = "/";
    h3_event_redirect (event, 303, fallback);
}

/* Chunks of a longer value would come back with every request. */
static void
forget_leftovers (H3Event *event, const H3Cookie *cookie, guint n_chunks)
{
    const char *name = cookie_get_name (cookie);
    guint n_sent = cookie_count_chunks (content_get_cookie_field (event), name);

    for (guint i = n_chunks; i < n_sent; i++) {
        g_autofree char *chunk = g_strdup_printf ("%s.%u", name, i);
        g_autofree char *field = cookie_write_end (cookie, chunk);

        h3_response_add_header (&event->response, "Set-Cookie", field);
    }
}

gboolean
h3_event_set_cookie (H3Event *event, const H3Cookie *cookie, GError **error)
{
    g_auto (GStrv) fields = NULL;
    guint n_fields;

    g_return_val_if_fail (event != NULL && cookie != NULL, FALSE);
    fields = h3_cookie_to_strings (cookie, error);
    if (fields == NULL)
        return FALSE;
    for (char **field = fields; *field != NULL; field++)
        h3_response_add_header (&event->response, "Set-Cookie", *field);
    /* The first of several is no chunk: it takes away what was in one piece. */
    n_fields = g_strv_length (fields);
    forget_leftovers (event, cookie, n_fields > 1 ? n_fields - 1 : 0);
    return TRUE;
}

static gboolean
forget (H3Event *event, const char *name, const char *path, const char *domain, GError **error)
{
    g_autoptr (H3Cookie) cookie = h3_cookie_new (name, "");
    g_autofree char *field = NULL;

    h3_cookie_set_path (cookie, path);
    h3_cookie_set_domain (cookie, domain);
    h3_cookie_set_max_age (cookie, 0);
    h3_cookie_set_expires (cookie, 0);
    /* Browsers heed these two prefixes only with Secure, which does no harm to others here. */
    h3_cookie_set_secure (cookie, g_ascii_strncasecmp (name, "__", 2) == 0);
    field = h3_cookie_to_string (cookie, error);
    return field != NULL && h3_response_add_header (&event->response, "Set-Cookie", field);
}

gboolean
h3_event_delete_cookie (H3Event *event, const char *name, const char *path, const char *domain,
                        GError **error)
{
    H3View header;
    H3View value;

    g_return_val_if_fail (event != NULL && name != NULL, FALSE);
    if (!forget (event, name, path, domain, error))
        return FALSE;
    header = content_get_cookie_field (event);
    for (guint i = 0; i < H3_COOKIE_MAX_PAIRS; i++) {
        g_autofree char *chunk = g_strdup_printf ("%s.%u", name, i);

        if (!h3_cookie_find (header, h3_view_of (chunk), &value))
            break;
        if (!forget (event, chunk, path, domain, error))
            return FALSE;
    }
    return TRUE;
}

gboolean
h3_event_set_cache_control (H3Event *event, const char *directives)
{
    g_return_val_if_fail (event != NULL && directives != NULL, FALSE);
    return h3_response_set_header (&event->response, "Cache-Control", directives);
}
