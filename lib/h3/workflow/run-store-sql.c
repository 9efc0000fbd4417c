/* SPDX-License-Identifier: MIT
 *
 * What SQLite is asked. */

#include "run-store-database.h"

/* Times are milliseconds since 1970, 0 where there is none yet; states are those of RunState. What
 * a run has done is in `events`; `steps` has what became of each step, so that nobody needs to read
 * all events for it. */
static const char first[] =
    "CREATE TABLE owners (owner INTEGER PRIMARY KEY AUTOINCREMENT, pid INTEGER NOT NULL,"
    " since INTEGER NOT NULL);"
    "CREATE TABLE plans (plan INTEGER PRIMARY KEY, digest TEXT NOT NULL UNIQUE,"
    " text TEXT NOT NULL);"
    "CREATE TABLE runs (run INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE,"
    " workflow TEXT NOT NULL, plan INTEGER NOT NULL, input TEXT, owner INTEGER NOT NULL,"
    " state INTEGER NOT NULL, error TEXT, created INTEGER NOT NULL,"
    " started INTEGER NOT NULL DEFAULT 0, ended INTEGER NOT NULL DEFAULT 0,"
    " sequence INTEGER NOT NULL DEFAULT 0);"
    "CREATE INDEX runs_workflow ON runs (workflow, run);"
    "CREATE INDEX runs_plan ON runs (plan);"
    "CREATE INDEX runs_left ON runs (owner) WHERE ended = 0;"
    "CREATE INDEX runs_ended ON runs (ended) WHERE ended > 0;"
    "CREATE TABLE steps (run INTEGER NOT NULL, step TEXT NOT NULL, place INTEGER NOT NULL,"
    " state INTEGER NOT NULL, attempt INTEGER NOT NULL DEFAULT 0,"
    " exit_code INTEGER NOT NULL DEFAULT -1, signal INTEGER NOT NULL DEFAULT 0,"
    " status INTEGER NOT NULL DEFAULT 0, error TEXT, started INTEGER NOT NULL DEFAULT 0,"
    " ended INTEGER NOT NULL DEFAULT 0, process_group INTEGER NOT NULL DEFAULT 0,"
    " group_start INTEGER NOT NULL DEFAULT 0, PRIMARY KEY (run, step)) WITHOUT ROWID;"
    "CREATE TABLE events (run INTEGER NOT NULL, sequence INTEGER NOT NULL, kind INTEGER NOT NULL,"
    " at INTEGER NOT NULL, step TEXT, attempt INTEGER NOT NULL, stream INTEGER NOT NULL,"
    " is_cut INTEGER NOT NULL, text BLOB NOT NULL, PRIMARY KEY (run, sequence)) WITHOUT ROWID;"
    "CREATE TABLE swept (run INTEGER PRIMARY KEY);"
    "PRAGMA application_id = 1211324242;"
    "PRAGMA user_version = 1;";

static const char *const migrations[RUN_SQL_VERSION] = { first };

#define RUN_COLUMNS                                                                                \
    "runs.id, runs.workflow, runs.state, runs.error, runs.created, runs.started, runs.ended,"      \
    " runs.run, runs.input"
#define STEP_COLUMNS                                                                               \
    "step, state, attempt, exit_code, signal, status, error, started, ended, process_group,"       \
    " group_start"

