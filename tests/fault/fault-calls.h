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

/* The next definition of the name: the sanitizer's, else the C library's. */
#define REAL(name)                                                                                 \
    ({                                                                                             \
        static _Atomic (void *) found;                                                             \
        void *at = atomic_load_explicit (&found, memory_order_relaxed);                            \
                                                                                                   \
        if (at == NULL) {                                                                          \
            at = dlsym (RTLD_NEXT, #name);                                                         \
            atomic_store_explicit (&found, at, memory_order_relaxed);                              \
        }                                                                                          \
        (__typeof__ (&name)) at;                                                                   \
    })

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
