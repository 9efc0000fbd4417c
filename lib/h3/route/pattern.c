/* SPDX-License-Identifier: MIT */

#include "pattern.h"

#include <h3/base/error.h>

/* What one regex may cost a segment: PCRE2 counts its steps and stops. */
#define REGEX_BOUNDS "(*LIMIT_MATCH=20000)(*LIMIT_HEAP=256)"

#define NO_CONTROLS "no canonical path has a control character: leave it out"

struct _Pattern {
    char *text;       /* owned */
    GArray *segments; /* owned; of PatternSegment */
    GPtrArray *names; /* owned; its strings are the segments' */
};

typedef struct {
    Pattern *pattern; /* borrowed: pattern_new () */
    const char *at;   /* borrowed: the pattern's text */
    guint n_unnamed;
    GError **error; /* borrowed: the caller's */
} Reader;

static void
segment_clear (gpointer data)
{
    PatternSegment *segment = data;

    g_free (segment->text);
    g_free (segment->name);
    g_clear_pointer (&segment->regex, g_regex_unref);
}

void
pattern_free (Pattern *pattern)
{
    if (pattern == NULL)
        return;
    g_ptr_array_unref (pattern->names);
    g_array_unref (pattern->segments);
    g_free (pattern->text);
    g_free (pattern);
}

const char *
pattern_get_text (const Pattern *pattern)
{
    return pattern->text;
}

guint
pattern_count_segments (const Pattern *pattern)
{
    return pattern->segments->len;
}

const PatternSegment *
pattern_get_segment (const Pattern *pattern, guint index)
{
    return &g_array_index (pattern->segments, PatternSegment, index);
}

guint
pattern_count_params (const Pattern *pattern)
{
    return pattern->names->len;
}

const char *
pattern_get_param_name (const Pattern *pattern, guint index)
{
    return g_ptr_array_index (pattern->names, index);
}

const char *const *
pattern_get_param_names (const Pattern *pattern)
{
    return (const char *const *) pattern->names->pdata;
}

int
pattern_find_param (const Pattern *pattern, H3View name)
{
    for (guint i = 0; i < pattern->names->len; i++) {
        if (h3_view_equal (h3_view_of (pattern_get_param_name (pattern, i)), name))
            return (int) i;
    }
    return -1;
}

gsize
pattern_decode_escaped (H3View raw, char *buffer)
{
    gsize length = 0;

    for (gsize i = 0; i < raw.length; i++) {
        char c = raw.data[i];

        if (c == '%' && raw.length - i > 2) {
            c = (char) (g_ascii_xdigit_value (raw.data[i + 1]) * 16
                        + g_ascii_xdigit_value (raw.data[i + 2]));
            i += 2;
        }
        buffer[length++] = c;
    }
    return length;
}

gboolean
pattern_segment_fits (const PatternSegment *segment, H3View raw)
{
    g_autofree char *decoded = NULL;

    if (memchr (raw.data, '%', raw.length) != NULL) {
        decoded = g_malloc (raw.length);
        raw = h3_view (decoded, pattern_decode (raw, decoded));
    }
    /* PCRE2 is told not to check the text, so it must never see any that is not UTF-8. */
    return g_utf8_validate_len (raw.data, raw.length, NULL)
           && g_regex_match_full (segment->regex, raw.data, (gssize) raw.length, 0, 0, NULL, NULL);
}

static gboolean G_GNUC_PRINTF (3, 4)
    refuse (Reader *reader, const char *at, const char *format, ...)
{
    const char *text = reader->pattern->text;
    g_autofree char *what = NULL;
    va_list arguments;

    va_start (arguments, format);
    what = g_strdup_vprintf (format, arguments);
    va_end (arguments);
    g_set_error (reader->error, H3_ERROR, H3_ERROR_INVALID,
                 "route pattern \"%s\", character %ld: %s", text,
                 g_utf8_pointer_to_offset (text, at) + 1, what);
    return FALSE;
}

static inline gboolean
ends_segment (char c)
{
    return c == '/' || c == '\0';
}

