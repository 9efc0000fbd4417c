/* SPDX-License-Identifier: MIT
 *
 * A document that is held against a schema: what is under way, on one thread's stack. */

#pragma once

#include "schema-private.h"

G_BEGIN_DECLS

/* What a document may cost, in values looked at. */
#define SCHEMA_MAX_WORK 4000000

/* How many schemas may be under way, one within the other: each takes some of the stack. */
#define SCHEMA_MAX_RUN_DEPTH 1000

/* A value and where it stands. */
typedef struct _SchemaSpot SchemaSpot;
struct _SchemaSpot {
    const SchemaSpot *up; /* borrowed: the caller's stack; NULL: the whole document */
    const json_t *value;  /* borrowed: the document */
    const char *name;     /* borrowed: the document; NULL: an item */
    gsize index;
};

/* Which parts of a value some schema has looked at: what unevaluatedProperties and unevaluatedItems
 * leave out. Zeroed it is none. */
typedef struct {
    GHashTable *names;   /* owned; by address, as the document has them; NULL: none */
    GHashTable *indices; /* owned; NULL: none */
    gsize first_items;   /* all below this one */
    gboolean has_all_names;
    gboolean has_all_items;
} SchemaSeen;

typedef struct {
    GPtrArray *problems; /* borrowed: the caller */
    guint max_problems;
    guint muted; /* alternatives under way: that one of them does not fit is no problem yet */
    guint work;
    guint depth;
    gboolean refuses_controls; /* in texts, but HTAB, CR and LF */
    gboolean is_costly;        /* the work, the depth or a regular expression was too much */
} SchemaRun;

/* Whether `spot` is as `node` wants it; what it looks at goes to `seen`, where not NULL. */
gboolean schema_run_check (SchemaRun *run, const SchemaNode *node, const SchemaSpot *spot,
                           SchemaSeen *seen);

/* Always FALSE. Notes a problem, unless it is muted or there are enough. */
gboolean schema_run_complain (SchemaRun *run, const SchemaNode *node, const char *keyword,
                              const SchemaSpot *spot, const char *format, ...) G_GNUC_PRINTF (5, 6);
/* Always FALSE: the document costs too much. */
gboolean schema_run_give_up (SchemaRun *run);
/* Takes it off the work that is left; FALSE where there is not enough. */
gboolean schema_run_spend (SchemaRun *run, gsize work);
/* `*valid` becomes FALSE where not `passed`; returns whether to look further. */
gboolean schema_run_note (const SchemaRun *run, gboolean passed, gboolean *valid);

/* schema-run-parts.c: each of one kind of value. */
gboolean schema_run_check_object (SchemaRun *run, const SchemaNode *node, const SchemaSpot *spot,
                                  SchemaSeen *seen);
gboolean schema_run_check_array (SchemaRun *run, const SchemaNode *node, const SchemaSpot *spot,
                                 SchemaSeen *seen);
/* schema-run-scalar.c */
gboolean schema_run_check_number (SchemaRun *run, const SchemaNode *node, const SchemaSpot *spot);
gboolean schema_run_check_text (SchemaRun *run, const SchemaNode *node, const SchemaSpot *spot);
/* A regular expression, which may be too much. */
gboolean schema_run_match (SchemaRun *run, const SchemaPattern *pattern, const char *text,
                           gsize length);

/* A name of the document as messages show it. */
#define SCHEMA_NAME_SIZE 72
const char *schema_run_show_name (const char *name, char out[SCHEMA_NAME_SIZE]);

void schema_seen_add_name (SchemaSeen *seen, const char *name);
void schema_seen_add_index (SchemaSeen *seen, gsize index);
gboolean schema_seen_has_name (const SchemaSeen *seen, const char *name);
gboolean schema_seen_has_index (const SchemaSeen *seen, gsize index);
/* Takes what `from` has; clears it. */
void schema_seen_merge (SchemaSeen *seen, SchemaSeen *from);
void schema_seen_clear (SchemaSeen *seen);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (SchemaSeen, schema_seen_clear)

G_END_DECLS
