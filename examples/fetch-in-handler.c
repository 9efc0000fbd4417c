/* SPDX-License-Identifier: MIT
 *
 * Handlers that ask other servers: while they wait, their worker serves others. Here the other
 * server is this one. */

#include <h3/format/json.h>
#include <h3/h3.h>

typedef struct {
    H3App *app;
    H3Client *client;
} Shop;

/* Asks for a path of the other server on behalf of an event. Its address is the program's to know:
 * what clients send decides nothing about it. */
static void
ask (Shop *shop, H3Event *event, const char *path, H3Fetched function, gpointer user_data)
{
    guint port = h3_server_get_port (h3_app_get_server (shop->app));
    g_autofree char *url = g_strdup_printf ("http://127.0.0.1:%u%s", port, path);
    g_autoptr (GError) error = NULL;
    g_autoptr (H3ClientRequest) request = h3_client_request_new ("GET", url, &error);

    if (request != NULL)
        h3_event_fetch (event, shop->client, request, function, user_data, NULL);
    else
        h3_event_fail (event, g_steal_pointer (&error));
}

/* The other server's answer, or why there is none, becomes ours. */
static void
show_price (H3Event *event, H3ClientResponse *response, const GError *error, gpointer user_data)
{
    g_autoptr (json_t) document = NULL;

    if (response != NULL && h3_client_response_get_status (response) == 200)
        document = h3_client_response_parse_json (response, NULL);
    if (document != NULL)
        h3_event_send_json (event,
                            json_pack ("{s:O?}", "price", json_object_get (document, "price")));
    else
        h3_event_fail_status (event, 502, error != NULL ? error->message : "That is no price.");
}

/* GET /price */
static void
ask_price (H3Event *event, gpointer user_data)
{
    ask (user_data, event, "/stock", show_price, NULL);
}

/* GET /both: two at once, and an answer when both are there. */
typedef struct {
    guint waiting;
    guint good;
} Both;

static void
note_one (H3Event *event, H3ClientResponse *response, const GError *error, gpointer user_data)
{
    Both *both = user_data;

    both->good += response != NULL && h3_client_response_get_status (response) == 200;
    if (--both->waiting == 0)
        h3_event_send_json (event, json_pack ("{s:i}", "good", (int) both->good));
}

static void
ask_both (H3Event *event, gpointer user_data)
{
    Both *both = h3_arena_new0 (h3_event_get_arena (event), Both);

    both->waiting = 2;
    ask (user_data, event, "/stock", note_one, both);
    ask (user_data, event, "/none", note_one, both);
}

/* GET /stock: what the other server is asked for. */
static void
show_stock (H3Event *event, gpointer user_data)
{
    h3_event_send_json (event, json_pack ("{s:i,s:i}", "price", 42, "pieces", 7));
}

int
main (int argc, char **argv)
{
    g_autoptr (H3App) app = h3_app_new ();
    g_autoptr (H3Client) client = h3_client_new ();
    Shop shop = { app, client };

    h3_client_set_total_timeout (client, 5000);
    h3_app_get (app, "/price", ask_price, &shop);
    h3_app_get (app, "/both", ask_both, &shop);
    h3_app_get (app, "/stock", show_stock, NULL);
    return h3_app_run (app, argc, argv);
}
