/* SPDX-License-Identifier: MIT
 *
 * Content negotiation. The input's first line is the field, its second the offers between blanks:
 * the best of several is one that would be taken alone, and the same wherever it stands; encodings
 * are also weighed plainly. */

#include "fuzz.h"
#include "h3/format/negotiation.h"

#define MAX_OFFERS 6
#define TOKEN      "[!#$%&'*+.^_`|~0-9A-Za-z-]+"

typedef gssize (*Negotiate) (H3View field, const char *const *offers, gssize count);

/* Whether an offer would be taken were it the only one. */
static gboolean
is_taken_alone (Negotiate negotiate, H3View field, const char *offer)
{
    return negotiate (field, &offer, 1) == 0;
}

static void
check_order (Negotiate negotiate, H3View field, const char *const *offers, gssize n)
{
    const char *reversed[MAX_OFFERS], *pair[2];
    gssize best = negotiate (field, offers, n), other;
    guint n_taken = 0;

    FUZZ_ASSERT (best >= -1 && best < n, "%zd of %zd", best, n);
    for (gssize i = 0; i < n; i++) {
        reversed[n - 1 - i] = offers[i];
        n_taken += is_taken_alone (negotiate, field, offers[i]);
    }
    FUZZ_ASSERT ((best >= 0) == (n_taken > 0), "best is %zd, but %u would be taken alone", best,
                 n_taken);
    other = negotiate (field, reversed, n);
    FUZZ_ASSERT ((best >= 0) == (other >= 0), "best is %zd, reversed %zd", best, other);
    if (best < 0)
        return;
    FUZZ_ASSERT (is_taken_alone (negotiate, field, offers[best]), "%s is not taken alone",
                 offers[best]);
    /* It wins against each of the others, and yields only to those that are liked equally. */
    for (gssize i = 0; i < n; i++) {
        pair[0] = offers[best];
        pair[1] = offers[i];
        FUZZ_ASSERT (negotiate (field, pair, 2) == 0, "%s yields to %s", pair[0], pair[1]);
        pair[0] = offers[i];
        pair[1] = offers[best];
        FUZZ_ASSERT (i >= best || negotiate (field, pair, 2) == 1, "%s came first", pair[0]);
    }
}

static const char *
without_x (const char *coding)
{
    return g_ascii_strcasecmp (coding, "x-gzip") == 0
                   || g_ascii_strcasecmp (coding, "x-compress") == 0
               ? coding + 2
               : coding;
}

/* The weight of an offer in thousandths: of its own name, of "*", or -1 where neither is there. */
static int
weigh (H3View field, const char *offer)
{
    g_autoptr (GRegex) regex = g_regex_new (
        "^(" TOKEN ")(?:[ \\t]*;)*(?:[ \\t]*;[ \\t]*[qQ]=(0(?:\\.[0-9]{0,3})?|1(?:\\.0{0,3})?)"
        "(?:[ \\t]*;)*)?$",
        G_REGEX_RAW | G_REGEX_DOLLAR_ENDONLY, 0, NULL);
    int own = -1, any = -1;
    H3View part;

    for (guint n = 0; n < H3_NEGOTIATION_MAX_ELEMENTS && h3_view_split (&field, ',', &part); n++) {
        g_autoptr (GMatchInfo) info = NULL;
        g_autofree char *coding = NULL;
        g_autofree char *weight = NULL;
        int value;

        part = h3_view_trim (part);
        if (!g_regex_match_full (regex, part.data, (gssize) part.length, 0, 0, &info, NULL))
            continue;
        coding = g_match_info_fetch (info, 1);
        weight = g_match_info_fetch (info, 2);
        value = weight == NULL || *weight == '\0'
                    ? 1000
                    : (int) (g_ascii_strtod (weight, NULL) * 1000 + 0.5);
        if (g_ascii_strcasecmp (without_x (coding), without_x (offer)) == 0)
            own = MAX (own, value);
        else if (g_str_equal (coding, "*"))
            any = MAX (any, value);
    }
    return own >= 0 ? own : any;
}

/* Fields of simple elements only: what has more than a weight, and many, are left to the order. */
static void
compare_encodings (H3View field, const char *const *offers, gssize n)
{
    g_autofree char *text = h3_view_dup (field);
    gssize best = h3_negotiate_encoding (field, offers, n), expected = -1;
    double best_weight = 0;

    if (strlen (text) != field.length || strchr (text, '"') != NULL || strstr (text, ";;") != NULL
        || field.length > 200
        || g_regex_match_simple (";[ \\t]*q=[^,]*;[ \\t]*[^,; \\t]", text,
                                 G_REGEX_CASELESS | G_REGEX_RAW, 0))
        return;
    for (gssize i = 0; i < n; i++) {
        double weight = weigh (field, offers[i]);

        /* Where nothing names it, "identity" comes last. */
        if (weight < 0 && g_ascii_strcasecmp (offers[i], "identity") == 0)
            weight = 0.5;
        if (weight > best_weight) {
            best_weight = weight;
            expected = i;
        }
    }
    FUZZ_ASSERT (best == expected, "'%s': %zd, not %zd of %zd", text, best, expected, n);
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
    g_autofree char *copy = fuzz_copy (data, size);
    H3View rest = h3_view (copy, size), field = H3_VIEW_EMPTY, line = H3_VIEW_EMPTY;
    g_auto (GStrv) offers = NULL;
    g_autofree char *text = NULL;
    gssize n;

    (void) fuzz_take_line (&rest, &field);
    (void) fuzz_take_line (&rest, &line);
    text = h3_view_dup (line);
    offers = g_strsplit (text, " ", MAX_OFFERS);
    n = (gssize) g_strv_length (offers);
    check_order (h3_negotiate_type, field, (const char *const *) offers, n);
    check_order (h3_negotiate_encoding, field, (const char *const *) offers, n);
    check_order (h3_negotiate_language, field, (const char *const *) offers, n);
    compare_encodings (field, (const char *const *) offers, n);
    return 0;
}
