/* SPDX-License-Identifier: MIT */

#include "date.h"

#include <string.h>

#define SECONDS_A_DAY     86400
#define DAYS_TO_1970      719528 /* from the first day of year 0, proleptic Gregorian */
#define FIRST_SECOND      (-(gint64) DAYS_TO_1970 * SECONDS_A_DAY)
#define LAST_SECOND       G_GINT64_CONSTANT (253402300799) /* 9999-12-31 23:59:59 */
#define LEAST_COOKIE_YEAR 1601

/* A moment as people write it. */
typedef struct {
    guint year, month, day; /* the month from 0, the day from 1 */
    guint hour, minute, second;
} Moment;

static const char weekdays[7][4] = { "Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat" };
static const char *const weekday_tails[7] = { "day",   "day", "sday", "nesday",
                                              "rsday", "day", "urday" };
static const char months[12][4] = { "Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                    "Jul", "Aug", "Sep", "Oct", "Nov", "Dec" };

/* Days of a common year before each month, and in all. */
static const guint16 days_before_month[13] = { 0,   31,  59,  90,  120, 151, 181,
                                               212, 243, 273, 304, 334, 365 };

static gboolean
is_leap (guint year)
{
    return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

static guint
count_days_in_month (guint year, guint month)
{
    return days_before_month[month + 1] - days_before_month[month] + (month == 1 && is_leap (year));
}

static guint
count_days_before_year (guint year)
{
    return 365 * year + (year + 3) / 4 - (year + 99) / 100 + (year + 399) / 400;
}

static guint
count_days_before_month (guint year, guint month)
{
    return days_before_month[month] + (month > 1 && is_leap (year));
}

static gboolean
to_seconds (const Moment *moment, guint last_second, gint64 *out_seconds)
{
    gint64 days;

    if (moment->day < 1 || moment->day > count_days_in_month (moment->year, moment->month)
        || moment->hour > 23 || moment->minute > 59 || moment->second > last_second)
        return FALSE;
    days = (gint64) count_days_before_year (moment->year)
           + count_days_before_month (moment->year, moment->month) + moment->day - 1 - DAYS_TO_1970;
    *out_seconds =
        days * SECONDS_A_DAY + moment->hour * 3600 + moment->minute * 60 + moment->second;
    return TRUE;
}

/* The readers of parts take them off the front of `*text`, or answer FALSE. */

static gboolean
take_literal (H3View *text, const char *literal)
{
    gsize length = strlen (literal);

    if (text->length < length || memcmp (text->data, literal, length) != 0)
        return FALSE;
    *text = h3_view (text->data + length, text->length - length);
    return TRUE;
}

static gboolean
take_digits (H3View *text, guint count, guint *out_number)
{
    guint number = 0;

    if (text->length < count)
        return FALSE;
    for (guint i = 0; i < count; i++) {
        if (!g_ascii_isdigit (text->data[i]))
            return FALSE;
        number = number * 10 + (guint) (text->data[i] - '0');
    }
    *text = h3_view (text->data + count, text->length - count);
    *out_number = number;
    return TRUE;
}

static gboolean
take_name (H3View *text, const char (*names)[4], guint count, guint *out_index)
{
    for (guint i = 0; i < count; i++) {
        if (take_literal (text, names[i])) {
            *out_index = i;
            return TRUE;
        }
    }
    return FALSE;
}

static gboolean
take_month (H3View *text, guint *out_month)
{
    return take_name (text, months, G_N_ELEMENTS (months), out_month);
}

static gboolean
take_time (H3View *text, Moment *moment)
{
    return take_digits (text, 2, &moment->hour) && take_literal (text, ":")
           && take_digits (text, 2, &moment->minute) && take_literal (text, ":")
           && take_digits (text, 2, &moment->second);
}

/* Behind "Sun, ". */
static gboolean
take_fixdate (H3View *text, Moment *moment)
{
    return take_digits (text, 2, &moment->day) && take_literal (text, " ")
           && take_month (text, &moment->month) && take_literal (text, " ")
           && take_digits (text, 4, &moment->year) && take_literal (text, " ")
           && take_time (text, moment) && take_literal (text, " GMT");
}

/* Behind "Sunday, ". */
static gboolean
take_rfc850 (H3View *text, Moment *moment)
{
    return take_digits (text, 2, &moment->day) && take_literal (text, "-")
           && take_month (text, &moment->month) && take_literal (text, "-")
           && take_digits (text, 2, &moment->year) && take_literal (text, " ")
           && take_time (text, moment) && take_literal (text, " GMT");
}

/* Behind "Sun ". */
static gboolean
take_asctime (H3View *text, Moment *moment)
{
    return take_month (text, &moment->month) && take_literal (text, " ")
           && take_digits (text, take_literal (text, " ") ? 1 : 2, &moment->day)
           && take_literal (text, " ") && take_time (text, moment) && take_literal (text, " ")
           && take_digits (text, 4, &moment->year);
}

/* The moment in seconds, in the latest year that ends in the two digits read and in which it is
 * not more than 50 years ahead (RFC 9110 §5.6.7). */
static gboolean
to_seconds_near_now (Moment *moment, gint64 *out_seconds)
{
    const gint64 days_of_50_years = 18262;
    gint64 now = g_get_real_time () / G_USEC_PER_SEC;
    guint digits = moment->year;
    gint64 seconds;

    for (guint century = 9900; century >= 1600; century -= 100) {
        moment->year = century + digits;
        if (to_seconds (moment, 60, &seconds)
            && seconds <= now + days_of_50_years * SECONDS_A_DAY) {
            *out_seconds = seconds;
            return TRUE;
        }
    }
    return FALSE;
}

gboolean
h3_date_parse (H3View text, gint64 *out_seconds)
{
    Moment moment;
    guint weekday;

    g_return_val_if_fail (out_seconds != NULL, FALSE);
    if (!take_name (&text, weekdays, G_N_ELEMENTS (weekdays), &weekday))
        return FALSE;
    if (take_literal (&text, ", "))
        return take_fixdate (&text, &moment) && text.length == 0
               && to_seconds (&moment, 60, out_seconds);
    if (take_literal (&text, " "))
        return take_asctime (&text, &moment) && text.length == 0
               && to_seconds (&moment, 60, out_seconds);
    return take_literal (&text, weekday_tails[weekday]) && take_literal (&text, ", ")
           && take_rfc850 (&text, &moment) && text.length == 0
           && to_seconds_near_now (&moment, out_seconds);
}

gboolean
h3_date_parse_string (const char *text, gint64 *out_seconds)
{
    g_return_val_if_fail (text != NULL, FALSE);
    return h3_date_parse (h3_view_of (text), out_seconds);
}

/* RFC 6265 §5.1.1: HTAB, SP to "/", ";" to "@", "[" to "`", "{" to "~". */
static gboolean
is_cookie_delimiter (char c)
{
    return c == '\t' || (c >= ' ' && c <= '/') || (c >= ';' && c <= '@') || (c >= '[' && c <= '`')
           || (c >= '{' && c <= '~');
}

/* A number of `least` to `most` digits with nothing or a non-digit behind it. */
static gboolean
take_field (H3View *text, guint least, guint most, guint *out_number)
{
    guint count = 0;

    while (count < text->length && g_ascii_isdigit (text->data[count])) {
        if (++count > most)
            return FALSE;
    }
    return count >= least && take_digits (text, count, out_number);
}

static gboolean
read_cookie_time (H3View token, Moment *moment)
{
    Moment read = *moment;

    if (!take_field (&token, 1, 2, &read.hour) || !take_literal (&token, ":")
        || !take_field (&token, 1, 2, &read.minute) || !take_literal (&token, ":")
        || !take_field (&token, 1, 2, &read.second))
        return FALSE;
    *moment = read;
    return TRUE;
}

static gboolean
read_cookie_month (H3View token, guint *out_month)
{
    if (token.length < 3)
        return FALSE;
    token.length = 3;
    for (guint i = 0; i < G_N_ELEMENTS (months); i++) {
        if (h3_view_equal_ignore_case (token, h3_view (months[i], 3))) {
            *out_month = i;
            return TRUE;
        }
    }
    return FALSE;
}

static gboolean
take_cookie_token (H3View *rest, H3View *out_token)
{
    gsize length = 0;

    /* Nothing may have no address, to which nothing may be added. */
    if (rest->length == 0)
        return FALSE;
    while (rest->length > 0 && is_cookie_delimiter (rest->data[0])) {
        rest->data++;
        rest->length--;
    }
    while (length < rest->length && !is_cookie_delimiter (rest->data[length]))
        length++;
    *out_token = h3_view (rest->data, length);
    *rest = h3_view (rest->data + length, rest->length - length);
    return length > 0;
}

gboolean
h3_date_parse_cookie (H3View text, gint64 *out_seconds)
{
    gboolean has_time = FALSE, has_day = FALSE, has_month = FALSE, has_year = FALSE;
    Moment moment = { 0 };
    H3View token;

    g_return_val_if_fail (out_seconds != NULL, FALSE);
    while (take_cookie_token (&text, &token)) {
        if (!has_time && read_cookie_time (token, &moment))
            has_time = TRUE;
        else if (!has_day && take_field (&token, 1, 2, &moment.day))
            has_day = TRUE;
        else if (!has_month && read_cookie_month (token, &moment.month))
            has_month = TRUE;
        else if (!has_year && take_field (&token, 2, 4, &moment.year))
            has_year = TRUE;
    }
    if (!has_time || !has_day || !has_month || !has_year)
        return FALSE;
    if (moment.year < 100)
        moment.year += moment.year < 70 ? 2000 : 1900;
    return moment.year >= LEAST_COOKIE_YEAR && to_seconds (&moment, 59, out_seconds);
}

gboolean
h3_date_parse_cookie_string (const char *text, gint64 *out_seconds)
{
    g_return_val_if_fail (text != NULL, FALSE);
    return h3_date_parse_cookie (h3_view_of (text), out_seconds);
}

static void
write_two (char *out, guint number)
{
    out[0] = (char) ('0' + number / 10);
    out[1] = (char) ('0' + number % 10);
}

/* The calendar day that is `days` behind the first of year 0. */
static void
set_day (Moment *moment, guint days)
{
    /* 146097 days are 400 years; the guess is at most one off. */
    moment->year = (guint) ((guint64) days * 400 / 146097);
    if (count_days_before_year (moment->year) > days)
        moment->year--;
    else if (count_days_before_year (moment->year + 1) <= days)
        moment->year++;
    days -= count_days_before_year (moment->year);
    moment->month = 11;
    while (count_days_before_month (moment->year, moment->month) > days)
        moment->month--;
    moment->day = days - count_days_before_month (moment->year, moment->month) + 1;
}

void
h3_date_write (gint64 seconds, char out[H3_DATE_SIZE])
{
    Moment moment;
    guint days, second;

    g_return_if_fail (out != NULL);
    seconds = CLAMP (seconds, FIRST_SECOND, LAST_SECOND) - FIRST_SECOND;
    days = (guint) (seconds / SECONDS_A_DAY);
    second = (guint) (seconds % SECONDS_A_DAY);
    set_day (&moment, days);
    memcpy (out, "Sun, 06 Nov 1994 08:49:37 GMT", H3_DATE_SIZE);
    memcpy (out, weekdays[(days + 6) % 7], 3);
    write_two (out + 5, moment.day);
    memcpy (out + 8, months[moment.month], 3);
    write_two (out + 12, moment.year / 100);
    write_two (out + 14, moment.year % 100);
    write_two (out + 17, second / 3600);
    write_two (out + 20, second / 60 % 60);
    write_two (out + 23, second % 60);
}

char *
h3_date_to_string (gint64 seconds)
{
    char text[H3_DATE_SIZE];

    h3_date_write (seconds, text);
    return g_strdup (text);
}
