/* SPDX-License-Identifier: MIT */

#include "http1-framing.h"

#include <http_parser.h>

typedef struct {
    FramingVerdict verdict;
    FramedMessage message;
} Judgement;

static int
on_head (http_parser *parser)
{
    Judgement *judgement = parser->data;
    FramingVerdict *verdict = &judgement->verdict;

    /* It asks for this by what is returned here, which is too late for http_should_keep_alive ().
     */
    if (judgement->message == FRAMED_BODILESS)
        parser->flags |= F_SKIPBODY;
    verdict->flags = VERDICT_VALID;
    if (http_should_keep_alive (parser))
        verdict->flags |= VERDICT_KEEP_ALIVE;
    if (parser->upgrade)
        verdict->flags |= VERDICT_UPGRADE;
    if (parser->flags & F_CHUNKED)
        verdict->flags |= VERDICT_CHUNKED;
    verdict->content_length = parser->content_length;
    return 1; /* no body: ours to read */
}

static H3View
get_name (const char *base, const HeadField *field)
{
    return h3_view (base + field->name, field->name_length);
}

static H3View
get_value (const char *base, const HeadField *field)
{
    return h3_view (base + field->value, field->value_length);
}

static gboolean
is_framing_field (H3View name)
{
    return h3_view_equal_ignore_case (name, H3_VIEW ("connection"))
           || h3_view_equal_ignore_case (name, H3_VIEW ("content-length"))
           || h3_view_equal_ignore_case (name, H3_VIEW ("transfer-encoding"))
           || h3_view_equal_ignore_case (name, H3_VIEW ("upgrade"));
}

/* Those that http-parser knows. Behind others it may miss these: behind what is empty, which lists
 * may have (RFC 9110 §5.6.1.2), a TAB, what is no token, and what one of these begins with. */
static gboolean
is_framing_option (H3View option)
{
    return h3_view_equal_ignore_case (option, H3_VIEW ("close"))
           || h3_view_equal_ignore_case (option, H3_VIEW ("keep-alive"))
           || h3_view_equal_ignore_case (option, H3_VIEW ("upgrade"));
}

static void
append_options (GString *text, H3View value)
{
    const char *separator = "";
    H3View option;

    while (h3_view_split (&value, ',', &option)) {
        option = h3_view_trim (option);
        if (!is_framing_option (option))
            continue;
        g_string_append (text, separator);
        g_string_append_len (text, option.data, (gssize) option.length);
        separator = ", ";
    }
}

static void
append_framing_fields (GString *text, const char *base, const HeadIndex *head)
{
    for (guint i = 0; i < head->n_fields; i++) {
        H3View name = get_name (base, &head->fields[i]);
        H3View value = get_value (base, &head->fields[i]);

        if (!is_framing_field (name))
            continue;
        g_string_append_len (text, name.data, (gssize) name.length);
        g_string_append (text, ": ");
        if (h3_view_equal_ignore_case (name, H3_VIEW ("connection")))
            append_options (text, value);
        else
            g_string_append_len (text, value.data, (gssize) value.length);
        g_string_append (text, "\r\n");
    }
    g_string_append (text, "\r\n");
}

FramingVerdict
http1_framing_judge (GString *text, const char *base, const HeadIndex *head, FramedMessage message)
{
    static const http_parser_settings settings = { .on_headers_complete = on_head };
    Judgement judgement = { { 0, 0 }, message };
    http_parser parser;

    append_framing_fields (text, base, head);
    http_parser_init (&parser, message == FRAMED_REQUEST ? HTTP_REQUEST : HTTP_RESPONSE);
    parser.data = &judgement;
    (void) http_parser_execute (&parser, &settings, text->str, text->len);
    return judgement.verdict;
}

gboolean
http1_framing_read_length (const char *base, const HeadIndex *head, guint64 *out_length)
{
    H3View text = framing_get_known (base, head, KNOWN_CONTENT_LENGTH);

    return !(head->doubled & (1u << KNOWN_CONTENT_LENGTH))
           && (text.length <= 1 || text.data[0] != '0')
           && h3_view_parse_uint (text, G_MAXINT64, out_length);
}

gboolean
http1_framing_has_option (const char *base, const HeadIndex *head, H3View option)
{
    for (guint i = 0; i < head->n_fields; i++) {
        const HeadField *field = &head->fields[i];

        if (h3_view_equal_ignore_case (get_name (base, field), H3_VIEW ("connection"))
            && h3_view_list_has (get_value (base, field), option))
            return TRUE;
    }
    return FALSE;
}
