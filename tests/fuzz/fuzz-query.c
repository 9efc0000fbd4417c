/* SPDX-License-Identifier: MIT
 *
 * A query or a form: read as the plain reading has it, pair for pair; what is read reads again as
 * the same when it is written; a name finds its first value, and all of them. */

#include "fuzz.h"
#include "h3/format/query.h"

typedef struct {
    char *name, *value; /* owned */
} Pair;

static void
pair_clear (gpointer data)
{
    Pair *pair = data;

    g_free (pair->name);
    g_free (pair->value);
}

/* NULL where it is refused, and why. */
static char *
decode (H3View text, H3QueryError *out_problem)
{
    g_autoptr (GString) decoded = g_string_new (NULL);

    for (gsize i = 0; i < text.length; i++) {
        int c = (guchar) text.data[i];

        if (c == '%') {
            if (text.length - i < 3 || !g_ascii_isxdigit (text.data[i + 1])
                || !g_ascii_isxdigit (text.data[i + 2])) {
                *out_problem = H3_QUERY_BAD_ESCAPE;
                return NULL;
            }
            c = g_ascii_xdigit_value (text.data[i + 1]) * 16
                + g_ascii_xdigit_value (text.data[i + 2]);
            i += 2;
        } else if (c == '+') {
            c = ' ';
        }
        g_string_append_c (decoded, (char) c);
    }
    for (gsize i = 0; i < decoded->len; i++) {
        if (g_ascii_iscntrl (decoded->str[i]) && strchr ("\t\r\n", decoded->str[i]) == NULL)
            *out_problem = H3_QUERY_BAD_TEXT;
        if (decoded->str[i] == '\0')
            *out_problem = H3_QUERY_BAD_TEXT;
    }
    if (!g_utf8_validate_len (decoded->str, decoded->len, NULL))
        *out_problem = H3_QUERY_BAD_TEXT;
    return *out_problem == H3_QUERY_OK ? g_strndup (decoded->str, decoded->len) : NULL;
}

/* (transfer full): the pairs; the first problem, which ends the reading. */
static GArray *
read_plainly (H3View text, guint max_pairs, H3QueryError *out_problem)
{
    GArray *pairs = g_array_new (FALSE, FALSE, sizeof (Pair));
    H3View part;
    guint n = 0;

    g_array_set_clear_func (pairs, pair_clear);
    *out_problem = H3_QUERY_OK;
    for (H3View rest = text; h3_view_split (&rest, '&', &part);)
        n += part.length > 0;
    if (n > max_pairs)
        *out_problem = H3_QUERY_TOO_MANY;
    while (*out_problem == H3_QUERY_OK && h3_view_split (&text, '&', &part)) {
        gssize equals = h3_view_find (part, '=');
        gsize length = equals < 0 ? part.length : (gsize) equals;
        H3View value =
            equals < 0 ? H3_VIEW_EMPTY : h3_view (part.data + length + 1, part.length - length - 1);
        Pair pair = { NULL, NULL };

        if (part.length == 0)
            continue;
        pair.name = decode (h3_view (part.data, length), out_problem);
        if (*out_problem == H3_QUERY_OK)
            pair.value = decode (value, out_problem);
        g_array_append_val (pairs, pair);
    }
    return pairs;
}

typedef struct {
    const GArray *expected; /* borrowed */
    guint n;
    GString *written; /* owned */
} Check;

static gboolean
check_pair (const char *name, const char *value, gpointer user_data)
{
    Check *check = user_data;
    const Pair *pair = &g_array_index (check->expected, Pair, check->n++);

    FUZZ_ASSERT (g_str_equal (name, pair->name) && g_str_equal (value, pair->value),
                 "'%s' = '%s', not '%s' = '%s'", name, value, pair->name, pair->value);
    h3_query_append (check->written, name, value);
    return TRUE;
}

static void
assert_finds (const H3Query *query, const GArray *pairs, H3Arena *arena)
{
    for (guint i = 0; i < pairs->len && i < 20; i++) {
        const char *name = g_array_index (pairs, Pair, i).name;
        const char **all = h3_query_get_all (query, name, arena);
        guint n = 0;

        for (guint k = 0; k < pairs->len; k++) {
            const Pair *pair = &g_array_index (pairs, Pair, k);

            if (!g_str_equal (pair->name, name))
                continue;
            if (n == 0)
                FUZZ_ASSERT (g_strcmp0 (h3_query_get (query, name), pair->value) == 0, "%s", name);
            FUZZ_ASSERT (g_strcmp0 (all[n++], pair->value) == 0, "value %u of %s", n, name);
        }
        FUZZ_ASSERT (all[n] == NULL, "more values of %s", name);
    }
}

static void
compare (const H3Query *query, const GArray *pairs, guint max_pairs, H3Arena *arena)
{
    Check check = { pairs, 0, g_string_new (NULL) };
    H3Query *again;

    FUZZ_ASSERT (h3_query_get_n_pairs (query) == pairs->len, "%u pairs, not %u",
                 h3_query_get_n_pairs (query), pairs->len);
    h3_query_foreach (query, check_pair, &check);
    FUZZ_ASSERT (check.n == pairs->len, "%u pairs told, not %u", check.n, pairs->len);
    assert_finds (query, pairs, arena);
    again =
        h3_query_parse (arena, h3_view (check.written->str, check.written->len), max_pairs, NULL);
    FUZZ_ASSERT (again != NULL, "%s is refused", check.written->str);
    check.n = 0;
    g_string_truncate (check.written, 0);
    h3_query_foreach (again, check_pair, &check);
    FUZZ_ASSERT (check.n == pairs->len, "written and read: %u pairs, not %u", check.n, pairs->len);
    g_string_free (check.written, TRUE);
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
    g_autofree char *copy = fuzz_copy (data, size);
    H3View text = h3_view (copy, size);
    FuzzChoice choice = fuzz_choice_of (text);
    guint max_pairs = fuzz_choose (&choice, 2) == 0 ? H3_QUERY_MAX_PAIRS : fuzz_choose (&choice, 6);
    g_autoptr (H3Arena) arena = h3_arena_new ();
    H3QueryError problem, expected;
    GArray *pairs = read_plainly (text, max_pairs, &expected);
    H3Query *query = h3_query_parse (arena, text, max_pairs, &problem);

    FUZZ_ASSERT (problem == expected && (query != NULL) == (problem == H3_QUERY_OK),
                 "problem %d, not %d", problem, expected);
    if (query != NULL)
        compare (query, pairs, max_pairs, arena);
    g_array_unref (pairs);
    return 0;
}
