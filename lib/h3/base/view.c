/* SPDX-License-Identifier: MIT */

#include "view.h"

#include "random.h"
#include "sip-hash.h"

#include <pthread.h>
#include <string.h>
#include <sys/auxv.h>

/* The key of all hashes: drawn once, before the first hash, and only read afterwards. */
static guint64 hash_key[2];
static pthread_once_t hash_key_once = PTHREAD_ONCE_INIT;

/* Where the system's source fails: what the kernel gives every process at its start. It is no key
 * for a secret, but no peer can guess it, and that is all that hashes need. */
static gboolean
take_kernel_s (void)
{
    const void *bytes = (const void *) getauxval (AT_RANDOM); /* 16 of them */

    if (bytes != NULL)
        memcpy (hash_key, bytes, sizeof hash_key);
    return bytes != NULL;
}

static void
draw_hash_key (void)
{
    if (!random_fill (hash_key, sizeof hash_key) && !take_kernel_s ())
        g_error ("the system gives no random bytes (getrandom, /dev/urandom and AT_RANDOM fail)");
}

static guint
sip_hash (const char *data, gsize length, gboolean fold)
{
    guint64 word;

    pthread_once (&hash_key_once, draw_hash_key);
    word = sip_hash_1_3 (hash_key, data, length, fold);
    return (guint) (word ^ (word >> 32));
}

static inline char
fold (char c)
{
    return c >= 'A' && c <= 'Z' ? (char) (c | 0x20) : c;
}

/* Most texts that are equal are so in their case too. */
gboolean
h3_view_equal_ignore_case (H3View a, H3View b)
{
    if (a.length != b.length)
        return FALSE;
    if (a.length == 0 || memcmp (a.data, b.data, a.length) == 0)
        return TRUE;
    for (gsize i = 0; i < a.length; i++) {
        if (fold (a.data[i]) != fold (b.data[i]))
            return FALSE;
    }
    return TRUE;
}

gboolean
h3_view_starts_with (H3View view, H3View prefix)
{
    return view.length >= prefix.length
           && (prefix.length == 0 || memcmp (view.data, prefix.data, prefix.length) == 0);
}

gboolean
h3_view_ends_with (H3View view, H3View suffix)
{
    return view.length >= suffix.length
           && (suffix.length == 0
               || memcmp (view.data + view.length - suffix.length, suffix.data, suffix.length)
                      == 0);
}

static inline gboolean
is_blank (char c)
{
    return c == ' ' || c == '\t';
}

H3View
h3_view_trim (H3View view)
{
    while (view.length > 0 && is_blank (view.data[0])) {
        view.data++;
        view.length--;
    }
    while (view.length > 0 && is_blank (view.data[view.length - 1]))
        view.length--;
    return view;
}

gssize
h3_view_find (H3View view, char character)
{
    const char *at = view.length > 0 ? memchr (view.data, character, view.length) : NULL;

    return at != NULL ? at - view.data : -1;
}

gboolean
h3_view_split (H3View *rest, char separator, H3View *out_part)
{
    gssize at;

    if (rest->data == NULL)
        return FALSE;
    at = h3_view_find (*rest, separator);
    if (at < 0) {
        *out_part = *rest;
        *rest = (H3View){ NULL, 0 };
    } else {
        *out_part = h3_view (rest->data, (gsize) at);
        *rest = h3_view (rest->data + at + 1, rest->length - (gsize) at - 1);
    }
    return TRUE;
}

gboolean
h3_view_list_has (H3View list, H3View token)
{
    H3View part;

    while (h3_view_split (&list, ',', &part)) {
        if (h3_view_equal_ignore_case (h3_view_trim (part), token))
            return TRUE;
    }
    return FALSE;
}

gboolean
h3_view_parse_uint (H3View view, guint64 maximum, guint64 *out_value)
{
    guint64 value = 0;

    if (view.length == 0)
        return FALSE;
    for (gsize i = 0; i < view.length; i++) {
        guint digit = (guint) (guchar) view.data[i] - '0';

        if (digit > 9 || value > (maximum - MIN (digit, maximum)) / 10)
            return FALSE;
        value = value * 10 + digit;
    }
    if (value > maximum)
        return FALSE;
    *out_value = value;
    return TRUE;
}

char *
h3_view_dup (H3View view)
{
    return view.length > 0 ? g_strndup (view.data, view.length) : g_strdup ("");
}

guint
h3_view_hash (H3View view)
{
    return sip_hash (view.data, view.length, FALSE);
}

guint
h3_view_hash_ignore_case (H3View view)
{
    return sip_hash (view.data, view.length, TRUE);
}

guint
h3_string_hash (gconstpointer string)
{
    return sip_hash (string, strlen (string), FALSE);
}

guint
h3_name_hash (gconstpointer name)
{
    return sip_hash (name, strlen (name), TRUE);
}

gboolean
h3_name_equal (gconstpointer a, gconstpointer b)
{
    return g_ascii_strcasecmp (a, b) == 0;
}
