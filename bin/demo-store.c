/* SPDX-License-Identifier: MIT
 *
 * Where what outlives a request is kept: --store; and keys that clients keep there. */

#include "demo.h"

#include "demo-route.h"

#include <jansson.h>
#include <string.h>

/* Where no store is named: so much of what clients put is kept. */
#define MAX_ENTRIES 10000
#define MAX_BYTES   (4 * 1024 * 1024)

#define MAX_VALUE   65536
#define DEFAULT_TTL 3600   /* seconds */
#define MAX_TTL     604800 /* seconds */
#define MAX_COUNT   1000000

/* Main thread, before the start and after the end; what they point at, any. */
static H3Store *store;   /* owned */
static H3Store *own;     /* owned: where there is none, that of what clients keep */
static char *opened_for; /* owned: the URL */

H3Store *
demo_get_store (void)
{
    return store;
}

gboolean
demo_take_store (const char *name, const char *value, gpointer data, GError **error)
{
    if (store != NULL) {
        if (strcmp (value, opened_for) == 0)
            return TRUE;
        g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, "%s is given once", name);
        return FALSE;
    }
    store = h3_store_new_from_url (value, error);
    if (store != NULL)
        opened_for = g_strdup (value);
    return store != NULL;
}

/* All other options are left to the app, and so is what is wrong with this one. */
void
demo_open_store (char **argv)
{
    static const GOptionEntry entries[] = { { "store", 0, 0, G_OPTION_ARG_CALLBACK, demo_take_store,
                                              NULL, NULL },
                                            { NULL, 0, 0, 0, NULL, NULL, NULL } };
    g_autoptr (GOptionContext) context = g_option_context_new (NULL);
    g_auto (GStrv) arguments = g_strdupv (argv);

    g_option_context_set_help_enabled (context, FALSE);
    g_option_context_set_ignore_unknown_options (context, TRUE);
    g_option_context_add_main_entries (context, entries, NULL);
    (void) g_option_context_parse_strv (context, &arguments, NULL);
}

void
demo_close_store (void)
{
    g_clear_object (&store);
    g_clear_object (&own);
    g_clear_pointer (&opened_for, g_free);
}

/* Those of clients stand apart, and are as long as a store's may be. */
static char *
dup_key (H3Event *event)
{
    return g_strconcat ("demo:", h3_event_get_param (event, "key"), NULL);
}

/* Whether the answer is none: then the event is answered. */
static gboolean
has_failed (H3Event *event, const H3StoreAnswer *answer)
{
    if (answer->outcome != H3_STORE_FAILED)
        return FALSE;
    if (answer->error->code == H3_STORE_ERROR_KEY || answer->error->code == H3_STORE_ERROR_KIND) {
        h3_event_fail_status (event, 400, answer->error->message);
    } else {
        h3_response_set_header (h3_event_get_response (event), "Retry-After", "1");
        h3_event_fail_status (event, 503, answer->error->message);
    }
    return TRUE;
}

static void
send_value (H3Store *asked, const H3StoreAnswer *answer, gpointer data)
{
    g_autoptr (H3Event) event = data;

    if (has_failed (event, answer))
        return;
    if (answer->outcome == H3_STORE_DONE)
        h3_event_send_bytes (event, "application/octet-stream", answer->value);
    else
        h3_event_fail_status (event, 404, "nothing is kept under this key");
}

static void
send_whether (H3Store *asked, const H3StoreAnswer *answer, gpointer data)
{
    g_autoptr (H3Event) event = data;

    if (!has_failed (event, answer))
        h3_event_send_empty (event, answer->outcome == H3_STORE_DONE ? 204 : 404);
}

static void
send_count (H3Store *asked, const H3StoreAnswer *answer, gpointer data)
{
    g_autoptr (H3Event) event = data;

    if (!has_failed (event, answer))
        demo_send_json (event,
                        json_pack ("{s:b, s:I, s:I}", "counted", answer->outcome == H3_STORE_DONE,
                                   "number", (json_int_t) answer->number, "expires_in",
                                   (json_int_t) answer->expires_in));
}

static void
send_state (H3Store *asked, const H3StoreAnswer *answer, gpointer data)
{
    g_autoptr (H3Event) event = data;

    if (!has_failed (event, answer))
        demo_send_json (event, json_pack ("{s:b, s:I}", "well", h3_store_is_well (asked), "keys",
                                          (json_int_t) answer->number));
}

/* In milliseconds; -1: the event is answered. */
static gint64
read_ttl (H3Event *event)
{
    gint64 seconds = demo_read_number (event, "ttl", MAX_TTL);

    return seconds < 0 ? -1 : (seconds > 0 ? seconds : DEFAULT_TTL) * 1000;
}

static void
tell_state (H3Event *event, gpointer user_data)
{
    h3_store_count (user_data, send_state, h3_event_defer (event));
}

static void
get (H3Event *event, gpointer user_data)
{
    g_autofree char *key = dup_key (event);

    h3_store_get (user_data, key, send_value, h3_event_defer (event));
}

static void
put (H3Event *event, gpointer user_data)
{
    GBytes *body = h3_request_get_body (h3_event_get_request (event));
    g_autoptr (GBytes) value = body != NULL ? g_bytes_ref (body) : g_bytes_new_static ("", 0);
    g_autofree char *key = dup_key (event);
    gint64 ttl = read_ttl (event);

    if (ttl < 0)
        return;
    if (g_bytes_get_size (value) > MAX_VALUE)
        h3_event_fail_status (event, 413, "a value has 65536 bytes at most");
    else
        h3_store_put (user_data, key, value, ttl, send_whether, h3_event_defer (event));
}

static void
take_out (H3Event *event, gpointer user_data)
{
    g_autofree char *key = dup_key (event);

    h3_store_remove (user_data, key, send_whether, h3_event_defer (event));
}

static void
count (H3Event *event, gpointer user_data)
{
    g_autofree char *key = dup_key (event);
    gint64 ttl = read_ttl (event);

    if (ttl > 0)
        h3_store_add (user_data, key, 1, MAX_COUNT, ttl, send_count, h3_event_defer (event));
}

void
demo_add_store (H3App *app)
{
    H3Store *chosen = store;

    if (chosen == NULL)
        chosen = own = h3_memory_store_new (MAX_ENTRIES, MAX_BYTES);
    demo_add (app, "GET", "/store", tell_state, chosen,
              "Whether the store is well, and how many keys it has");
    demo_add (app, "GET", "/store/:key", get, chosen, "What is kept under a key");
    demo_add (app, "PUT", "/store/:key", put, chosen,
              "Keeps the body there for ?ttl= seconds, an hour without");
    demo_add (app, "DELETE", "/store/:key", take_out, chosen, "Removes it");
    demo_add (app, "POST", "/store/:key", count, chosen,
              "Counts one more there, up to a million, for ?ttl= seconds");
}
