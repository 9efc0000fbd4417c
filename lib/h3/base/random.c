/* SPDX-License-Identifier: MIT */

#include "config.h"

#include "random.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#ifdef HAVE_GETRANDOM
#include <sys/random.h>
#endif

static gboolean
fill_from_device (guint8 *out, gsize length)
{
    int fd = open ("/dev/urandom", O_RDONLY | O_CLOEXEC);
    gsize filled = 0;

    if (fd < 0)
        return FALSE;
    while (filled < length) {
        ssize_t n = read (fd, out + filled, length - filled);

        if (n > 0)
            filled += (gsize) n;
        else if (n == 0 || errno != EINTR)
            break;
    }
    (void) close (fd);
    return filled == length;
}

gboolean
random_fill (void *out, gsize length)
{
    guint8 *bytes = out;
    gsize filled = 0;

#ifdef HAVE_GETRANDOM
    while (filled < length) {
        ssize_t n = getrandom (bytes + filled, length - filled, 0);

        if (n > 0)
            filled += (gsize) n;
        else if (n == 0 || errno != EINTR)
            break;
    }
#endif
    return filled == length || fill_from_device (bytes + filled, length - filled);
}
