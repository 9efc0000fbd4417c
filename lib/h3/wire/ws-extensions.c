/* SPDX-License-Identifier: MIT
 *
 * Sec-WebSocket-Extensions (RFC 6455 §9.1) and the one extension that is spoken, permessage-deflate
 * (RFC 7692 §7). */

#include "ws-handshake.h"

#include <h3/base/character.h>

enum { LEAST_BITS = 8, MOST_BITS = 15 };

/* Where the reading of the field is. */
typedef struct {
    const char *at, *end;
} Cursor;

/* One parameter; `value` has no data where there is none. */
typedef struct {
    H3View name, value;
} Parameter;

static void
skip_blanks (Cursor *cursor)
{
    while (cursor->at < cursor->end && (*cursor->at == ' ' || *cursor->at == '\t'))
        cursor->at++;
}

static gboolean
take_character (Cursor *cursor, char character)
{
    skip_blanks (cursor);
    if (cursor->at == cursor->end || *cursor->at != character)
        return FALSE;
    cursor->at++;
    return TRUE;
}

static gboolean
take_token (Cursor *cursor, H3View *out)
{
    skip_blanks (cursor);
    out->data = cursor->at;
    while (cursor->at < cursor->end && character_is (*cursor->at, CHARACTER_TOKEN))
        cursor->at++;
    out->length = (gsize) (cursor->at - out->data);
    return out->length > 0;
}

/* name[=value], the value perhaps in quotes, but a token in any case. */
static gboolean
take_parameter (Cursor *cursor, Parameter *out)
{
    gboolean is_quoted;

    out->value = (H3View){ NULL, 0 };
    if (!take_token (cursor, &out->name))
        return FALSE;
    if (!take_character (cursor, '='))
        return TRUE;
    is_quoted = take_character (cursor, '"');
    return take_token (cursor, &out->value) && (!is_quoted || take_character (cursor, '"'));
}

/* A number of bits, without leading zeros. */
static gboolean
read_bits (H3View value, guint8 *out)
{
    guint64 number;

    if (value.length == 0 || value.data[0] == '0' || !h3_view_parse_uint (value, MOST_BITS, &number)
        || number < LEAST_BITS)
        return FALSE;
    *out = (guint8) number;
    return TRUE;
}

/* What one offer of the client asks for. */
typedef struct {
    guint8 server_keeps_nothing, client_keeps_nothing;
    guint8 server_bits, client_bits; /* 0: not named */
    guint8 has_client_bits;
    guint8 is_refused;
} Offer;

/* A parameter that is unknown, doubled or out of range refuses the offer, not the field (§7.1). */
static void
note_parameter (Offer *offer, const Parameter *parameter)
{
    gboolean has_value = parameter->value.data != NULL;

    if (h3_view_equal (parameter->name, H3_VIEW ("server_no_context_takeover"))) {
        offer->is_refused |= has_value || offer->server_keeps_nothing;
        offer->server_keeps_nothing = TRUE;
    } else if (h3_view_equal (parameter->name, H3_VIEW ("client_no_context_takeover"))) {
        offer->is_refused |= has_value || offer->client_keeps_nothing;
        offer->client_keeps_nothing = TRUE;
    } else if (h3_view_equal (parameter->name, H3_VIEW ("server_max_window_bits"))) {
        offer->is_refused |=
            offer->server_bits != 0 || !read_bits (parameter->value, &offer->server_bits);
    } else if (h3_view_equal (parameter->name, H3_VIEW ("client_max_window_bits"))) {
        offer->is_refused |= offer->has_client_bits
                             || (has_value && !read_bits (parameter->value, &offer->client_bits));
        offer->has_client_bits = TRUE;
    } else {
        offer->is_refused = TRUE;
    }
}

static gboolean
agree (const Offer *offer, const WsDeflateTerms *most, WsDeflateTerms *out)
{
    if (offer->is_refused || !most->is_on)
        return FALSE;
    /* What is read may need the whole window where the client cannot be told of a smaller one. */
    if (most->client_bits < MOST_BITS && !offer->has_client_bits)
        return FALSE;
    out->is_on = TRUE;
    out->server_keeps_nothing = offer->server_keeps_nothing | most->server_keeps_nothing;
    out->client_keeps_nothing = offer->client_keeps_nothing | most->client_keeps_nothing;
    out->server_bits = most->server_bits;
    if (offer->server_bits != 0)
        out->server_bits = MIN (out->server_bits, offer->server_bits);
    out->client_bits = most->client_bits;
    if (offer->client_bits != 0)
        out->client_bits = MIN (out->client_bits, offer->client_bits);
    out->names_server_bits = offer->server_bits != 0;
    out->names_client_bits = offer->has_client_bits;
    return TRUE;
}

gboolean
ws_handshake_choose_deflate (H3View field, const WsDeflateTerms *most, WsDeflateTerms *out)
{
    Cursor cursor = { field.data, field.data + field.length };

    memset (out, 0, sizeof *out);
    do {
        Offer offer = { 0 };
        H3View name;

        if (!take_token (&cursor, &name))
            return FALSE;
        offer.is_refused = !h3_view_equal (name, H3_VIEW ("permessage-deflate"));
        while (take_character (&cursor, ';')) {
            Parameter parameter;

            if (!take_parameter (&cursor, &parameter))
                return FALSE;
            note_parameter (&offer, &parameter);
        }
        if (!out->is_on)
            (void) agree (&offer, most, out);
    } while (take_character (&cursor, ','));
    skip_blanks (&cursor);
    return cursor.at == cursor.end;
}

char *
ws_handshake_write_deflate (const WsDeflateTerms *terms)
{
    GString *text = g_string_new ("permessage-deflate");

    if (terms->server_keeps_nothing)
        g_string_append (text, "; server_no_context_takeover");
    if (terms->client_keeps_nothing)
        g_string_append (text, "; client_no_context_takeover");
    /* Asked for, it is agreed to by being named (§7.1.2.1). */
    if (terms->server_bits < MOST_BITS || terms->names_server_bits)
        g_string_append_printf (text, "; server_max_window_bits=%u", terms->server_bits);
    if (terms->names_client_bits && terms->client_bits < MOST_BITS)
        g_string_append_printf (text, "; client_max_window_bits=%u", terms->client_bits);
    return g_string_free (text, FALSE);
}
