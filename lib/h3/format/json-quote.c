/* SPDX-License-Identifier: MIT */

#include "json-quote.h"

/* How many bytes more a byte takes inside quotes. */
static const guint8 extra[256] = {
    [0x00 ... 0x07] = 5, ['\b'] = 1, ['\t'] = 1,          ['\n'] = 1, [0x0b] = 5,
    ['\f'] = 1,          ['\r'] = 1, [0x0e ... 0x1f] = 5, ['"'] = 1,  ['\\'] = 1,
};

gsize
json_quote_measure (H3View text)
{
    gsize more = 0;

    if (!g_utf8_validate_len (text.data, text.length, NULL))
        return 0;
    for (gsize i = 0; i < text.length; i++)
        more += extra[(guchar) text.data[i]];
    return text.length + more + 2;
}

static char *
write_escaped (char *to, guchar byte)
{
    static const char digits[] = "0123456789abcdef";
    static const char letters[] = "btn\0fr";

    *to++ = '\\';
    if (byte >= 0x20) {
        *to++ = (char) byte;
    } else if (extra[byte] == 1) {
        *to++ = letters[byte - '\b'];
    } else {
        memcpy (to, "u00", 3);
        to[3] = digits[byte >> 4];
        to[4] = digits[byte & 15];
        to += 5;
    }
    return to;
}

void
json_quote_write (H3View text, char *to)
{
    *to++ = '"';
    for (gsize i = 0; i < text.length; i++) {
        guchar byte = (guchar) text.data[i];

        if (extra[byte] > 0)
            to = write_escaped (to, byte);
        else
            *to++ = (char) byte;
    }
    *to = '"';
}
