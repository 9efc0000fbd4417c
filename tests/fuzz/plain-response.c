/* SPDX-License-Identifier: MIT */

#include "plain-response.h"

static void
refuse_if (PlainResponse *response, gboolean wrong, const char *why)
{
    if (wrong && response->wrong == NULL)
        response->wrong = why;
}

static H3View
cut (H3View text, gsize from, gsize to)
{
    return h3_view (text.data + from, to - from);
}

static gboolean
is_token (H3View text)
{
    for (gsize i = 0; i < text.length; i++) {
        char c = text.data[i];

        if (!g_ascii_isalnum (c) && (c == '\0' || strchr ("!#$%&'*+-.^_`|~", c) == NULL))
            return FALSE;
    }
    return text.length > 0;
}

/* RFC 9110 §5.5, and a reason of RFC 9112 §4. */
static gboolean
is_text (H3View text)
{
    for (gsize i = 0; i < text.length; i++) {
        guchar c = (guchar) text.data[i];

        if ((c < 0x20 && c != '\t') || c == 0x7f)
            return FALSE;
    }
    return TRUE;
}

/* One plain number; ours: without a leading zero, and below 2^63. */
static gboolean
read_number (H3View text, guint64 *out)
{
    g_autofree char *digits = h3_view_dup (text);

    if (text.length == 0 || text.length > 19 || strspn (digits, "0123456789") != text.length
        || (text.length > 1 && digits[0] == '0'))
        return FALSE;
    *out = g_ascii_strtoull (digits, NULL, 10);
    return *out <= G_MAXINT64;
}

/* "HTTP/1.x 200", and behind a blank perhaps a reason. */
static void
read_status_line (PlainResponse *response, H3View line)
{
    gboolean is_one = line.length >= 12 && memcmp (line.data, "HTTP/1.", 7) == 0
                      && (line.data[7] == '0' || line.data[7] == '1') && line.data[8] == ' '
                      && line.data[9] >= '1' && line.data[9] <= '5'
                      && g_ascii_isdigit (line.data[10]) && g_ascii_isdigit (line.data[11])
                      && (line.length == 12 || line.data[12] == ' ');

    refuse_if (response, !is_one, "no status line");
    if (!is_one)
        return;
    response->minor = line.data[7] == '1';
    response->status = (guint) g_ascii_strtoull (line.data + 9, NULL, 10);
    if (line.length > 12)
        response->reason = cut (line, 13, line.length);
    refuse_if (response, !is_text (response->reason), "a control in the reason");
}

static void
read_line (PlainResponse *response, H3View text)
{
    gssize colon = h3_view_find (text, ':');
    PlainLine line;

    refuse_if (response, colon < 0, "no colon");
    if (colon < 0)
        return;
    line.name = cut (text, 0, (gsize) colon);
    line.value = h3_view_trim (cut (text, (gsize) colon + 1, text.length));
    refuse_if (response, !is_token (line.name), "a name that is no token");
    refuse_if (response, !is_text (line.value), "a control in a value");
    g_array_append_val (response->lines, line);
}

static guint
count (const PlainResponse *response, const char *name, H3View *out_value)
{
    guint n = 0;

    for (guint i = 0; i < response->lines->len; i++) {
        const PlainLine *line = &g_array_index (response->lines, PlainLine, i);

        if (h3_view_equal_ignore_case (line->name, h3_view_of (name)) && n++ == 0)
            *out_value = line->value;
    }
    return n;
}

static gboolean
connection_has (const PlainResponse *response, const char *option)
{
    for (guint i = 0; i < response->lines->len; i++) {
        const PlainLine *line = &g_array_index (response->lines, PlainLine, i);
        H3View rest = line->value, part;

        if (!h3_view_equal_ignore_case (line->name, H3_VIEW ("connection")))
            continue;
        while (h3_view_split (&rest, ',', &part)) {
            if (h3_view_equal_ignore_case (h3_view_trim (part), h3_view_of (option)))
                return TRUE;
        }
    }
    return FALSE;
}

