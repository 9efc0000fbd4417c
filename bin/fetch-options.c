/* SPDX-License-Identifier: MIT */

#include "fetch-options.h"

#include "command.h"
#include "fetch-status.h"

#include <math.h>
#include <string.h>

#define MAX_SECONDS (24 * 60 * 60)

G_GNUC_PRINTF (2, 3)
static gboolean
refuse (GError **error, const char *format, ...)
{
    g_autofree char *text = NULL;
    va_list arguments;

    va_start (arguments, format);
    text = g_strdup_vprintf (format, arguments);
    va_end (arguments);
    g_set_error_literal (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, text);
    return FALSE;
}

static const char summary[] =
    "Asks a server, and writes the body of its answer to the standard output. Redirects are "
    "followed,\nand bodies that come compressed are decoded.";
static const char description[] =
    "Without http:// or https://, URL is http. The proxy is what http_proxy, https_proxy, all_proxy"
    "\nand no_proxy say, unless --proxy does. The exit status says what went wrong: docs/fetch.md "
    "has them all.";

#define TEXT(name, letter, place, what, argument)                                                  \
    {                                                                                              \
        name, letter, 0, G_OPTION_ARG_FILENAME, place, what, argument                              \
    }
#define TEXTS(name, letter, place, what, argument)                                                 \
    {                                                                                              \
        name, letter, 0, G_OPTION_ARG_FILENAME_ARRAY, place, what, argument                        \
    }
#define SWITCH(name, letter, place, what)                                                          \
    {                                                                                              \
        name, letter, 0, G_OPTION_ARG_NONE, place, what, NULL                                      \
    }
#define SECONDS(name, place, what)                                                                 \
    {                                                                                              \
        name, 0, 0, G_OPTION_ARG_DOUBLE, place, what, "SECONDS"                                    \
    }

static void
add_request_group (GOptionContext *context, FetchOptions *options)
{
    const GOptionEntry entries[] = {
        TEXT ("method", 'X', &options->method, "Ask by this method; default: GET, with a body POST",
              "METHOD"),
        SWITCH ("head", 'I', &options->is_head, "Ask for the head alone, and write it"),
        TEXTS ("header", 'H', &options->headers, "Send this field; may be given several times",
               "'NAME: VALUE'"),
        TEXTS ("data", 'd', &options->data,
               "Send this body: a text (several are joined by &), or a file, - being the standard "
               "input",
               "TEXT|@FILE"),
        TEXT ("json", 0, &options->json, "Send this JSON", "TEXT|@FILE"),
        TEXTS ("form", 'F', &options->form,
               "Send a form with this field, no file; may be given several times", "NAME=VALUE"),
        { NULL, 0, 0, 0, NULL, NULL, NULL }
    };

    g_option_context_add_main_entries (context, entries, NULL);
}

static void
add_answer_group (GOptionContext *context, FetchOptions *options)
{
    const GOptionEntry entries[] = {
        TEXT ("output", 'o', &options->output, "Write the body there, once it is whole", "FILE"),
        SWITCH ("include", 'i', &options->shows_head, "Write the head before the body"),
        SWITCH ("verbose", 'v', &options->is_verbose, "Tell what is asked and answered"),
        SWITCH ("fail", 'f', &options->fails,
                "Fail, without the body, where the answer is 4xx or "
                "5xx"),
        SWITCH ("timing", 0, &options->shows_timing, "Tell how long it took"),
        { "max-redirects", 0, 0, G_OPTION_ARG_INT, &options->max_redirects,
          "Follow so many redirects, 0: none; default: 10", "N" },
        { "max-size", 0, 0, G_OPTION_ARG_INT64, &options->max_size,
          "Take no body of more bytes; default: any", "N" },
        SWITCH ("cookies", 0, &options->keeps_cookies, "Keep cookies from redirect to redirect"),
        SWITCH ("no-compression", 0, &options->takes_plain, "Ask for the body as it is"),
        { NULL, 0, 0, 0, NULL, NULL, NULL }
    };

    g_option_context_add_main_entries (context, entries, NULL);
}

