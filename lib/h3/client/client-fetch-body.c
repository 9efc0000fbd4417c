/* SPDX-License-Identifier: MIT
 *
 * The body of a fetch's answer: decoded, bounded, gathered or handed on. */

#include "client-fetch-private.h"

#define ROOM 16384

/* Whether an answer to this request has a body, whatever its fields say (RFC 9110 §6.4.1). */
static gboolean
may_have_body (const ClientFetch *fetch, guint status)
{
    return strcmp (fetch->method, "HEAD") != 0 && status != 204 && status != 304;
}

static void
fail_too_large (ClientFetch *fetch)
{
    fetch_fail (fetch, H3_CLIENT_ERROR_TOO_LARGE,
                "the body of the answer has more than %" G_GUINT64_FORMAT " bytes",
                fetch->max_body);
}

gboolean
fetch_begin_body (ClientFetch *fetch, const Http1Response *head)
{
    const ClientOptions *options = client_settings_get_options (fetch->settings);
    g_autofree char *codings = NULL;
    const char *problem = NULL;

    if (!may_have_body (fetch, head->status))
        return TRUE;
    if (options->decode
        && http1_response_lookup (head, H3_VIEW ("Content-Encoding")).data != NULL) {
        codings = h3_headers_dup_joined (h3_client_response_get_headers (fetch->response),
                                         "Content-Encoding");
        fetch->decoder = client_decoder_new (codings, fetch->max_body, &problem);
    }
    if (problem != NULL) {
        fetch_fail (fetch, H3_CLIENT_ERROR_ENCODING, "%s", problem);
        return FALSE;
    }
    if (fetch->decoder != NULL) {
        client_response_forget_coding (fetch->response);
    } else if (head->has_length && head->length > fetch->max_body) {
        fail_too_large (fetch);
        return FALSE;
    }
    return TRUE;
}

/* FALSE: the fetch has ended. */
static gboolean
give (ClientFetch *fetch, H3View piece)
{
    fetch->received += piece.length;
    if (fetch->received > fetch->max_body) {
        fail_too_large (fetch);
    } else if (fetch->opens) {
        fetch->listener->on_body (fetch, piece, fetch->data);
    } else if (!gathered_append (&fetch->body, piece)) {
        fetch_fail (fetch, H3_CLIENT_ERROR_TOO_LARGE, "there is no memory for the body");
    }
    return fetch->state != FETCH_OVER;
}

static void
fail_coded (ClientFetch *fetch, CoderResult result)
{
    if (result == CODER_BROKEN)
        fetch_fail (fetch, H3_CLIENT_ERROR_ENCODING,
                    "the body of the answer is not in the coding that its fields say");
    else if (fetch->max_body == G_MAXUINT64)
        fetch_fail (fetch, H3_CLIENT_ERROR_TOO_LARGE,
                    "the body of the answer comes to more than %d times what was sent",
                    CLIENT_DECODER_MAX_RATIO);
    else
        fetch_fail (fetch, H3_CLIENT_ERROR_TOO_LARGE,
                    "the body of the answer comes to more than %" G_GUINT64_FORMAT
                    " bytes, or to more than %d times what was sent",
                    fetch->max_body, CLIENT_DECODER_MAX_RATIO);
}

/* As far as the listener takes it. FALSE: the fetch has ended. */
static gboolean
decode (ClientFetch *fetch, H3View *input, gboolean is_last)
{
    CoderResult result;
    char room[ROOM];
    gsize length;

    do {
        result = client_decoder_step (fetch->decoder, input, is_last, room, sizeof room, &length);
        if (length > 0 && !give (fetch, h3_view (room, length)))
            return FALSE;
    } while (result == CODER_FULL && (is_last || !fetch->is_paused));
    fetch->is_behind = result == CODER_FULL;
    if (result == CODER_READY || result == CODER_FULL)
        return TRUE;
    fail_coded (fetch, result);
    return FALSE;
}

/* What the decoder has not taken waits for its turn: the exchange rests meanwhile. */
static void
keep (ClientFetch *fetch, H3View rest)
{
    if (rest.length == 0)
        return;
    if (fetch->coded == NULL)
        fetch->coded = g_byte_array_new ();
    g_byte_array_append (fetch->coded, (const guint8 *) rest.data, (guint) rest.length);
}

void
fetch_take_piece (ClientFetch *fetch, H3View piece)
{
    if (fetch->decoder == NULL)
        (void) give (fetch, piece);
    else if (fetch->is_behind)
        keep (fetch, piece);
    else if (decode (fetch, &piece, FALSE))
        keep (fetch, piece);
}

void
fetch_catch_up (ClientFetch *fetch)
{
    g_autoptr (GByteArray) coded = g_steal_pointer (&fetch->coded);
    H3View rest = H3_VIEW_EMPTY;

    if (coded != NULL)
        rest = h3_view ((const char *) coded->data, coded->len);
    if (fetch->is_behind && !decode (fetch, &rest, FALSE))
        return;
    keep (fetch, rest);
    if (!fetch->is_behind && !fetch->is_paused && fetch->exchange != NULL)
        client_exchange_resume (fetch->exchange);
}

/* (transfer full): with the NUL behind it that the getter of the text counts on. */
static GBytes *
take_gathered (Gathered *gathered)
{
    guint8 *data;
    gsize length;

    if (!gathered_append (gathered, h3_view ("", 1)))
        return NULL;
    data = gathered->data;
    length = gathered->length - 1;
    memset (gathered, 0, sizeof *gathered);
    return g_bytes_new_with_free_func (data, length, g_free, data);
}

gboolean
fetch_finish_body (ClientFetch *fetch)
{
    H3View nothing = H3_VIEW_EMPTY;
    GBytes *body;

    if (fetch->decoder != NULL && !decode (fetch, &nothing, TRUE))
        return FALSE;
    if (fetch->opens || fetch->body.length == 0)
        return TRUE;
    body = take_gathered (&fetch->body);
    if (body == NULL) {
        fetch_fail (fetch, H3_CLIENT_ERROR_TOO_LARGE, "there is no memory for the body");
        return FALSE;
    }
    client_response_take_body (fetch->response, body);
    return TRUE;
}

void
client_fetch_pause (ClientFetch *fetch)
{
    fetch->is_paused = TRUE;
    if (fetch->exchange != NULL)
        client_exchange_pause (fetch->exchange);
}

void
client_fetch_resume (ClientFetch *fetch)
{
    fetch->is_paused = FALSE;
    if (fetch->is_behind)
        fetch_defer (fetch);
    else if (fetch->exchange != NULL)
        client_exchange_resume (fetch->exchange);
}
