/* SPDX-License-Identifier: MIT
 *
 * Runs shared by three processes over a real Redis server: one is killed with what it has, and the
 * server stands still for a while; each run comes to its end, and this, a fourth process, is told.
 */

#include "h3/loop/alarms.h"
#include "h3/loop/clock.h"
#include "h3/loop/loop.h"
#include "h3/workflow/run-id.h"
#include "h3/workflow/run-queue.h"
#include "tests/support/redis-server.h"
#include "tests/support/suite.h"

#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define N_PROCESSES 3
#define N_RUNS      40
#define CLAIM_TIME  1000
#define ROOM        2
#define LINE        32

static RedisServer server;
static Loop *loop;
static RunQueue *queue;

/* In one of the processes: */
static guint self, room = ROOM;
static int told; /* the pipe's end */

typedef struct {
    Alarm alarm; /* first */
    char id[RUN_ID_LENGTH + 1];
} Work;

/* "T0 ID": taken by the first. Shorter than what a pipe takes in one piece. */
static void
tell (char what, const char *id)
{
    char line[LINE];

    memset (line, 0, sizeof line);
    g_snprintf (line, sizeof line, "%c%u %s", what, self, id);
    if (write (told, line, sizeof line) != sizeof line)
        _exit (1);
}

static void
on_done (Alarm *alarm)
{
    Work *work = (Work *) alarm;
    g_autofree char *json = g_strdup_printf ("{\"by\":%u}", self);

    run_queue_end (queue, work->id, json, strlen (json));
    tell ('E', work->id);
    g_free (work);
    run_queue_set_room (queue, ++room);
}

/* The first takes what it can, and comes to no end with it. */
static void
on_taken (const RunTaken *taken, gpointer data)
{
    Work *work;

    tell ('T', taken->run.id);
    room -= room > 0;
    if (self == 0)
        return;
    work = g_new0 (Work, 1);
    work->alarm.on_due = on_done;
    g_strlcpy (work->id, taken->run.id, sizeof work->id);
    alarms_set (loop_get_alarms (loop), &work->alarm, clock_get_now () + 10);
}

static void
begin (const char *name)
{
    static const RunQueueListener listener = { .taken = on_taken };
    /* One that is slow here is not one that is away. */
    g_autofree char *url = g_strconcat (server.url, "?timeout=60000", NULL);

    loop = loop_new (NULL);
    loop_enter (loop);
    queue = run_queue_new (loop, url, name, &listener, NULL, NULL);
    ck_assert_ptr_nonnull (queue);
    run_queue_set_claim_time (queue, CLAIM_TIME);
}

static pid_t
start (guint which, const int *ends)
{
    g_autofree char *name = g_strdup_printf ("process %u", which);
    pid_t child = fork ();

    ck_assert_int_ge (child, 0);
    if (child != 0)
        return child;
    (void) close (ends[0]);
    self = which;
    told = ends[1];
    begin (name);
    run_queue_set_room (queue, room);
    loop_run (loop);
    _exit (0);
}

static void
on_added (const GError *error, gpointer data)
{
    ck_assert_msg (error == NULL, "%s", error != NULL ? error->message : "");
    ++*(guint *) data;
}

static void
add_runs (char ids[N_RUNS][RUN_ID_LENGTH + 1])
{
    guint n = 0;

    for (guint i = 0; i < N_RUNS; i++) {
        g_autofree char *id = run_id_new (NULL);
        RunRecord run = { .id = id, .workflow = "w", .plan = "{}" };

        g_strlcpy (ids[i], id, sizeof ids[i]);
        run_queue_add (queue, &run, "{}", on_added, &n, NULL);
    }
    while (n < N_RUNS)
        loop_step (loop, TRUE);
}

typedef struct {
    gboolean has_come, has_ended;
    char by;
} Seen;

static void
on_document (const RunDocument *document, const GError *error, gpointer data)
{
    Seen *seen = data;

    seen->has_come = TRUE;
    if (error != NULL || document == NULL)
        return;
    seen->has_ended = document->has_ended;
    seen->by = document->has_ended ? document->json[6] : '?';
}

/* Whose document says that the run has ended. */
static char
await_end (const char *id)
{
    Seen seen = { 0 };

    while (!seen.has_ended) {
        seen.has_come = FALSE;
        run_queue_ask (queue, id, on_document, &seen, NULL);
        while (!seen.has_come)
            loop_step (loop, TRUE);
    }
    return seen.by;
}

static void
end_process (pid_t child)
{
    int status;

    (void) kill (child, SIGKILL);
    ck_assert_int_eq (waitpid (child, &status, 0), child);
}

static void
await_line (int from, const char *beginning)
{
    char line[LINE];

    do
        ck_assert_int_eq (read (from, line, sizeof line), sizeof line);
    while (!g_str_has_prefix (line, beginning));
}

START_TEST (each_run_ends_although_a_process_is_killed)
{
    char ids[N_RUNS][RUN_ID_LENGTH + 1];
    pid_t children[N_PROCESSES];
    guint by[N_PROCESSES] = { 0 };
    int ends[2];

    if (!redis_server_start (&server, NULL))
        return;
    ck_assert_int_eq (pipe (ends), 0);
    for (guint i = 0; i < N_PROCESSES; i++)
        children[i] = start (i, ends);
    (void) close (ends[1]);
    begin ("who adds");
    add_runs (ids);
    /* It has one of them, and the others are at work. */
    await_line (ends[0], "T0 ");
    end_process (children[0]);
    await_line (ends[0], "E");
    redis_server_freeze (&server);
    redis_server_thaw (&server);
    for (guint i = 0; i < N_RUNS; i++) {
        char who = await_end (ids[i]);

        ck_assert_msg (who > '0' && who < '0' + N_PROCESSES, "by %c", who);
        by[who - '0']++;
    }
    ck_assert_uint_eq (by[1] + by[2], N_RUNS);
    for (guint i = 1; i < N_PROCESSES; i++)
        end_process (children[i]);
    run_queue_free (queue);
    loop_close (loop);
    loop_leave (loop);
    loop_unref (loop);
    (void) close (ends[0]);
    redis_server_clear (&server);
}
END_TEST

static void
add (Suite *suite)
{
    TCase *tcase = tcase_create ("processes");

    tcase_add_test (tcase, each_run_ends_although_a_process_is_killed);
    tcase_set_timeout (tcase, 120);
    suite_add_tcase (suite, tcase);
}

int
main (void)
{
    return suite_run ("workflow/run-queue-processes", add);
}
