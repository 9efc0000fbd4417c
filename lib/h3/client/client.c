/* SPDX-License-Identifier: MIT */

#include "client-private.h"

#include "client-proxies.h"
#include "client-stream.h"

G_DEFINE_FINAL_TYPE (H3Client, h3_client, G_TYPE_OBJECT)

enum {
    PROPERTY_TLS = 1,
    PROPERTY_PROXY,
    PROPERTY_UNIX_SOCKET,
    PROPERTY_COOKIES,
    PROPERTY_DECODE,
    PROPERTY_USER_AGENT,
    PROPERTY_MAX_REDIRECTS,
    PROPERTY_MAX_BODY,
    PROPERTY_MAX_CONNECTIONS,
    PROPERTY_CONNECT_TIMEOUT, /* as CLIENT_WAIT_…, in their order */
    PROPERTY_FIRST_BYTE_TIMEOUT,
    PROPERTY_IDLE_TIMEOUT,
    PROPERTY_TOTAL_TIMEOUT,
    N_PROPERTIES
};

ClientSettings *
client_get_settings (H3Client *client)
{
    ClientSettings *settings = atomic_load_explicit (&client->settings, memory_order_acquire);

    if (settings != NULL)
        return settings;
    pthread_mutex_lock (&client->lock);
    settings = atomic_load_explicit (&client->settings, memory_order_relaxed);
    if (settings == NULL) {
        settings = client_settings_new (&client->options);
        atomic_store_explicit (&client->settings, settings, memory_order_release);
    }
    pthread_mutex_unlock (&client->lock);
    return settings;
}

ClientThread *
client_get_thread (H3Client *client, GError **error)
{
    g_autoptr (GError) problem = NULL;
    ClientThread *thread;

    pthread_mutex_lock (&client->lock);
    if (client->thread == NULL)
        client->thread = client_thread_new (&problem);
    thread = client->thread;
    pthread_mutex_unlock (&client->lock);
    if (thread == NULL)
        g_set_error_literal (error, H3_CLIENT_ERROR, H3_CLIENT_ERROR_CONNECT, problem->message);
    return thread;
}

/* What the client goes by: its options, wherever they are by now. */
static const ClientOptions *
get_options (const H3Client *client)
{
    const ClientSettings *settings =
        atomic_load_explicit (&((H3Client *) client)->settings, memory_order_acquire);

    return settings != NULL ? client_settings_get_options (settings) : &client->options;
}

static GParamSpec *properties[N_PROPERTIES];

static gboolean
may_change (const H3Client *client)
{
    if (atomic_load_explicit (&((H3Client *) client)->settings, memory_order_acquire) == NULL)
        return TRUE;
    g_critical ("refused: the client has fetched, and its settings stay as they are");
    return FALSE;
}

static void
notify (H3Client *client, guint property)
{
    g_object_notify_by_pspec (G_OBJECT (client), properties[property]);
}

void
h3_client_set_tls (H3Client *client, const H3ClientTls *tls)
{
    g_return_if_fail (H3_IS_CLIENT (client));
    if (!may_change (client))
        return;
    g_clear_pointer (&client->options.tls, h3_client_tls_free);
    client->options.tls = tls != NULL ? h3_client_tls_copy (tls) : NULL;
    notify (client, PROPERTY_TLS);
}

static gboolean
check_proxy (const char *proxy, GError **error)
{
    g_autoptr (ClientProxies) proxies = NULL;

    if (proxy == NULL || strcmp (proxy, "environment") == 0)
        return TRUE;
    proxies = client_proxies_new (proxy, "the client", error);
    return proxies != NULL;
}

gboolean
h3_client_set_proxy (H3Client *client, const char *proxy, GError **error)
{
    g_return_val_if_fail (H3_IS_CLIENT (client), FALSE);
    if (!may_change (client) || !check_proxy (proxy, error))
        return FALSE;
    g_free (client->options.proxy);
    client->options.proxy = g_strdup (proxy);
    notify (client, PROPERTY_PROXY);
    return TRUE;
}

void
h3_client_set_unix_socket (H3Client *client, const char *path)
{
    g_return_if_fail (H3_IS_CLIENT (client));
    g_return_if_fail (path == NULL || *path != '\0');
    if (!may_change (client))
        return;
    g_free (client->options.unix_path);
    client->options.unix_path = g_strdup (path);
    notify (client, PROPERTY_UNIX_SOCKET);
}

void
h3_client_set_cookies (H3Client *client, gboolean cookies)
{
    g_return_if_fail (H3_IS_CLIENT (client));
    if (!may_change (client))
        return;
    client->options.cookies = cookies;
    notify (client, PROPERTY_COOKIES);
}

void
h3_client_set_decode (H3Client *client, gboolean decode)
{
    g_return_if_fail (H3_IS_CLIENT (client));
    if (!may_change (client))
        return;
    client->options.decode = decode;
    notify (client, PROPERTY_DECODE);
}

