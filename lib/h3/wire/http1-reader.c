/* SPDX-License-Identifier: MIT */

#include "http1-reader.h"

#include <h3/base/arena-inside.h>
#include <h3/base/bytes.h>
#include <h3/format/authority.h>
#include <h3/format/path.h>
#include <h3/wire/http1-framing.h>

#define MAX_GOOD_HOST 64

struct _Http1Reader {
    const H3Limits *limits; /* borrowed: the server's */
    GString *head;          /* owned: what is presented to http-parser */
    /* The verdicts so far, 0 where none was asked for. */
    guint8 usual[H3_N_METHODS][2][N_USUAL];
    /* The last Host that was found to be well-formed: clients keep to one. */
    char good_host[MAX_GOOD_HOST];
    gsize good_host_length;
};

Http1Reader *
http1_reader_new (const H3Limits *limits)
{
    Http1Reader *reader = g_new0 (Http1Reader, 1);

    reader->limits = limits;
    reader->head = g_string_sized_new (256);
    return reader;
}

void
http1_reader_free (Http1Reader *reader)
{
    if (reader == NULL)
        return;
    g_string_free (reader->head, TRUE);
    g_free (reader);
}

/* The start line is presented with its target cut to what its form needs. A method that http-parser
 * does not know is presented as POST: what is asked is how the message is framed. */
static G_GNUC_NO_INLINE FramingVerdict
ask_http_parser (Http1Reader *reader, const H3Request *request)
{
    const char *name = h3_method_to_string (request->method);

    if (name == NULL || request->method == H3_METHOD_QUERY)
        name = "POST";
    g_string_assign (reader->head, name);
    g_string_append (reader->head, request->method == H3_METHOD_CONNECT ? " a:1" : " /");
    g_string_append (reader->head, request->head.minor == 1 ? " HTTP/1.1\r\n" : " HTTP/1.0\r\n");
    return http1_framing_judge (reader->head, request->base, &request->head, FRAMED_REQUEST);
}

/* A head without a body whose Connection field is absent, or says no more than one thing. */
static inline gboolean
find_usual (const H3Request *request, UsualConnection *out_usual)
{
    return framing_find_usual (request->base, &request->head, head_has_rare (&request->head),
                               out_usual);
}

/* http-parser lets keep-alive win in HTTP/1.0: close always wins (RFC 9112 §9.3). */
static gboolean
asks_to_close (const H3Request *request)
{
    return http1_framing_has_option (request->base, &request->head, H3_VIEW ("close"));
}

static gboolean
is_token_text (H3View text)
{
    for (gsize i = 0; i < text.length; i++) {
        if (!g_ascii_isalnum (text.data[i]) && strchr ("!#$%&'*+-.^_`|~", text.data[i]) == NULL)
            return FALSE;
    }
    return text.length > 0;
}

/* RFC 9112 §6.1, §6.3, stricter: one field, one coding, never beside Content-Length. */
static guint
read_transfer_encoding (H3Request *request)
{
    H3View coding = request_known (request, KNOWN_TRANSFER_ENCODING);

    if (request->head.minor == 0 || request->head.known[KNOWN_CONTENT_LENGTH] != 0
        || request->head.doubled & (1u << KNOWN_TRANSFER_ENCODING) || !is_token_text (coding))
        return 400;
    if (!h3_view_equal_ignore_case (coding, H3_VIEW ("chunked")))
        return 501;
    request->chunked = TRUE;
    request->has_body = TRUE;
    return 0;
}

static guint
read_content_length (H3Request *request)
{
    if (!http1_framing_read_length (request->base, &request->head, &request->content_length))
        return 400;
    request->has_body = request->content_length > 0;
    return 0;
}

static guint
read_expect (H3Request *request)
{
    if (request->head.doubled & (1u << KNOWN_EXPECT)
        || !h3_view_equal_ignore_case (request_known (request, KNOWN_EXPECT),
                                       H3_VIEW ("100-continue")))
        return 417;
    request->expects_continue = request->head.minor == 1 && request->has_body;
    return 0;
}

