/* SPDX-License-Identifier: MIT
 *
 * What a Redis server runs in one piece for a queue of runs, and its commands as they go out. Any
 * thread. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef enum {
    RUN_SCRIPT_BEGIN,
    RUN_SCRIPT_ADD,
    RUN_SCRIPT_TAKE,
    RUN_SCRIPT_RENEW,
    RUN_SCRIPT_PUBLISH,
    RUN_SCRIPT_END,
    RUN_SCRIPT_RELEASE,
    RUN_SCRIPT_CANCEL,
    RUN_SCRIPT_LEAVE,
    N_RUN_SCRIPTS,
} RunScript;

const char *run_script_get_text (RunScript script);

/* (transfer full): a command of these words, NULL at the end. */
GString *run_words_new (const char *first, ...) G_GNUC_NULL_TERMINATED;
/* (transfer full): the script, with `n_keys` of the words as its keys and the rest as arguments. */
GString *run_words_new_script (RunScript script, guint n_keys, ...) G_GNUC_NULL_TERMINATED;
/* The same of words in an array. */
GString *run_words_new_script_of (RunScript script, guint n_keys, guint n,
                                  const char *const *words);

G_END_DECLS
