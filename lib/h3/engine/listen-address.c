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

static gboolean
parse_option (H3View option, ListenAddress *address)
{
    H3View name;

    if (!h3_view_split (&option, '=', &name) || option.data == NULL || option.length == 0)
        return FALSE;
    if (h3_view_equal (name, H3_VIEW ("mode")))
        return parse_mode (option, &address->mode);
    if (h3_view_equal (name, H3_VIEW ("owner")))
        replace (&address->owner, option);
    else if (h3_view_equal (name, H3_VIEW ("group")))
        replace (&address->group, option);
    else
        return FALSE;
    return TRUE;
}

static gboolean
parse_unix (const char *text, ListenAddress *address, GError **error)
{
    H3View rest = h3_view_of (text + strlen ("unix:"));
    H3View path, option;
    gboolean has_options = FALSE;

    (void) h3_view_split (&rest, ',', &path);
    if (path.length == 0 || h3_view_equal (path, H3_VIEW ("@")))
        return refuse (error, text, "a path is missing, as in unix:/run/server.sock");
    if (path.length >= sizeof ((struct sockaddr_un *) NULL)->sun_path)
        return refuse (error, text, "the path of a Unix socket has at most 107 bytes");
    address->tcp.address.family = H3_ADDRESS_UNIX;
    address->path = h3_view_dup (path);
    while (h3_view_split (&rest, ',', &option)) {
        has_options = TRUE;
        if (!parse_option (option, address))
            return refuse (error, text,
                           "behind the path may stand ,mode=0660 and ,owner=user and ,group=group");
    }
    if (has_options && path.data[0] == '@')
        return refuse (error, text, "an abstract socket has no mode, owner or group");
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

static gboolean
is_inherited (const char *text)
{
    return g_str_equal (text, "systemd") || g_str_has_prefix (text, "systemd:");
}

static gboolean
parse_inherited (const char *text, ListenAddress *address, GError **error)
{
    H3View name = h3_view_of (text);
    H3View scheme;

    (void) h3_view_split (&name, ':', &scheme);
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
parse_tcp (const char *text, ListenAddress *address, GError **error)
{
    H3View all = h3_view_of (text);
    H3Address alone;

    if (h3_socket_address_parse (all, -1, &address->tcp))
        return TRUE;
    if (h3_address_parse (all, &alone))
        return refuse (error, text,
                       "a port is missing: write 127.0.0.1:8080, or [::1]:8080 with IPv6");
    if (all.length == 0 || all.data[0] == ':' || strspn (text, "0123456789") == all.length)
        return refuse (error, text,
                       "an address is missing: write 127.0.0.1:8080 for this machine alone, "
                       "0.0.0.0:8080 or [::]:8080 for all that reach it");
    return refuse (error, text,
                   "that is no address with a port (names are not looked up): write "
                   "127.0.0.1:8080, [::1]:8080, unix:/run/server.sock or systemd");
}

gboolean
listen_address_parse (const char *text, ListenAddress *out_address, GError **error)
{
    g_auto (ListenAddress) address = { .mode = -1 };

    if (is_inherited (text)                ? !parse_inherited (text, &address, error)
        : g_str_has_prefix (text, "unix:") ? !parse_unix (text, &address, error)
                                           : !parse_tcp (text, &address, error))
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
