/* SPDX-License-Identifier: MIT */

#include "utf8.h"

#include <string.h>

#define HIGH_BITS G_GUINT64_CONSTANT (0x8080808080808080)

/* The first byte of a character of several. */
static gboolean
begin (Utf8Check *check, guint8 byte)
{
    check->low = 0x80;
    check->high = 0xbf;
    if (byte >= 0xc2 && byte <= 0xdf) {
        check->needed = 1;
    } else if (byte >= 0xe0 && byte <= 0xef) {
        check->needed = 2;
        if (byte == 0xe0)
            check->low = 0xa0; /* else two bytes would do */
        else if (byte == 0xed)
            check->high = 0x9f; /* else a surrogate */
    } else if (byte >= 0xf0 && byte <= 0xf4) {
        check->needed = 3;
        if (byte == 0xf0)
            check->low = 0x90; /* else three bytes would do */
        else if (byte == 0xf4)
            check->high = 0x8f; /* else above U+10FFFF */
    } else {
        return FALSE;
    }
    return TRUE;
}

static const char *
skip_ascii (const char *data, const char *end)
{
    guint64 word;

    while (end - data >= 8) {
        memcpy (&word, data, 8);
        if ((word & HIGH_BITS) != 0)
            break;
        data += 8;
    }
    while (data < end && (*data & 0x80) == 0)
        data++;
    return data;
}

gboolean
utf8_check (Utf8Check *check, const char *data, gsize length)
{
    const char *end = data + length;

    while (data < end) {
        guint8 byte;

        if (check->needed == 0)
            data = skip_ascii (data, end);
        if (data == end)
            break;
        byte = (guint8) *data++;
        if (check->needed == 0) {
            if (!begin (check, byte))
                return FALSE;
            continue;
        }
        if (byte < check->low || byte > check->high)
            return FALSE;
        check->needed--;
        check->low = 0x80;
        check->high = 0xbf;
    }
    return TRUE;
}