/* Where something frames a body or asks for more: http-parser's reading of it must be ours. */
static G_GNUC_NO_INLINE guint
read_unusual_framing (Http1Reader *reader, H3Request *request)
{
    const HeadIndex *head = &request->head;
    guint status = 0;
    FramingVerdict verdict;

    if (head->known[KNOWN_TRANSFER_ENCODING] != 0)
        status = read_transfer_encoding (request);
    else if (head->known[KNOWN_CONTENT_LENGTH] != 0)
        status = read_content_length (request);
    if (status == 0 && head->known[KNOWN_EXPECT] != 0)
        status = read_expect (request);
    if (status != 0)
        return status;
    verdict = ask_http_parser (reader, request);
    if (!(verdict.flags & VERDICT_VALID)
        || ((verdict.flags & VERDICT_CHUNKED) != 0) != request->chunked
        || (head->known[KNOWN_CONTENT_LENGTH] != 0
            && verdict.content_length != request->content_length))
        return 400;
    request->keep_alive = (verdict.flags & VERDICT_KEEP_ALIVE) != 0
                          && (head->known[KNOWN_CONNECTION] == 0 || !asks_to_close (request));
    request->wants_upgrade = (verdict.flags & VERDICT_UPGRADE) != 0 && head->minor == 1
                             && head->known[KNOWN_UPGRADE] != 0;
    return 0;
}

/* http-parser's verdict on a usual head is remembered. */
static inline guint
read_framing (Http1Reader *reader, H3Request *request)
{
    UsualConnection usual;
    guint8 *known;

    if (G_UNLIKELY (!find_usual (request, &usual)))
        return read_unusual_framing (reader, request);
    known = &reader->usual[request->method][request->head.minor][usual];
    if (G_UNLIKELY (*known == 0))
        *known = (guint8) ask_http_parser (reader, request).flags;
    if ((*known & (VERDICT_VALID | VERDICT_CHUNKED)) != VERDICT_VALID)
        return 400;
    request->keep_alive = (*known & VERDICT_KEEP_ALIVE) != 0;
    return 0;
}

/* RFC 9112 §3.2: exactly one Host in HTTP/1.1, well-formed where there is one. */
static inline guint
read_host (Http1Reader *reader, H3Request *request)
{
    H3View host = request_known (request, KNOWN_HOST);
    H3View name;
    int port;

    if (request->head.doubled & (1u << KNOWN_HOST))
        return 400;
    if (host.data == NULL)
        return request->head.minor == 1 ? 400 : 0;
    if (host.length == 0)
        return 400;
    if (host.length != reader->good_host_length
        || !bytes_are_equal (host.data, reader->good_host, host.length)) {
        if (!h3_authority_parse (host, &name, &port))
            return 400;
        reader->good_host_length = 0;
        if (host.length <= MAX_GOOD_HOST) {
            memcpy (reader->good_host, host.data, host.length);
            reader->good_host_length = host.length;
        }
    }
    request->host = host;
    return 0;
}

/* Without escapes and dots only a run of slashes at its start could still be changed. */
static gboolean
is_canonical (const H3Request *request, H3View raw)
{
    return !(request->head.target_flags & (TARGET_HAS_ESCAPE | TARGET_HAS_DOT))
           && (raw.length < 2 || raw.data[1] != '/');
}

static inline guint
set_path (H3Request *request, H3Arena *arena, H3View raw)
{
    char *path = arena_alloc (arena, raw.length + 2);
    gsize length = raw.length;

    if (G_LIKELY (is_canonical (request, raw))) {
        bytes_copy (path, raw.data, length);
        path[length] = '\0';
    } else if (!h3_path_canonicalize (raw, path, &length)) {
        return 400;
    }
    request->path = path;
    request->path_length = (guint32) length;
    return 0;
}

/* Every '%' of the query begins an escape, none of them NUL. */
static gboolean
has_sound_escapes (H3View text)
{
    for (gsize i = 0; i < text.length; i++) {
        if (text.data[i] != '%')
            continue;
        if (text.length - i < 3 || !g_ascii_isxdigit (text.data[i + 1])
            || !g_ascii_isxdigit (text.data[i + 2])
            || (text.data[i + 1] == '0' && text.data[i + 2] == '0'))
            return FALSE;
    }
    return TRUE;
}

