/* SPDX-License-Identifier: MIT
 *
 * Answers that may not be needed, because the client has them: validators and conditions. */

#include "answer.h"

#include <h3/format/date.h>
#include <h3/http/answer-inside.h>
#include <h3/http/conditional.h>
#include <h3/http/failure.h>

gboolean
h3_event_set_etag (H3Event *event, const char *etag)
{
    g_return_val_if_fail (event != NULL && etag != NULL, FALSE);
    g_return_val_if_fail (h3_etag_is_valid_string (etag), FALSE);
    return h3_response_set_header (&event->response, "ETag", etag);
}

gboolean
h3_event_set_last_modified (H3Event *event, gint64 seconds)
{
    char text[H3_DATE_SIZE];

    g_return_val_if_fail (event != NULL, FALSE);
    h3_date_write (seconds, text);
    return h3_response_set_header (&event->response, "Last-Modified", text);
}

static H3Precondition
weigh (H3Event *event, const H3Validators *validators)
{
    const H3Request *request = &event->request;
    H3Arena *arena = event->arena;
    H3View if_match = request_join_field (request, H3_VIEW ("If-Match"), ", ", arena);
    H3View if_none_match = request_join_field (request, H3_VIEW ("If-None-Match"), ", ", arena);
    H3View if_modified = request_join_field (request, H3_VIEW ("If-Modified-Since"), ", ", arena);
    H3View if_unmodified =
        request_join_field (request, H3_VIEW ("If-Unmodified-Since"), ", ", arena);

    return h3_precondition_evaluate (h3_request_get_method_name (request), if_match, if_none_match,
                                     if_modified, if_unmodified, validators);
}

void
answer_fail_condition (H3Event *event, guint status)
{
    H3Response *response = &event->response;
    g_autofree char *vary =
        response->headers != NULL ? h3_headers_dup_joined (response->headers, "Vary") : NULL;

    if (vary != NULL)
        h3_response_set_header_always (response, "Vary", vary);
    h3_event_fail (event, h3_http_error_new (status, NULL));
}

static gboolean
answer_condition (H3Event *event, H3Precondition precondition)
{
    if (precondition == H3_PRECONDITION_PROCEED)
        return FALSE;
    if (precondition == H3_PRECONDITION_FAILED) {
        answer_fail_condition (event, 412);
        return TRUE;
    }
    h3_response_set_status (&event->response, 304);
    h3_response_remove_header (&event->response, "Content-Type"); /* of a body that is not sent */
    h3_response_clear_body (&event->response);
    event_answer (event);
    return TRUE;
}

gboolean
h3_event_check_fresh (H3Event *event, const char *etag, gint64 last_modified)
{
    H3Validators validators = { etag, last_modified };
    H3Precondition precondition;

    g_return_val_if_fail (event != NULL, FALSE);
    g_return_val_if_fail (etag == NULL || h3_etag_is_valid_string (etag), FALSE);
    if (etag != NULL)
        h3_event_set_etag (event, etag);
    if (last_modified >= 0)
        h3_event_set_last_modified (event, last_modified);
    precondition = weigh (event, &validators);
    if (precondition == H3_PRECONDITION_PROCEED)
        return FALSE;
    if (event_claim (event))
        (void) answer_condition (event, precondition);
    return TRUE;
}

/* What was set and is no validator counts for none. */
static H3Validators
get_validators (const H3Event *event)
{
    H3Validators validators = { h3_response_get_header (&event->response, "ETag"), -1 };
    const char *date = h3_response_get_header (&event->response, "Last-Modified");

    if (validators.etag != NULL && !h3_etag_is_valid_string (validators.etag))
        validators.etag = NULL;
    if (date != NULL && !h3_date_parse_string (date, &validators.last_modified))
        validators.last_modified = -1;
    return validators;
}

gboolean
answer_has_conditions (const H3Event *event)
{
    return event->response.status == 200
           && (event->request.method == H3_METHOD_GET || event->request.method == H3_METHOD_HEAD);
}

/* "If-…" and "Range", which most requests have none of. */
gboolean
answer_is_asked_for_less (const H3Event *event)
{
    const H3Request *request = &event->request;

    for (guint i = 0; i < request->head.n_fields; i++) {
        H3View name = request_field_name (request, i);
        char first = name.data[0] | 0x20;

        if ((first == 'i' && name.length > 3 && name.data[2] == '-')
            || (first == 'r' && name.length == 5))
            return TRUE;
    }
    return FALSE;
}

gboolean
answer_weigh (H3Event *event)
{
    H3Validators validators = get_validators (event);

    return answer_condition (event, weigh (event, &validators));
}

gboolean
answer_range_counts (H3Event *event)
{
    H3Validators validators = get_validators (event);
    H3View if_range =
        request_join_field (&event->request, H3_VIEW ("If-Range"), ", ", event->arena);

    return h3_if_range_matches (if_range, &validators);
}
