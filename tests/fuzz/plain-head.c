/* SPDX-License-Identifier: MIT */

#include "plain-head.h"

#include "plain-path.h"

#include <arpa/inet.h>

static const struct {
    const char *name;
    guint status;
    const char *what;
} reasons[] = {
#define X(name, status, what) { #name, status, what },
    PLAIN_REASONS (X)
#undef X
};

static void
refuse_if (PlainHead *head, gboolean wrong, PlainReason reason)
{
    if (wrong)
        head->reasons |= 1u << reason;
}

static gboolean
is_made_of (H3View text, const char *others)
{
    for (gsize i = 0; i < text.length; i++) {
        char c = text.data[i];

        if (!g_ascii_isalnum (c) && (c == '\0' || strchr (others, c) == NULL))
            return FALSE;
    }
    return TRUE;
}

/* RFC 9110 §5.6.2. */
static gboolean
is_token (H3View text)
{
    return text.length > 0 && is_made_of (text, "!#$%&'*+-.^_`|~");
}

static gboolean
is_number (H3View text)
{
    for (gsize i = 0; i < text.length; i++) {
        if (!g_ascii_isdigit (text.data[i]))
            return FALSE;
    }
    return text.length > 0;
}

static H3View
cut (H3View text, gsize from, gsize to)
{
    return h3_view (text.data + from, to - from);
}

/* The offset of `text` in `bytes`, or -1. */
static gssize
find (H3View bytes, const char *text)
{
    gsize length = strlen (text);

    for (gsize i = 0; i + length <= bytes.length; i++) {
        if (memcmp (bytes.data + i, text, length) == 0)
            return (gssize) i;
    }
    return -1;
}

/* RFC 3986 §3.2.2, §3.2.3; ours: no escapes, no comma, no IPvFuture, a port of five digits. */
static gboolean
is_authority (H3View text, gboolean *out_has_port)
{
    gssize end;
    H3View host, port;

    if (text.length > 0 && text.data[0] == '[') {
        struct in6_addr address;
        g_autofree char *copy = NULL;

        end = h3_view_find (text, ']');
        if (end < 0 || h3_view_find (text, '\0') >= 0)
            return FALSE;
        copy = g_strndup (text.data + 1, (gsize) end - 1);
        if (inet_pton (AF_INET6, copy, &address) != 1)
            return FALSE;
        end++;
    } else {
        end = h3_view_find (text, ':');
        end = end < 0 ? (gssize) text.length : end;
        host = cut (text, 0, (gsize) end);
        if (host.length == 0 || host.length > 254 || !is_made_of (host, "-._~!$&'()*+;="))
            return FALSE;
    }
    *out_has_port = (gsize) end < text.length;
    if (!*out_has_port)
        return TRUE;
    port = cut (text, (gsize) end + 1, text.length);
    return text.data[end] == ':' && is_number (port) && port.length <= 5
           && strtoul (port.data, NULL, 10) <= 65535;
}

static gboolean
is_named (const PlainField *field, const char *name)
{
    return h3_view_equal_ignore_case (field->name, h3_view_of (name));
}

/* How many fields have the name; the first value. */
static guint
count_fields (const PlainHead *head, const char *name, H3View *out_value)
{
    guint n = 0;

    for (guint i = 0; i < head->fields->len; i++) {
        const PlainField *field = &g_array_index (head->fields, PlainField, i);

        if (!is_named (field, name))
            continue;
        if (n++ == 0)
            *out_value = field->value;
    }
    return n;
}

/* RFC 9110 §7.6.1. */
static gboolean
connection_has (const PlainHead *head, const char *option)
{
    for (guint i = 0; i < head->fields->len; i++) {
        const PlainField *field = &g_array_index (head->fields, PlainField, i);
        H3View rest = field->value, part;

        while (is_named (field, "connection") && h3_view_split (&rest, ',', &part)) {
            if (h3_view_equal_ignore_case (h3_view_trim (part), h3_view_of (option)))
                return TRUE;
        }
    }
    return FALSE;
}

static void
read_version (PlainHead *head, H3View version)
{
    gboolean well_formed = version.length == 8 && memcmp (version.data, "HTTP/", 5) == 0
                           && g_ascii_isdigit (version.data[5]) && version.data[6] == '.'
                           && g_ascii_isdigit (version.data[7]) && version.data[5] != '0';

    refuse_if (head, !well_formed, PLAIN_VERSION);
    if (!well_formed)
        return;
    refuse_if (head, version.data[5] != '1' || version.data[7] > '1', PLAIN_OTHER_VERSION);
    head->minor = version.data[7] == '1';
}