static const char *const texts[N_RUN_SQL] = {
    [RUN_SQL_BEGIN] = "BEGIN IMMEDIATE",
    [RUN_SQL_COMMIT] = "COMMIT",
    [RUN_SQL_ROLLBACK] = "ROLLBACK",
    [RUN_SQL_ADD_OWNER] = "INSERT INTO owners (pid, since) VALUES (?, ?)",
    [RUN_SQL_LIST_OWNERS] = "SELECT owner FROM owners WHERE owner != ?",
    [RUN_SQL_DROP_OWNER] = "DELETE FROM owners WHERE owner = ?1 AND NOT EXISTS"
                           " (SELECT 1 FROM runs WHERE owner = ?1 AND ended = 0)",
    [RUN_SQL_ADD_PLAN] = "INSERT INTO plans (digest, text) VALUES (?, ?) ON CONFLICT DO NOTHING",
    [RUN_SQL_ADD_RUN] = "INSERT INTO runs (id, workflow, plan, input, owner, state, created)"
                        " VALUES (?, ?, (SELECT plan FROM plans WHERE digest = ?), ?, ?, 0, ?)"
                        " ON CONFLICT DO NOTHING",
    [RUN_SQL_OWN_RUN] = "UPDATE runs SET owner = ? WHERE id = ? AND ended = 0",
    [RUN_SQL_FIND_RUN] = "SELECT run, sequence, ended > 0 FROM runs WHERE id = ?",
    [RUN_SQL_SET_RUN] = "UPDATE runs SET state = ?2, error = coalesce (?3, error),"
                        " started = CASE WHEN ?2 = 1 AND started = 0 THEN ?4 ELSE started END,"
                        " ended = CASE WHEN ?2 > 1 THEN max (?4, 1) ELSE 0 END WHERE run = ?1",
    [RUN_SQL_GET_RUN] = "SELECT " RUN_COLUMNS " FROM runs WHERE id = ?",
    [RUN_SQL_ADD_STEP] = "INSERT INTO steps (run, step, place, state) VALUES (?, ?, ?, 0)"
                         " ON CONFLICT DO NOTHING",
    [RUN_SQL_SET_STEP] =
        "UPDATE steps SET state = ?3, attempt = ?4, exit_code = ?5, signal = ?6, status = ?7,"
        " error = ?8, started = ?9, ended = ?10, process_group = ?11, group_start = ?12"
        " WHERE run = ?1 AND step = ?2",
    [RUN_SQL_LIST_STEPS] = "SELECT " STEP_COLUMNS " FROM steps WHERE run = ? ORDER BY place, step",
    [RUN_SQL_ADD_EVENT] = "INSERT INTO events (run, sequence, kind, at, step, attempt, stream,"
                          " is_cut, text) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
    [RUN_SQL_SET_SEQUENCE] = "UPDATE runs SET sequence = ?2 WHERE run = ?1",
    [RUN_SQL_LIST_EVENTS] = "SELECT sequence, kind, at, step, attempt, stream, is_cut, text"
                            " FROM events WHERE run = ? AND sequence > ? ORDER BY sequence"
                            " LIMIT ?",
    [RUN_SQL_LIST_LINES] = "SELECT step, attempt, stream, is_cut, text FROM events"
                           " WHERE run = ? AND kind = 2 ORDER BY sequence",
    [RUN_SQL_LIST_RUNS] = "SELECT " RUN_COLUMNS " FROM runs WHERE (?1 < 0 OR state = ?1)"
                          " AND (?2 IS NULL OR run < (SELECT run FROM runs WHERE id = ?2))"
                          " ORDER BY run DESC LIMIT ?3",
    [RUN_SQL_LIST_RUNS_OF] =
        "SELECT " RUN_COLUMNS " FROM runs WHERE workflow = ?4 AND (?1 < 0 OR state = ?1)"
        " AND (?2 IS NULL OR run < (SELECT run FROM runs WHERE id = ?2))"
        " ORDER BY run DESC LIMIT ?3",
    [RUN_SQL_LIST_LEFT] = "SELECT " RUN_COLUMNS ", plans.text FROM runs NATURAL JOIN plans"
                          " WHERE runs.owner = ? AND runs.ended = 0 ORDER BY runs.run",
    [RUN_SQL_TAKE_LEFT] = "UPDATE runs SET owner = ? WHERE owner = ? AND ended = 0",
    [RUN_SQL_COUNT_ENDED] = "SELECT count (*) FROM runs WHERE ended > 0",
    [RUN_SQL_GET_OLDEST] = "SELECT run, ended, plan FROM runs WHERE ended > 0 ORDER BY ended, run"
                           " LIMIT 1",
    [RUN_SQL_ADD_SWEPT] = "INSERT INTO swept (run) VALUES (?)",
    [RUN_SQL_GET_SWEPT] = "SELECT run FROM swept LIMIT 1",
    [RUN_SQL_DROP_SWEPT] = "DELETE FROM swept WHERE run = ?",
    [RUN_SQL_DROP_EVENTS] = "DELETE FROM events WHERE run = ?1 AND sequence <= (SELECT sequence"
                            " FROM events WHERE run = ?1 ORDER BY sequence LIMIT 1) + ?2 - 1",
    [RUN_SQL_DROP_STEPS] = "DELETE FROM steps WHERE run = ?",
    [RUN_SQL_DROP_RUN] = "DELETE FROM runs WHERE run = ?",
    [RUN_SQL_DROP_PLAN] =
        "DELETE FROM plans WHERE plan = ?1 AND NOT EXISTS (SELECT 1 FROM runs WHERE plan = ?1)",
};

const char *
run_sql_get_text (RunSql which)
{
    return texts[which];
}

const char *
run_sql_get_migration (guint i)
{
    return migrations[i];
}
