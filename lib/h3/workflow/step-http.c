/* SPDX-License-Identifier: MIT */

#include "step-http.h"

#include <h3/base/error.h>
#include <h3/client/client-fetch.h>

struct _StepHttp {
    Loop *loop;         /* borrowed: who runs the step */
    ClientFetch *fetch; /* borrowed: until its end; NULL: it was cancelled */
    const PlanRequest *expect;
    const StepHttpListener *listener;
    gpointer data; /* the listener's */
    guint status;  /* 0: no answer yet */
};

static gboolean
is_expected (const PlanRequest *request, guint status)
{
    for (guint i = 0; i < request->n_expect; i++) {
        if (request->expect[i] == status)
            return TRUE;
    }
    return request->n_expect == 0 && status >= 200 && status <= 299;
}

static void
end (StepHttp *self, const GError *error)
{
    const StepHttpListener *listener = self->listener;
    gpointer data = self->data;
    guint status = self->status;

    g_free (self);
    listener->on_end (status, error, data);
}

static void
on_head (ClientFetch *fetch, H3ClientResponse *response, gpointer data)
{
    StepHttp *self = data;

    self->status = h3_client_response_get_status (response);
}

static void
on_body (ClientFetch *fetch, H3View piece, gpointer data)
{
    StepHttp *self = data;

    self->listener->on_output (piece.data, piece.length, self->data);
}

static void
on_end (ClientFetch *fetch, H3ClientResponse *response, const GError *error, gpointer data)
{
    StepHttp *self = data;
    g_autoptr (GError) unexpected = NULL;

    if (error == NULL && !is_expected (self->expect, self->status))
        unexpected =
            g_error_new (H3_ERROR, H3_ERROR_FAILED, "the answer's status is %u", self->status);
    end (self, error != NULL ? error : unexpected);
}

static const ClientFetchListener fetch_listener = { on_head, on_body, on_end };

StepHttp *
step_http_start (Loop *loop, const StepHttpOrder *order, const StepHttpListener *listener,
                 gpointer data)
{
    ClientFetchOrder fetch_order = { .settings = order->settings,
                                     .request = order->request,
                                     .opens = TRUE };
    StepHttp *self = g_new0 (StepHttp, 1);

    self->loop = loop;
    self->expect = order->expect;
    self->listener = listener;
    self->data = data;
    self->fetch = client_fetch_start (loop, &fetch_order, &fetch_listener, self);
    return self;
}

static void
end_cancelled (gpointer data)
{
    g_autoptr (GError) error =
        g_error_new_literal (H3_ERROR, H3_ERROR_CANCELLED, "the request was cancelled");

    end (data, error);
}

void
step_http_end (StepHttp *self)
{
    if (self->fetch == NULL)
        return;
    client_fetch_cancel (g_steal_pointer (&self->fetch));
    loop_defer (self->loop, end_cancelled, self);
}
