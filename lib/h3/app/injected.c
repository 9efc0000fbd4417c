/* SPDX-License-Identifier: MIT */

#include "injected-private.h"

#include <stdatomic.h>

typedef struct {
    guint status;
    H3Headers *headers; /* owned */
} Interim;

struct _H3Injected {
    atomic_int refs;
    guint status;
    gboolean is_cut;
    H3Headers *headers;  /* owned */
    H3Headers *trailers; /* owned */
    GArray *interim;     /* owned: Interim */
    GString *text;       /* owned; NULL once sealed */
    GBytes *body;        /* owned; NULL until sealed; has a NUL behind it */
};

G_DEFINE_BOXED_TYPE (H3Injected, h3_injected, h3_injected_ref, h3_injected_unref)

static void
clear_interim (gpointer data)
{
    h3_headers_unref (((Interim *) data)->headers);
}

H3Injected *
injected_new (void)
{
    H3Injected *injected = g_new0 (H3Injected, 1);

    atomic_init (&injected->refs, 1);
    injected->headers = h3_headers_new ();
    injected->trailers = h3_headers_new ();
    injected->interim = g_array_new (FALSE, FALSE, sizeof (Interim));
    g_array_set_clear_func (injected->interim, clear_interim);
    injected->text = g_string_new (NULL);
    return injected;
}

H3Injected *
h3_injected_ref (H3Injected *injected)
{
    g_return_val_if_fail (injected != NULL, NULL);
    atomic_fetch_add_explicit (&injected->refs, 1, memory_order_relaxed);
    return injected;
}

void
h3_injected_unref (H3Injected *injected)
{
    if (injected == NULL
        || atomic_fetch_sub_explicit (&injected->refs, 1, memory_order_acq_rel) != 1)
        return;
    if (injected->text != NULL)
        g_string_free (injected->text, TRUE);
    g_clear_pointer (&injected->body, g_bytes_unref);
    g_array_unref (injected->interim);
    h3_headers_unref (injected->headers);
    h3_headers_unref (injected->trailers);
    g_free (injected);
}

/* The line up to CR LF, which is taken off `rest` too. */
static H3View
take_line (H3View *rest)
{
    gssize end = h3_view_find (*rest, '\r');
    H3View line;

    g_assert (end >= 0);
    line = h3_view (rest->data, (gsize) end);
    *rest = h3_view (rest->data + end + 2, rest->length - (gsize) end - 2);
    return line;
}

void
injected_take_head (H3Injected *injected, H3View head)
{
    g_autoptr (H3Headers) headers = h3_headers_new ();
    H3View line = take_line (&head);
    guint status = (guint) g_ascii_strtoull (line.data + strlen ("HTTP/1.1 "), NULL, 10);

    while ((line = take_line (&head)).length > 0) {
        gsize colon = (gsize) h3_view_find (line, ':');

        (void) h3_headers_add_view (
            headers, h3_view (line.data, colon),
            h3_view_trim (h3_view (line.data + colon + 1, line.length - colon - 1)));
    }
    if (status < 200 && status != 101) {
        Interim interim = { status, g_steal_pointer (&headers) };

        g_array_append_val (injected->interim, interim);
        return;
    }
    injected->status = status;
    h3_headers_unref (injected->headers);
    injected->headers = g_steal_pointer (&headers);
}

void
injected_append (H3Injected *injected, const char *data, gsize length)
{
    g_string_append_len (injected->text, data, (gssize) length);
}

void
injected_cut (H3Injected *injected)
{
    injected->is_cut = TRUE;
}

static gboolean
add_trailer (const char *name, const char *value, gpointer user_data)
{
    return h3_headers_add (user_data, name, value);
}

void
injected_add_trailers (H3Injected *injected, const H3Headers *trailers)
{
    h3_headers_foreach (trailers, add_trailer, injected->trailers);
}

void
injected_seal (H3Injected *injected)
{
    gsize length = injected->text->len;
    char *text = g_string_free (g_steal_pointer (&injected->text), FALSE);

    injected->body = g_bytes_new_with_free_func (text, length, g_free, text);
}

guint
h3_injected_get_status (const H3Injected *injected)
{
    g_return_val_if_fail (injected != NULL, 0);
    return injected->status;
}

H3Headers *
h3_injected_get_headers (const H3Injected *injected)
{
    g_return_val_if_fail (injected != NULL, NULL);
    return injected->headers;
}

const char *
h3_injected_get_header (const H3Injected *injected, const char *name)
{
    g_return_val_if_fail (injected != NULL && name != NULL, NULL);
    return h3_headers_get (injected->headers, name);
}

H3Headers *
h3_injected_get_trailers (const H3Injected *injected)
{
    g_return_val_if_fail (injected != NULL, NULL);
    return injected->trailers;
}

GBytes *
h3_injected_get_body (const H3Injected *injected)
{
    g_return_val_if_fail (injected != NULL, NULL);
    return injected->body;
}

/* g_bytes_get_data () gives NULL for none. */
const char *
h3_injected_get_text (const H3Injected *injected)
{
    const char *text;

    g_return_val_if_fail (injected != NULL, NULL);
    text = g_bytes_get_data (injected->body, NULL);
    return text != NULL ? text : "";
}

gboolean
h3_injected_is_cut (const H3Injected *injected)
{
    g_return_val_if_fail (injected != NULL, FALSE);
    return injected->is_cut;
}

guint
h3_injected_count_interim (const H3Injected *injected)
{
    g_return_val_if_fail (injected != NULL, 0);
    return injected->interim->len;
}

guint
h3_injected_get_interim_status (const H3Injected *injected, guint index)
{
    g_return_val_if_fail (injected != NULL && index < injected->interim->len, 0);
    return g_array_index (injected->interim, Interim, index).status;
}

H3Headers *
h3_injected_get_interim_headers (const H3Injected *injected, guint index)
{
    g_return_val_if_fail (injected != NULL && index < injected->interim->len, NULL);
    return g_array_index (injected->interim, Interim, index).headers;
}
