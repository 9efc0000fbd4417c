/* SPDX-License-Identifier: MIT */

#include "json-scan.h"

#include "percent-private.h"

/* What may come next, beside blanks. A value moves on to WANT_SEPARATOR, or to WANT_NOTHING when no
 * array or object is open; `[` and `{` to the first two; a separator to WANT_VALUE or WANT_NAME. */
typedef enum {
    WANT_VALUE_OR_CLOSE, /* behind '[' */
    WANT_NAME_OR_CLOSE,  /* behind '{' */
    WANT_VALUE,
    WANT_NAME,
    WANT_COLON,
    WANT_SEPARATOR,
    WANT_NOTHING,
} Want;

typedef struct {
    const char *at;     /* borrowed: the text */
    const char *end;    /* borrowed: the text */
    const char *reason; /* static; set once */
    Want want;
    guint depth;
    guint max_depth;
    guint64 objects[H3_JSON_DEPTH_LIMIT / 64]; /* a bit a level: an object, not an array */
} Scan;

static gboolean
refuse (Scan *scan, const char *reason)
{
    scan->reason = reason;
    return FALSE;
}

static gboolean
is_in_object (const Scan *scan)
{
    guint level = scan->depth - 1;

    return scan->objects[level / 64] >> (level % 64) & 1;
}

static void
after_value (Scan *scan)
{
    scan->want = scan->depth > 0 ? WANT_SEPARATOR : WANT_NOTHING;
}

/* The four digits behind `\u`; -1 when they are not there. */
static int
read_unit (const Scan *scan)
{
    int unit = 0;

    if (scan->end - scan->at < 6)
        return -1;
    for (int i = 2; i < 6; i++) {
        int digit = hex_digit_value (scan->at[i]);

        if (digit < 0)
            return -1;
        unit = unit * 16 + digit;
    }
    return unit;
}

static gboolean
scan_unicode_escape (Scan *scan)
{
    int unit = read_unit (scan);

    if (unit < 0)
        return refuse (scan, "four hex digits must follow \\u");
    if (unit == 0)
        return refuse (scan, "a text cannot have the character NUL");
    if (unit >= 0xdc00 && unit <= 0xdfff)
        return refuse (scan, "half of a surrogate pair stands alone");
    if (unit >= 0xd800 && unit <= 0xdbff) {
        const char *first = scan->at;

        scan->at += 6;
        unit = scan->end - scan->at >= 2 && scan->at[0] == '\\' && scan->at[1] == 'u'
                   ? read_unit (scan)
                   : -1;
        if (unit < 0xdc00 || unit > 0xdfff) {
            scan->at = first;
            return refuse (scan, "half of a surrogate pair stands alone");
        }
    }
    scan->at += 6;
    return TRUE;
}

/* At the opening quote; leaves off behind the closing one. */
static gboolean
scan_string (Scan *scan)
{
    scan->at++;
    while (scan->at < scan->end) {
        guchar byte = (guchar) *scan->at;

        if (byte == '"') {
            scan->at++;
            return TRUE;
        }
        if (byte < 0x20)
            return refuse (scan, "a control character in a text must be escaped");
        if (byte != '\\') {
            scan->at++;
        } else if (scan->end - scan->at >= 2 && scan->at[1] == 'u') {
            if (!scan_unicode_escape (scan))
                return FALSE;
        } else if (scan->end - scan->at >= 2 && scan->at[1] != '\0'
                   && strchr ("\"\\/bfnrt", scan->at[1]) != NULL) {
            scan->at += 2;
        } else {
            return refuse (scan, "there is no such escape");
        }
    }
    return refuse (scan, "the text is not closed");
}

static gboolean
scan_digits (Scan *scan)
{
    const char *from = scan->at;

    while (scan->at < scan->end && g_ascii_isdigit (*scan->at))
        scan->at++;
    return scan->at > from || refuse (scan, "a digit is missing");
}

static gboolean
scan_number (Scan *scan)
{
    if (*scan->at == '-')
        scan->at++;
    if (scan->at < scan->end && *scan->at == '0') {
        scan->at++;
        if (scan->at < scan->end && g_ascii_isdigit (*scan->at))
            return refuse (scan, "a number cannot begin with 0");
    } else if (!scan_digits (scan)) {
        return FALSE;
    }
    if (scan->at < scan->end && *scan->at == '.') {
        scan->at++;
        if (!scan_digits (scan))
            return FALSE;
    }
    if (scan->at < scan->end && (*scan->at == 'e' || *scan->at == 'E')) {
        scan->at++;
        if (scan->at < scan->end && (*scan->at == '+' || *scan->at == '-'))
            scan->at++;
        return scan_digits (scan);
    }
    return TRUE;
}

