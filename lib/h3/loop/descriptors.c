/* SPDX-License-Identifier: MIT */

#include "descriptors.h"

#include <h3/base/error.h>

#include <errno.h>
#include <sys/eventfd.h>
#include <unistd.h>

gboolean
descriptors_are_left (guint n, const char *what, GError **error)
{
    g_autofree int *fds = g_new (int, n);
    int error_number = 0;
    guint opened = 0;

    while (opened < n && error_number == 0) {
        fds[opened] = eventfd (0, EFD_CLOEXEC);
        if (fds[opened] >= 0)
            opened++;
        else
            error_number = errno;
    }
    while (opened > 0)
        (void) close (fds[--opened]);
    if (error_number == 0)
        return TRUE;
    g_set_error (error, H3_ERROR, H3_ERROR_FAILED, "there are no %u descriptors for %s: %s%s", n,
                 what, g_strerror (error_number),
                 error_number == EMFILE ? " (raise ulimit -n, or start fewer --workers)" : "");
    return FALSE;
}
