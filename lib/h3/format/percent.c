/* SPDX-License-Identifier: MIT */

#include "percent.h"

#include "percent-private.h"

/* One bit for each H3PercentSet in which the character stays as it is. */
#define IN_SEGMENT (1 << H3_PERCENT_SEGMENT)
#define IN_QUERY   (1 << H3_PERCENT_QUERY)
#define IN_FORM    (1 << H3_PERCENT_FORM)
#define IN_ALL     (IN_SEGMENT | IN_QUERY | IN_FORM)
#define IN_URL     (IN_SEGMENT | IN_QUERY)

static const guint8 stays[256] = {
    ['a' ... 'z'] = IN_ALL, ['A' ... 'Z'] = IN_ALL, ['0' ... '9'] = IN_ALL, ['-'] = IN_ALL,
    ['.'] = IN_ALL,         ['_'] = IN_ALL,         ['*'] = IN_ALL,         ['~'] = IN_URL,
    ['!'] = IN_URL,         ['\''] = IN_URL,        ['('] = IN_URL,         [')'] = IN_URL,
    ['$'] = IN_SEGMENT,     ['&'] = IN_SEGMENT,     ['+'] = IN_SEGMENT,     [','] = IN_SEGMENT,
    [';'] = IN_SEGMENT,     ['='] = IN_SEGMENT,     [':'] = IN_SEGMENT,     ['@'] = IN_SEGMENT,
};

static gboolean
decode (H3View text, gboolean plus_is_blank, char *out, gsize *out_length)
{
    char *to = out;

    for (gsize i = 0; i < text.length; i++) {
        int byte = (guchar) text.data[i];

        if (byte == '%') {
            byte = percent_read (text.data + i, text.data + text.length);
            i += 2;
        } else if (byte == '+' && plus_is_blank) {
            byte = ' ';
        }
        if (byte <= 0)
            return FALSE;
        *to++ = (char) byte;
    }
    *to = '\0';
    *out_length = (gsize) (to - out);
    return TRUE;
}

gboolean
h3_percent_decode (H3View text, char *out, gsize *out_length)
{
    return decode (text, FALSE, out, out_length);
}

gboolean
h3_percent_decode_form (H3View text, char *out, gsize *out_length)
{
    return decode (text, TRUE, out, out_length);
}

gsize
h3_percent_encode (H3View text, H3PercentSet set, char *out)
{
    static const char digits[] = "0123456789ABCDEF";
    char *to = out;

    for (gsize i = 0; i < text.length; i++) {
        guchar byte = (guchar) text.data[i];

        if (stays[byte] & (1 << set)) {
            *to++ = (char) byte;
        } else if (byte == ' ' && set == H3_PERCENT_FORM) {
            *to++ = '+';
        } else {
            *to++ = '%';
            *to++ = digits[byte >> 4];
            *to++ = digits[byte & 15];
        }
    }
    *to = '\0';
    return (gsize) (to - out);
}

char *
h3_percent_escape (const char *text, H3PercentSet set)
{
    char *out;

    g_return_val_if_fail (text != NULL, NULL);
    out = g_malloc (3 * strlen (text) + 1);
    (void) h3_percent_encode (h3_view_of (text), set, out);
    return out;
}

char *
h3_percent_unescape (const char *text)
{
    g_autofree char *out = NULL;
    gsize length;

    g_return_val_if_fail (text != NULL, NULL);
    out = g_malloc (strlen (text) + 1);
    return h3_percent_decode (h3_view_of (text), out, &length) ? g_steal_pointer (&out) : NULL;
}
