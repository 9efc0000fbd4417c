/* SPDX-License-Identifier: MIT */

#include "schema-pattern.h"

#include <h3/base/error.h>
#include <h3/base/view.h>

/* How many steps PCRE2 may take, cheap ones first: a text that belongs to a hostile pair is found
 * out at the price of the lower bounds, and the work that is left says whether more is spent. */
static const guint step_bounds[] = { 128, 4096, 131072, 1048576 };

/* Steps for the price of one value of a document; and the least price of a match. */
#define STEPS_A_WORK 4
#define LEAST_PRICE  16

/* Backtracking keeps its places on the heap, in KiB. */
#define HEAP_BOUND 16384

/* What \d, \w and \s are, and what they are not, as the inside of a class: PCRE's own go by
 * Unicode, those of ECMA-262 by ASCII but for blanks. */
#define DIGITS    "0-9"
#define NO_DIGITS "\\x{0}-\\x{2f}\\x{3a}-\\x{10ffff}"
#define WORDS     "A-Za-z0-9_"
#define NO_WORDS  "\\x{0}-\\x{2f}\\x{3a}-\\x{40}\\x{5b}-\\x{5e}\\x{60}\\x{7b}-\\x{10ffff}"
#define BLANKS                                                                                     \
    "\\t-\\r \\x{a0}\\x{1680}\\x{2000}-\\x{200a}\\x{2028}\\x{2029}\\x{202f}\\x{205f}\\x{3000}"     \
    "\\x{feff}"
#define NO_BLANKS                                                                                  \
    "\\x{0}-\\x{8}\\x{e}-\\x{1f}\\x{21}-\\x{9f}\\x{a1}-\\x{167f}\\x{1681}-\\x{1fff}"               \
    "\\x{200b}-\\x{2027}\\x{202a}-\\x{202e}\\x{2030}-\\x{205e}\\x{2060}-\\x{2fff}"                 \
    "\\x{3001}-\\x{fefe}\\x{ff00}-\\x{10ffff}"
#define BOUNDARY    "(?:(?<=[" WORDS "])(?![" WORDS "])|(?<![" WORDS "])(?=[" WORDS "]))"
#define NO_BOUNDARY "(?:(?<=[" WORDS "])(?=[" WORDS "])|(?<![" WORDS "])(?![" WORDS "]))"

struct _SchemaPattern {
    GRegex *regexes[G_N_ELEMENTS (step_bounds)]; /* owned; one for each bound */
};

/* What stands before the place that is read: whether it can be repeated. */
typedef enum { AFTER_NOTHING, AFTER_ATOM, AFTER_QUANTIFIER, AFTER_LAZY } After;

typedef struct {
    const char *at; /* borrowed: the expression */
    GString *out;   /* owned */
    After after;
    guint depth; /* of groups that are open */
    gboolean is_in_class;
    gboolean has_alternatives; /* outside of all groups */
    const char *problem;       /* static; NULL: none */
} Translation;

static gboolean
refuse (Translation *translation, const char *problem)
{
    translation->problem = problem;
    return FALSE;
}

static gboolean
put (Translation *translation, const char *text, gsize taken)
{
    g_string_append (translation->out, text);
    translation->at += taken;
    translation->after = AFTER_ATOM;
    return TRUE;
}

static gboolean
put_character (Translation *translation, guint32 character, gsize taken)
{
    g_string_append_printf (translation->out, "\\x{%x}", character);
    translation->at += taken;
    translation->after = AFTER_ATOM;
    return TRUE;
}

/* A class of characters, alone or as a part of one. */
static gboolean
put_class (Translation *translation, const char *inside)
{
    if (translation->is_in_class)
        return put (translation, inside, 2);
    g_string_append_printf (translation->out, "[%s]", inside);
    return put (translation, "", 2);
}

/* The number in `digits` hex digits at `text`; -1 where they are not there. */
static gint64
read_hex (const char *text, gsize digits)
{
    gint64 number = 0;

    for (gsize i = 0; i < digits; i++) {
        if (!g_ascii_isxdigit (text[i]))
            return -1;
        number = number * 16 + g_ascii_xdigit_value (text[i]);
    }
    return number;
}

