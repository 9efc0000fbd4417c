/* SPDX-License-Identifier: MIT */

#include "negotiation.h"

#include <h3/format/mime.h>

#include <string.h>

/* Weights are thousandths. One that no field can give: "identity" where it is not named. */
#define WEIGHT_ONE      2000
#define WEIGHT_UNNAMED  1
#define NOT_FOUND       (-1)
#define MAX_PARAMETERS  16
#define PARAMETER_BYTES 256

/* One well-formed element: a range, its parameters before the weight, the weight. */
typedef struct {
    H3View range;
    H3View parameters; /* from the first ";" to the weight, all well formed */
    guint parameter_count;
    int weight;
} Element;

/* How an element applies to an offer: the most specific one decides, then the heaviest. */
typedef struct {
    guint specificity;
    int weight; /* NOT_FOUND: none applies */
} Verdict;

/* The specificity with which `element` applies to `offer`, 0 if it does not. */
typedef guint (*ApplyFunction) (const Element *element, H3View offer);
typedef gboolean (*RangeFunction) (H3View range);

static gboolean
is_token (H3View text)
{
    for (gsize i = 0; i < text.length; i++) {
        char c = text.data[i];

        if (!g_ascii_isalnum (c) && (c == '\0' || strchr ("!#$%&'*+-.^_`|~", c) == NULL))
            return FALSE;
    }
    return text.length > 0;
}

static gboolean
is_quoted_string (H3View text)
{
    if (text.length < 2 || text.data[0] != '"')
        return FALSE;
    for (gsize i = 1; i < text.length; i++) {
        guchar c = (guchar) text.data[i];

        if (c == '"')
            return i == text.length - 1;
        if (c == '\\' && ++i < text.length)
            c = (guchar) text.data[i];
        if (c == 0x7f || (c < ' ' && c != '\t'))
            return FALSE;
    }
    return FALSE;
}

/* Takes what stands before the next `separator` that is in no quoted string. */
static gboolean
take_part (H3View *rest, char separator, H3View *out_part)
{
    gboolean quoted = FALSE;
    gsize i = 0;

    if (rest->data == NULL)
        return FALSE;
    for (; i < rest->length && (quoted || rest->data[i] != separator); i++) {
        if (rest->data[i] == '"')
            quoted = !quoted;
        else if (quoted && rest->data[i] == '\\')
            i++;
    }
    if (i >= rest->length) {
        *out_part = h3_view_trim (*rest);
        *rest = (H3View){ NULL, 0 };
    } else {
        *out_part = h3_view_trim (h3_view (rest->data, i));
        *rest = h3_view (rest->data + i + 1, rest->length - i - 1);
    }
    return TRUE;
}

/* "0", "1", "0.5", "1.000": at most three digits (RFC 9110 §12.4.2). NOT_FOUND if it is none. */
static int
parse_weight (H3View text)
{
    int weight, unit = 1000;

    if (text.length < 1 || text.length > 5 || (text.data[0] != '0' && text.data[0] != '1')
        || (text.length > 1 && text.data[1] != '.'))
        return NOT_FOUND;
    weight = (text.data[0] - '0') * unit;
    for (gsize i = 2; i < text.length; i++) {
        if (!g_ascii_isdigit (text.data[i]))
            return NOT_FOUND;
        unit /= 10;
        weight += (text.data[i] - '0') * unit;
    }
    return weight <= 1000 ? weight * (WEIGHT_ONE / 1000) : NOT_FOUND;
}

static gboolean
split_parameter (H3View part, H3View *out_name, H3View *out_value)
{
    if (!h3_view_split (&part, '=', out_name) || part.data == NULL)
        return FALSE;
    *out_value = part;
    return is_token (*out_name) && (is_token (part) || is_quoted_string (part));
}

/* Parameters may be empty (RFC 9110 §5.6.6). What stands behind the weight means nothing any more,
 * but must be well formed. */
