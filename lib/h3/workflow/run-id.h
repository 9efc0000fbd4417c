/* SPDX-License-Identifier: MIT
 *
 * Names of runs: 26 characters, of which nobody guesses the next, and which sort by the millisecond
 * they were made in. Any thread. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define RUN_ID_LENGTH 26

/* (transfer full) (nullable): ten characters of the time in milliseconds, sixteen of chance, in
 * Crockford's base 32. NULL with H3_ERROR_FAILED: the system has no random bytes. */
char *run_id_new (GError **error);

/* Whether a text may be one: what a client names is looked at before anything is asked. */
gboolean run_id_is_one (const char *text);

G_END_DECLS