/* \uXXXX, a pair of them, or \u{X…}. */
static gboolean
translate_unicode (Translation *translation)
{
    const char *at = translation->at + 2;
    gint64 first, second;

    if (*at == '{') {
        gsize digits = strspn (at + 1, "0123456789abcdefABCDEF");

        first = digits > 0 && digits <= 6 && at[1 + digits] == '}' ? read_hex (at + 1, digits) : -1;
        if (first < 0 || !g_unichar_validate ((gunichar) first))
            return refuse (translation, "there is no character for \\u");
        return put_character (translation, (guint32) first, digits + 4);
    }
    first = read_hex (at, 4);
    if (first < 0)
        return refuse (translation, "four hex digits must follow \\u");
    if (first >= 0xd800 && first <= 0xdbff && at[4] == '\\' && at[5] == 'u') {
        second = read_hex (at + 6, 4);
        if (second >= 0xdc00 && second <= 0xdfff)
            return put_character (
                translation, (guint32) (0x10000 + ((first - 0xd800) << 10) + second - 0xdc00), 12);
    }
    if (first >= 0xd800 && first <= 0xdfff)
        return refuse (translation, "half of a surrogate pair stands alone");
    return put_character (translation, (guint32) first, 6);
}

/* \p{…}: what ECMA-262 spells out PCRE2 abbreviates. */
static gboolean
translate_property (Translation *translation)
{
    static const char *const names[][2] = {
        { "Letter", "L" },
        { "Lowercase_Letter", "Ll" },
        { "Uppercase_Letter", "Lu" },
        { "Titlecase_Letter", "Lt" },
        { "Mark", "M" },
        { "Number", "N" },
        { "Decimal_Number", "Nd" },
        { "digit", "Nd" },
        { "Punctuation", "P" },
        { "punct", "P" },
        { "Symbol", "S" },
        { "Separator", "Z" },
        { "Space_Separator", "Zs" },
        { "Other", "C" },
        { "Control", "Cc" },
    };
    static const char *const prefixes[] = { "General_Category=", "gc=", "Script=", "sc=" };
    const char *at = translation->at + 2;
    const char *end = *at == '{' ? strchr (at, '}') : NULL;
    g_autofree char *name = NULL;
    const char *short_name;

    if (end == NULL)
        return refuse (translation, "a property in braces must follow \\p");
    short_name = name = g_strndup (at + 1, (gsize) (end - at - 1));
    for (gsize i = 0; i < G_N_ELEMENTS (prefixes); i++) {
        if (g_str_has_prefix (short_name, prefixes[i])) {
            short_name += strlen (prefixes[i]);
            break;
        }
    }
    if (strspn (short_name, G_CSET_A_2_Z G_CSET_a_2_z "_") != strlen (short_name))
        return refuse (translation, "there is no such property");
    for (gsize i = 0; i < G_N_ELEMENTS (names); i++) {
        if (strcmp (short_name, names[i][0]) == 0)
            short_name = names[i][1];
    }
    g_string_append_printf (translation->out, "\\%c{%s}", translation->at[1], short_name);
    return put (translation, "", (gsize) (end + 1 - translation->at));
}

/* \1 and \k<name>: what a group has matched. */
static gboolean
translate_back_reference (Translation *translation)
{
    const char *at = translation->at + 1;
    gsize length = *at == 'k' ? strcspn (at, ">") : strspn (at, "0123456789");

    if (translation->is_in_class)
        return refuse (translation, "a class cannot have what a group has matched");
    if (*at == 'k' && (at[1] != '<' || at[length] != '>'))
        return refuse (translation, "a name in angle brackets must follow \\k");
    if (*at == 'k')
        g_string_append_printf (translation->out, "\\%.*s>", (int) length, at);
    else
        g_string_append_printf (translation->out, "\\g{%.*s}", (int) length, at);
    return put (translation, "", 1 + length + (*at == 'k'));
}

static gboolean
translate_control (Translation *translation, char c)
{
    const char *at = translation->at;
    gint64 number;

    switch (c) {
    case 'c':
        if (!g_ascii_isalpha (at[2]))
            return refuse (translation, "a letter must follow \\c");
        return put_character (translation, (guint32) at[2] & 31, 3);
    case 'x':
        number = read_hex (at + 2, 2);
        if (number < 0)
            return refuse (translation, "two hex digits must follow \\x");
        return put_character (translation, (guint32) number, 4);
    case '0':
        if (g_ascii_isdigit (at[2]))
            return refuse (translation, "there are no octal numbers");
        return put_character (translation, 0, 2);
    default:
        return refuse (translation, "there is no such escape");
    }
}

