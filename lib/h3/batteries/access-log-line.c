/* SPDX-License-Identifier: MIT */

#include "access-log-line.h"

#include <stdio.h>
#include <time.h>

/* The longest a byte becomes: \u001b. */
#define LONGEST_ESCAPE 6
/* All that is not a peer's text: punctuation, names of members, numbers, the time. */
#define FIXED_ROOM 512
#define TIME_ROOM  96

static const char hex[] = "0123456789abcdef";

static H3View
cut (H3View text, gsize most)
{
    return h3_view (text.data, MIN (text.length, most));
}

static char *
put (char *out, const char *text)
{
    gsize length = strlen (text);

    memcpy (out, text, length);
    return out + length;
}

static char *
put_number (char *out, guint64 number)
{
    char digits[20];
    gsize n = 0;

    do {
        digits[n++] = (char) ('0' + number % 10);
        number /= 10;
    } while (number > 0);
    while (n > 0)
        *out++ = digits[--n];
    return out;
}

/* As Apache does: a backslash before quotes and backslashes, \xHH for what is not printable, that
 * is below `first`. */
static char *
put_escaped (char *out, H3View text, guchar first)
{
    for (gsize i = 0; i < text.length; i++) {
        guchar byte = (guchar) text.data[i];

        if (byte == '"' || byte == '\\') {
            *out++ = '\\';
            *out++ = (char) byte;
        } else if (byte < first || byte >= 0x7f) {
            *out++ = '\\';
            *out++ = 'x';
            *out++ = hex[byte >> 4];
            *out++ = hex[byte & 15];
        } else {
            *out++ = (char) byte;
        }
    }
    return out;
}

static char *
put_quoted_text (char *out, H3View text)
{
    return put_escaped (out, text, ' ');
}

/* A name may have blanks, be empty or a dash: none of these is to be taken for another field, or
 * for nobody. */
static char *
put_user (char *out, H3View user)
{
    if (user.data == NULL)
        return put (out, "-");
    if (user.length == 0)
        return put (out, "\"\"");
    if (h3_view_equal (user, H3_VIEW ("-")))
        return put (out, "\\x2d");
    return put_escaped (out, user, ' ' + 1);
}

static char *
put_quoted (char *out, H3View text)
{
    *out++ = '"';
    out = put_quoted_text (out, h3_view_is_empty (text) ? H3_VIEW ("-") : text);
    *out++ = '"';
    return out;
}

static char *
put_pair (char *out, H3View first, H3View second)
{
    *out++ = ' ';
    out = put_quoted (out, first);
    *out++ = ' ';
    return put_quoted (out, second);
}

static char *
put_unit (char *out, guint unit)
{
    *out++ = '\\';
    *out++ = 'u';
    for (int shift = 12; shift >= 0; shift -= 4)
        *out++ = hex[(unit >> shift) & 15];
    return out;
}

static char *
put_character (char *out, gunichar character)
{
    if (character < 0x10000)
        return put_unit (out, character);
    character -= 0x10000;
    out = put_unit (out, 0xd800 + (character >> 10));
    return put_unit (out, 0xdc00 + (character & 0x3ff));
}

/* ASCII only, so that no reader of the file need know its encoding; what is not UTF-8 is U+FFFD. */
static char *
put_json_text (char *out, H3View text)
{
    const char *end = text.data + text.length;

    for (const char *at = text.data; at < end;) {
        guchar byte = (guchar) *at;
        gunichar character = byte;

        if (byte == '"' || byte == '\\') {
            *out++ = '\\';
            *out++ = *at++;
            continue;
        }
        if (byte >= 0x20 && byte < 0x7f) {
            *out++ = *at++;
            continue;
        }
        if (byte >= 0x80)
            character = g_utf8_get_char_validated (at, end - at);
        if (character >= (gunichar) -2) {
            out = put_unit (out, 0xfffd);
            at++;
        } else {
            out = put_character (out, character);
            at += byte < 0x80 ? 1 : g_utf8_skip[byte];
        }
    }
    return out;
}

static char *
put_member (char *out, const char *name, H3View text)
{
    if (text.data == NULL)
        return out;
    out = put (out, ",\"");
    out = put (out, name);
    out = put (out, "\":\"");
    out = put_json_text (out, text);
    *out++ = '"';
    return out;
}

static char *
put_number_member (char *out, const char *name, guint64 number)
{
    out = put (out, ",\"");
    out = put (out, name);
    out = put (out, "\":");
    return put_number (out, number);
}

