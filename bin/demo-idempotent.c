/* SPDX-License-Identifier: MIT
 *
 * A request that may be sent again without harm. */

#include "demo.h"

#include "demo-route.h"

#include <stdatomic.h>

/* Another each time it is asked for. */
static void
answer_number (H3Event *event, gpointer user_data)
{
    static _Atomic guint64 last;
    guint64 number = atomic_fetch_add (&last, 1) + 1;
    g_autofree char *text = g_strdup_printf ("{\"number\":%" G_GUINT64_FORMAT "}", number);

    h3_event_set_status (event, 201);
    h3_event_send_json_text (event, text);
}

void
demo_add_idempotent (H3App *app)
{
    g_autoptr (H3Idempotency) idempotency = h3_idempotency_new ();
    H3Route *route =
        demo_add (app, "POST", "/idempotent", answer_number, NULL,
                  "A number that nobody had before, but the same where Idempotency-Key is");

    h3_idempotency_set_store (idempotency, demo_get_store ());
    h3_app_use_for (app, route, h3_idempotency_to_middleware (idempotency));
}
