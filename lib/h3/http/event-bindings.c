/* SPDX-License-Identifier: MIT
 *
 * What other languages need of an event: types for its parts, and values that are kept beside it.
 */

#include "event-inside.h"

#include <stddef.h>

/* A part is copied, as other languages do what they keep, by holding the event it is a part of. */
static H3Request *
hold_request (H3Request *request)
{
    (void) h3_event_ref ((H3Event *) ((char *) request - offsetof (H3Event, request)));
    return request;
}

static void
release_request (H3Request *request)
{
    h3_event_unref ((H3Event *) ((char *) request - offsetof (H3Event, request)));
}

static H3Response *
hold_response (H3Response *response)
{
    (void) h3_event_ref ((H3Event *) ((char *) response - offsetof (H3Event, response)));
    return response;
}

static void
release_response (H3Response *response)
{
    h3_event_unref ((H3Event *) ((char *) response - offsetof (H3Event, response)));
}

G_DEFINE_BOXED_TYPE (H3Request, h3_request, hold_request, release_request)
G_DEFINE_BOXED_TYPE (H3Response, h3_response, hold_response, release_response)

/* Pointers have keys of their own, so that none is ever taken for a value. */
static char *
make_key (const char *key)
{
    return g_strconcat ("variant: ", key, NULL);
}

void
h3_event_set_variant (H3Event *event, const char *key, GVariant *value)
{
    g_autofree char *own = NULL;

    g_return_if_fail (event != NULL && key != NULL);
    own = make_key (key);
    h3_event_set_data (event, own, value != NULL ? g_variant_ref_sink (value) : NULL,
                       value != NULL ? (GDestroyNotify) g_variant_unref : NULL);
}

GVariant *
h3_event_get_variant (const H3Event *event, const char *key)
{
    g_autofree char *own = NULL;

    g_return_val_if_fail (event != NULL && key != NULL, NULL);
    own = make_key (key);
    return h3_event_get_data (event, own);
}
