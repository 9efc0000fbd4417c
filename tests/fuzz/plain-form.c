/* SPDX-License-Identifier: MIT */

#define _GNU_SOURCE /* memmem */

#include "plain-form.h"

#define TOKEN     "[!#$%&'*+.^_`|~0-9A-Za-z-]+"
#define TEXT      "\\t\\x20-\\x7e\\x80-\\xff"
#define QUOTED    "(?:[\\t\\x20!\\x23-\\x5b\\x5d-\\x7e\\x80-\\xff]|\\\\[\"\\\\]|\\\\(?![\"\\\\]))*"
#define PARAMETER "(" TOKEN ")=(?:(" TOKEN ")|\"(" QUOTED ")\")"
#define BEHIND    "(?:[ \\t]*;[ \\t]*(?:" PARAMETER ")?)*[ \\t]*$"

/* Where a delimiter begins, and what is behind it. */
typedef struct {
    gsize start;
    gsize end; /* of its line, or of the two hyphens */
    gboolean is_last;
} Delimiter;

typedef struct {
    const char *boundary;
    const H3MultipartLimits *limits;
    H3View body;
    GString *parts; /* owned */
} Reading;

static gboolean
matches (const char *pattern, const char *text, gsize length)
{
    g_autoptr (GRegex) regex =
        g_regex_new (pattern, G_REGEX_RAW | G_REGEX_DOLLAR_ENDONLY | G_REGEX_CASELESS, 0, NULL);

    return g_regex_match_full (regex, text, (gssize) length, 0, 0, NULL, NULL);
}

/* The value of a parameter of that name: whether it is quoted, and NULL where there is none. FALSE:
 * there are two. */
static gboolean
find_parameter (const char *text, const char *name, char **out_value, gboolean *out_quoted)
{
    g_autoptr (GRegex) regex =
        g_regex_new ("\\G[^;]*;[ \\t]*(?:" PARAMETER ")?", G_REGEX_RAW, 0, NULL);
    g_autoptr (GMatchInfo) info = NULL;

    *out_value = NULL;
    for (g_regex_match (regex, text, 0, &info); g_match_info_matches (info);
         g_match_info_next (info, NULL)) {
        g_autofree char *found = g_match_info_fetch (info, 1);
        int start = -1;

        if (found == NULL || g_ascii_strcasecmp (found, name) != 0)
            continue;
        if (*out_value != NULL) {
            g_clear_pointer (out_value, g_free);
            return FALSE;
        }
        *out_quoted = g_match_info_fetch_pos (info, 3, &start, NULL) && start >= 0;
        *out_value = g_match_info_fetch (info, *out_quoted ? 3 : 2);
    }
    return TRUE;
}

char *
plain_form_dup_boundary (H3View content_type)
{
    g_autofree char *text = h3_view_dup (content_type);
    g_autofree char *boundary = NULL;
    gboolean is_quoted;

    if (!matches ("^[ \\t\\r]*multipart/form-data" BEHIND, content_type.data, content_type.length)
        || !find_parameter (text, "boundary", &boundary, &is_quoted) || boundary == NULL
        || !matches ("^[-0-9A-Za-z'()+_,./:=? ]{0,69}[-0-9A-Za-z'()+_,./:=?]$", boundary,
                     strlen (boundary)))
        return NULL;
    return g_steal_pointer (&boundary);
}

static gboolean
replace_escape (const GMatchInfo *info, GString *result, gpointer user_data)
{
    g_autofree char *escape = g_match_info_fetch (info, 0);

    g_string_append_c (result, *escape == '\\'                      ? escape[1]
                               : strcmp (escape, "%22") == 0        ? '"'
                               : g_ascii_toupper (escape[2]) == 'D' ? '\r'
                                                                    : '\n');
    return FALSE;
}

/* (transfer full) (nullable) */
static char *
decode (const char *value, gboolean is_quoted, gboolean is_extended)
{
    g_autoptr (GRegex) regex =
        g_regex_new ("\\\\[\"\\\\]|%22|%0[DA]", G_REGEX_RAW | G_REGEX_CASELESS, 0, NULL);
    const char *coded;

    if (is_extended) {
        if (is_quoted || !matches ("^utf-8'[^']*'", value, strlen (value)))
            return NULL;
        coded = strchr (strchr (value, '\'') + 1, '\'') + 1;
        return matches ("^(?:[^%]|%[0-9a-f]{2})*$", coded, strlen (coded))
                   ? g_uri_unescape_string (coded, NULL)
                   : NULL;
    }
    return is_quoted ? g_regex_replace_eval (regex, value, -1, 0, 0, replace_escape, NULL, NULL)
                     : g_strdup (value);
}

/* FALSE: the part is refused. */
static gboolean
read_text (const char *disposition, const char *name, gsize limit, char **out_text)
{
    g_autofree char *extended_name = g_strconcat (name, "*", NULL);
    g_autofree char *plain = NULL;
    g_autofree char *extended = NULL;
    gboolean is_quoted = FALSE, is_extended_quoted = FALSE;

    *out_text = NULL;
    if (!find_parameter (disposition, name, &plain, &is_quoted)
        || !find_parameter (disposition, extended_name, &extended, &is_extended_quoted))
        return FALSE;
    if (plain == NULL && extended == NULL)
        return TRUE;
    *out_text = extended != NULL ? decode (extended, is_extended_quoted, TRUE)
                                 : decode (plain, is_quoted, FALSE);
    if (*out_text != NULL && strlen (*out_text) <= limit && g_utf8_validate (*out_text, -1, NULL)
        && matches ("^[\\n\\r" TEXT "]*$", *out_text, strlen (*out_text)))
        return TRUE;
    g_clear_pointer (out_text, g_free);
    return FALSE;
}