static gboolean
scan_word (Scan *scan)
{
    static const H3View words[] = { { "true", 4 }, { "false", 5 }, { "null", 4 } };
    H3View rest = h3_view (scan->at, (gsize) (scan->end - scan->at));

    for (gsize i = 0; i < G_N_ELEMENTS (words); i++) {
        if (h3_view_starts_with (rest, words[i])) {
            scan->at += words[i].length;
            return TRUE;
        }
    }
    return refuse (scan, "a value must stand here");
}

static gboolean
open_level (Scan *scan, gboolean is_object)
{
    guint64 bit = (guint64) 1 << (scan->depth % 64);

    if (scan->depth >= scan->max_depth)
        return refuse (scan, "it nests too deep");
    if (is_object)
        scan->objects[scan->depth / 64] |= bit;
    else
        scan->objects[scan->depth / 64] &= ~bit;
    scan->depth++;
    scan->at++;
    scan->want = is_object ? WANT_NAME_OR_CLOSE : WANT_VALUE_OR_CLOSE;
    return TRUE;
}

static gboolean
close_level (Scan *scan)
{
    scan->depth--;
    scan->at++;
    after_value (scan);
    return TRUE;
}

static gboolean
scan_value (Scan *scan)
{
    char c = *scan->at;

    if (c == '{' || c == '[')
        return open_level (scan, c == '{');
    if (c == '"') {
        if (!scan_string (scan))
            return FALSE;
    } else if (c == '-' || g_ascii_isdigit (c)) {
        if (!scan_number (scan))
            return FALSE;
    } else if (!scan_word (scan)) {
        return FALSE;
    }
    after_value (scan);
    return TRUE;
}

static gboolean
scan_name (Scan *scan)
{
    if (*scan->at != '"')
        return refuse (scan, "a name in double quotes must stand here");
    if (!scan_string (scan))
        return FALSE;
    scan->want = WANT_COLON;
    return TRUE;
}

static gboolean
scan_separator (Scan *scan)
{
    gboolean in_object = is_in_object (scan);

    if (*scan->at == (in_object ? '}' : ']'))
        return close_level (scan);
    if (*scan->at != ',')
        return refuse (scan,
                       in_object ? "a comma or } must stand here" : "a comma or ] must stand here");
    scan->at++;
    scan->want = in_object ? WANT_NAME : WANT_VALUE;
    return TRUE;
}

/* One token, at a byte that is no blank. */
static gboolean
scan_token (Scan *scan)
{
    switch (scan->want) {
    case WANT_VALUE_OR_CLOSE:
        return *scan->at == ']' ? close_level (scan) : scan_value (scan);
    case WANT_VALUE:
        return scan_value (scan);
    case WANT_NAME_OR_CLOSE:
        return *scan->at == '}' ? close_level (scan) : scan_name (scan);
    case WANT_NAME:
        return scan_name (scan);
    case WANT_COLON:
        if (*scan->at != ':')
            return refuse (scan, "a colon must stand here");
        scan->at++;
        scan->want = WANT_VALUE;
        return TRUE;
    case WANT_SEPARATOR:
        return scan_separator (scan);
    case WANT_NOTHING:
        return refuse (scan, "nothing may follow the value");
    }
    return FALSE;
}

static gboolean
scan_text (Scan *scan)
{
    const char *bad = scan->end;

    if (scan->at < scan->end
        && !g_utf8_validate_len (scan->at, (gsize) (scan->end - scan->at), &bad)) {
        scan->at = bad;
        return refuse (scan, *bad == '\0' ? "a NUL cannot stand in JSON" : "it is not UTF-8");
    }
    for (;;) {
        while (scan->at < scan->end
               && (*scan->at == ' ' || *scan->at == '\n' || *scan->at == '\t' || *scan->at == '\r'))
            scan->at++;
        if (scan->at == scan->end)
            return scan->want == WANT_NOTHING || refuse (scan, "it ends too early");
        if (!scan_token (scan))
            return FALSE;
    }
}

/* All before `offset` is UTF-8, so a character is a byte that continues none. */
static void
fill_in_problem (H3View text, gsize offset, const char *reason, H3JsonProblem *problem)
{
    *problem = (H3JsonProblem){ offset, 1, 1, reason };
    for (gsize i = 0; i < offset; i++) {
        if (text.data[i] == '\n') {
            problem->line++;
            problem->column = 1;
        } else if (((guchar) text.data[i] & 0xc0) != 0x80) {
            problem->column++;
        }
    }
}

gboolean
h3_json_scan (H3View text, guint max_depth, H3JsonProblem *out_problem)
{
    Scan scan = { .want = WANT_VALUE, .max_depth = max_depth };

    g_return_val_if_fail (max_depth <= H3_JSON_DEPTH_LIMIT, FALSE);
    if (text.data == NULL)
        text = H3_VIEW_EMPTY;
    scan.at = text.data;
    scan.end = text.data + text.length;
    if (scan_text (&scan))
        return TRUE;
    if (out_problem != NULL)
        fill_in_problem (text, (gsize) (scan.at - text.data), scan.reason, out_problem);
    return FALSE;
}
