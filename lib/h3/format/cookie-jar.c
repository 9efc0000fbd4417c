/* SPDX-License-Identifier: MIT */

#include "cookie-jar.h"

#include "address.h"
#include "set-cookie.h"

#define NEVER G_MAXINT64

typedef struct {
    char *name; /* owned, as the others */
    char *value;
    char *domain; /* in lower case */
    char *path;
    gint64 end;      /* NEVER: with the session */
    guint64 created; /* counted; a cookie that replaces another keeps its place */
    guint64 used;    /* counted */
    gboolean is_host_only;
    gboolean is_secure;
} Entry;

struct _CookieJar {
    GPtrArray *entries; /* owned */
    guint max_cookies;
    guint max_per_domain;
    guint64 clock; /* counts what is taken and given */
};

static void
free_entry (gpointer data)
{
    Entry *entry = data;

    g_free (entry->name);
    g_free (entry->value);
    g_free (entry->domain);
    g_free (entry->path);
    g_free (entry);
}

CookieJar *
cookie_jar_new (guint max_cookies, guint max_per_domain)
{
    CookieJar *jar = g_new0 (CookieJar, 1);

    g_assert (max_cookies > 0 && max_per_domain > 0);
    jar->entries = g_ptr_array_new_with_free_func (free_entry);
    jar->max_cookies = max_cookies;
    jar->max_per_domain = max_per_domain;
    return jar;
}

void
cookie_jar_free (CookieJar *jar)
{
    if (jar == NULL)
        return;
    g_ptr_array_unref (jar->entries);
    g_free (jar);
}

guint
cookie_jar_get_size (const CookieJar *jar)
{
    return jar->entries->len;
}

/* RFC 6265bis §5.1.3 */
static gboolean
domain_matches (H3View host, H3View domain)
{
    H3Address address;
    H3View end;

    if (h3_view_equal_ignore_case (host, domain))
        return TRUE;
    if (host.length <= domain.length + 1 || domain.length == 0)
        return FALSE;
    end = h3_view (host.data + host.length - domain.length, domain.length);
    return end.data[-1] == '.' && h3_view_equal_ignore_case (end, domain)
           && !h3_address_parse (host, &address);
}

/* RFC 6265bis §5.1.4 */
static gboolean
path_matches (H3View path, H3View of_cookie)
{
    if (path.length == 0 || path.data[0] != '/')
        path = H3_VIEW ("/");
    if (!h3_view_starts_with (path, of_cookie))
        return FALSE;
    return path.length == of_cookie.length || of_cookie.data[of_cookie.length - 1] == '/'
           || path.data[of_cookie.length] == '/';
}

static H3View
get_default_path (H3View path)
{
    gsize last = 0;

    if (path.length == 0 || path.data[0] != '/')
        return H3_VIEW ("/");
    for (gsize i = 0; i < path.length; i++) {
        if (path.data[i] == '/')
            last = i;
    }
    return last == 0 ? H3_VIEW ("/") : h3_view (path.data, last);
}

/* Of two labels or more; a dot at the end begins none. */
static gboolean
has_labels (H3View domain)
{
    gssize dot = h3_view_find (domain, '.');

    return dot > 0 && (gsize) dot + 1 < domain.length;
}

/* Whether the origin may set it at all. */
static gboolean
may_set (const SetCookie *cookie, const CookieOrigin *origin)
{
    if (cookie->secure && !origin->is_secure)
        return FALSE;
    if (cookie->domain.length == 0 || h3_view_equal_ignore_case (cookie->domain, origin->host))
        return TRUE;
    return has_labels (cookie->domain) && domain_matches (origin->host, cookie->domain);
}

static gint64
find_end (const SetCookie *cookie, gint64 now)
{
    if (cookie->has_max_age)
        return cookie->max_age <= 0 ? now : now + cookie->max_age;
    if (cookie->has_expires)
        return MIN (cookie->expires, now + H3_COOKIE_MAX_AGE);
    return NEVER;
}

/* (transfer full) */
static Entry *
make_entry (const SetCookie *cookie, const CookieOrigin *origin, gint64 now)
{
    Entry *entry = g_new0 (Entry, 1);
    H3View path = cookie->path.length > 0 ? cookie->path : get_default_path (origin->path);
    H3View domain = cookie->domain.length > 0 ? cookie->domain : origin->host;

    entry->name = h3_view_dup (cookie->name);
    entry->value = h3_view_dup (cookie->value);
    entry->domain = g_ascii_strdown (domain.data, (gssize) domain.length);
    entry->path = h3_view_dup (path);
    entry->end = find_end (cookie, now);
    entry->is_host_only = cookie->domain.length == 0;
    entry->is_secure = cookie->secure;
    return entry;
}

/* Where one of the same name, domain and path is; -1: nowhere. */
static int
find_same (const CookieJar *jar, const Entry *entry)
{
    for (guint i = 0; i < jar->entries->len; i++) {
        const Entry *other = g_ptr_array_index (jar->entries, i);

        if (strcmp (other->name, entry->name) == 0 && strcmp (other->domain, entry->domain) == 0
            && strcmp (other->path, entry->path) == 0 && other->is_host_only == entry->is_host_only)
            return (int) i;
    }
    return -1;
}