/* What stands before and behind the '?' of `text`, a part of the target that begins at its path. */
static G_GNUC_NO_INLINE guint
read_path_and_query (H3Request *request, H3Arena *arena, H3View text)
{
    gssize mark = h3_view_find (text, '?');

    if (mark >= 0) {
        H3View query = h3_view (text.data + mark + 1, text.length - (gsize) mark - 1);

        if (request->head.target_flags & TARGET_HAS_ESCAPE && !has_sound_escapes (query))
            return 400;
        request->query = (guint16) (query.data - request->base);
        request->query_length = (guint16) query.length;
        text.length = (gsize) mark;
    }
    return set_path (request, arena, text.length > 0 ? text : H3_VIEW ("/"));
}

/* http://host[:port][/path][?query] (RFC 9112 §3.2.2): its host must be that of Host. */
static guint
read_absolute (H3Request *request, H3Arena *arena, H3View target)
{
    gsize scheme = h3_view_equal_ignore_case (h3_view (target.data, MIN (target.length, 7)),
                                              H3_VIEW ("http://"))
                       ? 7
                   : h3_view_equal_ignore_case (h3_view (target.data, MIN (target.length, 8)),
                                                H3_VIEW ("https://"))
                       ? 8
                       : 0;
    gsize end = scheme;
    H3View authority, name;
    int port;

    if (scheme == 0)
        return 400;
    while (end < target.length && target.data[end] != '/' && target.data[end] != '?')
        end++;
    authority = h3_view (target.data + scheme, end - scheme);
    if (!h3_authority_parse (authority, &name, &port))
        return 400;
    if (request->host.data != NULL && !h3_view_equal_ignore_case (authority, request->host))
        return 400;
    if (request->host.data == NULL)
        request->host = h3_view (h3_arena_dup_view (arena, authority), authority.length);
    return read_path_and_query (request, arena, h3_view (target.data + end, target.length - end));
}

static G_GNUC_NO_INLINE guint
read_other_target (H3Request *request, H3Arena *arena, H3View target)
{
    H3View name;
    int port = -1;

    if (request->method == H3_METHOD_CONNECT) {
        if (!h3_authority_parse (target, &name, &port) || port < 0
            || (request->host.data != NULL && !h3_view_equal_ignore_case (target, request->host)))
            return 400;
        if (request->host.data == NULL)
            request->host = h3_view (h3_arena_dup_view (arena, target), target.length);
    } else if (!h3_view_equal (target, H3_VIEW ("*"))) {
        return read_absolute (request, arena, target);
    } else if (request->method != H3_METHOD_OPTIONS) {
        return 400;
    }
    request->path = h3_arena_dup_view (arena, target);
    request->path_length = (guint32) target.length;
    return 0;
}

static inline guint
read_target (H3Request *request, H3Arena *arena)
{
    H3View target = h3_view (request->base + request->head.target, request->head.target_length);

    if (target.data[0] != '/' || request->method == H3_METHOD_CONNECT)
        return read_other_target (request, arena, target);
    if (request->head.target_flags & TARGET_HAS_QUERY)
        return read_path_and_query (request, arena, target);
    return set_path (request, arena, target);
}

static inline void
fill (H3Request *request, char *base, const HeadIndex *index)
{
    H3View method = h3_view (base + index->start, index->method_length);

    request->base = base;
    request->head = *index;
    request->method =
        (guint8) (h3_view_equal (method, H3_VIEW ("GET")) ? H3_METHOD_GET
                                                          : h3_method_from_view (method));
    request->host = (H3View){ NULL, 0 };
    request->query = request->query_length = 0;
    request->content_length = 0;
    request->keep_alive = request->has_body = request->chunked = FALSE;
    request->expects_continue = request->wants_upgrade = request->is_kept = FALSE;
    base[index->start + index->method_length] = '\0';
    base[index->target + index->target_length] = '\0';
}

guint
http1_reader_read (Http1Reader *reader, char *base, const HeadIndex *index, H3Arena *arena,
                   H3Request *request)
{
    guint status;

    fill (request, base, index);
    if (index->doubled & (1u << KNOWN_CONTENT_TYPE))
        return 400;
    status = read_host (reader, request);
    if (status == 0)
        status = read_target (request, arena);
    if (status == 0)
        status = read_framing (reader, request);
    return status;
}
