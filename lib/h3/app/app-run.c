/* SPDX-License-Identifier: MIT
 *
 * An app as the whole of a program: options, processes, exit status. */

#include "app-private.h"
#include "app-run-loop.h"
#include "app-run-private.h"

#include <h3/base/error.h>
#include <h3/engine/server-inside.h>
#include <h3/batteries/access-log.h>

#include <stdio.h>
#include <stdlib.h>

/* Exit statuses, as app.h says. */
enum { EXIT_NOT_STARTED = 1, EXIT_CUT = 3 };

typedef struct {
    H3App *app;           /* borrowed: the caller's */
    GPtrArray *addresses; /* borrowed: those given, with what belongs to each */
    RunTls *tls;          /* borrowed */
    guint n_processes;    /* 0: there is but this one, and no master */
    Prefork *prefork;     /* owned; NULL: no master */
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

    if (!read_number (name, value, 1, h3_server_get_single_threaded (run->app->server) ? 1 : 1024,
                      &number, error))
        return FALSE;
    h3_server_set_workers (run->app->server, (guint) number);
    return TRUE;
}

static gboolean
take_processes (const char *name, const char *value, gpointer data, GError **error)
{
    gint64 number;

    if (!read_number (name, value, 1, PREFORK_MAX_PROCESSES, &number, error))
        return FALSE;
    ((Run *) data)->n_processes = (guint) number;
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
                      gpointer user_data, GDestroyNotify destroy)
{
    g_return_if_fail (H3_IS_APP (app) && usage != NULL && function != NULL);
    app_clear_arguments (app);
    app->arguments.usage = g_strdup (usage);
    app->arguments.function = function;
    app->arguments.user_data = user_data;
    app->arguments.destroy = destroy;
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
        OPTION ("processes", take_processes,
                "Processes that serve, started anew by a master; default: one, without a master",
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

static void
announce (H3App *app)
{
    g_auto (GStrv) addresses = h3_server_dup_addresses (app->server);

    for (guint i = 0; addresses[i] != NULL; i++) {
        gboolean is_secure = h3_server_is_address_secure (app->server, i);
        gboolean is_unix = g_str_has_prefix (addresses[i], "unix:");

        g_print ("Listening on %s%s\n",
                 is_secure ? "https://"
                 : is_unix ? ""
                           : "http://",
                 addresses[i]);
    }
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
set_up (Run *run, int argc, char **argv, GError **error)
{
    return read_options (run, argc, argv, error)
           && run_tls_apply (run->tls, run->app->server, error) && listen_to_addresses (run, error);
}

static void
on_ready (gpointer data)
{
    announce (data);
    (void) fflush (stdout);
}

static void
on_reopen (gpointer data)
{
    h3_access_log_reopen_all ();
}

static void
on_stop (gpointer data)
{
    server_close_sockets (((H3App *) data)->server);
}

/* TRUE: this is a process that serves. */
static gboolean
fork_processes (Run *run, int *out_status, GError **error)
{
    const PreforkEvents events = {
        .ready = on_ready, .reopen = on_reopen, .stop = on_stop, .data = run->app
    };
    H3Server *server = run->app->server;

    *out_status = EXIT_NOT_STARTED;
    if (!server_open_sockets (server, run->n_processes, NULL, error))
        return FALSE;
    run->prefork = prefork_new (run->n_processes, error);
    if (run->prefork == NULL)
        return FALSE;
    switch (prefork_run (run->prefork, &events, error)) {
    case PREFORK_IS_PROCESS:
        server_choose_sockets (server, prefork_get_index (run->prefork), run->n_processes);
        return TRUE;
    case PREFORK_ENDED:
        *out_status = EXIT_SUCCESS;
        break;
    case PREFORK_CUT:
        *out_status = EXIT_CUT;
        break;
    default:
        break;
    }
    return FALSE;
}

static int
serve (Run *run, GError **error)
{
    g_auto (RunLoop) loop = { 0 };
    H3Server *server = run->app->server;
    gboolean finished;

    if (!run_loop_open (&loop, run->prefork, NULL, error))
        return EXIT_NOT_STARTED;
    run_loop_add (&loop, server);
    h3_server_set_supervised (server, TRUE);
    if (!h3_app_start (run->app, error))
        return EXIT_NOT_STARTED;
    if (run->prefork == NULL)
        announce (run->app);
    finished = run_loop_run (&loop);
    return finished ? EXIT_SUCCESS : EXIT_CUT;
}

int
h3_app_run (H3App *app, int argc, char **argv)
{
    g_autoptr (GPtrArray) addresses = g_ptr_array_new_with_free_func (g_free);
    g_auto (RunTls) tls = { 0 };
    g_autoptr (Prefork) prefork = NULL;
    Run run = { .app = app, .addresses = addresses, .tls = &tls };
    g_autoptr (GError) error = NULL;
    int status = EXIT_NOT_STARTED;

    g_return_val_if_fail (H3_IS_APP (app), EXIT_NOT_STARTED);
    run_tls_init (&tls);
    if (set_up (&run, argc, argv, &error)
        && (run.n_processes == 0 || fork_processes (&run, &status, &error)))
        status = serve (&run, &error);
    prefork = run.prefork;
    if (error != NULL)
        g_printerr ("%s: %s\n", g_get_prgname () != NULL ? g_get_prgname () : "h3", error->message);
    return status;
}
