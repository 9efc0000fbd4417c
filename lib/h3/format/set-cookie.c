/* SPDX-License-Identifier: MIT */

#include "set-cookie.h"

#include "date.h"

/* Takes the part before the next ";" off the front, as name and value without blanks around them.
 * FALSE at the end; `*out_value` has no data where there is no "=". */
static gboolean
take_pair (H3View *rest, H3View *out_name, H3View *out_value)
{
    H3View part;

    if (!h3_view_split (rest, ';', &part) || !h3_view_split (&part, '=', out_name))
        return FALSE;
    *out_name = h3_view_trim (*out_name);
    *out_value = part.data != NULL ? h3_view_trim (part) : part;
    return TRUE;
}

static gboolean
is_readable (H3View field)
{
    for (gsize i = 0; i < field.length; i++) {
        guchar c = (guchar) field.data[i];

        if ((c < ' ' && c != '\t') || c == 0x7f)
            return FALSE;
    }
    return TRUE;
}

/* Any number of digits: what does not fit is as good as the largest. */
static void
read_max_age (H3View value, SetCookie *cookie)
{
    gboolean is_negative = value.length > 0 && value.data[0] == '-';
    gint64 seconds = 0;

    for (gsize i = is_negative; i < value.length; i++) {
        if (!g_ascii_isdigit (value.data[i]))
            return;
        if (seconds < H3_COOKIE_MAX_AGE)
            seconds = seconds * 10 + (value.data[i] - '0');
    }
    if (value.length == (gsize) is_negative)
        return;
    cookie->has_max_age = TRUE;
    cookie->max_age = is_negative ? -seconds : MIN (seconds, H3_COOKIE_MAX_AGE);
}

static H3SameSite
read_same_site (H3View value)
{
    if (h3_view_equal_ignore_case (value, H3_VIEW ("Strict")))
        return H3_SAME_SITE_STRICT;
    if (h3_view_equal_ignore_case (value, H3_VIEW ("Lax")))
        return H3_SAME_SITE_LAX;
    if (h3_view_equal_ignore_case (value, H3_VIEW ("None")))
        return H3_SAME_SITE_NONE;
    return H3_SAME_SITE_UNSET;
}

/* Of several of one name the last one counts, but an empty Domain is as if it was not there. */
static void
read_attribute (H3View name, H3View value, SetCookie *cookie)
{
    if (value.length > SET_COOKIE_MAX_ATTRIBUTE)
        return;
    if (h3_view_equal_ignore_case (name, H3_VIEW ("Expires"))) {
        cookie->has_expires |= h3_date_parse_cookie (value, &cookie->expires);
    } else if (h3_view_equal_ignore_case (name, H3_VIEW ("Max-Age"))) {
        read_max_age (value, cookie);
    } else if (h3_view_equal_ignore_case (name, H3_VIEW ("Domain")) && value.length > 0) {
        gboolean has_dot = value.data[0] == '.';

        cookie->domain = has_dot ? h3_view (value.data + 1, value.length - 1) : value;
    } else if (h3_view_equal_ignore_case (name, H3_VIEW ("Path"))) {
        cookie->path = value.length > 0 && value.data[0] == '/' ? value : H3_VIEW_EMPTY;
    } else if (h3_view_equal_ignore_case (name, H3_VIEW ("Secure"))) {
        cookie->secure = TRUE;
    } else if (h3_view_equal_ignore_case (name, H3_VIEW ("HttpOnly"))) {
        cookie->http_only = TRUE;
    } else if (h3_view_equal_ignore_case (name, H3_VIEW ("Partitioned"))) {
        cookie->partitioned = TRUE;
    } else if (h3_view_equal_ignore_case (name, H3_VIEW ("SameSite"))) {
        cookie->same_site = read_same_site (value);
    }
}

static gboolean
has_prefix (H3View name, H3View prefix)
{
    return name.length >= prefix.length
           && h3_view_equal_ignore_case (h3_view (name.data, prefix.length), prefix);
}

static gboolean
keeps_promises (const SetCookie *cookie)
{
    if ((cookie->same_site == H3_SAME_SITE_NONE || cookie->partitioned) && !cookie->secure)
        return FALSE;
    if (has_prefix (cookie->name, H3_VIEW ("__Secure-")))
        return cookie->secure;
    if (has_prefix (cookie->name, H3_VIEW ("__Host-")))
        return cookie->secure && cookie->domain.length == 0
               && h3_view_equal (cookie->path, H3_VIEW ("/"));
    return TRUE;
}

gboolean
set_cookie_parse (H3View field, SetCookie *out)
{
    SetCookie cookie = { .domain = H3_VIEW_EMPTY, .path = H3_VIEW_EMPTY };
    H3View name, value;

    if (!is_readable (field) || !take_pair (&field, &cookie.name, &cookie.value)
        || cookie.value.data == NULL || cookie.name.length == 0
        || cookie.name.length + cookie.value.length > H3_COOKIE_MAX_SIZE)
        return FALSE;
    while (take_pair (&field, &name, &value))
        read_attribute (name, value, &cookie);
    if (!keeps_promises (&cookie))
        return FALSE;
    *out = cookie;
    return TRUE;
}
