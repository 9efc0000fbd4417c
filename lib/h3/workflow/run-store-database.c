/* SPDX-License-Identifier: MIT */

#include "run-store-database.h"

#include <h3/base/error.h>
#include <h3/loop/clock.h>

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <string.h>
#include <unistd.h>

#define BUSY_TIMEOUT   2000       /* milliseconds: another process is writing */
#define MAX_LOG_KEPT   67108864   /* bytes of the log beside the file */
#define APPLICATION_ID 1211324242 /* "H3WR", as in run-store-sql.c */

/* What one can do about it, where SQLite's own words do not say. */
static const struct {
    int code;
    const char *advice;
} advices[] = {
    { SQLITE_FULL, "the disk is full: make room" },
    { SQLITE_BUSY, "another process keeps it locked" },
    { SQLITE_LOCKED, "another process keeps it locked" },
    { SQLITE_CORRUPT, "it is damaged: move it away, or put a copy of it back" },
    { SQLITE_NOTADB, "it is no database: move it away, or name another folder" },
    { SQLITE_READONLY,
      "it cannot be written: mind its owner and its mode, and those of its folder" },
    { SQLITE_CANTOPEN, "it cannot be opened: mind that its folder is there, and may be written" },
};

/* Always FALSE. */
static gboolean
fail (RunDatabase *database, GError **error)
{
    int code = sqlite3_errcode (database->handle);
    int system_error = sqlite3_system_errno (database->handle);
    const char *reason = sqlite3_errmsg (database->handle), *between = "", *cause = "";

    for (guint i = 0; i < G_N_ELEMENTS (advices); i++) {
        if (advices[i].code == (code & 0xff))
            reason = advices[i].advice;
    }
    if ((code & 0xff) == SQLITE_IOERR || (code & 0xff) == SQLITE_CANTOPEN) {
        between = system_error != 0 ? ": " : "";
        cause = system_error != 0 ? g_strerror (system_error) : "";
    }
    g_set_error (error, H3_ERROR, H3_ERROR_FAILED, "%s: %s%s%s", database->label, reason, between,
                 cause);
    return FALSE;
}

static gboolean
run_text (RunDatabase *database, const char *text, GError **error)
{
    if (sqlite3_exec (database->handle, text, NULL, NULL, NULL) == SQLITE_OK)
        return TRUE;
    return fail (database, error);
}

/* The first column of the first row of a question. */
static gboolean
get_number (RunDatabase *database, const char *text, gint64 *out_number, GError **error)
{
    sqlite3_stmt *statement = NULL;
    gboolean is_there;

    if (sqlite3_prepare_v2 (database->handle, text, -1, &statement, NULL) != SQLITE_OK)
        return fail (database, error);
    is_there = sqlite3_step (statement) == SQLITE_ROW;
    if (is_there)
        *out_number = sqlite3_column_int64 (statement, 0);
    else
        (void) fail (database, error);
    (void) sqlite3_finalize (statement);
    return is_there;
}

static void
bind_all (sqlite3_stmt *statement, const char *format, va_list values)
{
    for (int i = 1; *format != '\0'; format++, i++) {
        const char *text;
        gsize length;

        switch (*format) {
        case 'i':
            (void) sqlite3_bind_int64 (statement, i, va_arg (values, gint64));
            break;
        case 's':
            text = va_arg (values, const char *);
            (void) sqlite3_bind_text (statement, i, text, -1, SQLITE_STATIC);
            break;
        default:
            g_assert (*format == 'b');
            text = va_arg (values, const char *);
            length = va_arg (values, gsize);
            /* SQLite takes NULL for no value. */
            (void) sqlite3_bind_blob64 (statement, i, text != NULL ? text : "", length,
                                        SQLITE_STATIC);
        }
    }
}

