/* SPDX-License-Identifier: MIT
 *
 * Hexadecimal digits of the published examples as bytes. For one test program each. */

#pragma once

#include <check.h>
#include <glib.h>

/* (transfer full) */
static inline GByteArray *
bytes_of_hex (const char *hex)
{
    GByteArray *bytes = g_byte_array_new ();

    for (gsize i = 0; hex[i] != '\0'; i += 2) {
        guint8 byte;

        ck_assert (g_ascii_isxdigit (hex[i]) && g_ascii_isxdigit (hex[i + 1]));
        byte = (guint8) (g_ascii_xdigit_value (hex[i]) << 4 | g_ascii_xdigit_value (hex[i + 1]));
        g_byte_array_append (bytes, &byte, 1);
    }
    return bytes;
}
