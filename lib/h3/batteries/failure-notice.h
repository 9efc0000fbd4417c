/* SPDX-License-Identifier: MIT
 *
 * That something fails, again and again, told now and then: whoever runs a service should hear of
 * it, and its log must not be what a flood fills. Embedded in whoever tells, zeroed at first; any
 * thread. */

#pragma once

#include <glib.h>
#include <stdatomic.h>

G_BEGIN_DECLS

typedef struct {
    _Atomic gint64 told; /* when; 0: never */
    atomic_uint n_untold;
} FailureNotice;

/* Whether this failure is to be told, and how many were not since the last. */
gboolean failure_notice_is_due (FailureNotice *notice, guint *out_n_untold);

G_END_DECLS
