/* SPDX-License-Identifier: MIT
 *
 * One percent escape, for those in this folder that walk over text themselves. Any thread. */

#pragma once

#include <glib.h>

static inline int
hex_digit_value (char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c |= 0x20;
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* The byte that the escape at `at`, which is a '%' before `end`, stands for; -1 when malformed. */
static inline int
percent_read (const char *at, const char *end)
{
    int high, low;

    if (end - at < 3)
        return -1;
    high = hex_digit_value (at[1]);
    low = hex_digit_value (at[2]);
    return high < 0 || low < 0 ? -1 : high * 16 + low;
}
