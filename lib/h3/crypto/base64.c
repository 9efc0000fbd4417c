/* SPDX-License-Identifier: MIT */

#include "base64.h"

static const char standard_digits[] =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
static const char url_digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/* The six bits of a digit; above 63: no digit. */
static guint
value_of (char character, H3Base64Kind kind)
{
    if (character >= 'A' && character <= 'Z')
        return (guint) (character - 'A');
    if (character >= 'a' && character <= 'z')
        return (guint) (character - 'a') + 26;
    if (character >= '0' && character <= '9')
        return (guint) (character - '0') + 52;
    if (character == (kind == H3_BASE64_URL ? '-' : '+'))
        return 62;
    return character == (kind == H3_BASE64_URL ? '_' : '/') ? 63 : 64;
}

gsize
h3_base64_encode (const void *data, gsize length, H3Base64Kind kind, char *out)
{
    const char *digits = kind == H3_BASE64_URL ? url_digits : standard_digits;
    const guint8 *in = data;
    char *to = out;

    g_return_val_if_fail ((data != NULL || length == 0) && length <= G_MAXSIZE / 2, 0);
    g_return_val_if_fail (out != NULL, 0);
    for (; length >= 3; length -= 3, in += 3) {
        *to++ = digits[in[0] >> 2];
        *to++ = digits[(in[0] & 3) << 4 | in[1] >> 4];
        *to++ = digits[(in[1] & 15) << 2 | in[2] >> 6];
        *to++ = digits[in[2] & 63];
    }
    if (length > 0) {
        guint second = length == 2 ? in[1] : 0;

        *to++ = digits[in[0] >> 2];
        *to++ = digits[(in[0] & 3) << 4 | second >> 4];
        if (length == 2)
            *to++ = digits[(second & 15) << 2];
        for (; kind == H3_BASE64_STANDARD && length < 3; length++)
            *to++ = '=';
    }
    *to = '\0';
    return (gsize) (to - out);
}

/* Takes the padding off; FALSE where there is not what there must be. */
static gboolean
strip_padding (H3View *text, H3Base64Kind kind)
{
    if (kind == H3_BASE64_URL)
        return TRUE;
    if (text->length % 4 != 0)
        return FALSE;
    for (guint i = 0; i < 2; i++)
        if (text->length > 0 && text->data[text->length - 1] == '=')
            text->length--;
    return TRUE;
}

gboolean
h3_base64_decode (H3View text, H3Base64Kind kind, void *out, gsize *out_length)
{
    guint8 *to = out;
    guint32 bits = 0;
    guint n_bits = 0;

    g_return_val_if_fail ((text.data != NULL || text.length == 0) && out_length != NULL, FALSE);
    if (!strip_padding (&text, kind) || text.length % 4 == 1)
        return FALSE;
    for (gsize i = 0; i < text.length; i++) {
        guint value = value_of (text.data[i], kind);

        if (value > 63)
            return FALSE;
        bits = bits << 6 | value;
        n_bits += 6;
        if (n_bits >= 8) {
            n_bits -= 8;
            *to++ = (guint8) (bits >> n_bits);
        }
    }
    /* What is left over belongs to no byte: another digit there would be a second text for it. */
    if ((bits & ((1u << n_bits) - 1)) != 0)
        return FALSE;
    *out_length = (gsize) (to - (guint8 *) out);
    return TRUE;
}

char *
h3_base64_escape (GBytes *bytes, H3Base64Kind kind)
{
    const void *data;
    gsize length;
    char *text;

    g_return_val_if_fail (bytes != NULL, NULL);
    data = g_bytes_get_data (bytes, &length);
    text = g_malloc (H3_BASE64_ROOM (length));
    (void) h3_base64_encode (data, length, kind, text);
    return text;
}

GBytes *
h3_base64_unescape (const char *text, H3Base64Kind kind)
{
    H3View view = h3_view_of (text);
    g_autofree guint8 *data = NULL;
    gsize length;

    g_return_val_if_fail (text != NULL, NULL);
    data = g_malloc (view.length / 4 * 3 + 2);
    if (!h3_base64_decode (view, kind, data, &length))
        return NULL;
    return g_bytes_new_take (g_steal_pointer (&data), length);
}
