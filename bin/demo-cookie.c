/* SPDX-License-Identifier: MIT
 *
 * Cookies: those that came, and some for the client to keep or to forget. */

#include "demo.h"

#include "demo-route.h"

#include <jansson.h>

/* Of cookies that came twice the first counts: it is that of the longest path. */
static gboolean
add_cookie (const char *name, const char *value, gpointer user_data)
{
    json_t *cookies = user_data;
    g_autofree char *text = demo_dup_as_utf8 (value);

    if (json_object_get (cookies, name) == NULL)
        json_object_set_new (cookies, name, json_string (text));
    return TRUE;
}

static void
show_cookies (H3Event *event, gpointer user_data)
{
    json_t *cookies = json_object ();

    h3_event_foreach_cookie (event, add_cookie, cookies);
    demo_send_json (event, json_pack ("{s:o}", "cookies", cookies));
}

/* FALSE, with the event answered 400, for what browsers would not take. */
static gboolean
set_cookie (H3Event *event, const char *name, const char *value)
{
    g_autoptr (H3Cookie) cookie = h3_cookie_new (name, value);
    g_autoptr (GError) error = NULL;

    h3_cookie_set_path (cookie, "/");
    h3_cookie_set_secure (cookie, g_str_equal (h3_event_get_scheme (event), "https"));
    if (h3_event_set_cookie (event, cookie, &error))
        return TRUE;
    h3_event_fail (event, h3_http_error_new (400, "%s", error->message));
    return FALSE;
}

static gboolean
forget_cookie (H3Event *event, const char *name, const char *value)
{
    g_autoptr (GError) error = NULL;

    if (h3_event_delete_cookie (event, name, "/", NULL, &error))
        return TRUE;
    h3_event_fail (event, h3_http_error_new (400, "%s", error->message));
    return FALSE;
}

static void
set_named_cookie (H3Event *event, gpointer user_data)
{
    if (set_cookie (event, h3_event_get_param (event, "name"), h3_event_get_param (event, "value")))
        h3_event_redirect (event, 302, "/cookies");
}

typedef struct {
    H3Event *event; /* borrowed: the handler's */
    gboolean (*apply) (H3Event *event, const char *name, const char *value);
    GHashTable *seen; /* borrowed: the caller; a set of names, borrowed: the query */
    gboolean failed;
} Changes;

/* No answer may set a cookie twice (RFC 6265 §4.1.1): of a field given twice the first counts. */
static gboolean
apply_field (const char *name, const char *value, gpointer user_data)
{
    Changes *changes = user_data;

    if (!g_hash_table_add (changes->seen, (gpointer) name))
        return TRUE;
    changes->failed = !changes->apply (changes->event, name, value);
    return !changes->failed;
}

static void
change_cookies (H3Event *event,
                gboolean (*apply) (H3Event *event, const char *name, const char *value))
{
    g_autoptr (GHashTable) seen = g_hash_table_new (h3_string_hash, g_str_equal);
    Changes changes = { event, apply, seen, FALSE };

    h3_query_foreach (h3_event_get_query_table (event), apply_field, &changes);
    if (!changes.failed)
        h3_event_redirect (event, 302, "/cookies");
}

static void
set_cookies (H3Event *event, gpointer user_data)
{
    change_cookies (event, set_cookie);
}

static void
delete_cookies (H3Event *event, gpointer user_data)
{
    change_cookies (event, forget_cookie);
}

void
demo_add_cookie (H3App *app)
{
    demo_add (app, "GET", "/cookies", show_cookies, NULL, "The request's cookies");
    demo_add (app, "GET", "/cookies/set", set_cookies, NULL,
              "Sets each field of the query as a cookie, and redirects to /cookies");
    demo_add (app, "GET", "/cookies/set/:name/:value", set_named_cookie, NULL,
              "Sets a cookie, and redirects to /cookies");
    demo_add (app, "GET", "/cookies/delete", delete_cookies, NULL,
              "Has the client forget the cookies that the query names");
}
