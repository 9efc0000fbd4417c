/* SPDX-License-Identifier: MIT
 *
 * What a server tells the service manager (sd_notify (3)): that it is ready, that it reloads, that
 * it stops; and, where there is a watchdog, that all workers' loops still turn. Owned by a server's
 * run: made before its threads start, from then on the steward's thread only. */

#pragma once

#include <h3/loop/loop.h>

G_BEGIN_DECLS

typedef struct _ServiceNotices ServiceNotices;

/* Asks each of the workers to answer by service_notices_note_turn (). */
typedef void (*ServiceAsk) (gpointer data);

/* `socket`: a path, or "@" and an abstract name. Within `watchdog` milliseconds a sign of life is
 * expected; 0: none is. NULL with H3_ERROR. */
ServiceNotices *service_notices_new (const char *socket, gint64 watchdog, GError **error);
/* The same by a descriptor of its own to somebody who passes on what he is told; `fd` is taken
 * where it succeeds. */
ServiceNotices *service_notices_new_for (int fd, gint64 watchdog);
/* NULL is allowed, here and below, and does nothing. */
void service_notices_free (ServiceNotices *notices);

/* All listen; `status` is for people. From now on the workers are asked every half of the watchdog,
 * unless they have not all answered yet. */
void service_notices_start (ServiceNotices *notices, Loop *loop, const char *status,
                            guint n_workers, ServiceAsk ask, gpointer data);
/* A worker that was asked has answered. */
void service_notices_note_turn (ServiceNotices *notices);
void service_notices_begin_reload (ServiceNotices *notices);
void service_notices_end_reload (ServiceNotices *notices);
/* Just this, on any thread. */
void service_notices_pass (ServiceNotices *notices, const char *message);
/* The drain begins; until the end the service manager is asked for time. */
void service_notices_stop (ServiceNotices *notices);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ServiceNotices, service_notices_free)

G_END_DECLS
