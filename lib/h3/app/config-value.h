/* SPDX-License-Identifier: MIT
 *
 * A value of a configuration: a text read by its key's kind, and held to its range. */

#pragma once

#include "config-schema.h"

G_BEGIN_DECLS

typedef struct {
    gint64 number; /* of a switch, number, size, time, choice; bits of choices */
    char *text;    /* owned; of a text, a file or a choice, else NULL */
    char **list;   /* owned; of a list, else NULL */
} ConfigValue;

/* FALSE with an error that says what is wrong and what to write; `folder` is that of the file. */
gboolean config_value_read (const ConfigKey *key, const char *value, const char *folder,
                            ConfigValue *out_value, GError **error);
void config_value_clear (ConfigValue *value);

/* (transfer full): what a key takes, for people: "1 to 1024", "yes or no". */
char *config_value_describe (const ConfigKey *key);

/* (transfer full): a number of this kind, as people write it: 64K, 30s. */
char *config_value_format (ConfigKind kind, gint64 number);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (ConfigValue, config_value_clear)

G_END_DECLS
