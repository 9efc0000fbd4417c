/* SPDX-License-Identifier: MIT
 *
 * The text of an address to listen on, read into a value that owns its strings. Any thread. */

#pragma once

#include <h3/format/address.h>
#include <h3/http/forwarded.h>

G_BEGIN_DECLS

typedef enum { LISTEN_AS_SERVER, LISTEN_HTTP, LISTEN_HTTPS } ListenScheme;

typedef struct {
    ListenScheme scheme;       /* AS_SERVER: by TLS where the server has a certificate */
    H3SocketAddress tcp;       /* H3_ADDRESS_UNIX: the rest counts */
    char *path;                /* owned: of the socket; begins with '@' where it is abstract */
    char *name;                /* owned: of the inherited sockets; NULL: all */
    char *owner, *group;       /* owned: names or numbers; NULL: stay as they are */
    int mode;                  /* -1: as the umask has it */
    gboolean is_inherited;     /* from the service manager: only the name counts */
    H3TrustedProxies *proxies; /* ref: who alone may come, with the PROXY protocol; NULL: anybody */
} ListenAddress;

/* "127.0.0.1:8080", "http://" or "https://" before any, "[::1]:0", "unix:/path" or
 * "unix:@abstract"; behind a path ",mode=0660",
 * ",owner=user", ",group=group"; "systemd" or "systemd:name". Behind each
 * ",proxy-protocol=10.0.0.0/8", several times. FALSE with H3_ERROR_INVALID, and what
 * to write instead. */
gboolean listen_address_parse (const char *text, ListenAddress *out_address, GError **error);
void listen_address_clear (ListenAddress *address);

/* Whether it parses. */
gboolean listen_address_check (const char *text, GError **error);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (ListenAddress, listen_address_clear)

G_END_DECLS
