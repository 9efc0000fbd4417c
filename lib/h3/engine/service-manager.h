/* SPDX-License-Identifier: MIT
 *
 * What a service manager, such as systemd, has given this process: sockets that listen already
 * (sd_listen_fds (3)), somebody who is told how the service is (sd_notify (3)), a watchdog
 * (sd_watchdog_enabled (3)). These are a few variables of the environment and a datagram, so no
 * library is linked for them. The environment is read once, when something is first asked for here,
 * and what was read is unset, so that no child takes it for its own. The process's; it has a mutex,
 * but who reads the environment first should be alone in the process. */

#pragma once

#include <h3/engine/listen-group.h>
#include <h3/engine/service-notices.h>

G_BEGIN_DECLS

/* Where the first socket is; the others are behind it. */
#define SERVICE_FIRST_SOCKET 3

/* Adds a group for each socket that was handed over, or for each that is called `name` (nullable).
 * They are duplicates: a server that is started again finds them again. FALSE with H3_ERROR, which
 * names the sockets there are; some groups may have been added then. */
gboolean service_manager_add_groups (const char *name, GPtrArray *groups, GError **error);

/* Makes what tells the service manager; `*out_notices` is NULL where it did not ask to be told.
 * FALSE with H3_ERROR. */
gboolean service_manager_open_notices (ServiceNotices **out_notices, GError **error);

/* From now on what there is to be told goes to the master of this process, by `fd` (borrowed). */
void service_manager_set_master (int fd);

/* (transfer full): the names of the sockets that are for the process `pid`, by what LISTEN_PID,
 * LISTEN_FDS and LISTEN_FDNAMES say (each nullable); none is an empty vector. NULL with
 * H3_ERROR_INVALID, which names the variable. */
char **service_manager_parse_sockets (const char *for_pid, const char *count, const char *names,
                                      gint64 pid, GError **error);

/* FALSE with H3_ERROR_INVALID; else the milliseconds in which the process `pid` is to give a sign
 * of life, by what WATCHDOG_PID and WATCHDOG_USEC say (each nullable); 0: none is wanted. */
gboolean service_manager_parse_watchdog (const char *for_pid, const char *microseconds, gint64 pid,
                                         gint64 *out_milliseconds, GError **error);

G_END_DECLS
