/* SPDX-License-Identifier: MIT */

#include "ws-peer.h"

#include <check.h>
#include <string.h>

static const guint8 mask[4] = { 0x37, 0xfa, 0x21, 0x3d };

char *
ws_peer_dup_request (const char *path, const char *fields)
{
    return g_strdup_printf ("GET %s HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\n"
                            "Connection: Upgrade\r\nSec-WebSocket-Key: " PEER_KEY "\r\n"
                            "Sec-WebSocket-Version: 13\r\n%s\r\n",
                            path, fields);
}

static void
add_byte (GByteArray *to, guint byte)
{
    guint8 one = (guint8) byte;

    g_byte_array_append (to, &one, 1);
}

void
ws_peer_add (GByteArray *to, guint8 first, gboolean masked, const char *data, gsize length)
{
    guint bit = masked ? 0x80 : 0;

    add_byte (to, first);
    if (length < 126) {
        add_byte (to, bit | (guint) length);
    } else if (length < 65536) {
        add_byte (to, bit | 126);
        add_byte (to, (guint) (length >> 8));
        add_byte (to, (guint) length & 255);
    } else {
        add_byte (to, bit | 127);
        for (int shift = 56; shift >= 0; shift -= 8)
            add_byte (to, (guint) ((guint64) length >> shift) & 255);
    }
    if (masked)
        g_byte_array_append (to, mask, sizeof mask);
    for (gsize i = 0; i < length; i++)
        add_byte (to, (guint8) data[i] ^ (masked ? mask[i % 4] : 0u));
}

void
ws_peer_add_text (GByteArray *to, guint8 first, const char *text)
{
    ws_peer_add (to, first, TRUE, text, strlen (text));
}

void
ws_peer_add_close (GByteArray *to, guint code, const char *reason)
{
    g_autofree char *payload = g_strdup_printf ("%c%c%s", 'x', 'x', reason);

    payload[0] = (char) (code >> 8);
    payload[1] = (char) code;
    ws_peer_add (to, PEER_CLOSE, TRUE, payload, 2 + strlen (reason));
}

RawClient *
ws_peer_connect (const char *address, const char *path, const char *fields)
{
    RawClient *client = raw_client_new (address);
    g_autofree char *request = ws_peer_dup_request (path, fields);
    g_autoptr (RawAnswer) answer = NULL;

    ck_assert (raw_client_send (client, request));
    answer = raw_client_read_head (client);
    ck_assert_ptr_nonnull (answer);
    ck_assert_msg (answer->status == 101, "%s", answer->head);
    raw_answer_expect_header (answer, "Upgrade", "websocket");
    raw_answer_expect_header (answer, "Connection", "Upgrade");
    raw_answer_expect_header (answer, "Sec-WebSocket-Accept", PEER_ACCEPT);
    return client;
}

void
ws_peer_send (RawClient *client, guint8 first, const char *data, gsize length)
{
    g_autoptr (GByteArray) frame = g_byte_array_new ();

    ws_peer_add (frame, first, TRUE, data, length);
    (void) raw_client_send_data (client, (const char *) frame->data, frame->len);
}

void
ws_peer_send_text (RawClient *client, guint8 first, const char *text)
{
    ws_peer_send (client, first, text, strlen (text));
}

void
ws_peer_send_close (RawClient *client, guint code, const char *reason)
{
    g_autoptr (GByteArray) frame = g_byte_array_new ();

    ws_peer_add_close (frame, code, reason);
    (void) raw_client_send_data (client, (const char *) frame->data, frame->len);
}

/* FALSE: the end came first. */
static gboolean
receive_all (RawClient *client, guint8 *data, gsize length)
{
    gsize done = 0;

    while (done < length) {
        gsize n = raw_client_receive (client, (char *) data + done, length - done);

        if (n == 0)
            return FALSE;
        done += n;
    }
    return TRUE;
}

GByteArray *
ws_peer_read (RawClient *client, guint8 *out_first)
{
    GByteArray *payload;
    guint8 head[2], number[8];
    guint64 length;
    gsize n_number = 0;

    if (!receive_all (client, head, 2))
        return NULL;
    *out_first = head[0];
    ck_assert_msg ((head[1] & 0x80) == 0, "a server masked a frame");
    length = head[1];
    if (length >= 126)
        n_number = length == 126 ? 2 : 8;
    ck_assert (receive_all (client, number, n_number));
    if (n_number > 0)
        length = 0;
    for (gsize i = 0; i < n_number; i++)
        length = length << 8 | number[i];
    payload = g_byte_array_sized_new ((guint) length);
    g_byte_array_set_size (payload, (guint) length);
    ck_assert (receive_all (client, payload->data, (gsize) length));
    return payload;
}

void
ws_peer_expect (RawClient *client, guint8 first, const char *data, gsize length)
{
    guint8 actual;
    g_autoptr (GByteArray) payload = ws_peer_read (client, &actual);

    ck_assert_msg (payload != NULL, "the end instead of a frame");
    ck_assert_uint_eq (actual, first);
    ck_assert_uint_eq (payload->len, length);
    ck_assert (length == 0 || memcmp (payload->data, data, length) == 0);
}

void
ws_peer_expect_text (RawClient *client, guint8 first, const char *text)
{
    ws_peer_expect (client, first, text, strlen (text));
}

void
ws_peer_expect_close (RawClient *client, guint code)
{
    guint8 actual;
    g_autoptr (GByteArray) payload = ws_peer_read (client, &actual);

    ck_assert_msg (payload != NULL, "the end instead of Close");
    ck_assert_uint_eq (actual, PEER_CLOSE);
    if (code == 0)
        ck_assert_uint_eq (payload->len, 0);
    else
        ck_assert_uint_eq ((guint) payload->data[0] << 8 | payload->data[1], code);
    raw_client_expect_end (client);
}