static gboolean
parse_element (H3View text, RangeFunction is_range, Element *out_element)
{
    Element element = { .parameters = { NULL, 0 }, .weight = NOT_FOUND };
    H3View part, name, value, rest = text;

    if (!take_part (&rest, ';', &element.range) || !is_range (element.range))
        return FALSE;
    element.parameters = rest;
    for (guint count = 0; take_part (&rest, ';', &part); count++) {
        if (count == MAX_PARAMETERS)
            return FALSE;
        if (part.length == 0)
            continue;
        if (!split_parameter (part, &name, &value))
            return FALSE;
        if (element.weight != NOT_FOUND)
            continue;
        if (!h3_view_equal_ignore_case (name, H3_VIEW ("q"))) {
            element.parameter_count++;
            continue;
        }
        element.weight = parse_weight (value);
        if (element.weight == NOT_FOUND)
            return FALSE;
    }
    if (element.weight == NOT_FOUND)
        element.weight = WEIGHT_ONE;
    *out_element = element;
    return TRUE;
}

static Verdict
judge (H3View header, RangeFunction is_range, ApplyFunction apply, H3View offer)
{
    Verdict verdict = { 0, NOT_FOUND };
    H3View part;

    for (guint i = 0; i < H3_NEGOTIATION_MAX_ELEMENTS && take_part (&header, ',', &part); i++) {
        Element element;
        guint specificity;

        if (!parse_element (part, is_range, &element))
            continue;
        specificity = apply (&element, offer);
        if (specificity == 0 || specificity < verdict.specificity)
            continue;
        if (specificity > verdict.specificity || element.weight > verdict.weight)
            verdict = (Verdict){ specificity, element.weight };
    }
    return verdict;
}

static gboolean
names_no_range (H3View header, RangeFunction is_range)
{
    Element element;
    H3View part;

    for (guint i = 0; i < H3_NEGOTIATION_MAX_ELEMENTS && take_part (&header, ',', &part); i++) {
        if (parse_element (part, is_range, &element))
            return FALSE;
    }
    return TRUE;
}

/* Without a range in the field all offers are acceptable. */
static gssize
find_best (H3View header, RangeFunction is_range, ApplyFunction apply, const char *const *offers,
           gssize count)
{
    gssize best = -1;
    int best_weight = 0;

    if (names_no_range (header, is_range))
        return count > 0 || (count < 0 && offers[0] != NULL) ? 0 : -1;
    for (gssize i = 0; count < 0 ? offers[i] != NULL : i < count; i++) {
        Verdict verdict = judge (header, is_range, apply, h3_view_of (offers[i]));

        if (verdict.weight > best_weight) {
            best = i;
            best_weight = verdict.weight;
        }
    }
    return best;
}

static gboolean
is_type_range (H3View range)
{
    H3MediaType type;

    /* The reader of media types would also pass spaces and folds. */
    return h3_media_type_parse (range, &type) && type.essence.length == range.length
           && (!h3_view_equal (type.type, H3_VIEW ("*"))
               || h3_view_equal (type.subtype, H3_VIEW ("*")));
}

static H3View
unquote (H3View value, char buffer[PARAMETER_BYTES])
{
    gsize length = 0;

    if (value.length == 0 || value.data[0] != '"' || value.length > PARAMETER_BYTES)
        return value;
    for (gsize i = 1; i < value.length - 1; i++) {
        if (value.data[i] == '\\')
            i++;
        buffer[length++] = value.data[i];
    }
    return h3_view (buffer, length);
}

/* Whether the offer has the first `count` of the parameters, all well formed. */
static gboolean
has_parameters (const H3MediaType *offer, H3View parameters, guint count)
{
    H3View part, name, wanted, had;

    while (count > 0 && take_part (&parameters, ';', &part)) {
        char wanted_buffer[PARAMETER_BYTES], had_buffer[PARAMETER_BYTES];

        if (!split_parameter (part, &name, &wanted))
            continue;
        count--;
        if (!h3_media_type_get_parameter (offer, name, had_buffer, sizeof had_buffer, &had)
            || !h3_view_equal_ignore_case (unquote (wanted, wanted_buffer), had))
            return FALSE;
    }
    return TRUE;
}

static guint
apply_type (const Element *element, H3View offer)
{
    H3MediaType range, type;

    if (!h3_media_type_parse (offer, &type) || !h3_media_type_parse (element->range, &range)
        || !has_parameters (&type, element->parameters, element->parameter_count))
        return 0;
    if (h3_view_equal (range.type, H3_VIEW ("*")))
        return 1;
    if (!h3_view_equal_ignore_case (range.type, type.type))
        return 0;
    if (h3_view_equal (range.subtype, H3_VIEW ("*")))
        return 2;
    return h3_view_equal_ignore_case (range.subtype, type.subtype) ? 3 + element->parameter_count
                                                                   : 0;
}

