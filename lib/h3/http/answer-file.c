/* SPDX-License-Identifier: MIT
 *
 * Answers that may not be needed, because the client has them: validators, and files. */

#include "answer.h"

#include <h3/base/error.h>
#include <h3/format/date.h>
#include <h3/format/mime.h>
#include <h3/http/conditional.h>
#include <h3/http/event-flow.h>
#include <h3/http/failure.h>

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

gboolean
h3_event_set_etag (H3Event *event, const char *etag)
{
    g_return_val_if_fail (event != NULL && etag != NULL, FALSE);
    g_return_val_if_fail (h3_etag_is_valid_string (etag), FALSE);
    return h3_response_set_header (&event->response, "ETag", etag);
}

static void
set_last_modified (H3Event *event, gint64 seconds)
{
    char text[H3_DATE_SIZE];

    h3_date_write (seconds, text);
    h3_response_set_header (&event->response, "Last-Modified", text);
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

/* With the right to answer in hand. TRUE: answered. */
static gboolean
answer_condition (H3Event *event, H3Precondition precondition)
{
    if (precondition == H3_PRECONDITION_PROCEED)
        return FALSE;
    if (precondition == H3_PRECONDITION_FAILED) {
        h3_event_fail (event, h3_http_error_new (412, NULL));
        return TRUE;
    }
    h3_response_set_status (&event->response, 304);
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
        set_last_modified (event, last_modified);
    precondition = weigh (event, &validators);
    if (precondition == H3_PRECONDITION_PROCEED)
        return FALSE;
    if (event_claim (event))
        (void) answer_condition (event, precondition);
    return TRUE;
}

/* Takes the validators that the program set, else sets those of the file; a date that lies ahead
 * must not be sent (RFC 9110 §8.8.2.1). */
static H3Precondition
weigh_file (H3Event *event, const struct stat *info)
{
    gint64 now = g_get_real_time ();
    gint64 modified = (gint64) info->st_mtim.tv_sec;
    H3Validators validators = { NULL, MIN (modified, now / G_USEC_PER_SEC) };
    const char *date = h3_response_get_header (&event->response, "Last-Modified");

    if (h3_response_get_header (&event->response, "ETag") == NULL) {
        g_autofree char *etag =
            h3_etag_for_file ((guint64) info->st_size,
                              modified * G_GINT64_CONSTANT (1000000000) + info->st_mtim.tv_nsec,
                              (guint64) info->st_ino, now * 1000);

        h3_event_set_etag (event, etag);
    }
    if (date == NULL)
        set_last_modified (event, validators.last_modified);
    else if (!h3_date_parse_string (date, &validators.last_modified))
        validators.last_modified = -1;
    validators.etag = h3_response_get_header (&event->response, "ETag");
    return weigh (event, &validators);
}

static gboolean
has_conditions (const H3Event *event)
{
    return event->response.status == 200
           && (event->request.method == H3_METHOD_GET || event->request.method == H3_METHOD_HEAD);
}

static void
fail_for_errno (H3Event *event, const char *path, int problem)
{
    if (problem == ENOENT || problem == ENOTDIR || problem == ENAMETOOLONG || problem == ENXIO)
        h3_event_fail (event, h3_http_error_new (404, NULL));
    else if (problem == EACCES || problem == EPERM)
        h3_event_fail (event, h3_http_error_new (403, NULL));
    else
        h3_event_fail (event, g_error_new (H3_ERROR, H3_ERROR_FAILED, "cannot open %s: %s", path,
                                           g_strerror (problem)));
}

/* Never waits, for a FIFO say; a descriptor of a regular file, or -1 with the errno in
 * `*out_problem`. */
static int
open_regular (const char *path, struct stat *out_info, int *out_problem)
{
    int fd = open (path, O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY);

    if (fd >= 0 && fstat (fd, out_info) == 0 && S_ISREG (out_info->st_mode))
        return fd;
    *out_problem = fd < 0 ? errno : ENOENT;
    if (fd >= 0)
        (void) close (fd);
    return -1;
}

void
h3_event_send_file (H3Event *event, const char *path)
{
    struct stat info;
    int problem;
    int fd;

    g_return_if_fail (event != NULL && path != NULL);
    if (!event_claim (event))
        return;
    fd = open_regular (path, &info, &problem);
    if (fd < 0) {
        fail_for_errno (event, path, problem);
        return;
    }
    if (has_conditions (event) && answer_condition (event, weigh_file (event, &info))) {
        (void) close (fd);
        return;
    }
    response_set_type_literal (&event->response, h3_mime_from_path (path));
    if (info.st_size > 0) {
        response_set_file (&event->response, fd, 0, (gint64) info.st_size);
    } else {
        (void) close (fd);
        response_set_memory (&event->response, H3_VIEW_EMPTY);
    }
    event_answer (event);
}
