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
 * H3Server::stopped:
 * @server: the server
 * @finished: %FALSE where the drain's deadline passed or it was stopped twice, so that what still
 *   ran was cut
 *
 * The server has stopped: once a run, on the #GMainContext that was the thread-default one where it
 * was started.
 *
 * Since: 0.1
 */

/**
 * H3Server::reload:
 * @server: the server
 *
 * What was read from files is to be read anew: by h3_server_reload(), on its caller's thread.
 *
 * Since: 0.1
 */

/**
 * H3Server:
 *
 * Listeners and workers together: started as one, drained with a deadline.
 *
 * Made by an app (h3_app_get_server()). Any thread may stop it and wait for it, but a worker must
 * not wait. What is set before the start is set on one thread; later it is a critical.
 *
 * Properties: `single-threaded`, as of h3_server_set_single_threaded().
 *
 * Since: 0.1
 */
G_DECLARE_FINAL_TYPE (H3Server, h3_server, H3, SERVER, GObject)

/**
 * h3_server_add_address:
 * @server: a server that is not started
 * @address: "127.0.0.1:8080", "[::1]:0", "unix:/run/h3.sock,mode=0660", each behind "https://" or
 *   "http://" where it is not to follow h3_server_set_tls(); or sockets that a service manager has
 *   handed over: "systemd" for all, "systemd:web" for those of this name
 * @error: %H3_ERROR_INVALID
 *
 * Has the server listen there once it is started, beside where it does.
 *
 * Returns: %FALSE with %H3_ERROR_INVALID for an address that cannot be
 *
 * Since: 0.1
 */
gboolean h3_server_add_address (H3Server *server, const char *address, GError **error);

/**
 * h3_server_set_tls:
 * @server: a server that is not started
 * @settings: (nullable) (transfer none): copied; their files are read at each start, which fails
 *   where one cannot be used, and by h3_server_reload(). %NULL: none but plain connections
 *
 * Has the server speak TLS where an address does not begin with "http://".
 *
 * Since: 0.1
 */
void h3_server_set_tls (H3Server *server, const H3TlsSettings *settings);

/**
 * h3_server_set_workers:
 * @server: a server that is not started
 * @n_workers: how many; 0, the default, is one for each processor
 *
 * Sets how many threads serve.
 *
 * Since: 0.1
 */
void h3_server_set_workers (H3Server *server, guint n_workers);

/**
 * h3_server_set_single_threaded:
 * @server: a server that is not started
 * @is_single_threaded: whether one thread runs all; %FALSE by default
 *
 * Has all that the program hands to the server and its app (handlers, middleware, hooks, timers,
 * the functions that free data) called on one thread: that which starts it. There is one worker
 * then, whatever h3_server_set_workers() says, and no thread for it: it is a source of the
 * #GMainContext that is thread-default where the server is started. So that context must be run, on
 * the same thread, until "stopped" is emitted; h3_app_run() and h3_server_wait() do so, and so does
 * any main loop of the program. What the program attaches to the context, timeouts and GIO's
 * operations, runs in between, and may do all that handlers may.
 *
 * For languages that cannot be called on threads they do not know (JavaScript), and programs that
 * want no locks. Threads still do what the program hands to them with h3_event_offload(), and work
 * of the library's own; SIGPIPE is blocked on the starter's thread while the server runs.
 *
 * Since: 0.1
 */
void h3_server_set_single_threaded (H3Server *server, gboolean is_single_threaded);

/**
 * h3_server_get_single_threaded:
 * @server: a server
 *
 * Tells whether the server runs on one thread.
 *
 * Returns: what h3_server_set_single_threaded() set
 *
 * Since: 0.1
 */
gboolean h3_server_get_single_threaded (H3Server *server);

/**
 * h3_server_set_pooled_events:
 * @server: a server that is not started
 * @n_events: how many, at most (1,024); 0: none are reused
 *
 * Sets how many events rest for reuse in each worker.
 *
 * Since: 0.1
 */
void h3_server_set_pooled_events (H3Server *server, guint n_events);

/**
 * h3_server_set_offload_threads:
 * @server: a server that is not started
 * @n_threads: how many, at most (16); not 0
 *
 * Sets how many threads there are for h3_event_offload().
 *
 * Since: 0.1
 */
void h3_server_set_offload_threads (H3Server *server, guint n_threads);

