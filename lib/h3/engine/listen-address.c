/* SPDX-License-Identifier: MIT */

#include "listen-address.h"

#include <h3/base/error.h>

#include <sys/un.h>

void
listen_address_clear (ListenAddress *address)
{
    g_clear_pointer (&address->path, g_free);
    g_clear_pointer (&address->name, g_free);
    g_clear_pointer (&address->owner, g_free);
    g_clear_pointer (&address->group, g_free);
    g_clear_pointer (&address->proxies, h3_trusted_proxies_unref);
}

static gboolean
refuse (GError **error, const char *text, const char *advice)
{
    g_set_error (error, H3_ERROR, H3_ERROR_INVALID, "cannot listen on \"%s\": %s", text, advice);
    return FALSE;
}

static gboolean
parse_mode (H3View text, int *out_mode)
{
    int mode = 0;

    if (text.length < 1 || text.length > 4)
        return FALSE;
    for (gsize i = 0; i < text.length; i++) {
        if (text.data[i] < '0' || text.data[i] > '7')
            return FALSE;
        mode = mode * 8 + (text.data[i] - '0');
    }
    if (mode > 0777)
        return FALSE;
    *out_mode = mode;
    return TRUE;
}

static void
replace (char **place, H3View value)
{
    g_free (*place);
    *place = h3_view_dup (value);
}

/* Of a path only. */
static gboolean
parse_permission (H3View name, H3View value, ListenAddress *address)
{
    if (h3_view_equal (name, H3_VIEW ("mode")))
        return parse_mode (value, &address->mode);
    if (h3_view_equal (name, H3_VIEW ("owner")))
        replace (&address->owner, value);
    else if (h3_view_equal (name, H3_VIEW ("group")))
        replace (&address->group, value);
    else
        return FALSE;
    return TRUE;
}

static gboolean
add_proxy (const char *text, H3View value, ListenAddress *address, GError **error)
{
    g_autofree char *prefix = h3_view_dup (value);

    if (address->proxies == NULL)
        address->proxies = h3_trusted_proxies_new ();
    if (h3_trusted_proxies_add (address->proxies, prefix, error))
        return TRUE;
    g_prefix_error (error, "cannot listen on \"%s\": ", text);
    return FALSE;
}

/* What stands behind the first comma. */
static gboolean
parse_options (const char *text, H3View rest, ListenAddress *address, GError **error)
{
    gboolean has_path = address->path != NULL && address->path[0] != '@';
    H3View value, name;

    while (h3_view_split (&rest, ',', &value)) {
        (void) h3_view_split (&value, '=', &name);
        if (value.data != NULL && h3_view_equal (name, H3_VIEW ("proxy-protocol"))) {
            if (!add_proxy (text, value, address, error))
                return FALSE;
            continue;
        }
        if (has_path && value.length > 0 && parse_permission (name, value, address))
            continue;
        return refuse (
            error, text,
            has_path ? "behind the path may stand ,mode=0660 and ,owner=user and ,group=group and "
                       ",proxy-protocol=10.0.0.0/8"
                     : "behind it may stand ,proxy-protocol=10.0.0.0/8 (an abstract socket has no "
                       "mode, owner or group)");
    }
    return TRUE;
}

static gboolean
parse_unix (const char *text, H3View path, ListenAddress *address, GError **error)
{
    if (path.length == 0 || h3_view_equal (path, H3_VIEW ("@")))
        return refuse (error, text, "a path is missing, as in unix:/run/server.sock");
    if (path.length >= sizeof ((struct sockaddr_un *) NULL)->sun_path)
        return refuse (error, text, "the path of a Unix socket has at most 107 bytes");
    address->tcp.address.family = H3_ADDRESS_UNIX;
    address->path = h3_view_dup (path);
    return TRUE;
}

/* As systemd.socket (5) has them, in FileDescriptorName=. */
static gboolean
is_socket_name (H3View name)
{
    if (name.length == 0 || name.length > 255)
        return FALSE;
    for (gsize i = 0; i < name.length; i++) {
        if (!g_ascii_isprint (name.data[i]) || name.data[i] == ':')
            return FALSE;
    }
    return TRUE;
}

/* `name`: without data where there is none. */
static gboolean
parse_inherited (const char *text, H3View name, ListenAddress *address, GError **error)
{
    address->is_inherited = TRUE;
    if (name.data == NULL)
        return TRUE;
    if (!is_socket_name (name))
        return refuse (error, text,
                       "behind systemd: stands the FileDescriptorName of a socket, or nothing "
                       "behind systemd for all of them");
    address->name = h3_view_dup (name);
    return TRUE;
}

static gboolean
parse_tcp (const char *text, H3View all, ListenAddress *address, GError **error)
{
    H3Address alone;

    if (h3_socket_address_parse (all, -1, &address->tcp))
        return TRUE;
    if (h3_address_parse (all, &alone))
        return refuse (error, text,
                       "a port is missing: write 127.0.0.1:8080, or [::1]:8080 with IPv6");
    if (all.length == 0 || all.data[0] == ':' || strspn (all.data, "0123456789") >= all.length)
        return refuse (error, text,
                       "an address is missing: write 127.0.0.1:8080 for this machine alone, "
                       "0.0.0.0:8080 or [::]:8080 for all that reach it");
    return refuse (error, text,
                   "that is no address with a port (names are not looked up): write "
                   "127.0.0.1:8080, [::1]:8080, unix:/run/server.sock or systemd");
}

/* Takes it off the front. */
static H3View
parse_scheme (H3View place, ListenScheme *out_scheme)
{
    static const struct {
        H3View prefix;
        ListenScheme scheme;
    } all[] = { { { "http://", 7 }, LISTEN_HTTP }, { { "https://", 8 }, LISTEN_HTTPS } };

    for (guint i = 0; i < G_N_ELEMENTS (all); i++) {
        gsize length = all[i].prefix.length;

        if (!h3_view_starts_with (place, all[i].prefix))
            continue;
        *out_scheme = all[i].scheme;
        return h3_view (place.data + length, place.length - length);
    }
    return place;
}

static gboolean
parse_place (const char *text, H3View place, ListenAddress *address, GError **error)
{
    H3View rest = place, scheme;

    (void) h3_view_split (&rest, ':', &scheme);
    if (h3_view_equal (scheme, H3_VIEW ("systemd")))
        return parse_inherited (text, rest, address, error);
    if (h3_view_equal (scheme, H3_VIEW ("unix")) && rest.data != NULL)
        return parse_unix (text, rest, address, error);
    return parse_tcp (text, place, address, error);
}

gboolean
listen_address_parse (const char *text, ListenAddress *out_address, GError **error)
{
    g_auto (ListenAddress) address = { .mode = -1 };
    H3View options = h3_view_of (text);
    H3View place;

    (void) h3_view_split (&options, ',', &place);
    place = parse_scheme (place, &address.scheme);
    if (!parse_place (text, place, &address, error)
        || (options.data != NULL && !parse_options (text, options, &address, error)))
        return FALSE;
    *out_address = address;
    address = (ListenAddress){ .mode = -1 };
    return TRUE;
}

gboolean
listen_address_check (const char *text, GError **error)
{
    g_auto (ListenAddress) address = { .mode = -1 };

    return listen_address_parse (text, &address, error);
}
