/* SPDX-License-Identifier: MIT
 *
 * Requests that are written: what the writer takes, the lint and the reader take too, as it was
 * meant, and nothing is left behind it; what it refuses, the plain reading refuses too. An input is
 * a line each of method, target, host, protocol and credentials, then fields. */

#include "fuzz.h"
#include "h3/wire/http1-lint.h"
#include "h3/wire/http1-reader.h"
#include "h3/wire/http1-request-writer.h"
#include "plain-head.h"

/* Wide, so that nothing but the bytes can be refused. */
#define MAX_LENGTH 8000
#define MAX_FIELDS 1000

typedef struct {
    HeadField fields[MAX_FIELDS];
    HeadIndex index;
} Linted;

static void
add_fields (H3Headers *headers, H3View rest)
{
    H3View line;

    while (h3_headers_get_size (headers) < MAX_FIELDS - 10 && fuzz_take_line (&rest, &line)) {
        gssize colon = h3_view_find (line, ':');
        H3View name, value;

        if (colon < 0)
            continue;
        name = h3_view (line.data, (gsize) colon);
        value = h3_view (line.data + colon + 1, line.length - (gsize) colon - 1);
        if (h3_headers_is_name (name) && h3_headers_is_value (value))
            h3_headers_add_view (headers, name, value);
    }
}

static void
choose (Http1RequestHead *head, H3View bytes)
{
    FuzzChoice choice = fuzz_choice_of (bytes);

    head->framing = (Http1Framing) fuzz_choose (&choice, FRAMING_CHUNKED + 1);
    head->length = fuzz_choose (&choice, 3) == 0 ? G_MAXINT64 : fuzz_choose (&choice, 3);
    head->close = fuzz_choose (&choice, 2) == 0;
    head->expects_continue = fuzz_choose (&choice, 2) == 0;
}

static void
assert_view (const char *what, H3View found, H3View expected)
{
    FUZZ_ASSERT (h3_view_equal (found, expected), "%s is '%.*s', not '%.*s'", what,
                 H3_VIEW_ARGS (found), H3_VIEW_ARGS (expected));
}

typedef struct {
    const H3Request *request;
    const Http1RequestHead *head;
    guint at;
} Comparison;

static gboolean
assert_field (const char *name, const char *value, gpointer user_data)
{
    Comparison *comparison = user_data;

    if (http1_request_writer_is_own (name)
        || (comparison->head->proxy_credentials.length > 0
            && g_ascii_strcasecmp (name, "Proxy-Authorization") == 0))
        return TRUE;
    FUZZ_ASSERT (comparison->at < comparison->request->head.n_fields, "no %s", name);
    assert_view ("name", request_field_name (comparison->request, comparison->at),
                 h3_view_of (name));
    assert_view (name, request_field_value (comparison->request, comparison->at),
                 h3_view_of (value));
    comparison->at++;
    return TRUE;
}

static void
assert_framed (const H3Request *request, const Http1RequestHead *head)
{
    gboolean has_body =
        head->framing == FRAMING_CHUNKED || (head->framing == FRAMING_LENGTH && head->length > 0);

    FUZZ_ASSERT (request->chunked == (head->framing == FRAMING_CHUNKED)
                     && request->has_body == has_body
                     && request->expects_continue == (head->expects_continue && has_body),
                 "chunked %u, body %u, expects %u", request->chunked, request->has_body,
                 request->expects_continue);
    FUZZ_ASSERT (head->framing != FRAMING_LENGTH || request->content_length == head->length,
                 "length %" G_GUINT64_FORMAT, request->content_length);
    if (head->upgrade.length > 0)
        FUZZ_ASSERT (request->wants_upgrade, "%s", "no upgrade");
    else
        FUZZ_ASSERT (request->keep_alive == !head->close, "keep-alive %u", request->keep_alive);
}

static void
assert_request (const H3Request *request, const Http1RequestHead *head)
{
    Comparison comparison = { request, head, 1 };

    assert_view ("method", h3_view_of (request->base), head->method);
    assert_view ("target", h3_view_of (request->base + request->head.target), head->target);
    assert_view ("host", request->host, head->host);
    assert_view ("first field", request_field_name (request, 0), H3_VIEW ("Host"));
    if (head->proxy_credentials.length > 0)
        comparison.at++;
    h3_headers_foreach (head->headers, assert_field, &comparison);
    assert_framed (request, head);
}

