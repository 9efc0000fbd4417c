/* SPDX-License-Identifier: MIT
 *
 * Answers that are files. */

#include "answer.h"

#include <h3/base/error.h>
#include <h3/format/mime.h>
#include <h3/http/answer-inside.h>
#include <h3/http/conditional.h>
#include <h3/http/failure.h>

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

/* Sets what the program has not set. A date that lies ahead must not be sent (RFC 9110 §8.8.2.1).
 */
static void
add_validators (H3Event *event, const struct stat *info)
{
    gint64 now = g_get_real_time ();
    gint64 modified = (gint64) info->st_mtim.tv_sec;

    if (h3_response_get_header (&event->response, "ETag") == NULL) {
        g_autofree char *etag =
            h3_etag_for_file ((guint64) info->st_size,
                              modified * G_GINT64_CONSTANT (1000000000) + info->st_mtim.tv_nsec,
                              (guint64) info->st_ino, now * 1000);

        h3_event_set_etag (event, etag);
    }
    if (h3_response_get_header (&event->response, "Last-Modified") == NULL)
        h3_event_set_last_modified (event, CLAMP (modified, 0, now / G_USEC_PER_SEC));
}

void
answer_fail_for_errno (H3Event *event, const char *path, int problem)
{
    switch (problem) {
    case ENOENT:
    case ENOTDIR:
    case ENAMETOOLONG:
    case ENXIO:
    case ELOOP:
    case EXDEV:
        h3_event_fail (event, h3_http_error_new (404, NULL));
        break;
    case EACCES:
    case EPERM:
        h3_event_fail (event, h3_http_error_new (403, NULL));
        break;
    case EMFILE:
    case ENFILE:
    case ENOMEM:
        h3_event_fail (event, h3_http_error_new (503, "The server has too much to do."));
        break;
    default:
        h3_event_fail (event, g_error_new (H3_ERROR, H3_ERROR_FAILED, "cannot open %s: %s", path,
                                           g_strerror (problem)));
    }
}

void
answer_send_open_file (H3Event *event, int fd, const struct stat *info)
{
    if (answer_has_conditions (event))
        add_validators (event, info);
    answer_send_file (event, fd, (guint64) info->st_size);
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
        answer_fail_for_errno (event, path, problem);
        return;
    }
    response_set_type_literal (&event->response, h3_mime_from_path (path));
    answer_send_open_file (event, fd, &info);
}
