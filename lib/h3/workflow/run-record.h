/* SPDX-License-Identifier: MIT
 *
 * What is told of runs, and what a store answers. Values, all of whose pointers are borrowed for as
 * long as a call lasts. Times are milliseconds since 1970, 0: not yet. */

#pragma once

#include <h3/workflow/run-state.h>

#include <glib.h>

G_BEGIN_DECLS

typedef enum { RUN_STDOUT, RUN_STDERR } RunStream;

typedef struct {
    const char *id; /* by run_id_new () */
    const char *workflow;
    const char *plan;         /* the plan's text, as it is to be run */
    const char *input;        /* (nullable): JSON */
    const char *const *steps; /* (nullable): the ids of all its steps, NULL at the end */
    gint64 at;
} RunRecord;

typedef struct {
    const char *step;
    RunState state;
    guint attempt;     /* from 1; 0: none was begun */
    int exit_code;     /* -1: none */
    int signal;        /* which ended it; 0: none */
    int status;        /* of an HTTP answer; 0: none */
    const char *error; /* (nullable): why it failed, or was skipped */
    gint64 started, ended;
    gint64 at;           /* when this was so */
    gint64 group;        /* the process group it runs as; 0: none */
    guint64 group_start; /* when that began, as the system tells: another may be given its number */
} StepRecord;

typedef struct {
    const char *step;
    guint attempt;
    RunStream stream;
    const char *text; /* a line with its end, where it has one; kept as it is */
    gsize length;
    gboolean is_cut; /* more came, which is not kept */
    gint64 at;
} LineRecord;

typedef struct {
    const char *workflow; /* (nullable): of all */
    gint state;           /* a RunState; -1: in any */
    const char *before;   /* (nullable): an id; only those older than it */
    guint limit;          /* at most so many; 0: 50; never more than 1,000 */
} RunFilter;

/* A text of JSON. */
typedef struct {
    const char *json;
    gsize length;
    gboolean has_ended; /* of one run */
} RunDocument;

typedef struct {
    guint64 sequence; /* from 1, without gaps */
    const char *kind; /* "run", "step", "line" */
    const char *data; /* JSON */
    gsize length;
} RunEvent;

/* So many bytes of events, a NUL behind each, are given at once, and no more than one event beyond
 * them. */
#define RUN_EVENTS_BYTES (1024 * 1024)

/* A run that was left unfinished. */
typedef struct {
    RunRecord run;
    RunState state;
    gint64 started;
    const StepRecord *records; /* one for each step that was told of */
    guint n_records;
} RunFound;

/* With an error there may be a document still: it may lack what was told last, because that could
 * not be kept. */
typedef void (*RunAnswer) (const RunDocument *document, const GError *error, gpointer data);
/* `has_ended`: the run has, and these are its last events. With `error` H3_ERROR_NOT_FOUND there is
 * no such run. */
typedef void (*RunEventsAnswer) (const RunEvent *events, guint n, gboolean has_ended,
                                 const GError *error, gpointer data);
typedef void (*RunKeptAnswer) (const GError *error, gpointer data);
typedef void (*RunFoundAnswer) (const RunFound *runs, guint n, const GError *error, gpointer data);

G_END_DECLS
