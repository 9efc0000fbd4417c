/* SPDX-License-Identifier: MIT */

#include "store-url.h"

#include <h3/base/error.h>
#include <h3/base/view.h>
#include <h3/crypto/digest.h>
#include <h3/format/query.h>

#include <sys/un.h>

#define DEFAULT_ENTRIES     100000
#define DEFAULT_BYTES       (64 * 1024 * 1024)
#define MIN_BYTES           4096
#define DEFAULT_PORT        6379
#define DEFAULT_TIMEOUT     1000
#define MAX_TIMEOUT         600000
#define DEFAULT_MAX_WAITING 4096
#define MAX_WAITING         1000000
#define MAX_PREFIX          128
#define MAX_OPTIONS         16

static gboolean
refuse (GError **error, H3Error code, const char *why)
{
    g_set_error (error, H3_ERROR, (int) code, "a store's URL: %s", why);
    return FALSE;
}

static gboolean
refuse_option (GError **error, const char *name, const char *takes)
{
    g_set_error (error, H3_ERROR, H3_ERROR_INVALID, "a store's URL: %s takes %s", name, takes);
    return FALSE;
}

static gboolean
read_number (const char *text, guint64 minimum, guint64 maximum, guint *out_number)
{
    guint64 number;

    if (!h3_view_parse_uint (h3_view_of (text), maximum, &number) || number < minimum)
        return FALSE;
    *out_number = (guint) number;
    return TRUE;
}

/* A number, or one of KiB, MiB, GiB: "64M". */
static gboolean
read_bytes (const char *text, gsize *out_bytes)
{
    H3View digits = h3_view_of (text);
    guint64 number;
    guint shift = 0;

    if (digits.length > 0) {
        char unit = digits.data[digits.length - 1];

        shift = unit == 'K' ? 10 : unit == 'M' ? 20 : unit == 'G' ? 30 : 0;
        digits.length -= shift > 0;
    }
    if (!h3_view_parse_uint (digits, (guint64) G_MAXSSIZE >> shift, &number)
        || number << shift < MIN_BYTES)
        return FALSE;
    *out_bytes = (gsize) number << shift;
    return TRUE;
}

static gboolean
take_memory_option (StoreUrl *url, const char *name, const char *value, GError **error)
{
    if (strcmp (name, "max-entries") == 0)
        return read_number (value, 1, G_MAXINT, &url->max_entries)
               || refuse_option (error, name, "a number from 1 on");
    if (strcmp (name, "max-bytes") == 0)
        return read_bytes (value, &url->max_bytes)
               || refuse_option (error, name, "a number from 4096 on, or one with K, M or G");
    return refuse (error, H3_ERROR_INVALID,
                   "memory: has the options max-entries and max-bytes, each once");
}

static gboolean
take_redis_option (StoreUrl *url, const char *name, const char *value, GError **error)
{
    if (strcmp (name, "timeout") == 0)
        return read_number (value, 1, MAX_TIMEOUT, &url->timeout)
               || refuse_option (error, name, "milliseconds from 1 to 600000");
    if (strcmp (name, "max-waiting") == 0)
        return read_number (value, 1, MAX_WAITING, &url->max_waiting)
               || refuse_option (error, name, "a number from 1 to 1000000");
    if (strcmp (name, "db") == 0 && url->path != NULL)
        return read_number (value, 0, G_MAXINT, &url->database)
               || refuse_option (error, name, "the number of a database");
    if (strcmp (name, "prefix") == 0) {
        if (strlen (value) > MAX_PREFIX)
            return refuse_option (error, name, "128 bytes at most");
        g_free (url->prefix);
        url->prefix = g_strdup (value);
        return TRUE;
    }
    return refuse (
        error, H3_ERROR_INVALID,
        url->path != NULL
            ? "redis+unix: has the options timeout, max-waiting, prefix and db, each once"
            : "redis: has the options timeout, max-waiting and prefix, each once");
}

typedef struct {
    StoreUrl *url;
    GError **error;
    const H3Query *query;
    gboolean is_good;
} Options;

static gboolean
take_option (const char *name, const char *value, gpointer data)
{
    Options *options = data;

    /* What is there twice is as if it were not known. */
    if (h3_query_get (options->query, name) != value)
        name = "";
    options->is_good = options->url->kind == STORE_URL_MEMORY
                           ? take_memory_option (options->url, name, value, options->error)
                           : take_redis_option (options->url, name, value, options->error);
    return options->is_good;
}

static gboolean
take_options (StoreUrl *url, const char *text, GError **error)
{
    H3Arena *arena = h3_arena_new ();
    H3Query *query = h3_query_parse (arena, h3_view_of (text), MAX_OPTIONS, NULL);
    Options options = { url, error, query, TRUE };

    if (query != NULL)
        h3_query_foreach (query, take_option, &options);
    else
        options.is_good = refuse (error, H3_ERROR_SYNTAX, "its options cannot be read");
    h3_arena_free (arena);
    return options.is_good;
}

