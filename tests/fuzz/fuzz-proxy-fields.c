/* SPDX-License-Identifier: MIT
 *
 * A request's head, as it is handed on: whatever was read is written so that the strict reader
 * takes it, for the same path and query, with one Host, nothing of the connection it came by, and
 * nothing that a server could take for another field of ours. */

#include "fuzz.h"
#include "h3/batteries/proxy-fields.h"
#include "h3/batteries/proxy-names.h"
#include "h3/wire/http1-lint.h"
#include "h3/wire/http1-reader.h"
#include "h3/wire/http1-request-writer.h"

#define MAX_FIELDS 400

static H3TrustedProxies *trusted;
static H3Headers *set;
static H3Headers *removed;

static void
make_settings (void)
{
    if (trusted != NULL)
        return;
    trusted = h3_trusted_proxies_new ();
    set = h3_headers_new ();
    removed = h3_headers_new ();
    FUZZ_ASSERT (h3_trusted_proxies_add (trusted, "192.0.2.7", NULL), "no proxy");
    (void) h3_headers_set (set, "X-User", "alice");
    (void) h3_headers_set (removed, "Cookie", "");
}

/* FALSE where a head is none. */
static gboolean
read_head (char *bytes, gsize length, const H3Limits *limits, HeadField *fields, H3Arena *arena,
           H3Request *out)
{
    Http1Reader *reader = http1_reader_new (limits);
    Http1Lint lint;
    gboolean done = FALSE;

    http1_lint_init (&lint, fields, MAX_FIELDS);
    if (http1_lint_step (&lint, limits, bytes, length) == LINT_WHOLE)
        done = http1_reader_read (reader, bytes, &lint.index, arena, out) == 0;
    http1_reader_free (reader);
    return done;
}

static guint
count_fields (const H3Request *request, const char *name)
{
    guint n = 0;

    for (guint i = 0; i < request->head.n_fields; i++)
        n += h3_view_equal_ignore_case (request_field_name (request, i), h3_view_of (name));
    return n;
}

static void
assert_fields (const H3Request *came, const H3Request *sent, const ProxyHop *hop)
{
    static const char *const single[] = { "Host", "Via", "X-Forwarded-Proto", "X-User" };
    static const char *const gone[] = { "Keep-Alive",
                                        "Proxy-Connection",
                                        "Proxy-Authorization",
                                        "TE",
                                        "Trailer",
                                        "HTTP2-Settings",
                                        "Upgrade",
                                        "Proxy",
                                        "Cookie",
                                        "traceparent",
                                        "Transfer_Encoding" };

    for (guint i = 0; i < G_N_ELEMENTS (single); i++)
        FUZZ_ASSERT (count_fields (sent, single[i]) == 1, "%s: %u", single[i],
                     count_fields (sent, single[i]));
    for (guint i = 0; i < G_N_ELEMENTS (gone); i++)
        FUZZ_ASSERT (count_fields (sent, gone[i]) == 0, "%s goes on", gone[i]);
    FUZZ_ASSERT (count_fields (sent, "X-Real-IP") == 0 || hop->trust != NULL, "X-Real-IP goes on");
    FUZZ_ASSERT (count_fields (sent, "Authorization") == count_fields (came, "Authorization"),
                 "Authorization was taken away");
    FUZZ_ASSERT (count_fields (sent, "Forwarded") + count_fields (sent, "X-Forwarded-For") > 0,
                 "nobody was here before");
    for (guint i = 0; i < sent->head.n_fields; i++)
        FUZZ_ASSERT (!proxy_name_is_disguised (request_field_name (sent, i)), "%.*s goes on",
                     H3_VIEW_ARGS (request_field_name (sent, i)));
}

/* The last of those told is whom the request came from: nobody can say another behind that. */
static void
assert_last_hop (const H3Request *sent, const ProxyHop *hop, H3Arena *arena)
{
    static const H3View none = { NULL, 0 };
    g_autoptr (H3TrustedProxies) us = h3_trusted_proxies_new ();
    H3View standard = request_join_field (sent, H3_VIEW ("Forwarded"), ", ", arena);
    H3View x = request_join_field (sent, H3_VIEW ("X-Forwarded-For"), ", ", arena);
    H3Address own;
    H3Forwarded found;

    FUZZ_ASSERT (h3_address_parse (H3_VIEW ("198.51.100.1"), &own), "no address");
    FUZZ_ASSERT (h3_trusted_proxies_add (us, "198.51.100.1", NULL), "no proxy");
    FUZZ_ASSERT (h3_forwarded_resolve (us, &own, H3_VIEW ("http"), H3_VIEW ("a"), standard, x, none,
                                       none, &found),
                 "two clients are told of");
    FUZZ_ASSERT (h3_address_equal (&found.client, &hop->peer), "another client is told of");
}

