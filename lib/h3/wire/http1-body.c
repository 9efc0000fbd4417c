/* SPDX-License-Identifier: MIT */

#include "http1-body.h"

#include <h3/base/character.h>
#include <h3/http/trailer.h>

/* EXACT ---take_data---> WHOLE                          `left` bytes are still to come
 *
 * UNTIL_CLOSE ---take_data---> FULL                     `left` bytes may still come
 *     +--end_of_input--> WHOLE <--end_of_input--+       behind FULL any byte is one too many
 *
 * SIZE -> SIZE_LF ---begin_data---> DATA ---take_data---> DATA_CR -> DATA_LF -> SIZE
 *   |       ^   |
 *   v       |   +---begin_data (a size of 0)---> TRAILER_START
 * the EXTENSION states (chunk_line_byte)
 *
 * TRAILER_START -> TRAILER_NAME -> TRAILER_VALUE -> TRAILER_LF -> TRAILER_START   (trailer_byte)
 *   +-> LAST_LF -> WHOLE
 *
 * refuse () leads from any of them to REFUSED. */
enum {
    EXACT,
    UNTIL_CLOSE,
    FULL,
    SIZE,            /* `digits` of the size are in `left` */
    EXTENSION_START, /* behind a ";" */
    EXTENSION_NAME,
    EXTENSION_EQUALS, /* behind the "=" */
    EXTENSION_TOKEN,
    EXTENSION_QUOTED,
    EXTENSION_ESCAPE,     /* behind a "\" in quotes */
    EXTENSION_QUOTED_END, /* behind the closing quote */
    SIZE_LF,
    DATA, /* `left` bytes of this chunk are still to come, at least one */
    DATA_CR,
    DATA_LF,
    TRAILER_START, /* at the start of a line */
    TRAILER_NAME,
    TRAILER_VALUE,
    TRAILER_LF,
    LAST_LF,
    WHOLE,
    REFUSED,
};

#define MAX_DIGITS 16

static void
refuse (Http1Body *body, guint16 status)
{
    body->status = status;
    body->state = REFUSED;
}

static void
begin_data (Http1Body *body)
{
    if (body->left > body->limits->max_body - body->received) {
        refuse (body, 413);
        return;
    }
    body->received += body->left;
    body->state = body->left > 0 ? DATA : TRAILER_START;
}

static void
begin_chunk_line (Http1Body *body)
{
    body->state = SIZE;
    body->left = 0;
    body->digits = 0;
    body->extension_bytes = 0;
}

static void
add_digit (Http1Body *body, char c)
{
    if (body->digits == MAX_DIGITS || body->left >> 59 != 0) {
        refuse (body, 400); /* 17 digits, or 2^63 and more */
        return;
    }
    body->left = body->left << 4 | (guint) g_ascii_xdigit_value (c);
    body->digits++;
}

/* Where a byte leads that ends a part of an extension. */
static guint8
after_extension (char c)
{
    if (c == ';')
        return EXTENSION_START;
    return c == '\r' ? SIZE_LF : REFUSED;
}

static guint8
extension_state (guint8 state, char c)
{
    gboolean token = character_is (c, CHARACTER_TOKEN);

    switch (state) {
    case EXTENSION_START:
        return token ? EXTENSION_NAME : REFUSED;
    case EXTENSION_NAME:
        if (c == '=')
            return EXTENSION_EQUALS;
        return token ? EXTENSION_NAME : after_extension (c);
    case EXTENSION_EQUALS:
        if (c == '"')
            return EXTENSION_QUOTED;
        return token ? EXTENSION_TOKEN : REFUSED;
    case EXTENSION_TOKEN:
        return token ? EXTENSION_TOKEN : after_extension (c);
    case EXTENSION_QUOTED:
        if (c == '"')
            return EXTENSION_QUOTED_END;
        if (c == '\\')
            return EXTENSION_ESCAPE;
        return character_is (c, CHARACTER_TEXT) ? EXTENSION_QUOTED : REFUSED;
    case EXTENSION_ESCAPE:
        return character_is (c, CHARACTER_TEXT) ? EXTENSION_QUOTED : REFUSED;
    default: /* SIZE, EXTENSION_QUOTED_END */
        return after_extension (c);
    }
}

static void
extension_byte (Http1Body *body, char c)
{
    guint8 state = extension_state (body->state, c);

    if (state == REFUSED
        || (state != SIZE_LF
            && (body->extension_bytes >= body->limits->max_extension
                || body->extensions_bytes >= body->limits->max_extensions))) {
        refuse (body, 400);
        return;
    }
    body->state = state;
    if (state != SIZE_LF) {
        body->extension_bytes++;
        body->extensions_bytes++;
    }
}

