/* SPDX-License-Identifier: MIT
 *
 * HTTP dates (RFC 9110 §5.6.7): three forms are read, one is written; and the dates of cookies
 * (RFC 6265 §5.1.1), which are read by quite another rule. Values and functions; any thread. */

#pragma once

#include <h3/base/view.h>

#include <glib.h>

G_BEGIN_DECLS

/**
 * H3_DATE_SIZE:
 *
 * Room for `Sun, 06 Nov 1994 08:49:37 GMT` and its NUL, in bytes.
 *
 * Since: 0.1
 */
#define H3_DATE_SIZE 30

/**
 * h3_date_parse: (skip)
 * @text: one whole date, without blanks around it
 * @out_seconds: (out): since 1970-01-01 00:00:00 UTC; negative before
 *
 * Reads the date of a field of HTTP (RFC 9110 §5.6.7). Any thread. For bindings there is
 * h3_date_parse_string().
 *
 * Reads IMF-fixdate, the RFC 850 form or that of asctime, each as its grammar has it, letter case
 * included. A weekday must be one but need not be that of the day. Second 60 is the first one of
 * the next minute. A year of two digits is the latest one with these digits that is not more than
 * 50 years ahead of the system's clock.
 *
 * Returns: %FALSE, with @out_seconds untouched, on anything else
 *
 * Since: 0.1
 */
gboolean h3_date_parse (H3View text, gint64 *out_seconds);

/**
 * h3_date_parse_string:
 * @text: one whole date, without blanks around it
 * @out_seconds: (out): since 1970-01-01 00:00:00 UTC; negative before
 *
 * Reads the date of a field of HTTP from a string, as h3_date_parse() does. Any thread.
 *
 * Returns: %FALSE, with @out_seconds untouched, on anything else
 *
 * Since: 0.1
 */
gboolean h3_date_parse_string (const char *text, gint64 *out_seconds);

/**
 * h3_date_parse_cookie: (skip)
 * @text: the value of an Expires attribute
 * @out_seconds: (out): since 1970-01-01 00:00:00 UTC; negative before
 *
 * Reads the date of a cookie (RFC 6265 §5.1.1). Any thread. For bindings there is
 * h3_date_parse_cookie_string().
 *
 * The lenient algorithm of RFC 6265 §5.1.1: tokens in any order, years 70 to 99 are 19xx, 0 to 69
 * are 20xx, none before 1601.
 *
 * Returns: %FALSE, with @out_seconds untouched, where that algorithm fails
 *
 * Since: 0.1
 */
gboolean h3_date_parse_cookie (H3View text, gint64 *out_seconds);

/**
 * h3_date_parse_cookie_string:
 * @text: the value of an Expires attribute
 * @out_seconds: (out): since 1970-01-01 00:00:00 UTC; negative before
 *
 * Reads the date of a cookie from a string, as h3_date_parse_cookie() does. Any thread.
 *
 * Returns: %FALSE, with @out_seconds untouched, where that algorithm fails
 *
 * Since: 0.1
 */
gboolean h3_date_parse_cookie_string (const char *text, gint64 *out_seconds);

/**
 * h3_date_write: (skip)
 * @seconds: since 1970-01-01 00:00:00 UTC; beyond the years 0 to 9999, the nearest second in them
 * @out: takes the 29 characters of an IMF-fixdate and a NUL
 *
 * Writes a date as fields of HTTP have it: an IMF-fixdate (RFC 9110 §5.6.7). Any thread. For
 * bindings there is h3_date_to_string().
 *
 * Since: 0.1
 */
void h3_date_write (gint64 seconds, char out[H3_DATE_SIZE]);

/**
 * h3_date_to_string:
 * @seconds: since 1970-01-01 00:00:00 UTC; beyond the years 0 to 9999, the nearest second in them
 *
 * Makes a string of what h3_date_write() writes. Any thread.
 *
 * Returns: (transfer full): the string
 *
 * Since: 0.1
 */
char *h3_date_to_string (gint64 seconds);

G_END_DECLS