static void
read_framing (PlainResponse *response, const PlainQuestion *question)
{
    H3View coding, length;
    guint n_codings = count (response, "transfer-encoding", &coding);
    guint n_lengths = count (response, "content-length", &length);
    gboolean announces;

    refuse_if (response, n_codings > 0 && n_lengths > 0, "a coding and a length");
    refuse_if (response, n_codings > 0 && response->minor == 0, "a coding in HTTP/1.0");
    refuse_if (response,
               n_codings > 1
                   || (n_codings == 1 && !h3_view_equal_ignore_case (coding, H3_VIEW ("chunked"))),
               "a coding that is not chunked");
    refuse_if (response,
               n_lengths > 1 || (n_lengths == 1 && !read_number (length, &response->body)),
               "a length that is none");
    if (response->wrong != NULL)
        return;
    response->has_length = n_lengths == 1;
    announces = n_codings > 0 || response->body > 0;
    refuse_if (response, response->status < 200 && announces, "a body of an interim answer");
    response->keep_alive = !connection_has (response, "close")
                           && (response->minor == 1 || connection_has (response, "keep-alive"));
    if (question->method == H3_METHOD_HEAD || response->status < 200 || response->status == 204
        || response->status == 304)
        response->framing = FRAMING_NONE;
    else if (n_codings > 0)
        response->framing = FRAMING_CHUNKED;
    else
        response->framing = n_lengths > 0 ? FRAMING_LENGTH : FRAMING_CLOSE;
    if (response->framing == FRAMING_CLOSE || (response->status == 204 && announces))
        response->keep_alive = FALSE;
}

static void
read_upgrade (PlainResponse *response, const PlainQuestion *question)
{
    H3View protocol;

    refuse_if (response,
               response->minor == 0 || question->upgrade.length == 0
                   || count (response, "upgrade", &protocol) != 1
                   || !h3_view_equal_ignore_case (protocol, question->upgrade)
                   || !connection_has (response, "upgrade"),
               "an upgrade that was not asked for");
    response->keep_alive = FALSE;
}

void
plain_response_read (PlainResponse *response, const H3Limits *limits, const PlainQuestion *question,
                     H3View bytes)
{
    g_autoptr (GString) text = g_string_new_len (bytes.data, (gssize) bytes.length);
    const char *end = g_strstr_len (text->str, (gssize) text->len, "\r\n\r\n");
    H3View rest;
    gboolean is_first = TRUE;

    *response = (PlainResponse){ .lines = g_array_new (FALSE, FALSE, sizeof (PlainLine)) };
    response->reason = H3_VIEW_EMPTY;
    /* g_strstr_len () stops at a NUL, which is refused wherever it stands in a head. */
    response->whole = end != NULL;
    if (end == NULL)
        return;
    response->length = (gsize) (end - text->str) + 4;
    refuse_if (response, (gint64) response->length > limits->head, "a head over its limit");
    rest = cut (bytes, 0, response->length - 2);
    while (rest.length > 0) {
        g_autofree char *copy = h3_view_dup (rest);
        gsize length = (gsize) (strstr (copy, "\r\n") - copy);
        H3View line = cut (rest, 0, length);

        refuse_if (response, (gint64) length > limits->field_line, "a line over its limit");
        if (is_first)
            read_status_line (response, line);
        else
            read_line (response, line);
        is_first = FALSE;
        rest = cut (rest, length + 2, rest.length);
    }
    refuse_if (response, response->lines->len > limits->fields, "too many fields");
    if (response->wrong != NULL)
        return;
    if (question->method == H3_METHOD_CONNECT && response->status / 100 == 2)
        return;
    read_framing (response, question);
    if (response->status == 101 && response->wrong == NULL)
        read_upgrade (response, question);
}

void
plain_response_clear (PlainResponse *response)
{
    g_array_unref (response->lines);
}