static void
chunk_line_byte (Http1Body *body, char c)
{
    switch (body->state) {
    case FULL:
        refuse (body, 413);
        break;
    case SIZE:
        if (character_is (c, CHARACTER_HEX))
            add_digit (body, c);
        else if (body->digits > 0)
            extension_byte (body, c);
        else
            refuse (body, 400);
        break;
    case SIZE_LF:
        if (c == '\n')
            begin_data (body);
        else
            refuse (body, 400);
        break;
    case DATA_CR:
        if (c == '\r')
            body->state = DATA_LF;
        else
            refuse (body, 400);
        break;
    case DATA_LF:
        if (c == '\n')
            begin_chunk_line (body);
        else
            refuse (body, 400);
        break;
    default:
        extension_byte (body, c);
        break;
    }
}

static guint8
trailer_state (guint8 state, char c)
{
    switch (state) {
    case TRAILER_START:
        if (c == '\r')
            return LAST_LF;
        return character_is (c, CHARACTER_TOKEN) ? TRAILER_NAME : REFUSED;
    case TRAILER_NAME:
        if (c == ':')
            return TRAILER_VALUE;
        return character_is (c, CHARACTER_TOKEN) ? TRAILER_NAME : REFUSED;
    case TRAILER_VALUE:
        if (c == '\r')
            return TRAILER_LF;
        return character_is (c, CHARACTER_TEXT) ? TRAILER_VALUE : REFUSED;
    case TRAILER_LF:
        return c == '\n' ? TRAILER_START : REFUSED;
    default: /* LAST_LF */
        return c == '\n' ? WHOLE : REFUSED;
    }
}

static void
trailer_byte (Http1Body *body, char c)
{
    guint8 state = trailer_state (body->state, c);

    if (state == REFUSED) {
        refuse (body, 400);
        return;
    }
    if (state != LAST_LF && state != WHOLE) {
        if (body->state == TRAILER_START && body->n_trailers++ >= body->limits->max_trailers) {
            refuse (body, 431);
            return;
        }
        if (body->trailers == NULL)
            body->trailers = g_string_new (NULL);
        if (body->trailers->len >= body->limits->max_trailer_bytes) {
            refuse (body, 431);
            return;
        }
        g_string_append_c (body->trailers, c);
    }
    body->state = state;
}

/* Where the last byte of data that was waited for leads. */
static guint8
after_data (guint8 state)
{
    if (state == EXACT)
        return WHOLE;
    return state == DATA ? DATA_CR : FULL;
}

static Http1BodyResult
take_data (Http1Body *body, H3View *input, H3View *out_data)
{
    gsize length = (gsize) MIN (body->left, input->length);

    *out_data = h3_view (input->data, length);
    input->data += length;
    input->length -= length;
    body->left -= length;
    if (body->state == UNTIL_CLOSE)
        body->received += length;
    if (body->left == 0)
        body->state = after_data (body->state);
    return HTTP1_BODY_DATA;
}

void
http1_body_init_exact (Http1Body *body, const Http1BodyLimits *limits, guint64 length)
{
    *body = (Http1Body){ .limits = limits, .left = length, .state = length > 0 ? EXACT : WHOLE };
    if (length > limits->max_body)
        refuse (body, 413);
    else
        body->received = length;
}

void
http1_body_init_chunked (Http1Body *body, const Http1BodyLimits *limits)
{
    *body = (Http1Body){ .limits = limits };
    begin_chunk_line (body);
}

void
http1_body_init_until_close (Http1Body *body, const Http1BodyLimits *limits)
{
    *body = (Http1Body){ .limits = limits, .left = limits->max_body };
    body->state = body->left > 0 ? UNTIL_CLOSE : FULL;
}

void
http1_body_clear (Http1Body *body)
{
    if (body == NULL)
        return;
    if (body->trailers != NULL)
        g_string_free (body->trailers, TRUE);
    *body = (Http1Body){ .state = WHOLE };
}

Http1BodyResult
http1_body_step (Http1Body *body, H3View *input, H3View *out_data)
{
    while (body->state < WHOLE && input->length > 0) {
        char c = *input->data;

        if (body->state == DATA || body->state <= UNTIL_CLOSE)
            return take_data (body, input, out_data);
        input->data++;
        input->length--;
        if (body->state < TRAILER_START)
            chunk_line_byte (body, c);
        else
            trailer_byte (body, c);
    }
    if (body->state < WHOLE)
        return HTTP1_BODY_NEEDS_MORE;
    return body->state == WHOLE ? HTTP1_BODY_END : HTTP1_BODY_REFUSED;
}

gboolean
http1_body_end_of_input (Http1Body *body)
{
    if (body->state == UNTIL_CLOSE || body->state == FULL)
        body->state = WHOLE;
    return body->state == WHOLE;
}

void
http1_body_foreach_trailer (const Http1Body *body, Http1TrailerFunction function,
                            gpointer user_data)
{
    H3View rest, line;

    if (body->state != WHOLE || body->trailers == NULL)
        return;
    rest = h3_view (body->trailers->str, body->trailers->len);
    while (h3_view_split (&rest, '\n', &line) && line.length > 0) {
        gsize colon = (gsize) h3_view_find (line, ':');
        H3View name = h3_view (line.data, colon);
        H3View value = h3_view (line.data + colon + 1, line.length - colon - 2);

        if (trailer_is_allowed (name))
            function (name, h3_view_trim (value), user_data);
    }
}