void
h3_client_set_user_agent (H3Client *client, const char *user_agent)
{
    g_return_if_fail (H3_IS_CLIENT (client));
    g_return_if_fail (user_agent == NULL || h3_headers_is_value (h3_view_of (user_agent)));
    if (!may_change (client))
        return;
    g_free (client->options.user_agent);
    client->options.user_agent = g_strdup (user_agent);
    notify (client, PROPERTY_USER_AGENT);
}

void
h3_client_set_max_redirects (H3Client *client, guint max_redirects)
{
    g_return_if_fail (H3_IS_CLIENT (client));
    if (!may_change (client))
        return;
    client->options.max_redirects = max_redirects;
    notify (client, PROPERTY_MAX_REDIRECTS);
}

void
h3_client_set_max_body (H3Client *client, guint64 max_body)
{
    g_return_if_fail (H3_IS_CLIENT (client));
    if (!may_change (client))
        return;
    client->options.max_body = max_body;
    notify (client, PROPERTY_MAX_BODY);
}

void
h3_client_set_max_connections (H3Client *client, guint max_connections)
{
    g_return_if_fail (H3_IS_CLIENT (client) && max_connections > 0);
    if (!may_change (client))
        return;
    client->options.max_connections = max_connections;
    notify (client, PROPERTY_MAX_CONNECTIONS);
}

static void
set_wait (H3Client *client, ClientWait wait, guint milliseconds)
{
    g_return_if_fail (H3_IS_CLIENT (client));
    if (!may_change (client))
        return;
    client->options.waits[wait] = milliseconds;
    notify (client, PROPERTY_CONNECT_TIMEOUT + (guint) wait);
}

void
h3_client_set_connect_timeout (H3Client *client, guint milliseconds)
{
    set_wait (client, CLIENT_WAIT_CONNECT, milliseconds);
}

void
h3_client_set_first_byte_timeout (H3Client *client, guint milliseconds)
{
    set_wait (client, CLIENT_WAIT_FIRST_BYTE, milliseconds);
}

void
h3_client_set_idle_timeout (H3Client *client, guint milliseconds)
{
    set_wait (client, CLIENT_WAIT_IDLE, milliseconds);
}

void
h3_client_set_total_timeout (H3Client *client, guint milliseconds)
{
    set_wait (client, CLIENT_WAIT_TOTAL, milliseconds);
}

/* A property has no way to tell of an error. */
static void
set_proxy (H3Client *client, const char *proxy)
{
    g_autoptr (GError) error = NULL;

    if (!h3_client_set_proxy (client, proxy, &error) && error != NULL)
        g_critical ("refused: %s", error->message);
}

static void
set_property (GObject *object, guint property, const GValue *value, GParamSpec *spec)
{
    H3Client *client = H3_CLIENT (object);

    switch (property) {
    case PROPERTY_TLS:
        h3_client_set_tls (client, g_value_get_boxed (value));
        break;
    case PROPERTY_PROXY:
        set_proxy (client, g_value_get_string (value));
        break;
    case PROPERTY_UNIX_SOCKET:
        h3_client_set_unix_socket (client, g_value_get_string (value));
        break;
    case PROPERTY_COOKIES:
        h3_client_set_cookies (client, g_value_get_boolean (value));
        break;
    case PROPERTY_DECODE:
        h3_client_set_decode (client, g_value_get_boolean (value));
        break;
    case PROPERTY_USER_AGENT:
        h3_client_set_user_agent (client, g_value_get_string (value));
        break;
    case PROPERTY_MAX_REDIRECTS:
        h3_client_set_max_redirects (client, g_value_get_uint (value));
        break;
    case PROPERTY_MAX_BODY:
        h3_client_set_max_body (client, g_value_get_uint64 (value));
        break;
    case PROPERTY_MAX_CONNECTIONS:
        h3_client_set_max_connections (client, g_value_get_uint (value));
        break;
    default:
        set_wait (client, property - PROPERTY_CONNECT_TIMEOUT, g_value_get_uint (value));
        break;
    }
}

static void
get_property (GObject *object, guint property, GValue *value, GParamSpec *spec)
{
    const ClientOptions *options = get_options (H3_CLIENT (object));

    switch (property) {
    case PROPERTY_TLS:
        g_value_set_boxed (value, options->tls);
        break;
    case PROPERTY_PROXY:
        g_value_set_string (value, options->proxy);
        break;
    case PROPERTY_UNIX_SOCKET:
        g_value_set_string (value, options->unix_path);
        break;
    case PROPERTY_COOKIES:
        g_value_set_boolean (value, options->cookies);
        break;
    case PROPERTY_DECODE:
        g_value_set_boolean (value, options->decode);
        break;
    case PROPERTY_USER_AGENT:
        g_value_set_string (value, options->user_agent);
        break;
    case PROPERTY_MAX_REDIRECTS:
        g_value_set_uint (value, options->max_redirects);
        break;
    case PROPERTY_MAX_BODY:
        g_value_set_uint64 (value, options->max_body);
        break;
    case PROPERTY_MAX_CONNECTIONS:
        g_value_set_uint (value, options->max_connections);
        break;
    default:
        g_value_set_uint (value, options->waits[property - PROPERTY_CONNECT_TIMEOUT]);
        break;
    }
}