gssize
h3_negotiate_type (H3View accept, const char *const *offers, gssize count)
{
    g_return_val_if_fail (offers != NULL || count == 0, -1);
    return find_best (accept, is_type_range, apply_type, offers, count);
}

static H3View
get_plain_coding (H3View coding)
{
    if (h3_view_equal_ignore_case (coding, H3_VIEW ("x-gzip"))
        || h3_view_equal_ignore_case (coding, H3_VIEW ("x-compress")))
        return h3_view (coding.data + 2, coding.length - 2);
    return coding;
}

static guint
apply_coding (const Element *element, H3View offer)
{
    if (element->parameter_count > 0)
        return 0;
    if (h3_view_equal_ignore_case (get_plain_coding (element->range), get_plain_coding (offer)))
        return 2;
    return h3_view_equal (element->range, H3_VIEW ("*")) ? 1 : 0;
}

gssize
h3_negotiate_encoding (H3View accept_encoding, const char *const *offers, gssize count)
{
    gboolean is_absent = accept_encoding.data == NULL;
    gssize best = -1;
    int best_weight = 0;

    g_return_val_if_fail (offers != NULL || count == 0, -1);
    for (gssize i = 0; count < 0 ? offers[i] != NULL : i < count; i++) {
        H3View offer = h3_view_of (offers[i]);
        Verdict verdict = judge (accept_encoding, is_token, apply_coding, offer);

        if (verdict.weight == NOT_FOUND && h3_view_equal_ignore_case (offer, H3_VIEW ("identity")))
            verdict.weight = WEIGHT_UNNAMED;
        if (verdict.weight > best_weight) {
            best = i;
            best_weight = verdict.weight;
        }
    }
    if (best < 0 && is_absent && (count < 0 ? offers[0] != NULL : count > 0))
        return 0;
    return best;
}

/* "*", or subtags of 1 to 8 letters or digits, the first of letters (RFC 4647 §2.1). */
static gboolean
is_language_range (H3View range)
{
    gboolean is_first = TRUE;
    H3View part, rest = range;

    if (h3_view_equal (range, H3_VIEW ("*")))
        return TRUE;
    while (h3_view_split (&rest, '-', &part)) {
        if (part.length < 1 || part.length > 8)
            return FALSE;
        for (gsize i = 0; i < part.length; i++) {
            if (is_first ? !g_ascii_isalpha (part.data[i]) : !g_ascii_isalnum (part.data[i]))
                return FALSE;
        }
        is_first = FALSE;
    }
    return !is_first;
}

/* Whether the subtags of `prefix` are the first ones of `tag`. */
static gboolean
is_tag_prefix (H3View prefix, H3View tag)
{
    if (prefix.length == 0 || prefix.length > tag.length
        || (prefix.length < tag.length && tag.data[prefix.length] != '-'))
        return FALSE;
    return h3_view_equal_ignore_case (prefix, h3_view (tag.data, prefix.length));
}

static guint
apply_language (const Element *element, H3View offer)
{
    if (element->parameter_count > 0)
        return 0;
    if (h3_view_equal (element->range, H3_VIEW ("*")))
        return 1;
    if (is_tag_prefix (element->range, offer))
        return 3 + (guint) element->range.length;
    /* Who refuses the special has not refused the general. */
    return element->weight > 0 && is_tag_prefix (offer, element->range) ? 2 : 0;
}

gssize
h3_negotiate_language (H3View accept_language, const char *const *offers, gssize count)
{
    g_return_val_if_fail (offers != NULL || count == 0, -1);
    return find_best (accept_language, is_language_range, apply_language, offers, count);
}

gssize
h3_negotiate_type_string (const char *accept, const char *const *offers)
{
    return h3_negotiate_type (h3_view_of (accept), offers, -1);
}

gssize
h3_negotiate_encoding_string (const char *accept_encoding, const char *const *offers)
{
    return h3_negotiate_encoding (h3_view_of (accept_encoding), offers, -1);
}

gssize
h3_negotiate_language_string (const char *accept_language, const char *const *offers)
{
    return h3_negotiate_language (h3_view_of (accept_language), offers, -1);
}
