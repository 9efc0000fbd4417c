/* SPDX-License-Identifier: MIT */

#include "path.h"

#include "percent-private.h"

/* SLASH and DOT are neighbours: a byte's class and the one before it tell "//" and "/." apart from
 * the rest in one AND. */
enum {
    BAD = 1,
    PERCENT = 2,
    SLASH = 4,
    DOT = 8,
};

static const guint8 classes[256] = {
    [0x00 ... 0x20] = BAD, ['"'] = BAD, ['#'] = BAD,         ['%'] = PERCENT,       ['.'] = DOT,
    ['/'] = SLASH,         ['<'] = BAD, ['>'] = BAD,         ['?'] = BAD,           ['\\'] = BAD,
    ['^'] = BAD,           ['`'] = BAD, ['{' ... '}'] = BAD, [0x7f ... 0xff] = BAD,
};

/* Decodes the escape at `at` to `*to`, moving that on; -1 when it is refused, else the bits of what
 * was written that matter: 0x80 for a byte beyond ASCII. */
static int
decode_escape (const char *at, const char *end, char **to)
{
    int byte = percent_read (at, end);

    if (byte < 0x20 || byte == 0x7f)
        return -1;
    if (byte == '/' || byte == '\\' || byte == '%') {
        *(*to)++ = '%';
        *(*to)++ = at[1];
        *(*to)++ = byte == '/' ? 'F' : byte == '\\' ? 'C' : '5';
        return 0;
    }
    *(*to)++ = (char) byte;
    return byte & 0x80;
}

/* Resolves dot segments and the leading run of slashes in place: `text` begins with a slash. A
 * segment is moved down to where the kept ones end, or, being "..", takes the last of them away.
 * Returns the new length. */
static gsize
remove_dot_segments (char *text, gsize length)
{
    const char *at = text, *end = text + length;
    char *to = text;

    while (at < end) {
        const char *name = at + 1;
        const char *next = memchr (name, '/', (gsize) (end - name));
        gsize size;

        next = next != NULL ? next : end;
        size = (gsize) (next - name);
        if (size == 2 && name[0] == '.' && name[1] == '.') {
            while (to > text && *--to != '/')
                continue;
        } else if ((size > 0 || to > text) && !(size == 1 && name[0] == '.')) {
            memmove (to, at, size + 1);
            to += size + 1;
            at = next;
            continue;
        }
        at = next;
        /* What vanished at the end leaves the slash before it. */
        if (at == end)
            *to++ = '/';
    }
    return (gsize) (to - text);
}

static gboolean
canonicalize_slowly (H3View raw, char *out, gsize *out_length)
{
    const char *at = raw.data, *end = raw.data + raw.length;
    char *to = out;
    int beyond_ascii = 0;

    while (at < end) {
        if (*at == '%') {
            int written = decode_escape (at, end, &to);

            if (written < 0)
                return FALSE;
            beyond_ascii |= written;
            at += 3;
        } else {
            *to++ = *at++;
        }
    }
    if (beyond_ascii && !g_utf8_validate_len (out, (gsize) (to - out), NULL))
        return FALSE;
    *out_length = remove_dot_segments (out, (gsize) (to - out));
    out[*out_length] = '\0';
    return TRUE;
}

gboolean
h3_path_canonicalize (H3View raw, char *out, gsize *out_length)
{
    guint seen = 0, pairs = 0, before = 0;

    if (raw.length == 0 || raw.data[0] != '/')
        return FALSE;
    for (gsize i = 0; i < raw.length; i++) {
        guint class = classes[(guchar) raw.data[i]];

        seen |= class;
        pairs |= (before | before << 1) & class;
        before = class & SLASH;
    }
    if (seen & BAD)
        return FALSE;
    if ((seen & PERCENT) || pairs != 0)
        return canonicalize_slowly (raw, out, out_length);
    memcpy (out, raw.data, raw.length);
    out[raw.length] = '\0';
    *out_length = raw.length;
    return TRUE;
}

char *
h3_path_canonicalize_string (const char *raw)
{
    g_autofree char *out = NULL;
    gsize length;

    g_return_val_if_fail (raw != NULL, NULL);
    out = g_malloc (strlen (raw) + 2);
    return h3_path_canonicalize (h3_view_of (raw), out, &length) ? g_steal_pointer (&out) : NULL;
}

gboolean
h3_param_decode (H3View captured, char *out, gsize *out_length)
{
    char *to = out;

    for (gsize i = 0; i < captured.length; i++) {
        int byte = (guchar) captured.data[i];

        if (byte == '%') {
            byte = percent_read (captured.data + i, captured.data + captured.length);
            if (byte != '/' && byte != '\\' && byte != '%')
                return FALSE;
            i += 2;
        }
        *to++ = (char) byte;
    }
    *to = '\0';
    *out_length = (gsize) (to - out);
    return TRUE;
}
