/* SPDX-License-Identifier: MIT
 *
 * What the files of replaced calls share. Included first in each: the checked spellings of the C
 * library's calls, and those for large files, are functions of their own here. */

#pragma once

#undef _FORTIFY_SOURCE
#undef _FILE_OFFSET_BITS
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif

#include "fault.h"

#include <dlfcn.h>
#include <errno.h>
#include <stdatomic.h>

/* The definition of the name in `library`, found once. */
#define DEFINITION(name, library)                                                                  \
    ({                                                                                             \
        static _Atomic (void *) found;                                                             \
        void *at = atomic_load_explicit (&found, memory_order_relaxed);                            \
                                                                                                   \
        if (at == NULL) {                                                                          \
            at = dlsym (library, #name);                                                           \
            atomic_store_explicit (&found, at, memory_order_relaxed);                              \
        }                                                                                          \
        (__typeof__ (&name)) at;                                                                   \
    })

/* The next one: the sanitizer's, else the C library's. */
#define REAL(name) DEFINITION (name, RTLD_NEXT)

/* Of what makes, uses and closes descriptors. ThreadSanitizer does not look at what GLib does with
 * them, for they go from thread to thread under locks that it cannot see; it knows GLib as the
 * caller (gio-threads.h), and here these functions stand between. So what GLib calls goes to the C
 * library at once. */
#ifdef __SANITIZE_THREAD__
#define REAL_ON_FD(name)                                                                           \
    (fault_is_of_glib (__builtin_return_address (0)) ? DEFINITION (name, fault_get_c_library ())   \
                                                     : DEFINITION (name, RTLD_NEXT))
#else
#define REAL_ON_FD(name) REAL (name)
#endif

/* What a call gives that fails with this; errno is set. */
static inline int
fault_refuse (int error_number)
{
    if (error_number == FAULT_END)
        return 0;
    errno = error_number;
    return -1;
}

/* Of the calls that give -1 and no other sign. */
static inline bool
fault_fails (FaultCall call)
{
    int error_number;

    if (!fault_meets (call, &error_number))
        return false;
    (void) fault_refuse (error_number);
    return true;
}
