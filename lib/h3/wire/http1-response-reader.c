/* SPDX-License-Identifier: MIT */

#include "http1-response-reader.h"

#include <h3/wire/http1-framing.h>

/* Where the status stands in the status line. */
#define STATUS_AT 9

struct _Http1ResponseReader {
    GString *head; /* owned: what is presented to http-parser */
    /* Its verdicts on usual heads so far, 0 where none was asked for. */
    guint8 usual[FRAMING_CLOSE + 1][2][N_USUAL];
};

Http1ResponseReader *
http1_response_reader_new (void)
{
    Http1ResponseReader *reader = g_new0 (Http1ResponseReader, 1);

    reader->head = g_string_sized_new (256);
    return reader;
}

void
http1_response_reader_free (Http1ResponseReader *reader)
{
    if (reader == NULL)
        return;
    g_string_free (reader->head, TRUE);
    g_free (reader);
}

/* Field lines that say something of Content-Type twice are no fault here: they change what the
 * body is taken for, not where it ends, and servers that say it twice are many. */
static void
fill (Http1Response *out, const char *base, const HeadIndex *index)
{
    const char *digits = base + STATUS_AT;

    *out = (Http1Response){ .base = base, .head = *index, .minor = index->minor };
    out->reason = h3_view (base + index->target, index->target_length);
    out->status = (guint16) (100 * (digits[0] - '0') + 10 * (digits[1] - '0') + (digits[2] - '0'));
}

/* Stricter than RFC 9112 §6.1: one field that says "chunked", never beside Content-Length. */
static const char *
read_transfer_encoding (const Http1Response *response)
{
    const HeadIndex *head = &response->head;
    H3View coding = framing_get_known (response->base, head, KNOWN_TRANSFER_ENCODING);

    if (head->known[KNOWN_CONTENT_LENGTH] != 0)
        return "both Transfer-Encoding and Content-Length";
    if (head->minor == 0)
        return "Transfer-Encoding in HTTP/1.0";
    if (head->doubled & (1u << KNOWN_TRANSFER_ENCODING)
        || !h3_view_equal_ignore_case (coding, H3_VIEW ("chunked")))
        return "a Transfer-Encoding that is not chunked alone";
    return NULL;
}

/* RFC 9112 §6.3, in its order. What a body would be is read also where none follows. */
static const char *
read_framing (Http1Response *out, H3Method method)
{
    gboolean is_chunked = out->head.known[KNOWN_TRANSFER_ENCODING] != 0;
    const char *fault = is_chunked ? read_transfer_encoding (out) : NULL;

    if (!is_chunked && out->head.known[KNOWN_CONTENT_LENGTH] != 0) {
        if (!http1_framing_read_length (out->base, &out->head, &out->length))
            fault = "a Content-Length that is not one plain number";
        out->has_length = TRUE;
    }
    if (fault != NULL)
        return fault;
    if (out->status < 200 && (is_chunked || out->length > 0))
        return "an interim answer that announces a body";
    if (method == H3_METHOD_HEAD || !response_status_has_body (out->status))
        out->framing = FRAMING_NONE;
    else if (is_chunked)
        out->framing = FRAMING_CHUNKED;
    else
        out->framing = out->has_length ? FRAMING_LENGTH : FRAMING_CLOSE;
    return NULL;
}

static FramingVerdict
ask_http_parser (Http1ResponseReader *reader, const Http1Response *response)
{
    g_string_assign (reader->head, response->minor == 1 ? "HTTP/1.1 " : "HTTP/1.0 ");
    g_string_append_len (reader->head, response->base + STATUS_AT, 3);
    g_string_append (reader->head, " \r\n");
    return http1_framing_judge (reader->head, response->base, &response->head,
                                response->framing == FRAMING_NONE ? FRAMED_BODILESS
                                                                  : FRAMED_RESPONSE);
}

/* Where a verdict on such a head is remembered; NULL: nowhere. */
static guint8 *
find_usual (Http1ResponseReader *reader, const Http1Response *response)
{
    UsualConnection usual;

    if (!framing_find_usual (response->base, &response->head, FALSE, &usual))
        return NULL;
    return &reader->usual[response->framing][response->minor][usual];
}

/* http-parser lets keep-alive win in HTTP/1.0: close always wins (RFC 9112 §9.3). */
static gboolean
says_to_close (const Http1Response *response)
{
    return http1_framing_has_option (response->base, &response->head, H3_VIEW ("close"));
}

/* http-parser's reading of the fields must be ours. */
static const char *
judge (Http1ResponseReader *reader, Http1Response *out)
{
    gboolean is_chunked = out->head.known[KNOWN_TRANSFER_ENCODING] != 0;
    guint8 *usual = find_usual (reader, out);
    FramingVerdict verdict = { 0, out->length };

    if (usual != NULL && *usual != 0)
        verdict.flags = *usual;
    else
        verdict = ask_http_parser (reader, out);
    if (!(verdict.flags & VERDICT_VALID)
        || (out->framing != FRAMING_NONE && ((verdict.flags & VERDICT_CHUNKED) != 0) != is_chunked)
        || (out->has_length && verdict.content_length != out->length))
        return "framing fields that can be read in more than one way";
    if (usual != NULL)
        *usual = (guint8) verdict.flags;
    out->keep_alive =
        (verdict.flags & VERDICT_KEEP_ALIVE) != 0 && (usual != NULL || !says_to_close (out));
    out->is_upgrade = (verdict.flags & VERDICT_UPGRADE) != 0;
    return NULL;
}

/* RFC 9110 §7.8: only to what was asked for, and both fields say so (http-parser looks at both). */
static const char *
check_upgrade (const Http1Response *response, H3View upgrade)
{
    H3View protocol = framing_get_known (response->base, &response->head, KNOWN_UPGRADE);

    if (upgrade.length == 0)
        return "101 where no upgrade was asked for";
    if (response->minor == 0 || !response->is_upgrade
        || response->head.doubled & (1u << KNOWN_UPGRADE)
        || !h3_view_equal_ignore_case (protocol, upgrade))
        return "101 without the upgrade that was asked for";
    return NULL;
}

const char *
http1_response_read (Http1ResponseReader *reader, const char *base, const HeadIndex *index,
                     H3Method method, H3View upgrade, Http1Response *out)
{
    const char *fault;

    fill (out, base, index);
    /* A tunnel begins behind the head, whatever its fields say (RFC 9110 §9.3.6). */
    if (method == H3_METHOD_CONNECT && out->status >= 200 && out->status < 300)
        return NULL;
    fault = read_framing (out, method);
    if (fault == NULL)
        fault = judge (reader, out);
    if (fault != NULL)
        return fault;
    /* A server that announces a body where none may be might send it, too. */
    if (out->status == 101
        || (out->status == 204 && (out->length > 0 || index->known[KNOWN_TRANSFER_ENCODING] != 0)))
        out->keep_alive = FALSE;
    return out->status == 101 ? check_upgrade (out, upgrade) : NULL;
}

H3View
http1_response_lookup (const Http1Response *response, H3View name)
{
    for (guint i = 0; i < response->head.n_fields; i++) {
        if (h3_view_equal_ignore_case (http1_response_get_name (response, i), name))
            return http1_response_get_value (response, i);
    }
    return (H3View){ NULL, 0 };
}