static sqlite3_stmt *
prepare (RunDatabase *database, RunSql which, GError **error)
{
    sqlite3_stmt **statement = &database->statements[which];

    if (*statement == NULL
        && sqlite3_prepare_v3 (database->handle, run_sql_get_text (which), -1,
                               SQLITE_PREPARE_PERSISTENT, statement, NULL)
               != SQLITE_OK)
        (void) fail (database, error);
    return *statement;
}

sqlite3_stmt *
run_database_ask (RunDatabase *database, GError **error, RunSql which, const char *format, ...)
{
    sqlite3_stmt *statement = prepare (database, which, error);
    va_list values;

    if (statement == NULL)
        return NULL;
    va_start (values, format);
    bind_all (statement, format, values);
    va_end (values);
    return statement;
}

gboolean
run_database_next (RunDatabase *database, sqlite3_stmt *statement, gboolean *out_there,
                   GError **error)
{
    int result = sqlite3_step (statement);

    *out_there = result == SQLITE_ROW;
    if (result == SQLITE_ROW)
        return TRUE;
    if (result != SQLITE_DONE)
        (void) fail (database, error);
    run_database_end (statement);
    return result == SQLITE_DONE;
}

void
run_database_end (sqlite3_stmt *statement)
{
    (void) sqlite3_reset (statement);
    (void) sqlite3_clear_bindings (statement);
}

gboolean
run_database_do (RunDatabase *database, GError **error, RunSql which, const char *format, ...)
{
    sqlite3_stmt *statement = prepare (database, which, error);
    gboolean is_there;
    va_list values;

    if (statement == NULL)
        return FALSE;
    va_start (values, format);
    bind_all (statement, format, values);
    va_end (values);
    return run_database_next (database, statement, &is_there, error);
}

gboolean
run_database_begin (RunDatabase *database, GError **error)
{
    return run_database_do (database, error, RUN_SQL_BEGIN, "");
}

gboolean
run_database_commit (RunDatabase *database, GError **error)
{
    return run_database_do (database, error, RUN_SQL_COMMIT, "");
}

/* SQLite may have done so by itself. */
void
run_database_roll_back (RunDatabase *database)
{
    if (sqlite3_get_autocommit (database->handle) == 0)
        (void) run_database_do (database, NULL, RUN_SQL_ROLLBACK, "");
}

static gboolean
refuse (RunDatabase *database, const char *what, GError **error)
{
    g_set_error (error, H3_ERROR, H3_ERROR_INVALID, "%s: %s", database->label, what);
    return FALSE;
}

/* Whether the file is one of ours, or empty. */
static gboolean
check_kind (RunDatabase *database, gint64 version, GError **error)
{
    gint64 id, n_tables;

    if (!get_number (database, "PRAGMA application_id", &id, error)
        || !get_number (database, "SELECT count (*) FROM sqlite_master", &n_tables, error))
        return FALSE;
    if (id != APPLICATION_ID && (id != 0 || version != 0 || n_tables > 0))
        return refuse (database, "it is a database of something else: name another folder", error);
    if (version > RUN_SQL_VERSION)
        return refuse (database, "a newer version of this library has made it: use that", error);
    return TRUE;
}

/* Each version by itself, in one piece. Only one process at a time is here. */
static gboolean
migrate (RunDatabase *database, GError **error)
{
    gint64 version;

    if (!get_number (database, "PRAGMA user_version", &version, error)
        || !check_kind (database, version, error))
        return FALSE;
    for (; version < RUN_SQL_VERSION; version++) {
        if (!run_database_begin (database, error))
            return FALSE;
        if (!run_text (database, run_sql_get_migration ((guint) version), error)
            || !run_database_commit (database, error)) {
            run_database_roll_back (database);
            return FALSE;
        }
    }
    return TRUE;
}

/* A log beside the file, where that can be: writers then do not wait for the disk, and readers not
 * for writers. Elsewhere (a file system without shared memory) every commit must reach the disk. */