static void
add_connection_group (GOptionContext *context, FetchOptions *options)
{
    const GOptionEntry entries[] = {
        SECONDS ("timeout", &options->timeout,
                 "Be done in this time; default: 30 for an answer to begin and to go on"),
        SECONDS ("connect-timeout", &options->connect_timeout,
                 "Be connected in this time; default: 10"),
        TEXT ("proxy", 0, &options->proxy, "Ask by this proxy; 'none': by none",
              "http://HOST:PORT"),
        TEXT ("unix-socket", 0, &options->unix_socket, "Connect to this socket, whatever the host",
              "PATH"),
        TEXT ("cacert", 0, &options->authorities,
              "Trust the authorities in this file (PEM), not the system's", "FILE"),
        TEXT ("cert", 0, &options->certificate, "Show this certificate (PEM) to the server",
              "FILE"),
        TEXT ("key", 0, &options->key, "The private key of --cert (PEM)", "FILE"),
        SWITCH ("insecure", 'k', &options->is_unverified,
                "Believe any server: whoever is in between reads along"),
        { NULL, 0, 0, 0, NULL, NULL, NULL }
    };

    g_option_context_add_main_entries (context, entries, NULL);
}

static gboolean
check_seconds (const char *name, double seconds, GError **error)
{
    if (seconds == 0 || (isfinite (seconds) && seconds >= 0.001 && seconds <= MAX_SECONDS))
        return TRUE;
    return refuse (error, "%s takes seconds, from 0.001 to %d", name, MAX_SECONDS);
}

static gboolean
check_method (const FetchOptions *options, GError **error)
{
    if (options->method == NULL)
        return TRUE;
    if (!h3_headers_is_name (h3_view_of (options->method)))
        return refuse (error, "--method takes a method as GET or PUT, not '%s'", options->method);
    if (strcmp (options->method, "CONNECT") == 0)
        return refuse (error, "--method CONNECT is what --proxy does by itself");
    if (options->is_head)
        return refuse (error, "--head has a method of its own: leave --method out");
    return TRUE;
}

/* One kind of body at most; the fields of a form have names. */
static gboolean
check_body (const FetchOptions *options, GError **error)
{
    guint n = (options->data != NULL) + (options->json != NULL) + (options->form != NULL);

    if (n > 1)
        return refuse (error, "--data, --json and --form exclude one another");
    if (n > 0 && options->is_head)
        return refuse (error, "--head sends no body: leave --data, --json and --form out");
    for (guint i = 0; options->data != NULL && options->data[i] != NULL; i++) {
        if (options->data[i][0] == '@' && options->data[1] != NULL)
            return refuse (error, "--data takes one file, or texts");
    }
    for (guint i = 0; options->form != NULL && options->form[i] != NULL; i++) {
        const char *field = options->form[i];
        const char *equals = strchr (field, '=');

        if (equals == NULL || equals == field)
            return refuse (error, "--form takes NAME=VALUE, not '%s'", field);
        if (equals[1] == '@')
            return refuse (error, "--form sends no files: --data %s sends one as the body",
                           equals + 1);
        if (!g_utf8_validate (field, -1, NULL))
            return refuse (error, "--form takes UTF-8");
    }
    return TRUE;
}

static gboolean
check_connection (const FetchOptions *options, GError **error)
{
    if (options->unix_socket != NULL && options->proxy != NULL
        && strcmp (options->proxy, "none") != 0)
        return refuse (error, "--unix-socket and --proxy exclude one another");
    if ((options->certificate != NULL) != (options->key != NULL))
        return refuse (error, "--cert and --key belong together");
    if (options->max_redirects < 0)
        return refuse (error, "--max-redirects takes a number from 0 on");
    if (options->max_size < 0)
        return refuse (error, "--max-size takes a number of bytes");
    return check_seconds ("--timeout", options->timeout, error)
           && check_seconds ("--connect-timeout", options->connect_timeout, error);
}

/* A URL in a query is none of it. */
static gboolean
has_scheme (const char *url)
{
    gsize length = strspn (url, "+-.0123456789" G_CSET_a_2_z G_CSET_A_2_Z);

    return length > 0 && g_str_has_prefix (url + length, "://");
}

/* `arguments`: the program's name, and what is no option. */
static gboolean
take_url (FetchOptions *options, char **arguments, GError **error)
{
    char **rest = arguments[0] != NULL ? arguments + 1 : arguments;

    if (rest[0] != NULL && strcmp (rest[0], "--") == 0)
        rest++;
    if (rest[0] == NULL)
        return refuse (error, "the URL to fetch is missing: h3d fetch URL");
    if (rest[1] != NULL)
        return refuse (error, "one URL is fetched, and more are named: quote what has blanks");
    options->url =
        has_scheme (rest[0]) ? g_strdup (rest[0]) : g_strconcat ("http://", rest[0], NULL);
    return TRUE;
}

