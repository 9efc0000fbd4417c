/* SPDX-License-Identifier: MIT
 *
 * The other end of a WebSocket, knowing nothing of the library: frames byte by byte, and what a
 * server sends over a raw client. A frame's first byte is given as it is: FIN, bits, opcode. */

#pragma once

#include "raw-client.h"

enum {
    PEER_TEXT = 0x81,
    PEER_BINARY = 0x82,
    PEER_CLOSE = 0x88,
    PEER_PING = 0x89,
    PEER_PONG = 0x8a,
    PEER_BEGIN_TEXT = 0x01,
    PEER_BEGIN_BINARY = 0x02,
    PEER_MIDDLE = 0x00,
    PEER_LAST = 0x80,
};

#define PEER_KEY    "dGhlIHNhbXBsZSBub25jZQ=="
#define PEER_ACCEPT "s3pPLMBiTxaQ9kYGzzhZRbK+xOo="

/* (transfer full): "GET path" that asks for a WebSocket, with more fields, each with its CR LF. */
char *ws_peer_dup_request (const char *path, const char *fields);

/* Appends a frame; a client's has a mask. */
void ws_peer_add (GByteArray *to, guint8 first, gboolean masked, const char *data, gsize length);
void ws_peer_add_text (GByteArray *to, guint8 first, const char *text);
/* Close with a code. */
void ws_peer_add_close (GByteArray *to, guint code, const char *reason);

/* (transfer full): a client whose handshake was answered 101. */
RawClient *ws_peer_connect (const char *address, const char *path, const char *fields);
void ws_peer_send (RawClient *client, guint8 first, const char *data, gsize length);
void ws_peer_send_text (RawClient *client, guint8 first, const char *text);
void ws_peer_send_close (RawClient *client, guint code, const char *reason);

/* (transfer full): the next frame's payload; NULL: the end. */
GByteArray *ws_peer_read (RawClient *client, guint8 *out_first);
/* Fails the test unless the next frame is so. */
void ws_peer_expect (RawClient *client, guint8 first, const char *data, gsize length);
void ws_peer_expect_text (RawClient *client, guint8 first, const char *text);
/* … unless Close with this code (0: an empty one) comes, then the end. */
void ws_peer_expect_close (RawClient *client, guint code);
