/* SPDX-License-Identifier: MIT
 *
 * An app as the whole of a program: options, signals, exit status. */

#include "app-private.h"
#include "app-run-private.h"

#include <h3/base/error.h>
#include <h3/loop/descriptors.h>
#include <h3/batteries/access-log.h>

#include <glib-unix.h>
#include <signal.h>
#include <stdlib.h>

/* Exit statuses, as app.h says. */
enum { EXIT_NOT_STARTED = 1, EXIT_CUT = 3 };

#define N_DESCRIPTORS                                                                              \
    4 /* wake-ups of the default context and of GLib's own thread, and two to spare */

typedef struct {
    H3App *app;             /* borrowed: the caller's */
    GPtrArray *addresses;   /* borrowed: those given, with what belongs to each */
    RunTls *tls;            /* borrowed */
    GMainLoop *loop;        /* owned */
    gulong stopped, reload; /* handlers of the server's signals */
    guint terminate, interrupt, reopen, hang_up;
    gboolean finished;
} Run;

static gboolean
take_address (const char *name, const char *value, gpointer data, GError **error)
{
    Run *run = data;

    g_ptr_array_add (run->addresses, g_strdup (value));
    return TRUE;
}

/* Of the address before it. */
static gboolean
take_proxies (const char *name, const char *value, gpointer data, GError **error)
{
    GPtrArray *addresses = ((Run *) data)->addresses;
    H3View rest = h3_view_of (value), prefix;

    if (addresses->len == 0) {
        g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                     "%s stands behind the --listen it belongs to", name);
        return FALSE;
    }
    while (h3_view_split (&rest, ',', &prefix)) {
        char **last = (char **) &addresses->pdata[addresses->len - 1];
        char *before = *last;

        *last = g_strdup_printf ("%s,proxy-protocol=%.*s", before, H3_VIEW_ARGS (prefix));
        g_free (before);
    }
    return TRUE;
}

static gboolean
read_number (const char *name, const char *value, gint64 minimum, gint64 maximum,
             gint64 *out_number, GError **error)
{
    guint64 number;

    if (h3_view_parse_uint (h3_view_of (value), G_MAXINT64, &number) && (gint64) number >= minimum
        && (gint64) number <= maximum) {
        *out_number = (gint64) number;
        return TRUE;
    }
    g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                 "%s takes a number from %" G_GINT64_FORMAT " to %" G_GINT64_FORMAT ", not '%s'",
                 name, minimum, maximum, value);
    return FALSE;
}

static gboolean
take_workers (const char *name, const char *value, gpointer data, GError **error)
{
    Run *run = data;
    gint64 number;

    if (!read_number (name, value, 1, 1024, &number, error))
        return FALSE;
    h3_server_set_workers (run->app->server, (guint) number);
    return TRUE;
}

static gboolean
take_trusted (const char *name, const char *value, gpointer data, GError **error)
{
    return h3_app_trust_proxy (((Run *) data)->app, value, error);
}

static gboolean
take_limit (const char *name, const char *value, gpointer data, GError **error)
{
    Run *run = data;
    guint n;
    const H3LimitInfo *rows = h3_limits_list (&n);

    for (guint i = 0; i < n; i++) {
        gint64 number;

        if (strcmp (rows[i].option, name + 2) != 0)
            continue;
        return read_number (name, value, rows[i].minimum, rows[i].maximum, &number, error)
               && h3_app_set_limit (run->app, rows[i].option, number, error);
    }
    g_assert_not_reached ();
}

#define OPTION(name, function, text, argument)                                                     \
    {                                                                                              \
        name, 0, 0, G_OPTION_ARG_CALLBACK, (gpointer) (function), text, argument                   \
    }

static void
add_limit_group (GOptionContext *context, Run *run, GPtrArray *texts)
{
    guint n;
    const H3LimitInfo *rows = h3_limits_list (&n);
    g_autofree GOptionEntry *entries = g_new0 (GOptionEntry, n + 1);
    GOptionGroup *group = g_option_group_new (
        "limits", "Limits and timeouts:", "Show all limits and timeouts", run, NULL);

    for (guint i = 0; i < n; i++) {
        char *text =
            g_strdup_printf ("%s; default %" G_GINT64_FORMAT, rows[i].what, rows[i].default_value);

        g_ptr_array_add (texts, text);
        entries[i] = (GOptionEntry) OPTION (rows[i].option, take_limit, text, "N");
    }
    g_option_group_add_entries (group, entries);
    g_option_context_add_group (context, group);
}

