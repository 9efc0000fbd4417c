/* SPDX-License-Identifier: MIT */

#include "invented.h"

static const char *const segments[] = { "a", "ab",         "abc",        "b",          "b1",
                                        "1", "12",         ":p",         ":p",         ":q",
                                        "*", ":p([0-9]+)", ":p([a-b]+)", ":p(1|12|b1)" };
static const char *const tails[] = { ":o?", "**", "**:r", "" };
static const char *const parts[] = { "a",  "ab",  "abc", "abcd", "b",   "b1", "1",
                                     "12", "123", "",    "aa",   "%2F", "é" };

guint
invented_number (GRand *rand, guint n)
{
    return (guint) g_rand_int_range (rand, 0, (gint32) n);
}

char *
invented_pattern (GRand *rand)
{
    GString *pattern = g_string_new (NULL);
    guint n = invented_number (rand, 4);

    for (guint i = 0; i < n; i++) {
        const char *segment = segments[invented_number (rand, G_N_ELEMENTS (segments))];

        g_string_append_c (pattern, '/');
        if (*segment == ':') /* names may not repeat */
            g_string_append_printf (pattern, ":p%u%s", i, segment + 2);
        else
            g_string_append (pattern, segment);
    }
    if (n == 0 || invented_number (rand, 5) < 2)
        g_string_append_printf (pattern, "/%s",
                                tails[invented_number (rand, G_N_ELEMENTS (tails))]);
    return g_string_free (pattern, FALSE);
}

char *
invented_path (GRand *rand)
{
    GString *path = g_string_new (NULL);
    guint n = 1 + invented_number (rand, 5);

    if (invented_number (rand, 12) == 0)
        return g_string_free (g_string_append_c (path, '/'), FALSE);
    while (n-- > 0)
        g_string_append_printf (path, "/%s", parts[invented_number (rand, G_N_ELEMENTS (parts))]);
    return g_string_free (path, FALSE);
}
