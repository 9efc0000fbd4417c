/* SPDX-License-Identifier: MIT
 *
 * What the main thread of a program does while its server runs, or several one after another:
 * hears signals, and, where it is one of several processes, its master. The main thread. */

#pragma once

#include <h3/engine/prefork.h>
#include <h3/engine/server.h>

G_BEGIN_DECLS

/* Of who has one server follow another. */
typedef struct {
    void (*hang_up) (gpointer data); /* SIGHUP, unless it has been told to end */
    void (*part) (gpointer data);    /* another process takes the place of this one */
    /* It has stopped, and its threads are gone. */
    void (*stopped) (H3Server *server, gpointer data);
    gpointer data;
} RunFollowing;

typedef struct {
    GPtrArray *servers;     /* owned: H3Server, refs: those that serve or part, the newest last */
    RunFollowing following; /* without functions: one server, which reloads itself */
    GMainContext *context;  /* owned, and pushed; NULL: the default one */
    GMainLoop *loop;        /* owned; NULL: not opened */
    GPtrArray *sources;     /* owned: attached */
    gboolean was_stopped, finished;
} RunLoop;

/* Before the first start; `prefork` (nullable) says that this is one of several processes, and
 * `following` (nullable, copied) that servers follow each other. FALSE with H3_ERROR where
 * descriptors are short: GLib would end the process. */
gboolean run_loop_open (RunLoop *loop, const Prefork *prefork, const RunFollowing *following,
                        GError **error);
/* It starts, or has been started just now. */
void run_loop_add (RunLoop *loop, H3Server *server);
/* Until the last server has stopped; returns whether all that ran could end. */
gboolean run_loop_run (RunLoop *loop);
void run_loop_clear (RunLoop *loop);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (RunLoop, run_loop_clear)

G_END_DECLS