static gboolean
add_segment (Reader *reader, const char *at, PatternSegment *segment)
{
    Pattern *pattern = reader->pattern;

    if (pattern->segments->len == PATTERN_MAX_SEGMENTS)
        return refuse (reader, at, "more than %d segments: use \"**\" for the rest",
                       PATTERN_MAX_SEGMENTS);
    if (segment->name != NULL) {
        if (pattern->names->len == PATTERN_MAX_PARAMS)
            return refuse (reader, at, "more than %d parameters: use \"**\" for the rest",
                           PATTERN_MAX_PARAMS);
        if (pattern_find_param (pattern, h3_view_of (segment->name)) >= 0)
            return refuse (reader, at, "two parameters are called \"%s\": rename one",
                           segment->name);
        g_ptr_array_add (pattern->names, segment->name);
    }
    g_array_append_val (pattern->segments, *segment);
    *segment = (PatternSegment){ 0 };
    return TRUE;
}

/* Reads the name after a colon; the reader stands on the colon. */
static char *
read_name (Reader *reader)
{
    const char *start = reader->at + 1;
    const char *end = start;

    if (!g_ascii_isalpha (*end) && *end != '_') {
        refuse (reader, start, "a name begins with a letter or \"_\" (a literal colon is %%3A)");
        return NULL;
    }
    while (g_ascii_isalnum (*end) || *end == '_')
        end++;
    reader->at = end;
    return g_strndup (start, (gsize) (end - start));
}

/* Where the class that begins at `at`, on its bracket, ends; NULL when it does not. */
static const char *
skip_class (const char *at)
{
    at++;
    if (*at == '^')
        at++;
    if (*at == ']')
        at++;
    for (; *at != '\0' && *at != ']'; at++) {
        if (*at == '\\' && at[1] != '\0') {
            at++;
        } else if (*at == '[' && at[1] == ':') {
            const char *end = strstr (at + 2, ":]");

            if (end == NULL)
                return NULL;
            at = end + 1;
        }
    }
    return *at == ']' ? at : NULL;
}

/* Reads the regex between parentheses; the reader stands on the opening one. */
static gboolean
read_regex (Reader *reader, PatternSegment *segment)
{
    const char *start = reader->at + 1;
    const char *at = start;
    g_autofree char *whole = NULL;
    g_autoptr (GError) error = NULL;

    for (; *at != '\0' && *at != ')'; at++) {
        if (*at == '(')
            return refuse (reader, at,
                           "a regex has no groups: escape the parenthesis, "
                           "or write one route for each case");
        if (*at == '\\' && at[1] != '\0')
            at++;
        else if (*at == '[' && (at = skip_class (at)) == NULL)
            return refuse (reader, start, "the regex has a class without its \"]\"");
    }
    if (*at == '\0')
        return refuse (reader, start - 1, "the regex lacks its closing parenthesis");
    if (at == start)
        return refuse (reader, start, "the regex is empty: leave the parentheses out");
    segment->text = g_strndup (start, (gsize) (at - start));
    whole = g_strdup_printf (REGEX_BOUNDS "\\A(?:%s)\\z", segment->text);
    segment->regex = g_regex_new (whole, 0, 0, &error);
    if (segment->regex == NULL)
        return refuse (reader, start, "the regex does not compile: %s", error->message);
    segment->kind = PATTERN_CONSTRAINED;
    reader->at = at + 1;
    return TRUE;
}

static gboolean
read_parameter (Reader *reader, PatternSegment *segment)
{
    segment->name = read_name (reader);
    if (segment->name == NULL)
        return FALSE;
    segment->kind = PATTERN_PARAMETER;
    if (*reader->at == '(' && !read_regex (reader, segment))
        return FALSE;
    if (*reader->at == '?' && segment->kind == PATTERN_PARAMETER) {
        segment->kind = PATTERN_OPTIONAL;
        reader->at++;
        if (*reader->at == '/')
            return refuse (reader, reader->at - 1,
                           "an optional parameter must be last: "
                           "write one route with it and one without");
    }
    if (!ends_segment (*reader->at))
        return refuse (reader, reader->at,
                       "a parameter takes a whole segment: nothing but "
                       "\"(regex)\" or \"?\" follows its name");
    return TRUE;
}

