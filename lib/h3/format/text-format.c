/* SPDX-License-Identifier: MIT */

#include "text-format.h"

#include "schema-pattern.h"
#include "text-uri.h"

#include <h3/format/address.h>

/* A regular expression that a peer sends is compiled to see whether it is one. */
#define MAX_REGEX 1024

#define MAX_LOCAL_PART 64
#define MAX_HOST       253
#define MAX_LABEL      63

/* Takes `digits` decimal digits, from `least` to `most`, off the front. */
static gboolean
take_number (H3View *text, gsize digits, guint least, guint most, guint *out_number)
{
    guint64 number;

    if (text->length < digits || !h3_view_parse_uint (h3_view (text->data, digits), most, &number)
        || number < least)
        return FALSE;
    *text = h3_view (text->data + digits, text->length - digits);
    *out_number = (guint) number;
    return TRUE;
}

/* Takes one of these characters off the front. */
static gboolean
take_one_of (H3View *text, const char *characters)
{
    if (text->length == 0 || text->data[0] == '\0' || strchr (characters, text->data[0]) == NULL)
        return FALSE;
    *text = h3_view (text->data + 1, text->length - 1);
    return TRUE;
}

static gsize
take_digits (H3View *text)
{
    gsize n = 0;

    while (n < text->length && g_ascii_isdigit (text->data[n]))
        n++;
    *text = h3_view (text->data + n, text->length - n);
    return n;
}

