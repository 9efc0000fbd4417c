/* SPDX-License-Identifier: MIT
 *
 * What a server asks before it takes requests: whether memory is short. Any thread. */

#pragma once

#include <h3/monitor/memory.h>

G_BEGIN_DECLS

/* Whether `used` is too much of `budget`: from nine tenths on, and, where it `was`, until it is
 * below 85 of a hundred, so that what has just become free is not taken at once. */
gboolean memory_exceeds (guint64 used, guint64 budget, gboolean was);

/* The same for what the process occupies. Before that is said, malloc gives back to the system what
 * nobody uses. Reads a file of /proc; for now and then. */
gboolean memory_is_short (guint64 budget, gboolean was);

G_END_DECLS