/* An origin that anyone on the way may speak for does not hide what a secure one has set. */
static gboolean
hides_secure (const CookieJar *jar, const Entry *entry)
{
    for (guint i = 0; i < jar->entries->len; i++) {
        const Entry *other = g_ptr_array_index (jar->entries, i);
        H3View domain = h3_view_of (entry->domain), other_domain = h3_view_of (other->domain);

        if (other->is_secure && strcmp (other->name, entry->name) == 0
            && (domain_matches (domain, other_domain) || domain_matches (other_domain, domain))
            && path_matches (h3_view_of (entry->path), h3_view_of (other->path)))
            return TRUE;
    }
    return FALSE;
}

/* Makes room, among those of `domain` where there is one. */
static void
drop_one (CookieJar *jar, const char *domain)
{
    guint worst = G_MAXUINT;

    for (guint i = 0; i < jar->entries->len; i++) {
        const Entry *entry = g_ptr_array_index (jar->entries, i);
        const Entry *other = worst < G_MAXUINT ? g_ptr_array_index (jar->entries, worst) : NULL;

        if (domain != NULL && strcmp (entry->domain, domain) != 0)
            continue;
        if (other == NULL || entry->used < other->used)
            worst = i;
    }
    g_assert (worst < G_MAXUINT);
    g_ptr_array_remove_index (jar->entries, worst);
}

static guint
count_of_domain (const CookieJar *jar, const char *domain)
{
    guint count = 0;

    for (guint i = 0; i < jar->entries->len; i++)
        count += strcmp (((Entry *) g_ptr_array_index (jar->entries, i))->domain, domain) == 0;
    return count;
}

static void
drop_ended (CookieJar *jar, gint64 now)
{
    for (guint i = jar->entries->len; i > 0; i--) {
        if (((Entry *) g_ptr_array_index (jar->entries, i - 1))->end <= now)
            g_ptr_array_remove_index (jar->entries, i - 1);
    }
}

gboolean
cookie_jar_take (CookieJar *jar, H3View field, const CookieOrigin *origin, gint64 now)
{
    SetCookie cookie;
    Entry *entry;
    int same;

    if (!set_cookie_parse (field, &cookie) || !may_set (&cookie, origin))
        return FALSE;
    entry = make_entry (&cookie, origin, now);
    if (!origin->is_secure && hides_secure (jar, entry)) {
        free_entry (entry);
        return FALSE;
    }
    same = find_same (jar, entry);
    entry->created = entry->used = ++jar->clock;
    if (same >= 0) {
        entry->created = ((Entry *) g_ptr_array_index (jar->entries, same))->created;
        g_ptr_array_remove_index (jar->entries, (guint) same);
    }
    drop_ended (jar, now);
    if (entry->end <= now) {
        free_entry (entry);
        return TRUE;
    }
    if (count_of_domain (jar, entry->domain) >= jar->max_per_domain)
        drop_one (jar, entry->domain);
    if (jar->entries->len >= jar->max_cookies)
        drop_one (jar, NULL);
    g_ptr_array_add (jar->entries, entry);
    return TRUE;
}

static gboolean
is_for (const Entry *entry, const CookieOrigin *origin)
{
    H3View domain = h3_view_of (entry->domain);

    if (entry->is_secure && !origin->is_secure)
        return FALSE;
    if (entry->is_host_only ? !h3_view_equal_ignore_case (origin->host, domain)
                            : !domain_matches (origin->host, domain))
        return FALSE;
    return path_matches (origin->path, h3_view_of (entry->path));
}

/* Longer paths first, then what was there first. */
static int
compare_entries (gconstpointer a, gconstpointer b)
{
    const Entry *one = *(const Entry *const *) a, *other = *(const Entry *const *) b;
    gsize length = strlen (one->path), other_length = strlen (other->path);

    if (length != other_length)
        return length > other_length ? -1 : 1;
    return one->created < other->created ? -1 : 1;
}

char *
cookie_jar_dup_header (CookieJar *jar, const CookieOrigin *origin, gint64 now)
{
    g_autoptr (GPtrArray) found = g_ptr_array_new ();
    g_autoptr (GString) header = g_string_new (NULL);

    drop_ended (jar, now);
    for (guint i = 0; i < jar->entries->len; i++) {
        Entry *entry = g_ptr_array_index (jar->entries, i);

        if (!is_for (entry, origin))
            continue;
        entry->used = ++jar->clock;
        g_ptr_array_add (found, entry);
    }
    g_ptr_array_sort (found, compare_entries);
    for (guint i = 0; i < found->len; i++) {
        const Entry *entry = g_ptr_array_index (found, i);

        g_string_append_printf (header, "%s%s=%s", i > 0 ? "; " : "", entry->name, entry->value);
    }
    return found->len > 0 ? g_strdup (header->str) : NULL;
}
