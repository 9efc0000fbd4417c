/* SPDX-License-Identifier: MIT */

#include "plain-jar.h"

#include <arpa/inet.h>

typedef struct {
    char *name, *value, *domain, *path; /* owned; the domain in lower case */
    gint64 end;
    gboolean host_only, secure;
    guint set; /* the last turn it was set in */
    guint
        used; /* and set or sent in; of those that are sent together, the one set first was first */
} Cookie;

/* In the order in which they were first set. */
struct _PlainJar {
    GList *cookies; /* owned: Cookie */
    guint most, of_domain;
    guint turn;
};

static void
free_cookie (gpointer data)
{
    Cookie *cookie = data;

    g_free (cookie->name);
    g_free (cookie->value);
    g_free (cookie->domain);
    g_free (cookie->path);
    g_free (cookie);
}

PlainJar *
plain_jar_new (guint most, guint of_domain)
{
    PlainJar *jar = g_new0 (PlainJar, 1);

    jar->most = most;
    jar->of_domain = of_domain;
    return jar;
}

void
plain_jar_free (PlainJar *jar)
{
    g_list_free_full (jar->cookies, free_cookie);
    g_free (jar);
}

guint
plain_jar_get_size (const PlainJar *jar)
{
    return g_list_length (jar->cookies);
}

static void
drop (PlainJar *jar, GList *node)
{
    free_cookie (node->data);
    jar->cookies = g_list_delete_link (jar->cookies, node);
}

static void
drop_ended (PlainJar *jar, gint64 now)
{
    for (GList *node = jar->cookies, *next; node != NULL; node = next) {
        next = node->next;
        if (((Cookie *) node->data)->end <= now)
            drop (jar, node);
    }
}

static gboolean
is_address (const char *host)
{
    struct in6_addr six;
    struct in_addr four;

    return inet_pton (AF_INET, host, &four) == 1 || inet_pton (AF_INET6, host, &six) == 1;
}

/* §5.1.3, both in lower case. */
static gboolean
domain_matches (const char *host, const char *domain)
{
    g_autofree char *end = g_strconcat (".", domain, NULL);

    return strcmp (host, domain) == 0
           || (*domain != '\0' && strlen (host) > strlen (end) && g_str_has_suffix (host, end)
               && !is_address (host));
}

/* §5.1.4 */
static gboolean
path_matches (const char *path, const char *of_cookie)
{
    gsize length = strlen (of_cookie);

    return g_str_has_prefix (path, of_cookie)
           && (path[length] == '\0' || of_cookie[length - 1] == '/' || path[length] == '/');
}

/* (transfer full): "/" where it is no path. */
static char *
dup_path (H3View path)
{
    return path.length > 0 && path.data[0] == '/' ? h3_view_dup (path) : g_strdup ("/");
}

/* (transfer full): up to the last slash, but for the first. */
static char *
dup_default_path (H3View path)
{
    char *text = dup_path (path);
    char *last = strrchr (text, '/');

    last[last == text ? 1 : 0] = '\0';
    return text;
}

/* (transfer full) (nullable): NULL: it may not be set from there. */
static Cookie *
make (const SetCookie *from, const CookieOrigin *origin, gint64 now)
{
    g_autofree char *host = g_ascii_strdown (origin->host.data, (gssize) origin->host.length);
    g_autofree char *domain = g_ascii_strdown (from->domain.data, (gssize) from->domain.length);
    Cookie *cookie;

    if ((from->secure && !origin->is_secure) || (*domain != '\0' && !domain_matches (host, domain)))
        return NULL;
    /* A domain of one label is nobody's but its own. */
    if (*domain != '\0' && strcmp (host, domain) != 0
        && (strchr (domain, '.') == NULL || *domain == '.'))
        return NULL;
    cookie = g_new0 (Cookie, 1);
    cookie->name = h3_view_dup (from->name);
    cookie->value = h3_view_dup (from->value);
    cookie->host_only = *domain == '\0';
    cookie->domain = g_strdup (cookie->host_only ? host : domain);
    cookie->path =
        from->path.length > 0 ? h3_view_dup (from->path) : dup_default_path (origin->path);
    cookie->secure = from->secure;
    cookie->end = G_MAXINT64;
    if (from->has_max_age)
        cookie->end = now + MAX (from->max_age, 0);
    else if (from->has_expires)
        cookie->end = MIN (from->expires, now + H3_COOKIE_MAX_AGE);
    return cookie;
}