gboolean
fetch_options_read (FetchOptions *options, int argc, char **argv, GError **error)
{
    g_autoptr (GOptionContext) context = g_option_context_new ("URL");
    g_auto (GStrv) arguments = NULL;

    memset (options, 0, sizeof *options);
    options->max_redirects = 10;
    g_option_context_set_summary (context, summary);
    g_option_context_set_description (context, description);
    add_request_group (context, options);
    add_answer_group (context, options);
    add_connection_group (context, options);
    arguments = command_parse (context, argc, argv, error);
    return arguments != NULL && take_url (options, arguments, error)
           && check_method (options, error) && check_body (options, error)
           && check_connection (options, error);
}

void
fetch_options_clear (FetchOptions *options)
{
    g_free (options->url);
    g_free (options->method);
    g_strfreev (options->headers);
    g_strfreev (options->data);
    g_free (options->json);
    g_strfreev (options->form);
    g_free (options->output);
    g_free (options->proxy);
    g_free (options->unix_socket);
    g_free (options->authorities);
    g_free (options->certificate);
    g_free (options->key);
    memset (options, 0, sizeof *options);
}

static guint
to_milliseconds (double seconds)
{
    return (guint) (seconds * 1000);
}

static gboolean
set_proxy (H3Client *client, const FetchOptions *options, GError **error)
{
    const char *proxy = options->proxy;

    if (options->unix_socket != NULL || (proxy != NULL && strcmp (proxy, "none") == 0))
        return TRUE;
    return h3_client_set_proxy (client, proxy != NULL ? proxy : "environment", error);
}

/* Who gives it a time for all means that, and no other. */
static void
set_timeouts (H3Client *client, const FetchOptions *options)
{
    if (options->timeout > 0) {
        h3_client_set_total_timeout (client, to_milliseconds (options->timeout));
        h3_client_set_first_byte_timeout (client, 0);
        h3_client_set_idle_timeout (client, 0);
        h3_client_set_connect_timeout (client, 0);
    }
    if (options->connect_timeout > 0)
        h3_client_set_connect_timeout (client, to_milliseconds (options->connect_timeout));
}

H3Client *
fetch_options_make_client (const FetchOptions *options, GError **error)
{
    g_autoptr (H3Client) client = h3_client_new ();
    g_autoptr (H3ClientTls) tls = h3_client_tls_new ();

    if (options->authorities != NULL)
        h3_client_tls_set_authorities (tls, options->authorities);
    if (options->certificate != NULL)
        h3_client_tls_set_certificate (tls, options->certificate, options->key);
    h3_client_tls_set_unverified (tls, options->is_unverified);
    h3_client_set_tls (client, tls);
    if (!set_proxy (client, options, error))
        return NULL;
    if (options->unix_socket != NULL)
        h3_client_set_unix_socket (client, options->unix_socket);
    h3_client_set_cookies (client, options->keeps_cookies);
    h3_client_set_decode (client, !options->takes_plain);
    h3_client_set_max_redirects (client, (guint) options->max_redirects);
    set_timeouts (client, options);
    return g_steal_pointer (&client);
}

/* "Name: value" */
static gboolean
add_header (H3ClientRequest *request, const char *text, GError **error)
{
    const char *colon = strchr (text, ':');
    g_autofree char *name = NULL;
    g_autofree char *value = NULL;

    if (colon == NULL || colon == text)
        return refuse (error, "--header takes 'NAME: VALUE', not '%s'", text);
    name = g_strndup (text, (gsize) (colon - text));
    value = g_strstrip (g_strdup (colon + 1));
    if (!h3_headers_is_name (h3_view_of (name)) || !h3_headers_is_value (h3_view_of (value)))
        return refuse (error, "--header takes 'NAME: VALUE', not '%s'", text);
    if (!h3_client_request_can_set_header (name, value))
        return refuse (error, "--header: %s is written by h3d itself", name);
    return h3_client_request_add_header (request, name, value);
}

static const char *
choose_method (const FetchOptions *options)
{
    if (options->method != NULL)
        return options->method;
    if (options->is_head)
        return "HEAD";
    return options->data != NULL || options->json != NULL || options->form != NULL ? "POST" : "GET";
}

H3ClientRequest *
fetch_options_make_request (const FetchOptions *options, GError **error)
{
    g_autoptr (H3ClientRequest) request =
        h3_client_request_new (choose_method (options), options->url, error);

    if (request == NULL)
        return NULL;
    for (guint i = 0; options->headers != NULL && options->headers[i] != NULL; i++) {
        if (!add_header (request, options->headers[i], error))
            return NULL;
    }
    if (options->max_size > 0)
        h3_client_request_set_max_body (request, (guint64) options->max_size);
    return g_steal_pointer (&request);
}
