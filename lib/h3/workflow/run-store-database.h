/* SPDX-License-Identifier: MIT
 *
 * The file of runs: opened, brought to the form it has today, and asked by statements that are
 * prepared once. Owned by a store; one thread at a time. Errors are H3_ERROR and name the file. */

#pragma once

#include <h3/workflow/run-store-owner.h>

#include <sqlite3.h>

G_BEGIN_DECLS

/* All statements there are; their texts are in run-store-sql.c. */
typedef enum {
    RUN_SQL_BEGIN,
    RUN_SQL_COMMIT,
    RUN_SQL_ROLLBACK,
    RUN_SQL_ADD_OWNER,
    RUN_SQL_LIST_OWNERS,
    RUN_SQL_DROP_OWNER,
    RUN_SQL_ADD_PLAN,
    RUN_SQL_ADD_RUN,
    RUN_SQL_OWN_RUN,
    RUN_SQL_FIND_RUN,
    RUN_SQL_SET_RUN,
    RUN_SQL_GET_RUN,
    RUN_SQL_ADD_STEP,
    RUN_SQL_SET_STEP,
    RUN_SQL_LIST_STEPS,
    RUN_SQL_ADD_EVENT,
    RUN_SQL_SET_SEQUENCE,
    RUN_SQL_LIST_EVENTS,
    RUN_SQL_LIST_LINES,
    RUN_SQL_LIST_RUNS,
    RUN_SQL_LIST_RUNS_OF,
    RUN_SQL_LIST_LEFT,
    RUN_SQL_TAKE_LEFT,
    RUN_SQL_COUNT_ENDED,
    RUN_SQL_GET_OLDEST,
    RUN_SQL_ADD_SWEPT,
    RUN_SQL_GET_SWEPT,
    RUN_SQL_DROP_SWEPT,
    RUN_SQL_DROP_EVENTS,
    RUN_SQL_DROP_STEPS,
    RUN_SQL_DROP_RUN,
    RUN_SQL_DROP_PLAN,
    N_RUN_SQL,
} RunSql;

typedef struct {
    sqlite3 *handle;
    sqlite3_stmt *statements[N_RUN_SQL]; /* owned; NULL: not needed yet */
    char *label;                         /* owned: what it is called in messages */
    RunOwners owners;                    /* of a file */
    gint64 owner;                        /* this one's number */
} RunDatabase;

/* `path`: NULL: in memory. */
RunDatabase *run_database_new (const char *path, GError **error);
/* NULL is allowed. */
void run_database_free (RunDatabase *database);

/* A statement with its parameters, one for each letter of `format`: 'i' a gint64, 's' a text
 * (nullable), 'b' a pointer and a gsize. What they point at must last until the statement is done
 * with. NULL: it could not be made. */
sqlite3_stmt *run_database_ask (RunDatabase *database, GError **error, RunSql which,
                                const char *format, ...);
/* FALSE: it failed. Else `*out_there` says whether there is a row; where there is none the
 * statement is done with. */
gboolean run_database_next (RunDatabase *database, sqlite3_stmt *statement, gboolean *out_there,
                            GError **error);
/* Where not all rows were taken. */
void run_database_end (sqlite3_stmt *statement);
/* Both, of a statement that gives none. */
gboolean run_database_do (RunDatabase *database, GError **error, RunSql which, const char *format,
                          ...);

/* A transaction that no other writer comes between. */
gboolean run_database_begin (RunDatabase *database, GError **error);
gboolean run_database_commit (RunDatabase *database, GError **error);
void run_database_roll_back (RunDatabase *database);

const char *run_sql_get_text (RunSql which);
/* The texts that make a database of version `i` one of version `i + 1`. */
#define RUN_SQL_VERSION 1
const char *run_sql_get_migration (guint i);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RunDatabase, run_database_free)

G_END_DECLS