/**
 * h3_server_set_supervised:
 * @server: a server that is not started
 * @is_supervised: %FALSE by default, for a process has one word to say; h3_app_run() switches it on
 *
 * Says whether the service manager is told how the server is, where it asks to be (NOTIFY_SOCKET):
 * that it is ready, reloads, stops, and that its workers' loops turn (WATCHDOG_USEC).
 *
 * Since: 0.1
 */
void h3_server_set_supervised (H3Server *server, gboolean is_supervised);

/**
 * h3_server_get_limits:
 * @server: a server
 *
 * Gives the limits, to be changed before the start.
 *
 * Returns: (transfer none): the limits, as long as the server
 *
 * Since: 0.1
 */
H3Limits *h3_server_get_limits (H3Server *server);

/**
 * h3_server_start:
 * @server: a server that is not started
 * @error: of %H3_ERROR
 *
 * Binds all addresses, then starts all workers.
 *
 * Returns: %FALSE with @error set, and nothing is left started
 *
 * Since: 0.1
 */
gboolean h3_server_start (H3Server *server, GError **error);

/**
 * h3_server_start_in_place_of:
 * @server: a server that is not started
 * @running: another server of this process that runs
 * @error: of %H3_ERROR; %H3_ERROR_CLOSED: @running does not run, or stops already
 *
 * Starts as h3_server_start() does, on the very sockets of @running where both have the address, so
 * that no client is refused or reset: what waits in their queues is served by the new one. Other
 * addresses are bound; those that only @running had are closed once it has accepted what waits
 * there. Numbers of workers, TLS, limits and apps may differ. @running then accepts no more, lets
 * whoever is connected bring one more request within H3Limits.parting_time (its answer says that
 * the connection ends), drains as by h3_server_stop() and emits "stopped"; stopped by hand
 * meanwhile it drains at once.
 *
 * The service manager, where both are supervised, hears of a reload.
 *
 * Any thread but a worker's.
 *
 * Returns: %FALSE with @error set, and @running goes on as it was
 *
 * Since: 0.1
 */
gboolean h3_server_start_in_place_of (H3Server *server, H3Server *running, GError **error);

/**
 * h3_server_is_running:
 * @server: a server
 *
 * Tells whether the server runs. Any thread.
 *
 * Returns: %TRUE from its start until it has stopped
 *
 * Since: 0.1
 */
gboolean h3_server_is_running (H3Server *server);

/**
 * h3_server_stop:
 * @server: a server
 *
 * Stops the server: it accepts no more, lets what runs end within H3Limits.drain_time, then cuts.
 * Called again: it cuts now. Returns at once; from any thread, handlers included.
 *
 * Since: 0.1
 */
void h3_server_stop (H3Server *server);

/**
 * h3_server_reload:
 * @server: a server
 *
 * Reads certificates and what else TLS has in files anew, for handshakes from now on: where one of
 * them cannot be used those there were stay, and the log says why.
 *
 * Emits "reload", and tells the service manager of it; nothing where the server does not run, or
 * stops already. Any thread; h3_app_run() calls it on SIGHUP.
 *
 * Since: 0.1
 */
void h3_server_reload (H3Server *server);

/**
 * h3_server_wait:
 * @server: a server
 *
 * Waits until the server has stopped; not at all where it does not run. Not from a worker's thread
 * (a critical).
 *
 * Returns: whether all that ran could end
 *
 * Since: 0.1
 */
gboolean h3_server_wait (H3Server *server);

/**
 * h3_server_get_port:
 * @server: a server that runs
 *
 * Tells the port of the first TCP address, as bound.
 *
 * Returns: the port; 0 where there is none
 *
 * Since: 0.1
 */
guint h3_server_get_port (H3Server *server);

/**
 * h3_server_dup_addresses:
 * @server: a server that runs
 *
 * Lists the addresses as bound, ports filled in.
 *
 * Returns: (transfer full) (array zero-terminated=1): the addresses, to be freed with g_strfreev()
 *
 * Since: 0.1
 */
char **h3_server_dup_addresses (H3Server *server);

/**
 * h3_server_is_address_secure:
 * @server: a server that runs
 * @index: the place of the address in h3_server_dup_addresses(), from 0
 *
 * Tells whether TLS is spoken at an address.
 *
 * Returns: %TRUE where it is; %FALSE beyond the last
 *
 * Since: 0.1
 */
gboolean h3_server_is_address_secure (H3Server *server, guint index);

G_END_DECLS
