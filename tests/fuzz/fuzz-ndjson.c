/* SPDX-License-Identifier: MIT
 *
 * Lines of JSON: read in pieces as at once, and as a plain reading finds them that splits the text
 * at its line ends and asks jansson. */

#include "fuzz.h"
#include "h3/format/json.h"
#include "h3/format/ndjson.h"

#define MAX_DEPTH 8

static void
note (GString *heard, const H3NdjsonReader *reader, json_t *document)
{
    g_autofree char *text = h3_json_to_text (document, H3_JSON_COMPACT);

    g_string_append_printf (heard, "%" G_GUINT64_FORMAT ":%s\n", h3_ndjson_reader_get_line (reader),
                            text);
    json_decref (document);
}

/* (transfer full): all that is read, and how it ends. */
static GString *
read_all (H3View text, gsize max_line, gboolean in_pieces)
{
    g_autoptr (H3NdjsonReader) reader = h3_ndjson_reader_new (max_line, MAX_DEPTH);
    GString *heard = g_string_new (NULL);
    FuzzCuts cuts;
    gsize at = 0, end = text.length;
    gboolean has_ended = FALSE;

    fuzz_cuts_init (&cuts, text);
    for (;;) {
        g_autoptr (GError) error = NULL;
        json_t *document;
        H3NdjsonStep step = h3_ndjson_reader_take (reader, &document, &error);

        if (step == H3_NDJSON_DOCUMENT) {
            note (heard, reader, document);
        } else if (step != H3_NDJSON_WAIT) {
            g_string_append (heard, step == H3_NDJSON_END ? "." : error->message);
            return heard;
        } else if (in_pieces ? fuzz_cuts_next (&cuts, &end) : at < text.length) {
            g_autofree char *piece = fuzz_copy (text.data + at, end - at);

            h3_ndjson_reader_feed (reader, piece, end - at);
            at = end;
        } else {
            FUZZ_ASSERT (!has_ended, "it waits behind the end");
            has_ended = TRUE;
            h3_ndjson_reader_end (reader);
        }
    }
}

static gboolean
is_blank (H3View line)
{
    for (gsize i = 0; i < line.length; i++) {
        if (line.data[i] != ' ' && line.data[i] != '\t' && line.data[i] != '\r')
            return FALSE;
    }
    return TRUE;
}

/* (transfer full): the same by a plain reading; what a failure says is the library's own. */
static GString *
read_plainly (H3View text, gsize max_line)
{
    GString *heard = g_string_new (NULL);
    H3View line;

    for (guint n = 1; fuzz_take_line (&text, &line); n++) {
        g_autoptr (json_t) document = NULL;
        g_autofree char *shown = NULL;

        if (line.length > 0 && line.data[line.length - 1] == '\r')
            line.length--;
        if (line.length <= max_line && is_blank (line))
            continue;
        if (line.length <= max_line)
            document = h3_json_parse (line, MAX_DEPTH, NULL);
        if (document == NULL) {
            g_string_append_printf (heard, "line %u", n);
            return heard;
        }
        shown = h3_json_to_text (document, H3_JSON_COMPACT);
        g_string_append_printf (heard, "%u:%s\n", n, shown);
    }
    g_string_append_c (heard, '.');
    return heard;
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
    g_autofree char *copy = fuzz_copy (data, size);
    H3View text = h3_view (copy, size);
    FuzzChoice choice = fuzz_choice_of (text);
    gsize max_line = 1 + fuzz_choose (&choice, 64);
    g_autoptr (GString) whole = read_all (text, max_line, FALSE);
    g_autoptr (GString) cut = read_all (text, max_line, TRUE);
    g_autoptr (GString) plain = read_plainly (text, max_line);

    FUZZ_ASSERT (g_string_equal (whole, cut), "%s\nin pieces\n%s", whole->str, cut->str);
    FUZZ_ASSERT (g_str_has_prefix (whole->str, plain->str), "%s\nplainly\n%s", whole->str,
                 plain->str);
    return 0;
}
