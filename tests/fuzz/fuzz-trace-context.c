/* SPDX-License-Identifier: MIT
 *
 * traceparent on the first line, tracestate behind it: what is read of them is what regular
 * expressions read, and what is written is read again as the same. */

#include "fuzz.h"
#include "h3/http/trace-fields.h"

#define IDS     "-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-([0-9a-f]{2})"
#define EXACT   "\\A00" IDS "\\z"
#define LATER   "\\A(?!00|ff)[0-9a-f]{2}" IDS "(-.*)?\\z"
#define MEMBER  "\\A([a-z0-9][a-z0-9_*/@-]{0,255})=([ -+--<>-~]{0,255}[!-+--<>-~])\\z"
#define OPTIONS (G_REGEX_RAW | G_REGEX_DOTALL)

static GRegex *
make (const char *text)
{
    GRegex *regex = g_regex_new (text, OPTIONS, 0, NULL);

    FUZZ_ASSERT (regex != NULL, "%s", text);
    return regex;
}

static void
compare_parent (H3View field, const GMatchInfo *match)
{
    g_autofree char *trace_id = g_match_info_fetch (match, 1);
    g_autofree char *span_id = g_match_info_fetch (match, 2);
    g_autofree char *flags = g_match_info_fetch (match, 3);
    char text[TRACE_PARENT_LENGTH + 1];
    TraceParent parent, again;

    FUZZ_ASSERT (trace_parent_parse (field, &parent), "refused %.*s", H3_VIEW_ARGS (field));
    FUZZ_ASSERT (strcmp (parent.trace_id, trace_id) == 0 && strcmp (parent.span_id, span_id) == 0
                     && parent.flags == (g_ascii_strtoull (flags, NULL, 16) & 3),
                 "%.*s is %s %s %u", H3_VIEW_ARGS (field), parent.trace_id, parent.span_id,
                 parent.flags);
    trace_parent_write (&parent, text);
    FUZZ_ASSERT (trace_parent_parse (h3_view_of (text), &again)
                     && memcmp (&parent, &again, sizeof again) == 0,
                 "%s is read otherwise", text);
}

static void
check_parent (H3View field)
{
    const char *const texts[] = { EXACT, LATER };
    gboolean is_one = FALSE;
    TraceParent parent;

    for (guint i = 0; i < G_N_ELEMENTS (texts); i++) {
        g_autoptr (GRegex) regex = make (texts[i]);
        g_autoptr (GMatchInfo) match = NULL;

        if (g_regex_match_full (regex, field.data, (gssize) field.length, 0, 0, &match, NULL)) {
            is_one = TRUE;
            compare_parent (field, match);
        }
    }
    FUZZ_ASSERT (trace_parent_parse (field, &parent) == is_one, "%.*s", H3_VIEW_ARGS (field));
}

/* (transfer full) (nullable): the members, the first of each key; NULL where one is malformed or
 * there are too many. */
static GPtrArray *
read_members (const char *field)
{
    g_autoptr (GPtrArray) members = g_ptr_array_new_with_free_func (g_free);
    g_autoptr (GHashTable) keys = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
    g_autoptr (GRegex) member = make (MEMBER);
    g_auto (GStrv) parts = g_strsplit (field, ",", -1);
    guint n = 0;

    for (guint i = 0; parts[i] != NULL; i++) {
        g_autoptr (GMatchInfo) match = NULL;
        char *part = parts[i];
        gsize length;

        part += strspn (part, " \t");
        for (length = strlen (part); length > 0 && strchr (" \t", part[length - 1]) != NULL;)
            part[--length] = '\0';
        if (length == 0)
            continue;
        if (++n > TRACE_STATE_MAX_MEMBERS || !g_regex_match (member, part, 0, &match))
            return NULL;
        if (g_hash_table_add (keys, g_match_info_fetch (match, 1)))
            g_ptr_array_add (members, g_strdup (part));
    }
    g_ptr_array_add (members, NULL);
    return g_steal_pointer (&members);
}

static void
check_state (const char *field)
{
    g_autoptr (GPtrArray) members = read_members (field);
    char out[TRACE_STATE_MAX], again[TRACE_STATE_MAX];
    gsize length = trace_state_clean (h3_view_of (field), out);
    g_autofree char *clean = g_strndup (out, length);
    g_auto (GStrv) kept = g_strsplit (clean, ",", -1);
    g_autofree char *all = NULL;
    guint at = 0;

    FUZZ_ASSERT (members != NULL || length == 0, "%s is %s", field, clean);
    if (members == NULL)
        return;
    all = g_strjoinv (",", (char **) members->pdata);
    FUZZ_ASSERT (strlen (all) > TRACE_STATE_MAX || strcmp (all, clean) == 0, "%s became %s", all,
                 clean);
    for (guint i = 0; kept[i] != NULL; i++, at++) {
        while (at + 1 < members->len && strcmp (members->pdata[at], kept[i]) != 0)
            at++;
        FUZZ_ASSERT (at + 1 < members->len, "%s is not among %s", kept[i], all);
    }
    FUZZ_ASSERT (trace_state_clean (h3_view (out, length), again) == length
                     && memcmp (out, again, length) == 0,
                 "%s is read otherwise", clean);
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
    g_autofree char *copy = fuzz_copy (data, size);
    H3View rest = h3_view (copy, size), line;
    char out[TRACE_STATE_MAX];

    if (!fuzz_take_line (&rest, &line))
        return 0;
    check_parent (line);
    if (h3_view_find (rest, '\0') >= 0) {
        FUZZ_ASSERT (trace_state_clean (rest, out) == 0, "a NUL is taken");
    } else {
        g_autofree char *state = h3_view_dup (rest);

        check_state (state);
    }
    return 0;
}