/* A path that climbs above its root is the server's to refuse. */
static void
assert_read_back (const Http1RequestHead *head, H3View written, const H3Limits *limits)
{
    g_autoptr (H3Arena) arena = h3_arena_new ();
    g_autofree char *base = fuzz_copy (written.data, written.length);
    Http1Reader *reader = http1_reader_new (limits);
    H3Request request = { 0 };
    Linted linted;
    PlainHead plain;
    Http1Lint lint;
    LintResult result;
    guint status;

    http1_lint_init (&lint, linted.fields, MAX_FIELDS);
    result = http1_lint_step (&lint, limits, base, written.length);
    FUZZ_ASSERT (result == LINT_WHOLE, "%d with %u: %.*s", result, lint.status,
                 H3_VIEW_ARGS (written));
    FUZZ_ASSERT (lint.index.length == written.length, "%u of %zu bytes", lint.index.length,
                 written.length);
    plain_head_read (&plain, limits, written);
    status = http1_reader_read (reader, base, &lint.index, arena, &request);
    if (plain.reasons == 1u << PLAIN_PATH)
        FUZZ_ASSERT (status == 400, "%s", "a path that is none");
    else
        FUZZ_ASSERT (status == 0, "%u: %.*s", status, H3_VIEW_ARGS (written));
    if (status == 0)
        assert_request (&request, head);
    plain_head_clear (&plain);
    request_clear (&request);
    http1_reader_free (reader);
}

static void
append (GString *text, H3View part, const char *behind)
{
    g_string_append_len (text, part.data, (gssize) part.length);
    g_string_append (text, behind);
}

static gboolean
count_type (const char *name, const char *value, gpointer user_data)
{
    guint *n = user_data;

    (void) name;
    (void) value;
    ++*n;
    return TRUE;
}

/* Parts that the plain reading takes as they are, put one behind the other, are no reason. */
static void
assert_refused_rightly (const Http1RequestHead *head, const H3Limits *limits)
{
    g_autoptr (GString) text = g_string_new (NULL);
    PlainHead plain;
    guint n_types = 0;

    h3_headers_foreach_value (head->headers, "Content-Type", count_type, &n_types);
    if (head->upgrade.length > 0 || head->proxy_credentials.length > 0 || n_types > 1)
        return;
    append (text, head->method, " ");
    append (text, head->target, " HTTP/1.1\r\nHost: ");
    append (text, head->host, "\r\n\r\n");
    plain_head_read (&plain, limits, h3_view (text->str, text->len));
    FUZZ_ASSERT (!plain.whole || plain.reasons != 0 || !h3_view_equal (plain.host, head->host)
                     || !h3_view_equal (plain.target, head->target) || plain.length != text->len
                     || head->target.data[0] != '/',
                 "refused: %s", text->str);
    plain_head_clear (&plain);
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
    g_autofree char *copy = fuzz_copy (data, size);
    g_autoptr (H3Headers) headers = h3_headers_new ();
    H3View rest = h3_view (copy, size);
    Http1RequestHead head = { .headers = headers };
    H3Limits limits;
    gsize room;

    if (size > MAX_LENGTH)
        return 0;
    h3_limits_init (&limits);
    limits.fields = MAX_FIELDS;
    choose (&head, rest);
    if (!fuzz_take_line (&rest, &head.method) || !fuzz_take_line (&rest, &head.target)
        || !fuzz_take_line (&rest, &head.host) || !fuzz_take_line (&rest, &head.upgrade)
        || !fuzz_take_line (&rest, &head.proxy_credentials))
        return 0;
    add_fields (headers, rest);
    room = http1_request_writer_measure (&head);
    if (room > 0) {
        g_autofree char *out = g_malloc (room);
        gsize length = http1_request_writer_write (&head, out);

        FUZZ_ASSERT (length <= room, "%zu bytes in a room of %zu", length, room);
        assert_read_back (&head, h3_view (out, length), &limits);
    } else {
        assert_refused_rightly (&head, &limits);
    }
    return 0;
}