static gboolean
take_memory (StoreUrl *url, GUri *uri, GError **error)
{
    url->kind = STORE_URL_MEMORY;
    url->max_entries = DEFAULT_ENTRIES;
    url->max_bytes = DEFAULT_BYTES;
    return (g_uri_get_host (uri) == NULL && *g_uri_get_path (uri) == '\0')
           || refuse (error, H3_ERROR_SYNTAX, "behind memory: come options at most: memory:?max-…");
}

static gboolean
take_password (StoreUrl *url, GUri *uri, GError **error)
{
    const char *user = g_uri_get_user (uri), *password = g_uri_get_password (uri);

    if (user != NULL && password == NULL)
        return refuse (error, H3_ERROR_SYNTAX,
                       "a password stands behind a colon, as in redis://:password@host");
    url->user = user != NULL && *user != '\0' ? g_strdup (user) : NULL;
    url->password = g_strdup (password);
    return TRUE;
}

static gboolean
take_socket (StoreUrl *url, GUri *uri, GError **error)
{
    const char *path = g_uri_get_path (uri), *host = g_uri_get_host (uri);

    if ((host != NULL && *host != '\0') || *path != '/' || path[1] == '\0')
        return refuse (error, H3_ERROR_SYNTAX, "redis+unix: is followed by an absolute path");
    if (strlen (path) >= sizeof ((struct sockaddr_un *) NULL)->sun_path)
        return refuse (error, H3_ERROR_INVALID, "the path of its socket is too long");
    url->path = g_strdup (path);
    return TRUE;
}

/* What a name or an address consists of. */
static gboolean
is_host (const char *host)
{
    if (*host == '\0' || strlen (host) > 255)
        return FALSE;
    for (; *host != '\0'; host++) {
        if (!g_ascii_isalnum (*host) && strchr ("-._:%", *host) == NULL)
            return FALSE;
    }
    return TRUE;
}

static gboolean
take_host (StoreUrl *url, GUri *uri, GError **error)
{
    const char *host = g_uri_get_host (uri), *path = g_uri_get_path (uri);
    int port = g_uri_get_port (uri);

    if (host == NULL || !is_host (host))
        return refuse (error, H3_ERROR_SYNTAX, "redis:// is followed by a host");
    if (port == 0)
        return refuse (error, H3_ERROR_INVALID, "no server listens on port 0");
    if (*path != '\0' && strcmp (path, "/") != 0
        && !read_number (path + 1, 0, G_MAXINT, &url->database))
        return refuse (error, H3_ERROR_INVALID,
                       "its path is the number of a database, as in redis://host/3");
    url->host = g_strdup (host);
    url->port = port > 0 ? (guint16) port : DEFAULT_PORT;
    return TRUE;
}

static gboolean
take_redis (StoreUrl *url, GUri *uri, GError **error)
{
    gboolean is_socket = strcmp (g_uri_get_scheme (uri), "redis+unix") == 0;

    url->kind = STORE_URL_REDIS;
    url->timeout = DEFAULT_TIMEOUT;
    url->max_waiting = DEFAULT_MAX_WAITING;
    url->prefix = g_strdup ("");
    return take_password (url, uri, error)
           && (is_socket ? take_socket (url, uri, error) : take_host (url, uri, error));
}

static gboolean
take_uri (StoreUrl *url, GUri *uri, GError **error)
{
    const char *scheme = g_uri_get_scheme (uri), *query = g_uri_get_query (uri);
    gboolean is_memory = strcmp (scheme, "memory") == 0;

    if (!is_memory && strcmp (scheme, "redis") != 0 && strcmp (scheme, "redis+unix") != 0)
        return refuse (error, H3_ERROR_INVALID, "it begins with memory:, redis:// or redis+unix:");
    if (g_uri_get_fragment (uri) != NULL)
        return refuse (error, H3_ERROR_SYNTAX, "it has no fragment; '#' is written %23");
    return (is_memory ? take_memory (url, uri, error) : take_redis (url, uri, error))
           && (query == NULL || take_options (url, query, error));
}

StoreUrl *
store_url_parse (const char *text, GError **error)
{
    g_autoptr (GUri) uri =
        g_uri_parse (text, G_URI_FLAGS_HAS_PASSWORD | G_URI_FLAGS_ENCODED_QUERY, NULL);
    g_autoptr (StoreUrl) url = g_new0 (StoreUrl, 1);

    if (uri == NULL) {
        (void) refuse (error, H3_ERROR_SYNTAX, "it is no URL");
        return NULL;
    }
    return take_uri (url, uri, error) ? g_steal_pointer (&url) : NULL;
}

char *
store_url_dup_label (const StoreUrl *url)
{
    if (url->kind == STORE_URL_MEMORY)
        return g_strdup ("memory:");
    if (url->path != NULL)
        return g_strdup_printf ("redis+unix:%s", url->path);
    return g_strdup_printf (strchr (url->host, ':') != NULL ? "redis://[%s]:%u/%u"
                                                            : "redis://%s:%u/%u",
                            url->host, url->port, url->database);
}

void
store_url_free (StoreUrl *url)
{
    if (url == NULL)
        return;
    if (url->password != NULL)
        h3_digest_wipe (url->password, strlen (url->password));
    g_free (url->password);
    g_free (url->user);
    g_free (url->host);
    g_free (url->path);
    g_free (url->prefix);
    g_free (url);
}