static gboolean
read_wildcard (Reader *reader, PatternSegment *segment)
{
    const char *start = reader->at;

    segment->kind = start[1] == '*' ? PATTERN_REST : PATTERN_WILDCARD;
    reader->at += segment->kind == PATTERN_REST ? 2 : 1;
    if (*reader->at == ':')
        segment->name = read_name (reader);
    else
        segment->name = g_strdup_printf ("%u", reader->n_unnamed++);
    if (segment->name == NULL)
        return FALSE;
    if (!ends_segment (*reader->at))
        return refuse (reader, reader->at,
                       "a wildcard takes a whole segment (a literal asterisk "
                       "is %%2A)");
    if (segment->kind == PATTERN_REST && *reader->at == '/')
        return refuse (reader, start,
                       "\"**\" takes the rest of the path and must be last: use "
                       "\"*\" for one segment");
    return TRUE;
}

/* Reads one percent-encoded byte of a literal. */
static gboolean
read_escape (Reader *reader, GString *literal)
{
    int high = g_ascii_xdigit_value (reader->at[1]);
    int low = high >= 0 ? g_ascii_xdigit_value (reader->at[2]) : -1;
    char byte = (char) (high * 16 + low);

    if (high < 0 || low < 0)
        return refuse (reader, reader->at,
                       "\"%%\" stands before two hexadecimal digits (a literal "
                       "percent sign is %%25)");
    if (g_ascii_iscntrl (byte))
        return refuse (reader, reader->at, NO_CONTROLS);
    if (byte == '/' || byte == '\\' || byte == '%')
        g_string_append_printf (literal, "%%%02X", (guint) byte);
    else
        g_string_append_c (literal, byte);
    reader->at += 3;
    return TRUE;
}

static gboolean
read_literal (Reader *reader, PatternSegment *segment)
{
    const char *start = reader->at;
    g_autoptr (GString) literal = g_string_new (NULL);

    while (!ends_segment (*reader->at)) {
        char c = *reader->at;

        if (c == '%') {
            if (!read_escape (reader, literal))
                return FALSE;
            continue;
        }
        if (g_ascii_iscntrl (c))
            return refuse (reader, reader->at, NO_CONTROLS);
        if (strchr (":*?#(){}\\", c) != NULL)
            return refuse (reader, reader->at,
                           "this byte is written %%%02X in a literal; a "
                           "parameter (\":name\") takes a whole segment",
                           (guint) (guchar) c);
        g_string_append_c (literal, c);
        reader->at++;
    }
    if (g_str_equal (literal->str, ".") || g_str_equal (literal->str, ".."))
        return refuse (reader, start, "no canonical path has the segment \"%s\": leave it out",
                       literal->str);
    if (!g_utf8_validate (literal->str, (gssize) literal->len, NULL))
        return refuse (reader, start, "the escapes are not UTF-8: write the characters themselves");
    if (literal->len == 0 && *reader->at == '/')
        return refuse (reader, start, "an empty segment: write one slash");
    segment->text = g_string_free (g_steal_pointer (&literal), FALSE);
    return TRUE;
}

/* Reads a slash and the segment behind it. */
static gboolean
read_segment (Reader *reader)
{
    const char *start = ++reader->at;
    PatternSegment segment = { 0 };
    gboolean good;

    if (*start == ':')
        good = read_parameter (reader, &segment);
    else if (*start == '*')
        good = read_wildcard (reader, &segment);
    else
        good = read_literal (reader, &segment);
    good = good && add_segment (reader, start, &segment);
    segment_clear (&segment);
    return good;
}

Pattern *
pattern_new (const char *text, GError **error)
{
    g_autoptr (Pattern) pattern = g_new0 (Pattern, 1);
    Reader reader = { .pattern = pattern, .error = error };

    pattern->segments = g_array_new (FALSE, FALSE, sizeof (PatternSegment));
    g_array_set_clear_func (pattern->segments, segment_clear);
    pattern->names = g_ptr_array_new ();
    if (!g_utf8_validate (text, -1, NULL)) {
        g_set_error (error, H3_ERROR, H3_ERROR_INVALID,
                     "a route pattern is not UTF-8: write it in UTF-8");
        return NULL;
    }
    pattern->text = g_strdup (text);
    reader.at = pattern->text;
    if (*text != '/') {
        refuse (&reader, reader.at, "a pattern begins with a slash");
        return NULL;
    }
    if (strlen (text) > PATTERN_MAX_LENGTH) {
        refuse (&reader, reader.at, "longer than %d bytes: no request could name it",
                PATTERN_MAX_LENGTH);
        return NULL;
    }
    while (*reader.at == '/') {
        if (!read_segment (&reader))
            return NULL;
    }
    return g_steal_pointer (&pattern);
}