static void
read_request_line (PlainHead *head, H3View line, gboolean *out_usable)
{
    gssize first = h3_view_find (line, ' ');
    gssize second;
    H3View rest;

    *out_usable = FALSE;
    refuse_if (head, first < 0, PLAIN_REQUEST_LINE);
    head->method = first < 0 ? line : cut (line, 0, (gsize) first);
    refuse_if (head, !is_token (head->method), PLAIN_METHOD);
    refuse_if (head, head->method.length > 32, PLAIN_METHOD_LENGTH);
    if (first < 0)
        return;
    rest = cut (line, (gsize) first + 1, line.length);
    second = h3_view_find (rest, ' ');
    refuse_if (head, second < 0, PLAIN_REQUEST_LINE);
    head->target = second < 0 ? rest : cut (rest, 0, (gsize) second);
    /* RFC 3986, less the fragment; brackets, which browsers leave in queries, may stand anywhere.
     */
    refuse_if (head,
               head->target.length == 0 || !is_made_of (head->target, "-._~:/?[]@!$&'()*+,;=%"),
               PLAIN_TARGET);
    if (second < 0)
        return;
    read_version (head, cut (rest, (gsize) second + 1, rest.length));
    *out_usable = head->reasons == 0;
}

static void
read_field (PlainHead *head, H3View line)
{
    gssize colon = h3_view_find (line, ':');
    PlainField field;

    field.name = cut (line, 0, colon < 0 ? line.length : (gsize) colon);
    field.value = colon < 0 ? H3_VIEW_EMPTY : cut (line, (gsize) colon + 1, line.length);
    refuse_if (head, colon < 0 || !is_token (field.name), PLAIN_FIELD_NAME);
    for (gsize i = 0; i < field.value.length; i++) {
        guchar c = (guchar) field.value.data[i];

        refuse_if (head, (c < 0x20 && c != '\t') || c == 0x7f, PLAIN_FIELD_VALUE);
    }
    field.value = h3_view_trim (field.value);
    g_array_append_val (head->fields, field);
}

static void
read_path_and_query (PlainHead *head, H3View text)
{
    gssize mark = h3_view_find (text, '?');
    H3View path = cut (text, 0, mark < 0 ? text.length : (gsize) mark);

    head->path = plain_path_canonicalize (path.length > 0 ? path : H3_VIEW ("/"));
    refuse_if (head, head->path == NULL, PLAIN_PATH);
    if (mark < 0)
        return;
    head->query = cut (text, (gsize) mark + 1, text.length);
    for (gsize i = 0; i < head->query.length; i++) {
        H3View rest = cut (head->query, i, head->query.length);

        refuse_if (head,
                   rest.data[0] == '%'
                       && (rest.length < 3 || !g_ascii_isxdigit (rest.data[1])
                           || !g_ascii_isxdigit (rest.data[2])
                           || memcmp (rest.data, "%00", 3) == 0),
                   PLAIN_QUERY);
    }
}

static void
read_authority (PlainHead *head, H3View authority, gboolean needs_port)
{
    gboolean has_port = FALSE;

    refuse_if (head, !is_authority (authority, &has_port) || (needs_port && !has_port),
               PLAIN_TARGET);
    refuse_if (head, head->host.data != NULL && !h3_view_equal_ignore_case (authority, head->host),
               PLAIN_OTHER_HOST);
    if (head->host.data == NULL)
        head->host = authority;
}

/* The four forms of RFC 9112 §3.2. */
static void
read_target (PlainHead *head)
{
    H3View target = head->target;
    gsize scheme = find (target, "://") == 4 ? 7 : 8, end = scheme;

    if (h3_view_equal (head->method, H3_VIEW ("CONNECT"))) {
        read_authority (head, target, TRUE);
        head->path = g_string_new_len (target.data, (gssize) target.length);
    } else if (target.data[0] == '/') {
        read_path_and_query (head, target);
    } else if (h3_view_equal (target, H3_VIEW ("*"))) {
        refuse_if (head, !h3_view_equal (head->method, H3_VIEW ("OPTIONS")), PLAIN_TARGET);
        head->path = g_string_new ("*");
    } else if (target.length >= scheme
               && (h3_view_equal_ignore_case (cut (target, 0, scheme), H3_VIEW ("http://"))
                   || h3_view_equal_ignore_case (cut (target, 0, scheme), H3_VIEW ("https://")))) {
        while (end < target.length && target.data[end] != '/' && target.data[end] != '?')
            end++;
        read_authority (head, cut (target, scheme, end), FALSE);
        read_path_and_query (head, cut (target, end, target.length));
    } else {
        refuse_if (head, TRUE, PLAIN_TARGET);
    }
}

static void
read_host (PlainHead *head)
{
    H3View host;
    guint n = count_fields (head, "host", &host);
    gboolean has_port;

    refuse_if (head, n > 1 || (n == 0 && head->minor == 1), PLAIN_HOST);
    if (n == 0)
        return;
    refuse_if (head, !is_authority (host, &has_port), PLAIN_HOST);
    head->host = host;
}