/* The months in English, whatever the locale. */
static void
format_time (gint64 seconds, gboolean iso, char text[TIME_ROOM])
{
    static const char months[][4] = { "Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                      "Jul", "Aug", "Sep", "Oct", "Nov", "Dec" };
    time_t time = (time_t) seconds;
    struct tm parts = { 0 };
    int offset;

    localtime_r (&time, &parts);
    offset = (int) (parts.tm_gmtoff / 60);
    if (iso)
        (void) snprintf (text, TIME_ROOM, "%04d-%02d-%02dT%02d:%02d:%02d%c%02d:%02d",
                         parts.tm_year + 1900, parts.tm_mon + 1, parts.tm_mday, parts.tm_hour,
                         parts.tm_min, parts.tm_sec, offset < 0 ? '-' : '+', ABS (offset) / 60,
                         ABS (offset) % 60);
    else
        (void) snprintf (text, TIME_ROOM, "%02d/%s/%04d:%02d:%02d:%02d %c%02d%02d", parts.tm_mday,
                         months[parts.tm_mon], parts.tm_year + 1900, parts.tm_hour, parts.tm_min,
                         parts.tm_sec, offset < 0 ? '-' : '+', ABS (offset) / 60,
                         ABS (offset) % 60);
}

/* Written once a second and thread: asking for the local time takes a lock of the system's. */
static char *
put_time (char *out, gint64 seconds, gboolean iso)
{
    static __thread struct {
        gint64 seconds;
        char text[TIME_ROOM];
    } last[2];

    iso = !!iso;
    if (last[iso].text[0] == '\0' || last[iso].seconds != seconds) {
        last[iso].seconds = seconds;
        format_time (seconds, iso, last[iso].text);
    }
    return put (out, last[iso].text);
}

static char *
put_common (char *out, const AccessLogRecord *record)
{
    out = put_quoted_text (out, h3_view_is_empty (record->client) ? H3_VIEW ("-") : record->client);
    out = put (out, " - ");
    out = put_user (out, record->user);
    out = put (out, " [");
    out = put_time (out, record->started, FALSE);
    out = put (out, "] \"");
    if (h3_view_is_empty (record->method)) {
        out = put (out, "-");
    } else {
        out = put_quoted_text (out, record->method);
        *out++ = ' ';
        out = put_quoted_text (out, record->target);
        out = put (out, " HTTP/1.");
        out = put_number (out, record->minor);
    }
    out = put (out, "\" ");
    out = put_number (out, record->status);
    *out++ = ' ';
    if (record->bytes == 0)
        *out++ = '-';
    else
        out = put_number (out, record->bytes);
    return out;
}

static char *
put_json (char *out, const AccessLogRecord *record)
{
    out = put (out, "{\"time\":\"");
    out = put_time (out, record->started, TRUE);
    *out++ = '"';
    out = put_member (out, "client", record->client);
    out = put_member (out, "user", record->user);
    out = put_member (out, "method", record->method);
    out = put_member (out, "target", record->target);
    if (record->method.data != NULL) {
        out = put (out, ",\"version\":\"1.");
        out = put_number (out, record->minor);
        *out++ = '"';
    }
    out = put_number_member (out, "status", record->status);
    out = put_member (out, "outcome", h3_view_of (record->outcome));
    out = put_number_member (out, "bytes", record->bytes);
    out = put_number_member (out, "duration_us", (guint64) MAX (record->duration, 0));
    out = put_member (out, "referer", record->referer);
    out = put_member (out, "user_agent", record->user_agent);
    out = put_member (out, "route", record->route);
    out = put_member (out, "request_id", record->request_id);
    out = put_member (out, "trace_id", record->trace_id);
    out = put_member (out, "span_id", record->span_id);
    *out++ = '}';
    return out;
}

static AccessLogRecord
cut_all (const AccessLogRecord *record)
{
    AccessLogRecord short_one = *record;

    short_one.client = cut (record->client, ACCESS_LOG_MAX_TEXT);
    short_one.user = cut (record->user, ACCESS_LOG_MAX_TEXT);
    short_one.method = cut (record->method, ACCESS_LOG_MAX_TEXT);
    short_one.target = cut (record->target, ACCESS_LOG_MAX_TARGET);
    short_one.referer = cut (record->referer, ACCESS_LOG_MAX_TEXT);
    short_one.user_agent = cut (record->user_agent, ACCESS_LOG_MAX_TEXT);
    short_one.route = cut (record->route, ACCESS_LOG_MAX_TEXT);
    short_one.request_id = cut (record->request_id, ACCESS_LOG_MAX_TEXT);
    short_one.trace_id = cut (record->trace_id, ACCESS_LOG_MAX_TEXT);
    short_one.span_id = cut (record->span_id, ACCESS_LOG_MAX_TEXT);
    return short_one;
}

gsize
access_log_line_measure (const AccessLogRecord *record)
{
    AccessLogRecord r = cut_all (record);

    return FIXED_ROOM
           + LONGEST_ESCAPE
                 * (r.client.length + r.user.length + r.method.length + r.target.length
                    + r.referer.length + r.user_agent.length + r.route.length + r.request_id.length
                    + r.trace_id.length + r.span_id.length);
}

gsize
access_log_line_write (AccessLogLineFormat format, const AccessLogRecord *record, char *out)
{
    AccessLogRecord r = cut_all (record);
    char *at;

    if (format == LINE_JSON) {
        at = put_json (out, &r);
    } else {
        at = put_common (out, &r);
        if (format == LINE_COMBINED || format == LINE_TRACED)
            at = put_pair (at, r.referer, r.user_agent);
        if (format == LINE_TRACED)
            at = put_pair (at, r.request_id, r.trace_id);
    }
    *at++ = '\n';
    return (gsize) (at - out);
}
