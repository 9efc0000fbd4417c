/* SPDX-License-Identifier: MIT */

#include "cors-policy.h"

#include <h3/http/answer.h>
#include <h3/http/event-inside.h>
#include <h3/http/failure.h>
#include <h3/http/response-inside.h>
#include <h3/route/chain-inside.h>

/* The one value of a field; its data is NULL where there is none. FALSE: there are several. */
static gboolean
find_single (const H3Request *request, H3View name, H3View *out_value)
{
    *out_value = (H3View){ NULL, 0 };
    for (guint i = 0; i < request->head.n_fields; i++) {
        if (request->head.fields[i].name_length != name.length
            || !h3_view_equal_ignore_case (request_field_name (request, i), name))
            continue;
        if (out_value->data != NULL)
            return FALSE;
        *out_value = request_field_value (request, i);
    }
    return TRUE;
}

/* Set when the head leaves: so they stand on whatever takes the answer's place, and no handler has
 * to know of them. */
static void
put_fields (H3Event *event, gpointer user_data)
{
    response_share_headers (&event->response, user_data);
}

static void
unref_fields (gpointer data)
{
    h3_headers_unref (data);
}

/* (transfer full) (nullable): what pages of that origin may have; NULL: nothing. */
static H3Headers *
find_fields (H3CorsPolicy *policy, H3Event *event, H3View value)
{
    Origin origin;

    return value.data != NULL && origin_parse (value, &origin)
               ? cors_policy_allow (policy, event, &origin)
               : NULL;
}

/* `fields` is (transfer full) (nullable). */
static void
add_fields (H3CorsPolicy *policy, H3Event *event, H3Headers *fields)
{
    if (fields != NULL)
        h3_event_on_send (event, put_fields, fields, unref_fields);
    else
        h3_event_on_send (event, put_fields, cors_policy_get_fields (policy), NULL);
}

/* The question that a browser asks before a request that forms could not make. */
static gboolean
is_preflight (const H3Request *request, H3View origin)
{
    return request->method == H3_METHOD_OPTIONS && origin.data != NULL
           && h3_request_get_header_view (request, H3_VIEW ("Access-Control-Request-Method")).data
                  != NULL;
}

static gboolean
asks_private_network (const H3Request *request)
{
    H3View value;

    return find_single (request, H3_VIEW ("Access-Control-Request-Private-Network"), &value)
           && h3_view_equal (value, H3_VIEW ("true"));
}

/* Whatever is wrong with it, it is answered: only that the answer then allows nothing. `fields` is
 * (transfer full) (nullable). */
static void
answer_preflight (H3CorsPolicy *policy, H3Event *event, H3Headers *fields)
{
    const H3Request *request = &event->request;
    H3Response *response = &event->response;
    H3View names = request_join_field (request, H3_VIEW ("Access-Control-Request-Headers"), ", ",
                                       event->arena);
    H3View method;

    if (fields != NULL && find_single (request, H3_VIEW ("Access-Control-Request-Method"), &method)
        && cors_policy_allows_method (policy, method)
        && cors_policy_allows_fields (policy, names)) {
        cors_policy_fill_preflight (policy, response, method, names,
                                    asks_private_network (request));
        add_fields (policy, event, g_steal_pointer (&fields));
    } else if (cors_policy_depends_on_origin (policy)) {
        h3_response_add_vary (response, "Origin");
    }
    h3_headers_unref (fields);
    h3_response_add_vary (response, "Access-Control-Request-Method");
    h3_response_add_vary (response, "Access-Control-Request-Headers");
    h3_event_send_empty (event, 204);
}

static void
answer_origin (H3Event *event, gpointer user_data)
{
    H3CorsPolicy *policy = user_data;
    H3Headers *fields;
    H3View origin;

    if (!find_single (&event->request, H3_VIEW ("Origin"), &origin)) {
        add_fields (policy, event, NULL);
        h3_event_fail_status (event, 400, "The request has more than one Origin field.");
        return;
    }
    fields = find_fields (policy, event, origin);
    if (is_preflight (&event->request, origin)) {
        answer_preflight (policy, event, fields);
        return;
    }
    add_fields (policy, event, fields);
    h3_event_next (event);
}

/* A page is to see that its body was too large, too. */
static void
mark_unread (H3Event *event, gpointer user_data)
{
    H3View origin;

    if (event->response.is_final)
        return; /* a hook has answered piece by piece */
    if (!find_single (&event->request, H3_VIEW ("Origin"), &origin))
        origin = (H3View){ NULL, 0 };
    add_fields (user_data, event, find_fields (user_data, event, origin));
}

static gboolean
check (gpointer user_data, GError **error)
{
    return cors_policy_freeze (user_data, error);
}

static void
unref_policy (gpointer data)
{
    h3_cors_policy_unref (data);
}

H3Middleware *
h3_cors_new (H3CorsPolicy *policy)
{
    H3Middleware *middleware;

    g_return_val_if_fail (policy != NULL, NULL);
    middleware = h3_middleware_new (answer_origin, h3_cors_policy_ref (policy), unref_policy);
    h3_middleware_set_early (middleware, TRUE);
    middleware_set_check (middleware, check);
    middleware_set_unread (middleware, mark_unread);
    return middleware;
}