static gboolean
translate_escape (Translation *translation)
{
    char c = translation->at[1];

    switch (c) {
    case 'd':
        return put_class (translation, DIGITS);
    case 'D':
        return put_class (translation, NO_DIGITS);
    case 'w':
        return put_class (translation, WORDS);
    case 'W':
        return put_class (translation, NO_WORDS);
    case 's':
        return put_class (translation, BLANKS);
    case 'S':
        return put_class (translation, NO_BLANKS);
    case 'b':
        return put (translation, translation->is_in_class ? "\\x{8}" : BOUNDARY, 2);
    case 'B':
        if (translation->is_in_class)
            return refuse (translation, "there is no such escape");
        return put (translation, NO_BOUNDARY, 2);
    case 'v':
        return put (translation, "\\x{b}", 2);
    case 'p':
    case 'P':
        return translate_property (translation);
    case 'u':
        return translate_unicode (translation);
    default:
        break;
    }
    if (c == 'k' || (c >= '1' && c <= '9'))
        return translate_back_reference (translation);
    if (c != '\0' && strchr ("^$\\.*+?()[]{}|/-tnfr", c) != NULL) {
        g_string_append_printf (translation->out, "\\%c", c);
        return put (translation, "", 2);
    }
    return translate_control (translation, c);
}

static gboolean
translate_quantifier (Translation *translation)
{
    const char *at = translation->at;
    gsize length = 1, digits;

    if (*at == '?' && translation->after == AFTER_QUANTIFIER) {
        (void) put (translation, "?", 1);
        translation->after = AFTER_LAZY;
        return TRUE;
    }
    if (translation->after != AFTER_ATOM)
        return refuse (translation, "there is nothing to repeat");
    if (*at == '{') {
        digits = strspn (at + 1, "0123456789");
        length += digits;
        if (digits > 0 && at[length] == ',')
            length += 1 + strspn (at + length + 1, "0123456789");
        if (digits == 0 || at[length++] != '}')
            return refuse (translation, "a brace must be escaped, or say how often");
    }
    g_string_append_len (translation->out, at, (gssize) length);
    (void) put (translation, "", length);
    translation->after = AFTER_QUANTIFIER;
    return TRUE;
}

/* Groups, assertions and named groups; what else may follow "(?" is PCRE's own. */
static gboolean
open_group (Translation *translation)
{
    static const char *const openings[] = { "(?:", "(?=", "(?!", "(?<=", "(?<!" };
    const char *at = translation->at;
    gsize length = 1;

    if (at[1] == '*')
        return refuse (translation, "there is nothing to repeat");
    if (at[1] == '?') {
        length = 0;
        for (gsize i = 0; i < G_N_ELEMENTS (openings); i++) {
            if (g_str_has_prefix (at, openings[i]))
                length = strlen (openings[i]);
        }
        if (length == 0 && at[2] == '<' && (g_ascii_isalpha (at[3]) || at[3] == '_'))
            length = 3;
        if (length == 0)
            return refuse (translation, "there is no such group");
    }
    g_string_append_len (translation->out, at, (gssize) length);
    (void) put (translation, "", length);
    translation->after = AFTER_NOTHING;
    translation->depth++;
    return TRUE;
}

static gboolean
open_class (Translation *translation)
{
    if (g_str_has_prefix (translation->at, "[^]"))
        return put (translation, "(?s:.)", 3);
    if (g_str_has_prefix (translation->at, "[]"))
        return put (translation, "(?!)", 2);
    translation->is_in_class = TRUE;
    return translation->at[1] == '^' ? put (translation, "[^", 2) : put (translation, "[", 1);
}

static gboolean
translate_in_class (Translation *translation)
{
    char c = *translation->at;

    if (c == '\\')
        return translate_escape (translation);
    if (c == '[')
        return put (translation, "\\[", 1);
    if (c == ']')
        translation->is_in_class = FALSE;
    g_string_append_c (translation->out, c);
    return put (translation, "", 1);
}