static void
assert_target (const H3Request *came, const H3Request *sent)
{
    H3View path = request_path (came), found = request_path (sent);

    FUZZ_ASSERT (h3_view_equal (path, found), "the path '%.*s' became '%.*s'", H3_VIEW_ARGS (path),
                 H3_VIEW_ARGS (found));
    FUZZ_ASSERT ((came->query != 0) == (sent->query != 0), "the query's presence");
    FUZZ_ASSERT (h3_view_equal (h3_view (came->base + came->query, came->query_length),
                                h3_view (sent->base + sent->query, sent->query_length)),
                 "another query");
}

/* Of a target with nothing to decode nothing may change. */
static void
assert_read_again (const H3Request *came, const H3Request *sent, const ProxyHop *hop,
                   H3Arena *arena)
{
    FUZZ_ASSERT (came->chunked == sent->chunked && came->content_length == sent->content_length
                     && came->has_body == sent->has_body,
                 "another body");
    FUZZ_ASSERT (!sent->wants_upgrade && !sent->expects_continue, "it asks for more");
    FUZZ_ASSERT (h3_view_equal (sent->host, H3_VIEW ("behind:8080")), "another host");
    assert_target (came, sent);
    assert_fields (came, sent, hop);
    assert_last_hop (sent, hop, arena);
}

static void
hand_on (const H3Request *request, const ProxyHop *hop, const GString *target, H3Arena *arena)
{
    static HeadField fields[MAX_FIELDS];
    g_autoptr (H3Headers) headers = proxy_fields_forward (request, hop, arena);
    Http1RequestHead head = { .method = h3_view_of (h3_request_get_method_name (request)),
                              .target = h3_view (target->str, target->len),
                              .host = H3_VIEW ("behind:8080"),
                              .headers = headers,
                              .framing = request->chunked    ? FRAMING_CHUNKED
                                         : request->has_body ? FRAMING_LENGTH
                                                             : FRAMING_NONE,
                              .length = request->content_length };
    gsize room = http1_request_writer_measure (&head);
    g_autofree char *bytes = NULL;
    H3Request sent = { 0 };
    H3Limits limits;
    gsize length;

    FUZZ_ASSERT (room > 0, "what was read is not written");
    if (room > 65000)
        return;
    bytes = g_malloc (room);
    length = http1_request_writer_write (&head, bytes);
    h3_limits_init (&limits);
    limits.head = 65535;
    limits.target = limits.field_line = 60000;
    limits.fields = MAX_FIELDS;
    FUZZ_ASSERT (read_head (bytes, length, &limits, fields, arena, &sent), "refused: %.*s",
                 (int) length, bytes);
    assert_read_again (request, &sent, hop, arena);
    request_clear (&sent);
}

static void
check (const H3Request *request, gboolean is_trusted, H3Arena *arena)
{
    const ProxyPaths same = { H3_VIEW_EMPTY, H3_VIEW_EMPTY };
    g_autoptr (GString) target = g_string_new (NULL);
    H3View query = { NULL, 0 };
    ProxyHop hop = { .name = H3_VIEW ("edge"),
                     .scheme = H3_VIEW ("http"),
                     .told_scheme = H3_VIEW ("http"),
                     .told_host = request->host,
                     .set = set,
                     .removed = removed };

    FUZZ_ASSERT (h3_address_parse (H3_VIEW ("192.0.2.7"), &hop.peer), "no address");
    hop.trust = is_trusted ? trusted : NULL;
    if (request->query != 0)
        query = h3_view (request->base + request->query, request->query_length);
    if (!proxy_target_is_sound (request_path (request)))
        return;
    FUZZ_ASSERT (proxy_target_write (&same, request_path (request), query, target), "no target");
    hand_on (request, &hop, target, arena);
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
    static HeadField fields[MAX_FIELDS];
    g_autofree char *copy = fuzz_copy (data, size);
    FuzzChoice choice = fuzz_choice_of (h3_view (copy, size));
    g_autoptr (H3Arena) arena = h3_arena_new ();
    H3Request request = { 0 };
    H3Limits limits;

    make_settings ();
    h3_limits_init (&limits);
    if (read_head (copy, size, &limits, fields, arena, &request) && request.path[0] == '/'
        && request.method != H3_METHOD_CONNECT)
        check (&request, fuzz_choose (&choice, 2) == 0, arena);
    request_clear (&request);
    return 0;
}
