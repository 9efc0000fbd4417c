/* SPDX-License-Identifier: MIT
 *
 * Key files as GKeyFile reads them, with the line of everything, and with every slip told: a group
 * or a key that comes twice is one here. A value, owned by whoever read it; never changed, any
 * thread. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct {
    char *key;   /* owned */
    char *value; /* owned: as it stands, escapes too, without blanks around it */
    guint line;  /* from 1 on */
} KeyFileEntry;

typedef struct {
    char *name;         /* owned: what stands in the brackets */
    guint line;         /* of its head */
    GPtrArray *entries; /* owned: KeyFileEntry, in their order; no key twice */
} KeyFileGroup;

/* Called for each slip, in the order of the lines. */
typedef void (*KeyFileSlip) (guint line, const char *text, gpointer data);

/* (transfer full) (element-type KeyFileGroup): the groups in their order, none twice; what is a
 * slip is left out. */
GPtrArray *key_file_parse (const char *text, gsize length, KeyFileSlip slip, gpointer data);

/* (transfer full): the text that a value stands for: \s is a blank, \n, \t and \r what they are in
 * C, \\ a backslash. NULL with H3_ERROR_SYNTAX. */
char *key_file_dup_text (const char *value, GError **error);

/* (transfer full): the elements of a value that is a list, with ; between, and behind the last
 * where somebody likes; \; is no end. Blanks around an element, and elements without anything, do
 * not count. NULL with H3_ERROR_SYNTAX. */
char **key_file_dup_list (const char *value, GError **error);

G_END_DECLS
