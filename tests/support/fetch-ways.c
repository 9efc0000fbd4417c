/* SPDX-License-Identifier: MIT */

#include "fetch-ways.h"

#include "suite.h"

#include "h3/h3.h"

#define ASK "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"

static void
take_answer (FetchWays *ways, H3ClientResponse *response, const GError *error)
{
    pthread_mutex_lock (&ways->lock);
    ways->response = response != NULL ? h3_client_response_ref (response) : NULL;
    ways->error = error != NULL ? g_error_copy (error) : NULL;
    pthread_mutex_unlock (&ways->lock);
    latch_raise (&ways->answered);
}

static void
on_fetched (H3Event *event, H3ClientResponse *response, const GError *error, gpointer user_data)
{
    take_answer (user_data, response, error);
    h3_event_send_text (event, "over");
}

static void
fetch_there (H3Event *event, gpointer user_data)
{
    FetchWays *ways = user_data;
    H3ClientRequest *request;

    pthread_mutex_lock (&ways->lock);
    request = h3_client_request_ref (ways->asked);
    pthread_mutex_unlock (&ways->lock);
    h3_event_fetch (event, ways->client, request, on_fetched, ways, NULL);
    h3_client_request_unref (request);
}

void
fetch_ways_init (FetchWays *ways, FetchWay way)
{
    *ways = (FetchWays){ .way = way, .answered = LATCH_INIT };
    pthread_mutex_init (&ways->lock, NULL);
    /* The first of each makes what stays as long as the process. */
    g_type_ensure (G_TYPE_TASK);
    g_error_free (g_error_new_literal (H3_CLIENT_ERROR, H3_CLIENT_ERROR_CLOSED, "the first"));
    test_server_init (&ways->server);
    (void) h3_app_route (ways->server.app, "GET", "/", fetch_there, ways, NULL);
    ways->client = h3_client_new ();
    if (way == FETCH_IN_HANDLER)
        test_server_start (&ways->server);
}

static void
drop_answer (FetchWays *ways)
{
    g_clear_pointer (&ways->response, h3_client_response_unref);
    g_clear_error (&ways->error);
    g_clear_pointer (&ways->asked, h3_client_request_unref);
}

void
fetch_ways_clear (FetchWays *ways)
{
    drop_answer (ways);
    g_clear_object (&ways->client);
    if (ways->way == FETCH_IN_HANDLER) {
        test_server_end (&ways->server);
    } else {
        g_clear_object (&ways->server.app);
        test_server_run_context ();
        assert_nothing_left (&ways->server.before);
    }
    pthread_mutex_destroy (&ways->lock);
}

static void
on_ready (GObject *source, GAsyncResult *result, gpointer user_data)
{
    FetchWays *ways = user_data;
    GError *error = NULL;
    H3ClientResponse *response = h3_client_fetch_finish (H3_CLIENT (source), result, &error);

    take_answer (ways, response, error);
    g_clear_error (&error);
    g_clear_pointer (&response, h3_client_response_unref);
}

static void
run_waiting (FetchWays *ways, GCancellable *cancellable)
{
    ways->response = h3_client_fetch (ways->client, ways->asked, cancellable, &ways->error);
}

static void
run_async (FetchWays *ways, GCancellable *cancellable)
{
    h3_client_fetch_async (ways->client, ways->asked, cancellable, on_ready, ways);
    while (latch_get (&ways->answered) < ways->n_asked)
        (void) g_main_context_iteration (NULL, TRUE);
}

static void
run_in_handler (FetchWays *ways)
{
    test_server_expect (&ways->server, ASK, 200, "over");
}

static void
take_request (FetchWays *ways, H3ClientRequest *request)
{
    pthread_mutex_lock (&ways->lock);
    drop_answer (ways);
    ways->asked = request;
    pthread_mutex_unlock (&ways->lock);
    ways->n_asked = latch_get (&ways->answered) + 1;
}

H3ClientResponse *
fetch_ways_run (FetchWays *ways, H3ClientRequest *request, GCancellable *cancellable,
                GError **out_error)
{
    take_request (ways, request);
    if (ways->way == FETCH_WAITING)
        run_waiting (ways, cancellable);
    else if (ways->way == FETCH_ASYNC)
        run_async (ways, cancellable);
    else
        run_in_handler (ways);
    ck_assert ((ways->response != NULL) != (ways->error != NULL));
    if (ways->error != NULL)
        g_propagate_error (out_error, g_steal_pointer (&ways->error));
    return ways->response;
}

H3ClientResponse *
fetch_ways_get (FetchWays *ways, const char *url, GError **out_error)
{
    H3ClientRequest *request = h3_client_request_new ("GET", url, out_error);

    return request != NULL ? fetch_ways_run (ways, request, NULL, out_error) : NULL;
}

RawClient *
fetch_ways_begin (FetchWays *ways, H3ClientRequest *request)
{
    RawClient *client = test_server_connect (&ways->server);

    take_request (ways, request);
    ck_assert (raw_client_send (client, ASK));
    return client;
}

GError *
fetch_ways_wait_error (FetchWays *ways)
{
    GError *error;

    latch_wait (&ways->answered, ways->n_asked, "a fetch comes to its end");
    pthread_mutex_lock (&ways->lock);
    error = g_steal_pointer (&ways->error);
    pthread_mutex_unlock (&ways->lock);
    return error;
}