static void
add_own_group (GOptionContext *context, H3App *app)
{
    GOptionGroup *group = g_option_group_new (
        "program", "Options of this program:", "Show the options of this program",
        app->options_data, NULL);

    g_option_group_add_entries (group, app->options);
    g_option_context_add_group (context, group);
}

void
h3_app_add_options (H3App *app, const GOptionEntry *entries, gpointer user_data)
{
    g_return_if_fail (H3_IS_APP (app) && entries != NULL);
    app->options = entries;
    app->options_data = user_data;
}

void
h3_app_set_arguments (H3App *app, const char *usage, H3ArgumentsFunction function,
                      gpointer user_data)
{
    g_return_if_fail (H3_IS_APP (app) && usage != NULL && function != NULL);
    g_free (app->arguments.usage);
    app->arguments.usage = g_strdup (usage);
    app->arguments.function = function;
    app->arguments.user_data = user_data;
}

/* What is no option, and the name of the program before it. */
static gboolean
take_arguments (H3App *app, const char *const *arguments, GError **error)
{
    const char *const *rest = arguments[0] != NULL ? arguments + 1 : arguments;

    /* What separates them from the options is none of them. */
    if (rest[0] != NULL && strcmp (rest[0], "--") == 0)
        rest++;
    if (app->arguments.function != NULL)
        return app->arguments.function (app, rest, app->arguments.user_data, error);
    if (rest[0] == NULL)
        return TRUE;
    g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_FAILED,
                 "'%s' is no option: --help lists them", rest[0]);
    return FALSE;
}

/* GLib names the option; where they are listed is ours to say. */
static gboolean
parse_options (GOptionContext *context, char ***arguments, GError **error)
{
    g_autoptr (GError) found = NULL;

    if (g_option_context_parse_strv (context, arguments, &found))
        return TRUE;
    if (g_error_matches (found, G_OPTION_ERROR, G_OPTION_ERROR_UNKNOWN_OPTION))
        g_set_error (error, found->domain, found->code, "%s: --help lists them", found->message);
    else
        g_propagate_error (error, g_steal_pointer (&found));
    return FALSE;
}

static gboolean
read_options (Run *run, int argc, char **argv, GError **error)
{
    static const GOptionEntry entries[] = {
        OPTION ("listen", take_address, "Listen there; may be given several times", "ADDRESS"),
        OPTION ("proxy-protocol", take_proxies,
                "Only these proxies come to the --listen before it, and say who their clients are",
                "PREFIX,…"),
        OPTION ("workers", take_workers, "Threads that serve; default: one for each processor",
                "N"),
        OPTION ("trust-proxy", take_trusted,
                "Believe the Forwarded fields of this proxy; may be given several times", "PREFIX"),
        { NULL, 0, 0, 0, NULL, NULL, NULL }
    };
    g_autoptr (GOptionContext) context = g_option_context_new (run->app->arguments.usage);
    g_autoptr (GPtrArray) texts = g_ptr_array_new_with_free_func (g_free);
    GOptionGroup *group = g_option_group_new ("main", "", "", run, NULL);
    g_auto (GStrv) arguments = g_new0 (char *, (gsize) argc + 1);

    for (int i = 0; i < argc; i++)
        arguments[i] = g_strdup (argv[i]);
    g_option_group_add_entries (group, entries);
    g_option_context_set_main_group (context, group);
    g_option_context_set_summary (context,
                                  "ADDRESS is 127.0.0.1:8080, [::1]:8080, unix:/path, or systemd "
                                  "for the sockets that it\nhands over, systemd:NAME for those of "
                                  "one name. Behind https:// or http:// it has\nTLS or not; else "
                                  "it has it where there is a certificate.");
    run_tls_add_options (run->tls, context);
    add_limit_group (context, run, texts);
    if (run->app->options != NULL)
        add_own_group (context, run->app);
    if (!parse_options (context, &arguments, error))
        return FALSE;
    return take_arguments (run->app, (const char *const *) arguments, error);
}