static gboolean
set_ways (RunDatabase *database, GError **error)
{
    sqlite3_stmt *statement = NULL;
    gboolean has_log;

    (void) sqlite3_busy_timeout (database->handle, BUSY_TIMEOUT);
    if (sqlite3_prepare_v2 (database->handle, "PRAGMA journal_mode = WAL", -1, &statement, NULL)
        != SQLITE_OK)
        return fail (database, error);
    if (sqlite3_step (statement) != SQLITE_ROW) {
        (void) fail (database, error);
        (void) sqlite3_finalize (statement);
        return FALSE;
    }
    has_log = strcmp ((const char *) sqlite3_column_text (statement, 0), "wal") == 0;
    (void) sqlite3_finalize (statement);
    return run_text (database,
                     has_log ? "PRAGMA synchronous = NORMAL" : "PRAGMA synchronous = FULL", error)
           && run_text (database, "PRAGMA journal_size_limit = " G_STRINGIFY (MAX_LOG_KEPT), error);
}

/* The number is held before others can see it: else they would take it for that of a dead one. */
static gboolean
become_owner (RunDatabase *database, GError **error)
{
    if (!run_database_begin (database, error))
        return FALSE;
    if (run_database_do (database, error, RUN_SQL_ADD_OWNER, "ii", (gint64) getpid (),
                         clock_get_real ())) {
        database->owner = sqlite3_last_insert_rowid (database->handle);
        if ((database->owners.path == NULL
             || run_owners_hold (&database->owners, database->owner, error))
            && run_database_commit (database, error))
            return TRUE;
    }
    run_database_roll_back (database);
    return FALSE;
}

static gboolean
prepare_file (RunDatabase *database, GError **error)
{
    if (sqlite3_db_readonly (database->handle, "main") == 1)
        return refuse (database, "it cannot be written: mind its owner and its mode", error);
    return set_ways (database, error) && migrate (database, error)
           && become_owner (database, error);
}

/* What steps print may be nobody else's business. Only a file that was not there is opened: closing
 * another one would end the locks that SQLite has on it elsewhere in this process. */
static gboolean
make_file (const char *path, GError **error)
{
    int fd = open (path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);

    if (fd < 0 && errno == EEXIST)
        return TRUE;
    if (fd < 0) {
        g_set_error (error, H3_ERROR, H3_ERROR_FAILED, "%s: it cannot be opened: %s", path,
                     g_strerror (errno));
        return FALSE;
    }
    (void) close (fd);
    return TRUE;
}

static gboolean
open_file (RunDatabase *database, const char *path, GError **error)
{
    int result =
        sqlite3_open_v2 (path != NULL ? path : ":memory:", &database->handle,
                         SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX, NULL);

    if (result != SQLITE_OK)
        return fail (database, error);
    (void) sqlite3_extended_result_codes (database->handle, 1);
    return prepare_file (database, error);
}

RunDatabase *
run_database_new (const char *path, GError **error)
{
    g_autoptr (RunDatabase) database = g_new0 (RunDatabase, 1);
    g_autofree char *owners = path != NULL ? g_strconcat (path, "-owners", NULL) : NULL;
    gboolean is_open;

    database->label = g_strdup (path != NULL ? path : "runs kept in memory");
    if (path == NULL)
        return open_file (database, NULL, error) ? g_steal_pointer (&database) : NULL;
    if (!run_owners_open (&database->owners, owners, error)
        || !run_owners_enter (&database->owners, error))
        return NULL;
    is_open = make_file (path, error) && open_file (database, path, error);
    run_owners_leave (&database->owners);
    return is_open ? g_steal_pointer (&database) : NULL;
}

void
run_database_free (RunDatabase *database)
{
    if (database == NULL)
        return;
    /* One that has left nothing unfinished needs not be found gone. */
    if (database->owners.path != NULL && database->owner > 0)
        (void) run_database_do (database, NULL, RUN_SQL_DROP_OWNER, "i", database->owner);
    for (guint i = 0; i < N_RUN_SQL; i++)
        (void) sqlite3_finalize (database->statements[i]);
    (void) sqlite3_close (database->handle);
    run_owners_close (&database->owners);
    g_free (database->label);
    g_free (database);
}