static void
read_framing (PlainHead *head)
{
    H3View coding, length, expect, upgrade, type;
    guint n_codings = count_fields (head, "transfer-encoding", &coding);
    guint n_lengths = count_fields (head, "content-length", &length);
    guint n_expects = count_fields (head, "expect", &expect);

    if (n_codings > 0) {
        refuse_if (head, head->minor == 0 || n_lengths > 0 || n_codings > 1 || !is_token (coding),
                   PLAIN_CODING);
        head->chunked = h3_view_equal_ignore_case (coding, H3_VIEW ("chunked"));
        refuse_if (head, !head->chunked, PLAIN_UNKNOWN_CODING);
        head->has_body = TRUE;
    } else if (n_lengths > 0) {
        g_autofree char *digits = h3_view_dup (length);

        refuse_if (head,
                   n_lengths > 1 || !is_number (length) || (length.length > 1 && *digits == '0')
                       || length.length > 19 || g_ascii_strtoull (digits, NULL, 10) > G_MAXINT64,
                   PLAIN_CONTENT_LENGTH);
        head->content_length = g_ascii_strtoull (digits, NULL, 10);
        head->has_body = head->content_length > 0;
    }
    refuse_if (
        head,
        n_expects > 1
            || (n_expects == 1 && !h3_view_equal_ignore_case (expect, H3_VIEW ("100-continue"))),
        PLAIN_EXPECT);
    head->expects_continue = n_expects == 1 && head->minor == 1 && head->has_body;
    head->keep_alive = !connection_has (head, "close")
                       && (head->minor == 1 || connection_has (head, "keep-alive"));
    head->wants_upgrade = head->minor == 1 && connection_has (head, "upgrade")
                          && count_fields (head, "upgrade", &upgrade) > 0;
    refuse_if (head, count_fields (head, "content-type", &type) > 1, PLAIN_CONTENT_TYPE);
}

/* `lines` is all between an empty line in front and the last one, each with its CRLF. */
static void
read_lines (PlainHead *head, const H3Limits *limits, H3View lines, gsize start)
{
    gssize end = find (lines, "\r\n");
    gboolean usable;

    read_request_line (head, cut (lines, 0, (gsize) end), &usable);
    refuse_if (head, (gint64) head->target.length > limits->target, PLAIN_TARGET_LENGTH);
    refuse_if (head,
               (gint64) (start + head->method.length + 1 + head->target.length) >= limits->head,
               PLAIN_HEAD_LENGTH_IN_TARGET);
    for (;;) {
        lines = cut (lines, (gsize) end + 2, lines.length);
        if (lines.length == 0)
            break;
        end = find (lines, "\r\n");
        refuse_if (head, end > limits->field_line, PLAIN_FIELD_LINE_LENGTH);
        read_field (head, cut (lines, 0, (gsize) end));
    }
    refuse_if (head, head->fields->len > limits->fields, PLAIN_FIELD_COUNT);
    if (!usable)
        return;
    read_host (head);
    read_target (head);
    read_framing (head);
}

void
plain_head_read (PlainHead *head, const H3Limits *limits, H3View bytes)
{
    gsize start = h3_view_starts_with (bytes, H3_VIEW ("\r\n")) ? 2 : 0;
    H3View rest = cut (bytes, start, bytes.length);
    gssize end = find (rest, "\r\n\r\n");
    gboolean again = h3_view_starts_with (rest, H3_VIEW ("\r\n"));

    *head = (PlainHead){ .whole = again || end >= 0 };
    head->fields = g_array_new (FALSE, FALSE, sizeof (PlainField));
    refuse_if (head, again, PLAIN_EMPTY_LINE);
    if (again || end < 0)
        return;
    head->length = start + (gsize) end + 4;
    refuse_if (head, (gint64) head->length > limits->head, PLAIN_HEAD_LENGTH);
    read_lines (head, limits, cut (rest, 0, (gsize) end + 2), start);
}

void
plain_head_clear (PlainHead *head)
{
    g_array_unref (head->fields);
    if (head->path != NULL)
        g_string_free (head->path, TRUE);
}

gboolean
plain_head_allows (const PlainHead *head, guint status)
{
    for (guint i = 0; i < N_PLAIN_REASONS; i++) {
        if ((head->reasons & 1u << i) != 0 && reasons[i].status == status)
            return TRUE;
    }
    return FALSE;
}

char *
plain_head_explain (const PlainHead *head)
{
    GString *text = g_string_new (NULL);

    for (guint i = 0; i < N_PLAIN_REASONS; i++) {
        if ((head->reasons & 1u << i) != 0)
            g_string_append_printf (text, "%s (%u: %s) ", reasons[i].name, reasons[i].status,
                                    reasons[i].what);
    }
    return g_string_free (text, FALSE);
}
