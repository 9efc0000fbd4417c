/* SPDX-License-Identifier: MIT
 *
 * A JSON text: what the scan takes jansson takes, and the other way round; the depth and the place
 * of what is wrong are right; and what is written, by jansson or by the writer for hot answers,
 * reads as what it was written from; paths lead to all of it. */

#include "fuzz.h"
#include "h3/format/json-writer.h"
#include "h3/format/json.h"

/* How many objects and arrays are open at most. */
static guint
measure_depth (json_t *value)
{
    guint deepest = 0, depth;
    const char *name;
    json_t *below;
    gsize i;

    if (!json_is_object (value) && !json_is_array (value))
        return 0;
    json_object_foreach (value, name, below)
    {
        depth = measure_depth (below);
        deepest = MAX (deepest, depth);
    }
    json_array_foreach (value, i, below)
    {
        depth = measure_depth (below);
        deepest = MAX (deepest, depth);
    }
    return deepest + 1;
}

/* As json_equal (), but for how a number is written: 1e2 is 100. */
static gboolean
is_equal (json_t *a, json_t *b)
{
    const char *name;
    json_t *below;
    gsize i;

    if (json_is_number (a) && json_is_number (b) && json_typeof (a) != json_typeof (b))
        return json_number_value (a) == json_number_value (b);
    if (json_typeof (a) != json_typeof (b) || json_object_size (a) != json_object_size (b)
        || json_array_size (a) != json_array_size (b))
        return FALSE;
    if (!json_is_object (a) && !json_is_array (a))
        return json_equal (a, b);
    json_object_foreach (a, name, below)
    {
        json_t *other = json_object_get (b, name);

        if (other == NULL || !is_equal (below, other))
            return FALSE;
    }
    json_array_foreach (a, i, below)
    {
        if (!is_equal (below, json_array_get (b, i)))
            return FALSE;
    }
    return TRUE;
}

static void
write_value (H3JsonWriter *writer, json_t *value)
{
    const char *name;
    json_t *below;
    gsize i;

    switch (json_typeof (value)) {
    case JSON_OBJECT:
        h3_json_writer_begin_object (writer);
        json_object_foreach (value, name, below)
        {
            h3_json_writer_add_name (writer, name);
            write_value (writer, below);
        }
        h3_json_writer_end_object (writer);
        break;
    case JSON_ARRAY:
        h3_json_writer_begin_array (writer);
        json_array_foreach (value, i, below) write_value (writer, below);
        h3_json_writer_end_array (writer);
        break;
    case JSON_STRING:
        h3_json_writer_add_string (writer, json_string_value (value));
        break;
    case JSON_INTEGER:
        h3_json_writer_add_int (writer, json_integer_value (value));
        break;
    case JSON_REAL:
        h3_json_writer_add_double (writer, json_real_value (value));
        break;
    case JSON_NULL:
        h3_json_writer_add_null (writer);
        break;
    default:
        h3_json_writer_add_boolean (writer, json_is_true (value));
        break;
    }
}

static void
assert_reads_back (json_t *document, H3View text)
{
    g_autoptr (GError) error = NULL;
    g_autoptr (json_t) again = h3_json_parse (text, H3_JSON_DEPTH_LIMIT, &error);

    FUZZ_ASSERT (again != NULL, "%.*s: %s", H3_VIEW_ARGS (text), error->message);
    FUZZ_ASSERT (is_equal (document, again), "%.*s is another", H3_VIEW_ARGS (text));
}

static void
assert_written (json_t *document)
{
    g_autofree char *compact = h3_json_to_text (document, H3_JSON_COMPACT);
    g_autofree char *pretty = h3_json_to_text (document, H3_JSON_PRETTY);
    g_autoptr (H3Arena) arena = h3_arena_new ();
    H3JsonWriter *writer = h3_json_writer_new (arena);
    H3View text;
    gboolean finished;

    assert_reads_back (document, h3_view_of (compact));
    assert_reads_back (document, h3_view_of (pretty));
    write_value (writer, document);
    finished = h3_json_writer_finish (writer, &text);
    FUZZ_ASSERT (finished == (measure_depth (document) <= H3_JSON_WRITER_MAX_DEPTH), "%s",
                 finished ? "too deep" : h3_json_writer_get_problem (writer));
    if (finished)
        assert_reads_back (document, text);
}

/* Each value is found by its path, names in quotes. */
static void
assert_paths (json_t *root, json_t *value, const char *path)
{
    const char *name;
    json_t *below;
    gsize i;

    FUZZ_ASSERT (h3_json_get (root, path) == value, "%s leads elsewhere", path);
    json_object_foreach (value, name, below)
    {
        g_autoptr (json_t) text = json_string (name);
        g_autofree char *quoted = h3_json_to_text (text, H3_JSON_COMPACT);
        g_autofree char *longer = g_strdup_printf ("%s[%s]", path, quoted);

        assert_paths (root, below, longer);
    }
    json_array_foreach (value, i, below)
    {
        g_autofree char *longer = g_strdup_printf ("%s[%zu]", path, i);

        assert_paths (root, below, longer);
    }
}

/* The place is in the text, and line and column are those of the offset. */
static void
assert_place (H3View text, const H3JsonProblem *problem)
{
    guint line = 1, column = 1;

    FUZZ_ASSERT (problem->offset <= text.length && problem->reason != NULL, "offset %zu of %zu",
                 problem->offset, text.length);
    FUZZ_ASSERT (g_utf8_validate_len (text.data, problem->offset, NULL),
                 "the place is within a character, or behind one that is none");
    for (const char *at = text.data; at < text.data + problem->offset; at = g_utf8_next_char (at)) {
        column = *at == '\n' ? 1 : column + 1;
        line += *at == '\n';
    }
    FUZZ_ASSERT (problem->line == line && problem->column == column,
                 "line %u, column %u, not %u, %u", problem->line, problem->column, line, column);
}

/* What the document's reader refuses beyond the scan is named in its header: names twice, and
 * numbers that are too big. */
static gboolean
is_documented (json_error_t *problem)
{
    return json_error_code (problem) == json_error_duplicate_key
           || json_error_code (problem) == json_error_numeric_overflow;
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
    g_autofree char *copy = fuzz_copy (data, size);
    H3View text = h3_view (copy, size);
    FuzzChoice choice = fuzz_choice_of (text);
    guint depth = 1 + fuzz_choose (&choice, 5);
    H3JsonProblem problem = { 0 };
    json_error_t error;
    gboolean taken = h3_json_scan (text, H3_JSON_DEPTH_LIMIT, &problem);
    g_autoptr (json_t) document =
        json_loadb (copy, size, JSON_DECODE_ANY | JSON_REJECT_DUPLICATES, &error);

    if (!taken) {
        assert_place (text, &problem);
        /* jansson takes a NUL for the end of the text. */
        FUZZ_ASSERT (document == NULL || measure_depth (document) > H3_JSON_DEPTH_LIMIT
                         || h3_view_find (text, '\0') >= 0,
                     "refused, but jansson takes it: line %u, column %u: %s", problem.line,
                     problem.column, problem.reason);
        return 0;
    }
    FUZZ_ASSERT (document != NULL || is_documented (&error), "taken, but jansson says: %s",
                 error.text);
    if (document == NULL)
        return 0;
    FUZZ_ASSERT (h3_json_scan (text, depth, &problem) == (measure_depth (document) <= depth),
                 "depth %u", depth);
    assert_written (document);
    if (size <= 1000)
        assert_paths (document, document, "");
    return 0;
}