/* (transfer full) (nullable): the value of a field; FALSE: it is there twice. */
static gboolean
find_field (GPtrArray *lines, const char *name, char **out_value)
{
    *out_value = NULL;
    for (guint i = 0; i < lines->len; i++) {
        const char *line = g_ptr_array_index (lines, i);
        gsize length = strcspn (line, ":");

        if (length != strlen (name) || g_ascii_strncasecmp (line, name, length) != 0)
            continue;
        if (*out_value != NULL) {
            g_clear_pointer (out_value, g_free);
            return FALSE;
        }
        *out_value = h3_view_dup (h3_view_trim (h3_view_of (line + length + 1)));
    }
    return TRUE;
}

static gboolean
add_head (Reading *reading, GPtrArray *lines)
{
    g_autofree char *disposition = NULL;
    g_autofree char *type = NULL;
    g_autofree char *coding = NULL;
    g_autofree char *name = NULL;
    g_autofree char *filename = NULL;

    if (!find_field (lines, "Content-Disposition", &disposition)
        || !find_field (lines, "Content-Type", &type)
        || !find_field (lines, "Content-Transfer-Encoding", &coding) || disposition == NULL
        || (coding != NULL && !matches ("^(?:binary|8bit|7bit)$", coding, strlen (coding)))
        || !matches ("^form-data" BEHIND, disposition, strlen (disposition))
        || !read_text (disposition, "name", reading->limits->name, &name) || name == NULL
        || !read_text (disposition, "filename", reading->limits->name, &filename))
        return FALSE;
    g_string_append (reading->parts, name);
    if (filename != NULL)
        g_string_append_printf (reading->parts, "/%s", filename);
    if (type != NULL)
        g_string_append_printf (reading->parts, " %s", type);
    g_string_append_c (reading->parts, '=');
    return TRUE;
}

/* Reads the head at `*at`, and moves that behind it. */
static gboolean
read_head (Reading *reading, gsize *at)
{
    g_autoptr (GPtrArray) lines = g_ptr_array_new_with_free_func (g_free);
    gsize size = 0;

    for (;;) {
        const char *line = reading->body.data + *at;
        const char *end = memmem (line, reading->body.length - *at, "\r\n", 2);
        gsize length = end != NULL ? (gsize) (end - line) : 0;

        if (end == NULL)
            return FALSE;
        *at += length + 2;
        if (length == 0)
            return add_head (reading, lines);
        size += length + 2;
        if (!matches ("^" TOKEN ":[" TEXT "]*$", line, length) || size > reading->limits->head
            || lines->len >= reading->limits->fields)
            return FALSE;
        g_ptr_array_add (lines, g_strndup (line, length));
    }
}

/* Whether there is a delimiter at `at`. `*out_padded`: there would be, but for all its blanks. */
static gboolean
is_delimiter (const Reading *reading, gsize at, Delimiter *out, gboolean *out_padded)
{
    gsize length = strlen (reading->boundary), blanks = 0;
    const char *text = reading->body.data;
    gsize end = reading->body.length;

    if (end - at < 2 + length || memcmp (text + at, "--", 2) != 0
        || memcmp (text + at + 2, reading->boundary, length) != 0)
        return FALSE;
    *out = (Delimiter){ at, at + 2 + length, FALSE };
    if (end - out->end >= 2 && memcmp (text + out->end, "--", 2) == 0) {
        out->end += 2;
        out->is_last = TRUE;
        return TRUE;
    }
    for (; out->end < end && (text[out->end] == ' ' || text[out->end] == '\t'); out->end++)
        blanks++;
    *out_padded = blanks > H3_MULTIPART_MAX_PADDING;
    if (*out_padded || end - out->end < 2 || memcmp (text + out->end, "\r\n", 2) != 0)
        return FALSE;
    out->end += 2;
    return TRUE;
}

/* The first delimiter on a line that begins at `from` or behind it. */
static gboolean
find_delimiter (const Reading *reading, gsize from, Delimiter *out)
{
    for (gsize at = from; at <= reading->body.length; at++) {
        gboolean is_padded = FALSE;

        if (at != from && (at < from + 2 || memcmp (reading->body.data + at - 2, "\r\n", 2) != 0))
            continue;
        if (is_delimiter (reading, at, out, &is_padded))
            return TRUE;
        if (is_padded)
            return FALSE;
    }
    return FALSE;
}

static gboolean
read_parts (Reading *reading)
{
    Delimiter delimiter, next;
    guint n = 0;

    if (!find_delimiter (reading, 0, &delimiter))
        return FALSE;
    if (delimiter.is_last && !matches ("^[\\r\\n]*$", reading->body.data, delimiter.start))
        return FALSE;
    for (; !delimiter.is_last; delimiter = next) {
        gsize at = delimiter.end;

        if (++n > reading->limits->parts || !read_head (reading, &at)
            || !find_delimiter (reading, at, &next))
            return FALSE;
        if (next.start > at)
            g_string_append_len (reading->parts, reading->body.data + at,
                                 (gssize) (next.start - 2 - at));
        g_string_append_c (reading->parts, ';');
    }
    return matches ("^[ \\t]*(?:$|\\r$|\\r\\n)", reading->body.data + delimiter.end,
                    reading->body.length - delimiter.end);
}

GString *
plain_form_read (const char *boundary, const H3MultipartLimits *limits, H3View body)
{
    Reading reading = { boundary, limits, body, g_string_new (NULL) };

    if (read_parts (&reading))
        return reading.parts;
    g_string_free (reading.parts, TRUE);
    return NULL;
}
