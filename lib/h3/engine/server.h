/* SPDX-License-Identifier: MIT
 *
 * Listeners and workers together: started as one, drained with a deadline. Made by an app
 * (h3_app_get_server ()); reference-counted. Any thread may stop it and wait for it, but a worker
 * must not wait. Since: 0.1 */

#pragma once

#include <h3/http/limits.h>
#include <h3/net/tls-settings.h>

#include <glib-object.h>

G_BEGIN_DECLS

#define H3_TYPE_SERVER (h3_server_get_type ())
/**
 * H3Server:
 *
 * Signals: `stopped (gboolean finished)`, once a run, on the #GMainContext that was the
 * thread-default one where it was started: @finished is %FALSE where the drain's deadline passed
 * or it was stopped twice, so that what still ran was cut.
 * `reload ()`, by h3_server_reload(), on its caller's thread: what was read from files is read
 * anew.
 */
G_DECLARE_FINAL_TYPE (H3Server, h3_server, H3, SERVER, GObject)

/* Listens there once it is started: "127.0.0.1:8080", "[::1]:0", "unix:/run/h3.sock,mode=0660",
 * each behind "https://" or "http://" where it is not to follow h3_server_set_tls (); or
 * on sockets that a service manager has handed over: "systemd" for all, "systemd:web" for those of
 * this name. FALSE with H3_ERROR_INVALID for an address that cannot be. Before the start. */
gboolean h3_server_add_address (H3Server *server, const char *address, GError **error);

/* Speaks TLS where an address does not begin with "http://". The settings are copied; their files
 * are read at each start, which fails where one cannot be used, and by h3_server_reload ().
 * @settings: (nullable): none but plain connections. Before the start. */
void h3_server_set_tls (H3Server *server, const H3TlsSettings *settings);

/* Threads that serve; 0, the default, is one for each processor. Before the start. */
void h3_server_set_workers (H3Server *server, guint n_workers);

/* Events that rest for reuse in each worker, at most (1,024); 0: none are reused. Before the start.
 */
void h3_server_set_pooled_events (H3Server *server, guint n_events);

/* Threads for h3_event_offload (), at most (16). Before the start. */
void h3_server_set_offload_threads (H3Server *server, guint n_threads);

/* Whether the service manager is told how the server is, where it asks to be (NOTIFY_SOCKET): that
 * it is ready, reloads, stops, and that its workers' loops turn (WATCHDOG_USEC). Off by default,
 * for a process has one word to say; h3_app_run () switches it on. Before the start. */
void h3_server_set_supervised (H3Server *server, gboolean is_supervised);

/* Returns: (transfer none): the limits, to be changed before the start. */
H3Limits *h3_server_get_limits (H3Server *server);

/* Binds all addresses, then starts all workers. FALSE with H3_ERROR, and nothing is left started.
 */
gboolean h3_server_start (H3Server *server, GError **error);

gboolean h3_server_is_running (H3Server *server);

/* Accepts no more, lets what runs end within H3Limits.drain_time, then cuts. Called again: cuts
 * now. Returns at once; from any thread, handlers included. */
void h3_server_stop (H3Server *server);

/* Reads certificates and what else TLS has in files anew, for handshakes from now on: where one of
 * them cannot be used those there were stay, and the log says why. Emits "reload", and tells the
 * service manager of it; nothing where the server does not run, or stops already. Any thread;
 * h3_app_run () calls it on SIGHUP. */
void h3_server_reload (H3Server *server);

/* Waits until it has stopped; at once where it does not run. Not from a worker's thread (a
 * critical). Returns: whether all that ran could end. */
gboolean h3_server_wait (H3Server *server);

/* The port of the first TCP address, as bound; 0 where there is none. */
guint h3_server_get_port (H3Server *server);

/* Returns: (transfer full) (array zero-terminated=1): the addresses as bound, ports filled in. */
char **h3_server_dup_addresses (H3Server *server);

G_END_DECLS