static gboolean
on_end_signal (gpointer data)
{
    h3_app_stop (((Run *) data)->app);
    return G_SOURCE_CONTINUE;
}

static gboolean
on_reopen_signal (gpointer data)
{
    h3_access_log_reopen_all ();
    return G_SOURCE_CONTINUE;
}

static gboolean
on_hang_up_signal (gpointer data)
{
    h3_server_reload (((Run *) data)->app->server);
    return G_SOURCE_CONTINUE;
}

static void
on_reload (H3Server *server, gpointer data)
{
    h3_access_log_reopen_all ();
}

static void
on_stopped (H3Server *server, gboolean finished, Run *run)
{
    run->finished = finished;
    g_main_loop_quit (run->loop);
}

static void
announce (H3App *app)
{
    g_auto (GStrv) addresses = h3_server_dup_addresses (app->server);

    for (guint i = 0; addresses[i] != NULL; i++) {
        gboolean is_secure = server_is_address_secure (app->server, i);
        gboolean is_unix = g_str_has_prefix (addresses[i], "unix:");

        g_print ("Listening on %s%s\n",
                 is_secure ? "https://"
                 : is_unix ? ""
                           : "http://",
                 addresses[i]);
    }
}

static void
listen_to_signals (Run *run)
{
    run->loop = g_main_loop_new (NULL, FALSE);
    run->stopped = g_signal_connect (run->app->server, "stopped", G_CALLBACK (on_stopped), run);
    run->reload = g_signal_connect (run->app->server, "reload", G_CALLBACK (on_reload), NULL);
    run->terminate = g_unix_signal_add (SIGTERM, on_end_signal, run);
    run->interrupt = g_unix_signal_add (SIGINT, on_end_signal, run);
    run->reopen = g_unix_signal_add (SIGUSR1, on_reopen_signal, NULL);
    run->hang_up = g_unix_signal_add (SIGHUP, on_hang_up_signal, run);
}

static void
clear_run (Run *run)
{
    if (run->loop == NULL)
        return;
    g_source_remove (run->terminate);
    g_source_remove (run->interrupt);
    g_source_remove (run->reopen);
    g_source_remove (run->hang_up);
    g_signal_handler_disconnect (run->app->server, run->reload);
    g_signal_handler_disconnect (run->app->server, run->stopped);
    g_main_loop_unref (run->loop);
}

static gboolean
listen_to_addresses (Run *run, GError **error)
{
    for (guint i = 0; i < run->addresses->len; i++) {
        if (!h3_app_listen (run->app, run->addresses->pdata[i], error))
            return FALSE;
    }
    return server_has_address (run->app->server)
           || h3_app_listen (run->app, "127.0.0.1:8080", error);
}

static gboolean
start (Run *run, int argc, char **argv, GError **error)
{
    if (!read_options (run, argc, argv, error) || !run_tls_apply (run->tls, run->app->server, error)
        || !listen_to_addresses (run, error))
        return FALSE;
    /* GLib would end the process. */
    if (!descriptors_are_left (N_DESCRIPTORS, "signals", error))
        return FALSE;
    listen_to_signals (run);
    h3_server_set_supervised (run->app->server, TRUE);
    return h3_app_start (run->app, error);
}

int
h3_app_run (H3App *app, int argc, char **argv)
{
    g_autoptr (GPtrArray) addresses = g_ptr_array_new_with_free_func (g_free);
    g_auto (RunTls) tls = { 0 };
    Run run = { .app = app, .addresses = addresses, .tls = &tls, .finished = TRUE };
    g_autoptr (GError) error = NULL;

    g_return_val_if_fail (H3_IS_APP (app), EXIT_NOT_STARTED);
    run_tls_init (&tls);
    if (!start (&run, argc, argv, &error)) {
        clear_run (&run);
        g_printerr ("%s: %s\n", g_get_prgname () != NULL ? g_get_prgname () : "h3", error->message);
        return EXIT_NOT_STARTED;
    }
    announce (app);
    g_main_loop_run (run.loop);
    clear_run (&run);
    (void) h3_server_wait (app->server);
    return run.finished ? EXIT_SUCCESS : EXIT_CUT;
}