static void
finalize (GObject *object)
{
    H3Client *client = H3_CLIENT (object);
    ClientThread *thread;

    /* The lock orders this behind those who fetched on other threads. */
    pthread_mutex_lock (&client->lock);
    thread = g_steal_pointer (&client->thread);
    pthread_mutex_unlock (&client->lock);
    client_thread_unref (thread);
    pthread_mutex_destroy (&client->lock);
    client_settings_unref (atomic_load_explicit (&client->settings, memory_order_acquire));
    client_options_clear (&client->options);
    G_OBJECT_CLASS (h3_client_parent_class)->finalize (object);
}

#define FLAGS (G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS)

static void
describe_ways (void)
{
    properties[PROPERTY_TLS] = g_param_spec_boxed ("tls", NULL, NULL, H3_TYPE_CLIENT_TLS, FLAGS);
    properties[PROPERTY_PROXY] = g_param_spec_string ("proxy", NULL, NULL, NULL, FLAGS);
    properties[PROPERTY_UNIX_SOCKET] = g_param_spec_string ("unix-socket", NULL, NULL, NULL, FLAGS);
    properties[PROPERTY_COOKIES] = g_param_spec_boolean ("cookies", NULL, NULL, FALSE, FLAGS);
    properties[PROPERTY_DECODE] = g_param_spec_boolean ("decode", NULL, NULL, TRUE, FLAGS);
    properties[PROPERTY_USER_AGENT] = g_param_spec_string ("user-agent", NULL, NULL, NULL, FLAGS);
}

static void
describe_bounds (const ClientOptions *usual)
{
    properties[PROPERTY_MAX_REDIRECTS] =
        g_param_spec_uint ("max-redirects", NULL, NULL, 0, G_MAXUINT, usual->max_redirects, FLAGS);
    properties[PROPERTY_MAX_BODY] =
        g_param_spec_uint64 ("max-body", NULL, NULL, 0, G_MAXUINT64, usual->max_body, FLAGS);
    properties[PROPERTY_MAX_CONNECTIONS] = g_param_spec_uint (
        "max-connections", NULL, NULL, 1, G_MAXUINT, usual->max_connections, FLAGS);
}

static void
describe_wait (const ClientOptions *usual, const char *name, ClientWait wait)
{
    properties[PROPERTY_CONNECT_TIMEOUT + (guint) wait] =
        g_param_spec_uint (name, NULL, NULL, 0, G_MAXUINT, usual->waits[wait], FLAGS);
}

static void
describe_waits (const ClientOptions *usual)
{
    describe_wait (usual, "connect-timeout", CLIENT_WAIT_CONNECT);
    describe_wait (usual, "first-byte-timeout", CLIENT_WAIT_FIRST_BYTE);
    describe_wait (usual, "idle-timeout", CLIENT_WAIT_IDLE);
    describe_wait (usual, "total-timeout", CLIENT_WAIT_TOTAL);
}

static void
h3_client_class_init (H3ClientClass *class)
{
    ClientOptions usual;

    G_OBJECT_CLASS (class)->set_property = set_property;
    G_OBJECT_CLASS (class)->get_property = get_property;
    G_OBJECT_CLASS (class)->finalize = finalize;
    client_options_init (&usual);
    describe_ways ();
    describe_bounds (&usual);
    describe_waits (&usual);
    client_options_clear (&usual);
    g_object_class_install_properties (G_OBJECT_CLASS (class), N_PROPERTIES, properties);
    /* What GLib keeps of errors and types comes into being with the first, which several threads
     * may meet with at once; here all of them come later. */
    g_error_free (g_error_new_literal (H3_CLIENT_ERROR, 0, ""));
    g_error_free (g_error_new_literal (H3_ERROR, 0, ""));
    (void) H3_TYPE_CLIENT_REQUEST;
    (void) H3_TYPE_CLIENT_RESPONSE;
    g_type_ensure (client_stream_get_type ());
}

static void
h3_client_init (H3Client *client)
{
    client_options_init (&client->options);
    atomic_init (&client->settings, NULL);
    pthread_mutex_init (&client->lock, NULL);
}

H3Client *
h3_client_new (void)
{
    return g_object_new (H3_TYPE_CLIENT, NULL);
}
