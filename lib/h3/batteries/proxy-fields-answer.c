/* SPDX-License-Identifier: MIT
 *
 * Answers, on their way to the client. */

#include "proxy-fields.h"

#include <h3/batteries/proxy-names.h>
#include <h3/format/date.h>

/* All values of the field, with commas between them; its data is NULL where there is none. */
static H3View
join (const Http1Response *answer, H3View name, H3Arena *arena)
{
    H3View all = { NULL, 0 };

    for (guint i = 0; i < answer->head.n_fields; i++) {
        H3View value = http1_response_get_value (answer, i);

        if (!h3_view_equal_ignore_case (http1_response_get_name (answer, i), name))
            continue;
        if (all.data == NULL)
            all = value;
        else
            all = h3_view_of (
                h3_arena_printf (arena, "%.*s,%.*s", H3_VIEW_ARGS (all), H3_VIEW_ARGS (value)));
    }
    return all;
}

static gboolean
goes_on (H3View connection, H3View name)
{
    return proxy_name_classify (name) != NAME_HOP && !proxy_name_is_nominated (connection, name);
}

/* (nullable) (transfer full): a value that leads somewhere, as it is to be told here. */
static char *
map (const ProxyPlace *place, H3View name, H3View value)
{
    if (place == NULL)
        return NULL;
    if (h3_view_equal_ignore_case (name, H3_VIEW ("Location"))
        || h3_view_equal_ignore_case (name, H3_VIEW ("Content-Location")))
        return proxy_target_map_location (place, value);
    if (h3_view_equal_ignore_case (name, H3_VIEW ("Set-Cookie")))
        return proxy_target_map_cookie (place, value);
    return NULL;
}

/* Whether the field is the first of its name. */
static gboolean
is_first (const Http1Response *answer, guint index)
{
    H3View name = http1_response_get_name (answer, index);

    for (guint i = 0; i < index; i++) {
        if (h3_view_equal_ignore_case (http1_response_get_name (answer, i), name))
            return FALSE;
    }
    return TRUE;
}

static void
add_vary (H3Response *out, H3View value)
{
    H3View part;

    while (h3_view_split (&value, ',', &part)) {
        g_autofree char *name = h3_view_dup (h3_view_trim (part));

        if (*name != '\0')
            h3_response_add_vary (out, name);
    }
}

/* One that says when it was made keeps that; of several, or of none that can be read, nobody knows
 * which is right. */
static gboolean
has_good_date (const Http1Response *answer, H3Arena *arena)
{
    gint64 seconds;

    return h3_date_parse (join (answer, H3_VIEW ("Date"), arena), &seconds);
}

static void
add_field (const Http1Response *answer, const ProxyPlace *place, guint index, H3Response *out)
{
    H3View name = http1_response_get_name (answer, index);
    H3View value = http1_response_get_value (answer, index);
    g_autofree char *name_text = NULL;
    g_autofree char *text = NULL;

    if (h3_view_equal_ignore_case (name, H3_VIEW ("Vary"))) {
        add_vary (out, value);
        return;
    }
    text = map (place, name, value);
    if (text == NULL)
        text = h3_view_dup (value);
    name_text = h3_view_dup (name);
    /* Cookies that were set here stay. */
    if (is_first (answer, index) && !h3_view_equal_ignore_case (name, H3_VIEW ("Set-Cookie")))
        (void) h3_response_set_header (out, name_text, text);
    else
        (void) h3_response_add_header (out, name_text, text);
}

/* Those that were announced and may be are announced on. */
static void
declare_trailers (const Http1Response *answer, H3Arena *arena, H3Response *out)
{
    H3View names = join (answer, H3_VIEW ("Trailer"), arena);
    H3View part;

    while (names.data != NULL && h3_view_split (&names, ',', &part)) {
        H3View name = h3_view_trim (part);
        g_autofree char *text = h3_view_dup (name);

        if (h3_headers_is_name (name) && trailer_is_allowed (name))
            (void) response_declare_trailer (out, text);
    }
}

/* 426 says what else is spoken here; only so has its Connection room for that. */
static void
add_upgrade (const Http1Response *answer, H3Arena *arena, H3Response *out)
{
    H3View upgrade = join (answer, H3_VIEW ("Upgrade"), arena);

    if (answer->status != 426 || upgrade.data == NULL
        || !h3_view_list_has (upgrade, H3_VIEW ("websocket")))
        return;
    (void) h3_response_set_header (out, "Upgrade", "websocket");
    out->close = TRUE;
}

void
proxy_fields_answer (const Http1Response *answer, const ProxyPlace *place, H3Arena *arena,
                     H3Response *out)
{
    H3View connection = join (answer, H3_VIEW ("Connection"), arena);
    gboolean keeps_date = has_good_date (answer, arena);

    for (guint i = 0; i < answer->head.n_fields; i++) {
        H3View name = http1_response_get_name (answer, i);

        if (goes_on (connection, name)
            && (keeps_date || !h3_view_equal_ignore_case (name, H3_VIEW ("Date"))))
            add_field (answer, place, i, out);
    }
    if (answer->framing == FRAMING_CHUNKED)
        declare_trailers (answer, arena, out);
    add_upgrade (answer, arena, out);
}

H3Headers *
proxy_fields_interim (const Http1Response *answer, const ProxyPlace *place, H3Arena *arena)
{
    H3View connection = join (answer, H3_VIEW ("Connection"), arena);
    H3Headers *out = h3_headers_new ();

    for (guint i = 0; i < answer->head.n_fields; i++) {
        H3View name = http1_response_get_name (answer, i);
        H3View value = http1_response_get_value (answer, i);
        g_autofree char *mapped = NULL;

        if (!goes_on (connection, name))
            continue;
        mapped = map (place, name, value);
        (void) h3_headers_add_view (out, name, mapped != NULL ? h3_view_of (mapped) : value);
    }
    return out;
}

static gboolean
add_trailer (const char *name, const char *value, gpointer out)
{
    if (trailer_is_allowed (h3_view_of (name)))
        (void) h3_headers_add (out, name, value);
    return TRUE;
}

/* They may be more than were announced (RFC 9110 §6.6.2). */
void
proxy_fields_end (const H3Headers *trailers, H3Response *out)
{
    if (trailers == NULL || h3_headers_get_size (trailers) == 0)
        return;
    if (out->trailers == NULL)
        out->trailers = trailers_new ();
    h3_headers_foreach (trailers, add_trailer, out->trailers->fields);
}
