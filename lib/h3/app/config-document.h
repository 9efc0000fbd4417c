/* SPDX-License-Identifier: MIT
 *
 * A configuration as it was read: groups with their values, defaults filled in, and all that is
 * wrong, by line. Owned by who read it; one thread. */

#pragma once

#include "config-value.h"

G_BEGIN_DECLS

/* A key with a name of its own: `header X-A = b`. */
typedef struct {
    const ConfigKey *key;
    char *name; /* owned */
    char *text; /* owned */
    guint line;
} ConfigNamed;

typedef struct {
    ConfigValue value; /* the default, where the line is 0 */
    guint line;        /* 0: not given */
    gboolean is_bad;   /* given, and told as a fault */
} ConfigSlot;

struct _ConfigGroup {
    const ConfigShape *shape; /* borrowed: static */
    char *argument;           /* owned; NULL: there is none */
    guint line;
    ConfigSlot *slots; /* owned: by the shape's keys */
    GPtrArray *named;  /* owned: ConfigNamed */
    char *text;        /* owned: all that was given: of two groups that are alike it is the same */
};

typedef struct {
    char *path, *folder; /* owned */
    GPtrArray *groups;   /* owned: ConfigGroup, in their order */
    GPtrArray *faults;   /* owned: ConfigFault */
} ConfigDocument;

/* Reads what is in the file; what is wrong is among the faults. NULL with H3_ERROR where it cannot
 * be read at all. */
ConfigDocument *config_document_new_from_file (const char *path, GError **error);
/* The same of a text that stands in `path`. */
ConfigDocument *config_document_new (const char *path, const char *text, gsize length);
/* NULL is allowed. */
void config_document_free (ConfigDocument *document);

/* Line 0: of the file as a whole. */
void config_document_tell (ConfigDocument *document, guint line, const char *format, ...)
    G_GNUC_PRINTF (3, 4);
/* … of an error (transfer full), behind the name of a key (nullable). */
void config_document_tell_error (ConfigDocument *document, guint line, const char *key,
                                 GError *error);
/* (transfer full) (array zero-terminated=1): "FILE:LINE: what is wrong", in the order of lines. */
char **config_document_dup_faults (const ConfigDocument *document);

/* The group of a name, with this argument (nullable: any; the first). NULL: there is none. */
const ConfigGroup *config_document_find (const ConfigDocument *document, const char *name,
                                         const char *argument);

/* How many processes are to serve; 0: one, without a master. */
guint config_document_count_processes (const ConfigDocument *document);

/* In all of these the shape has such a key, of such a kind. */
gboolean config_group_has (const ConfigGroup *group, const char *key);
gint64 config_group_get_number (const ConfigGroup *group, const char *key);
/* (nullable): there is neither a value nor a default. */
const char *config_group_get_text (const ConfigGroup *group, const char *key);
const char *const *config_group_get_list (const ConfigGroup *group, const char *key);
/* Where it is given; else where the group begins. */
guint config_group_get_line (const ConfigGroup *group, const char *key);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ConfigDocument, config_document_free)

G_END_DECLS
