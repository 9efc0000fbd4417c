/* SPDX-License-Identifier: MIT */

#include "ws-handshake.h"

#include <h3/base/character.h>
#include <h3/crypto/base64.h>
#include <h3/crypto/digest.h>
#include <h3/format/authority.h>

#define KEY_LENGTH 16
#define GUID       "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"

static gboolean
refuse (WsHandshake *out, guint status, const char *detail)
{
    out->status = status;
    out->detail = detail;
    return FALSE;
}

gboolean
ws_handshake_answer_key (H3View key, char out[WS_ACCEPT_SIZE])
{
    g_autoptr (H3Digest) digest = h3_digest_new (H3_DIGEST_SHA1, NULL);
    guint8 sum[H3_DIGEST_MAX_LENGTH];

    if (digest == NULL)
        return FALSE;
    h3_digest_update (digest, key.data, key.length);
    h3_digest_update (digest, GUID, sizeof GUID - 1);
    if (!h3_digest_finish (digest, sum, NULL))
        return FALSE;
    (void) h3_base64_encode (sum, h3_digest_get_length (H3_DIGEST_SHA1), H3_BASE64_STANDARD, out);
    return TRUE;
}

static gboolean
is_key (H3View key)
{
    guint8 bytes[KEY_LENGTH + 4];
    gsize length;

    return key.length == H3_BASE64_ROOM (KEY_LENGTH) - 1
           && h3_base64_decode (key, H3_BASE64_STANDARD, bytes, &length) && length == KEY_LENGTH;
}

/* All values of the field, ", " between them. */
static H3View
get_list (const H3Request *request, H3View name, H3Arena *arena)
{
    return request_join_field (request, name, ", ", arena);
}

static gboolean
is_token (H3View view)
{
    for (gsize i = 0; i < view.length; i++)
        if (!character_is (view.data[i], CHARACTER_TOKEN))
            return FALSE;
    return view.length > 0;
}

static gboolean
list_has_exactly (H3View list, const char *token)
{
    H3View part;

    while (h3_view_split (&list, ',', &part))
        if (h3_view_equal (h3_view_trim (part), h3_view_of (token)))
            return TRUE;
    return FALSE;
}

/* FALSE: the field is malformed. */
static gboolean
choose_protocol (const H3Request *request, const char *const *protocols, H3Arena *arena,
                 const char **out_protocol)
{
    H3View offered = get_list (request, H3_VIEW ("Sec-WebSocket-Protocol"), arena);
    H3View rest = offered, part;

    *out_protocol = NULL;
    if (offered.data == NULL)
        return TRUE;
    while (h3_view_split (&rest, ',', &part))
        if (!is_token (h3_view_trim (part)))
            return FALSE;
    for (gsize i = 0; protocols != NULL && protocols[i] != NULL && *out_protocol == NULL; i++)
        if (list_has_exactly (offered, protocols[i]))
            *out_protocol = protocols[i];
    return TRUE;
}

/* What HTTP itself asks of an upgrade. */
static gboolean
may_upgrade (const H3Request *request, H3Arena *arena, WsHandshake *out)
{
    H3View upgrade = get_list (request, H3_VIEW ("Upgrade"), arena);

    if (!request->wants_upgrade || upgrade.data == NULL
        || !h3_view_list_has (upgrade, H3_VIEW ("websocket")))
        return refuse (out, 426, "This is a WebSocket: ask for the upgrade.");
    if (request->method != H3_METHOD_GET)
        return refuse (out, 400, "A WebSocket is asked for with GET.");
    if (request->has_body)
        return refuse (out, 400, "A request for a WebSocket has no body.");
    return TRUE;
}

gboolean
ws_handshake_read (const H3Request *request, const WsHandshakeTerms *terms, H3Arena *arena,
                   WsHandshake *out)
{
    H3View key = get_list (request, H3_VIEW ("Sec-WebSocket-Key"), arena);
    H3View version = get_list (request, H3_VIEW ("Sec-WebSocket-Version"), arena);
    H3View extensions = get_list (request, H3_VIEW ("Sec-WebSocket-Extensions"), arena);

    memset (out, 0, sizeof *out);
    if (!may_upgrade (request, arena, out))
        return FALSE;
    if (version.data == NULL)
        return refuse (out, 400, "Sec-WebSocket-Version is missing.");
    if (!h3_view_equal (version, H3_VIEW ("13")))
        return refuse (out, 426, "Version 13 of WebSocket is spoken here.");
    if (key.data == NULL || !is_key (key))
        return refuse (out, 400, "Sec-WebSocket-Key is not 16 bytes in base64.");
    if (!choose_protocol (request, terms->protocols, arena, &out->protocol))
        return refuse (out, 400, "Sec-WebSocket-Protocol is malformed.");
    if (extensions.data != NULL
        && !ws_handshake_choose_deflate (extensions, &terms->deflate, &out->deflate))
        return refuse (out, 400, "Sec-WebSocket-Extensions is malformed.");
    if (!ws_handshake_answer_key (key, out->accept))
        return refuse (out, 500, NULL);
    out->status = 101;
    return TRUE;
}

gboolean
ws_handshake_is_same_origin (H3View origin, H3View host)
{
    gboolean is_secure = h3_view_starts_with (origin, H3_VIEW ("https://"));
    int origin_port, host_port;
    H3View origin_host, host_host;

    if (!is_secure && !h3_view_starts_with (origin, H3_VIEW ("http://")))
        return FALSE;
    origin.data += is_secure ? 8 : 7;
    origin.length -= is_secure ? 8 : 7;
    if (!h3_authority_parse (origin, &origin_host, &origin_port)
        || !h3_authority_parse (host, &host_host, &host_port))
        return FALSE;
    if (origin_port < 0)
        origin_port = is_secure ? 443 : 80;
    if (host_port < 0)
        host_port = is_secure ? 443 : 80;
    return origin_port == host_port && h3_view_equal_ignore_case (origin_host, host_host);
}