static gboolean
translate_one (Translation *translation)
{
    char c = *translation->at;

    switch (c) {
    case '\\':
        return translate_escape (translation);
    case '[':
        return open_class (translation);
    case '(':
        return open_group (translation);
    case ')':
        if (translation->depth-- == 0)
            return refuse (translation, "a parenthesis is closed that was not opened");
        return put (translation, ")", 1);
    case '.':
        return put (translation, "[^\\n\\r\\x{2028}\\x{2029}]", 1);
    case '^':
    case '$':
        (void) put (translation, c == '^' ? "\\A" : "\\z", 1);
        translation->after = AFTER_NOTHING;
        return TRUE;
    case '|':
        translation->has_alternatives |= translation->depth == 0;
        (void) put (translation, "|", 1);
        translation->after = AFTER_NOTHING;
        return TRUE;
    case '*':
    case '+':
    case '?':
    case '{':
        return translate_quantifier (translation);
    default:
        g_string_append_c (translation->out, c);
        return put (translation, "", 1);
    }
}

char *
schema_pattern_translate (const char *text, gboolean *out_is_anchored, GError **error)
{
    g_autoptr (GString) out = g_string_new (NULL);
    Translation translation = { .at = text, .out = out };
    gboolean is_right = g_utf8_validate (text, -1, NULL) || refuse (&translation, "it is no text");

    while (is_right && *translation.at != '\0')
        is_right = translation.is_in_class ? translate_in_class (&translation)
                                           : translate_one (&translation);
    if (is_right && (translation.is_in_class || translation.depth > 0))
        is_right = refuse (&translation, "a bracket or a parenthesis is not closed");
    if (!is_right) {
        g_set_error (error, H3_ERROR, H3_ERROR_INVALID,
                     "the regular expression is refused at its character %ld: %s",
                     g_utf8_pointer_to_offset (text, translation.at) + 1, translation.problem);
        return NULL;
    }
    *out_is_anchored = text[0] == '^' && !translation.has_alternatives;
    return g_strdup (out->str);
}

SchemaPattern *
schema_pattern_new (const char *text, GError **error)
{
    g_autoptr (GError) reason = NULL;
    gboolean is_anchored;
    g_autofree char *translated = schema_pattern_translate (text, &is_anchored, error);
    SchemaPattern *pattern;

    if (translated == NULL)
        return NULL;
    pattern = g_new0 (SchemaPattern, 1);
    for (gsize i = 0; i < G_N_ELEMENTS (step_bounds); i++) {
        /* PCRE2 begins to count anew wherever a match may begin. That the search is a part of the
         * expression makes it one count. */
        g_autofree char *whole =
            g_strdup_printf ("(*LIMIT_MATCH=%u)(*LIMIT_HEAP=%d)\\A%s(?:%s)", step_bounds[i],
                             HEAP_BOUND, is_anchored ? "" : "(?s:.*?)", translated);

        pattern->regexes[i] = g_regex_new (whole, 0, 0, &reason);
        if (pattern->regexes[i] == NULL) {
            g_set_error (error, H3_ERROR, H3_ERROR_INVALID,
                         "the regular expression does not compile: %s", reason->message);
            schema_pattern_free (pattern);
            return NULL;
        }
    }
    return pattern;
}

void
schema_pattern_free (SchemaPattern *pattern)
{
    if (pattern == NULL)
        return;
    for (gsize i = 0; i < G_N_ELEMENTS (step_bounds); i++)
        g_clear_pointer (&pattern->regexes[i], g_regex_unref);
    g_free (pattern);
}

SchemaPatternVerdict
schema_pattern_match (const SchemaPattern *pattern, const char *text, gsize length, guint *work)
{
    for (gsize i = 0; i < G_N_ELEMENTS (step_bounds); i++) {
        g_autoptr (GError) error = NULL;
        guint price = i == 0 ? LEAST_PRICE : step_bounds[i] / STEPS_A_WORK;
        gboolean fits;

        if (*work < price)
            break;
        *work -= price;
        fits = g_regex_match_full (pattern->regexes[i], text, (gssize) length, 0, 0, NULL, &error);
        if (error == NULL)
            return fits ? SCHEMA_PATTERN_FITS : SCHEMA_PATTERN_DIFFERS;
    }
    return SCHEMA_PATTERN_COSTLY;
}