/* §5.7: what an insecure origin may not hide. */
static gboolean
hides_secure (const PlainJar *jar, const Cookie *cookie)
{
    for (const GList *node = jar->cookies; node != NULL; node = node->next) {
        const Cookie *other = node->data;

        if (other->secure && strcmp (other->name, cookie->name) == 0
            && (domain_matches (other->domain, cookie->domain)
                || domain_matches (cookie->domain, other->domain))
            && path_matches (cookie->path, other->path))
            return TRUE;
    }
    return FALSE;
}

static GList *
find_same (const PlainJar *jar, const Cookie *cookie)
{
    for (GList *node = jar->cookies; node != NULL; node = node->next) {
        const Cookie *other = node->data;

        if (strcmp (other->name, cookie->name) == 0 && strcmp (other->domain, cookie->domain) == 0
            && strcmp (other->path, cookie->path) == 0 && other->host_only == cookie->host_only)
            return node;
    }
    return NULL;
}

/* Those of `domain`, or NULL: all. */
static guint
count (const PlainJar *jar, const char *domain, GList **out_oldest)
{
    guint n = 0;

    *out_oldest = NULL;
    for (GList *node = jar->cookies; node != NULL; node = node->next) {
        const Cookie *cookie = node->data;

        if (domain != NULL && strcmp (cookie->domain, domain) != 0)
            continue;
        n++;
        if (*out_oldest == NULL || cookie->used < ((Cookie *) (*out_oldest)->data)->used)
            *out_oldest = node;
    }
    return n;
}

gboolean
plain_jar_take (PlainJar *jar, const SetCookie *from, const CookieOrigin *origin, gint64 now)
{
    Cookie *cookie = make (from, origin, now);
    GList *same, *oldest;

    if (cookie == NULL)
        return FALSE;
    if (!origin->is_secure && hides_secure (jar, cookie)) {
        free_cookie (cookie);
        return FALSE;
    }
    cookie->set = cookie->used = ++jar->turn;
    same = find_same (jar, cookie);
    if (same != NULL) {
        free_cookie (same->data);
        same->data = cookie;
        drop_ended (jar, now);
        return TRUE;
    }
    drop_ended (jar, now);
    if (cookie->end <= now) {
        free_cookie (cookie);
        return TRUE;
    }
    if (count (jar, cookie->domain, &oldest) >= jar->of_domain)
        drop (jar, oldest);
    if (count (jar, NULL, &oldest) >= jar->most)
        drop (jar, oldest);
    jar->cookies = g_list_append (jar->cookies, cookie);
    return TRUE;
}

static gboolean
is_for (const Cookie *cookie, const CookieOrigin *origin)
{
    g_autofree char *host = g_ascii_strdown (origin->host.data, (gssize) origin->host.length);
    g_autofree char *path = dup_path (origin->path);

    return (origin->is_secure || !cookie->secure) && path_matches (path, cookie->path)
           && (cookie->host_only ? strcmp (host, cookie->domain) == 0
                                 : domain_matches (host, cookie->domain));
}

static void
mark_sent (PlainJar *jar, const CookieOrigin *origin)
{
    guint last = jar->turn;

    for (guint turn = 1; turn <= last; turn++) {
        for (GList *node = jar->cookies; node != NULL; node = node->next) {
            Cookie *cookie = node->data;

            if (cookie->set == turn && is_for (cookie, origin))
                cookie->used = ++jar->turn;
        }
    }
}

/* The longest paths first, those of one length in the order they have in the jar. */
char *
plain_jar_dup_header (PlainJar *jar, const CookieOrigin *origin, gint64 now)
{
    GString *header = g_string_new (NULL);
    gsize longest = 0;

    drop_ended (jar, now);
    for (const GList *node = jar->cookies; node != NULL; node = node->next)
        longest = MAX (longest, strlen (((Cookie *) node->data)->path));
    mark_sent (jar, origin);
    for (gsize length = longest + 1; length-- > 0;) {
        for (const GList *node = jar->cookies; node != NULL; node = node->next) {
            const Cookie *cookie = node->data;

            if (strlen (cookie->path) == length && is_for (cookie, origin))
                g_string_append_printf (header, "%s%s=%s", header->len > 0 ? "; " : "",
                                        cookie->name, cookie->value);
        }
    }
    return g_string_free (header, header->len == 0);
}