/* RFC 3339 §5.6: full-date */
static gboolean
take_date (H3View *text)
{
    static const guint8 lengths[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
    guint year, month, day;

    if (!take_number (text, 4, 0, 9999, &year) || !take_one_of (text, "-")
        || !take_number (text, 2, 1, 12, &month) || !take_one_of (text, "-")
        || !take_number (text, 2, 1, 31, &day))
        return FALSE;
    if (month == 2 && year % 4 == 0 && (year % 100 != 0 || year % 400 == 0))
        return day <= 29;
    return day <= lengths[month - 1];
}

/* RFC 3339 §5.6: full-time; a leap second is the last one of a day in UTC. */
static gboolean
take_time (H3View *text)
{
    guint hour, minute, second, hours = 0, minutes = 0;
    gboolean is_behind;

    if (!take_number (text, 2, 0, 23, &hour) || !take_one_of (text, ":")
        || !take_number (text, 2, 0, 59, &minute) || !take_one_of (text, ":")
        || !take_number (text, 2, 0, 60, &second))
        return FALSE;
    if (take_one_of (text, ".") && take_digits (text) == 0)
        return FALSE;
    is_behind = text->length > 0 && text->data[0] == '-';
    if (!take_one_of (text, "Zz")
        && (!take_one_of (text, "+-") || !take_number (text, 2, 0, 23, &hours)
            || !take_one_of (text, ":") || !take_number (text, 2, 0, 59, &minutes)))
        return FALSE;
    minute += hour * 60 + 24 * 60;
    minute = is_behind ? minute + hours * 60 + minutes : minute - hours * 60 - minutes;
    return second < 60 || minute % (24 * 60) == 24 * 60 - 1;
}

static gboolean
is_date (H3View text)
{
    return take_date (&text) && text.length == 0;
}

static gboolean
is_time (H3View text)
{
    return take_time (&text) && text.length == 0;
}

static gboolean
is_date_time (H3View text)
{
    return take_date (&text) && take_one_of (&text, "Tt") && take_time (&text) && text.length == 0;
}

/* Numbers, each with one of `units` behind it, in their order and none left out between two. */
static gboolean
take_units (H3View *text, const char *units)
{
    const char *next = NULL;

    while (text->length > 0 && text->data[0] != 'T') {
        const char *unit;

        if (take_digits (text) == 0 || text->length == 0 || text->data[0] == '\0')
            return FALSE;
        unit = strchr (units, text->data[0]);
        if (unit == NULL || (next != NULL && unit != next))
            return FALSE;
        next = unit + 1;
        *text = h3_view (text->data + 1, text->length - 1);
    }
    return next != NULL;
}

/* RFC 3339, appendix A */
static gboolean
is_duration (H3View text)
{
    H3View weeks;

    if (!take_one_of (&text, "P") || text.length == 0)
        return FALSE;
    weeks = text;
    if (take_units (&weeks, "W") && weeks.length == 0)
        return TRUE;
    if (text.data[0] != 'T' && !take_units (&text, "YMD"))
        return FALSE;
    return text.length == 0
           || (take_one_of (&text, "T") && take_units (&text, "HMS") && text.length == 0);
}

/* RFC 1123 §2.1 */
static gboolean
is_hostname (H3View text)
{
    H3View label;

    if (text.length == 0 || text.length > MAX_HOST)
        return FALSE;
    while (h3_view_split (&text, '.', &label)) {
        if (label.length == 0 || label.length > MAX_LABEL || label.data[0] == '-'
            || label.data[label.length - 1] == '-')
            return FALSE;
        for (gsize i = 0; i < label.length; i++) {
            if (!g_ascii_isalnum (label.data[i]) && label.data[i] != '-')
                return FALSE;
        }
    }
    return TRUE;
}

static gboolean
is_address_of (H3View text, H3AddressFamily family)
{
    H3Address address;

    return h3_address_parse (text, &address) && address.family == family && address.scope == 0;
}

static gboolean
is_ipv4 (H3View text)
{
    return is_address_of (text, H3_ADDRESS_IPV4);
}

static gboolean
is_ipv6 (H3View text)
{
    return is_address_of (text, H3_ADDRESS_IPV6);
}

/* RFC 5321 §4.1.2: Dot-string or Quoted-string */
static gboolean
is_local_part (H3View text)
{
    gboolean is_quoted =
        text.length >= 2 && text.data[0] == '"' && text.data[text.length - 1] == '"';

    if (text.length == 0 || text.length > MAX_LOCAL_PART)
        return FALSE;
    for (gsize i = is_quoted; i < text.length - is_quoted; i++) {
        char c = text.data[i];

        if (c < ' ' || c > '~')
            return FALSE;
        if (is_quoted && c == '\\' && ++i == text.length - 1)
            return FALSE;
        if (is_quoted && c == '"')
            return FALSE;
        if (!is_quoted && c == '.' && (i == 0 || i + 1 == text.length || text.data[i - 1] == '.'))
            return FALSE;
        if (!is_quoted && !g_ascii_isalnum (c) && strchr ("!#$%&'*+-/=?^_`{|}~.", c) == NULL)
            return FALSE;
    }
    return TRUE;
}

/* RFC 5321 §4.1.2: Mailbox */
static gboolean
is_email (H3View text)
{
    gssize at = -1;
    H3View domain;

    for (gsize i = 0; i < text.length; i++) {
        if (text.data[i] == '@')
            at = (gssize) i;
    }
    if (at < 0 || !is_local_part (h3_view (text.data, (gsize) at)))
        return FALSE;
    domain = h3_view (text.data + at + 1, text.length - (gsize) at - 1);
    if (domain.length < 2 || domain.data[0] != '[')
        return is_hostname (domain);
    if (domain.data[domain.length - 1] != ']')
        return FALSE;
    domain = h3_view (domain.data + 1, domain.length - 2);
    if (h3_view_starts_with (domain, H3_VIEW ("IPv6:")))
        return is_ipv6 (h3_view (domain.data + 5, domain.length - 5));
    return is_ipv4 (domain);
}

/* RFC 9562 §4 */
static gboolean
is_uuid (H3View text)
{
    if (text.length != 36)
        return FALSE;
    for (gsize i = 0; i < text.length; i++) {
        gboolean is_dash = i == 8 || i == 13 || i == 18 || i == 23;

        if (is_dash ? text.data[i] != '-' : !g_ascii_isxdigit (text.data[i]))
            return FALSE;
    }
    return TRUE;
}

static gboolean
is_regex (H3View text)
{
    g_autofree char *copy = NULL;
    SchemaPattern *pattern;

    if (text.length > MAX_REGEX || h3_view_find (text, '\0') >= 0)
        return FALSE;
    copy = h3_view_dup (text);
    pattern = schema_pattern_new (copy, NULL);
    schema_pattern_free (pattern);
    return pattern != NULL;
}

/* RFC 6901 §3 */
static gboolean
is_json_pointer (H3View text)
{
    if (text.length > 0 && text.data[0] != '/')
        return FALSE;
    for (gsize i = 0; i < text.length; i++) {
        if (text.data[i] == '~'
            && (i + 1 == text.length || (text.data[i + 1] != '0' && text.data[i + 1] != '1')))
            return FALSE;
    }
    return TRUE;
}

static gboolean
is_relative_json_pointer (H3View text)
{
    gboolean begins_with_0 = text.length > 0 && text.data[0] == '0';
    gsize digits = take_digits (&text);

    if (digits == 0 || (begins_with_0 && digits > 1))
        return FALSE;
    return h3_view_equal (text, H3_VIEW ("#")) || is_json_pointer (text);
}

const TextFormat *
text_format_find (const char *name)
{
    static const TextFormat formats[] = {
        { "date-time", "a date and time as RFC 3339 has it", is_date_time, G_MININT64, G_MAXINT64 },
        { "date", "a date: YYYY-MM-DD", is_date, G_MININT64, G_MAXINT64 },
        { "time", "a time as RFC 3339 has it", is_time, G_MININT64, G_MAXINT64 },
        { "duration", "a duration as RFC 3339 has it", is_duration, G_MININT64, G_MAXINT64 },
        { "email", "an email address", is_email, G_MININT64, G_MAXINT64 },
        { "hostname", "the name of a host", is_hostname, G_MININT64, G_MAXINT64 },
        { "ipv4", "an IPv4 address", is_ipv4, G_MININT64, G_MAXINT64 },
        { "ipv6", "an IPv6 address", is_ipv6, G_MININT64, G_MAXINT64 },
        { "uri", "a URI", text_is_uri, G_MININT64, G_MAXINT64 },
        { "uri-reference", "a URI or a part of one", text_is_uri_reference, G_MININT64,
          G_MAXINT64 },
        { "uuid", "a UUID", is_uuid, G_MININT64, G_MAXINT64 },
        { "regex", "a regular expression", is_regex, G_MININT64, G_MAXINT64 },
        { "json-pointer", "a JSON Pointer", is_json_pointer, G_MININT64, G_MAXINT64 },
        { "relative-json-pointer", "a relative JSON Pointer", is_relative_json_pointer, G_MININT64,
          G_MAXINT64 },
        { "int32", "a number of 32 bits", NULL, G_MININT32, G_MAXINT32 },
        { "int64", "a number of 64 bits", NULL, G_MININT64, G_MAXINT64 },
        { "float", "", NULL, G_MININT64, G_MAXINT64 },
        { "double", "", NULL, G_MININT64, G_MAXINT64 },
        { "password", "", NULL, G_MININT64, G_MAXINT64 },
        { "byte", "", NULL, G_MININT64, G_MAXINT64 },
        { "binary", "", NULL, G_MININT64, G_MAXINT64 },
    };

    for (gsize i = 0; i < G_N_ELEMENTS (formats); i++) {
        if (strcmp (formats[i].name, name) == 0)
            return &formats[i];
    }
    return NULL;
}
